"""Joining by the link of a team, with and without somebody's approval."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import AccountMail, User
from accounts.tests.factories import UserFactory
from teams.models import JoinLink, JoinRequest, Role, Team
from teams.tests.factories import MembershipFactory, TeamFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def team() -> Team:
    return TeamFactory(name="Operations")


@pytest.fixture
def admin(team: Team) -> Client:
    return signed_in(MembershipFactory(team=team, role=Role.ADMIN, user__email="ada@example.org").user)


@pytest.fixture
def bo() -> User:
    return UserFactory(name="Bo", email="bo@example.org")


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def turned_on(team: Team, **fields: object) -> str:
    """The path of the link."""
    link, _created = JoinLink.objects.update_or_create(team=team, defaults={"needs_approval": False} | fields)
    return reverse("teams:join-link", args=[team.uuid, link.token])


def act(client: Client, name: str, *args: object, **form: str) -> str:
    """What the page says that follows."""
    return client.post(reverse(f"teams:{name}", args=args), form, follow=True).content.decode()


def test_a_manager_turns_the_link_on_changes_it_and_turns_it_off(admin: Client, team: Team, bo: User) -> None:
    page = act(admin, "set-link", team.uuid, role="viewer", domains="@Example.org, example.com example.org")
    link = JoinLink.objects.get()
    assert (link.role, link.domains, link.needs_approval) == ("viewer", ["example.org", "example.com"], False)
    assert link.url in page
    old = reverse("teams:join-link", args=[team.uuid, link.token])
    assert "Saved." in act(admin, "set-link", team.uuid, role="member", needs_approval="on")
    assert JoinLink.objects.get().token == link.token

    act(admin, "renew-link", team.uuid)
    new = reverse("teams:join-link", args=[team.uuid, JoinLink.objects.get().token])
    assert Client().get(old).status_code == 404 and Client().get(new).status_code == 200
    act(admin, "end-link", team.uuid)
    assert signed_in(bo).post(new).status_code == 404
    act(admin, "set-link", team.uuid, role="member")
    assert Client().get(new).status_code == 404  # turned on again it is another one


@pytest.mark.parametrize("domains", ["bo@example.org", "https://example.org/", "exa mple", "x" * 300 + ".org"])
def test_what_is_no_domain_is_refused_and_kept(admin: Client, team: Team, domains: str) -> None:
    url = reverse("teams:set-link", args=[team.uuid])
    answer = admin.post(url, {"role": "member", "domains": domains})
    assert answer.status_code == 422
    assert "is not the part after the @." in answer.content.decode() and domains in answer.content.decode()
    assert not JoinLink.objects.exists()


def test_without_approval_one_button_lets_in(team: Team, bo: User) -> None:
    link = turned_on(team, role="viewer")
    assert "As a viewer" in signed_in(bo).get(link).content.decode()
    assert team.role_of(bo) is None  # following it alone does nothing
    assert signed_in(bo).post(link)["Location"] == reverse("team", args=[team.uuid])
    assert team.role_of(bo) == "viewer"
    turned_on(team, role="member")
    assert signed_in(bo).post(link)["Location"] == reverse("team", args=[team.uuid])
    assert team.role_of(bo) == "viewer"


def test_who_is_signed_out_comes_back_after_signing_in_or_up(team: Team) -> None:
    link = turned_on(team, domains=["example.org"])
    page = Client().get(link).content.decode()
    assert "With an address at example.org." in page
    assert f"{reverse('account_signup')}?next={link}" in page and f"{reverse('account_login')}?next={link}" in page


@pytest.mark.parametrize("email", ["eve@example.com", "eve@sub.example.org", "eve@notexample.org"])
def test_other_addresses_are_left_out(team: Team, email: str) -> None:
    link, eve = turned_on(team, domains=["example.org"]), UserFactory(email=email)
    assert "This link is for addresses at example.org" in signed_in(eve).get(link).content.decode()
    assert signed_in(eve).post(link).status_code == 403
    assert team.role_of(eve) is None


def test_an_address_that_is_not_confirmed_proves_no_domain(team: Team) -> None:
    link, eve = turned_on(team, domains=["example.org"]), UserFactory(email="e@example.org", address__verified=False)
    assert signed_in(eve).post(link).status_code == 403
    assert team.role_of(eve) is None


def test_with_approval_managers_are_asked_once_and_the_person_hears_of_it(admin: Client, team: Team, bo: User) -> None:
    link = turned_on(team, needs_approval=True)
    for _ in range(2):
        assert "You have asked to join" in signed_in(bo).post(link, follow=True).content.decode()
    assert team.role_of(bo) is None
    assert list(AccountMail.objects.values_list("to", "subject")) == [
        ("ada@example.org", "Bo wants to join Operations")
    ]
    assert "Want to join" in admin.get(reverse("teams:members", args=[team.uuid])).content.decode()
    asked = JoinRequest.objects.get()
    assert "Bo belongs to Operations now." in act(admin, "answer-request", asked.uuid, role="viewer")
    assert team.role_of(bo) == "viewer"
    assert AccountMail.objects.filter(to=bo.email).get().subject == "You belong to Operations now"
    assert admin.post(reverse("teams:answer-request", args=[asked.uuid])).status_code == 404


def test_nobody_is_let_in_as_more_than_a_member(admin: Client, team: Team, bo: User) -> None:
    signed_in(bo).post(turned_on(team, needs_approval=True))
    act(admin, "answer-request", JoinRequest.objects.get().uuid, role="owner")
    assert team.role_of(bo) == "member"


def test_who_was_declined_is_told_so_and_asks_nobody_again(admin: Client, team: Team, bo: User) -> None:
    link = turned_on(team, needs_approval=True)
    signed_in(bo).post(link)
    asked = JoinRequest.objects.get()
    assert "Bo is not let in." in act(admin, "answer-request", asked.uuid, decline="yes")
    assert "An admin of Operations has declined." in signed_in(bo).post(link, follow=True).content.decode()
    assert AccountMail.objects.count() == 1
    assert "Want to join" not in admin.get(reverse("teams:members", args=[team.uuid])).content.decode()
    assert "answered that meanwhile" in act(admin, "answer-request", asked.uuid, decline="yes")


def test_a_link_is_of_one_team_and_says_nothing_of_others(team: Team, bo: User) -> None:
    token = turned_on(team).rstrip("/").rpartition("/")[2]
    other = TeamFactory()
    turned_on(other)
    for uuid, wrong in ((other.uuid, token), (team.uuid, token[:-1]), (team.uuid, "x"), (team.uuid, "ü")):
        assert signed_in(bo).post(reverse("teams:join-link", args=[uuid, wrong])).status_code == 404
    assert not other.memberships.exists()


def test_only_managers_see_the_link(admin: Client, team: Team) -> None:
    token = turned_on(team).rstrip("/").rpartition("/")[2]
    url = reverse("teams:members", args=[team.uuid])
    assert token in admin.get(url).content.decode()
    assert token not in signed_in(MembershipFactory(team=team).user).get(url).content.decode()
