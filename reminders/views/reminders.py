"""A reminder's page with its receipt, and its verbs."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.http import SignedInRequest
from reminders.models import Reminder
from reminders.preview import preview
from reminders.receipt import receipt
from teamreminders.clock import zone_or_utc
from teamreminders.http import go, render_partial, tell, wants_partial

from .access import editable_reminder, visible_reminder
from .answer import acted

NAMES_SHOWN = 12


@require_safe
@login_required
def detail(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """The schedule, who gets it, and what happened."""
    now, reminder = timezone.now(), visible_reminder(request, uuid)
    happened = receipt(reminder, now, page=request.GET.get("page"), whole=request.GET.get("whole", ""))
    seen = f"{reminder.changed_at.timestamp()}-{reminder.state}-{happened.fingerprint}"
    if wants_partial(request) and request.GET.get("seen") == seen:
        return HttpResponse(status=204)
    context = {
        "reminder": reminder,
        "seen": seen,
        "now": now,
        "preview": preview(reminder.schedule, zone_or_utc(request.user.zone), now),
        "receipt": happened,
        **_people(reminder),
    }
    return render_partial(request, "reminders/detail.html", context, partial="reminder")


def _people(reminder: Reminder) -> dict[str, Any]:
    people = list(reminder.recipients()[: NAMES_SHOWN + 1])
    more = reminder.recipients().count() - NAMES_SHOWN if len(people) > NAMES_SHOWN else 0
    return {"people": people[:NAMES_SHOWN], "people_more": more}


@require_POST
@login_required
def pause(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Stop until resumed."""
    if editable_reminder(request, uuid).pause(timezone.now()):
        tell(request, _("Paused. Nothing goes out until you resume it."))
    return acted(request, "reminders:detail", uuid)


@require_POST
@login_required
def resume(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Go on with the next time."""
    if editable_reminder(request, uuid).resume(timezone.now()):
        tell(request, _("Resumed. It goes on with its next time."))
    return acted(request, "reminders:detail", uuid)


@require_POST
@login_required
def delete(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Delete it for everybody, at once; the message offers to undo it."""
    reminder = editable_reminder(request, uuid)
    reminder.discard(timezone.now())
    tell(
        request, _("“%(title)s” is deleted.") % {"title": reminder}, undo_url=reverse("reminders:restore", args=[uuid])
    )
    return go(request, "team", reminder.team.uuid)


@require_POST
@login_required
def restore(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Undo a deletion."""
    reminder = get_object_or_404(Reminder.objects.also_deleted_editable_by(request.user), uuid=uuid)
    if reminder.restore(timezone.now()):
        tell(request, _("“%(title)s” is back.") % {"title": reminder})
    return go(request, "reminders:detail", uuid)
