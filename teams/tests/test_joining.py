"""From an invitation to the team, as somebody without scripts walks it."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import AccountMail, User
from accounts.tests.factories import PASSWORD, UserFactory
from teams.models import Invitation, Membership, Role, Team
from teams.models.invitation import AGAIN_AFTER, VALID_FOR
from teams.tests.factories import InvitationFactory, MembershipFactory, TeamFactory

pytestmark = pytest.mark.django_db

BO = "bo@example.org"


@pytest.fixture
def team() -> Team:
    return TeamFactory(name="Operations")


@pytest.fixture
def admin(team: Team) -> Client:
    return signed_in(MembershipFactory(team=team, role=Role.ADMIN, user__name="Ada").user)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def invite(client: Client, team: Team, emails: str = BO, role: str = "member"):
    return client.post(reverse("teams:invite", args=[team.uuid]), {"emails": emails, "role": role}, follow=True)


def link_in(mail: AccountMail) -> str:
    return re.search(rf"{re.escape(settings.SITE_URL)}(/teams/join/\S+)", mail.text)[1]


def link_to(email: str = BO) -> str:
    """In the last mail to this address."""
    return link_in(AccountMail.objects.filter(to=email).latest("pk"))


def role_of(email: str = BO) -> str | None:
    return Membership.objects.filter(user__email=email).values_list("role", flat=True).first()


def test_who_has_no_account_follows_the_mail_signs_up_and_is_in_the_team(admin: Client, team: Team) -> None:
    assert "1 person is invited." in invite(admin, team, "Bo@Example.org").content.decode()
    mail = AccountMail.objects.get()
    assert (mail.to, mail.subject) == (BO, "Ada invites you to Operations")

    bo = Client()
    page = bo.get(link_to()).content.decode()
    assert "Ada invites you to Operations" in page and "As a member" in page
    form = bo.get(reverse("account_signup"), {"next": link_to()}).content.decode()
    assert f'value="{BO}"' in form
    answer = bo.post(
        reverse("account_signup"),
        {"name": "Bo", "email": BO, "password1": PASSWORD, "zone": "UTC", "next": link_to()},
    )
    assert answer["Location"] == link_to()  # the mail has proved the address; it need not be confirmed once more
    assert AccountMail.objects.count() == 1
    assert "Join Operations" in bo.get(link_to()).content.decode()
    assert "Welcome to Operations." in bo.post(link_to(), follow=True).content.decode()
    assert role_of() == "member"


def test_signing_up_with_another_address_than_the_invited_one_has_to_be_confirmed(admin: Client, team: Team) -> None:
    invite(admin, team)
    bo = Client()
    bo.get(link_to())
    other = {"name": "Bo", "email": "other@example.org", "password1": PASSWORD, "zone": "UTC", "next": link_to()}
    assert bo.post(reverse("account_signup"), other)["Location"] == reverse("account_email_verification_sent")
    assert list(User.objects.get(email="other@example.org").emailaddress_set.values_list("email", "verified")) == [
        ("other@example.org", False)
    ]


def test_who_is_signed_in_joins_with_one_button(admin: Client, team: Team) -> None:
    bo = signed_in(UserFactory(email=BO))
    invite(admin, team, role="viewer")
    assert "As a viewer" in bo.get(link_to()).content.decode()
    assert bo.post(link_to())["Location"] == reverse("team", args=[team.uuid])
    assert role_of() == "viewer"


def test_following_the_link_alone_joins_nothing(admin: Client, team: Team) -> None:
    """Mail scanners follow links."""
    bo = signed_in(UserFactory(email=BO))
    invite(admin, team)
    bo.get(link_to())
    bo.head(link_to())
    assert role_of() is None
    assert bo.post(link_to()).status_code == 302


def test_another_account_is_told_so_and_cannot_join(admin: Client, team: Team) -> None:
    eve = signed_in(UserFactory(email="eve@example.org"))
    invite(admin, team)
    page = eve.get(link_to()).content.decode()
    assert f"The invitation is for {BO}, and you are signed in as eve@example.org." in page
    assert eve.post(link_to()).status_code == 403
    assert role_of("eve@example.org") is None
    assert eve.post(reverse("account_logout"), {"next": link_to()})["Location"] == link_to()


def test_an_account_whose_address_is_not_confirmed_cannot_join(admin: Client, team: Team) -> None:
    bo = signed_in(UserFactory(email=BO, address__verified=False))
    invite(admin, team)
    assert bo.post(link_to()).status_code == 403
    assert role_of() is None


def test_who_belongs_to_the_team_already_keeps_the_role_and_gets_there(admin: Client, team: Team) -> None:
    invite(admin, team, role="viewer")
    bo = signed_in(MembershipFactory(team=team, user__email=BO, role=Role.ADMIN).user)
    assert "You belong to it already." in bo.get(link_to()).content.decode()
    assert bo.post(link_to())["Location"] == reverse("team", args=[team.uuid])
    assert role_of() == "admin"
    assert bo.get(link_to())["Location"] == reverse("team", args=[team.uuid])  # used, and still a way there


def test_a_link_works_once_and_not_after_removal(admin: Client, team: Team) -> None:
    bo = signed_in(UserFactory(email=BO))
    invite(admin, team)
    bo.post(link_to())
    Membership.objects.get(user__email=BO).delete()
    for answer in (bo.get(link_to()), bo.post(link_to())):
        assert answer.status_code == 404
        assert "It was used already" in answer.content.decode()
    assert role_of() is None


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"expires_at": timezone.now() - timedelta(seconds=1)}, "has expired"),
        ({"withdrawn_at": timezone.now()}, "it was taken back"),
    ],
)
def test_a_link_that_has_ended_says_why_and_leads_nowhere(admin: Client, team: Team, change: dict, says: str) -> None:
    bo = signed_in(UserFactory(email=BO))
    invite(admin, team)
    Invitation.objects.update(**change)
    for answer in (Client().get(link_to()), bo.get(link_to()), bo.post(link_to())):
        assert answer.status_code == 404
        assert says in answer.content.decode()
    assert role_of() is None


def test_only_the_hash_of_a_link_is_kept(admin: Client, team: Team) -> None:
    invite(admin, team)
    token = link_to().rstrip("/").rpartition("/")[2]
    assert len(token) >= 43
    assert token not in str(Invitation.objects.values().get())


def test_sending_again_makes_a_new_link_and_ends_the_old_one(admin: Client, team: Team) -> None:
    invite(admin, team)
    old, invitation = link_to(), Invitation.objects.get()
    again = reverse("teams:send-again", args=[invitation.uuid])
    assert "less than three minutes ago" in admin.post(again, follow=True).content.decode()
    assert AccountMail.objects.count() == 1
    Invitation.objects.update(sent_at=timezone.now() - AGAIN_AFTER, expires_at=timezone.now())
    assert "gets another mail" in admin.post(again, follow=True).content.decode()
    assert link_to() != old
    assert Client().get(old).status_code == 404
    assert Client().get(link_to()).status_code == 200
    assert Invitation.objects.get().expires_at > timezone.now() + VALID_FOR - timedelta(minutes=1)


def test_withdrawing_ends_the_link_and_can_be_undone(admin: Client, team: Team) -> None:
    invite(admin, team)
    invitation = Invitation.objects.get()
    page = admin.post(reverse("teams:withdraw", args=[invitation.uuid]), follow=True).content.decode()
    assert f"The invitation of {BO} is withdrawn." in page
    assert Client().get(link_to()).status_code == 404
    admin.post(reverse("teams:restore-invitation", args=[invitation.uuid]))
    assert Client().get(link_to()).status_code == 200


def test_an_invitation_is_not_restored_beside_a_newer_one(admin: Client, team: Team) -> None:
    first = InvitationFactory(team=team, email=BO, withdrawn_at=timezone.now())
    invite(admin, team)
    page = admin.post(reverse("teams:restore-invitation", args=[first.uuid]), follow=True).content.decode()
    assert "has ended already" in page
    assert Invitation.objects.open().count() == 1


def test_several_are_invited_at_once_and_those_that_cannot_be_are_named(admin: Client, team: Team) -> None:
    MembershipFactory(team=team, user__email="here@example.org")
    invite(admin, team)
    page = invite(
        admin, team, f"Here@example.org, {BO}\nchi@example.org;dev@example.org chi@example.org"
    ).content.decode()
    assert "here@example.org belongs to the team already." in page
    assert f"{BO} is invited already." in page
    assert "2 people are invited." in page
    assert AccountMail.objects.count() == 3


@pytest.mark.parametrize(
    ("emails", "role", "says"),
    [
        ("", "member", "This field is required."),
        ("  ,; ", "member", "This field is required."),
        ("bo@example.org, bo@", "member", "“bo@” is not an e-mail address."),
        ("bo@example.org\r\nBcc: x@example.org", "member", "“bcc:” is not an e-mail address."),
        (" ".join(f"p{n}@example.org" for n in range(21)), "member", "At most 20 at once."),
        (BO, "owner", "Select a valid choice."),
    ],
)
def test_a_refused_invitation_keeps_what_was_typed(
    admin: Client, team: Team, emails: str, role: str, says: str
) -> None:
    answer = invite(admin, team, emails, role)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert says in page and 'role="alert"' in page
    assert not Invitation.objects.exists() and not AccountMail.objects.exists()


def test_an_answer_to_an_invitation_says_nothing_of_accounts(admin: Client, team: Team) -> None:
    UserFactory(email="known@example.org")
    answers = [invite(admin, team, email).content.decode() for email in ("known@example.org", "new@example.org")]
    assert all("1 person is invited." in answer for answer in answers)
    pages = [Client().get(link_to(email)).content.decode() for email in ("known@example.org", "new@example.org")]
    shapes = {re.sub(r"known|new|/teams/join/[\w-]+|%2F[\w%-]+|token.*", "", page) for page in pages}
    assert len(shapes) == 1


def test_many_invitations_have_to_wait(admin: Client, team: Team, settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"invite": "2/h/user"}
    page = invite(admin, team, "a@example.org b@example.org c@example.org").content.decode()
    assert "Wait an hour, then invite the rest." in page and "2 people are invited." in page
    assert Invitation.objects.count() == 2


def test_only_managers_see_who_is_invited(admin: Client, team: Team) -> None:
    invite(admin, team)
    url = reverse("teams:members", args=[team.uuid])
    assert BO in admin.get(url).content.decode()
    assert BO not in signed_in(MembershipFactory(team=team).user).get(url).content.decode()


def test_the_mail_says_as_what_one_is_invited(admin: Client, team: Team) -> None:
    invite(admin, team, BO, "viewer")
    mail = AccountMail.objects.get()
    for words in (mail.text, mail.html):
        assert "as viewer" in words.lower()
        assert "functools" not in words and "<bound" not in words


def test_an_invitation_that_is_withdrawn_before_its_mail_went_out_is_not_sent(admin: Client, team: Team) -> None:
    invite(admin, team, BO)
    invitation = Invitation.objects.get()
    assert invitation.withdraw(timezone.now())
    assert AccountMail.objects.get().state == "suppressed"
    assert invitation.restore(timezone.now())
    assert AccountMail.objects.get().state == "queued"
