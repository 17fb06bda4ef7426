"""The API of occurrences and messages."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from accounts.tests.factories import UserFactory
from accounts.tests.test_api import problem
from reminders.models import Delivery, Occurrence, Reminder
from teams.models import Role, Team
from teams.tests.factories import MembershipFactory, TeamFactory
from teams.tests.test_api import Program, with_role

from .factories import DeliveryFactory, OccurrenceFactory, ReminderFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("redis")]
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture
def team() -> Team:
    return TeamFactory(zone="Europe/Berlin")


@pytest.fixture
def ada(team: Team) -> User:
    return MembershipFactory(team=team, user=UserFactory(name="Ada", zone="Europe/Berlin")).user


@pytest.fixture
def program(ada: User) -> Program:
    return Program(ada)


@pytest.fixture
def due(team: Team, ada: User) -> Occurrence:
    return OccurrenceFactory(reminder=ReminderFactory(team=team, author=ada, title="Water the plants"))


def act(program: Program, row: Occurrence, verb: str, body: Any = None) -> Any:
    return program.ask("POST", f"/occurrences/{row.uuid}/{verb}", body)


def test_what_needs_me_is_listed_until_it_is_answered(program: Program, due: Occurrence) -> None:
    (item,) = program.ask("GET", "/occurrences").json()["items"]
    assert (item["id"], item["title"], item["state"], item["may_answer"]) == (
        str(due.uuid), "Water the plants", "open", True,
    )  # fmt: skip
    answer = act(program, due, "done").json()
    assert (answer["state"], answer["settled_by"]) == ("done", "Ada")
    assert program.ask("GET", "/occurrences").json()["items"] == []


def test_the_first_answer_wins_and_can_be_undone(program: Program, team: Team, due: Occurrence) -> None:
    assert act(with_role(team), due, "done").status_code == 200
    problem(act(program, due, "done"), 409)
    assert act(program, due, "undo").json()["state"] == "open"
    problem(act(program, due, "undo"), 409)
    assert act(program, due, "skip").json()["state"] == "skipped"


def test_one_is_read_by_itself_whatever_has_become_of_it(program: Program, due: Occurrence) -> None:
    done = act(program, due, "done").json()
    assert program.ask("GET", f"/occurrences/{due.uuid}").json() == done
    problem(Program(UserFactory()).ask("GET", f"/occurrences/{due.uuid}"), 404)


def test_those_of_one_team_may_be_asked_for(program: Program, due: Occurrence) -> None:
    other = MembershipFactory(user=program.person).team
    for team, found in ((due.reminder.team, [str(due.uuid)]), (other, [])):
        items = program.ask("GET", f"/occurrences?team={team.uuid}").json()["items"]
        assert [item["id"] for item in items] == found
    problem(program.ask("GET", f"/occurrences?team={TeamFactory().uuid}"), 404)


def test_its_times_are_told_by_its_clock(program: Program, due: Occurrence) -> None:
    Occurrence.objects.update(zone="Asia/Tokyo")
    Reminder.objects.update(zone="Asia/Tokyo")
    DeliveryFactory(occurrence=due, user=program.person, planned_for=NOON, state="sent", sent_at=NOON)
    noon = {"at": "2026-11-24T21:00:00+09:00", "zone": "Asia/Tokyo"}
    (message,) = program.ask("GET", f"/occurrences/{due.uuid}/messages").json()
    assert (message["planned_for"], message["sent_at"]) == (noon, noon)
    act(program, due, "acknowledge")
    act(program, due, "done")
    Occurrence.objects.update(acknowledged_at=NOON, settled_at=NOON)
    (item,) = program.ask("GET", f"/reminders/{due.reminder.uuid}/occurrences").json()["items"]
    assert (item["settled_at"], item["slot"][-6:]) == (noon, "+09:00")


def test_one_is_put_off_and_comes_back(program: Program, due: Occurrence) -> None:
    until = (timezone.now() + timedelta(hours=5)).replace(microsecond=0)
    snoozed = act(program, due, "snooze", {"until": until.isoformat()}).json()
    assert snoozed["snoozed_until"]["zone"] == due.zone
    due.refresh_from_db()
    assert due.next_step_at == until
    assert act(program, due, "wake").json()["snoozed_until"] is None
    problem(act(program, due, "wake"), 409)
    assert act(program, due, "snooze", {"for": "tomorrow"}).status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"for": "hour", "until": "2099-01-01T00:00Z"},
        {"until": "2020-01-01T00:00Z"},
        {"until": "2099-01-01T00:00Z"},
        {"until": "2026-12-01T09:00"},
        {"for": "ever"},
    ],
)
def test_a_time_that_makes_no_sense_is_refused(program: Program, due: Occurrence, body: dict[str, str]) -> None:
    problem(act(program, due, "snooze", body), 422)


def test_a_history_is_told_with_its_messages(program: Program, due: Occurrence) -> None:
    DeliveryFactory(occurrence=due, user=program.person, sent=True)
    failed = DeliveryFactory(occurrence=due, failed=True)
    path = f"/reminders/{due.reminder.uuid}/occurrences"
    assert [each["id"] for each in program.ask("GET", path).json()["items"]] == [str(due.uuid)]
    sent, other = program.ask("GET", f"/occurrences/{due.uuid}/messages").json()
    assert (sent["to"], sent["state"], sent["late_by"]) == ("Ada", "sent", 0.2)
    assert (other["state"], other["error"]) == ("failed", "550 5.1.1 User unknown")
    assert program.ask("POST", f"/messages/{failed.uuid}/retry").status_code == 204
    problem(program.ask("POST", f"/messages/{failed.uuid}/retry"), 409)
    assert Delivery.objects.get(pk=failed.pk).state == "queued"


def test_a_stranger_sees_and_answers_nothing(due: Occurrence) -> None:
    stranger = Program(MembershipFactory(role=Role.OWNER).user)
    delivery = DeliveryFactory(occurrence=due, failed=True)
    assert stranger.ask("GET", "/occurrences").json()["items"] == []
    problem(stranger.ask("GET", f"/occurrences/{due.uuid}/messages"), 404)
    problem(stranger.ask("GET", f"/reminders/{due.reminder.uuid}/occurrences"), 404)
    problem(stranger.ask("POST", f"/messages/{delivery.uuid}/retry"), 404)
    for verb, body in (("done", None), ("skip", None), ("undo", None), ("wake", None), ("snooze", {"for": "hour"})):
        problem(act(stranger, due, verb, body), 404)


def test_a_token_for_another_team_sees_and_answers_nothing(ada: User, due: Occurrence) -> None:
    program = Program(ada, all_teams=False)
    program.token.teams.add(MembershipFactory(user=ada).team)
    delivery = DeliveryFactory(occurrence=due, failed=True)
    assert program.ask("GET", "/occurrences").json()["items"] == []
    problem(act(program, due, "done"), 404)
    problem(program.ask("POST", f"/messages/{delivery.uuid}/retry"), 404)
    problem(program.ask("GET", f"/reminders/{due.reminder.uuid}"), 404)


def test_a_viewer_answers_only_what_is_for_them(team: Team, due: Occurrence, ada: User) -> None:
    viewer = with_role(team, Role.VIEWER)
    due.reminder.audience = "people"
    due.reminder.save()
    due.reminder.people.set([ada])
    problem(act(viewer, due, "done"), 403)


def test_one_is_taken_on_by_the_first_who_says_so(program: Program, team: Team, due: Occurrence) -> None:
    other = with_role(team)
    taken = act(other, due, "acknowledge").json()
    assert taken["acknowledged_by"] == str(other.person) and taken["state"] == "open"
    assert program.ask("GET", "/occurrences").json()["items"] == []
    assert len(other.ask("GET", "/occurrences").json()["items"]) == 1
    problem(act(program, due, "acknowledge"), 409)
    assert act(program, due, "release").json()["acknowledged_by"] is None
    problem(act(program, due, "release"), 409)
    assert len(program.ask("GET", "/occurrences").json()["items"]) == 1


def test_what_is_settled_cannot_be_taken_on(program: Program, due: Occurrence) -> None:
    act(program, due, "done")
    problem(act(program, due, "acknowledge"), 409)
    problem(act(program, due, "release"), 409)
