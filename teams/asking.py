"""Asking addresses outside a team whether they want its reminders."""

from collections.abc import Iterable

from allauth.core import ratelimit
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.http import SignedInRequest
from teamreminders.http import tell

from .emails import send_question
from .models import NotInvited, OutsideAddress, OutsideState, Team


class TooMany(Exception):
    """Of mails to strangers in an hour."""


def ask(request: SignedInRequest, team: Team, emails: Iterable[str]) -> list[OutsideAddress]:
    """Put addresses on the team's list, ask those by mail that have not agreed, and say so.

    Returns the rows of those that are on the list now. Asking again within minutes sends nothing; so does somebody who
    has asked very many within an hour.
    """
    found, sent, now = list[OutsideAddress](), list[OutsideAddress](), timezone.now()
    for email in emails:
        try:
            with transaction.atomic():
                address, is_new = OutsideAddress.objects.ask(team, email, request.user, now)
                if is_new and not may_send(request):
                    raise TooMany
                if is_new:
                    send_question(address)
        except TooMany:
            said = _("That were many addresses. Wait an hour, then ask the rest.")
            tell(request, said, level=messages.WARNING)
            break
        except NotInvited as error:
            tell(request, str(error), level=messages.WARNING)
            continue
        found.append(address)
        sent += [address] if is_new else []
    for address in found:
        if address not in sent and address.state == OutsideState.ASKED:
            said = _("%(email)s was asked a moment ago: another mail can go out in a few minutes.")
            tell(request, said % {"email": address.email}, level=messages.INFO)
    if sent:
        asked = len(sent)
        said = ngettext("%(count)d address is asked", "%(count)d addresses are asked", asked) % {"count": asked}
        tell(request, _("%(said)s by mail. Nothing else goes there before it agrees.") % {"said": said})
    return found


def may_send(request: HttpRequest) -> bool:
    """Whether the person may send one more mail to somebody who has not asked for it."""
    return ratelimit.consume(request, action="invite", user=request.user)
