"""Which mail a person gets: kinds of it by team, and reminders that they mute."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.http import SignedInRequest
from reminders.models import Reminder
from teamreminders.http import go, tell
from teams.models import MailKind, Membership

MUTED_SHOWN = 200


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def mail(request: SignedInRequest) -> HttpResponse:
    """One matrix, teams by kinds of mail. What the form did not show stays as it is."""
    memberships = list(request.user.memberships.select_related("team").order_by("team__name", "pk"))
    if request.method == "POST":
        shown, on = request.POST.getlist("team"), set(request.POST.getlist("on"))
        for membership in memberships:
            if str(membership.team.uuid) in shown:
                membership.want([kind for kind in membership.mail_kinds if _name(membership, kind) in on])
        tell(request, _("Saved. It holds from the next mail on."))
        return go(request, "reminders:mail")
    muted = Reminder.objects.visible_to(request.user).filter(muted_by=request.user).select_related("team")
    context = {
        "kinds": MailKind,
        "rows": [_row(membership) for membership in memberships],
        "muted": muted.order_by("title", "pk")[:MUTED_SHOWN],
    }
    return render(request, "reminders/mail.html", context)


def _row(membership: Membership) -> dict:
    """A team with its checkboxes; None where there is nothing to turn off."""
    offered = membership.mail_kinds
    boxes = [
        (kind, _name(membership, kind) if kind in offered else None, kind not in membership.muted) for kind in MailKind
    ]
    return {"team": membership.team, "boxes": boxes}


def _name(membership: Membership, kind: MailKind) -> str:
    return f"{membership.team.uuid} {kind.value}"
