"""Days that are not worked. In 2026 1 August is a Saturday, 1 November a Sunday, Christmas Day a Friday."""

WORKING = """
# Weekends
days off stay: Saturday is Saturday
    UTC, from 2026-07-01: FREQ=MONTHLY;BYMONTHDAY=1 at 09:00; days off stay
    2026-07-15 00:00 -> 2026-08-01 09:00
days off next: Saturday and Sunday become Monday
    UTC, from 2026-07-01: FREQ=MONTHLY;BYMONTHDAY=1 at 09:00; days off next
    2026-07-15 00:00 -> 2026-08-03 09:00, 2026-09-01 09:00, 2026-10-01 09:00, 2026-11-02 09:00
days off previous: Saturday becomes Friday, in the month before
    UTC, from 2026-07-01: FREQ=MONTHLY;BYMONTHDAY=1 at 09:00; days off previous
    2026-07-15 00:00 -> 2026-07-31 09:00, 2026-09-01 09:00, 2026-10-01 09:00, 2026-10-30 09:00
days off skipped: from Friday to Monday
    UTC, from 2026-11-27: FREQ=DAILY at 09:00; days off skip
    2026-11-27 00:00 -> 2026-11-27 09:00, 2026-11-30 09:00
next: Saturday, Sunday and Monday come due once
    UTC, from 2026-11-27: FREQ=DAILY at 09:00; days off next
    2026-11-27 00:00 -> 2026-11-27 09:00, 2026-11-30 09:00, 2026-12-01 09:00
previous: Friday, Saturday and Sunday come due once
    UTC, from 2026-11-26: FREQ=DAILY at 09:00; days off previous
    2026-11-26 00:00 -> 2026-11-26 09:00, 2026-11-27 09:00, 2026-11-30 09:00
next: each time of day for itself
    UTC, from 2026-11-28: FREQ=DAILY at 09:00 18:00; days off next
    2026-11-28 00:00 -> 2026-11-30 09:00, 2026-11-30 18:00, 2026-12-01 09:00
next: asked on Sunday, Saturday's is still to come
    UTC, from 2026-11-01: FREQ=WEEKLY;BYDAY=SA at 09:00; days off next
    2026-11-29 12:00 -> 2026-11-30 09:00, 2026-12-07 09:00
previous: a shift to before the start
    UTC, from 2026-11-28: FREQ=WEEKLY;BYDAY=SA at 09:00; days off previous
    2026-11-20 00:00 -> 2026-11-27 09:00, 2026-12-04 09:00
next: a shift to after the end
    UTC, from 2026-11-28: FREQ=WEEKLY;BYDAY=SA at 09:00; days off next; until 2026-11-28
    2026-11-20 00:00 -> 2026-11-30 09:00, end
once on a Sunday: on Monday
    UTC, from 2026-11-29: once at 09:00; days off next
    2026-11-01 00:00 -> 2026-11-30 09:00, end
once on a Sunday, skipped: never
    UTC, from 2026-11-29: once at 09:00; days off skip
    2026-11-01 00:00 -> end
the last day of the month becomes its last working day
    UTC, from 2026-01-31: FREQ=MONTHLY at 09:00; days off previous
    2026-01-01 00:00 -> 2026-01-30 09:00, 2026-02-27 09:00, 2026-03-31 09:00
next: the last day of the month becomes the next month's first working day
    UTC, from 2026-01-31: FREQ=MONTHLY at 09:00; days off next
    2026-01-01 00:00 -> 2026-02-02 09:00, 2026-03-02 09:00, 2026-03-31 09:00
cron shifts too
    UTC, from 2026-07-01: cron 0 9 1 * *; days off next
    2026-07-15 00:00 -> 2026-08-03 09:00, 2026-09-01 09:00
previous of a shifted one
    UTC, from 2026-07-01: FREQ=MONTHLY;BYMONTHDAY=1 at 09:00; days off next
    2026-08-04 00:00 <- 2026-08-03 09:00, 2026-07-01 09:00, end
previous of one shifted to before the start
    UTC, from 2026-11-28: FREQ=WEEKLY;BYDAY=SA at 09:00; days off previous
    2026-12-01 00:00 <- 2026-11-27 09:00, end
# Holidays of a country or region
Germany: Christmas Day on Friday, the second on Saturday
    Europe/Berlin, from 2026-12-21: FREQ=WEEKLY;BYDAY=FR at 09:00; days off next in DE
    2026-12-20 00:00 -> 2026-12-28 08:00, 2027-01-04 08:00
Germany: 1 May becomes 30 April
    Europe/Berlin, from 2026-05-01: FREQ=YEARLY at 09:00; days off previous in DE
    2026-01-01 00:00 -> 2026-04-30 07:00, 2027-04-30 07:00
Germany: skipped over Christmas
    Europe/Berlin, from 2026-12-24: FREQ=DAILY at 09:00; days off skip in DE
    2026-12-24 00:00 -> 2026-12-24 08:00, 2026-12-28 08:00
Germany: a holiday that moves with Easter
    Europe/Berlin, from 2026-01-01: FREQ=WEEKLY;BYDAY=MO at 09:00; days off next in DE
    2026-03-31 00:00 -> 2026-04-07 07:00, 2026-04-13 07:00
Epiphany is a working day in Germany
    Europe/Berlin, from 2026-01-06: FREQ=YEARLY at 09:00; days off next in DE
    2026-01-01 00:00 -> 2026-01-06 08:00
Epiphany is a holiday in Bavaria
    Europe/Berlin, from 2026-01-06: FREQ=YEARLY at 09:00; days off next in DE/BY
    2026-01-01 00:00 -> 2026-01-07 08:00, 2027-01-07 08:00
New Year's Day on Friday: the year's first Monday
    Europe/Berlin, from 2027-01-01: FREQ=YEARLY at 09:00; days off next in DE
    2026-12-01 00:00 -> 2027-01-04 08:00
New Year's Day on Friday: the old year's last day
    Europe/Berlin, from 2027-01-01: FREQ=YEARLY at 09:00; days off previous in DE
    2026-12-01 00:00 -> 2026-12-31 08:00
United States: 4 July on Saturday keeps Friday free
    America/New_York, from 2026-07-03: FREQ=YEARLY at 09:00; days off next in US
    2026-01-01 00:00 -> 2026-07-06 13:00
United States: and back it is Thursday
    America/New_York, from 2026-07-03: FREQ=YEARLY at 09:00; days off previous in US
    2026-01-01 00:00 -> 2026-07-02 13:00
United States: Thanksgiving
    America/New_York, from 2026-01-01: FREQ=MONTHLY;BYDAY=4TH at 09:00; days off next in US
    2026-11-01 00:00 -> 2026-11-27 14:00, 2026-12-24 14:00
United States: New Year's Day of 2028 is kept in 2027
    America/New_York, from 2027-12-31: FREQ=YEARLY at 09:00; days off previous in US
    2027-12-01 00:00 -> 2027-12-30 14:00
# The team's own days
a day off of the team's own
    UTC, from 2026-12-24: FREQ=YEARLY at 09:00; days off previous; closed 2026-12-24
    2026-12-01 00:00 -> 2026-12-23 09:00, 2027-12-24 09:00
a day off beside a holiday and a weekend
    Europe/Berlin, from 2026-12-24: FREQ=YEARLY at 09:00; days off next in DE; closed 2026-12-24
    2026-12-01 00:00 -> 2026-12-28 08:00
days off stay: a closure changes nothing
    UTC, from 2026-12-24: FREQ=YEARLY at 09:00; days off stay; closed 2026-12-24
    2026-12-01 00:00 -> 2026-12-24 09:00
Friday and Saturday off: Friday becomes Sunday
    Africa/Cairo, from 2026-11-27: FREQ=WEEKLY at 09:00; days off next; works 6,0,1,2,3
    2026-11-20 00:00 -> 2026-11-29 07:00, 2026-12-06 07:00
Friday and Saturday off: Saturday becomes Thursday
    Africa/Cairo, from 2026-11-28: FREQ=WEEKLY at 09:00; days off previous; works 6,0,1,2,3
    2026-11-20 00:00 -> 2026-11-26 07:00, 2026-12-03 07:00
Friday and Saturday off: Sunday is worked
    Africa/Cairo, from 2026-11-29: FREQ=WEEKLY at 09:00; days off next; works 6,0,1,2,3
    2026-11-28 00:00 -> 2026-11-29 07:00
one working day a week
    UTC, from 2026-11-24: FREQ=DAILY at 09:00; days off next; works 5
    2026-11-24 00:00 -> 2026-11-28 09:00, 2026-12-05 09:00
a closure of 31 days is passed over
    UTC, from 2026-07-01: once at 09:00; days off next; works 0,1,2,3,4,5,6; closed 2026-07-01 to 2026-07-31
    2026-06-01 00:00 -> 2026-08-01 09:00, end
a closure of 32 days: due dates stay where they are
    UTC, from 2026-07-01: once at 09:00; days off next; works 0,1,2,3,4,5,6; closed 2026-07-01 to 2026-08-01
    2026-06-01 00:00 -> 2026-07-01 09:00, end
a closure of 31 days is passed over backwards
    UTC, from 2026-07-31: once at 09:00; days off previous; works 0,1,2,3,4,5,6; closed 2026-07-01 to 2026-07-31
    2026-06-01 00:00 -> 2026-06-30 09:00, end
in a long closure the first days stay, the last ones are passed over
    UTC, from 2026-06-30: FREQ=MONTHLY;BYMONTHDAY=1,30 at 09:00; days off next; closed 2026-07-01 to 2026-08-14
    2026-06-30 09:00 -> 2026-07-01 09:00, 2026-08-17 09:00, 2026-08-31 09:00
a team that never works: due dates stay
    UTC, from 2026-11-24: FREQ=DAILY at 09:00; days off next; works never
    2026-11-24 00:00 -> 2026-11-24 09:00, 2026-11-25 09:00
a team that never works, skipping: nothing, and an answer
    UTC, from 2026-11-24: FREQ=DAILY at 09:00; days off skip; works never
    2026-11-24 00:00 -> end
Sundays, skipping days off: nothing, and an answer
    UTC, from 2026-11-24: FREQ=WEEKLY;BYDAY=SU at 09:00; days off skip
    2026-11-24 00:00 -> end
cron on Sundays, skipping days off: nothing, and an answer
    UTC, from 2026-11-24: cron 0 9 * * SUN; days off skip
    2026-11-24 00:00 -> end
# Together with other things
next: the shift goes over a clock change, the hour stays
    Europe/Berlin, from 2026-03-28: FREQ=YEARLY at 10:00; days off next
    2026-03-01 00:00 -> 2026-03-30 08:00
previous: the shift goes back over a clock change
    Europe/Berlin, from 2026-10-25: FREQ=YEARLY at 10:00; days off previous
    2026-10-01 00:00 -> 2026-10-23 08:00
next: the shift ends in the gap
    Europe/Berlin, from 2026-03-28: once at 02:30; days off next; works 6
    2026-03-01 00:00 -> 2026-03-29 01:30, end
previous: the shift ends in the repeated hour
    Europe/Berlin, from 2026-10-26: once at 02:30; days off previous; works 6
    2026-10-01 00:00 -> 2026-10-25 00:30, end
next: a skipped slot does not come back as a shifted one
    UTC, from 2026-11-27: FREQ=WEEKLY;BYDAY=SA at 09:00; days off next; skipped 2026-11-28 09:00
    2026-11-27 00:00 -> 2026-12-07 09:00
next: skipping Monday leaves Saturday's, which comes due then
    UTC, from 2026-11-27: FREQ=WEEKLY;BYDAY=SA,MO at 09:00; days off next; skipped 2026-11-30 09:00
    2026-11-27 00:00 -> 2026-11-30 09:00, 2026-12-07 09:00
next: what was moved by hand onto a Sunday stays there
    UTC, from 2026-11-27: FREQ=DAILY at 09:00; days off next; moved 2026-11-27 09:00 to 2026-11-29 12:00
    2026-11-27 00:00 -> 2026-11-29 12:00, 2026-11-30 09:00
previous: months whose last day is clamped and then shifted
    Europe/Berlin, from 2026-01-31: FREQ=MONTHLY;BYMONTHDAY=31 at 09:00; days off previous in DE
    2026-04-30 12:00 -> 2026-05-29 07:00, 2026-06-30 07:00
previous: later days of a closure come due before earlier ones that stay
    UTC, from 2026-07-01: FREQ=DAILY at 09:00; days off previous; works 0,1,2,3,4,5,6; closed 2026-07-03 to 2026-08-05
    2026-07-01 00:00 -> 2026-07-01 09:00, 2026-07-02 09:00, 2026-08-03 09:00, 2026-08-04 09:00, 2026-08-05 09:00
"""
