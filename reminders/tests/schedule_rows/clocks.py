"""What clock changes do."""

CLOCKS = """
# Europe/Berlin: an hour, at 01:00 UTC
once: in summer time
    Europe/Berlin, from 2026-07-01: once at 09:00
    2026-06-30 00:00 -> 2026-07-01 07:00, end
once: never a second time
    Europe/Berlin, from 2026-07-01: once at 09:00
    2026-07-01 07:00 -> end
once: at a time that the clocks skip
    Europe/Berlin, from 2026-03-29: once at 02:30
    2026-03-28 00:00 -> 2026-03-29 01:30, end
once: at a time that happens twice
    Europe/Berlin, from 2026-10-25: once at 02:30
    2026-10-24 00:00 -> 2026-10-25 00:30, end
daily: the local hour stays when summer time begins
    Europe/Berlin, from 2026-03-27: FREQ=DAILY at 09:00
    2026-03-28 00:00 -> 2026-03-28 08:00, 2026-03-29 07:00, 2026-03-30 07:00
daily: the local hour stays when summer time ends
    Europe/Berlin, from 2026-10-01: FREQ=DAILY at 09:00
    2026-10-24 00:00 -> 2026-10-24 07:00, 2026-10-25 08:00, 2026-10-26 08:00
in the gap a later local time comes first
    Europe/Berlin, from 2026-03-01: FREQ=DAILY at 02:45 03:15
    2026-03-28 12:00 -> 2026-03-29 01:15, 2026-03-29 01:45, 2026-03-30 00:45
the last minute before the gap stays
    Europe/Berlin, from 2026-03-01: FREQ=DAILY at 01:59
    2026-03-28 12:00 -> 2026-03-29 00:59, 2026-03-29 23:59
the first minute of the gap moves by the whole hour
    Europe/Berlin, from 2026-03-01: FREQ=DAILY at 02:00
    2026-03-28 12:00 -> 2026-03-29 01:00, 2026-03-30 00:00
the last minute of the gap moves by the whole hour too
    Europe/Berlin, from 2026-03-01: FREQ=DAILY at 02:59
    2026-03-28 12:00 -> 2026-03-29 01:59, 2026-03-30 00:59
the first minute after the gap stays
    Europe/Berlin, from 2026-03-01: FREQ=DAILY at 03:00
    2026-03-28 12:00 -> 2026-03-29 01:00, 2026-03-30 01:00
every half hour through the gap: two and two become one
    Europe/Berlin, from 2026-03-01: FREQ=DAILY at 01:30 02:00 02:30 03:00 03:30
    2026-03-28 23:59 -> 2026-03-29 00:30, 2026-03-29 01:00, 2026-03-29 01:30, 2026-03-29 23:30
the first minute of the repeated hour is the first one
    Europe/Berlin, from 2026-10-01: FREQ=DAILY at 02:00
    2026-10-24 12:00 -> 2026-10-25 00:00, 2026-10-26 01:00
the first minute after the repeated hour happens once
    Europe/Berlin, from 2026-10-01: FREQ=DAILY at 03:00
    2026-10-24 12:00 -> 2026-10-25 02:00, 2026-10-26 02:00
asked between the two 02:30s: the second is not one
    Europe/Berlin, from 2026-10-01: FREQ=DAILY at 02:30
    2026-10-25 01:00 -> 2026-10-26 01:30
every half hour through the repeated hour: all at the first, then an hour of silence
    Europe/Berlin, from 2026-10-01: FREQ=DAILY at 01:30 02:00 02:30 03:00
    2026-10-24 23:00 -> 2026-10-24 23:30, 2026-10-25 00:00, 2026-10-25 00:30, 2026-10-25 02:00, 2026-10-26 00:30
weekly: the Sunday of the change, and back to the hour a week later
    Europe/Berlin, from 2026-01-01: FREQ=WEEKLY;BYDAY=SU at 02:30
    2026-03-22 12:00 -> 2026-03-29 01:30, 2026-04-05 00:30
monthly: one gap does not move the months after
    Europe/Berlin, from 2026-01-29: FREQ=MONTHLY at 02:30
    2026-03-01 00:00 -> 2026-03-29 01:30, 2026-04-29 00:30
yearly: winter time, gap, and summer time on one date
    Europe/Berlin, from 2025-03-29: FREQ=YEARLY at 02:30
    2025-01-01 00:00 -> 2025-03-29 01:30, 2026-03-29 01:30, 2027-03-29 00:30
yearly: the last Sunday of March lies in the gap every year
    Europe/Berlin, from 2026-01-01: FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU at 02:30
    2026-01-01 00:00 -> 2026-03-29 01:30, 2027-03-28 01:30, 2028-03-26 01:30
backwards over the gap
    Europe/Berlin, from 2026-03-01: FREQ=DAILY at 02:45 03:15
    2026-03-29 12:00 <- 2026-03-29 01:45, 2026-03-29 01:15, 2026-03-28 02:15
backwards over the repeated hour
    Europe/Berlin, from 2026-10-01: FREQ=DAILY at 02:30
    2026-10-26 01:30 <- 2026-10-25 00:30, 2026-10-24 00:30
# America/New_York: an hour, at 02:00 local time
the clocks skip 02:30: fires at 03:30 there
    America/New_York, from 2026-03-01: FREQ=DAILY at 02:30
    2026-03-07 12:00 -> 2026-03-08 07:30, 2026-03-09 06:30
01:30 happens twice: fires once, at the first
    America/New_York, from 2026-10-01: FREQ=DAILY at 01:30
    2026-11-01 00:00 -> 2026-11-01 05:30, 2026-11-02 06:30
two local times that resolve to one instant fire once
    America/New_York, from 2026-03-01: FREQ=DAILY at 02:30 03:30
    2026-03-08 05:00 -> 2026-03-08 07:30, 2026-03-09 06:30, 2026-03-09 07:30
west of Greenwich the hour stays in spring
    America/New_York, from 2026-03-01: FREQ=DAILY at 09:00
    2026-03-07 00:00 -> 2026-03-07 14:00, 2026-03-08 13:00, 2026-03-09 13:00
west of Greenwich the hour stays in autumn
    America/New_York, from 2026-10-01: FREQ=DAILY at 09:00
    2026-10-31 00:00 -> 2026-10-31 13:00, 2026-11-01 14:00
02:00 is not repeated where 02:00 becomes 01:00
    America/New_York, from 2026-10-01: FREQ=DAILY at 02:00
    2026-10-30 12:00 -> 2026-10-31 06:00, 2026-11-01 07:00
before 2007 the clocks changed in April
    America/New_York, from 2006-01-01: FREQ=DAILY at 02:30
    2006-04-01 12:00 -> 2006-04-02 07:30, 2006-04-03 06:30
the local evening is the next day in UTC
    America/New_York, from 2026-01-01: FREQ=WEEKLY;BYDAY=FR at 21:00
    2026-06-01 00:00 -> 2026-06-06 01:00, 2026-06-13 01:00
# Australia/Lord_Howe: half an hour
a change of half an hour
    Australia/Lord_Howe, from 2026-10-01: FREQ=DAILY at 02:15
    2026-10-03 00:00 -> 2026-10-03 15:45, 2026-10-04 15:15
half an hour repeated: the first
    Australia/Lord_Howe, from 2026-04-01: FREQ=DAILY at 01:45
    2026-04-04 00:00 -> 2026-04-04 14:45, 2026-04-05 15:15
just before the repeated half hour
    Australia/Lord_Howe, from 2026-04-01: FREQ=DAILY at 01:15
    2026-04-04 00:00 -> 2026-04-04 14:15, 2026-04-05 14:45
two times half an hour apart become one
    Australia/Lord_Howe, from 2026-10-01: FREQ=DAILY at 02:00 02:30
    2026-10-03 00:00 -> 2026-10-03 15:30, 2026-10-04 15:00, 2026-10-04 15:30
the hour stays, UTC moves by half an hour
    Australia/Lord_Howe, from 2026-10-01: FREQ=DAILY at 09:00
    2026-10-02 12:00 -> 2026-10-02 22:30, 2026-10-03 22:00
# America/Sao_Paulo: at midnight, until 2019
a gap at midnight
    America/Sao_Paulo, from 2018-11-01: FREQ=DAILY at 00:30
    2018-11-03 12:00 -> 2018-11-04 03:30, 2018-11-05 02:30
midnight itself is skipped: the day begins at 01:00
    America/Sao_Paulo, from 2018-11-01: FREQ=DAILY at 00:00
    2018-11-03 12:00 -> 2018-11-04 03:00, 2018-11-05 02:00
the hour before midnight happens twice
    America/Sao_Paulo, from 2019-02-01: FREQ=DAILY at 23:30
    2019-02-16 12:00 -> 2019-02-17 01:30, 2019-02-18 02:30
summer time abolished
    America/Sao_Paulo, from 2026-01-01: FREQ=DAILY at 09:00
    2026-11-04 00:00 -> 2026-11-04 12:00
the first November without a change
    America/Sao_Paulo, from 2018-01-01: FREQ=DAILY at 00:30
    2019-11-02 12:00 -> 2019-11-03 03:30, 2019-11-04 03:30
# Africa/Casablanca: back for Ramadan
Ramadan begins: an hour back
    Africa/Casablanca, from 2024-01-01: FREQ=DAILY at 09:00
    2024-03-09 00:00 -> 2024-03-09 08:00, 2024-03-10 09:00, 2024-03-11 09:00
Ramadan ends: an hour forth
    Africa/Casablanca, from 2024-01-01: FREQ=DAILY at 09:00
    2024-04-13 00:00 -> 2024-04-13 09:00, 2024-04-14 08:00
Ramadan begins: 02:30 happens twice
    Africa/Casablanca, from 2024-01-01: FREQ=DAILY at 02:30
    2024-03-09 12:00 -> 2024-03-10 01:30, 2024-03-11 02:30
Ramadan ends: 02:30 is skipped
    Africa/Casablanca, from 2024-01-01: FREQ=DAILY at 02:30
    2024-04-13 12:00 -> 2024-04-14 02:30, 2024-04-15 01:30
Ramadan lies between two of the same rule
    Africa/Casablanca, from 2024-01-15: FREQ=MONTHLY at 09:00
    2024-02-01 00:00 -> 2024-02-15 08:00, 2024-03-15 09:00, 2024-04-15 08:00
Ramadan within a summer of 2018, when winter time was the rule
    Africa/Casablanca, from 2018-01-01: FREQ=DAILY at 09:00
    2018-05-12 00:00 -> 2018-05-12 08:00, 2018-05-13 09:00
# Whole days skipped
a whole day skipped: no double
    Pacific/Apia, from 2011-12-01: FREQ=DAILY at 09:00
    2011-12-29 00:00 -> 2011-12-29 19:00, 2011-12-30 19:00, 2011-12-31 19:00
once on a day that never was: a day later
    Pacific/Apia, from 2011-12-30: once at 09:00
    2011-12-29 00:00 -> 2011-12-30 19:00, end
weekly on the Friday that never was: on Saturday, and Friday again
    Pacific/Apia, from 2011-12-01: FREQ=WEEKLY;BYDAY=FR at 09:00
    2011-12-23 00:00 -> 2011-12-23 19:00, 2011-12-30 19:00, 2012-01-05 19:00
that Friday and its Saturday are one
    Pacific/Apia, from 2011-12-01: FREQ=WEEKLY;BYDAY=FR,SA at 09:00
    2011-12-25 00:00 -> 2011-12-30 19:00, 2012-01-05 19:00
two times on the skipped day
    Pacific/Apia, from 2011-12-01: FREQ=DAILY at 09:00 21:00
    2011-12-29 12:00 -> 2011-12-29 19:00, 2011-12-30 07:00, 2011-12-30 19:00, 2011-12-31 07:00, 2011-12-31 19:00
cron on a day that never was and the one after: one and the same
    Pacific/Apia, from 2011-12-01: cron 0 9,21 30,31 12 *
    2011-12-29 12:00 -> 2011-12-30 19:00, 2011-12-31 07:00, 2012-12-29 19:00
three months later the clocks repeat an hour there
    Pacific/Apia, from 2011-12-01: FREQ=DAILY at 03:30
    2012-03-31 00:00 -> 2012-03-31 13:30, 2012-04-01 14:30
summer time abolished in Samoa
    Pacific/Apia, from 2020-01-01: FREQ=DAILY at 09:00
    2021-09-30 12:00 -> 2021-09-30 20:00, 2021-10-01 20:00
New Year's Eve skipped
    Pacific/Kiritimati, from 1994-12-01: FREQ=DAILY at 09:00
    1994-12-30 00:00 -> 1994-12-30 19:00, 1994-12-31 19:00, 1995-01-01 19:00
# Odd offsets
an offset of 5:45
    Asia/Kathmandu, from 2026-01-01: FREQ=DAILY at 09:00
    2026-05-01 00:00 -> 2026-05-01 03:15
Monday midnight is Sunday in UTC
    Asia/Kathmandu, from 2026-01-01: FREQ=WEEKLY;BYDAY=MO at 00:00
    2026-05-01 00:00 -> 2026-05-03 18:15, 2026-05-10 18:15
a quarter of an hour skipped at New Year
    Asia/Kathmandu, from 1985-01-01: FREQ=DAILY at 00:05
    1985-12-31 00:00 -> 1985-12-31 18:35, 1986-01-01 18:20
an offset of 8:45 without summer time
    Australia/Eucla, from 2026-01-01: FREQ=DAILY at 09:00
    2026-05-01 00:00 -> 2026-05-01 00:15, 2026-05-02 00:15
half an hour for good, before midnight
    Asia/Pyongyang, from 2018-01-01: FREQ=DAILY at 23:45
    2018-05-04 12:00 -> 2018-05-04 15:15, 2018-05-05 14:45
half an hour for good, in the night
    America/Caracas, from 2016-01-01: FREQ=DAILY at 02:45
    2016-05-01 00:00 -> 2016-05-01 07:15, 2016-05-02 06:45
winter time for good, by a repeated hour
    Europe/Moscow, from 2014-01-01: FREQ=DAILY at 01:30
    2014-10-25 12:00 -> 2014-10-25 21:30, 2014-10-26 22:30
summer time for good: the change that did not come
    Europe/Istanbul, from 2016-01-01: FREQ=DAILY at 09:00
    2016-10-29 00:00 -> 2016-10-29 06:00, 2016-10-30 06:00
# Winter as the exception: tz data count Ireland's winter as negative summer time
Irish summer begins
    Europe/Dublin, from 2024-01-01: FREQ=DAILY at 01:30
    2024-03-30 12:00 -> 2024-03-31 01:30, 2024-04-01 00:30
Irish winter begins
    Europe/Dublin, from 2024-01-01: FREQ=DAILY at 01:30
    2024-10-26 12:00 -> 2024-10-27 00:30, 2024-10-28 01:30
# Africa/Cairo: midnight, abolished and back
Egypt skips midnight
    Africa/Cairo, from 2024-01-01: FREQ=DAILY at 00:00
    2024-04-25 12:00 -> 2024-04-25 22:00, 2024-04-26 21:00
Egypt repeats the last hour of October
    Africa/Cairo, from 2024-01-01: FREQ=DAILY at 23:30
    2024-10-31 12:00 -> 2024-10-31 20:30, 2024-11-01 21:30
Egypt's summers without summer time
    Africa/Cairo, from 2020-01-01: FREQ=DAILY at 09:00
    2022-07-01 00:00 -> 2022-07-01 07:00
Egypt's summer time comes back
    Africa/Cairo, from 2020-01-01: FREQ=DAILY at 09:00
    2023-04-27 00:00 -> 2023-04-27 07:00, 2023-04-28 06:00
Egypt interrupts summer time
    Africa/Cairo, from 2010-01-01: FREQ=DAILY at 09:00
    2010-08-10 00:00 -> 2010-08-10 06:00, 2010-08-11 07:00
# Asia/Tehran: at midnight, by its own calendar, until 2022
Iran skips the first hour of the year's second day
    Asia/Tehran, from 2022-01-01: FREQ=DAILY at 00:30
    2022-03-21 12:00 -> 2022-03-21 21:00, 2022-03-22 20:00
Iran's last repeated hour
    Asia/Tehran, from 2022-01-01: FREQ=DAILY at 23:30
    2022-09-21 12:00 -> 2022-09-21 19:00, 2022-09-22 20:00
Iran's summer without summer time
    Asia/Tehran, from 2022-01-01: FREQ=DAILY at 09:00
    2023-06-01 00:00 -> 2023-06-01 05:30
# America/St_Johns: at 00:01, until 2011
midnight is one minute before the gap
    America/St_Johns, from 2011-01-01: FREQ=DAILY at 00:00
    2011-03-12 12:00 -> 2011-03-13 03:30, 2011-03-14 02:30
a gap from 00:01
    America/St_Johns, from 2011-01-01: FREQ=DAILY at 00:30
    2011-03-12 12:00 -> 2011-03-13 04:00, 2011-03-14 03:00
the repeated hour spans midnight: the evening's part
    America/St_Johns, from 2010-01-01: FREQ=DAILY at 23:30
    2010-11-06 12:00 -> 2010-11-07 02:00, 2010-11-08 03:00
the repeated hour spans midnight: midnight
    America/St_Johns, from 2010-01-01: FREQ=DAILY at 00:00
    2010-11-06 12:00 -> 2010-11-07 02:30, 2010-11-08 03:30
the repeated hour spans midnight: both in order
    America/St_Johns, from 2010-01-01: FREQ=DAILY at 00:00 23:30
    2010-11-06 12:00 -> 2010-11-07 02:00, 2010-11-07 02:30, 2010-11-08 03:00, 2010-11-08 03:30
# Antarctica/Troll: two hours
two hours skipped: the first of them
    Antarctica/Troll, from 2024-01-01: FREQ=DAILY at 01:30
    2024-03-30 12:00 -> 2024-03-31 01:30, 2024-03-31 23:30
two hours skipped: the second of them
    Antarctica/Troll, from 2024-01-01: FREQ=DAILY at 02:30
    2024-03-30 12:00 -> 2024-03-31 02:30, 2024-04-01 00:30
two hours skipped: overtaken by a later time
    Antarctica/Troll, from 2024-01-01: FREQ=DAILY at 02:00 03:30
    2024-03-30 12:00 -> 2024-03-31 01:30, 2024-03-31 02:00, 2024-04-01 00:00, 2024-04-01 01:30
two hours repeated
    Antarctica/Troll, from 2024-01-01: FREQ=DAILY at 01:30
    2024-10-26 12:00 -> 2024-10-26 23:30, 2024-10-28 01:30
# Asia/Gaza: another date and hour every year
Gaza's spring of 2022, at midnight
    Asia/Gaza, from 2022-01-01: FREQ=DAILY at 00:30
    2022-03-26 12:00 -> 2022-03-26 22:30, 2022-03-27 21:30
Gaza's spring of 2024, at two
    Asia/Gaza, from 2022-01-01: FREQ=DAILY at 02:30
    2024-04-19 12:00 -> 2024-04-20 00:30, 2024-04-20 23:30
Gaza's autumn of 2024
    Asia/Gaza, from 2022-01-01: FREQ=DAILY at 01:30
    2024-10-25 12:00 -> 2024-10-25 22:30, 2024-10-26 23:30
# Pacific/Chatham: at 02:45
a gap from 02:45 to 03:45
    Pacific/Chatham, from 2024-01-01: FREQ=DAILY at 03:00
    2024-09-28 00:00 -> 2024-09-28 14:15, 2024-09-29 13:15
02:45 to 03:45 happens twice
    Pacific/Chatham, from 2024-01-01: FREQ=DAILY at 03:00
    2024-04-06 00:00 -> 2024-04-06 13:15, 2024-04-07 14:15
"""
