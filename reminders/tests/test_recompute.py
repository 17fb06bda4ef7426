"""`manage.py recompute_schedules`: what new tz data or holidays change, and what they leave alone."""

from datetime import datetime, timedelta, timezone
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reminders.models import Occurrence, Reminder
from teams.models import Team

from .scenes import opened, reminder_due, team_of

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=timezone.utc)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def team() -> Team:
    return team_of(1)


def recompute() -> str:
    out = StringIO()
    with time_machine.travel(NOON, tick=False):
        call_command("recompute_schedules", stdout=out)
    return out.getvalue()


def with_old_tz_data(reminder: Reminder) -> None:
    """As if the zone had been an hour off when the reminder was planned."""
    rows = reminder.occurrences.filter(state="upcoming")
    for row in rows:
        rows.filter(pk=row.pk).update(due_at=row.due_at + HOUR, next_step_at=row.due_at + HOUR)


def upcoming(reminder: Reminder) -> Occurrence:
    return reminder.occurrences.get(state="upcoming")


def test_new_tz_data_move_the_instant_and_keep_the_slot(team: Team) -> None:
    reminder = reminder_due(team, NOON + DAY, rule="FREQ=DAILY", planned_at=NOON)
    slot = upcoming(reminder).slot
    with_old_tz_data(reminder)
    assert recompute() == "Upcoming occurrences that changed: 1\n"
    row = upcoming(reminder)
    assert (row.slot, row.due_at, row.next_step_at) == (slot, NOON + DAY, NOON + DAY)
    assert recompute() == "Upcoming occurrences that changed: 0\n"


def test_a_new_holiday_moves_what_goes_by_days_off_and_nothing_else(team: Team) -> None:
    moves = reminder_due(team, NOON + DAY, rule="FREQ=DAILY", day_off="skip", planned_at=NOON)
    stays = reminder_due(team, NOON + DAY, rule="FREQ=DAILY", planned_at=NOON)
    Team.objects.filter(pk=team.pk).update(days_off=[(NOON + DAY).date()])
    recompute()
    assert (upcoming(moves).due_at, upcoming(stays).due_at) == (NOON + 2 * DAY, NOON + DAY)


def test_what_has_come_due_or_stopped_is_left_alone(team: Team) -> None:
    occurrence = opened(team, NOON - HOUR)
    paused = reminder_due(team, NOON + DAY, planned_at=NOON)
    paused.pause(NOON)
    before = list(Occurrence.objects.order_by("pk").values())
    assert recompute() == "Upcoming occurrences that changed: 0\n"
    assert list(Occurrence.objects.order_by("pk").values()) == before
    assert occurrence.state == "open"


def test_one_that_cannot_be_read_does_not_hold_up_the_others(team: Team) -> None:
    broken, good = (reminder_due(team, NOON + DAY, rule="FREQ=DAILY", planned_at=NOON) for _ in range(2))
    Reminder.objects.filter(pk=broken.pk).update(zone="Atlantis/Capital")
    with_old_tz_data(good)
    recompute()
    assert upcoming(good).due_at == NOON + DAY


def test_the_number_of_queries_does_not_grow_with_the_number_of_reminders(team: Team) -> None:
    def queries(count: int) -> int:
        for _ in range(count):
            with_old_tz_data(reminder_due(team, NOON + DAY, rule="FREQ=DAILY", planned_at=NOON))
        with CaptureQueriesContext(connection) as captured:
            recompute()
        return len(captured)

    assert queries(2) == queries(40)
