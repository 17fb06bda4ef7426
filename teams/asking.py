"""Asking: addresses outside a team whether they want its reminders, and a team whether somebody may come in."""

from collections.abc import Iterable
from typing import NamedTuple

from allauth.core import ratelimit
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.http import SignedInRequest
from teamreminders.http import tell

from .emails import send_question, send_request
from .models import JoinLink, JoinRequest, Membership, NotInvited, OutsideAddress, OutsideState, Team

SENDING = "invite"  # as settings call what is counted


class Asked(NamedTuple):
    """Those that are on the list now, which of them were sent the question, and why others were not."""

    addresses: list[OutsideAddress]
    sent: list[OutsideAddress]
    refused: list[str]


class TooMany(Exception):
    """Of mails to strangers in an hour."""


def ask(request: SignedInRequest, team: Team, emails: Iterable[str]) -> Asked:
    """Put addresses on the team's list, and ask those by mail that have not agreed.

    Asking again within minutes sends nothing; so does somebody who has asked very many within an hour.
    """
    asked, now = Asked([], [], []), timezone.now()
    for email in emails:
        try:
            with transaction.atomic():
                address, is_new = OutsideAddress.objects.ask(team, email, request.user, now)
                if is_new and not may_send(request):
                    raise TooMany
                if is_new:
                    send_question(address)
        except TooMany:
            asked.refused.append(_("Those were many addresses. Wait an hour, then ask the rest."))
            break
        except NotInvited as error:
            asked.refused.append(str(error))
        else:
            asked.addresses.append(address)
            asked.sent.extend([address] if is_new else [])
    return asked


def tell_asked(request: SignedInRequest, asked: Asked) -> None:
    """On the next page."""
    for reason in asked.refused:
        tell(request, reason, level=messages.WARNING)
    for address in asked.addresses:
        if address not in asked.sent and address.state == OutsideState.ASKED:
            said = _("%(email)s was asked a moment ago: another mail can go out in a few minutes.")
            tell(request, said % {"email": address.email}, level=messages.INFO)
    if asked.sent:
        count = len(asked.sent)
        said = ngettext("%(count)d address is asked", "%(count)d addresses are asked", count) % {"count": count}
        tell(request, _("%(said)s by mail. Nothing else goes there before it agrees.") % {"said": said})


def follow(request: HttpRequest, link: JoinLink) -> Membership | JoinRequest | None:
    """Join by a link, or ask to. Managers hear of a request once, and of so many in an hour."""
    now = timezone.now()
    with transaction.atomic():
        result = link.follow(request.user, now)  # type: ignore[arg-type]
        if isinstance(result, JoinRequest) and result.asked_at == now and may_send(request):
            send_request(result)
    return result


def may_send(request: HttpRequest) -> bool:
    """Whether the person may send one more mail to somebody who has not asked for it."""
    return ratelimit.consume(request, action=SENDING, user=request.user)
