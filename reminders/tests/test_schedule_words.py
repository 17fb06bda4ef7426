"""Schedules in words: exact ones, and that words tell apart what comes due at different times."""

from dataclasses import replace
from datetime import date, time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reminders.schedule import MonthEnd, Schedule, describe
from reminders.schedule.cron import cron_dates, cron_rules
from reminders.schedule.rule import dates, parse
from reminders.schedule.words import clock_face
from reminders.tests.schedule_rows.reading import schedule_of
from reminders.tests.test_schedule_cron import EACH
from reminders.tests.test_schedule_reference import CRONS, rules

# Each from Friday 27 November 2026 in Berlin, and its words.
WORDS = """
once at 16:00
    once, on Fri 27 November 2026 at 16:00
once at 08:00 16:00:05
    once, on Fri 27 November 2026 at 08:00 and 16:00:05
# Times
FREQ=DAILY at 16:00
    every day at 16:00
FREQ=DAILY at 16:00:05
    every day at 16:00:05
FREQ=WEEKLY;BYDAY=MO,FR at 08:00 12:00 16:30
    every Monday and Friday at 08:00, 12:00 and 16:30
FREQ=DAILY at 08:00 09:00 10:00 12:00 15:00
    every day at 08:00, 09:00, 10:00, 12:00 and 15:00
FREQ=DAILY at 08:00 09:00 10:00 11:00
    every day at 08:00, 09:00, 10:00 and 11:00
FREQ=DAILY at 08:00 09:00 10:00 11:00 12:00
    every day, every hour from 08:00 to 12:00
FREQ=DAILY at 08:00 10:00 12:00 14:00 16:00
    every day, every 2 hours from 08:00 to 16:00
FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR at 08:00 08:45 09:30 10:15 11:00 11:45 12:30 13:15 14:00 14:45 15:30 16:15 17:00
    every weekday, every 45 minutes from 08:00 to 17:00
FREQ=DAILY at 08:00 08:00:10 08:00:20 08:00:30 08:00:40
    every day at 08:00, 08:00:10, 08:00:20, 08:00:30 and 08:00:40
# Days
FREQ=DAILY;INTERVAL=2 at 09:00
    every other day at 09:00
FREQ=DAILY;INTERVAL=10 at 09:00
    every 10 days at 09:00
FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR at 09:00
    every weekday at 09:00
FREQ=DAILY;INTERVAL=2;BYDAY=MO at 09:00
    every other day if it is a Monday at 09:00
FREQ=DAILY;INTERVAL=2;BYDAY=MO,TU,WE,TH,FR at 09:00
    every other day if it is a weekday at 09:00
FREQ=DAILY;INTERVAL=3;BYMONTHDAY=1,15,-1 at 09:00
    every 3 days if it is the 1st, 15th or last day at 09:00
FREQ=DAILY;BYMONTH=1 at 09:00
    every day in January at 09:00
FREQ=DAILY;BYMONTHDAY=31 at 09:00
    every month on the 31st (or the last day of a shorter month) at 09:00
FREQ=DAILY;BYDAY=MO;BYSETPOS=1 at 09:00
    every Monday at 09:00
# Weeks
FREQ=WEEKLY at 09:00
    every Friday at 09:00
FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA,SU at 09:00
    every day at 09:00
FREQ=WEEKLY;BYDAY=SU,SA at 09:00
    every Saturday and Sunday at 09:00
FREQ=WEEKLY;BYDAY=MO;BYMONTH=6,7 at 09:00
    every Monday in June and July at 09:00
FREQ=WEEKLY;INTERVAL=2;BYDAY=TU at 09:00
    every other Tuesday at 09:00
FREQ=WEEKLY;INTERVAL=2;BYDAY=TU;WKST=SU at 09:00
    every other Tuesday (weeks begin on Sunday) at 09:00
FREQ=WEEKLY;INTERVAL=2;BYDAY=TU;BYMONTH=3 at 09:00
    every other Tuesday in March at 09:00
FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TU,WE,TH,FR at 09:00
    every other week on weekdays at 09:00
FREQ=WEEKLY;INTERVAL=3;BYDAY=TU,SU;WKST=SU at 09:00
    every 3 weeks on Tuesday and Sunday (weeks begin on Sunday) at 09:00
FREQ=WEEKLY;BYDAY=MO,WE,FR;BYSETPOS=-1 at 09:00
    every week on Monday, Wednesday and Friday (of these only the last) at 09:00
FREQ=WEEKLY;BYDAY=MO;WKST=SU at 09:00
    every Monday at 09:00
# Months
FREQ=MONTHLY at 09:00
    every month on the 27th at 09:00
FREQ=MONTHLY;BYMONTHDAY=1,2,3,22 at 09:00
    every month on the 1st, 2nd, 3rd and 22nd at 09:00
FREQ=MONTHLY;BYMONTHDAY=1,2,3,4,5,6,7 at 09:00
    every month on the 1st to 7th at 09:00
FREQ=MONTHLY;BYMONTHDAY=1,6,11,16,21,26 at 09:00
    every month on every fifth day from the 1st to the 26th at 09:00
FREQ=MONTHLY;BYMONTHDAY=31 at 09:00
    every month on the 31st (or the last day of a shorter month) at 09:00
FREQ=MONTHLY;BYMONTHDAY=31 at 09:00; month end skip
    every month on the 31st (in months that have one) at 09:00
FREQ=MONTHLY;BYMONTHDAY=15,30,31 at 09:00; month end skip
    every month on the 15th, 30th and 31st (in months that have them) at 09:00
FREQ=MONTHLY;BYMONTHDAY=-1 at 09:00
    every month on the last day at 09:00
FREQ=MONTHLY;BYMONTHDAY=-2,-1 at 09:00
    every month on the second to last and last day at 09:00
FREQ=MONTHLY;BYMONTHDAY=1,-1 at 09:00
    every month on the 1st and last day at 09:00
FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=11 at 09:00
    every other month on the 11th at 09:00
FREQ=MONTHLY;INTERVAL=3;BYDAY=1TU at 09:00
    every 3 months on the first Tuesday at 09:00
FREQ=MONTHLY;INTERVAL=2;BYDAY=TU,TH at 09:00
    every other month on every Tuesday or Thursday at 09:00
FREQ=MONTHLY;BYDAY=-1FR at 09:00
    every month on the last Friday at 09:00
FREQ=MONTHLY;BYDAY=2TU,4TU at 09:00
    every month on the second and fourth Tuesday at 09:00
FREQ=MONTHLY;BYDAY=1MO,-2FR at 09:00
    every month on the first Monday and the second to last Friday at 09:00
FREQ=MONTHLY;BYDAY=MO at 09:00
    every Monday at 09:00
FREQ=MONTHLY;BYDAY=MO,1FR at 09:00
    every month on the first Friday and every Monday at 09:00
FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13 at 20:00
    every month on the 13th if it is a Friday at 20:00
FREQ=MONTHLY;BYDAY=FR,SA;BYMONTHDAY=13,14 at 20:00
    every month on the 13th and 14th if it is a Friday or a Saturday at 20:00
FREQ=MONTHLY;BYDAY=2FR;BYMONTHDAY=13,14 at 20:00
    every month on the 13th and 14th if it is the second Friday at 20:00
FREQ=MONTHLY;BYMONTH=3;BYMONTHDAY=5 at 09:00
    every year on 5 March at 09:00
# BYSETPOS
FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1 at 17:00
    every month on the last weekday at 17:00
FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1,-2 at 17:00
    every month on the first and second to last weekday at 17:00
FREQ=MONTHLY;BYDAY=SA,SU;BYSETPOS=1 at 17:00
    every month on the first weekend day at 17:00
FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYSETPOS=2 at 17:00
    every month on the second day at 17:00
FREQ=MONTHLY;BYDAY=TU,WE,TH;BYSETPOS=3 at 17:00
    every month on the third Tuesday, Wednesday or Thursday at 17:00
FREQ=MONTHLY;BYDAY=MO;BYSETPOS=-1;BYMONTH=1,4,7,10 at 17:00
    every year on the last Monday of January, April, July and October at 17:00
FREQ=MONTHLY;BYDAY=MO;BYSETPOS=-1;BYMONTH=3,6,9,12 at 17:00
    every year on the last Monday of each quarter at 17:00
FREQ=MONTHLY;BYMONTHDAY=15,20;BYSETPOS=-1 at 17:00
    every month on the 15th and 20th (of these only the last) at 17:00
FREQ=YEARLY;BYDAY=MO;BYSETPOS=-1 at 09:00
    every year on the last Monday of the year at 09:00
FREQ=YEARLY;BYMONTH=1;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1 at 09:00
    every year on the first weekday of January at 09:00
FREQ=YEARLY;BYMONTH=1,7;BYDAY=MO;BYSETPOS=1 at 09:00
    every year on every Monday in January and July (of these only the first) at 09:00
# Years
FREQ=YEARLY at 09:00
    every year on 27 November at 09:00
FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29 at 09:00
    every year on 29 February (or the last day of February) at 09:00
FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29 at 09:00; month end skip
    every year on 29 February (in leap years) at 09:00
FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=1,29 at 09:00; month end skip
    every year on 1 and 29 February (the 29th in leap years) at 09:00
FREQ=YEARLY;BYMONTH=1,3;BYMONTHDAY=31 at 09:00
    every year on the 31st of January and March at 09:00
FREQ=YEARLY;BYMONTH=4;BYMONTHDAY=-1 at 09:00
    every year on the last day of April at 09:00
FREQ=YEARLY;BYMONTHDAY=15 at 09:00
    every month on the 15th at 09:00
FREQ=YEARLY;INTERVAL=2;BYMONTHDAY=15 at 09:00
    every other year on the 15th of every month at 09:00
FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8 at 09:00
    every 4 years on 2, 3, 4, 5, 6, 7 and 8 November if it is a Tuesday at 09:00
FREQ=YEARLY;BYMONTH=11;BYDAY=4TH at 09:00
    every year on the fourth Thursday of November at 09:00
FREQ=YEARLY;BYMONTH=1,4,7,10;BYDAY=1TU at 09:00
    every year on the first Tuesday of each quarter at 09:00
FREQ=YEARLY;BYMONTH=1,4,7,10;BYDAY=-1TU at 09:00
    every year on the last Tuesday of January, April, July and October at 09:00
FREQ=YEARLY;BYMONTH=1,4,7,10;BYDAY=4TU,5TU at 09:00
    every year on the fourth and fifth Tuesday of January, April, July and October at 09:00
FREQ=YEARLY;BYMONTH=3,6,9,12;BYDAY=-1FR,-4FR at 09:00
    every year on the fourth to last and last Friday of each quarter at 09:00
FREQ=YEARLY;BYDAY=20MO at 09:00
    every year on the 20th Monday of the year at 09:00
FREQ=YEARLY;BYWEEKNO=20 at 09:00
    every year in week 20 on Friday at 09:00
FREQ=YEARLY;BYWEEKNO=1,-1;BYDAY=SU;WKST=SU at 09:00
    every year in week 1 and the last week on Sunday (weeks begin on Sunday) at 09:00
FREQ=YEARLY;BYYEARDAY=100,200,-2 at 09:00
    every year on day 100, day 200 and the second to last day of the year at 09:00
FREQ=YEARLY;BYYEARDAY=1;BYDAY=MO at 09:00
    every year on day 1 of the year if it is a Monday at 09:00
# Days off and ends
FREQ=DAILY at 09:00; days off next
    every day at 09:00, on the next working day where that is a day off
FREQ=DAILY at 09:00; days off previous; until 2027-03-01
    every day at 09:00, on the working day before where that is a day off, until Mon 1 March 2027
FREQ=DAILY at 09:00; days off skip
    every day at 09:00, except on days off
FREQ=DAILY at 09:00; days off next; works 0,1,2,3,4,5,6
    every day at 09:00, on the next working day where that is a holiday
FREQ=DAILY at 09:00; days off previous; works 0,1,2,3,4,5,6
    every day at 09:00, on the working day before where that is a holiday
FREQ=DAILY at 09:00; days off skip; works 0,1,2,3,4,5,6
    every day at 09:00, except on holidays
FREQ=DAILY at 09:00; count 1
    every day at 09:00, only once
FREQ=DAILY at 09:00; count 10
    every day at 09:00, 10 times
import FREQ=DAILY;UNTIL=20270301T080000Z at 09:00
    every day at 09:00, until Mon 1 March 2027 at 09:00
import FREQ=DAILY;UNTIL=20270301 at 09:00
    every day at 09:00, until Mon 1 March 2027
FREQ=DAILY at 09:00; skipped 2026-11-28 09:00
    every day at 09:00
# Cron
cron 0 9 * * 1-5
    every weekday at 09:00
cron 0 9 * * MON#1,5L
    every month on the first Monday and the last Friday at 09:00
cron 0 9 13 * FRI
    every month on the 13th and every Friday at 09:00
cron 0 9 1,LW * MON
    every month on the 1st, every month on the last weekday and every Monday at 09:00
cron 0 9 */2 * MON
    every month on every second day from the 1st to the 31st (in months that have them) if it is a Monday at 09:00
cron 0 9 15,L * *
    every month on the 15th and last day at 09:00
cron 0 9 1 JAN,JUL *
    every year on the 1st of January and July at 09:00
cron 0 9 * 6-8 0
    every Sunday in June, July and August at 09:00
cron 0 9 1-31 * MON
    every day at 09:00
cron 0 9 * 12 *
    every day in December at 09:00
cron 0 9 LW * */2
    by cron: 0 9 LW * */2
cron */15 9-17 * * MON-FRI
    every weekday, every 15 minutes from 09:00 to 17:45
cron 0 * * * *
    every day, every hour from 00:00 to 23:00
cron */25 * * * *
    every day at 0, 25 and 50 minutes past every hour
cron 5,10 8,9,12,13,17 * * *
    every day at 5 and 10 minutes past 8, 9, 12, 13 and 17
cron 0 9 * *
    by cron: 0 9 * *
"""


def _pairs() -> list[tuple[str, str]]:
    lines = [line.strip() for line in WORDS.splitlines() if line.strip() and not line.startswith("# ")]
    return list(zip(lines[::2], lines[1::2], strict=True))


@pytest.mark.parametrize(("what", "words"), _pairs(), ids=[what for what, _words in _pairs()])
def test_it_says_itself_in_words(what: str, words: str) -> None:
    if what.startswith("cron "):
        schedule = Schedule("Europe/Berlin", date(2026, 11, 27), cron=what.removeprefix("cron "))
    else:
        schedule = schedule_of(f"Europe/Berlin, from 2026-11-27: {what}")
    assert describe(schedule) == words


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data(), rules(), st.dates(date(2020, 1, 1), date(2026, 1, 1)), st.sampled_from(MonthEnd))
def test_the_same_words_mean_the_same_days(data: st.DataObject, text: str, start: date, month_end: MonthEnd) -> None:
    parts = text.split(";")
    n = data.draw(st.integers(0, len(parts) - 1))
    if parts[n].startswith("FREQ"):
        changed = [f"FREQ={data.draw(st.sampled_from(['DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY']))}", *parts[1:]]
    else:
        changed = parts[:n] + parts[n + 1 :]
    schedule = Schedule("UTC", start, (time(9),), rule=text, month_end=month_end)
    other = replace(schedule, rule=";".join(changed))
    try:
        same = describe(schedule) == describe(other)
    except ValueError:  # the other one is not a rule
        return
    clamp = month_end == MonthEnd.LAST
    if same:
        first, second = (
            list(dates(parse(each), start, start, date(2050, 1, 1), clamp=clamp)) for each in (text, other.rule)
        )
        assert first == second


@pytest.mark.parametrize("expression", EACH)
def test_cron_is_said_by_rules_that_mean_the_same_days(expression: str) -> None:
    _same_days(expression)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(CRONS)
def test_any_cron_is_said_by_rules_that_mean_the_same_days(expression: str) -> None:
    _same_days(expression)


def _same_days(expression: str) -> None:
    begin, end = date(2026, 1, 1), date(2034, 1, 1)
    rules_of = cron_rules(expression)
    if not rules_of:
        assert "LW" in expression
        return
    said = {day for rule in rules_of for day in dates(rule, begin, begin, end, clamp=False)}
    found = set()
    for day in cron_dates(expression, begin):
        if day > end:
            break
        found.add(day)
    assert said == found


def test_the_time_of_day_is_said_without_needless_seconds() -> None:
    assert (clock_face(time(9)), clock_face(time(9, 0, 5))) == ("09:00", "09:00:05")
