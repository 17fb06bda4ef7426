"""RRULE days, held against dateutil, which computes them in another way."""

import contextlib
import time as stopwatch
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from dateutil.rrule import rrulestr
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from reminders.schedule import DayOff, Schedule, ScheduleError, WorkCalendar, bounded, check, describe
from reminders.schedule.rule import WEEKDAYS, dates, parse
from reminders.tests import pace

DAYS = st.sampled_from(WEEKDAYS)
NUMBERED = st.builds("{}{}".format, st.sampled_from([1, 2, 3, 4, 5, -1, -2]), DAYS)
MONTH_DAYS = st.sampled_from([1, 2, 13, 15, 28, 29, 30, 31, -1, -2, -31])


@st.composite
def rules(draw: st.DrawFn) -> str:
    """RRULEs as RFC 5545 allows them, but for what dateutil reads differently (see DIFFERENCES)."""
    freq = draw(st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]))
    parts = [f"FREQ={freq}", f"INTERVAL={draw(st.integers(1, 6))}"]

    def part(name: str, values: st.SearchStrategy, most: int = 3) -> None:
        if draw(st.booleans()):
            chosen = draw(st.lists(values, min_size=1, max_size=most, unique=True))
            parts.append(f"{name}={','.join(str(each) for each in chosen)}")

    part("BYMONTH", st.integers(1, 12), 5)
    part("BYDAY", draw(st.sampled_from([DAYS, NUMBERED])) if freq in {"MONTHLY", "YEARLY"} else DAYS, 4)
    if freq != "WEEKLY":
        part("BYMONTHDAY", MONTH_DAYS)
        if len(parts) > 2 and freq != "DAILY":
            part("BYSETPOS", st.sampled_from([1, 2, 3, -1, -2]), 2)
    if freq == "YEARLY":
        part("BYYEARDAY", st.sampled_from([1, 59, 60, 100, 365, 366, -1, -366]))
    part("WKST", DAYS, 1)
    return ";".join(parts)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rule=rules(), start=st.dates(date(2000, 1, 1), date(2026, 1, 1)), later=st.integers(0, 3000))
def test_the_days_are_those_of_dateutil(rule: str, start: date, later: int) -> None:
    lower = start + timedelta(days=later)
    upper = lower + timedelta(days=3653)
    found = list(dates(parse(rule), start, lower, upper, clamp=False))
    assume(found)  # where there are none dateutil would look on until the year 9999
    until = rrulestr(f"{rule};UNTIL={upper:%Y%m%d}", dtstart=datetime.combine(start, time()))
    assert found == [each.date() for each in until if each.date() >= lower]


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rule=rules(), start=st.dates(date(2000, 1, 1), date(2026, 1, 1)))
def test_every_rule_can_be_said_and_another_rule_says_something_else(rule: str, start: date) -> None:
    schedule = Schedule("UTC", start, (time(9),), rule=rule)
    other = Schedule(
        "UTC", start, (time(9),), rule=rule.replace("INTERVAL=1", "INTERVAL=9").replace("FREQ=DAILY", "FREQ=YEARLY")
    )
    assert "at 09:00" in describe(schedule)
    if parse(other.rule).anchored(start) != parse(rule).anchored(start):
        assert describe(schedule) != describe(other)


DIFFERENCES = [
    # (rule, start, day, whether we say yes, why)
    ("FREQ=YEARLY;BYWEEKNO=53;BYDAY=SA", "2021-01-01", "2022-01-01", False, "week 52 of 2021; dateutil says 53"),
    ("FREQ=YEARLY;BYWEEKNO=52;BYDAY=SA", "2021-01-01", "2022-01-01", True, "week 52 of 2021; dateutil leaves it out"),
    ("FREQ=YEARLY;BYWEEKNO=20", "2026-05-12", "2026-05-13", False, "the start's weekday; dateutil takes all seven"),
    ("FREQ=MONTHLY;BYDAY=MO,1FR", "2026-11-01", "2026-11-06", True, "either of the two; dateutil wants both at once"),
    (
        "FREQ=WEEKLY;BYDAY=MO,FR;BYSETPOS=1",
        "2026-11-24",
        "2026-11-27",
        False,
        "Monday is first, also in a week begun late",
    ),
]


@pytest.mark.parametrize(("rule", "start", "day", "ours", "why"), DIFFERENCES)
def test_where_it_differs_from_dateutil_there_is_a_reason(
    rule: str, start: str, day: str, ours: bool, why: str
) -> None:
    begun, wanted = date.fromisoformat(start), date.fromisoformat(day)
    assert (wanted in list(dates(parse(rule), begun, wanted, wanted, clamp=False))) is ours, why
    theirs = rrulestr(rule, dtstart=datetime.combine(begun, time()))
    midnight = datetime.combine(wanted, time())
    assert bool(theirs.between(midnight, midnight, inc=True)) is not ours, "dateutil agrees now: take the row out"


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        ("", "not a rule"),
        ("FREQ=WEEKLY;", "^$"),
        ("FREQ=HOURLY", "FREQ must be"),
        ("FREQ=WEEKLY;FREQ=DAILY", "given twice"),
        ("FREQ=WEEKLY;BYEASTER=1", "BYEASTER cannot be used"),
        ("FREQ=DAILY;INTERVAL=0", "INTERVAL must be from 1 to 1000"),
        ("FREQ=DAILY;INTERVAL=1001", "INTERVAL must be from 1 to 1000"),
        ("FREQ=DAILY;INTERVAL=9999999999", "whole numbers"),
        ("FREQ=MONTHLY;BYMONTHDAY=32", "BYMONTHDAY must be from 1 to 31"),
        ("FREQ=MONTHLY;BYMONTHDAY=0", "BYMONTHDAY must be"),
        ("FREQ=MONTHLY;BYDAY=0MO", "BYDAY must be"),
        ("FREQ=MONTHLY;BYDAY=XX", "BYDAY must be"),
        ("FREQ=WEEKLY;BYDAY=1MO", "needs FREQ=MONTHLY"),
        ("FREQ=YEARLY;BYWEEKNO=20;BYDAY=1MO", "without BYWEEKNO"),
        ("FREQ=MONTHLY;BYWEEKNO=20", "BYWEEKNO needs FREQ=YEARLY"),
        ("FREQ=DAILY;BYYEARDAY=20", "BYYEARDAY needs FREQ=YEARLY"),
        ("FREQ=WEEKLY;BYMONTHDAY=20", "does not go with FREQ=WEEKLY"),
        ("FREQ=MONTHLY;BYSETPOS=1", "needs another part"),
        ("FREQ=WEEKLY;BYDAY=MO;BYSETPOS=2", "BYSETPOS must be from 1 to 1"),
        ("FREQ=WEEKLY;WKST=XX", "WKST must be one of"),
        ("FREQ=WEEKLY;BYDAY=MO\nDTSTART:20260101", "not a rule"),
        ("FREQ=YEARLY;BYMONTHDAY=" + ",".join(["31"] * 200), "500 characters"),
    ],
)
def test_what_cannot_be_a_rule_is_refused_with_a_sentence(rule: str, sentence: str) -> None:
    if sentence == "^$":  # a trailing semicolon is forgiven
        assert parse(rule).freq == "WEEKLY"
        return
    with pytest.raises(ScheduleError, match=sentence):
        parse(rule)


NEVER = WorkCalendar(weekdays=frozenset())
EVERY_QUARTER = tuple(time(hour, minute) for hour in range(24) for minute in (0, 15, 30, 45))
HOSTILE = [
    {"rule": "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"},
    {"rule": "FREQ=DAILY;INTERVAL=2;BYMONTH=2;BYMONTHDAY=30"},
    {"rule": "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYSETPOS=7;BYMONTH=2;INTERVAL=1000"},
    {"rule": "FREQ=MONTHLY;BYDAY=1MO,1TU,1WE;BYSETPOS=31"},
    {"rule": "FREQ=YEARLY;BYDAY=53MO;BYSETPOS=366"},
    {"rule": "FREQ=YEARLY;BYWEEKNO=53;BYMONTH=6"},
    {"rule": "FREQ=YEARLY;BYYEARDAY=366;BYMONTHDAY=30"},
    {"rule": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;BYDAY=MO;INTERVAL=1000"},
    {"rule": "FREQ=YEARLY;BYDAY=-53MO", "count": 1000},
    {"rule": "FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYSETPOS=366", "count": 1000},
    {"rule": "FREQ=DAILY;INTERVAL=2;BYMONTH=2;BYMONTHDAY=29;BYDAY=MO", "count": 1000},
    {"rule": "FREQ=DAILY", "day_off": DayOff.SKIP, "calendar": NEVER, "times": EVERY_QUARTER},
    {"rule": "FREQ=DAILY", "day_off": DayOff.PREVIOUS, "calendar": NEVER, "times": EVERY_QUARTER},
    {"rule": "FREQ=WEEKLY;BYDAY=SU", "day_off": DayOff.SKIP, "times": EVERY_QUARTER},
    {"cron": "0 0 30 2 *"},
    {"cron": "0 0 29 2 */7"},
    {"cron": "0 0 29 2 */7", "count": 1000},
    {"cron": "0 0 31 2,4,6,9,11 *"},
    {"cron": "0 9 " + ",".join(["1-31"] * 98) + " * *"},
    {"cron": "*/5 * * * SUN", "day_off": DayOff.SKIP},
    {"cron": "*/5 * * * *", "day_off": DayOff.SKIP, "calendar": NEVER},
    {"cron": "*/5 * * * *", "count": 1000},
]


@pytest.mark.parametrize("rest", HOSTILE, ids=lambda rest: str(rest)[:80])
def test_deciding_on_a_hostile_rule_takes_under_50_ms(rest: dict[str, Any]) -> None:
    rest = rest if "cron" in rest else {"times": (time(9),), **rest}
    schedule = Schedule("Europe/Berlin", date(2026, 11, 24), **rest)

    def decide() -> float:
        begun = stopwatch.process_time()
        with contextlib.suppress(ScheduleError):
            check(bounded(schedule))
        return stopwatch.process_time() - begun

    assert min(decide() for _ in range(3)) < pace.seconds(50)
