"""The ladder: which steps an occurrence has and when each comes. Pure."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta, timezone
from itertools import islice
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reminders.ladder import AHEAD_AT_MOST, DUE, Rung, check_lead_times, first_ahead, ladder, lead_in_words, lead_time
from reminders.schedule import Schedule, ScheduleError, slots_after

BERLIN = ZoneInfo("Europe/Berlin")
NEW_YORK = ZoneInfo("America/New_York")
UTC = ZoneInfo("UTC")
HOUR, DAY, WEEK = 60, 24 * 60, 7 * 24 * 60


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=timezone.utc)


ROWS = [
    # (due, zone, lead times in minutes, the rungs)
    pytest.param("2026-11-24T12:00", UTC, [], {DUE: "2026-11-24T12:00"}, id="without a notice there is one step"),
    pytest.param(
        "2026-11-24T12:00",
        UTC,
        [DAY, 15],
        {"advance-1d": "2026-11-23T12:00", "advance-15m": "2026-11-24T11:45", DUE: "2026-11-24T12:00"},
        id="the longest notice comes first",
    ),
    pytest.param(
        "2026-11-24T12:00",
        UTC,
        [15, DAY, 15],
        {"advance-1d": "2026-11-23T12:00", "advance-15m": "2026-11-24T11:45", DUE: "2026-11-24T12:00"},
        id="whatever the order they are kept in, and each once",
    ),
    pytest.param(
        "2026-10-25T08:00",
        BERLIN,
        [DAY],
        {"advance-1d": "2026-10-24T07:00", DUE: "2026-10-25T08:00"},
        id="a day before is the same hour of the clock when the day has 25 hours",
    ),
    pytest.param(
        "2026-10-25T08:00",
        BERLIN,
        [DAY + HOUR],
        {"advance-25h": "2026-10-24T07:00", DUE: "2026-10-25T08:00"},
        id="25 hours before are exact hours",
    ),
    pytest.param(
        "2026-03-29T07:00",
        BERLIN,
        [WEEK],
        {"advance-7d": "2026-03-22T08:00", DUE: "2026-03-29T07:00"},
        id="a week before is the same hour of the clock when the clocks go forward between",
    ),
    pytest.param(
        "2026-03-09T06:30",
        NEW_YORK,
        [DAY],
        {"advance-1d": "2026-03-08T07:30", DUE: "2026-03-09T06:30"},
        id="a day before at a time that the clocks skip moves forward by the gap",
    ),
    pytest.param(
        "2026-11-02T06:30",
        NEW_YORK,
        [DAY],
        {"advance-1d": "2026-11-01T05:30", DUE: "2026-11-02T06:30"},
        id="a day before at a time that comes twice is the first",
    ),
    pytest.param(
        "2011-12-30T19:00",  # 31 December 09:00 in Apia, which has no 30th
        ZoneInfo("Pacific/Apia"),
        [DAY],
        {DUE: "2011-12-30T19:00"},
        id="a notice that a skipped day moves onto the due time itself is none",
    ),
    pytest.param("2026-11-24T12:00", UTC, [0], {DUE: "2026-11-24T12:00"}, id="no time before is no notice"),
]


@pytest.mark.parametrize(("due", "zone", "lead_times", "rungs"), ROWS)
def test_the_rungs_are(due: str, zone: ZoneInfo, lead_times: list[int], rungs: dict[str, str]) -> None:
    assert ladder(utc(due), zone, lead_times) == [Rung(utc(at), step) for step, at in rungs.items()]


@given(
    st.datetimes(datetime(2000, 1, 1), datetime(2060, 1, 1)),
    st.sampled_from([BERLIN, NEW_YORK, UTC, ZoneInfo("Australia/Lord_Howe"), ZoneInfo("Pacific/Apia")]),
    st.lists(st.integers(0, 400 * DAY), max_size=6),
)
def test_steps_are_in_time_order_named_apart_and_due_is_the_last(
    due: datetime, zone: ZoneInfo, lead_times: list[int]
) -> None:
    due_at = due.replace(tzinfo=timezone.utc)
    rungs = ladder(due_at, zone, lead_times)
    assert rungs[-1] == Rung(due_at, DUE)
    assert all(rung.at < due_at for rung in rungs[:-1])
    assert rungs[:-1] == sorted(rungs[:-1])
    assert len({rung.step for rung in rungs}) == len(rungs)
    assert {lead_time(rung.step) for rung in rungs[:-1]} <= set(lead_times)
    assert all(len(rung.step) <= 16 for rung in rungs), "as long as the column"


def test_the_first_step_ahead_is_later_than_now() -> None:
    rungs = ladder(utc("2026-11-24T12:00"), UTC, [DAY, HOUR])
    assert first_ahead(rungs, utc("2026-11-23T11:59")).step == "advance-1d"
    assert first_ahead(rungs, utc("2026-11-23T12:00")).step == "advance-1h"
    assert first_ahead(rungs, utc("2026-11-24T11:00")).step == DUE


def test_when_all_is_past_the_due_step_is_still_taken() -> None:
    rungs = ladder(utc("2026-11-24T12:00"), UTC, [DAY])
    assert first_ahead(rungs, utc("2026-11-25T12:00")).step == DUE


@pytest.mark.parametrize("step", [DUE, "advance-", "advance-1w", "advance-d", "nag-1", "xadvance-1d", "advance-1d "])
def test_another_step_is_no_notice(step: str) -> None:
    assert lead_time(step) is None


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(1, "1 minute"), (90, "90 minutes"), (60, "1 hour"), (180, "3 hours"), (DAY, "1 day"), (WEEK, "1 week")],
)
def test_a_lead_time_is_said_in_its_largest_whole_unit(minutes: int, words: str) -> None:
    assert lead_in_words(minutes) == words


EVERY_45_MINUTES = Schedule("UTC", date(2026, 11, 24), cron="*/45 8-17 * * *")


@pytest.mark.parametrize(
    ("minutes", "problem"),
    [
        ([DAY, 2 * HOUR, HOUR, 30, 15, 5], "at most"),
        ([4], "from 5 minutes"),
        ([90 * DAY + 1], "to 90 days"),
        ([WEEK], "More than 100 dates"),
    ],
)
def test_notices_that_cannot_be_kept_are_refused(minutes: list[int], problem: str) -> None:
    with pytest.raises(ScheduleError, match=problem):
        check_lead_times(minutes, EVERY_45_MINUTES, utc("2026-11-24T00:00"))


@pytest.mark.parametrize("minutes", [[], [4 * DAY], [90], [5]])
def test_notices_that_can_be_kept_are_not(minutes: list[int]) -> None:
    check_lead_times(minutes, EVERY_45_MINUTES, utc("2026-11-24T00:00"))


def test_a_time_that_comes_often_in_some_season_only_is_seen() -> None:
    december = Schedule("UTC", date(2026, 1, 1), (time(8),), "FREQ=DAILY;BYMONTH=9,10,11,12")
    with pytest.raises(ScheduleError, match="More than 100 dates"):
        check_lead_times([90 * DAY, 5], replace(december, times=(time(8), time(20))), utc("2026-01-01T00:00"))
    check_lead_times([90 * DAY], december, utc("2026-01-01T00:00"))


@pytest.mark.parametrize("clocks", ["Europe/Berlin", "Australia/Lord_Howe", "UTC"])
@settings(deadline=None, max_examples=40)
@given(times=st.integers(1, 40), minutes=st.integers(5, 90 * DAY), moved=st.integers(0, 3))
def test_what_is_not_looked_at_is_never_too_dense(clocks: str, times: int, minutes: int, moved: int) -> None:
    """Which schedules have few enough dates is told by their times of day alone; looking at each date agrees."""
    begin = date(2026, 3, 1)
    clock = tuple(time(n // 2, 30 * (n % 2)) for n in range(times))
    onto = tuple((datetime.combine(date(2026, 4, 1 + n), clock[0]), datetime(2026, 3, 10, 3, n)) for n in range(moved))
    schedule = Schedule(clocks, begin, clock, rule="FREQ=DAILY", moved=onto)
    dates = [slot.at for slot in islice(slots_after(schedule, utc("2026-02-01T00:00")), 800)]
    dense = any(b - a <= timedelta(minutes=minutes) for a, b in zip(dates, dates[AHEAD_AT_MOST:], strict=False))
    try:
        check_lead_times([minutes], schedule, utc("2026-02-01T00:00"))
    except ScheduleError:
        assert dense
    else:
        assert not dense
