"""What comes and what happened between two instants, computed times included."""

from datetime import timedelta
from typing import Any, Literal
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from pydantic import Field

from accounts.access import READS, ApiRequest
from accounts.schemas import Instant, Told
from reminders.access import reminders_of
from reminders.calendar import Entry, found
from reminders.calendar.month import FIRST_YEAR, LAST_YEAR
from reminders.exports.records import local
from reminders.schemas import Moment, SlotName
from teamreminders.clock import moment, zone_or_utc
from teamreminders.problems import Problem
from teams.access import visible_team

router = Router(tags=["occurrences"])
LONGEST = timedelta(days=62)


class CalendarEntry(Told):
    """One time of a reminder: an occurrence, or what its schedule will yield."""

    reminder: UUID
    title: str
    slot: SlotName
    due: Moment
    state: Literal["projected", "upcoming", "open", "done", "skipped", "missed"]
    occurrence: UUID | None = Field(description="Null where none is booked yet.")


class CalendarEntries(Told):
    items: list[CalendarEntry]
    complete: bool = Field(description="False where there were too many reminders, or too many times of one.")


class Span(Schema):
    begin: Instant = Field(alias="from", description="Included.")
    until: Instant = Field(description="Not included; 62 days later at most.")
    team: UUID | None = None


@router.get("/calendar", response=CalendarEntries, auth=READS, operation_id="listCalendar")
def list_calendar(request: ApiRequest, asked: Query[Span]) -> dict[str, Any]:
    """What is due between two instants, in time order. What is not booked yet is `projected` from its schedule."""
    known = all(FIRST_YEAR <= at.year <= LAST_YEAR for at in (asked.begin, asked.until))
    if not known or not timedelta() < asked.until - asked.begin <= LONGEST:
        words = _("Choose an end within %(n)d days after the begin, in this century.") % {"n": LONGEST.days}
        raise Problem(422, words, errors=[("/until", words)])
    reminders = reminders_of(request)
    if asked.team:
        reminders = reminders.filter(team=visible_team(request, asked.team))
    result = found(reminders, asked.begin, asked.until, timezone.now(), zone_or_utc(request.user.zone))
    items = [_entry(entry) for entry in result.entries]
    return {"items": items, "complete": not (result.too_many or result.cut)}


def _entry(entry: Entry) -> dict[str, Any]:
    return {
        "reminder": entry.reminder.uuid,
        "title": entry.reminder.title,
        "slot": local(entry.slot, entry.reminder.zone),
        "due": moment(entry.due_at, entry.zone),
        "state": entry.row.state if entry.row else entry.state,
        "occurrence": entry.row.uuid if entry.row else None,
    }
