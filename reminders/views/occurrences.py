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
from reminders.access import answerable_occurrence, visible_occurrence
from reminders.models import Occurrence
from reminders.models.scheduled import work_calendar
from reminders.schedule import resolve
from reminders.snooze import LONGEST, Snooze, snoozed_until
from teamreminders.clock import zone_or_utc
from teamreminders.http import render_partial, tell, wants_partial

from .answer import acted, changed, day_and_time


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
def skip(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Leave this one out; the series goes on."""
    now, occurrence = timezone.now(), answerable_occurrence(request, uuid)
    if occurrence.skip(request.user, now):
        title = {"title": occurrence.reminder}
        tell(request, _("“%(title)s” is left out this time.") % title, undo_url=reverse("reminders:undo", args=[uuid]))
    else:
        tell(request, _already(occurrence), level=messages.INFO)
    return _answer(request, occurrence, now)


@require_POST
@login_required
def snooze(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Put it off until `for` (one of Snooze) or until the local time `until`, for everybody whom it reaches."""
    now, occurrence = timezone.now(), answerable_occurrence(request, uuid)
    until = _until(request, occurrence, now)
    if until is None or not now < until <= now + LONGEST:
        tell(request, _("Choose a time within the next %(n)d days.") % {"n": LONGEST.days}, level=messages.ERROR)
    elif occurrence.snooze(until, request.user, now):
        when = {"title": occurrence.reminder, "when": day_and_time(timezone.localtime(until))}
        wake_url = reverse("reminders:wake", args=[uuid])
        tell(request, _("“%(title)s” is put off until %(when)s.") % when, undo_url=wake_url)
    else:
        tell(request, _already(occurrence), level=messages.INFO)
    return _answer(request, occurrence, now)


@require_POST
@login_required
def wake(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Take a snooze back."""
    now, occurrence = timezone.now(), answerable_occurrence(request, uuid)
    if occurrence.wake(now):
        tell(request, _("“%(title)s” waits for an answer again.") % {"title": occurrence.reminder})
    else:
        tell(request, _already(occurrence), level=messages.INFO)
    return _answer(request, occurrence, now)


@require_POST
@login_required
def acknowledge(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Take it on: it needs nobody else any more, and waits for this person."""
    now, occurrence = timezone.now(), answerable_occurrence(request, uuid)
    if occurrence.acknowledge(request.user, now):
        release_url = reverse("reminders:release", args=[uuid])
        tell(request, _("You have taken on “%(title)s”.") % {"title": occurrence.reminder}, undo_url=release_url)
    elif occurrence.is_settled:
        tell(request, _already(occurrence), level=messages.INFO)
    else:
        tell(request, _("%(person)s has got it already.") % {"person": occurrence.acknowledged_by}, level=messages.INFO)
    return _answer(request, visible_occurrence(request, uuid), now)


@require_POST
@login_required
def release(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Take that back, for oneself or for whoever has it: it needs everybody again."""
    now, occurrence = timezone.now(), answerable_occurrence(request, uuid)
    if occurrence.release():
        tell(request, _("Nobody has got “%(title)s” any more.") % {"title": occurrence.reminder})
    else:
        tell(request, _already(occurrence), level=messages.INFO)
    return _answer(request, visible_occurrence(request, uuid), now)


@require_POST
@login_required
def undo(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Take "done" or "left out" back."""
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


def _until(request: SignedInRequest, occurrence: Occurrence, now: datetime) -> datetime | None:
    zone = zone_or_utc(request.user.zone)
    try:
        if request.POST.get("for"):
            calendar = work_calendar(occurrence.reminder.team)
            return snoozed_until(Snooze(request.POST["for"]), now, zone, calendar)
        return resolve(datetime.fromisoformat(request.POST.get("until", "")).replace(tzinfo=None), zone)
    except (ValueError, OverflowError):
        return None


def _already(occurrence: Occurrence) -> str:
    if occurrence.state == Occurrence.State.DONE and occurrence.settled_by:
        return _("%(person)s was first: it is done already.") % {"person": occurrence.settled_by}
    if not occurrence.is_settled:
        return _("That is not possible now: it is %(state)s.") % {"state": occurrence.get_state_display()}
    return _("There is nothing to do any more: it is %(state)s.") % {"state": occurrence.get_state_display()}


def _undone(occurrence: Occurrence) -> str:
    if occurrence.state in {Occurrence.State.DONE, Occurrence.State.SKIPPED}:
        return _("a later date has come due since")
    return _("it is %(state)s") % {"state": occurrence.get_state_display()}
