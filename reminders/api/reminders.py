"""Reminders: listing, writing, changing, pausing."""

from datetime import datetime, time
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.http import parse_etags
from django.utils.translation import gettext as _
from ninja import Header, Query, Router, Schema, Status
from ninja.decorators import decorate_view
from pydantic import Field

from accounts.access import READS, WRITES, ApiRequest
from accounts.once import keep_answer, once
from reminders import lists
from reminders.access import editable_reminder, locked, reminders_of, visible_reminder
from reminders.forms import ReminderForm
from reminders.models import Reminder as Row
from reminders.models.reminder import ReminderQuerySet
from reminders.preview import preview
from reminders.schedule import resolve
from reminders.schemas import NextTimes, PauseWrite, Reminder, ReminderCreate, ReminderPage, ReminderUpdate
from reminders.told import etag, one_told, told, with_what_is_told
from reminders.written import check_written, form_for
from teamreminders.clock import moment, zone_or_utc
from teamreminders.cursor import Cursor, page_after
from teamreminders.problems import Problem
from teams.access import narrowed, visible_team, writable_team
from teams.asking import ask
from teams.models import Team

router = Router(tags=["reminders"])
A_PAGE, MOST = 50, 200
IfMatch = Annotated[
    str | None, Header(alias="If-Match", description="The ETag that you have read; refused where it is another now.")
]
ORDERS = {
    "title": ("title", "uuid"),
    "created": ("-created_at", "uuid"),
    "changed": ("-changed_at", "uuid"),
}


class Wanted(Schema):
    """Which reminders, in which order."""

    team: UUID | None = None
    q: str = Field("", max_length=100, description="Words of the title or the notes, or how they begin.")
    mine: bool = Field(False, description="Written by you.")
    for_me: bool = Field(False, description="Addressed to you.")
    state: Literal["paused", "ended"] | None = None
    label: UUID | None = Field(None, description="Of which label of a team.")
    sort: Literal["title", "created", "changed"] = "title"
    cursor: Cursor = ""
    size: int = Field(A_PAGE, ge=1, le=MOST)


@router.get("/reminders", response=ReminderPage, auth=READS, operation_id="listReminders")
def list_reminders(request: ApiRequest, wanted: Query[Wanted]) -> dict[str, Any]:
    """What you see of your teams' reminders, a page at a time."""
    now, rows = timezone.now(), _wanted(request, wanted)
    found, following = page_after(rows, ORDERS[wanted.sort], wanted.cursor, wanted.size)
    return {"items": [told(row, now) for row in found], "next": following}


@router.post("/teams/{uuid:team_id}/reminders", response={201: Reminder}, auth=WRITES, operation_id="createReminder")
@decorate_view(keep_answer)
@once(writable_team)
def create_reminder(request: ApiRequest, response: HttpResponse, team_id: UUID, sent: ReminderCreate) -> Status:
    """Set a reminder for a team."""
    now, team = timezone.now(), writable_team(request, team_id)
    form = _written(request, team, sent, now)
    row = form.save()
    row.outside.add(*ask(request, team, form.cleaned_data["new_outside"]).addresses)
    return Status(201, one_told(request, response, row.uuid, now))


@router.post("/teams/{uuid:team_id}/reminders/preview", response=NextTimes, auth=READS, operation_id="previewReminder")
def preview_reminder(request: ApiRequest, team_id: UUID, sent: ReminderCreate) -> dict[str, Any]:
    """What `createReminder` would set, and when it would come; nothing is saved."""
    now, team = timezone.now(), writable_team(request, team_id)
    form = _written(request, team, sent, now)
    assert form.schedule  # of a form that is valid
    foreseen = preview(form.schedule, zone_or_utc(request.user.zone), now)
    times = [moment(each.at, form.schedule.zone) for each in [*foreseen.moments, *foreseen.more]]
    return {"in_words": foreseen.words, "times": times, "reaches": len(form.reach())}


@router.get("/reminders/{uuid:reminder_id}", response=Reminder, auth=READS, operation_id="readReminder")
def read_reminder(request: ApiRequest, response: HttpResponse, reminder_id: UUID) -> dict[str, Any]:
    return one_told(request, response, reminder_id, timezone.now())


@router.patch("/reminders/{uuid:reminder_id}", response=Reminder, auth=WRITES, operation_id="updateReminder")
def update_reminder(
    request: ApiRequest,
    response: HttpResponse,
    reminder_id: UUID,
    sent: ReminderUpdate,
    if_match: IfMatch = None,
) -> dict[str, Any]:
    """Change it; what it already sent stays history."""
    now, row = timezone.now(), locked(editable_reminder(request, reminder_id))
    _check_match(row, if_match)
    form = form_for(row, row.team, sent, now)
    check_written(form)
    changed = form.save()
    if sent.audience:
        changed.outside.add(*ask(request, row.team, form.cleaned_data["new_outside"]).addresses)
    return one_told(request, response, reminder_id, now)


@router.delete("/reminders/{uuid:reminder_id}", response={204: None}, auth=WRITES, operation_id="deleteReminder")
def delete_reminder(
    request: ApiRequest,
    reminder_id: UUID,
    if_match: IfMatch = None,
) -> HttpResponse:
    """Delete it for everybody; `restoreReminder` undoes that."""
    row = locked(editable_reminder(request, reminder_id))
    _check_match(row, if_match)
    row.discard(timezone.now())
    return HttpResponse(status=204)


@router.post("/reminders/{uuid:reminder_id}/restore", response=Reminder, auth=WRITES, operation_id="restoreReminder")
def restore_reminder(request: ApiRequest, response: HttpResponse, reminder_id: UUID) -> dict[str, Any]:
    """Undo a deletion."""
    now = timezone.now()
    deleted = narrowed(request, Row.objects.also_deleted_editable_by(request.user))
    row = get_object_or_404(deleted, uuid=reminder_id)
    row.restore(now)
    return one_told(request, response, reminder_id, now)


@router.post("/reminders/{uuid:reminder_id}/pause", response=Reminder, auth=WRITES, operation_id="pauseReminder")
def pause_reminder(
    request: ApiRequest, response: HttpResponse, reminder_id: UUID, sent: PauseWrite | None = None
) -> dict[str, Any]:
    """Stop until resumed, or until the begin of a day."""
    now, row = timezone.now(), editable_reminder(request, reminder_id)
    day = sent and sent.until
    until = resolve(datetime.combine(day, time()), zone_or_utc(row.zone)) if day else None
    if until and until <= now:
        raise Problem(422, "", errors=[("/until", _("Choose a day to come."))])
    if not row.pause(now, until):
        raise Problem(409, _("It is paused already."))
    return one_told(request, response, reminder_id, now)


@router.post("/reminders/{uuid:reminder_id}/resume", response=Reminder, auth=WRITES, operation_id="resumeReminder")
def resume_reminder(request: ApiRequest, response: HttpResponse, reminder_id: UUID) -> dict[str, Any]:
    """Go on with the next time."""
    now = timezone.now()
    if not editable_reminder(request, reminder_id).resume(now):
        raise Problem(409, _("It is not paused."))
    return one_told(request, response, reminder_id, now)


@router.put("/reminders/{uuid:reminder_id}/mute", response={204: None}, auth=WRITES, operation_id="muteReminder")
def mute_reminder(request: ApiRequest, reminder_id: UUID) -> HttpResponse:
    """Get no more mail of it."""
    visible_reminder(request, reminder_id).mute(request.user)
    return HttpResponse(status=204)


@router.delete("/reminders/{uuid:reminder_id}/mute", response={204: None}, auth=WRITES, operation_id="unmuteReminder")
def unmute_reminder(request: ApiRequest, reminder_id: UUID) -> HttpResponse:
    """Get its mail again."""
    visible_reminder(request, reminder_id).unmute(request.user, timezone.now())
    return HttpResponse(status=204)


def _wanted(request: ApiRequest, wanted: Wanted) -> ReminderQuerySet:
    rows = with_what_is_told(reminders_of(request), request.user)
    if wanted.team:
        rows = rows.filter(team=visible_team(request, wanted.team))
    chosen = lists.Wanted(wanted.q, wanted.mine, wanted.for_me, wanted.state or "", wanted.label)
    return chosen.of(rows, request.user, timezone.now())


def _written(request: ApiRequest, team: Team, sent: ReminderCreate, now: datetime) -> ReminderForm:
    """Raises Problem."""
    twice = "/schedule" if bool(sent.said) == bool(sent.schedule) else "/title" if sent.said and sent.title else ""
    if twice:
        raise Problem(422, "Send either `schedule`, with a title, or `said`.", errors=[(twice, "One of the two.")])
    form = form_for(Row(team=team, author=request.user), team, sent, now)
    check_written(form)
    return form


def _check_match(row: Row, if_match: str | None) -> None:
    """RFC 9110, 13.1.1."""
    if if_match is not None and not {"*", etag(row)} & set(parse_etags(if_match)):
        raise Problem(412, _("Somebody has changed it since you read it. Read it again."))
