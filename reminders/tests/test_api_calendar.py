"""The API of what comes between two instants."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import pytest
import time_machine

from accounts.models import User
from accounts.tests.factories import UserFactory
from accounts.tests.test_api import problem
from reminders.models import Reminder
from teams.models import Team
from teams.tests.factories import MembershipFactory, TeamFactory
from teams.tests.test_api import Program

from .factories import ReminderFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("redis")]

NOW = datetime(2026, 11, 24, 13, 20, tzinfo=UTC)


@pytest.fixture
def team() -> Team:
    return TeamFactory(zone="Europe/Berlin")


@pytest.fixture
def ada(team: Team) -> User:
    return MembershipFactory(team=team, user=UserFactory(zone="America/New_York")).user


@pytest.fixture
def daily(team: Team, ada: User) -> Reminder:
    due = datetime(2026, 11, 24, 15, tzinfo=UTC)
    return ReminderFactory(team=team, author=ada, title="Stand-up", due=due, now=NOW, daily=True)


def ask(person: User, begin: str, until: str, **more: Any) -> Any:
    asked = urlencode({"from": begin, "until": until, **more})
    with time_machine.travel(NOW, tick=False):
        return Program(person).ask("GET", f"/calendar?{asked}")


def test_it_has_what_is_booked_and_what_the_schedule_yields_with_the_end_left_out(ada: User, daily: Reminder) -> None:
    answer = ask(ada, "2026-11-24T15:00Z", "2026-11-26T15:00Z").json()
    assert [(item["due"]["at"], item["slot"], item["state"]) for item in answer["items"]] == [
        ("2026-11-24T16:00:00+01:00", "2026-11-24T16:00:00+01:00", "upcoming"),
        ("2026-11-25T16:00:00+01:00", "2026-11-25T16:00:00+01:00", "projected"),
    ]
    booked, projected = answer["items"]
    assert booked["occurrence"] == str(daily.occurrences.get().uuid) and projected["occurrence"] is None
    assert {item["reminder"] for item in answer["items"]} == {str(daily.uuid)}
    assert answer["complete"] is True


def test_it_says_when_it_is_not_all(ada: User, daily: Reminder) -> None:
    Reminder.objects.update(rule="", cron="*/5 * * * *", times=[])
    answer = ask(ada, "2026-12-01T00:00Z", "2026-12-31T00:00Z").json()
    assert len(answer["items"]) == 600 and answer["complete"] is False


def test_one_team_of_several_may_be_asked_for(ada: User, daily: Reminder, team: Team) -> None:
    other = MembershipFactory(user=ada).team
    assert ask(ada, "2026-11-24T00:00Z", "2026-11-27T00:00Z", team=other.uuid).json()["items"] == []
    assert len(ask(ada, "2026-11-24T00:00Z", "2026-11-27T00:00Z", team=team.uuid).json()["items"]) == 3


def test_a_stranger_gets_nothing_of_it(daily: Reminder, team: Team) -> None:
    stranger = MembershipFactory().user
    assert ask(stranger, "2026-11-24T00:00Z", "2026-11-27T00:00Z").json()["items"] == []
    problem(ask(stranger, "2026-11-24T00:00Z", "2026-11-27T00:00Z", team=team.uuid), 404)


@pytest.mark.parametrize(
    ("begin", "until"),
    [
        ("2026-11-24T00:00Z", "2026-11-24T00:00Z"),
        ("2026-11-24T00:00Z", "2026-11-23T00:00Z"),
        ("2026-11-24T00:00Z", "2027-02-24T00:00Z"),
        ("0001-01-01T00:00Z", "0001-01-02T00:00Z"),
        ("9999-12-30T00:00Z", "9999-12-31T23:59Z"),
        ("2026-11-24T00:00", "2026-11-25T00:00"),
        ("soon", "later"),
    ],
)
def test_an_end_that_cannot_be_meant_is_refused(ada: User, begin: str, until: str) -> None:
    problem(ask(ada, begin, until), 422)


@pytest.mark.parametrize("to", ["9999-12-31T09:00:00", "9999-12-31T23:59:59"])
def test_one_that_was_moved_to_the_end_of_time_spoils_nothing(ada: User, daily: Reminder, to: str) -> None:
    """Rows of old have it."""
    Reminder.objects.update(moved={"2026-11-25T16:00:00": to})
    answer = ask(ada, "2026-11-24T15:00Z", "2026-11-27T15:00Z").json()
    assert [item["slot"] for item in answer["items"]] == [
        "2026-11-24T16:00:00+01:00",
        "2026-11-26T16:00:00+01:00",
    ]
    daily.refresh_from_db()
    slot = datetime(2026, 11, 25, 16)
    assert daily.move_slot(slot, slot, NOW), "it comes back"
    assert len(ask(ada, "2026-11-24T15:00Z", "2026-11-27T15:00Z").json()["items"]) == 3
