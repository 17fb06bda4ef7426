"""Founding a team, renaming it, and who is in it."""

import pytest
from django.test import Client

from accounts.models import User
from accounts.tests.factories import UserFactory
from teams.models import Membership, Role, Team
from teams.tests.factories import MembershipFactory, TeamFactory

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture
def team() -> Team:
    return TeamFactory(name="Operations", zone="Europe/Berlin")


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def one_in(team: Team, role: Role = Role.MEMBER) -> Client:
    return signed_in(MembershipFactory(team=team, role=role).user)


def test_who_founds_a_team_owns_it() -> None:
    ana = UserFactory(zone="America/New_York")
    client = signed_in(ana)
    assert '<option value="America/New_York" selected>' in client.get("/teams/new/").content.decode()
    answer = client.post("/teams/new/", {"name": "Choir", "zone": "Europe/Berlin"})
    team = Team.objects.get()
    assert answer["Location"] == f"/teams/{team.uuid}/"
    assert (team.name, team.zone) == ("Choir", "Europe/Berlin")
    assert Membership.objects.get().role == Role.OWNER
    assert "The team Choir is there." in client.get(answer["Location"]).content.decode()


def test_htmx_is_sent_on_with_the_whole_window() -> None:
    answer = signed_in(UserFactory()).post("/teams/new/", {"name": "Choir", "zone": "UTC"}, headers=HTMX)
    assert answer["HX-Redirect"] == f"/teams/{Team.objects.get().uuid}/"


@pytest.mark.parametrize(
    ("name", "zone"), [("", "UTC"), ("   ", "UTC"), ("x" * 81, "UTC"), ("Choir", "Europe/Atlantis")]
)
def test_a_team_needs_a_name_and_a_real_zone(name: str, zone: str) -> None:
    answer = signed_in(UserFactory()).post("/teams/new/", {"name": name, "zone": zone})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert not Team.objects.exists()


def test_managers_rename_and_nobody_else(team: Team) -> None:
    url, form = f"/teams/{team.uuid}/rename/", {"name": "Ops", "zone": "UTC"}
    for role in (Role.MEMBER, Role.VIEWER):
        assert one_in(team, role).get(url).status_code == 403
        assert one_in(team, role).post(url, form).status_code == 403
    assert one_in(TeamFactory(), Role.OWNER).post(url, form).status_code == 404
    assert one_in(team, Role.ADMIN).post(url, form)["Location"] == f"/teams/{team.uuid}/"
    team.refresh_from_db()
    assert (team.name, team.zone) == ("Ops", "UTC")


def test_a_refused_name_is_not_shown_as_the_teams(team: Team) -> None:
    page = one_in(team, Role.OWNER).post(f"/teams/{team.uuid}/rename/", {"name": "", "zone": "UTC"})
    assert page.status_code == 422
    assert "Change Operations" in page.content.decode()


def test_members_see_each_others_addresses_and_roles_and_outsiders_nothing(team: Team) -> None:
    bo = MembershipFactory(team=team, role=Role.ADMIN, user__name="Bo", user__email="bo@example.org").user
    url = f"/teams/{team.uuid}/members/"
    page = one_in(team, Role.VIEWER).get(url).content.decode()
    assert str(bo) in page and "bo@example.org" in page and "admin" in page
    assert "Admins of the team invite people" in page
    assert one_in(TeamFactory(), Role.OWNER).get(url).status_code == 404
    assert Client().get(url).status_code == 302


def test_many_members_have_pages_and_cost_no_more_queries(team: Team, django_assert_num_queries: object) -> None:
    client = one_in(team)
    MembershipFactory.create_batch(105, team=team)
    with django_assert_num_queries(12):  # type: ignore[operator]
        page = client.get(f"/teams/{team.uuid}/members/").content.decode()
    assert page.count('<li class="row"') == 100
    assert "106 people belong to" in page and "Page 1 of 2" in page


def test_only_owners_are_offered_to_delete_the_team(team: Team) -> None:
    url, delete = f"/teams/{team.uuid}/rename/", f"/teams/{team.uuid}/delete/"
    assert delete in one_in(team, Role.OWNER).get(url).content.decode()
    assert delete not in one_in(team, Role.ADMIN).get(url).content.decode()
