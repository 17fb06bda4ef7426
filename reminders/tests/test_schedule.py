"""The rules of time, one row per surprise, each with its reason."""

import time as stopwatch
from datetime import date, datetime, time, timedelta, timezone

import pytest

from reminders.schedule import (
    DayOff,
    MonthEnd,
    Oddity,
    Repeat,
    Schedule,
    ScheduleError,
    WorkCalendar,
    between,
    check,
    next_after,
    oddity,
    place,
    previous,
    repeat_of,
    rule_for,
)
from reminders.tests.schedule_rows import ROWS, Row

BERLIN = "Europe/Berlin"


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=timezone.utc)


def test_no_two_rows_have_the_same_reason() -> None:
    assert len({row.why for row in ROWS}) == len(ROWS) >= 150


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.why)
def test_the_instants_are(row: Row) -> None:
    assert _answers(row) == row.answers


@pytest.mark.parametrize("row", [row for row in ROWS if row.how == "->"], ids=lambda row: row.why)
def test_the_other_questions_have_the_same_answers(row: Row) -> None:
    (after,), instants = row.asked, [each for each in row.answers if each]
    last = instants[-1] if instants else after
    slots = between(row.schedule, after, last)
    assert [slot.at for slot in slots] == instants
    assert [place(row.schedule, slot.local) for slot in slots] == slots
    backwards, before = [], last + timedelta(seconds=1)
    while (slot := previous(row.schedule, before)) and slot.at > after:
        backwards.append(slot.at)
        before = slot.at
    assert backwards[::-1] == instants


def _answers(row: Row) -> list[datetime | None]:
    if row.how == "..":
        return [slot.at for slot in between(row.schedule, *row.asked)]
    found, instant = [], row.asked[0]
    for _answer in row.answers:
        slot = (next_after if row.how == "->" else previous)(row.schedule, instant)
        found.append(slot and slot.at)
        if slot is None:
            break
        instant = slot.at
    return found


def test_an_old_rule_yields_the_same_as_a_young_one() -> None:
    young = Schedule(zone=BERLIN, start=date(2026, 11, 1), times=(time(9),), rule="FREQ=DAILY")
    old = Schedule(zone=BERLIN, start=date(1986, 11, 1), times=(time(9),), rule="FREQ=DAILY")
    assert next_after(old, utc("2026-11-24T12:00")) == next_after(young, utc("2026-11-24T12:00"))


def test_previous_finds_the_last_one_before() -> None:
    schedule = Schedule(zone=BERLIN, start=date(2020, 1, 31), times=(time(9),), rule="FREQ=MONTHLY;BYMONTHDAY=31")
    slot = previous(schedule, utc("2026-11-24T12:00"))
    assert slot is not None and slot.at == utc("2026-10-31T08:00")
    assert previous(schedule, utc("2020-01-31T08:00")) is None


@pytest.mark.parametrize(
    ("rest", "sentence"),
    [
        ({"cron": "0 0 30 2 *"}, "no such date exists"),
        ({"cron": "* * * * *"}, "at least 5 minutes apart"),
        ({"cron": "0 9 * *"}, "five fields"),
        ({"cron": "0 9 * * * *"}, "five fields"),
        ({"cron": "0 9 * * " + "1," * 300 + "1"}, "500 characters"),
        ({"cron": "61 9 * * *"}, "minute must be from 0-59"),
        ({"cron": "0 9 * * 8"}, "day of the week must be from 0-7, SUN-SAT"),
        ({"cron": "0 9 32 * *"}, "day of the month must be from 1-31"),
        ({"times": (time(9), time(9, 3)), "rule": "FREQ=DAILY"}, "at least 5 minutes apart"),
        ({"times": (), "rule": "FREQ=DAILY"}, "at what time"),
        ({"times": (time(9),), "rule": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "month_end": MonthEnd.SKIP}, "never"),
        ({"times": (time(9),), "rule": "FREQ=DAILY", "until": date(2026, 1, 1)}, "before the start"),
        ({"times": (time(9),), "rule": "every so often"}, "not a rule"),
        ({"times": (time(9),), "start": date.min}, "year 1900 to 2149"),
        ({"times": (time(9),), "start": date(1, 2, 20), "rule": "FREQ=DAILY", "day_off": DayOff.NEXT}, "year 1900"),
        ({"times": (time(9),), "start": date(1899, 12, 31)}, "year 1900"),
        ({"times": (time(9),), "start": date(2150, 1, 1)}, "year 1900"),
        ({"cron": "0 9 * * *", "start": date.max}, "year 1900"),
        ({"times": (time(9),), "moved": ((datetime(2026, 11, 24, 9), datetime.max),)}, "year 1900"),
        ({"times": (time(9),), "moved": ((datetime(2026, 11, 24, 9), datetime.min),)}, "year 1900"),
    ],
)
def test_it_is_refused_with_a_sentence_and_quickly(rest: dict, sentence: str) -> None:
    begun = stopwatch.perf_counter()
    with pytest.raises(ScheduleError, match=sentence):
        check(Schedule(**{"zone": BERLIN, "start": date(2026, 11, 24), **rest}))
    assert stopwatch.perf_counter() - begun < 1  # dateutil alone searches for seconds


@pytest.mark.parametrize("start", [date(1900, 1, 1), date(2149, 12, 31)])
@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago"])
@pytest.mark.parametrize("day_off", [DayOff.STAY, DayOff.NEXT, DayOff.PREVIOUS])
def test_the_first_and_the_last_day_that_can_be_used_are_computed_with(start: date, zone: str, day_off: DayOff) -> None:
    never = WorkCalendar(weekdays=frozenset())
    daily = Schedule(zone, start, (time(9),), rule="FREQ=DAILY", until=date.max, day_off=day_off, calendar=never)
    check(daily)
    assert previous(daily, datetime.max.replace(tzinfo=timezone.utc))


def test_hostile_cron_expressions_raise_nothing_but_a_sentence() -> None:
    for expression in ("", "\x00 * * * *", "*/0 * * * *", "9-1 * * * *", "L L L L L", "🙂 * * * *", "0 0 31 2,4,6 *"):
        with pytest.raises(ScheduleError):
            check(Schedule(zone=BERLIN, start=date(2026, 11, 24), cron=expression))


@pytest.mark.parametrize("repeat", [each for each in Repeat if each not in {Repeat.CRON, Repeat.RULE}])
def test_a_simple_repeat_is_read_back_as_it_was_written(repeat: Repeat) -> None:
    start = date(2026, 11, 24)
    schedule = Schedule(zone=BERLIN, start=start, times=(time(9),), rule=rule_for(repeat, start, [1, 4]))
    assert repeat_of(schedule) == (repeat, [1, 4] if repeat == Repeat.WEEKLY else [])


def test_the_form_can_say_what_a_clock_change_does() -> None:
    zone = Schedule(zone=BERLIN, start=date(2026, 1, 1)).tzinfo
    assert oddity(datetime(2026, 3, 29, 2, 30), zone) == Oddity.SKIPPED
    assert oddity(datetime(2026, 10, 25, 2, 30), zone) == Oddity.REPEATED
    assert oddity(datetime(2026, 3, 30, 2, 30), zone) is None
