"""What the form of a reminder takes and refuses, and what it says then."""

from datetime import date, datetime, time, timedelta, timezone
from typing import Any

import pytest
from django.http import QueryDict

from reminders.forms import ReminderForm
from reminders.models import Reminder
from reminders.tests.factories import ReminderFactory
from reminders.tests.pages import filled_in, person_in
from teams.models import Team
from teams.tests.factories import TeamFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 24, 13, 20, tzinfo=timezone.utc)


@pytest.fixture
def team() -> Team:
    return TeamFactory(zone="Europe/Berlin")


def form_of(team: Team, instance: Reminder | None = None, now: datetime = NOW, **changes: Any) -> ReminderForm:
    sent = QueryDict(mutable=True)
    for name, value in filled_in(team, **changes).items():
        sent.setlist(name, value if isinstance(value, list) else [value])
    return ReminderForm(sent, instance=instance or Reminder(team=team), team=team, now=now)


SCHEDULES = [
    ({"repeat": "once"}, "", "once, on Wed 25 November 2026 at 09:00"),
    ({"repeat": "daily"}, "FREQ=DAILY", "every day at 09:00"),
    ({"repeat": "weekdays"}, "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "every weekday at 09:00"),
    ({"repeat": "weekly", "weekdays": ["4", "0"]}, "FREQ=WEEKLY;BYDAY=MO,FR", "every Monday and Friday at 09:00"),
    ({"repeat": "weekly", "weekdays": ["2"]}, "FREQ=WEEKLY;BYDAY=WE", "every Wednesday at 09:00"),
    ({"repeat": "monthly"}, "FREQ=MONTHLY;BYMONTHDAY=25", "every month on the 25th at 09:00"),
    ({"repeat": "yearly"}, "FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=25", "every year on 25 November at 09:00"),
    (
        {"repeat": "rule", "recurrence": "RRULE:FREQ=MONTHLY;BYDAY=-1FR"},
        "FREQ=MONTHLY;BYDAY=-1FR",
        "every month on the last Friday at 09:00",
    ),
    (
        {"repeat": "rule", "recurrence": "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU;COUNT=10"},
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU",
        "every other Tuesday at 09:00, 10 times",
    ),
    (
        {"repeat": "rule", "recurrence": "FREQ=DAILY;INTERVAL=3;UNTIL=20261231T080000Z"},
        "FREQ=DAILY;INTERVAL=3",
        "every 3 days at 09:00, until Thu 31 December 2026 at 09:00",
    ),
    (
        {"repeat": "rule", "recurrence": "FREQ=DAILY;BYHOUR=7,19;BYMINUTE=30"},
        "FREQ=DAILY",
        "every day at 07:30 and 19:30",
    ),
    ({"at": "09:00:30"}, "", "once, on Wed 25 November 2026 at 09:00:30"),
    ({"repeat": "daily", "until": "2026-12-24"}, "FREQ=DAILY", "every day at 09:00, until Thu 24 December 2026"),
]


@pytest.mark.parametrize(("changes", "rule", "words"), SCHEDULES)
def test_the_form_becomes_a_schedule(team: Team, changes: dict[str, Any], rule: str, words: str) -> None:
    form = form_of(team, **changes)
    assert form.is_valid(), form.errors
    reminder = form.save()
    assert (reminder.rule, reminder.in_words) == (rule, words)
    assert reminder.occurrences.count() == 1


def test_a_cron_expression_needs_no_time(team: Team) -> None:
    form = form_of(team, repeat="cron", cron="30 8 * * MON-FRI", at="")
    assert form.is_valid(), form.errors
    assert (form.save().times, form.instance.cron) == ([], "30 8 * * MON-FRI")


REFUSED = [
    ({"start": "2026-11-24", "at": "14:00"}, "start", "This time has passed"),  # 13:00 UTC, twenty minutes ago
    ({"repeat": "daily", "start": "2026-01-01", "until": "2026-11-23"}, "until", "not come due any more"),
    ({"repeat": "daily", "until": "2026-11-01"}, "until", "end lies before the start"),
    ({"repeat": "cron", "cron": "61 8 * * *"}, "cron", "cannot be read"),
    ({"repeat": "cron", "cron": "every day"}, "cron", "five fields"),
    ({"repeat": "cron", "cron": ""}, "cron", "Write a cron expression"),
    ({"repeat": "rule", "recurrence": ""}, "recurrence", "Write a rule"),
    ({"repeat": "rule", "recurrence": "FREQ=SECONDLY"}, "recurrence", "FREQ must be"),
    ({"repeat": "rule", "recurrence": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"}, "recurrence", "no such date exists"),
    ({"repeat": "rule", "recurrence": "FREQ=DAILY;COUNT=2000"}, "count", "less than or equal to 1000"),
    ({"repeat": "cron", "cron": "* * * * *"}, "cron", "5 minutes apart"),
    ({"repeat": "cron", "cron": "0 9 30 2 *"}, "cron", "no such date exists"),
    ({"repeat": "weekly"}, "weekdays", "Choose at least one day"),
    ({"repeat": "daily", "at": ""}, "at", "at what time"),
    ({"at": "25:00"}, "at", "Write times such as"),
    ({"zone": "Europe/Atlantis"}, "zone", "not a time zone"),
    ({"audience": "people"}, "people", "at least one person"),
    ({"start": "9999-12-31"}, "start", "between 2000 and 2099"),
    ({"start": "0001-01-01", "repeat": "daily"}, "start", "between 2000 and 2099"),
    ({"title": "x" * 201}, "title", "at most 200"),
    ({"title": ""}, "title", "required"),
    ({"repeat": "daily", "at": "tomorrow"}, "at", "Write times such as"),
    ({"repeat": "daily", "at": "9:00, 9:03"}, "at", "5 minutes apart"),
    ({"repeat": "daily", "interval": "0"}, "interval", "greater than or equal to 1"),
    ({"repeat": "daily", "ends": "date"}, "until", "Choose the last day"),
    ({"repeat": "daily", "ends": "count"}, "count", "how many times"),
    ({"repeat": "daily", "ends": "count", "count": "1001"}, "count", "less than or equal to 1000"),
    ({"repeat": "monthly", "month_days": "32"}, "month_days", "Write days such as"),
    ({"repeat": "monthly", "month_by": "place", "place_day": "4"}, "places", "Choose at least one"),
    ({"repeat": "monthly", "month_by": "place", "places": ["1"]}, "place_day", "Choose a day"),
    ({"repeat": "yearly", "months": ["4"], "month_days": "31", "month_end": "skip"}, "month_days", "no such date"),
    (
        {
            "repeat": "yearly",
            "interval": "2",
            "months": ["3", "9"],
            "month_by": "place",
            "places": ["-1"],
            "place_day": "weekday",
        },
        "months",
        "Choose one month",
    ),
    ({"repeat": "weekly", "weekdays": ["5"], "day_off": "skip"}, "day_off", "no such date"),
    ({"lead_times": "soon"}, "lead_times", "Write lengths of time"),
    ({"lead_times": "4 minutes"}, "lead_times", "from 5 minutes to 90 days"),
    ({"lead_times": "91 days"}, "lead_times", "from 5 minutes to 90 days"),
    ({"lead_times": "1h, 2h, 3h, 4h, 5h, 6h"}, "lead_times", "5 notices at most"),
    ({"late_hours": "169"}, "late_hours", "less than or equal to 168"),
]


@pytest.mark.parametrize(("changes", "field", "words"), REFUSED)
def test_what_cannot_be_meant_is_refused_in_clear_words(
    team: Team, changes: dict[str, Any], field: str, words: str
) -> None:
    form = form_of(team, **changes)
    assert not form.is_valid()
    assert words in str(form.errors[field])


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("", []),
        ("1 day, 1 hour", [1440, 60]),
        ("30min; 2 weeks before", [20160, 30]),
        ("24 hours, 1 day", [1440]),  # one notice
        ("1h, 2h, 3h, 4h, 5h", [300, 240, 180, 120, 60]),
    ],
)
def test_notices_before_are_lengths_of_time(team: Team, text: str, minutes: list[int]) -> None:
    form = form_of(team, lead_times=text)
    assert form.is_valid(), form.errors
    assert form.save().lead_times == minutes


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("9:00, 17:30", "every day at 09:00 and 17:30"),
        ("9am and noon", "every day at 09:00 and 12:00"),
        ("at 8 and 17", "every day at 08:00 and 17:00"),
        ("every 45 minutes between 8 and 17", "every day, every 45 minutes from 08:00 to 17:00"),
    ],
)
def test_times_are_a_list_or_said(team: Team, text: str, words: str) -> None:
    form = form_of(team, repeat="daily", at=text)
    assert form.is_valid(), form.errors
    assert form.save().in_words == words


def test_only_people_of_the_team_can_be_chosen(team: Team) -> None:
    member, stranger = person_in(team), person_in(TeamFactory())
    assert form_of(team, audience="people", people=[str(member.pk)]).is_valid()
    assert "people" in form_of(team, audience="people", people=[str(stranger.pk)]).errors


def test_the_31st_asks_what_shorter_months_do(team: Team) -> None:
    kept = form_of(team, repeat="monthly", start="2026-12-31", month_end="skip")
    assert kept.is_valid()
    assert kept.save().in_words == "every month on the 31st (in months that have one) at 09:00"


def changed(reminder: Reminder, now: datetime = NOW, **changes: Any) -> ReminderForm:
    """The form as the browser sends it back for an existing reminder."""
    shown = ReminderForm(instance=reminder, team=reminder.team, now=now)
    sent = {bound.name: bound.value() for bound in shown if bound.value() is not None}
    sent |= {"at": shown["at"].value() or "", "stored_at": shown.stored_at, **changes}
    return form_of(reminder.team, instance=Reminder.objects.get(pk=reminder.pk), now=now, **sent)


@pytest.mark.parametrize("changes", [changes for changes, _rule, _words in SCHEDULES])
def test_opening_and_saving_a_reminder_changes_nothing(team: Team, changes: dict[str, Any]) -> None:
    written = form_of(team, **changes)
    assert written.is_valid()
    before = Reminder.objects.get(pk=written.save().pk)
    form = changed(before)
    assert form.is_valid(), form.errors
    assert form.save().schedule == before.schedule


def test_several_times_survive_an_edit(team: Team) -> None:
    reminder = ReminderFactory(
        team=team, now=NOW, rule="FREQ=DAILY", start=date(2026, 11, 25), times=[time(8), time(12, 30)]
    )
    form = changed(reminder, title="Feed the cat")
    assert form.is_valid(), form.errors
    assert form.save().times == [time(8), time(12, 30)]


def test_a_reminder_whose_time_has_passed_can_still_be_corrected(team: Team) -> None:
    reminder = ReminderFactory(team=team, now=NOW, due=NOW + timedelta(hours=1))
    later = NOW + timedelta(days=3)
    assert changed(reminder, later, title="A better title").is_valid()
    assert "start" in changed(reminder, later, at="11:11").errors


def test_who_opened_the_form_before_somebody_else_saved_is_told(team: Team) -> None:
    reminder = ReminderFactory(team=team, now=NOW, due=NOW + timedelta(hours=1))
    form = changed(reminder, stored_at="2026-11-01T00:00:00+00:00", title="Mine")
    assert "changed this reminder" in str(form.non_field_errors())
    assert form["title"].value() == "Mine"
    assert changed(reminder, stored_at=form.stored_at, title="Mine").is_valid()
