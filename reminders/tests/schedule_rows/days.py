"""Which days an RRULE means. In UTC, where the clocks say nothing of their own."""

DAYS = """
# Months without the day
the 31st: the last day of shorter months
    Europe/Berlin, from 2026-01-31: FREQ=MONTHLY;BYMONTHDAY=31 at 09:00
    2026-02-01 00:00 -> 2026-02-28 08:00, 2026-03-31 07:00, 2026-04-30 07:00
the 31st: shorter months left out
    Europe/Berlin, from 2026-01-31: FREQ=MONTHLY;BYMONTHDAY=31 at 09:00; month end skip
    2026-02-01 00:00 -> 2026-03-31 07:00, 2026-05-31 07:00
the 30th in a leap year's February
    Europe/Berlin, from 2028-01-30: FREQ=MONTHLY;BYMONTHDAY=30 at 09:00
    2028-02-01 00:00 -> 2028-02-29 08:00, 2028-03-30 07:00
the 30th in an ordinary February
    UTC, from 2026-01-30: FREQ=MONTHLY at 09:00
    2026-02-01 00:00 -> 2026-02-28 09:00, 2026-03-30 09:00
the 30th: February left out
    UTC, from 2026-01-30: FREQ=MONTHLY at 09:00; month end skip
    2026-02-01 00:00 -> 2026-03-30 09:00, 2026-04-30 09:00
the 29th: the last day of an ordinary February
    UTC, from 2026-01-29: FREQ=MONTHLY at 09:00
    2026-02-01 00:00 -> 2026-02-28 09:00, 2026-03-29 09:00
the 29th: February only in leap years
    UTC, from 2027-12-29: FREQ=MONTHLY at 09:00; month end skip
    2028-01-30 00:00 -> 2028-02-29 09:00, 2028-03-29 09:00
the 30th and the 31st: once in a month that ends before or between
    UTC, from 2026-01-01: FREQ=MONTHLY;BYMONTHDAY=30,31 at 09:00
    2026-02-01 00:00 -> 2026-02-28 09:00, 2026-03-30 09:00, 2026-03-31 09:00, 2026-04-30 09:00, 2026-05-30 09:00
the 28th and the 31st: in February the same day
    UTC, from 2026-01-01: FREQ=MONTHLY;BYMONTHDAY=28,31 at 09:00
    2026-02-01 00:00 -> 2026-02-28 09:00, 2026-03-28 09:00, 2026-03-31 09:00, 2026-04-28 09:00, 2026-04-30 09:00
the 31st and the last day: the same day
    UTC, from 2026-01-01: FREQ=MONTHLY;BYMONTHDAY=31,-1 at 09:00
    2026-02-01 00:00 -> 2026-02-28 09:00, 2026-03-31 09:00
the 29th to 31st, none of them in February
    UTC, from 2026-01-01: FREQ=MONTHLY;BYMONTHDAY=29,30,31 at 09:00; month end skip
    2026-02-01 00:00 -> 2026-03-29 09:00, 2026-03-30 09:00, 2026-03-31 09:00, 2026-04-29 09:00, 2026-04-30 09:00
the 15th and the 31st: pay days
    UTC, from 2026-01-01: FREQ=MONTHLY;BYMONTHDAY=15,31 at 09:00
    2026-02-01 00:00 -> 2026-02-15 09:00, 2026-02-28 09:00, 2026-03-15 09:00, 2026-03-31 09:00, 2026-04-15 09:00
31 April: the 30th
    UTC, from 2026-01-01: FREQ=YEARLY;BYMONTH=4;BYMONTHDAY=31 at 09:00
    2026-01-01 00:00 -> 2026-04-30 09:00, 2027-04-30 09:00
daily, of these only the 31st: months end earlier as well
    UTC, from 2026-02-01: FREQ=DAILY;BYMONTHDAY=31 at 09:00
    2026-02-01 00:00 -> 2026-02-28 09:00, 2026-03-31 09:00
every other month on the 31st, across the year's end
    UTC, from 2026-12-31: FREQ=MONTHLY;INTERVAL=2 at 09:00
    2026-12-01 00:00 -> 2026-12-31 09:00, 2027-02-28 09:00, 2027-04-30 09:00
# Counted from the end
the last day of each month
    UTC, from 2028-01-01: FREQ=MONTHLY;BYMONTHDAY=-1 at 09:00
    2028-01-01 00:00 -> 2028-01-31 09:00, 2028-02-29 09:00, 2028-03-31 09:00
the second to last day
    UTC, from 2026-01-01: FREQ=MONTHLY;BYMONTHDAY=-2 at 09:00
    2026-02-01 00:00 -> 2026-02-27 09:00, 2026-03-30 09:00, 2026-04-29 09:00
31st from the end: the first, in long months only
    UTC, from 2026-01-15: FREQ=MONTHLY;BYMONTHDAY=-31 at 09:00
    2026-01-15 00:00 -> 2026-03-01 09:00, 2026-05-01 09:00, 2026-07-01 09:00
30th from the end: the second, or the first
    UTC, from 2026-01-15: FREQ=MONTHLY;BYMONTHDAY=-30 at 09:00
    2026-01-15 00:00 -> 2026-03-02 09:00, 2026-04-01 09:00
# Leap days
29 February: the last day of February otherwise
    Europe/Berlin, from 2024-02-29: FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29 at 09:00
    2024-03-01 00:00 -> 2025-02-28 08:00, 2026-02-28 08:00, 2027-02-28 08:00, 2028-02-29 08:00
29 February: leap years only
    Europe/Berlin, from 2024-02-29: FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29 at 09:00; month end skip
    2024-03-01 00:00 -> 2028-02-29 08:00, 2032-02-29 08:00
29 February: 2100 is no leap year, eight years apart
    Europe/Berlin, from 2096-02-29: FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29 at 09:00; month end skip
    2096-03-01 00:00 -> 2104-02-29 08:00
29 February on a Monday: 28 years apart, 40 around 2100
    UTC, from 2024-01-01: FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;BYDAY=MO at 09:00; month end skip
    2024-01-01 00:00 -> 2044-02-29 09:00, 2072-02-29 09:00, 2112-02-29 09:00
29 February on a Monday, backwards over 40 years
    UTC, from 1900-01-01: FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;BYDAY=MO at 09:00; month end skip
    2112-01-01 00:00 <- 2072-02-29 09:00, 2044-02-29 09:00, 2016-02-29 09:00
29 February every third year: every twelfth
    UTC, from 2024-02-29: FREQ=YEARLY;INTERVAL=3 at 09:00; month end skip
    2024-03-01 00:00 -> 2036-02-29 09:00, 2048-02-29 09:00
a year after 28 February is 28 February
    UTC, from 2023-02-28: FREQ=YEARLY at 09:00
    2024-01-01 00:00 -> 2024-02-28 09:00, 2025-02-28 09:00
the daily one does not leave out 29 February
    UTC, from 2028-01-01: FREQ=DAILY at 09:00
    2028-02-28 10:00 -> 2028-02-29 09:00, 2028-03-01 09:00
# What the start says where the rule does not
daily from tomorrow on
    UTC, from 2026-11-25: FREQ=DAILY at 09:00
    2026-11-24 12:00 -> 2026-11-25 09:00
the start's own time is one
    UTC, from 2026-11-25: FREQ=DAILY at 00:00
    2026-11-24 23:59 -> 2026-11-25 00:00
weekly: the start's weekday
    UTC, from 2026-11-26: FREQ=WEEKLY at 09:00
    2026-11-20 00:00 -> 2026-11-26 09:00, 2026-12-03 09:00
weekly: a start on another weekday is not an occurrence itself
    Europe/Berlin, from 2026-11-24: FREQ=WEEKLY;BYDAY=MO,WE at 09:00
    2026-11-24 00:00 -> 2026-11-25 08:00, 2026-11-30 08:00
monthly: the start's day
    UTC, from 2026-11-24: FREQ=MONTHLY at 09:00
    2026-11-24 09:00 -> 2026-12-24 09:00, 2027-01-24 09:00
yearly in two months: the start's day in both
    UTC, from 2026-01-15: FREQ=YEARLY;BYMONTH=1,7 at 09:00
    2026-01-01 00:00 -> 2026-01-15 09:00, 2026-07-15 09:00, 2027-01-15 09:00
yearly on a day of the month: of every month
    UTC, from 2026-11-20: FREQ=YEARLY;BYMONTHDAY=15 at 09:00
    2026-11-20 00:00 -> 2026-12-15 09:00, 2027-01-15 09:00
yearly on a weekday: every week
    UTC, from 2026-12-24: FREQ=YEARLY;BYDAY=MO at 09:00
    2026-12-24 00:00 -> 2026-12-28 09:00, 2027-01-04 09:00
yearly in a week: the start's weekday (RFC 5545, 3.3.10)
    UTC, from 2026-05-12: FREQ=YEARLY;BYWEEKNO=20 at 09:00
    2026-05-01 00:00 -> 2026-05-12 09:00, 2027-05-18 09:00
# INTERVAL, across the year's end
every tenth day
    UTC, from 2026-12-20: FREQ=DAILY;INTERVAL=10 at 09:00
    2026-12-20 00:00 -> 2026-12-20 09:00, 2026-12-30 09:00, 2027-01-09 09:00
every third day keeps step for years
    UTC, from 2020-01-01: FREQ=DAILY;INTERVAL=3 at 09:00
    2026-11-24 12:00 -> 2026-11-25 09:00, 2026-11-28 09:00
every other day, of these the Mondays
    UTC, from 2026-11-23: FREQ=DAILY;INTERVAL=2;BYDAY=MO at 09:00
    2026-11-23 00:00 -> 2026-11-23 09:00, 2026-12-07 09:00
every other Tuesday
    UTC, from 2026-12-22: FREQ=WEEKLY;INTERVAL=2;BYDAY=TU at 09:00
    2026-12-22 00:00 -> 2026-12-22 09:00, 2027-01-05 09:00, 2027-01-19 09:00
every other week, begun on a Wednesday: the rest of that week counts as one
    UTC, from 2026-12-23: FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR at 09:00
    2026-12-23 00:00 -> 2026-12-25 09:00, 2027-01-04 09:00, 2027-01-08 09:00, 2027-01-18 09:00
every other week asked for in a week between
    UTC, from 2026-01-05: FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SU at 09:00
    2026-11-15 12:00 -> 2026-11-23 09:00, 2026-11-29 09:00, 2026-12-07 09:00
weeks that begin on Monday (RFC 5545's example)
    UTC, from 1997-08-05: FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=MO at 09:00
    1997-08-01 00:00 -> 1997-08-05 09:00, 1997-08-10 09:00, 1997-08-19 09:00, 1997-08-24 09:00
the same in weeks that begin on Sunday
    UTC, from 1997-08-05: FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=SU at 09:00
    1997-08-01 00:00 -> 1997-08-05 09:00, 1997-08-17 09:00, 1997-08-19 09:00, 1997-08-31 09:00
every fifth month
    UTC, from 2026-10-15: FREQ=MONTHLY;INTERVAL=5 at 09:00
    2026-10-01 00:00 -> 2026-10-15 09:00, 2027-03-15 09:00, 2027-08-15 09:00
every eighteenth month passes over a whole year
    UTC, from 2026-06-10: FREQ=MONTHLY;INTERVAL=18 at 09:00
    2026-06-10 09:00 -> 2027-12-10 09:00, 2029-06-10 09:00
every other year on New Year's Eve
    UTC, from 2026-12-31: FREQ=YEARLY;INTERVAL=2 at 09:00
    2026-12-31 09:00 -> 2028-12-31 09:00, 2030-12-31 09:00
every fourth year on election day (RFC 5545's example)
    UTC, from 1996-11-05: FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8 at 09:00
    1996-11-01 00:00 -> 1996-11-05 09:00, 2000-11-07 09:00, 2004-11-02 09:00
every fiftieth year still comes
    UTC, from 2026-03-01: FREQ=YEARLY;INTERVAL=50 at 09:00
    2027-01-01 00:00 -> 2076-03-01 09:00, 2126-03-01 09:00
every thousandth year: later than anybody plans
    UTC, from 2026-03-01: FREQ=YEARLY;INTERVAL=1000 at 09:00
    2026-01-01 00:00 -> 2026-03-01 09:00, end
every thousandth week
    UTC, from 2026-11-24: FREQ=WEEKLY;INTERVAL=1000 at 09:00
    2026-11-24 09:00 -> 2046-01-23 09:00
# Weekdays and numbered weekdays
weekdays: nothing on Saturday and Sunday
    Europe/Berlin, from 2026-11-27: FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR at 17:00
    2026-11-27 15:00 -> 2026-11-27 16:00, 2026-11-30 16:00
every day of January, by days
    UTC, from 2026-01-30: FREQ=DAILY;BYMONTH=1 at 09:00
    2026-01-30 00:00 -> 2026-01-30 09:00, 2026-01-31 09:00, 2027-01-01 09:00
the Mondays of January, by weeks
    UTC, from 2026-01-20: FREQ=WEEKLY;BYMONTH=1;BYDAY=MO at 09:00
    2026-01-20 00:00 -> 2026-01-26 09:00, 2027-01-04 09:00
the first Monday of the month
    UTC, from 2026-01-01: FREQ=MONTHLY;BYDAY=1MO at 09:00
    2026-01-01 00:00 -> 2026-01-05 09:00, 2026-02-02 09:00, 2026-03-02 09:00
the last Friday of the month
    UTC, from 2026-01-01: FREQ=MONTHLY;BYDAY=-1FR at 09:00
    2026-01-01 00:00 -> 2026-01-30 09:00, 2026-02-27 09:00, 2026-03-27 09:00
the fifth Thursday: only months with five
    UTC, from 2026-01-01: FREQ=MONTHLY;BYDAY=5TH at 09:00
    2026-01-01 00:00 -> 2026-01-29 09:00, 2026-04-30 09:00, 2026-07-30 09:00
the fifth Thursday from the end: the same months' first
    UTC, from 2026-01-01: FREQ=MONTHLY;BYDAY=-5TH at 09:00
    2026-01-01 00:00 -> 2026-01-01 09:00, 2026-04-02 09:00, 2026-07-02 09:00
the second and fourth Tuesday
    UTC, from 2026-01-01: FREQ=MONTHLY;BYDAY=2TU,4TU at 09:00
    2026-01-01 00:00 -> 2026-01-13 09:00, 2026-01-27 09:00, 2026-02-10 09:00
every Monday and the first Friday
    UTC, from 2026-11-01: FREQ=MONTHLY;BYDAY=MO,1FR at 09:00
    2026-11-01 00:00 -> 2026-11-02 09:00, 2026-11-06 09:00, 2026-11-09 09:00
the first Tuesday of each quarter
    UTC, from 2026-01-01: FREQ=YEARLY;BYMONTH=1,4,7,10;BYDAY=1TU at 09:00
    2026-01-01 00:00 -> 2026-01-06 09:00, 2026-04-07 09:00, 2026-07-07 09:00, 2026-10-06 09:00, 2027-01-05 09:00
the 20th Monday of the year (RFC 5545's example)
    UTC, from 1997-05-19: FREQ=YEARLY;BYDAY=20MO at 09:00
    1997-05-01 00:00 -> 1997-05-19 09:00, 1998-05-18 09:00, 1999-05-17 09:00
the last Friday of the year
    UTC, from 2026-01-01: FREQ=YEARLY;BYDAY=-1FR at 09:00
    2026-01-01 00:00 -> 2026-12-25 09:00, 2027-12-31 09:00, 2028-12-29 09:00
the 53rd Thursday: years that have one
    UTC, from 2026-01-01: FREQ=YEARLY;BYDAY=53TH at 09:00
    2026-01-01 00:00 -> 2026-12-31 09:00, 2032-12-30 09:00
the fourth Thursday of November
    America/New_York, from 2026-01-01: FREQ=YEARLY;BYMONTH=11;BYDAY=4TH at 09:00
    2026-01-01 00:00 -> 2026-11-26 14:00, 2027-11-25 14:00, 2028-11-23 14:00
Friday the 13th (RFC 5545's example)
    America/New_York, from 1997-09-02: FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13 at 09:00
    1997-09-02 00:00 -> 1998-02-13 14:00, 1998-03-13 14:00, 1998-11-13 14:00, 1999-08-13 13:00, 2000-10-13 13:00
the Saturday after the first Sunday (RFC 5545's example)
    UTC, from 1997-09-13: FREQ=MONTHLY;BYDAY=SA;BYMONTHDAY=7,8,9,10,11,12,13 at 09:00
    1997-09-01 00:00 -> 1997-09-13 09:00, 1997-10-11 09:00, 1997-11-08 09:00
# Times of day
seconds are kept
    UTC, from 2026-11-24: FREQ=DAILY at 09:00:07
    2026-11-24 09:00:06 -> 2026-11-24 09:00:07, 2026-11-25 09:00:07
a second before midnight, and midnight
    UTC, from 2026-11-24: FREQ=DAILY at 00:00 23:59:59
    2026-11-24 12:00 -> 2026-11-24 23:59:59, 2026-11-25 00:00, 2026-11-25 23:59:59
three times a day, asked in the middle
    UTC, from 2026-11-24: FREQ=WEEKLY;BYDAY=TU at 08:00 12:30 17:00
    2026-11-24 12:30 -> 2026-11-24 17:00, 2026-12-01 08:00, 2026-12-01 12:30
once, at two times
    UTC, from 2026-11-24: once at 08:00 17:00
    2026-11-24 00:00 -> 2026-11-24 08:00, 2026-11-24 17:00, end
# Asked in other ways
before the start there is nothing
    UTC, from 2026-11-24: FREQ=DAILY at 09:00
    2026-11-24 09:00 <- end
before the second is the first
    UTC, from 2026-11-24: FREQ=DAILY at 09:00
    2026-11-25 09:00 <- 2026-11-24 09:00, end
long before a rule begins
    UTC, from 2026-11-24: FREQ=DAILY at 09:00
    1990-01-01 00:00 <- end
the last one of a rule that rests for months
    UTC, from 2020-01-31: FREQ=MONTHLY;BYMONTHDAY=31;BYMONTH=1 at 09:00
    2026-11-24 12:00 <- 2026-01-31 09:00, 2025-01-31 09:00
between: the first instant does not count, the last does
    UTC, from 2026-11-20: FREQ=DAILY at 09:00
    2026-11-24 09:00 .. 2026-11-26 09:00: 2026-11-25 09:00, 2026-11-26 09:00
between: over more than 40 years
    UTC, from 1950-01-01: FREQ=YEARLY;INTERVAL=25 at 09:00
    1949-01-01 00:00 .. 2026-01-01 00:00: 1950-01-01 09:00, 1975-01-01 09:00, 2000-01-01 09:00, 2025-01-01 09:00
"""
