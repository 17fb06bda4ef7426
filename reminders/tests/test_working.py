"""Which days a team works, and that threads may ask at once."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime, time, timezone
from threading import Barrier

import pytest
from django.utils import translation

from reminders.schedule import DayOff, Schedule, WorkCalendar, next_after, working
from reminders.schedule.working import COUNTRIES, EVERY_DAY, HOLIDAYS_ONLY, is_known

GOOD_FRIDAY, MONDAY = date(2027, 3, 26), date(2027, 3, 29)  # that Monday is Easter Monday
AUGSBURG = WorkCalendar(country="DE", region="Augsburg")


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("calendar", "on", "works"),
    [
        pytest.param(WorkCalendar(), "2026-12-25", True, id="a holiday of no country"),
        pytest.param(WorkCalendar(country="DE"), "2026-12-25", False, id="a holiday of the country"),
        pytest.param(WorkCalendar(country="DE"), "2027-01-06", True, id="a holiday of some regions only"),
        pytest.param(WorkCalendar(country="DE", region="BY"), "2027-01-06", False, id="a holiday of the region"),
        pytest.param(AUGSBURG, "2028-08-08", False, id="a holiday of one town"),
        pytest.param(WorkCalendar(country="US"), "2027-12-31", False, id="New Year's Day kept in the year before"),
        pytest.param(WorkCalendar(country="XX"), "2026-12-25", True, id="a country that the data do not know"),
        pytest.param(WorkCalendar(country="DE", region="XX"), "2026-12-25", True, id="a region that they do not know"),
        pytest.param(WorkCalendar(country="de"), "2026-12-25", True, id="no code at all"),
        pytest.param(WorkCalendar(country="DE"), "1950-12-25", True, id="before the data begin"),
        pytest.param(WorkCalendar(country="DE"), "2149-12-25", True, id="after the data end"),
        pytest.param(WorkCalendar(frozenset({6})), "2026-11-29", True, id="a team that works on Sundays"),
        pytest.param(WorkCalendar(days_off=frozenset({day("2026-11-24")})), "2026-11-24", False, id="its own day off"),
        pytest.param(HOLIDAYS_ONLY, "2026-11-28", True, id="a weekend is no holiday"),
    ],
)
def test_a_team_works_on_its_weekdays_that_are_no_holidays(calendar: WorkCalendar, on: str, works: bool) -> None:
    assert calendar.works(day(on)) is works


@pytest.mark.parametrize(
    ("calendar", "step", "expected"),
    [
        pytest.param(WorkCalendar(country="DE"), 1, "2027-03-30", id="over a weekend and another holiday"),
        pytest.param(WorkCalendar(country="DE"), -1, "2027-03-25", id="back"),
        pytest.param(WorkCalendar(EVERY_DAY, "DE"), 1, "2027-03-27", id="a team that works at weekends"),
        pytest.param(WorkCalendar(EVERY_DAY, "DE", lands_on=frozenset({0, 1})), 1, "2027-03-30", id="not to a weekend"),
        pytest.param(WorkCalendar(frozenset()), 1, None, id="a team that never works"),
    ],
)
def test_a_day_off_has_a_working_day_beside_it(calendar: WorkCalendar, step: int, expected: str | None) -> None:
    assert calendar.next_working(GOOD_FRIDAY, step) == (expected and day(expected))


def test_with_holidays_only_a_weekend_stays_and_a_holiday_moves_past_it() -> None:
    calendar = WorkCalendar(EVERY_DAY, "DE", lands_on=HOLIDAYS_ONLY.lands_on)
    weekly = Schedule("UTC", date(2027, 3, 20), (time(9),), rule="FREQ=WEEKLY;BYDAY=FR,SA")
    schedule = replace(weekly, day_off=DayOff.NEXT, calendar=calendar)
    first = next_after(schedule, datetime(2027, 3, 25, tzinfo=timezone.utc))
    assert first and first.at.date() == date(2027, 3, 27)
    second = next_after(schedule, first.at)
    assert second and (second.local.date(), second.at.date()) == (GOOD_FRIDAY, date(2027, 3, 30))


@pytest.mark.parametrize(
    ("language", "country", "name"),
    [
        pytest.param("en", "DE", "Good Friday", id="in the reader's language"),
        pytest.param("de", "DE", "Karfreitag", id="in another reader's language"),
        pytest.param("pt-br", "DE", "Karfreitag", id="else in the country's own"),
        pytest.param("en", "GB", "Good Friday", id="in the country's variant of the language"),
        pytest.param("en", "XX", "", id="nowhere"),
    ],
)
def test_a_holiday_has_a_name(language: str, country: str, name: str) -> None:
    with translation.override(language):
        assert WorkCalendar(country=country).holiday_name(GOOD_FRIDAY) == name
        assert WorkCalendar(country=country).holiday_name(date(2027, 3, 27)) == ""


def test_closed_days_are_holidays_and_own_days_whatever_the_weekday() -> None:
    calendar = WorkCalendar(country="DE", days_off=frozenset({date(2027, 3, 27)}))
    found = list(calendar.closed_days(GOOD_FRIDAY, MONDAY))
    assert found == [GOOD_FRIDAY, date(2027, 3, 27), MONDAY]


@pytest.mark.parametrize(
    ("country", "region", "known"),
    [("DE", "", True), ("DE", "BY", True), ("DE", "XX", False), ("XX", "", False), ("", "", False), ("os", "", False)],
)
def test_what_the_data_know(country: str, region: str, known: bool) -> None:
    assert is_known(country, region) is known


def test_every_country_can_be_asked() -> None:
    assert len(COUNTRIES) > 200
    for country in COUNTRIES:
        WorkCalendar(country=country).works(date(2026, 12, 25))


def test_threads_that_ask_at_once_get_whole_years() -> None:
    years, threads = range(2020, 2036), 16
    expected = {year: sorted(working._holidays("MY", "", year)) for year in years}

    def ask(n: int, barrier: Barrier) -> dict[int, list[date]]:
        barrier.wait()
        calendar = WorkCalendar(country="MY")
        ordered = [*years[n:], *years[:n]]
        return {year: list(calendar.closed_days(date(year, 1, 1), date(year, 12, 31))) for year in ordered}

    for _attempt in range(5):
        working._names.cache_clear()
        working._holidays.cache_clear()
        with ThreadPoolExecutor(threads) as pool:
            assert all(each == expected for each in pool.map(ask, range(threads), [Barrier(threads)] * threads))
