"""What the form of a team's working days takes and refuses, and the words for it."""

from datetime import date
from typing import Any

import pytest
from django.http import QueryDict

from teams.forms import WorkingDaysForm
from teams.models import Team
from teams.periods import MOST, periods
from teams.places import country_names, place_name, region_names
from teams.words import working_days_in_words


def form(team: Team | None = None, **changes: list[str]) -> WorkingDaysForm:
    data = QueryDict(mutable=True)
    for name, values in ({"working_days": ["0"]} | changes).items():
        data.setlist(name, values)
    return WorkingDaysForm(data, instance=team or Team())


def saved_days(*rows: tuple[str, str]) -> list[str]:
    filled_in = form(days_off_from=[first for first, _last in rows], days_off_to=[last for _first, last in rows])
    assert filled_in.is_valid(), filled_in.errors
    return [f"{day:%m-%d}" for day in filled_in.cleaned_data["days_off"]]


def test_days_are_sorted_and_each_is_kept_once() -> None:
    assert saved_days(("2026-12-31", "2027-01-02"), ("2026-12-24", ""), ("2027-01-01", "")) == [
        *("12-24", "12-31", "01-01", "01-02")
    ]
    assert saved_days(("", ""), (" 2026-12-24 ", "2026-12-24")) == ["12-24"]
    assert saved_days() == []


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        pytest.param("", "2026-12-24", "has no beginning", id="only an end"),
        pytest.param("2026-12-24", "2026-12-23", "ends on 23 Dec 2026, before", id="the wrong way round"),
        pytest.param("24.12.2026", "", "“24.12.2026” is not a date", id="no date"),
        pytest.param("2026-02-30", "", "is not a date", id="a day that does not exist"),
        pytest.param("1999-12-31", "", "between 2000 and 2099", id="too early"),
        pytest.param("2099-12-31", "2100-01-01", "between 2000 and 2099", id="too late"),
        pytest.param("2026-01-01", "2026-07-20", "200 days at most", id="too many"),
        pytest.param("2000-01-01", "9999-12-31", "between 2000 and 2099", id="far too many"),
    ],
)
def test_periods_that_cannot_be_meant_are_refused(first: str, last: str, words: str) -> None:
    filled_in = form(days_off_from=["2026-12-24", first], days_off_to=["", last])
    assert not filled_in.is_valid()
    assert words in str(filled_in.errors["days_off"])
    assert filled_in["days_off"].value()[1:] == [(first, last), ("", "")]


def test_as_many_days_as_are_allowed() -> None:
    assert len(saved_days(("2026-01-01", "2026-07-19"))) == MOST


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"working_days": []}, "working_days", "at least one day"),
        ({"working_days": ["7"]}, "working_days", "7 is not one of the available choices"),
        ({"working_days": ["x"]}, "working_days", "x is not one of the available choices"),
        ({"country": ["XX"]}, "country", "Choose a country from the list"),
        ({"country": ["DEU"]}, "country", "at most 2 characters"),
        ({"country": ["DE"], "region": ["6AE"]}, "region", "6AE is not a region of Germany"),
        ({"region": ["BY"]}, "region", "Choose the country first"),
    ],
)
def test_what_does_not_exist_is_refused_by_its_field(changes: dict[str, Any], field: str, words: str) -> None:
    filled_in = form(**changes)
    assert not filled_in.is_valid()
    assert list(filled_in.errors) == [field]
    assert words in str(filled_in.errors[field])


def test_a_region_left_over_from_another_country_is_named_in_the_error() -> None:
    team = Team(country="DE", region="BY")
    filled_in = form(team, country=["FR"], region=["BY"])
    assert not filled_in.is_valid()
    assert "Bayern is not a region of France" in str(filled_in.errors["region"])
    assert (team.country, team.region) == ("DE", "BY")


def test_stored_days_are_shown_as_periods() -> None:
    days = [date(2026, 12, 31), date(2026, 12, 24), date(2027, 1, 1)]
    assert periods(days) == [(date(2026, 12, 24), date(2026, 12, 24)), (date(2026, 12, 31), date(2027, 1, 1))]
    shown = WorkingDaysForm(instance=Team(days_off=days))["days_off"].value()
    assert shown == [("2026-12-24", ""), ("2026-12-31", "2027-01-01"), ("", "")]


def test_places_have_names() -> None:
    names = list(country_names().values())
    assert names[:3] == ["Afghanistan", "Åland Islands", "Albania"] and "Kosovo" in names
    assert region_names("DE")["BY"] == "Bayern" and region_names("FR")["971"] == "Guadeloupe"
    assert all(len(code) == 2 and len(name) > 2 for code, name in country_names().items())
    assert all(len(code) <= 40 for country in country_names() for code in region_names(country))
    assert (place_name("DE", "BY"), place_name("XX", "Q"), region_names("XX")) == ("Germany (Bayern)", "XX (Q)", {})


@pytest.mark.parametrize(
    ("days", "country", "region", "words"),
    [
        ([0, 1, 2, 3, 4], "", "", "Monday to Friday"),
        ([0, 1, 2, 3, 4, 5, 6], "", "", "Every day of the week"),
        ([6, 0], "", "", "Monday and Sunday"),
        ([2], "", "", "Wednesday"),
        ([0, 1, 2, 3, 4], "DE", "", "Monday to Friday, holidays of Germany"),
        ([0, 1, 2, 3, 4], "DE", "BY", "Monday to Friday, holidays of Germany (Bayern)"),
        ([], "XX", "", "No day of the week, holidays of XX"),
    ],
)
def test_working_days_in_words(days: list[int], country: str, region: str, words: str) -> None:
    assert working_days_in_words(Team(working_days=days, country=country, region=region)) == words
