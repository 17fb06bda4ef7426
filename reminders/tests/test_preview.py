"""What a preview says of the times that come."""

from datetime import date, datetime, time, timezone
from zoneinfo import ZoneInfo

import pytest

from reminders.preview import Preview, preview
from reminders.schedule import DayOff, MonthEnd, Oddity, Schedule, WorkCalendar

BERLIN = "Europe/Berlin"
NOW = datetime(2026, 11, 24, 11, tzinfo=timezone.utc)  # a Tuesday
GERMANY = WorkCalendar(country="DE", region="BE")
EVERY_DAY = frozenset(range(7))


def of(rule: str = "", zone: str = BERLIN, now: datetime = NOW, at: time = time(9), **fields: object) -> Preview:
    schedule = Schedule(zone, fields.pop("start", date(2026, 11, 24)), (at,), rule, **fields)
    return preview(schedule, ZoneInfo(BERLIN), now)


def test_five_times_are_shown_and_fifteen_more_to_who_asks() -> None:
    seen = of("FREQ=DAILY")
    assert (len(seen.moments), len(seen.more)) == (5, 15)
    assert seen.more[0].slot.local == datetime(2026, 11, 30, 9)


def test_what_is_moved_off_a_day_off_says_from_where() -> None:
    seen = of("FREQ=MONTHLY;BYMONTHDAY=25", day_off=DayOff.NEXT, calendar=GERMANY)
    assert [moment.written.day for moment in seen.moments] == [25, 28, 25, 25, 25]
    assert [moment.moved_from for moment in seen.moments[:2]] == [None, datetime(2026, 12, 25, 9)]
    assert seen.left_out == []


def test_what_is_moved_by_hand_says_from_when() -> None:
    slot = datetime(2026, 11, 25, 9)
    seen = of("FREQ=DAILY", moved=((slot, datetime(2026, 11, 25, 11)),))
    assert (seen.moments[0].written, seen.moments[0].moved_from) == (datetime(2026, 11, 25, 11), slot)
    assert seen.moments[0].moved_within_the_day


def test_days_off_and_skipped_ones_are_named_as_left_out() -> None:
    fridays = of(
        "FREQ=WEEKLY;BYDAY=FR", day_off=DayOff.SKIP, calendar=GERMANY, skipped=frozenset({datetime(2026, 12, 4, 9)})
    )
    assert [local.date() for local in fridays.left_out] == [date(2026, 12, 4), date(2026, 12, 25), date(2027, 1, 1)]


def test_that_what_comes_daily_leaves_out_weekends_is_not_said() -> None:
    christmas = datetime(2026, 12, 23, 12, tzinfo=timezone.utc)
    seen = of("FREQ=DAILY", now=christmas, day_off=DayOff.SKIP, calendar=GERMANY)
    assert [local.date() for local in seen.left_out] == [date(2026, 12, 25)]
    holidays = of("FREQ=DAILY", now=christmas, day_off=DayOff.SKIP, calendar=WorkCalendar(EVERY_DAY, "DE"))
    assert [local.day for local in holidays.left_out] == [25, 26]


def test_a_team_without_holidays_is_told_where_they_matter() -> None:
    assert of("FREQ=DAILY", day_off=DayOff.SKIP).lacks_holidays
    assert not of("FREQ=DAILY").lacks_holidays
    assert not of("FREQ=DAILY", day_off=DayOff.SKIP, calendar=GERMANY).lacks_holidays


@pytest.mark.parametrize(
    ("zone", "now", "at", "comes_at", "odd"),
    [
        pytest.param(BERLIN, "2027-03-27T12:00", time(2, 30), "03:30", Oddity.SKIPPED, id="an hour is skipped"),
        pytest.param(BERLIN, "2027-10-30T12:00", time(2, 30), "02:30", Oddity.REPEATED, id="an hour happens twice"),
        pytest.param(
            "Australia/Lord_Howe",
            "2026-10-03T00:00",
            time(2, 15),
            "02:45",
            Oddity.SKIPPED,
            id="half an hour is skipped",
        ),
    ],
)
def test_a_time_that_the_clocks_change_says_when_it_comes(
    zone: str, now: str, at: time, comes_at: str, odd: Oddity
) -> None:
    moment = of(
        "FREQ=DAILY", zone, datetime.fromisoformat(now).replace(tzinfo=timezone.utc), at, start=date(2026, 1, 1)
    )
    first = moment.moments[0]
    assert (first.odd, first.written.time(), f"{first.there:%H:%M}") == (odd, at, comes_at)
    assert first.moved_from is None


def test_a_day_off_moved_into_a_skipped_hour_says_both() -> None:
    easter = WorkCalendar(days_off=frozenset({date(2027, 3, 27)}), weekdays=EVERY_DAY)
    seen = of("", start=date(2027, 3, 27), at=time(2, 30), day_off=DayOff.NEXT, calendar=easter)
    assert seen.moments[0].odd == Oddity.SKIPPED
    assert seen.moments[0].moved_from == datetime(2027, 3, 27, 2, 30)


@pytest.mark.parametrize(
    ("rule", "start", "month_end", "lacks", "stand_ins"),
    [
        pytest.param("FREQ=MONTHLY;BYMONTHDAY=31", 30, MonthEnd.LAST, True, [30, 28], id="begun in a shorter month"),
        pytest.param("FREQ=MONTHLY", 24, MonthEnd.LAST, False, [], id="a day that every month has"),
        pytest.param("FREQ=MONTHLY;BYMONTHDAY=31", 30, MonthEnd.SKIP, True, [], id="months without it are left out"),
        pytest.param("FREQ=MONTHLY;BYMONTHDAY=-1,31", 30, MonthEnd.LAST, True, [], id="the last day is meant as well"),
        pytest.param(
            "FREQ=YEARLY;BYMONTH=1,3;BYMONTHDAY=31", 24, MonthEnd.LAST, False, [], id="months that all have it"
        ),
        pytest.param("FREQ=WEEKLY;BYDAY=MO", 24, MonthEnd.LAST, False, [], id="weeks"),
    ],
)
def test_the_last_day_of_a_shorter_month_says_so(
    rule: str, start: int, month_end: MonthEnd, lacks: bool, stand_ins: list[int]
) -> None:
    seen = of(rule, start=date(2026, 11, start), month_end=month_end)
    assert seen.may_lack_its_day == lacks
    assert [moment.slot.local.day for moment in seen.moments if moment.shorter_month] == stand_ins


def test_a_stored_schedule_that_cannot_be_read_has_no_times() -> None:
    assert of("GARBAGE").moments == []
    assert of("FREQ=DAILY", zone="Europe/Atlantis").moments == []
