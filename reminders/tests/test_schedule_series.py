"""A series cut in two: both parts together have exactly the slots of the whole."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta, timezone
from itertools import islice

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from reminders.schedule import DayOff, MonthEnd, Schedule, Slot, WorkCalendar, between, bounded, cut, following
from reminders.schedule.occur import locals_from
from reminders.tests.test_schedule_reference import SLOWLY, questions

BERLIN = "Europe/Berlin"
YEARS = timedelta(days=3653)


def schedule(rule: str = "", *, start: str = "2026-01-05", times: tuple[int, ...] = (9,), **fields: object) -> Schedule:
    """In Berlin, at whole hours."""
    whole = Schedule(BERLIN, date.fromisoformat(start), () if "cron" in fields else tuple(map(time, times)), rule)
    return bounded(replace(whole, **fields))  # type: ignore[arg-type]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


ROWS = [
    # (the whole, the slot from which on the second part is, how many slots the first part has)
    pytest.param(schedule("FREQ=DAILY"), "2026-01-08T09:00", 3, id="an endless rule"),
    pytest.param(schedule("FREQ=DAILY", count=10), "2026-01-08T09:00", 3, id="ten times, of which seven are left"),
    pytest.param(schedule("FREQ=DAILY", times=(9, 17), count=7), "2026-01-06T17:00", 3, id="a count cut within a day"),
    pytest.param(schedule("FREQ=DAILY", count=4), "2026-01-08T09:00", 3, id="a count of which the last is left"),
    pytest.param(schedule("FREQ=DAILY", until=date(2026, 1, 9)), "2026-01-08T09:00", 3, id="an end by date"),
    pytest.param(
        schedule("FREQ=DAILY", times=(9, 17), last=at("2026-01-08T09:00")), "2026-01-07T17:00", 5, id="an end by time"
    ),
    pytest.param(schedule("FREQ=DAILY", times=(9, 12, 17)), "2026-01-06T12:00", 4, id="between two times of a day"),
    pytest.param(schedule("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH"), "2026-01-22T09:00", 3, id="every other week, midweek"),
    pytest.param(
        schedule("FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,MO;WKST=SU", start="2026-01-04"),
        "2026-01-19T09:00",
        3,
        id="every other week that begins on Sunday",
    ),
    pytest.param(schedule("FREQ=WEEKLY;INTERVAL=3"), "2026-01-26T09:00", 1, id="a weekday that the start says"),
    pytest.param(schedule("FREQ=DAILY;INTERVAL=3"), "2026-01-11T09:00", 2, id="every third day"),
    pytest.param(
        schedule("FREQ=MONTHLY", start="2026-01-31"), "2026-02-28T09:00", 1, id="the 31st, cut where it is the 28th"
    ),
    pytest.param(
        schedule("FREQ=MONTHLY", start="2026-01-31", month_end=MonthEnd.SKIP),
        "2026-03-31T09:00",
        1,
        id="the 31st, and shorter months skipped",
    ),
    pytest.param(schedule("FREQ=YEARLY", start="2024-02-29"), "2025-02-28T09:00", 1, id="29 February"),
    pytest.param(
        schedule("FREQ=YEARLY;BYMONTH=3,9"), "2026-09-05T09:00", 1, id="a day of named months that the start says"
    ),
    pytest.param(
        schedule("FREQ=MONTHLY;INTERVAL=2;BYDAY=FR;BYSETPOS=1,-1"), "2026-03-27T09:00", 2, id="first and last Friday"
    ),
    pytest.param(
        schedule("FREQ=YEARLY;BYWEEKNO=1;BYDAY=WE", start="2025-01-01"), "2025-12-31T09:00", 1, id="a week of next year"
    ),
    pytest.param(schedule(cron="0 9,17 * * 1-5"), "2026-01-06T17:00", 3, id="cron, within a day"),
    pytest.param(schedule(cron="0 9 1,15 * MON", count=6), "2026-01-15T09:00", 2, id="cron that ends after six times"),
    pytest.param(
        schedule("FREQ=DAILY", skipped=frozenset({at("2026-01-06T09:00"), at("2026-01-10T09:00")})),
        "2026-01-08T09:00",
        2,
        id="skipped ones on either side",
    ),
    pytest.param(
        schedule("FREQ=DAILY", count=6, skipped=frozenset({at("2026-01-06T09:00"), at("2026-01-09T09:00")})),
        "2026-01-08T09:00",
        2,
        id="skipped ones that the count counts",
    ),
    pytest.param(
        schedule(
            "FREQ=DAILY",
            moved=(
                (at("2026-01-06T09:00"), at("2026-01-20T10:00")),
                (at("2026-01-12T09:00"), at("2026-01-02T10:00")),
            ),
        ),
        "2026-01-08T09:00",
        3,
        id="moved ones, each to the other side of the cut",
    ),
    pytest.param(
        schedule("FREQ=DAILY", times=(2, 3), start="2026-03-27"),
        "2026-03-29T03:00",
        5,
        id="where the clocks go forward, between two that come at one instant",
    ),
    pytest.param(
        schedule("FREQ=DAILY", times=(2, 3), start="2026-10-24"), "2026-10-25T03:00", 3, id="where clocks go back"
    ),
    pytest.param(
        schedule("FREQ=DAILY", start="2026-12-21", day_off=DayOff.NEXT, calendar=WorkCalendar(country="DE")),
        "2026-12-26T09:00",
        5,
        id="from a day off on, which comes on a working day",
    ),
]


@pytest.mark.parametrize(("whole", "slot", "before"), ROWS)
def test_the_parts_are_the_whole(whole: Schedule, slot: str, before: int) -> None:
    first, second = cut(whole, at(slot)), following(whole, at(slot))
    assert first is not None
    assert len(_instants(first)) == before
    assert _joined(first, second) == _slots(whole)
    assert min(local for local, _at in _slots(second)) == at(slot)


def _instants(part: Schedule) -> set[datetime]:
    return {slot.at for slot in _slots(part)}


def _slots(part: Schedule) -> list[Slot]:
    """Those of a good ten years, moved ones included."""
    begin = datetime(part.start.year - 2, 1, 1, tzinfo=timezone.utc)
    return between(part, begin, datetime(2036, 12, 1, tzinfo=timezone.utc), limit=20_000)


def _joined(first: Schedule | None, second: Schedule) -> list[Slot]:
    """In order of their instants, the earliest local time of each as in one schedule."""
    found: dict[datetime, Slot] = {}
    for slot in [*(_slots(first) if first else []), *_slots(second)]:
        found[slot.at] = min(slot, found.get(slot.at, slot))
    return [found[instant] for instant in sorted(found)]


def test_there_is_nothing_before_the_first_one() -> None:
    whole = schedule("FREQ=WEEKLY;BYDAY=MO")
    assert cut(whole, at("2026-01-05T09:00")) is None
    assert following(whole, at("2026-01-05T09:00")).start == whole.start


def test_once_has_no_part_before_and_stays_what_it_is() -> None:
    once = schedule(times=(9,))
    assert cut(once, at("2026-01-05T09:00")) is None
    assert _slots(following(once, at("2026-01-05T09:00"))) == _slots(once)


def test_a_part_says_how_often_it_comes_by_itself() -> None:
    whole = schedule("FREQ=DAILY", count=10)
    assert following(whole, at("2026-01-08T09:00")).count == 7
    first = cut(whole, at("2026-01-08T09:00"))
    assert first and (first.count, first.last, first.until) == (None, at("2026-01-07T09:00"), date(2026, 1, 7))


def test_the_part_before_an_instant_that_no_slot_has_ends_with_the_last_one_before() -> None:
    first = cut(schedule("FREQ=YEARLY", start="2000-01-05"), at("2026-01-04T00:00"))
    assert first and first.last == at("2025-01-05T09:00")


@SLOWLY
@given(questions(), st.integers(0, 80))
def test_any_series_cut_anywhere_has_the_same_slots(question: tuple[Schedule, datetime], nth: int) -> None:
    whole, _after = question
    whole = bounded(whole)
    slot = next(islice(locals_from(whole, datetime.combine(whole.start, time())), nth, None), None)
    assume(slot)
    assert slot
    begin = datetime.combine(whole.start, time(), timezone.utc) - timedelta(days=60)
    end = begin + YEARS

    def until(part: Schedule | None) -> list[Slot]:
        return between(part, begin, end, limit=1500) if part else []

    expected, first, second = until(whole), until(cut(whole, slot)), until(following(whole, slot))
    found: dict[datetime, Slot] = {}
    for each in [*first, *second]:
        found[each.at] = min(each, found.get(each.at, each))
    joined = [found[instant] for instant in sorted(found)]
    assert joined[: len(expected)] == expected
    assert len(joined) == len(expected) or len(expected) == 1500
    assert all(each.local < slot for each in first)
    assert all(each.local >= slot for each in second)
