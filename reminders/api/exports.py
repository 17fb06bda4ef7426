"""The API of what a team, or a person, takes away."""

from datetime import datetime
from typing import Any, Literal
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
from reminders.files import calendar_file, export_file, json_file
from reminders.models import DataExport
from reminders.models.data_export import ExportState
from teams.access import visible_team

router = Router()


def _content(kind: str) -> dict[str, Any]:
    return {"responses": {200: {"description": "OK", "content": {kind: {}}}}}


class DataExportOut(Told):
    """All that we know of you, on its way or to be downloaded."""

    state: Literal["waiting", "ready", "failed"] = Field(description="`waiting` while it is being made.")
    url: str | None = Field(description="Of `downloadExport`, once it is ready.")


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
    """Ask for all that we know of you. It is made in the background; one that is on its way is not begun again.

    Neither this nor what it leads to with a token that is for some teams only.
    """
    now = timezone.now()
    request.auth.check_all_teams()
    DataExport.objects.ask(request.user, now)
    return Status(202, _told(_latest(request, now), now))


@router.get("/me/export", response=DataExportOut, auth=READS, tags=["me"], operation_id="readExport")
def read_export(request: ApiRequest) -> dict[str, Any]:
    """How far it is; 404 where you have asked for none, or it has been removed since."""
    now = timezone.now()
    return _told(_latest(request, now), now)


@router.get(
    "/me/export.zip",
    auth=READS, tags=["me"], operation_id="downloadExport", openapi_extra=_content("application/zip"),
)  # fmt: skip
def download_export(request: ApiRequest) -> HttpResponseBase:
    """The file; 404 while there is none."""
    now = timezone.now()
    export = _latest(request, now)
    if not export.is_ready(now):
        raise Http404
    return export_file(export)


def _latest(request: ApiRequest, now: datetime) -> DataExport:
    """Of all teams, whatever the token is for: so a token for some is refused."""
    request.auth.check_all_teams()
    export: DataExport | None = DataExport.objects.visible_to(request.user).filter(expires_at__gt=now).first()
    if export is None:
        raise Http404
    return export


def _told(export: DataExport, now: datetime) -> dict[str, Any]:
    if export.is_ready(now):
        return {"state": "ready", "url": settings.SITE_URL + reverse("api-1:download_export")}
    return {"state": "failed" if export.state == ExportState.FAILED or export.is_stuck(now) else "waiting", "url": None}
