"""Cron, and where its fields are more than numbers. 24 November 2026 is a Tuesday."""

CRON = """
# Fields
cron: from its start
    Europe/Berlin, from 2026-12-01: cron 0 9 * * *
    2026-11-24 12:00 -> 2026-12-01 08:00
cron: names of weekdays in a range
    UTC, from 2026-11-27: cron 0 9 * * MON-FRI
    2026-11-27 00:00 -> 2026-11-27 09:00, 2026-11-30 09:00
cron: names of months, in small letters
    UTC, from 2026-01-01: cron 0 9 1 jan,jul *
    2026-01-01 09:00 -> 2026-07-01 09:00, 2027-01-01 09:00
cron: a step
    UTC, from 2026-11-24: cron */20 9 * * *
    2026-11-24 09:00 -> 2026-11-24 09:20, 2026-11-24 09:40, 2026-11-25 09:00
cron: a step that does not divide the hour starts anew
    UTC, from 2026-11-24: cron */25 9,10 * * *
    2026-11-24 09:00 -> 2026-11-24 09:25, 2026-11-24 09:50, 2026-11-24 10:00
cron: a step from a number on
    UTC, from 2026-11-24: cron 5/20 9 * * *
    2026-11-24 09:00 -> 2026-11-24 09:05, 2026-11-24 09:25, 2026-11-24 09:45, 2026-11-25 09:05
cron: a step within a range
    UTC, from 2026-11-24: cron 0 9-17/4 * * *
    2026-11-24 00:00 -> 2026-11-24 09:00, 2026-11-24 13:00, 2026-11-24 17:00, 2026-11-25 09:00
cron: a list of ranges
    UTC, from 2026-11-24: cron 0 8-9,12 * * *
    2026-11-24 00:00 -> 2026-11-24 08:00, 2026-11-24 09:00, 2026-11-24 12:00, 2026-11-25 08:00
cron: 7 is Sunday
    UTC, from 2026-11-24: cron 0 9 * * 7
    2026-11-24 00:00 -> 2026-11-29 09:00, 2026-12-06 09:00
cron: 0 is Sunday
    UTC, from 2026-11-24: cron 0 9 * * 0
    2026-11-24 00:00 -> 2026-11-29 09:00, 2026-12-06 09:00
cron: days 5 to 7 end with Sunday
    UTC, from 2026-11-24: cron 0 9 * * 5-7
    2026-11-24 00:00 -> 2026-11-27 09:00, 2026-11-28 09:00, 2026-11-29 09:00, 2026-12-04 09:00
cron: the 31st only where there is one
    UTC, from 2026-01-01: cron 0 9 31 * *
    2026-02-01 00:00 -> 2026-03-31 09:00, 2026-05-31 09:00
cron: 29 February
    UTC, from 2026-01-01: cron 0 9 29 2 *
    2026-01-01 00:00 -> 2028-02-29 09:00, 2032-02-29 09:00
# Days
cron: L, the last day of the month
    UTC, from 2028-01-01: cron 0 9 L * *
    2028-01-01 00:00 -> 2028-01-31 09:00, 2028-02-29 09:00, 2028-03-31 09:00
cron: LW, the last weekday of the month
    UTC, from 2026-01-01: cron 0 9 LW * *
    2026-01-01 00:00 -> 2026-01-30 09:00, 2026-02-27 09:00, 2026-03-31 09:00
cron: the 15th and the last day
    UTC, from 2026-02-01: cron 0 9 15,L * *
    2026-02-01 00:00 -> 2026-02-15 09:00, 2026-02-28 09:00, 2026-03-15 09:00
cron: MON#1, the first Monday
    UTC, from 2026-01-01: cron 0 9 * * MON#1
    2026-01-01 00:00 -> 2026-01-05 09:00, 2026-02-02 09:00
cron: MON#5, where there is a fifth
    UTC, from 2026-01-01: cron 0 9 * * MON#5
    2026-01-01 00:00 -> 2026-03-30 09:00, 2026-06-29 09:00, 2026-08-31 09:00
cron: 5L, the last Friday
    UTC, from 2026-01-01: cron 0 9 * * 5L
    2026-01-01 00:00 -> 2026-01-30 09:00, 2026-02-27 09:00, 2026-03-27 09:00
cron: the first Monday and the last Friday
    UTC, from 2026-01-01: cron 0 9 * * MON#1,5L
    2026-01-01 00:00 -> 2026-01-05 09:00, 2026-01-30 09:00, 2026-02-02 09:00
cron: day of month or day of week
    Europe/Berlin, from 2026-11-01: cron 0 9 1 * MON
    2026-11-24 12:00 -> 2026-11-30 08:00, 2026-12-01 08:00, 2026-12-07 08:00
cron: Friday or the 13th, in one month
    UTC, from 2026-01-01: cron 0 9 13 3 FRI
    2026-03-01 00:00 -> 2026-03-06 09:00, 2026-03-13 09:00, 2026-03-20 09:00, 2026-03-27 09:00, 2027-03-05 09:00
cron: a field that begins with a star is not an alternative: odd days that are Mondays
    UTC, from 2026-11-01: cron 0 9 */2 * MON
    2026-11-01 00:00 -> 2026-11-09 09:00, 2026-11-23 09:00, 2026-12-07 09:00, 2026-12-21 09:00
cron: the first where it is an even weekday
    UTC, from 2026-01-01: cron 0 9 1 * */2
    2026-01-01 00:00 -> 2026-01-01 09:00, 2026-02-01 09:00, 2026-03-01 09:00, 2026-08-01 09:00
# Clock changes: the same answers as for every other rule
cron: a skipped time moves by the gap, as for every other rule
    Europe/Berlin, from 2026-01-01: cron 30 2 * * *
    2026-03-28 12:00 -> 2026-03-29 01:30, 2026-03-30 00:30
cron: a repeated time comes once, at the first
    Europe/Berlin, from 2026-01-01: cron 30 2 * * *
    2026-10-24 12:00 -> 2026-10-25 00:30, 2026-10-26 01:30
cron: every half hour through the gap
    America/New_York, from 2026-01-01: cron */30 * * * *
    2026-03-08 06:00 -> 2026-03-08 06:30, 2026-03-08 07:00, 2026-03-08 07:30, 2026-03-08 08:00
cron: every hour through the repeated one: once
    Europe/Berlin, from 2026-01-01: cron 0 * * * *
    2026-10-24 23:00 -> 2026-10-25 00:00, 2026-10-25 02:00, 2026-10-25 03:00
cron: a star for the hour moves by the gap too, and both become one
    Europe/Berlin, from 2026-01-01: cron 0 2-3 * * *
    2026-03-28 12:00 -> 2026-03-29 01:00, 2026-03-30 00:00, 2026-03-30 01:00
cron: a gap at midnight
    America/Sao_Paulo, from 2018-01-01: cron 30 0 * * *
    2018-11-03 12:00 -> 2018-11-04 03:30, 2018-11-05 02:30
cron: the repeated half hour
    Australia/Lord_Howe, from 2026-01-01: cron 45 1 * * *
    2026-04-04 00:00 -> 2026-04-04 14:45, 2026-04-05 15:15
# Asked in other ways
cron: asked within the minute
    UTC, from 2026-11-24: cron 0 9 * * *
    2026-11-24 09:00:30 -> 2026-11-25 09:00
cron: asked a second before
    UTC, from 2026-11-24: cron 0 9 * * *
    2026-11-24 08:59:59 -> 2026-11-24 09:00
cron: backwards
    UTC, from 2026-11-24: cron 0 9 * * MON
    2026-12-24 00:00 <- 2026-12-21 09:00, 2026-12-14 09:00
cron: backwards over four years
    UTC, from 2020-01-01: cron 0 9 29 2 *
    2027-12-24 00:00 <- 2024-02-29 09:00, 2020-02-29 09:00, end
"""
