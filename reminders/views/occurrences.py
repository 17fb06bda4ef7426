"""Answers to one occurrence."""

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.http import SignedInRequest
from reminders.models import Occurrence
from teamreminders.http import render_partial, tell, wants_partial

from .access import answerable_occurrence, visible_occurrence
from .answer import acted, changed


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def done(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """From the mail: a page with one button. The button, here as on other pages, says that it is done."""
    now = timezone.now()
    if request.method != "POST":
        occurrence = visible_occurrence(request, uuid)
        context = {"occurrence": occurrence, "reminder": occurrence.reminder, "now": now}
        return render(request, "reminders/done.html", context)
    occurrence = answerable_occurrence(request, uuid)
    won = occurrence.finish(request.user, now)
    if won:
        title = {"title": occurrence.reminder}
        tell(request, _("“%(title)s” is done.") % title, undo_url=reverse("reminders:undo", args=[uuid]))
    else:
        tell(request, _already(occurrence), level=messages.INFO)
    return _answer(request, occurrence, now)


@require_POST
@login_required
def undo(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Take "done" back."""
    now, occurrence = timezone.now(), answerable_occurrence(request, uuid)
    if occurrence.undo(now):
        tell(request, _("“%(title)s” is to be done again.") % {"title": occurrence.reminder})
    else:
        tell(request, _("This cannot be undone any more: %(why)s.") % {"why": _undone(occurrence)}, level=messages.INFO)
    return _answer(request, occurrence, now)


def _answer(request: SignedInRequest, occurrence: Occurrence, now: datetime) -> HttpResponse:
    """The row as Today shows it; the receipt takes only the event and looks again by itself."""
    if not wants_partial(request):
        return acted(request, "reminders:done", occurrence.uuid)
    row = {"row": occurrence, "now": now, "answered": True}
    return changed(request, render_partial(request, "today.html", row, partial="row"))


def _already(occurrence: Occurrence) -> str:
    if occurrence.state == Occurrence.State.DONE and occurrence.settled_by:
        return _("%(person)s was first: it is done already.") % {"person": occurrence.settled_by}
    return _("There is nothing to do any more: it is %(state)s.") % {"state": occurrence.get_state_display()}


def _undone(occurrence: Occurrence) -> str:
    if occurrence.state == Occurrence.State.DONE:
        return _("a later date has come due since")
    return _("it is %(state)s") % {"state": occurrence.get_state_display()}
