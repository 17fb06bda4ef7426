"""The API of one of a series: leaving it out, moving it, and letting nothing more come."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Router
from pydantic import Field, StringConstraints

from accounts.access import WRITES, ApiRequest
from accounts.schemas import Strict
from reminders.access import editable_reminder
from reminders.models import Reminder as Row
from reminders.schedule import can_be_meant, resolve
from reminders.schedule.resolve import local_of
from reminders.schemas import Reminder
from reminders.told import one_told
from teamreminders.clock import zone_or_utc
from teamreminders.problems import Problem

router = Router(tags=["reminders"])
Slot = Annotated[
    str,
    StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})?$"),
    Field(description="With an offset, or by the reminder's clock without one.", examples=["2026-12-24T09:00"]),
]


class OneSlot(Strict):
    slot: Slot


class Move(OneSlot):
    to: Slot


@router.post("/reminders/{uuid:reminder_id}/slots/skip", response=Reminder, auth=WRITES, operation_id="skipSlot")
def skip_slot(request: ApiRequest, response: HttpResponse, reminder_id: UUID, sent: OneSlot) -> dict[str, Any]:
    """Leave one out that is still to come."""
    now, reminder = timezone.now(), editable_reminder(request, reminder_id)
    _stands(reminder.skip_slot(_local(reminder, "slot", sent.slot), request.user, now))
    return one_told(request, response, reminder_id, now)


@router.post("/reminders/{uuid:reminder_id}/slots/unskip", response=Reminder, auth=WRITES, operation_id="unskipSlot")
def unskip_slot(request: ApiRequest, response: HttpResponse, reminder_id: UUID, sent: OneSlot) -> dict[str, Any]:
    """Bring back one that was left out."""
    now, reminder = timezone.now(), editable_reminder(request, reminder_id)
    _stands(reminder.unskip_slot(_local(reminder, "slot", sent.slot), now))
    return one_told(request, response, reminder_id, now)


@router.post("/reminders/{uuid:reminder_id}/slots/move", response=Reminder, auth=WRITES, operation_id="moveSlot")
def move_slot(request: ApiRequest, response: HttpResponse, reminder_id: UUID, sent: Move) -> dict[str, Any]:
    """Have one come at another time. To its own time: back to where it was."""
    now, reminder = timezone.now(), editable_reminder(request, reminder_id)
    slot, to = _local(reminder, "slot", sent.slot), _local(reminder, "to", sent.to)
    if not can_be_meant(to):
        raise Problem(422, "", errors=[("/to", _("Choose a date between 2000 and 2099."))])
    if resolve(to, zone_or_utc(reminder.zone)) <= now:
        raise Problem(422, "", errors=[("/to", _("Choose a date and a time to come."))])
    _stands(reminder.move_slot(slot, to, now))
    return one_told(request, response, reminder_id, now)


@router.post("/reminders/{uuid:reminder_id}/end", response=Reminder, auth=WRITES, operation_id="endReminder")
def end_reminder(request: ApiRequest, response: HttpResponse, reminder_id: UUID) -> dict[str, Any]:
    """Let nothing more come; what came due stays. An `updateReminder` with a schedule lets it go on."""
    now = timezone.now()
    if not editable_reminder(request, reminder_id).end(now):
        raise Problem(409, _("It has not begun yet: delete it if nothing of it shall come."))
    return one_told(request, response, reminder_id, now)


def _local(reminder: Row, name: str, text: str) -> datetime:
    """By the reminder's clock. Raises Problem."""
    try:
        at = datetime.fromisoformat(text)
        wall, zone = at.replace(tzinfo=None), zone_or_utc(reminder.zone)
        # A slot that its clock leaves out, in spring, has the offset of before; its instant shows another hour.
        named = at.tzinfo is None or wall.replace(tzinfo=zone).utcoffset() == at.utcoffset()
        return wall if named else local_of(at, zone)
    except (ValueError, OverflowError):
        raise Problem(422, "", errors=[(f"/{name}", _("There is no such day or time."))]) from None


def _stands(done: bool) -> None:
    if not done:
        said = _("That one cannot be changed any more: it has come due, was settled, or is no longer of the series.")
        raise Problem(409, said)
