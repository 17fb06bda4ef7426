"""Each way of saying when fills the others: words, an RRULE, a cron expression, the controls."""

from datetime import datetime, timezone
from typing import Any

import pytest
from django.http import QueryDict

from reminders.forms import ReminderForm, Way
from reminders.models import Reminder
from reminders.schedule import MonthEnd, describe
from reminders.tests.pages import filled_in, person_in
from reminders.tests.sentences import SENTENCES
from teams.models import Team
from teams.tests.factories import TeamFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 24, 11, tzinfo=timezone.utc)


@pytest.fixture
def team() -> Team:
    return TeamFactory(zone="Europe/Berlin")


def form_of(team: Team, **changes: Any) -> ReminderForm:
    sent = QueryDict(mutable=True)
    for name, value in filled_in(team, **changes).items():
        sent.setlist(name, value if isinstance(value, list) else [value])
    form = ReminderForm(sent, instance=Reminder(team=team), team=team, now=NOW)
    form.full_clean()
    return form


def values(form: ReminderForm, *names: str) -> tuple[Any, ...]:
    return tuple(form[name].value() for name in names)


RULES = [
    # (rule, what the controls show)
    ("FREQ=DAILY;INTERVAL=3", {"repeat": "daily", "interval": "3"}),
    ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", {"repeat": "weekdays"}),
    ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR", {"repeat": "weekly", "interval": "2", "weekdays": ["0", "4"]}),
    ("FREQ=WEEKLY", {"repeat": "weekly", "weekdays": ["2"]}),  # the start's
    ("FREQ=MONTHLY;BYMONTHDAY=1,15,-1", {"repeat": "monthly", "month_by": "day", "month_days": "1, 15, last"}),
    ("FREQ=MONTHLY;BYDAY=-1FR", {"repeat": "monthly", "month_by": "place", "places": ["-1"], "place_day": "4"}),
    ("FREQ=MONTHLY;BYDAY=1MO,3MO", {"month_by": "place", "places": ["1", "3"], "place_day": "0"}),
    ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", {"places": ["-1"], "place_day": "weekday"}),
    ("FREQ=MONTHLY;BYDAY=SA,SU;BYSETPOS=1", {"places": ["1"], "place_day": "weekend"}),
    ("FREQ=YEARLY", {"repeat": "yearly", "months": [], "month_days": ""}),
    ("FREQ=YEARLY;INTERVAL=2;BYMONTH=2;BYMONTHDAY=29", {"interval": "2", "months": ["2"], "month_days": "29"}),
    ("FREQ=YEARLY;BYMONTH=11;BYDAY=4TH", {"repeat": "yearly", "months": [], "places": ["4"], "place_day": "3"}),
    ("FREQ=MONTHLY;BYMONTH=3,6;BYMONTHDAY=1", {"repeat": "yearly", "months": ["3", "6"], "month_days": "1"}),
    (
        "FREQ=MONTHLY;BYMONTH=3,9;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
        {"repeat": "yearly", "months": ["3", "9"], "place_day": "weekday"},
    ),
    ("FREQ=DAILY;COUNT=5", {"repeat": "daily", "ends": "count", "count": "5"}),
    ("FREQ=DAILY;UNTIL=20261231", {"ends": "date", "until": "2026-12-31", "last": ""}),
    ("FREQ=DAILY;UNTIL=20261231T080000Z", {"until": "2026-12-31", "last": "2026-12-31T09:00:00"}),
    ("FREQ=DAILY;BYHOUR=8,16", {"at": "08:00, 16:00"}),
    ("FREQ=HOURLY;INTERVAL=12", {"repeat": "daily", "at": "09:00, 21:00"}),
    # none that the controls can say
    ("FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", {"repeat": "rule"}),
    ("FREQ=MONTHLY;BYDAY=1MO,-1FR", {"repeat": "rule"}),
    ("FREQ=MONTHLY;BYDAY=5TH", {"repeat": "rule"}),
    ("FREQ=MONTHLY;INTERVAL=3;BYMONTH=2,5;BYMONTHDAY=1", {"repeat": "rule"}),
    ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=SU", {"repeat": "rule"}),
    ("FREQ=YEARLY;BYDAY=20MO", {"repeat": "rule"}),
]


@pytest.mark.parametrize(("rule", "shown"), RULES)
def test_a_rule_fills_the_controls(team: Team, rule: str, shown: dict[str, Any]) -> None:
    form = form_of(team, recurrence=rule)
    assert form.errors == {}
    assert form.way == Way.RULE
    assert {name: form[name].value() for name in shown} == shown
    assert form["recurrence"].value() == rule
    assert form.schedule.month_end == MonthEnd.SKIP  # as calendars elsewhere understand the 31st


@pytest.mark.parametrize(("rule", "shown"), RULES)
def test_what_a_rule_filled_in_says_the_same_when_the_controls_are_sent(
    team: Team, rule: str, shown: dict[str, Any]
) -> None:
    first = form_of(team, recurrence=rule)
    sent = {name: first[name].value() for name in first.fields}
    again = form_of(team, **{name: value for name, value in sent.items() if value not in (None, False)})
    assert again.way == Way.CONTROLS
    assert again.errors == {}
    assert describe(again.schedule) == describe(first.schedule)
    assert again.schedule.last == first.schedule.last


CONTROLS = [
    # (controls, the rule that they write, in words)
    ({"repeat": "daily", "interval": "2"}, "FREQ=DAILY;INTERVAL=2", "every other day at 09:00"),
    (
        {"repeat": "monthly", "month_by": "day", "month_days": "last"},
        "FREQ=MONTHLY;BYMONTHDAY=-1",
        "every month on the last day at 09:00",
    ),
    (
        {"repeat": "monthly", "month_by": "place", "places": ["1", "-1"], "place_day": "weekend"},
        "FREQ=MONTHLY;BYDAY=SA,SU;BYSETPOS=1,-1",
        "every month on the first and last weekend day at 09:00",
    ),
    (
        {"repeat": "yearly", "months": ["3", "9"], "month_by": "place", "places": ["-1"], "place_day": "weekday"},
        "FREQ=MONTHLY;BYMONTH=3,9;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
        "every year on the last weekday of March and September at 09:00",
    ),
    (
        {"repeat": "yearly", "interval": "2", "months": ["6"], "month_days": "1, 15"},
        "FREQ=YEARLY;INTERVAL=2;BYMONTH=6;BYMONTHDAY=1,15",
        "every other year on 1 and 15 June at 09:00",
    ),
    ({"repeat": "daily", "ends": "count", "count": "3"}, "FREQ=DAILY;COUNT=3", "every day at 09:00, 3 times"),
    (
        {"repeat": "daily", "ends": "date", "until": "2026-12-24", "count": "3"},  # what the other end says is left
        "FREQ=DAILY;UNTIL=20261224",
        "every day at 09:00, until Thu 24 December 2026",
    ),
    ({"repeat": "daily", "ends": "never", "until": "2026-12-24"}, "FREQ=DAILY", "every day at 09:00"),
    ({"repeat": "once", "recurrence": "", "interval": "0"}, "", "once, on Wed 25 November 2026 at 09:00"),
]


@pytest.mark.parametrize(("controls", "rule", "words"), CONTROLS)
def test_the_controls_write_the_rule(team: Team, controls: dict[str, Any], rule: str, words: str) -> None:
    form = form_of(team, cron="0 9 * * *", cron_filled="0 9 * * *", **controls)
    assert form.errors == {}
    assert (form.way, describe(form.schedule)) == (Way.CONTROLS, words)
    assert values(form, "recurrence", "recurrence_filled", "cron") == (rule, rule, "")


def test_a_cron_expression_takes_over(team: Team) -> None:
    form = form_of(team, repeat="daily", recurrence="FREQ=DAILY", recurrence_filled="FREQ=DAILY", cron="0 9 * * 1")
    assert (form.way, form.errors) == (Way.CRON, {})
    assert values(form, "repeat", "recurrence", "cron") == ("cron", "", "0 9 * * 1")


def test_a_rule_that_cannot_be_read_is_chosen_and_said_where_it_stands(team: Team) -> None:
    form = form_of(team, recurrence="FREQ=WEEK")
    assert form["repeat"].value() == "rule"
    assert "FREQ must be" in str(form.errors["recurrence"])


def test_a_rule_without_times_or_end_leaves_those_of_the_form(team: Team) -> None:
    form = form_of(team, recurrence="FREQ=WEEKLY;BYDAY=MO", at="08:00, 12:00", until="2027-01-31", ends="date")
    assert values(form, "at", "until", "ends") == ("08:00, 12:00", "2027-01-31", "date")
    taken_away = form_of(
        team,
        recurrence="FREQ=DAILY",
        recurrence_filled="FREQ=DAILY;UNTIL=20270131",
        until="2027-01-31",
        ends="date",
    )
    assert values(taken_away, "until", "ends") == ("", "never")


@pytest.mark.parametrize("text", [each.values[0] for each in SENTENCES if "@" not in each.values[0]])
def test_a_sentence_fills_in_exactly_what_it_means(team: Team, text: str) -> None:
    form = form_of(team, said=text, title="", people=[])
    said = form.schedule
    assert (form.errors, form.notices) == ({} if form["title"].value() else {"title": ["This field is required."]}, [])
    sent = {name: form[name].value() for name in form.fields}
    again = form_of(team, **{name: value for name, value in sent.items() if value not in (None, False)})
    assert (again.way, again.schedule) == (Way.CONTROLS, said)


def test_a_sentence_fills_in_title_people_notices_before_zone_and_end(team: Team) -> None:
    bob = person_in(team, name="Bob Ross")
    form = form_of(
        team, said="Water the plants every other Friday at 9 London time, 10 times, @bob, remind 1 day before"
    )
    assert values(form, "title", "interval", "zone", "count", "lead_times") == (
        *("Water the plants", "2", "Europe/London", "10", "1 day"),
    )
    assert values(form, "audience", "people") == ("people", [str(bob.pk)])


def test_people_are_called_by_full_name_first_name_or_address_and_never_guessed(team: Team) -> None:
    ada = person_in(team, name="Ada Lovelace", email="countess@example.org")
    person_in(team, name="Bob Ross"), person_in(team, name="Bob Dylan")
    for name in ("Ada Lovelace", "ada", "countess"):
        assert form_of(team, said=f"Call tomorrow at 9 @{name}")["people"].value() == [str(ada.pk)]
    several = form_of(team, said="Call tomorrow at 9 @bob")
    assert several.notices == ["Several people are called @bob."]
    assert several["audience"].value() == "team"


def test_what_is_not_understood_is_said_and_the_rest_stays(team: Team) -> None:
    form = form_of(team, said="Party on Christmas at 9", repeat="daily", at="07:00")
    assert form.notices == ["“on Christmas” is not one day: say which."] == form.errors["said"]  # not saved unseen
    assert values(form, "title", "repeat", "at") == ("Party on Christmas", "daily", "07:00")
    without = form_of(team, said="Buy milk")
    assert without.notices == ["These words do not say when. Add it, such as “every Friday at 16:00”."]


def test_a_text_that_was_filled_in_already_does_not_come_back(team: Team) -> None:
    form = form_of(team, said="Tea every day at 8", said_filled="Tea every day at 8", repeat="weekdays")
    assert (form.way, form["title"].value()) == (Way.CONTROLS, "Renew the certificate")
