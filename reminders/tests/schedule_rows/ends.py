"""How schedules end, and what an RRULE from elsewhere says about times and ends. 24 November 2026 is a Tuesday."""

ENDS = """
# UNTIL
until: its own day counts
    Europe/Berlin, from 2026-11-24: FREQ=DAILY at 09:00; until 2026-11-25
    2026-11-24 00:00 -> 2026-11-24 08:00, 2026-11-25 08:00, end
until: the last of a day's times too
    UTC, from 2026-11-24: FREQ=DAILY at 09:00 23:59:59; until 2026-11-24
    2026-11-24 00:00 -> 2026-11-24 09:00, 2026-11-24 23:59:59, end
until: a local day, though it is the next one in UTC
    America/New_York, from 2026-11-24: FREQ=DAILY at 21:00; until 2026-11-25
    2026-11-24 00:00 -> 2026-11-25 02:00, 2026-11-26 02:00, end
until: before the first one comes
    UTC, from 2026-11-24: FREQ=WEEKLY;BYDAY=MO at 09:00; until 2026-11-29
    2026-11-24 00:00 -> end
until: the last one long after
    UTC, from 2004-01-01: FREQ=DAILY at 09:00; until 2014-01-05
    2026-11-24 00:00 <- 2014-01-05 09:00, 2014-01-04 09:00
until: the last of very many, long after
    UTC, from 2004-01-01: cron */5 * * * *; until 2014-01-05
    2026-11-24 00:00 <- 2014-01-05 23:55, 2014-01-05 23:50
until: cron ends as well
    UTC, from 2026-11-24: cron 0 9 * * *; until 2026-11-25
    2026-11-24 00:00 -> 2026-11-24 09:00, 2026-11-25 09:00, end
UNTIL as a date: that day counts
    UTC, from 2026-11-24: import FREQ=DAILY;UNTIL=20261126 at 09:00
    2026-11-24 00:00 -> 2026-11-24 09:00, 2026-11-25 09:00, 2026-11-26 09:00, end
UNTIL as a local time: the slot at that very moment counts
    America/New_York, from 2026-11-24: import FREQ=DAILY;UNTIL=20261125T090000 at 09:00
    2026-11-24 00:00 -> 2026-11-24 14:00, 2026-11-25 14:00, end
UNTIL as a local time: a second earlier it does not
    America/New_York, from 2026-11-24: import FREQ=DAILY;UNTIL=20261125T085959 at 09:00
    2026-11-24 00:00 -> 2026-11-24 14:00, end
UNTIL in UTC: the slot at that very moment counts
    America/New_York, from 2026-11-24: import FREQ=DAILY;UNTIL=20261125T140000Z at 09:00
    2026-11-24 00:00 -> 2026-11-24 14:00, 2026-11-25 14:00, end
UNTIL in UTC: a second earlier it does not
    America/New_York, from 2026-11-24: import FREQ=DAILY;UNTIL=20261125T135959Z at 09:00
    2026-11-24 00:00 -> 2026-11-24 14:00, end
UNTIL in UTC: its date is not the local one
    America/New_York, from 2026-11-24: import FREQ=DAILY;UNTIL=20261126T020000Z at 21:00
    2026-11-24 00:00 -> 2026-11-25 02:00, 2026-11-26 02:00, end
UNTIL in UTC: its date is a day before the local one
    Asia/Kathmandu, from 2026-11-24: import FREQ=DAILY;UNTIL=20261124T191500Z at 01:00
    2026-11-23 00:00 -> 2026-11-23 19:15, 2026-11-24 19:15, end
UNTIL in UTC: beyond a clock change its offset is the other one
    Europe/Berlin, from 2026-03-28: import FREQ=DAILY;UNTIL=20260330T070000Z at 09:00
    2026-03-28 00:00 -> 2026-03-28 08:00, 2026-03-29 07:00, 2026-03-30 07:00, end
UNTIL in UTC: the first of two 02:30s
    Europe/Berlin, from 2026-10-24: import FREQ=DAILY;UNTIL=20261025T003000Z at 02:30
    2026-10-24 00:00 -> 2026-10-24 00:30, 2026-10-25 00:30, end
UNTIL in UTC: by the second 02:30 all of that hour have come, at its first pass
    Europe/Berlin, from 2026-10-24: import FREQ=DAILY;UNTIL=20261025T013000Z;BYHOUR=2,3 at 02:45
    2026-10-24 00:00 -> 2026-10-24 00:45, 2026-10-24 01:45, 2026-10-25 00:45, end
UNTIL in UTC: a time that was skipped
    Europe/Berlin, from 2026-03-28: import FREQ=DAILY;UNTIL=20260329T013000Z at 02:30
    2026-03-28 00:00 -> 2026-03-28 01:30, 2026-03-29 01:30, end
UNTIL in UTC: 9999-12-31 means for ever
    Europe/Berlin, from 2026-11-24: import FREQ=DAILY;UNTIL=99991231T235959Z at 09:00
    2050-01-01 00:00 -> 2050-01-01 08:00
UNTIL before the start: nothing
    America/New_York, from 2026-11-24: import FREQ=DAILY;UNTIL=00010101T000000Z at 09:00
    2026-01-01 00:00 -> end
# COUNT
count: three and no more
    UTC, from 2026-11-24: FREQ=DAILY at 09:00; count 3
    2026-11-24 00:00 -> 2026-11-24 09:00, 2026-11-25 09:00, 2026-11-26 09:00, end
count: from the start, not from when it is asked
    UTC, from 2026-11-24: FREQ=DAILY at 09:00; count 3
    2026-11-26 00:00 -> 2026-11-26 09:00, end
count: each time of a day is one
    UTC, from 2026-11-24: FREQ=DAILY at 09:00 17:00; count 3
    2026-11-24 00:00 -> 2026-11-24 09:00, 2026-11-24 17:00, 2026-11-25 09:00, end
count: a day that is left out still counts (EXDATE)
    UTC, from 2026-11-24: FREQ=DAILY at 09:00; count 3; skipped 2026-11-25 09:00
    2026-11-24 00:00 -> 2026-11-24 09:00, 2026-11-26 09:00, end
count: everything left out
    UTC, from 2026-11-24: FREQ=DAILY at 09:00; count 1; skipped 2026-11-24 09:00
    2026-11-24 00:00 -> end
count: the last one left out
    UTC, from 2026-11-24: FREQ=DAILY at 09:00; count 2; skipped 2026-11-25 09:00
    2026-11-24 00:00 -> 2026-11-24 09:00, end
count: one that was moved counts where it was
    UTC, from 2026-11-24: FREQ=DAILY at 09:00; count 2; moved 2026-11-24 09:00 to 2026-11-28 09:00
    2026-11-24 00:00 -> 2026-11-25 09:00, 2026-11-28 09:00, end
count: days shifted onto one instant count one by one
    UTC, from 2026-11-27: FREQ=DAILY at 09:00; count 3; days off next
    2026-11-27 00:00 -> 2026-11-27 09:00, 2026-11-30 09:00, end
count: days off count where they are skipped
    UTC, from 2026-11-27: FREQ=DAILY at 09:00; count 4; days off skip
    2026-11-27 00:00 -> 2026-11-27 09:00, 2026-11-30 09:00, end
count: two local times that become one count twice
    America/New_York, from 2026-03-08: FREQ=DAILY at 02:30 03:30; count 3
    2026-03-08 00:00 -> 2026-03-08 07:30, 2026-03-09 06:30, end
count: months without the day do not count
    UTC, from 2026-01-31: FREQ=MONTHLY at 09:00; count 3; month end skip
    2026-01-01 00:00 -> 2026-01-31 09:00, 2026-03-31 09:00, 2026-05-31 09:00, end
count: cron
    UTC, from 2026-11-24: cron 0 9,17 * * *; count 3
    2026-11-24 00:00 -> 2026-11-24 09:00, 2026-11-24 17:00, 2026-11-25 09:00, end
count: a hundred years
    UTC, from 2026-01-01: FREQ=YEARLY at 09:00; count 100
    2124-06-01 00:00 -> 2125-01-01 09:00, end
count and until: what comes first
    UTC, from 2026-11-24: FREQ=DAILY at 09:00; count 9; until 2026-11-25
    2026-11-24 00:00 -> 2026-11-24 09:00, 2026-11-25 09:00, end
COUNT across an EXDATE of an imported rule
    UTC, from 2026-11-24: import FREQ=WEEKLY;BYDAY=TU,TH;COUNT=4 at 09:00; skipped 2026-11-26 09:00
    2026-11-24 00:00 -> 2026-11-24 09:00, 2026-12-01 09:00, 2026-12-03 09:00, end
# An imported rule's times
BYHOUR: nothing before DTSTART's own time on the first day
    UTC, from 2026-11-24: import FREQ=DAILY;BYHOUR=8,16;COUNT=3 at 10:00
    2026-11-24 00:00 -> 2026-11-24 16:00, 2026-11-25 08:00, 2026-11-25 16:00, end
BYHOUR: DTSTART's own time counts, where the first day is not a day
    UTC, from 2026-11-24: import FREQ=WEEKLY;BYDAY=WE;BYHOUR=8,16;COUNT=3 at 10:00
    2026-11-24 00:00 -> 2026-11-25 08:00, 2026-11-25 16:00, 2026-12-02 08:00, end
BYHOUR and BYMINUTE: each with each
    UTC, from 2026-11-24: import FREQ=DAILY;BYHOUR=9,10;BYMINUTE=0,30 at 09:00
    2026-11-24 08:00 -> 2026-11-24 09:00, 2026-11-24 09:30, 2026-11-24 10:00, 2026-11-24 10:30, 2026-11-25 09:00
BYMINUTE alone: DTSTART's hour
    UTC, from 2026-11-24: import FREQ=DAILY;BYMINUTE=15,45 at 09:15
    2026-11-24 00:00 -> 2026-11-24 09:15, 2026-11-24 09:45, 2026-11-25 09:15
BYHOUR alone: DTSTART's minute and second
    UTC, from 2026-11-24: import FREQ=DAILY;BYHOUR=9,17 at 09:20:30
    2026-11-24 00:00 -> 2026-11-24 09:20:30, 2026-11-24 17:20:30
BYSECOND
    UTC, from 2026-11-24: import FREQ=DAILY;BYSECOND=0,30 at 09:00
    2026-11-24 00:00 -> 2026-11-24 09:00, 2026-11-24 09:00:30, 2026-11-25 09:00
HOURLY: every six hours, from DTSTART on
    UTC, from 2026-11-24: import FREQ=HOURLY;INTERVAL=6;COUNT=4 at 09:30
    2026-11-24 00:00 -> 2026-11-24 09:30, 2026-11-24 15:30, 2026-11-24 21:30, 2026-11-25 03:30, end
HOURLY with BYHOUR: of its hours only these
    UTC, from 2026-11-24: import FREQ=HOURLY;INTERVAL=2;BYHOUR=9,10,11 at 09:00
    2026-11-24 00:00 -> 2026-11-24 09:00, 2026-11-24 11:00, 2026-11-25 09:00
HOURLY on some days, twice an hour
    UTC, from 2026-11-24: import FREQ=HOURLY;BYDAY=MO;BYMINUTE=0,30 at 00:00
    2026-11-30 22:30 -> 2026-11-30 23:00, 2026-11-30 23:30, 2026-12-07 00:00
the 31st of an imported rule: shorter months have none
    UTC, from 2026-01-31: import FREQ=MONTHLY;COUNT=3 at 09:00
    2026-01-01 00:00 -> 2026-01-31 09:00, 2026-03-31 09:00, 2026-05-31 09:00, end
"""
