"""Occurrences and the messages about them: what happened, and answers."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from ninja.decorators import decorate_view
from pydantic import Field

from accounts.access import READS, WRITES, ApiRequest
from accounts.once import keep_answer, once
from accounts.schemas import Instant, Strict, Told
from reminders.access import answerable_occurrence, editable_reminder, visible_occurrence, visible_reminder
from reminders.agenda import asks_now, comes_later, mine, with_rights
from reminders.exports.records import local
from reminders.models import Delivery
from reminders.models import Occurrence as Row
from reminders.models.answer import is_free_for
from reminders.models.scheduled import work_calendar
from reminders.schemas import Moment, SlotName
from reminders.snooze import LONGEST, Snooze, snoozed_until
from reminders.trial import send_test
from teamreminders.clock import moment, moment_or_none, zone_or_utc
from teamreminders.cursor import Cursor, page_after
from teamreminders.problems import Problem
from teams.access import narrowed, visible_team

router = Router(tags=["occurrences"])
A_PAGE, MOST = 50, 200
State = Literal["upcoming", "open", "done", "skipped", "missed", "cancelled"]


class Occurrence(Told):
    """One slot of a reminder."""

    id: UUID
    reminder: UUID
    title: str
    slot: SlotName
    due: Moment
    state: State
    snoozed_until: Moment | None
    acknowledged_by: str | None = Field(description="Who has taken it on, which leaves it to be done.")
    acknowledged_at: Moment | None
    settled_by: str | None
    settled_at: Moment | None
    may_answer: bool


class OccurrencePage(Told):
    items: list[Occurrence]
    next: str | None


class Message(Told):
    """One message of one step to one recipient: the receipt."""

    id: UUID
    to: str | None
    step: str = Field(description="`due`, `advance-1d`, …; `test-1` is a test that somebody asked for.")
    state: str
    planned_for: Moment
    sent_at: Moment | None
    late_by: float | None = Field(description="Seconds between due and accepted by the mail server.")
    reason: str
    why_not: str
    server: str = Field(description="What the mail server said.")
    error: str


class SnoozeWrite(Strict):
    """One of the two."""

    preset: Literal["hour", "tomorrow", "workday"] | None = Field(None, alias="for")
    until: Instant | None = None


class Which(Schema):
    """Whose occurrences: those that need you now, those that lie ahead, or all of a reminder that happened."""

    which: Literal["needs-me", "ahead"] = "needs-me"
    team: UUID | None = None
    cursor: Cursor = ""
    size: Annotated[int, Field(ge=1, le=MOST)] = A_PAGE


class Page(Schema):
    cursor: Cursor = ""
    size: Annotated[int, Field(ge=1, le=MOST)] = A_PAGE


@router.get("/occurrences", response=OccurrencePage, auth=READS, operation_id="listOccurrences")
def list_occurrences(request: ApiRequest, asked: Query[Which]) -> dict[str, Any]:
    """As Today shows them: what is addressed to you, the earliest first."""
    now = timezone.now()
    rows = narrowed(request, Row.objects.visible_to(request.user), team="reminder__team__").filter(mine(request.user))
    needed = asks_now(now) & is_free_for(request.user)
    if asked.team:
        rows = rows.filter(reminder__team=visible_team(request, asked.team))
    rows = rows.filter(needed if asked.which == "needs-me" else comes_later(now))
    found, following = page_after(_shown(rows, request), ("due_at", "uuid"), asked.cursor, asked.size)
    return {"items": [_occurrence(row, now) for row in found], "next": following}


@router.get(
    "/reminders/{uuid:reminder_id}/occurrences", response=OccurrencePage, auth=READS, operation_id="listHistory"
)
def list_history(request: ApiRequest, reminder_id: UUID, asked: Query[Page]) -> dict[str, Any]:
    """What happened of a reminder, the newest first."""
    now, reminder = timezone.now(), visible_reminder(request, reminder_id)
    rows = Row.objects.filter(reminder=reminder).happened(now)
    found, following = page_after(_shown(rows, request), ("-due_at", "uuid"), asked.cursor, asked.size)
    return {"items": [_occurrence(row, now) for row in found], "next": following}


@router.get("/occurrences/{uuid:occurrence_id}", response=Occurrence, auth=READS, operation_id="readOccurrence")
def read_occurrence(request: ApiRequest, occurrence_id: UUID) -> dict[str, Any]:
    """Whatever has become of it."""
    return _occurrence(visible_occurrence(request, occurrence_id), timezone.now())


@router.get(
    "/occurrences/{uuid:occurrence_id}/messages", response=list[Message], auth=READS, operation_id="listMessages"
)
def list_messages(request: ApiRequest, occurrence_id: UUID) -> list[dict[str, Any]]:
    """Every message about it: to whom, when, how late, and what the mail server said. A thousand at the most."""
    occurrence = visible_occurrence(request, occurrence_id)
    return [
        _message(row, occurrence.zone) for row in occurrence.deliveries.select_related("user").order_by("pk")[:1000]
    ]


@router.post(
    "/occurrences/{uuid:occurrence_id}/done", response=Occurrence, auth=WRITES, operation_id="finishOccurrence"
)
def finish(request: ApiRequest, occurrence_id: UUID) -> dict[str, Any]:
    """Say that it is done. The first answer wins: 409 where somebody was quicker."""
    now, row = timezone.now(), answerable_occurrence(request, occurrence_id)
    return _answered(row, row.finish(request.user, now), now)


@router.post("/occurrences/{uuid:occurrence_id}/skip", response=Occurrence, auth=WRITES, operation_id="skipOccurrence")
def skip(request: ApiRequest, occurrence_id: UUID) -> dict[str, Any]:
    """Leave this one out; the series goes on."""
    now, row = timezone.now(), answerable_occurrence(request, occurrence_id)
    return _answered(row, row.skip(request.user, now), now)


@router.post(
    "/occurrences/{uuid:occurrence_id}/snooze", response=Occurrence, auth=WRITES, operation_id="snoozeOccurrence"
)
def snooze(request: ApiRequest, occurrence_id: UUID, asked: SnoozeWrite) -> dict[str, Any]:
    """Put it off, for everybody whom it reaches."""
    now, row = timezone.now(), answerable_occurrence(request, occurrence_id)
    if (asked.preset is None) == (asked.until is None):
        raise Problem(422, _("Send either “for” or “until”."), errors=[("/until", _("One of the two."))])
    if asked.preset:
        calendar = work_calendar(row.reminder.team)
        until = snoozed_until(Snooze(asked.preset), now, zone_or_utc(request.user.zone), calendar)
    else:
        assert asked.until
        until = asked.until
    if not now < until <= now + LONGEST:
        words = _("Choose a time within the next %(n)d days.") % {"n": LONGEST.days}
        raise Problem(422, words, errors=[("/until", words)])
    return _answered(row, row.snooze(until, request.user, now), now)


@router.post("/occurrences/{uuid:occurrence_id}/wake", response=Occurrence, auth=WRITES, operation_id="wakeOccurrence")
def wake(request: ApiRequest, occurrence_id: UUID) -> dict[str, Any]:
    """Take a snooze back."""
    now, row = timezone.now(), answerable_occurrence(request, occurrence_id)
    return _answered(row, row.wake(now), now)


@router.post("/occurrences/{uuid:occurrence_id}/undo", response=Occurrence, auth=WRITES, operation_id="undoOccurrence")
def undo(request: ApiRequest, occurrence_id: UUID) -> dict[str, Any]:
    """Take "done" or "skipped" back."""
    now, row = timezone.now(), answerable_occurrence(request, occurrence_id)
    return _answered(row, row.undo(now), now)


@router.post(
    "/occurrences/{uuid:occurrence_id}/acknowledge",
    response=Occurrence,
    auth=WRITES,
    operation_id="acknowledgeOccurrence",
)
def acknowledge(request: ApiRequest, occurrence_id: UUID) -> dict[str, Any]:
    """Say "I've got it": it needs nobody else any more, and stays to be done. 409 where somebody has it already."""
    now, row = timezone.now(), answerable_occurrence(request, occurrence_id)
    if not row.acknowledge(request.user, now) and not row.is_settled:
        raise Problem(409, _("%(person)s has got it already.") % {"person": row.acknowledged_by})
    return _answered(visible_occurrence(request, occurrence_id), not row.is_settled, now)


@router.post(
    "/occurrences/{uuid:occurrence_id}/release", response=Occurrence, auth=WRITES, operation_id="releaseOccurrence"
)
def release(request: ApiRequest, occurrence_id: UUID) -> dict[str, Any]:
    """Take "I've got it" back: it needs everybody again whom it is addressed to."""
    now, row = timezone.now(), answerable_occurrence(request, occurrence_id)
    won = row.release()
    if not won and not row.is_settled:
        raise Problem(409, _("Nobody has got it."))
    return _answered(visible_occurrence(request, occurrence_id), won, now)


@router.post("/messages/{uuid:message_id}/retry", response={204: None}, auth=WRITES, operation_id="retryMessage")
def retry(request: ApiRequest, message_id: UUID) -> HttpResponse:
    """Send a failed message again."""
    found = Delivery.objects.visible_to(request.user).select_related("occurrence__reminder")
    delivery = get_object_or_404(found, uuid=message_id)
    editable_reminder(request, delivery.occurrence.reminder.uuid)
    if not Delivery.objects.filter(pk=delivery.pk).retry(timezone.now()):
        raise Problem(409, _("It has not failed."))
    return HttpResponse(status=204)


@router.post(
    "/occurrences/{uuid:occurrence_id}/messages/retry",
    response={204: None},
    auth=WRITES,
    operation_id="retryMessages",
)
def retry_all(request: ApiRequest, occurrence_id: UUID) -> HttpResponse:
    """Send all failed messages of an occurrence again."""
    occurrence = visible_occurrence(request, occurrence_id)
    editable_reminder(request, occurrence.reminder.uuid)
    if not Delivery.objects.promised().filter(occurrence=occurrence).retry(timezone.now()):
        raise Problem(409, _("None has failed."))
    return HttpResponse(status=204)


@router.post("/reminders/{uuid:reminder_id}/test", response={202: None}, auth=WRITES, operation_id="sendTest")
@decorate_view(keep_answer)
@once(visible_reminder)
def test(request: ApiRequest, reminder_id: UUID) -> HttpResponse:
    """Send it to you, marked as a test, and to nobody else. 409 while the last one is on its way, or without a date."""
    if not send_test(visible_reminder(request, reminder_id), request.user, timezone.now()):
        raise Problem(409, _("No test was sent: the last one is on its way still, or there is no date."))
    return HttpResponse(status=202)


def _shown(rows: Any, request: ApiRequest) -> Any:
    return with_rights(rows, request.user).select_related("reminder__team", "settled_by", "acknowledged_by")


def _answered(row: Row, won: bool, now: datetime) -> dict[str, Any]:
    if not won:
        raise Problem(409, _("That is not possible now: it is %(state)s.") % {"state": row.get_state_display()})
    return _occurrence(row, now)


def _occurrence(row: Any, now: datetime) -> dict[str, Any]:
    return {
        "id": row.uuid,
        "reminder": row.reminder.uuid,
        "title": row.reminder.title,
        "slot": local(row.slot, row.reminder.zone),
        "due": moment(row.due_at, row.zone),
        "state": row.state,
        "snoozed_until": moment_or_none(row.snoozed_until, row.zone),
        "acknowledged_by": str(row.acknowledged_by) if row.is_held else None,
        "acknowledged_at": moment(row.acknowledged_at, row.zone) if row.is_held else None,
        "settled_by": str(row.settled_by) if row.settled_by else None,
        "settled_at": moment_or_none(row.settled_at, row.zone),
        "may_answer": row.may_answer,
    }


def _message(row: Delivery, zone: str) -> dict[str, Any]:
    to = str(row.user) if row.user else row.address or None
    return {
        "id": row.uuid,
        "to": to,
        "step": row.step,
        "state": row.state,
        "planned_for": moment(row.planned_for, zone),
        "sent_at": moment_or_none(row.sent_at, zone),
        "late_by": row.lateness.total_seconds() if row.lateness else None,
        "reason": row.reason,
        "why_not": row.why_not,
        "server": row.reply,
        "error": row.error,
    }
