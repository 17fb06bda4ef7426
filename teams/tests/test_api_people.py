"""The API of how people come into a team by other ways than an invitation, and of handing it over."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from accounts.models import AccountMail, User
from accounts.tests.factories import UserFactory
from accounts.tests.test_api import problem
from teams.models import JoinLink, JoinRequest, OutsideState, Role, Team

from .factories import MembershipFactory, OutsideAddressFactory
from .test_api import Program, ada, owner, team, with_role

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("redis")]
assert ada and team and owner  # fixtures

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def test_the_link_is_turned_on_renewed_and_off(owner: Program, team: Team) -> None:
    path = f"/teams/{team.uuid}/link"
    assert owner.ask("GET", path).status_code == 404
    wanted = {"role": "viewer", "needs_approval": False, "domains": ["Example.org"]}
    link = owner.ask("PUT", path, wanted).json()
    assert link == {"url": JoinLink.objects.get().url, **wanted, "domains": ["example.org"]}
    renewed = owner.ask("POST", f"{path}/renew").json()
    assert renewed["url"] not in {link["url"], ""}
    assert owner.ask("GET", path).json() == renewed
    assert owner.ask("DELETE", path).status_code == 204
    assert not JoinLink.objects.exists()


def test_a_domain_that_is_none_changes_nothing(owner: Program, team: Team) -> None:
    refused = owner.ask("PUT", f"/teams/{team.uuid}/link", {"domains": ["not a domain!"]})
    assert problem(refused, 422)["errors"][0]["pointer"] == "/domains"
    assert not JoinLink.objects.exists()


def test_who_asks_to_come_in_is_let_in_once(owner: Program, team: Team) -> None:
    grace = UserFactory(name="Grace")
    JoinRequest.objects.create(team=team, user=grace, asked_at=timezone.now())
    (asked,) = owner.ask("GET", f"/teams/{team.uuid}/requests").json()
    assert (asked["name"], asked["email"]) == ("Grace", grace.email)
    assert owner.ask("POST", f"/requests/{asked['id']}/approve", {"role": "viewer"}).status_code == 204
    assert team.role_of(grace) == Role.VIEWER
    assert AccountMail.objects.filter(to=grace.email).count() == 1
    assert owner.ask("POST", f"/requests/{asked['id']}/approve", {}).status_code == 404


def test_who_is_declined_does_not_wait_any_more(owner: Program, team: Team) -> None:
    grace = UserFactory()
    asked = JoinRequest.objects.create(team=team, user=grace, asked_at=timezone.now())
    assert owner.ask("POST", f"/requests/{asked.uuid}/decline").status_code == 204
    assert owner.ask("GET", f"/teams/{team.uuid}/requests").json() == []
    problem(owner.ask("POST", f"/requests/{asked.uuid}/decline"), 409)
    assert team.role_of(grace) is None


def test_outside_addresses_are_asked_listed_and_removed(owner: Program, team: Team) -> None:
    stopped = OutsideAddressFactory(team=team, state=OutsideState.STOPPED, email="no@example.com")
    path = f"/teams/{team.uuid}/outside"
    answer = owner.ask("POST", path, {"emails": ["Client@Example.com", stopped.email]}).json()
    assert [address["email"] for address in answer["addresses"]] == ["client@example.com"]
    assert answer["refused"] == ["no@example.com wants no mail from this team."]
    assert AccountMail.objects.filter(to="client@example.com").count() == 1
    listed = {address["email"]: address for address in owner.ask("GET", path).json()}
    assert {email: address["state"] for email, address in listed.items()} == {
        "client@example.com": "asked",
        "no@example.com": "stopped",
    }
    assert owner.ask("DELETE", f"/outside/{listed['client@example.com']['id']}").status_code == 204
    assert [address["email"] for address in owner.ask("GET", path).json()] == ["no@example.com"]


def test_times_of_a_team_are_told_by_its_clock(owner: Program, team: Team) -> None:
    Team.objects.update(zone="Asia/Tokyo")
    heir = with_role(team)
    JoinRequest.objects.create(team=team, user=UserFactory(), asked_at=NOON)
    OutsideAddressFactory(team=team, asked_at=NOON, agreed_at=NOON, state=OutsideState.AGREED)
    path, tokyo = f"/teams/{team.uuid}", {"at": "2026-11-24T21:00:00+09:00", "zone": "Asia/Tokyo"}
    with time_machine.travel(NOON, tick=False):
        invited = Program(owner.person).ask("POST", f"{path}/invitations", {"email": "new@example.org"}).json()
        offered = Program(owner.person).ask("PUT", f"{path}/offer", {"person": str(heir.person.uuid)}).json()
    (outside,) = owner.ask("GET", f"{path}/outside").json()
    (asked,) = owner.ask("GET", f"{path}/requests").json()
    told = [invited["sent_at"], offered["made_at"], outside["asked_at"], outside["agreed_at"], asked["asked_at"]]
    assert told == [tokyo] * 5
    assert owner.ask("GET", f"{path}/offer").json() == offered
    assert invited["expires_at"]["zone"] == "Asia/Tokyo"
    assert owner.ask("GET", f"{path}/members").json()[0]["joined_at"]["at"].endswith("+09:00")


def test_a_team_is_handed_over_once_the_other_agrees(owner: Program, team: Team) -> None:
    heir = with_role(team)
    path = f"/teams/{team.uuid}/offer"
    assert heir.ask("GET", path).status_code == 404
    offered = owner.ask("PUT", path, {"person": str(heir.person.uuid)})
    assert (offered.status_code, offered.json()["to"]) == (200, str(heir.person.uuid))
    assert team.role_of(heir.person) == Role.MEMBER
    problem(owner.ask("POST", f"{path}/accept"), 409)
    assert heir.ask("POST", f"{path}/accept").status_code == 204
    assert team.role_of(heir.person) == Role.OWNER
    problem(heir.ask("POST", f"{path}/accept"), 409)


@pytest.mark.parametrize("by_heir", [True, False])
def test_either_of_the_two_ends_an_offer_and_nobody_else(owner: Program, team: Team, by_heir: bool) -> None:
    heir, other = with_role(team), with_role(team, Role.ADMIN)
    path = f"/teams/{team.uuid}/offer"
    owner.ask("PUT", path, {"person": str(heir.person.uuid)})
    problem(other.ask("DELETE", path), 409)
    assert (heir if by_heir else owner).ask("DELETE", path).status_code == 204
    problem(heir.ask("POST", f"{path}/accept"), 409)


def test_a_team_is_not_offered_to_its_owner(owner: Program, team: Team, ada: User) -> None:
    MembershipFactory(team=team)
    problem(owner.ask("PUT", f"/teams/{team.uuid}/offer", {"person": str(ada.uuid)}), 409)


def test_whoever_invites_too_many_hears_for_how_long_to_wait(owner: Program, team: Team, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"invite": "1/h/user"}
    path, first = f"/teams/{team.uuid}/invitations", timezone.now()
    with time_machine.travel(first, tick=False):
        sent = owner.ask("POST", path, {"email": "bo@example.org"}).json()
    with time_machine.travel(first + timedelta(minutes=50), tick=False):
        for refused in (
            owner.ask("POST", path, {"email": "cy@example.org"}),
            owner.ask("POST", f"/invitations/{sent['id']}/send-again"),
        ):
            assert "many invitations" in problem(refused, 429)["detail"]
            assert refused["Retry-After"] == "600"
    with time_machine.travel(first + timedelta(seconds=3601), tick=False):
        assert owner.ask("POST", path, {"email": "cy@example.org"}).status_code == 201
