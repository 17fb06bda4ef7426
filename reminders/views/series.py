"""Changing one of a series, or ending it. The form names the slot, or the address where a message undoes it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core import signing
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.http import SignedInRequest
from reminders.access import editable_reminder
from reminders.models import Reminder
from reminders.schedule import resolve
from teamreminders.clock import zone_or_utc
from teamreminders.http import tell

from .answer import acted, day_and_time, local_from

# How long the end of a series can be taken back by its message.
UNDO_SECONDS = 24 * 60 * 60


@require_POST
@login_required
def skip(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Leave one out."""
    reminder, slot = editable_reminder(request, uuid), _slot(request)
    if reminder.skip_slot(slot, request.user, timezone.now()):
        said = _("Left out: %(day)s.") % {"day": day_and_time(slot)}
        tell(request, said, undo_url=_undo("reminders:unskip-slot", reminder, slot=slot.isoformat()))
    else:
        _too_late(request)
    return acted(request, "reminders:detail", uuid)


@require_POST
@login_required
def unskip(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Bring back one that was left out."""
    reminder, slot = editable_reminder(request, uuid), _slot(request)
    if reminder.unskip_slot(slot, timezone.now()):
        tell(request, _("It comes on %(day)s after all.") % {"day": day_and_time(slot)})
    else:
        _too_late(request)
    return acted(request, "reminders:detail", uuid)


@require_POST
@login_required
def move(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Have one come at another time, on the reminder's clock."""
    now, reminder, slot = timezone.now(), editable_reminder(request, uuid), _slot(request)
    to = local_from(request, "to")
    moved_before = dict(reminder.schedule.moved).get(slot, slot)
    if to is None or resolve(to, zone_or_utc(reminder.zone)) <= now:
        tell(request, _("Choose a date and a time to come."), level=messages.ERROR)
    elif reminder.move_slot(slot, to, now):
        undo = _undo("reminders:move-slot", reminder, slot=slot.isoformat(), to=moved_before.isoformat())
        tell(request, _("Moved: it comes on %(day)s.") % {"day": day_and_time(to)}, undo_url=undo)
    else:
        _too_late(request)
    return acted(request, "reminders:detail", uuid)


@require_POST
@login_required
def end(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Let nothing more come."""
    reminder = editable_reminder(request, uuid)
    was = _limits(reminder)
    if reminder.end(timezone.now()):
        ends = signing.dumps({"was": was, "is": _limits(reminder)}, salt=str(uuid))
        undo = _undo("reminders:reopen", reminder, ends=ends)
        tell(request, _("The series has ended. What came due stays."), undo_url=undo)
    else:
        tell(request, _("It has not begun yet: delete it if nothing of it shall come."), level=messages.INFO)
    return acted(request, "reminders:detail", uuid)


@require_POST
@login_required
def reopen(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Take the end of a series back, unless it was given another since."""
    reminder = editable_reminder(request, uuid)
    try:
        ends = signing.loads(request.GET.get("ends", ""), salt=str(uuid), max_age=UNDO_SECONDS)
    except signing.BadSignature as error:
        raise Http404 from error
    if ends["is"] == _limits(reminder):
        was = {name: value and _LIMITS[name](value) for name, value in ends["was"].items()}
        reminder.reopen(timezone.now(), **was)
        tell(request, _("The series goes on."))
    else:
        tell(request, _("The series was changed since: edit it to let it go on."), level=messages.INFO)
    return acted(request, "reminders:detail", uuid)


_LIMITS: dict[str, Callable[[Any], Any]] = {
    "until": lambda text: datetime.fromisoformat(text).date(),
    "last": datetime.fromisoformat,
    "count": int,
}


def _limits(reminder: Reminder) -> dict[str, Any]:
    """What ends the series, as JSON may keep it."""
    until, last = reminder.until, reminder.last
    return {"until": until and until.isoformat(), "last": last and last.isoformat(), "count": reminder.count}


def _slot(request: SignedInRequest) -> datetime:
    slot = local_from(request, "slot")
    if slot is None:
        raise Http404
    return slot


def _undo(name: str, reminder: Reminder, **query: str) -> str:
    return f"{reverse(name, args=[reminder.uuid])}?{urlencode(query)}"


def _too_late(request: SignedInRequest) -> None:
    said = _("That one cannot be changed any more: it has come due, was settled, or is no longer of the series.")
    tell(request, said, level=messages.INFO)
