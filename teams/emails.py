"""The mail of teams: account mail, whose words are erased once the mail server took them."""

from allauth.account.adapter import get_adapter
from django.urls import reverse

from .models import Invitation, Offer


def send_invitation(invitation: Invitation, token: str) -> None:
    """Put it into the outbox; the link is nowhere else, so that who reads our database cannot join."""
    context = {
        "team": invitation.team,
        "by": invitation.invited_by,
        "role": invitation.get_role_display(),
        "expires_at": invitation.expires_at,
        "join_url": reverse("teams:join", args=[token]),
    }
    get_adapter().send_mail("teams/email/invitation", invitation.email, context)


def send_offer(offer: Offer) -> None:
    context = {
        "team": offer.team,
        "by": offer.made_by.user,
        "members_url": reverse("teams:members", args=[offer.team.uuid]),
    }
    get_adapter().send_mail("teams/email/offer", offer.made_to.user.email, context)
