"""BYSETPOS, weeks of the year and days of the year."""

POSITIONS = """
# BYSETPOS
one a day: BYSETPOS changes nothing
    UTC, from 2026-11-23: FREQ=DAILY;BYDAY=MO;BYSETPOS=1 at 09:00
    2026-11-23 00:00 -> 2026-11-23 09:00, 2026-11-30 09:00
the last of a week's days
    UTC, from 2026-11-23: FREQ=WEEKLY;BYDAY=MO,WE,FR;BYSETPOS=-1 at 09:00
    2026-11-23 00:00 -> 2026-11-27 09:00, 2026-12-04 09:00
the first of a week's days, where weeks begin on Sunday
    UTC, from 2026-11-23: FREQ=WEEKLY;BYDAY=SU,MO;BYSETPOS=1;WKST=SU at 09:00
    2026-11-23 00:00 -> 2026-11-29 09:00, 2026-12-06 09:00
the last weekday of the month
    UTC, from 2026-01-01: FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1 at 09:00
    2026-01-01 00:00 -> 2026-01-30 09:00, 2026-02-27 09:00, 2026-03-31 09:00
the second to last weekday (RFC 5545's example)
    UTC, from 1997-09-29: FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2 at 09:00
    1997-09-01 00:00 -> 1997-09-29 09:00, 1997-10-30 09:00, 1997-11-27 09:00
the third of a month's Tuesdays, Wednesdays and Thursdays (RFC 5545's example)
    UTC, from 1997-09-04: FREQ=MONTHLY;BYDAY=TU,WE,TH;BYSETPOS=3 at 09:00
    1997-09-01 00:00 -> 1997-09-04 09:00, 1997-10-07 09:00, 1997-11-06 09:00
the first and the last weekend day
    UTC, from 2026-11-01: FREQ=MONTHLY;BYDAY=SA,SU;BYSETPOS=1,-1 at 09:00
    2026-11-01 00:00 -> 2026-11-01 09:00, 2026-11-29 09:00, 2026-12-05 09:00, 2026-12-27 09:00
the fifth of four or five: only months with five
    UTC, from 2026-01-01: FREQ=MONTHLY;BYDAY=MO;BYSETPOS=5 at 09:00
    2026-01-01 00:00 -> 2026-03-30 09:00, 2026-06-29 09:00, 2026-08-31 09:00
the last weekday of each quarter
    UTC, from 2026-03-01: FREQ=MONTHLY;INTERVAL=3;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1 at 09:00
    2026-03-01 00:00 -> 2026-03-31 09:00, 2026-06-30 09:00, 2026-09-30 09:00, 2026-12-31 09:00
the second to last of several month days, clamped first
    UTC, from 2026-02-01: FREQ=MONTHLY;BYMONTHDAY=15,30,31;BYSETPOS=-2 at 09:00
    2026-02-01 00:00 -> 2026-02-15 09:00, 2026-03-30 09:00, 2026-04-15 09:00
the year's first weekday
    UTC, from 2026-01-01: FREQ=YEARLY;BYMONTH=1;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1 at 09:00
    2026-01-01 00:00 -> 2026-01-01 09:00, 2027-01-01 09:00, 2028-01-03 09:00
the year's last Monday
    UTC, from 2026-01-01: FREQ=YEARLY;BYDAY=MO;BYSETPOS=-1 at 09:00
    2026-01-01 00:00 -> 2026-12-28 09:00, 2027-12-27 09:00, 2028-12-25 09:00
the year's hundredth weekday
    UTC, from 2026-01-01: FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=100 at 09:00
    2026-01-01 00:00 -> 2026-05-20 09:00, 2027-05-20 09:00
a first that lies before the start is not replaced by the second
    UTC, from 2026-11-10: FREQ=MONTHLY;BYDAY=MO;BYSETPOS=1 at 09:00
    2026-11-10 00:00 -> 2026-12-07 09:00
# Weeks of the year
ISO week 53: years that have one
    UTC, from 2020-01-01: FREQ=YEARLY;BYWEEKNO=53;BYDAY=MO at 09:00
    2020-01-01 00:00 -> 2020-12-28 09:00, 2026-12-28 09:00, 2032-12-27 09:00
the Friday of week 53 may lie in the next year
    UTC, from 2020-01-01: FREQ=YEARLY;BYWEEKNO=53;BYDAY=FR at 09:00
    2020-01-01 00:00 -> 2021-01-01 09:00, 2027-01-01 09:00, 2032-12-31 09:00
the Monday of week 1 may lie in the year before
    UTC, from 2024-01-01: FREQ=YEARLY;BYWEEKNO=1;BYDAY=MO at 09:00
    2024-01-01 00:00 -> 2024-01-01 09:00, 2024-12-30 09:00, 2025-12-29 09:00, 2027-01-04 09:00
Monday of week 20 (RFC 5545's example)
    UTC, from 1997-05-12: FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO at 09:00
    1997-05-01 00:00 -> 1997-05-12 09:00, 1998-05-11 09:00, 1999-05-17 09:00
the last week: the 53rd or the 52nd
    UTC, from 2026-01-01: FREQ=YEARLY;BYWEEKNO=-1;BYDAY=WE at 09:00
    2026-01-01 00:00 -> 2026-12-30 09:00, 2027-12-29 09:00
the Sunday that begins week 1, where weeks begin on Sunday
    UTC, from 2026-01-01: FREQ=YEARLY;BYWEEKNO=1;BYDAY=SU;WKST=SU at 09:00
    2026-01-01 00:00 -> 2026-01-04 09:00, 2027-01-03 09:00
the Sunday that ends week 1, where weeks begin on Monday
    UTC, from 2026-01-01: FREQ=YEARLY;BYWEEKNO=1;BYDAY=SU at 09:00
    2026-01-01 00:00 -> 2026-01-04 09:00, 2027-01-10 09:00
a week and a month: what lies in both
    UTC, from 2026-01-01: FREQ=YEARLY;BYWEEKNO=53;BYMONTH=12;BYDAY=TH,FR at 09:00
    2026-01-01 00:00 -> 2026-12-31 09:00, 2032-12-30 09:00, 2032-12-31 09:00
# Days of the year
day 366: leap years
    UTC, from 2026-01-01: FREQ=YEARLY;BYYEARDAY=366 at 09:00
    2026-01-01 00:00 -> 2028-12-31 09:00, 2032-12-31 09:00
the last day of the year
    UTC, from 2026-01-01: FREQ=YEARLY;BYYEARDAY=-1 at 09:00
    2026-12-31 09:00 -> 2027-12-31 09:00, 2028-12-31 09:00
day 60: 1 March, or 29 February
    UTC, from 2026-01-01: FREQ=YEARLY;BYYEARDAY=60 at 09:00
    2026-01-01 00:00 -> 2026-03-01 09:00, 2027-03-01 09:00, 2028-02-29 09:00
day 366 from the end: New Year's Day of leap years
    UTC, from 2026-01-01: FREQ=YEARLY;BYYEARDAY=-366 at 09:00
    2026-01-01 00:00 -> 2028-01-01 09:00, 2032-01-01 09:00
every third year on days 1, 100 and 200 (RFC 5545's example)
    UTC, from 1997-01-01: FREQ=YEARLY;INTERVAL=3;BYYEARDAY=1,100,200 at 09:00
    1997-01-01 00:00 -> 1997-01-01 09:00, 1997-04-10 09:00, 1997-07-19 09:00, 2000-01-01 09:00, 2000-04-09 09:00
New Year's Day where it is a Monday
    UTC, from 2026-01-01: FREQ=YEARLY;BYYEARDAY=1;BYDAY=MO at 09:00
    2026-01-01 00:00 -> 2029-01-01 09:00, 2035-01-01 09:00
"""
