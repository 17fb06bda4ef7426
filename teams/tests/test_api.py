"""The API of teams: people, roles and invitations."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import AccountMail, IdempotentAnswer, Scope, User
from accounts.tests.factories import UserFactory
from accounts.tests.test_api import problem, token_of
from teamreminders.problems import Problem
from teams.models import Change, Invitation, Role, Team

from .factories import InvitationFactory, MembershipFactory, TeamFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("redis")]

API = "/api/v1"


class Program:
    """Asks in somebody's name."""

    def __init__(self, person: User, scope: Scope = Scope.WRITE, **fields: Any) -> None:
        self.person = person
        self.token, self.headers = token_of(person, scope, **fields)

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        more = {name.replace("_", "-"): value for name, value in headers.items()}
        return Client().generic(
            method, API + path, *([] if body is None else [json.dumps(body), "application/json"]),
            headers=self.headers | more,
        )  # fmt: skip


@pytest.fixture
def ada() -> User:
    return UserFactory(name="Ada", email="ada@example.org")


@pytest.fixture
def team(ada: User) -> Team:
    return TeamFactory(name="Operations", owner=ada)


@pytest.fixture
def owner(ada: User, team: Team) -> Program:
    return Program(ada)


def with_role(team: Team, role: Role = Role.MEMBER, **fields: Any) -> Program:
    return Program(MembershipFactory(team=team, role=role, **fields).user)


def test_a_team_is_founded_read_changed_and_listed(ada: User) -> None:
    program = Program(ada)
    answer = program.ask("POST", "/teams", {"name": "Ops", "zone": "Europe/Berlin"})
    assert answer.status_code == 201
    team = answer.json()
    assert (team["my_role"], team["working_days"]) == ("owner", [0, 1, 2, 3, 4])
    changed = program.ask("PATCH", f"/teams/{team['id']}", {"subject_prefix": "Ops"}).json()
    assert (changed["name"], changed["subject_prefix"]) == ("Ops", "Ops")
    assert program.ask("GET", "/teams").json() == [changed] == [program.ask("GET", f"/teams/{team['id']}").json()]


def test_a_team_without_a_zone_has_its_founders() -> None:
    program = Program(UserFactory(zone="Asia/Tokyo"))
    assert program.ask("POST", "/teams", {"name": "Ops"}).json()["zone"] == "Asia/Tokyo"
    assert program.ask("POST", "/teams", {"name": "Ops", "zone": None}).json()["zone"] == "Asia/Tokyo"
    problem(program.ask("POST", "/teams", {"name": "Ops", "zone": ""}), 422)


def test_a_form_s_mistake_is_said_of_the_value(owner: Program, team: Team) -> None:
    said = problem(owner.ask("PATCH", f"/teams/{team.uuid}", {"subject_prefix": "a\nb"}), 422)
    assert [each["pointer"] for each in said["errors"]] == ["/subject_prefix"]


@pytest.mark.parametrize(
    ("method", "path", "body", "viewer", "admin"),
    [
        ("GET", "", None, 200, 200),
        ("PATCH", "", {"name": "X"}, 403, 200),
        ("GET", "/members", None, 200, 200),
        ("GET", "/invitations", None, 403, 200),
        ("POST", "/invitations", {"email": "new@example.org"}, 403, 201),
    ],
)
def test_who_may_what(team: Team, method: str, path: str, body: Any, viewer: int, admin: int) -> None:
    stranger = Program(MembershipFactory(role=Role.OWNER).user)
    for program, status in (
        (stranger, 404), (with_role(team, Role.VIEWER), viewer), (with_role(team, Role.ADMIN), admin),
    ):  # fmt: skip
        assert program.ask(method, f"/teams/{team.uuid}{path}", body).status_code == status


def test_the_people_of_my_teams_are_told_with_what_they_are_there(owner: Program, team: Team) -> None:
    bob = MembershipFactory(team=team, user__name="Bob", role=Role.VIEWER).user
    second = MembershipFactory(team__name="Support", user=owner.person, role=Role.MEMBER).team
    MembershipFactory(team=second, user=bob, role=Role.ADMIN)
    MembershipFactory(user=bob)  # of a team that is none of Ada's business
    ada, told = owner.ask("GET", "/people").json()["items"]
    assert (ada["name"], told["name"]) == ("Ada", "Bob")
    assert told == {
        "id": str(bob.uuid), "name": "Bob", "email": bob.email, "zone": bob.zone,
        "teams": [
            {"id": str(team.uuid), "name": "Operations", "role": "viewer"},
            {"id": str(second.uuid), "name": "Support", "role": "admin"},
        ],
    }  # fmt: skip
    narrowed = Program(owner.person, all_teams=False)
    narrowed.token.teams.add(second)
    narrow = narrowed.ask("GET", "/people").json()["items"]
    assert [(each["name"], [in_team["name"] for in_team in each["teams"]]) for each in narrow] == [
        ("Ada", ["Support"]), ("Bob", ["Support"]),
    ]  # fmt: skip
    page = owner.ask("GET", "/people?size=1").json()
    (following,) = owner.ask("GET", f"/people?size=1&cursor={page['next']}").json()["items"]
    assert (page["items"], following) == ([ada], told)


def test_people_cost_the_same_however_many(owner: Program, team: Team) -> None:
    owner.ask("GET", "/me")  # notes that the token was used
    counts = []
    for count in (1, 20):
        MembershipFactory.create_batch(count, team=team)
        with CaptureQueriesContext(connection) as queries:
            owner.ask("GET", "/people")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_role_changes_unless_somebody_was_quicker(owner: Program, team: Team) -> None:
    bo = MembershipFactory(team=team, user__name="Bo")
    path = f"/teams/{team.uuid}/members/{bo.user.uuid}"
    assert owner.ask("PATCH", path, {"role": "admin", "was": "member"}).json()["role"] == "admin"
    problem(owner.ask("PATCH", path, {"role": "viewer", "was": "member"}), 409)
    problem(owner.ask("PATCH", path, {"role": "owner"}), 422)
    problem(owner.ask("PATCH", f"/teams/{team.uuid}/members/{owner.person.uuid}", {"role": "viewer"}), 403)


def test_who_is_removed_is_told_nothing_of_the_team_from_then_on(owner: Program, team: Team) -> None:
    bo = with_role(team)
    assert bo.ask("GET", f"/teams/{team.uuid}").status_code == 200
    assert owner.ask("DELETE", f"/teams/{team.uuid}/members/{bo.person.uuid}").status_code == 204
    problem(bo.ask("GET", f"/teams/{team.uuid}"), 404)
    assert bo.ask("GET", "/teams").json() == []


def test_one_leaves_but_the_last_owner(owner: Program, team: Team) -> None:
    bo = with_role(team)
    assert bo.ask("DELETE", f"/teams/{team.uuid}/members/{bo.person.uuid}").status_code == 204
    problem(owner.ask("DELETE", f"/teams/{team.uuid}/members/{owner.person.uuid}"), 409)


def test_an_invitation_is_sent_once_for_one_key_and_accepted(owner: Program, team: Team) -> None:
    path, body = f"/teams/{team.uuid}/invitations", {"email": "new@example.org", "role": "viewer"}
    first = owner.ask("POST", path, body, Idempotency_Key="k1")
    again = owner.ask("POST", path, body, Idempotency_Key="k1")
    assert (first.status_code, again.status_code, first.json()) == (201, 201, again.json())
    assert again["Idempotent-Replayed"] == "true"
    assert AccountMail.objects.count() == 1
    problem(owner.ask("POST", path, body | {"role": "admin"}, Idempotency_Key="k1"), 422)
    problem(owner.ask("POST", path, body), 409)
    text = AccountMail.objects.get().text
    token = next(word for word in text.split() if "/join/" in word).rstrip("/").rpartition("/")[2]
    problem(Program(UserFactory()).ask("POST", "/invitations/accept", {"token": token}), 404)
    new = Program(UserFactory(email="new@example.org"))
    assert new.ask("POST", "/invitations/accept", {"token": token}).json()["my_role"] == "viewer"
    problem(new.ask("POST", "/invitations/accept", {"token": token}), 404)


def test_an_answer_is_not_told_again_to_whoever_lost_the_right_to_it(team: Team) -> None:
    admin = with_role(team, Role.ADMIN)
    path, body = f"/teams/{team.uuid}/invitations", {"email": "new@example.org"}
    assert admin.ask("POST", path, body, Idempotency_Key="k").status_code == 201
    elsewhere = TeamFactory(owner=admin.person)
    narrow = Program(admin.person, all_teams=False)
    narrow.token.teams.set([elsewhere])
    problem(narrow.ask("POST", path, body, Idempotency_Key="k"), 404)
    problem(Program(admin.person).ask("POST", path, body, Idempotency_Key="k"), 422)
    team.memberships.filter(user=admin.person).update(role=Role.VIEWER)
    problem(admin.ask("POST", path, body, Idempotency_Key="k"), 403)
    team.memberships.filter(user=admin.person).delete()
    problem(admin.ask("POST", path, body, Idempotency_Key="k"), 404)


def test_a_key_may_be_used_again_after_a_day(owner: Program, team: Team) -> None:
    path = f"/teams/{team.uuid}/invitations"
    assert owner.ask("POST", path, {"email": "one@example.org"}, Idempotency_Key="k").status_code == 201
    IdempotentAnswer.objects.update(created_at=timezone.now() - timedelta(hours=25))
    assert owner.ask("POST", path, {"email": "two@example.org"}, Idempotency_Key="k").status_code == 201
    problem(owner.ask("POST", path, {"email": "three@example.org"}, Idempotency_Key=""), 400)


@pytest.mark.parametrize("email", ["", "nobody", "a@b", "ada@example.org\n", "two@example.org, more@example.org"])
def test_what_is_no_address_is_not_invited(owner: Program, team: Team, email: str) -> None:
    refused = owner.ask("POST", f"/teams/{team.uuid}/invitations", {"email": email})
    assert problem(refused, 422)["errors"][0]["pointer"] == "/email"
    assert not Invitation.objects.exists() and not AccountMail.objects.exists()


def test_a_refusal_is_not_kept_for_its_key(owner: Program, team: Team) -> None:
    path, member = f"/teams/{team.uuid}/invitations", MembershipFactory(team=team)
    body = {"email": member.user.email}
    problem(owner.ask("POST", path, body, Idempotency_Key="k"), 409)
    member.delete()
    assert owner.ask("POST", path, body, Idempotency_Key="k").status_code == 201


def test_invitations_are_listed_sent_again_and_withdrawn(owner: Program, team: Team) -> None:
    invitation = InvitationFactory(team=team, email="new@example.org")
    (listed,) = owner.ask("GET", f"/teams/{team.uuid}/invitations").json()
    assert (listed["email"], listed["invited_by"]) == ("new@example.org", None)
    assert "token" not in listed
    problem(owner.ask("POST", f"/invitations/{invitation.uuid}/send-again"), 409)
    assert owner.ask("DELETE", f"/invitations/{invitation.uuid}").status_code == 204
    problem(owner.ask("DELETE", f"/invitations/{invitation.uuid}"), 409)
    assert owner.ask("GET", f"/teams/{team.uuid}/invitations").json() == []


def test_a_token_for_one_team_knows_no_other(ada: User, team: Team) -> None:
    other = TeamFactory(owner=ada)
    program = Program(ada, all_teams=False)
    program.token.teams.add(team)
    assert [each["name"] for each in program.ask("GET", "/teams").json()] == ["Operations"]
    problem(program.ask("GET", f"/teams/{other.uuid}"), 404)
    problem(program.ask("PATCH", f"/teams/{other.uuid}", {"name": "X"}), 404)
    problem(program.ask("POST", "/teams", {"name": "X", "zone": "UTC"}), 403)
    invitation = InvitationFactory(team=other)
    problem(program.ask("DELETE", f"/invitations/{invitation.uuid}"), 404)


def test_a_token_whose_team_is_gone_does_not_widen(ada: User, team: Team) -> None:
    program = Program(ada, all_teams=False)
    program.token.teams.add(team)
    other = TeamFactory(owner=ada)
    Team.objects.filter(pk=team.pk).delete()
    assert program.ask("GET", "/teams").json() == []
    problem(program.ask("GET", f"/teams/{other.uuid}"), 404)


def test_what_a_program_does_is_its_persons_act(owner: Program, team: Team) -> None:
    Change.objects.all().delete()
    owner.ask("PATCH", f"/teams/{team.uuid}", {"name": "Ops"})
    change = Change.objects.get()
    assert (change.who, change.channel, change.changes) == (owner.person, "api", {"name": ["Operations", "Ops"]})


def test_of_what_is_refused_nothing_stays(owner: Program, team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*args: Any) -> None:
        raise Problem(409, "no")

    monkeypatch.setattr("teams.api.people.send_invitation", fails)
    problem(owner.ask("POST", f"/teams/{team.uuid}/invitations", {"email": "new@example.org"}), 409)
    assert not Invitation.objects.exists()
