"""Changing what somebody may do, removing people, leaving, and handing a team over."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import AccountMail, User
from teams.models import JoinLink, Membership, Offer, Role, Team
from teams.tests.factories import InvitationFactory, MembershipFactory, TeamFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def team() -> Team:
    return TeamFactory(name="Operations")


@pytest.fixture
def owner(team: Team) -> User:
    return MembershipFactory(team=team, role=Role.OWNER, user__name="Olga").user


@pytest.fixture
def bo(team: Team) -> User:
    return MembershipFactory(team=team, user__name="Bo").user


def post(by: User, name: str, *args: object, **form: str) -> tuple[int, str]:
    """The status, and what the page says that follows."""
    client = Client()
    client.force_login(by)
    answer = client.post(reverse(f"teams:{name}", args=args), form, follow=True)
    return answer.status_code, answer.content.decode()


def role_of(person: User, team: Team) -> str | None:
    return team.role_of(person)


def test_a_manager_changes_what_somebody_may_do(team: Team, owner: User, bo: User) -> None:
    status, page = post(owner, "change-role", team.uuid, bo.uuid, role="viewer", was="member")
    assert status == 200 and "Bo is a viewer now." in page
    assert role_of(bo, team) == "viewer"


@pytest.mark.parametrize(("role", "status"), [("owner", 404), ("", 404), ("king", 404)])
def test_nobody_is_made_an_owner_or_what_there_is_not(
    team: Team, owner: User, bo: User, role: str, status: int
) -> None:
    assert post(owner, "change-role", team.uuid, bo.uuid, role=role, was="member")[0] == status
    assert role_of(bo, team) == "member"


def test_an_admin_changes_other_admins_but_no_owner(team: Team, owner: User, bo: User) -> None:
    ada, ben = MembershipFactory.create_batch(2, team=team, role=Role.ADMIN)
    assert post(ada.user, "change-role", team.uuid, ben.user.uuid, role="viewer", was="admin")[0] == 200
    for name, form in (("change-role", {"role": "viewer", "was": "owner"}), ("remove", {})):
        assert post(ada.user, name, team.uuid, owner.uuid, **form)[0] == 403
    assert role_of(ben.user, team) == "viewer" and role_of(owner, team) == "owner"


def test_of_two_who_change_one_role_the_second_hears_of_the_first(team: Team, owner: User, bo: User) -> None:
    post(owner, "change-role", team.uuid, bo.uuid, role="viewer", was="member")
    page = post(owner, "change-role", team.uuid, bo.uuid, role="admin", was="member")[1]
    assert "Nothing was changed: meanwhile somebody made Bo viewer." in page
    assert role_of(bo, team) == "viewer"


def test_removing_can_be_undone_for_some_minutes(
    team: Team, owner: User, bo: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    Membership.objects.filter(user=bo).update(role=Role.VIEWER)
    client = Client()
    client.force_login(owner)
    page = client.post(reverse("teams:remove", args=[team.uuid, bo.uuid]), follow=True)
    assert "Bo does not belong to Operations any more." in page.content.decode()
    assert role_of(bo, team) is None
    [message] = list(page.context["messages"])
    assert "Bo belongs to Operations again." in client.post(message.extra_tags, follow=True).content.decode()
    assert role_of(bo, team) == "viewer"

    Membership.objects.filter(user=bo).delete()
    monkeypatch.setattr("teams.notes.UNDO_SECONDS", 0)
    assert "too late" in client.post(message.extra_tags, follow=True).content.decode()
    other = TeamFactory(owner=owner)
    foreign = message.extra_tags.replace(str(team.uuid), str(other.uuid))
    assert client.post(foreign).status_code == 404
    assert role_of(bo, team) is None and role_of(bo, other) is None


def test_a_removal_is_taken_back_once_and_nobody_is_fetched_in_again(team: Team, owner: User, bo: User) -> None:
    client = Client()
    client.force_login(owner)
    page = client.post(reverse("teams:remove", args=[team.uuid, bo.uuid]), follow=True)
    [message] = list(page.context["messages"])
    client.post(message.extra_tags)
    Membership.objects.get(user=bo).leave()
    assert "taken back already" in client.post(message.extra_tags, follow=True).text
    assert role_of(bo, team) is None


def test_who_is_removed_sees_nothing_more_at_once(team: Team, owner: User, bo: User) -> None:
    client = Client()
    client.force_login(bo)
    url = reverse("team", args=[team.uuid])
    assert client.get(url).status_code == 200
    post(owner, "remove", team.uuid, bo.uuid)
    assert client.get(url).status_code == 404
    assert "Operations" not in client.get("/today/").content.decode()


def test_who_was_removed_does_not_come_in_by_the_join_link_again_but_by_an_invitation(
    team: Team, owner: User, bo: User
) -> None:
    link = JoinLink.objects.create(team=team, needs_approval=False)
    post(owner, "remove", team.uuid, bo.uuid)
    client = Client()
    client.force_login(bo)
    page = client.post(reverse("teams:join-link", args=[team.uuid, link.token]), follow=True).content.decode()
    assert "An admin of Operations has declined." in page
    assert role_of(bo, team) is None
    InvitationFactory(team=team, email=bo.email, token="token")
    client.post(reverse("teams:join", args=["token"]))
    assert role_of(bo, team) == "member"
    post(bo, "leave", team.uuid)
    client.post(reverse("teams:join-link", args=[team.uuid, link.token]))
    assert role_of(bo, team) == "member"  # who left by themselves may come back


def test_a_manager_removes_nobody_of_another_team(team: Team, owner: User) -> None:
    stranger = MembershipFactory().user
    assert post(owner, "remove", team.uuid, stranger.uuid)[0] == 404
    assert post(owner, "change-role", team.uuid, stranger.uuid, role="viewer", was="member")[0] == 404
    assert stranger.memberships.count() == 1


def test_everybody_may_leave_but_the_last_owner(team: Team, owner: User, bo: User) -> None:
    page = post(owner, "leave", team.uuid)[1]
    assert "You are its only owner." in page and role_of(owner, team) == "owner"
    assert "You do not belong to Operations any more." in post(bo, "leave", team.uuid)[1]
    assert role_of(bo, team) is None
    MembershipFactory(team=team, role=Role.OWNER, user__is_active=False)  # could not act for it
    assert "You are its only owner." in post(owner, "leave", team.uuid)[1]
    MembershipFactory(team=team, role=Role.OWNER)
    assert "You do not belong to Operations any more." in post(owner, "leave", team.uuid)[1]


def test_a_team_is_handed_over_once_the_other_agrees(team: Team, owner: User, bo: User) -> None:
    assert "Bo is asked." in post(owner, "offer", team.uuid, bo.uuid)[1]
    mail = AccountMail.objects.get()
    assert (mail.to, mail.subject) == (bo.email, "Olga wants to hand Operations over to you")
    assert reverse("teams:members", args=[team.uuid]) in mail.text
    assert role_of(owner, team) == "owner"
    assert "You own Operations now." in post(bo, "accept-offer", team.uuid)[1]
    assert (role_of(bo, team), role_of(owner, team)) == ("owner", "admin")
    assert "no such offer any more" in post(bo, "accept-offer", team.uuid)[1]


@pytest.mark.parametrize("ended_by", ["owner", "heir", "leaving", "another offer"])
def test_an_offer_that_was_ended_cannot_be_accepted(team: Team, owner: User, bo: User, ended_by: str) -> None:
    post(owner, "offer", team.uuid, bo.uuid)
    match ended_by:
        case "owner":
            post(owner, "end-offer", team.uuid)
        case "heir":
            post(bo, "end-offer", team.uuid)
        case "leaving":
            post(bo, "leave", team.uuid)
            MembershipFactory(team=team, user=bo)
        case "another offer":
            post(owner, "offer", team.uuid, MembershipFactory(team=team).user.uuid)
    assert "no such offer any more" in post(bo, "accept-offer", team.uuid)[1]
    assert (role_of(bo, team), role_of(owner, team)) == ("member", "owner")


def test_nobody_accepts_or_ends_what_was_offered_to_another(team: Team, owner: User, bo: User) -> None:
    ada = MembershipFactory(team=team, role=Role.ADMIN).user
    post(owner, "offer", team.uuid, bo.uuid)
    assert "no such offer any more" in post(ada, "accept-offer", team.uuid)[1]
    assert "no such offer any more" in post(ada, "end-offer", team.uuid)[1]
    assert Offer.objects.exists() and role_of(ada, team) == "admin"


def test_who_owns_the_team_no_more_can_not_hand_it_over(team: Team, owner: User, bo: User) -> None:
    mine, theirs = (Membership.objects.get(user=person) for person in (owner, bo))
    assert Offer.objects.make(mine, theirs, timezone.now())
    Membership.objects.filter(user=owner).update(role=Role.ADMIN)
    assert "no such offer any more" in post(bo, "accept-offer", team.uuid)[1]
    assert Offer.objects.make(mine, theirs, timezone.now()) is None
