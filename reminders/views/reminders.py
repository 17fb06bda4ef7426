"""A reminder's page with its receipt, and its verbs."""

from dataclasses import replace
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.http import SignedInRequest
from accounts.models import User
from reminders.access import editable_reminder, visible_reminder
from reminders.ladder import Rung, in_advance, ladder, lead_time
from reminders.models import Occurrence, Reminder, ZoneMode
from reminders.preview import preview
from reminders.reach import muted_by, reach
from reminders.receipt import SOON, WAITING, receipt
from reminders.schedule import resolve
from reminders.schedule.resolve import local_of
from reminders.trial import tests_of
from teamreminders.clock import zone_or_utc
from teamreminders.dates import dated
from teamreminders.http import go, render_partial, tell, wants_partial
from teams.models import MailKind

from .answer import acted

LEFT_OUT_SHOWN = 10


@require_safe
@login_required
def detail(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """The schedule, who gets it, and what happened."""
    now, reminder = timezone.now(), visible_reminder(request, uuid)
    happened = receipt(reminder, now, page=request.GET.get("page"), whole=request.GET.get("whole", ""))
    ahead = f"{reminder.state}-{reminder.is_paused(now)}-{reminder.next_due}"  # type: ignore[attr-defined]
    muting = muted_by(reminder)
    is_muted = request.user.pk in muting
    tests = tests_of(reminder, request.user)
    tried = [(test.pk, test.state, test.tries) for test in tests]
    seen = f"{reminder.changed_at.timestamp()}-{ahead}-{is_muted}-{happened.fingerprint}-{tried}"
    if wants_partial(request) and request.GET.get("seen") == seen:
        return HttpResponse(status=204)
    context = {
        "reminder": reminder,
        "seen": seen,
        "now": now,
        "paused": reminder.is_paused(now),
        "receipt": happened,
        "tests": tests,
        "look_again": SOON if any(test.state in WAITING for test in tests) else happened.look_again,
        "goes_on_as": reminder.followers.filter(deleted_at=None).first(),
        **_ahead(reminder, request.user, now),
        "reach": reach(reminder, muting),
        "is_muted": is_muted,
    }
    return render_partial(request, "reminders/detail.html", context, partial="reminder")


def _ahead(reminder: Reminder, reader: User, now: datetime) -> dict[str, Any]:
    """The next times without those that are settled already, and those that were left out."""
    zone = zone_or_utc(reader.zone)
    own = reminder.zone_mode == ZoneMode.RECIPIENT
    schedule = reminder.schedule_in(zone.key if own else reminder.zone)
    settled = dict(reminder.settled_ahead(now).values_list("slot", "state"))
    begin = max(now, reminder.paused_until or now)
    left_out = {slot for slot, state in settled.items() if state == Occurrence.State.SKIPPED}
    left_out |= {slot for slot in schedule.skipped if slot > local_of(now, zone_or_utc(schedule.zone))}
    foreseen = preview(replace(schedule, skipped=schedule.skipped | set(settled)), zone, begin)
    first = [moment.at for moment in foreseen.moments[:1]]
    return {
        "preview": foreseen,
        "left_out": sorted(left_out)[:LEFT_OUT_SHOWN],
        "steps": [_step(rung) for at in first for rung in ladder(at, schedule.tzinfo, reminder.lead_times)],
    }


def _step(rung: Rung) -> tuple[datetime, str]:
    """When it is taken, and how long before the reminder in words; empty for the reminder itself."""
    return rung.at, in_advance([minutes]) if (minutes := lead_time(rung.step)) else ""


@require_POST
@login_required
def pause(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Stop until resumed, or from now until the begin of the day `until` on the reminder's clock."""
    now, reminder = timezone.now(), editable_reminder(request, uuid)
    until, given = None, request.POST.get("until", "")
    if given:
        until = _begin_of(given, reminder) or now
    if until and until <= now:
        tell(request, _("Choose a day to come."), level=messages.ERROR)
    elif reminder.pause(now, until) and until:
        day = dated(timezone.localtime(until, zone_or_utc(reminder.zone)), "D j F Y")
        tell(request, _("Paused. It goes on by itself on %(day)s.") % {"day": day})
    elif reminder.paused_at:
        tell(request, _("Paused. Nothing goes out until you resume it."))
    return acted(request, "reminders:detail", uuid)


def _begin_of(day: str, reminder: Reminder) -> datetime | None:
    """The first instant of a day such as "2026-12-24" on the reminder's clock; None for what is no such day."""
    try:
        return resolve(datetime.combine(date.fromisoformat(day), time()), zone_or_utc(reminder.zone))
    except (ValueError, OverflowError):
        return None


@require_POST
@login_required
def resume(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Go on with the next time."""
    if editable_reminder(request, uuid).resume(timezone.now()):
        tell(request, _("Resumed. It goes on with its next time."))
    return acted(request, "reminders:detail", uuid)


@require_POST
@login_required
def mute(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """No more mail of it to this person; everybody else's goes on."""
    reminder = visible_reminder(request, uuid)
    if reminder.mute(request.user):
        said = _("You get no more mail of “%(title)s”. It stays on your pages.") % {"title": reminder}
        tell(request, said, undo_url=reverse("reminders:unmute", args=[uuid]))
    return acted(request, "reminders:detail", uuid)


@require_POST
@login_required
def unmute(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    reminder = visible_reminder(request, uuid)
    if reminder.unmute(request.user, timezone.now()):
        mine = reminder.team.memberships.get(user=request.user)
        if MailKind.REMINDER in mine.muted:
            said = _("“%(title)s” is not muted any more, but reminders of %(team)s are turned off for you.")
        else:
            said = _("You get the mail of “%(title)s” again.")
        tell(request, said % {"title": reminder, "team": reminder.team})
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
