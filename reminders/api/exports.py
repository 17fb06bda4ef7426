"""The API of what a team, or a person, takes away."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from ninja import Router, Status
from pydantic import Field

from accounts.access import READS, WRITES, ApiRequest
from accounts.schemas import Told
from reminders.files import calendar_file, json_file
from reminders.models import DataExport
from teams.access import visible_team

router = Router()


def _content(kind: str) -> dict[str, Any]:
    return {"responses": {200: {"description": "OK", "content": {kind: {}}}}}


class DataExportOut(Told):
    """All that we know of you, on its way or to be downloaded."""

    state: str = Field(description="`ready`, or `waiting` while it is being made.")
    url: str | None = Field(description="A page of yours with the download, once it is ready.")


@router.get(
    "/teams/{uuid:team_id}/reminders.json",
    auth=READS, tags=["reminders"], operation_id="exportJson", openapi_extra=_content("application/json"),
)  # fmt: skip
def export_json(request: ApiRequest, team_id: UUID) -> HttpResponseBase:
    """The team's reminders as docs/export.md describes them."""
    return json_file(visible_team(request, team_id), request.user, timezone.now())


@router.get(
    "/teams/{uuid:team_id}/reminders.ics",
    auth=READS, tags=["reminders"], operation_id="exportCalendar", openapi_extra=_content("text/calendar"),
)  # fmt: skip
def export_calendar(request: ApiRequest, team_id: UUID) -> HttpResponseBase:
    """The team's reminders for calendars (RFC 5545)."""
    return calendar_file(visible_team(request, team_id), request.user, timezone.now())


@router.post("/me/export", response={202: DataExportOut}, auth=WRITES, tags=["me"], operation_id="exportMe")
def export_me(request: ApiRequest) -> Status:
    """Ask for all that we know of you. It is made in the background; one that is on its way is not begun again."""
    DataExport.objects.ask(request.user, timezone.now())
    return Status(202, _told(_latest(request)))


@router.get("/me/export", response=DataExportOut, auth=READS, tags=["me"], operation_id="readExport")
def read_export(request: ApiRequest) -> dict[str, Any]:
    """How far it is; 404 where you have asked for none."""
    return _told(_latest(request))


def _latest(request: ApiRequest) -> DataExport:
    export: DataExport | None = DataExport.objects.visible_to(request.user).first()
    if export is None:
        raise Http404
    return export


def _told(export: DataExport) -> dict[str, Any]:
    ready = export.is_ready(timezone.now())
    return {
        "state": "ready" if ready else "waiting",
        "url": settings.SITE_URL + reverse("reminders:export-me") if ready else None,
    }
