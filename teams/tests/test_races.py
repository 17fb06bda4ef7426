"""Two real connections at once, both ways round."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import AccessToken, User
from accounts.models.token import AT_MOST, NoRoom
from accounts.tests.factories import UserFactory
from reminders.tests.connections import connections, held_open, waits
from teams.models import Invitation, JoinLink, JoinRequest, LastOwner, Membership, NotInvited, Offer, Role, Team
from teams.tests.factories import InvitationFactory, MembershipFactory, TeamFactory
from teams.tests.test_api import Program

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def team() -> Team:
    return TeamFactory()


@pytest.fixture
def elsewhere() -> Any:
    with connections() as start:
        yield start


def second(elsewhere: Any, first: Callable[[], Any], act: Callable[[], Any]) -> Any:
    """What `act` returns when it had to wait for `first`, which was committed then."""
    with held_open(elsewhere, first):
        future = elsewhere(act)
        assert waits(future)
    return future.result(10)


def test_a_person_has_a_hundred_tokens_and_no_more(elsewhere: Any) -> None:
    bo = UserFactory()
    made = [AccessToken.objects.make(bo, name=f"script {n}")[0] for n in range(AT_MOST - 1)]

    def make() -> bool:
        try:
            return bool(AccessToken.objects.make(bo, name="one more"))
        except NoRoom:
            return False

    assert second(elsewhere, make, make) is False
    assert bo.access_tokens.count() == AT_MOST == 100
    assert not make()
    assert made[0].end(timezone.now()) and make()


def test_an_invitation_is_used_once(team: Team, elsewhere: Any) -> None:
    invitation, now = InvitationFactory(team=team, email="bo@example.org"), timezone.now()
    bo = UserFactory(email="bo@example.org")

    def accept() -> bool:
        return Invitation.objects.get(pk=invitation.pk).accept(bo, now)

    assert second(elsewhere, accept, accept) is False
    assert team.memberships.count() == 1


def test_an_invitation_that_is_being_withdrawn_lets_nobody_in(team: Team, elsewhere: Any) -> None:
    invitation, now = InvitationFactory(team=team, email="bo@example.org"), timezone.now()
    bo = UserFactory(email="bo@example.org")
    assert second(elsewhere, lambda: invitation.withdraw(now), lambda: invitation.accept(bo, now)) is False
    assert not team.memberships.exists()


def test_an_invitation_that_is_being_used_is_not_withdrawn(team: Team, elsewhere: Any) -> None:
    invitation, now = InvitationFactory(team=team, email="bo@example.org"), timezone.now()
    bo = UserFactory(email="bo@example.org")
    assert second(elsewhere, lambda: invitation.accept(bo, now), lambda: invitation.withdraw(now)) is False
    assert team.memberships.count() == 1


def test_two_admins_who_invite_one_address_open_one_invitation(team: Team, elsewhere: Any) -> None:
    by, now = MembershipFactory(team=team, role=Role.OWNER).user, timezone.now()

    def invite() -> str:
        try:
            Invitation.objects.invite(team, "bo@example.org", Role.MEMBER, by, now)
        except NotInvited as error:
            return str(error)
        return ""

    assert "is invited already" in second(elsewhere, invite, invite)
    assert Invitation.objects.count() == 1


def test_a_link_that_is_being_turned_off_lets_nobody_in(team: Team, elsewhere: Any) -> None:
    link, bo = JoinLink.objects.create(team=team, needs_approval=False), UserFactory()
    off = JoinLink.objects.filter(pk=link.pk).delete
    assert second(elsewhere, off, lambda: link.follow(bo, timezone.now())) is None
    assert not team.memberships.exists()


def manager(team: Team) -> tuple[Program, Client]:
    """The same person by the API and on the pages."""
    owner, client = MembershipFactory(team=team, role=Role.OWNER).user, Client()
    client.force_login(owner)
    return Program(owner), client


@pytest.mark.usefixtures("redis")
@pytest.mark.parametrize("by_page", [False, True])
def test_two_who_turn_the_link_on_have_one(team: Team, elsewhere: Any, by_page: bool) -> None:
    program, client = manager(team)

    def turn_on() -> int:
        if by_page:
            return client.post(f"/teams/{team.uuid}/link/", {"role": "viewer"}).status_code
        return program.ask("PUT", f"/teams/{team.uuid}/link", {"role": "viewer"}).status_code

    def first() -> None:
        JoinLink.objects.locked(team)
        JoinLink.objects.create(team=team)

    assert second(elsewhere, first, turn_on) == (302 if by_page else 200)
    assert JoinLink.objects.get().role == Role.VIEWER


@pytest.mark.usefixtures("redis")
@pytest.mark.parametrize("by_page", [False, True])
def test_a_link_that_is_being_turned_off_is_not_renewed(team: Team, elsewhere: Any, by_page: bool) -> None:
    program, client = manager(team)
    JoinLink.objects.create(team=team)

    def renew() -> int:
        if by_page:
            return client.post(f"/teams/{team.uuid}/link/renew/").status_code
        return program.ask("POST", f"/teams/{team.uuid}/link/renew").status_code

    assert second(elsewhere, lambda: JoinLink.objects.end(team), renew) == 404
    assert not JoinLink.objects.exists()


def test_of_two_managers_who_let_somebody_in_one_hears_of_the_other(team: Team, elsewhere: Any) -> None:
    asked = JoinRequest.objects.create(team=team, user=UserFactory(), asked_at=timezone.now())
    assert second(elsewhere, lambda: asked.approve(Role.VIEWER), lambda: asked.approve(Role.MEMBER)) is False
    assert team.memberships.get().role == Role.VIEWER


def test_of_two_admins_who_change_one_role_one_wins(team: Team, elsewhere: Any) -> None:
    theirs = Membership.objects.filter(pk=MembershipFactory(team=team).pk)

    def change(role: Role) -> bool:
        return theirs.all().give_role(role, was=Role.MEMBER)

    assert second(elsewhere, lambda: change(Role.VIEWER), lambda: change(Role.ADMIN)) is False
    assert theirs.get().role == Role.VIEWER


def test_of_two_owners_who_leave_at_once_one_stays(team: Team, elsewhere: Any) -> None:
    ada, bo = MembershipFactory.create_batch(2, team=team, role=Role.OWNER)

    def leave(membership: Membership) -> str:
        try:
            Membership.objects.get(pk=membership.pk).leave()
        except LastOwner:
            return "last owner"
        return "left"

    assert second(elsewhere, lambda: leave(ada), lambda: leave(bo)) == "last owner"
    assert team.memberships.get().role == Role.OWNER


def test_a_team_is_not_handed_to_somebody_who_is_being_removed(team: Team, elsewhere: Any) -> None:
    owner, heir = MembershipFactory(team=team, role=Role.OWNER), MembershipFactory(team=team)
    offer = Offer.objects.make(owner, heir, timezone.now())
    assert offer
    remove = Membership.objects.filter(pk=heir.pk).put_out
    assert second(elsewhere, remove, offer.accept) is False
    assert team.memberships.get().role == Role.OWNER


def test_somebody_who_is_just_made_owner_is_not_removed(team: Team, elsewhere: Any) -> None:
    owner, heir = MembershipFactory(team=team, role=Role.OWNER), MembershipFactory(team=team)
    offer = Offer.objects.make(owner, heir, timezone.now())
    assert offer
    assert second(elsewhere, offer.accept, Membership.objects.filter(pk=heir.pk).put_out) is False
    assert team.role_of(User.objects.get(pk=heir.user_id)) == Role.OWNER


@pytest.mark.parametrize("first", ["end", "accept"])
def test_of_taking_an_offer_back_and_accepting_it_one_wins(team: Team, elsewhere: Any, first: str) -> None:
    owner, heir = MembershipFactory(team=team, role=Role.OWNER), MembershipFactory(team=team)
    offer = Offer.objects.make(owner, heir, timezone.now())
    assert offer
    acts = {"end": lambda: Offer.objects.get(pk=offer.pk).end(), "accept": lambda: offer.accept()}
    later = "accept" if first == "end" else "end"
    if later == "end":  # as the page does it: found first, then ended
        found = Offer.objects.get(pk=offer.pk)
        acts["end"] = found.end
    assert second(elsewhere, acts[first], acts[later]) is False
    heir.refresh_from_db()
    assert heir.is_owner == (first == "accept")
