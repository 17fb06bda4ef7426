"""The API of what comes into a team from a file."""

from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from pydantic import Field

from accounts.access import WRITES, ApiRequest
from accounts.schemas import Told
from reminders.imports import Line, Outcome, Unreadable, compare, counts_of, import_drafts, read
from reminders.imports.lines import TO_DO
from reminders.models import ImportKind
from reminders.models.file_import import ALL_DAY_AT
from reminders.schemas import ClockTime
from teamreminders.http import MOST_IMPORTED
from teamreminders.problems import Problem
from teams.access import writable_team

router = Router(tags=["reminders"])
KINDS = {"application/json": ImportKind.JSON, "text/calendar": ImportKind.CALENDAR}


class HowToImport(Schema):
    dry_run: bool = Field(False, description="Only say what would change.")
    all_day_at: ClockTime = Field(ALL_DAY_AT, description="When on its day an event of a calendar is due without time.")


class ImportedLine(Told):
    """What became of one reminder of the file."""

    key: str
    title: str
    outcome: Literal["new", "changed", "same", "left_out", "refused"]
    reminder: UUID | None = Field(description="The one here; null where there is none (yet).")
    changes: list[str] = Field(description="What of it is another: the keys of the file.")
    why: str = Field(description="Why it is left out or refused.")
    notes: list[str] = Field(description="What was understood in another way than written.")


class Counts(Told):
    new: int
    changed: int
    same: int
    left_out: int
    refused: int


class Imported(Told):
    dry_run: bool
    counts: Counts
    lines: list[ImportedLine]


def _body() -> dict[str, Any]:
    document = {"$ref": "#/components/schemas/TeamDocument"}
    content = {"application/json": {"schema": document}, "text/calendar": {"schema": {"type": "string"}}}
    return {"requestBody": {"required": True, "content": content}}


@router.post(
    "/teams/{uuid:team_id}/import",
    response=Imported, auth=WRITES, operation_id="importReminders", openapi_extra=_body(),
)  # fmt: skip
def import_reminders(request: ApiRequest, team_id: UUID, how: Query[HowToImport]) -> dict[str, Any]:
    """Bring in an export of a team (JSON) or a calendar (RFC 5545), 5 MB and 1,000 reminders at most.

    What a reminder is called in its file is kept: the same file again changes nothing, a later one only what differs.
    What cannot be imported is said line by line, and the rest is.
    """
    team, now = writable_team(request, team_id), timezone.now()
    try:
        drafts = read(_kind(request), _content(request), team, now, how.all_day_at)
        lines = compare(drafts, team, request.user, now) if how.dry_run else import_drafts(request, team, drafts, now)
    except Unreadable as error:
        raise Problem(422, error, errors=error.errors) from None
    return {"dry_run": how.dry_run, "counts": counts_of(lines), "lines": [_told(line) for line in lines]}


def _kind(request: HttpRequest) -> ImportKind:
    try:
        return KINDS[request.content_type or ""]
    except KeyError:
        raise Problem(415, _("Send application/json or text/calendar.")) from None


def _content(request: HttpRequest) -> bytes:
    """Read as it comes: `body` would hold it to the limit of forms."""
    content = request.read(MOST_IMPORTED + 1)
    if len(content) > MOST_IMPORTED:
        raise Problem(413, _("The file is too large: 5 MB at most."))
    return content


def _told(line: Line) -> dict[str, Any]:
    return {
        "key": line.draft.key,
        "title": line.draft.title,
        "outcome": line.outcome.value,
        "reminder": line.reminder.uuid if line.reminder else None,
        "changes": list(line.changes) if line.outcome == Outcome.CHANGED else [],
        "why": line.why,
        "notes": list(line.notes) if line.outcome in TO_DO else [],
    }
