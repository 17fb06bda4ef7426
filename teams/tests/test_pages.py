"""Founding a team, its settings, and who is in it."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.http import urlencode

from accounts.models import User
from accounts.tests.factories import UserFactory
from teamreminders.testing.texts import NOT_ONE_LINE, ONE_LINE
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


def test_managers_change_the_settings_and_nobody_else(team: Team) -> None:
    url, form = f"/teams/{team.uuid}/settings/", {"name": "Ops", "zone": "UTC"}
    for role in (Role.MEMBER, Role.VIEWER):
        assert one_in(team, role).get(url).status_code == 403
        assert one_in(team, role).post(url, form).status_code == 403
    assert one_in(TeamFactory(), Role.OWNER).post(url, form).status_code == 404
    assert one_in(team, Role.ADMIN).post(url, form)["Location"] == f"/teams/{team.uuid}/"
    team.refresh_from_db()
    assert (team.name, team.zone) == ("Ops", "UTC")


def test_a_refused_name_is_not_shown_as_the_teams(team: Team) -> None:
    page = one_in(team, Role.OWNER).post(f"/teams/{team.uuid}/settings/", {"name": "", "zone": "UTC"})
    assert page.status_code == 422
    assert "<title>Team settings: Operations ·" in page.content.decode()


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
    url, delete = f"/teams/{team.uuid}/settings/", f"/teams/{team.uuid}/delete/"
    assert delete in one_in(team, Role.OWNER).get(url).content.decode()
    assert delete not in one_in(team, Role.ADMIN).get(url).content.decode()


def saved_prefix(team: Team, prefix: str) -> str:
    """What the team has after somebody typed this; says so when it was refused."""
    form = {"name": "Operations", "zone": "UTC", "subject_prefix": prefix}
    answer = one_in(team, Role.ADMIN).post(f"/teams/{team.uuid}/settings/", form)
    if answer.status_code == 422:
        assert 'aria-invalid="true"' in answer.content.decode()
        return "refused"
    team.refresh_from_db()
    return team.subject_prefix


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Ops", "Ops"),
        ("  Ops  ", "Ops"),
        ("[Ops]", "Ops"),
        ("[ Ops 2 ]", "Ops 2"),
        ("Übung 👩\u200d🚒", "Übung 👩\u200d🚒"),
        ("", ""),
        ("[]", ""),
        ("x" * 20, "x" * 20),
        ("x" * 21, "refused"),
        ("x" * 10_000, "refused"),
        ("Ops\r\nBcc: a@b.ex", "refused"),
        ("Ops\tA", "refused"),
        ("Ops\x7f", "refused"),
        ("Ops\x00", "refused"),
        ("Ops\u202egpj", "refused"),
        ("\u2066Ops", "refused"),
        ("Ops\u2028A", "refused"),
    ],
)
def test_a_prefix_of_subjects_is_one_short_line_of_what_can_be_seen(team: Team, typed: str, kept: str) -> None:
    assert saved_prefix(team, typed) == kept


def test_a_refused_prefix_changes_nothing_and_can_be_corrected(team: Team) -> None:
    Team.objects.update(subject_prefix="Ops")
    assert saved_prefix(team, "x" * 21) == "refused"
    team.refresh_from_db()
    assert (team.subject_prefix, team.zone) == ("Ops", "Europe/Berlin")


@pytest.mark.parametrize("name", NOT_ONE_LINE)
def test_a_name_of_a_team_is_one_line(team: Team, name: str) -> None:
    for url in ("/teams/new/", f"/teams/{team.uuid}/settings/"):
        answer = one_in(team, Role.ADMIN).post(url, {"name": name, "zone": "UTC"})
        assert answer.status_code == 422 and "in one line" in answer.content.decode()
    assert list(Team.objects.values_list("name", flat=True)) == [team.name]


@pytest.mark.parametrize("name", ONE_LINE)
def test_a_name_of_a_team_is_in_any_script(team: Team, name: str) -> None:
    one_in(team, Role.ADMIN).post(f"/teams/{team.uuid}/settings/", {"name": name, "zone": "UTC"})
    team.refresh_from_db()
    assert team.name == name


def test_an_example_shows_the_subject_as_it_will_be(team: Team) -> None:
    page = one_in(team, Role.ADMIN)
    assert '<bdi id="prefix"></bdi>Renew the certificate' in page.get(f"/teams/{team.uuid}/settings/").content.decode()
    Team.objects.update(subject_prefix="R&D")
    assert '<bdi id="prefix">[R&amp;D] </bdi>' in page.get(f"/teams/{team.uuid}/settings/").content.decode()


def test_a_new_team_is_not_asked_for_a_prefix() -> None:
    assert "subject_prefix" not in signed_in(UserFactory()).get("/teams/new/").content.decode()


def test_of_two_tabs_with_settings_each_changes_what_was_touched_there(client: Client) -> None:
    ada = UserFactory()
    client.force_login(ada)
    team = TeamFactory(name="Ops", zone="UTC", owner=ada)
    url = reverse("teams:settings", args=[team.uuid])
    shown = {"name": "Ops", "zone": "UTC", "subject_prefix": ""}
    hidden = {f"initial-{name}": value for name, value in shown.items()}
    page = client.get(url).text
    assert all(f'name="{name}"' in page for name in hidden)
    client.post(url, shown | hidden | {"subject_prefix": "OPS"})
    client.post(url, shown | hidden | {"name": "Operations"})
    team.refresh_from_db()
    assert (team.name, team.subject_prefix) == ("Operations", "OPS")


def test_who_was_signed_out_meanwhile_comes_back_to_the_page_of_the_form() -> None:
    client, team = Client(), TeamFactory(owner=UserFactory())
    page = reverse("teams:members", args=[team.uuid])
    answer = client.post(
        reverse("teams:invite", args=[team.uuid]), {"emails": "new@example.org"},
        headers={"Referer": f"http://testserver{page}"}, follow=True,
    )  # fmt: skip
    assert answer.redirect_chain[0][0] == f"/accounts/login/?{urlencode({'next': page})}"
    assert "Nothing was changed." in answer.text
    foreign = client.post(reverse("teams:invite", args=[team.uuid]), headers={"Referer": "https://evil.example/x"})
    assert foreign["Location"] == f"/accounts/login/?{urlencode({'next': '/today/'})}"
