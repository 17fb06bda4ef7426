"""The API of labels, of the search, and of changing many reminders at once."""

from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from accounts.models import User
from accounts.tests.factories import UserFactory
from accounts.tests.test_api import problem
from reminders.models import BulkAct, Label, Reminder
from teams.models import Role, Team
from teams.tests.factories import MembershipFactory, TeamFactory
from teams.tests.test_api import Program

from .factories import ReminderFactory
from .pages import person_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("redis")]


@pytest.fixture
def team() -> Team:
    return TeamFactory(name="Operations")


@pytest.fixture
def ada(team: Team) -> User:
    return MembershipFactory(team=team, user=UserFactory(name="Ada"), role=Role.ADMIN).user


@pytest.fixture
def program(ada: User) -> Program:
    return Program(ada)


def made(program: Program, team: Team, **body: Any) -> Any:
    return program.ask("POST", f"/teams/{team.uuid}/labels", body)


def titles(program: Program, query: str) -> list[str]:
    return [item["title"] for item in program.ask("GET", f"/reminders?{query}").json()["items"]]


def change(program: Program, team: Team, act: str, *reminders: Reminder, **more: Any) -> Any:
    ids = [str(reminder.uuid) for reminder in reminders]
    return program.ask("POST", f"/teams/{team.uuid}/reminders/bulk", {"act": act, "reminders": ids, **more})


def test_a_label_is_made_changed_listed_and_deleted(program: Program, team: Team) -> None:
    label = made(program, team, name="ops").json()
    assert (label["name"], label["hue"]) == ("ops", 1)
    assert made(program, team, name="OPS").status_code == 422
    problem(made(program, team, name="a,b"), 422)
    url = f"/labels/{label['id']}"
    assert program.ask("PATCH", url, {"hue": 4}).json() == label | {"hue": 4}
    assert program.ask("GET", f"/teams/{team.uuid}/labels").json() == [label | {"hue": 4}]
    assert program.ask("DELETE", url).status_code == 204
    assert program.ask("GET", f"/teams/{team.uuid}/labels").json() == []
    assert program.ask("PATCH", url, {"hue": 5}).status_code == 404


def test_a_reminder_has_labels_which_a_list_goes_by(program: Program, team: Team) -> None:
    label = made(program, team, name="ops").json()
    body = {"said": "Renew the certificate every Monday at 9", "labels": [label["id"]]}
    reminder = program.ask("POST", f"/teams/{team.uuid}/reminders", body).json()
    assert reminder["labels"] == [label]
    ReminderFactory(team=team)
    assert titles(program, f"label={label['id']}") == ["Renew the certificate"]
    url = f"/reminders/{reminder['id']}"
    assert program.ask("PATCH", url, {"title": "Renew both"}).json()["labels"] == [label]
    assert program.ask("PATCH", url, {"labels": []}).json()["labels"] == []


def test_a_label_that_the_team_has_not_is_refused(program: Program, team: Team) -> None:
    theirs = Label.objects.create(team=TeamFactory(), name="theirs")
    for unknown in (theirs.uuid, uuid4()):
        body = {"said": "Renew the certificate every Monday at 9", "labels": [str(unknown)]}
        answer = program.ask("POST", f"/teams/{team.uuid}/reminders", body)
        assert answer.status_code == 422 and answer.json()["errors"][0]["pointer"] == "/labels/0"
    assert titles(program, f"label={theirs.uuid}") == []


def test_the_search_is_that_of_the_pages(program: Program, team: Team) -> None:
    ReminderFactory(team=team, title="Renew the certificate", notes="at the host")
    ReminderFactory(team=team, title="Water the plants")
    assert titles(program, "q=hos%20cert") == ["Renew the certificate"]
    over = ReminderFactory(team=team, title="over")
    over.occurrences.update(state="done")
    assert titles(program, "state=ended") == ["over"]


def test_many_are_changed_and_it_is_taken_back(program: Program, team: Team) -> None:
    first, second = ReminderFactory(team=team), ReminderFactory(team=team)
    answer = change(program, team, "pause", first, second, ReminderFactory()).json()
    assert (answer["changed"], answer["left_out"]) == (2, 0)
    assert Reminder.objects.paused(timezone.now()).count() == 2
    undo = f"/teams/{team.uuid}/reminders/bulk/{answer['id']}/undo"
    assert program.ask("POST", undo).json() == {"changed": 2}
    assert program.ask("POST", undo).status_code == 409
    assert not Reminder.objects.paused(timezone.now()).exists()


def test_a_member_changes_their_own_of_many(team: Team) -> None:
    bo = person_in(team, Role.MEMBER)
    mine, other = ReminderFactory(team=team, author=bo), ReminderFactory(team=team)
    answer = change(Program(bo), team, "delete", mine, other).json()
    assert (answer["changed"], answer["left_out"]) == (1, 1)
    assert list(Reminder.objects.filter(deleted_at=None)) == [other]


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({"act": "label"}, "/label"),
        ({"act": "hand-over", "person": str(uuid4())}, "/person"),
        ({"act": "explode"}, "/act"),
        ({"act": "pause", "reminders": []}, "/reminders"),
    ],
)
def test_what_makes_no_sense_is_said_where_it_is(program: Program, team: Team, body: Any, where: str) -> None:
    reminder = ReminderFactory(team=team)
    sent = {"reminders": [str(reminder.uuid)]} | body
    answer = program.ask("POST", f"/teams/{team.uuid}/reminders/bulk", sent)
    assert answer.status_code == 422 and answer.json()["errors"][0]["pointer"] == where
    assert not BulkAct.objects.exists()


def test_handed_over_to_somebody_of_the_team(program: Program, team: Team) -> None:
    reminder, bo = ReminderFactory(team=team), person_in(team, Role.MEMBER)
    assert change(program, team, "hand-over", reminder, person=str(bo.uuid)).json()["changed"] == 1
    assert program.ask("GET", f"/reminders/{reminder.uuid}").json()["author"] == bo.name
    viewer = person_in(team, Role.VIEWER)
    assert change(program, team, "hand-over", reminder, person=str(viewer.uuid)).status_code == 422
