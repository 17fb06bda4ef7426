"""The mail of teams: account mail, whose words are erased once the mail server took them."""

from allauth.account.adapter import get_adapter
from django.urls import reverse

from .models import MANAGERS, Invitation, JoinRequest, MailKind, Offer, OutsideAddress

# Of a team's managers, so many hear of somebody who wants to join: the first ones.
ASKED_AT_MOST = 10


def send_invitation(invitation: Invitation, token: str) -> None:
    """Put it into the outbox; the link is nowhere else, so that who reads our database cannot join."""
    context = {
        "team": invitation.team,
        "by": invitation.invited_by,
        "invitation": invitation,
        "expires_at": invitation.expires_at,
        "join_url": reverse("teams:join", args=[token]),
        "about": invitation.about,
    }
    get_adapter().send_mail("teams/email/invitation", invitation.email, context)


def send_question(address: OutsideAddress) -> None:
    """Whether an outside address wants the team's reminders."""
    context = {"team": address.team, "by": address.asked_by, "answer_url": address.path, "about": address.about}
    get_adapter().send_mail("teams/email/question", address.email, context)


def send_offer(offer: Offer) -> None:
    context = {
        "team": offer.team,
        "by": offer.made_by.user,
        "about": offer.about,
        "members_url": reverse("teams:members", args=[offer.team.uuid]),
    }
    get_adapter().send_mail("teams/email/offer", offer.made_to.user.email, context)


def send_request(asked: JoinRequest) -> None:
    """To those who can let somebody in."""
    context = {
        "team": asked.team,
        "person": asked.user,
        "members_url": reverse("teams:members", args=[asked.team.uuid]),
    }
    managers = asked.team.memberships.filter(role__in=MANAGERS, user__is_active=True).order_by("pk")
    managers = managers.exclude(muted__contains=[MailKind.REQUEST])
    for email in managers.values_list("user__email", flat=True)[:ASKED_AT_MOST]:
        get_adapter().send_mail("teams/email/request", email, context)


def send_welcome(asked: JoinRequest) -> None:
    """To somebody who was let in."""
    context = {"team": asked.team, "team_url": reverse("team", args=[asked.team.uuid])}
    get_adapter().send_mail("teams/email/welcome", asked.user.email, context)
