"""The API of coming in by a link, and of which mail one gets."""

import pytest

from accounts.models import User
from accounts.tests.factories import UserFactory
from accounts.tests.test_api import problem
from teams.models import JoinLink, JoinRequest, Membership, Role, Team

from .factories import MembershipFactory
from .test_api import Program, ada, owner, team, with_role

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("redis")]
assert ada and team and owner  # fixtures


@pytest.fixture
def grace() -> User:
    return UserFactory(name="Grace", email="grace@example.org")


def test_whoever_has_the_link_joins(team: Team, grace: User) -> None:
    link = JoinLink.objects.create(team=team, needs_approval=False, role=Role.VIEWER)
    answer = Program(grace).ask("POST", f"/teams/{team.uuid}/join", {"token": link.token})
    assert (answer.status_code, answer.json()) == (200, {"state": "joined"})
    assert team.role_of(grace) == Role.VIEWER


def test_where_a_manager_has_to_agree_one_asks(team: Team, grace: User) -> None:
    link = JoinLink.objects.create(team=team)
    answer = Program(grace).ask("POST", f"/teams/{team.uuid}/join", {"token": link.token})
    assert (answer.status_code, answer.json()) == (202, {"state": "asked"})
    assert team.role_of(grace) is None
    assert JoinRequest.objects.get().user == grace


@pytest.mark.parametrize(
    ("link", "person"),
    [
        ({"domains": ["elsewhere.example"]}, {}),
        ({"needs_approval": False}, {"address__verified": False}),
        (None, {}),
    ],
    ids=["another domain", "an address that is not confirmed", "the link is off"],
)
def test_all_that_keeps_somebody_out_is_answered_alike(team: Team, link: dict | None, person: dict) -> None:
    token = JoinLink.objects.create(team=team, **link).token if link else "x" * 40
    newcomer = UserFactory(**person)
    problem(Program(newcomer).ask("POST", f"/teams/{team.uuid}/join", {"token": token}), 404)
    assert not team.role_of(newcomer) and not JoinRequest.objects.exists()


def test_a_token_for_some_teams_does_not_join_another(team: Team, grace: User) -> None:
    link = JoinLink.objects.create(team=team, needs_approval=False)
    narrow = Program(grace, all_teams=False)
    problem(narrow.ask("POST", f"/teams/{team.uuid}/join", {"token": link.token}), 403)


def test_which_mail_one_gets(team: Team) -> None:
    member = with_role(team)
    path = f"/teams/{team.uuid}/mail"
    assert member.ask("GET", path).json() == {"offered": ["reminder", "notice"], "wanted": ["reminder", "notice"]}
    assert member.ask("PUT", path, {"wanted": ["notice"]}).json()["wanted"] == ["notice"]
    assert Membership.objects.get(user=member.person).muted == ["reminder"]
    problem(member.ask("PUT", path, {"wanted": ["lunch"]}), 422)


def test_who_has_joined_already_stays_what_they_are(team: Team) -> None:
    admin = MembershipFactory(team=team, role=Role.ADMIN).user
    link = JoinLink.objects.create(team=team, needs_approval=False)
    assert Program(admin).ask("POST", f"/teams/{team.uuid}/join", {"token": link.token}).status_code == 200
    assert team.role_of(admin) == Role.ADMIN
