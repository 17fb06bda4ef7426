"""A team's reminders, and all that we know of a person, as files: for the page and for programs."""

import tempfile
from collections.abc import Iterator
from datetime import datetime

from django.conf import settings
from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from teamreminders.http import name_file
from teams.models import Team

from .exports.calendar import as_calendar
from .exports.team import as_json
from .models import DataExport

# An export up to this size stays in memory, a larger one is written to the disk.
IN_MEMORY = 2_000_000


def json_file(team: Team, reader: User, now: datetime) -> HttpResponseBase:
    return _file(as_json(team, reader, now), _name(team, "json"), "application/json")


def calendar_file(team: Team, reader: User, now: datetime) -> HttpResponseBase:
    """iCalendar (RFC 5545)."""
    return _file(as_calendar(team, reader, now), _name(team, "ics"), "text/calendar; charset=utf-8")


def export_file(export: DataExport) -> HttpResponseBase:
    """Of one that is ready, a piece at a time."""
    headers = {"Content-Type": "application/zip", "Content-Length": str(export.size)}
    name = f"{settings.SITE.hostname} - {_('all my data')} - {timezone.localtime(export.created_at):%Y-%m-%d}.zip"
    return name_file(StreamingHttpResponse(export.pieces(), headers=headers), name)


def _name(team: Team, ending: str) -> str:
    return f"{team.name} - {_('reminders')}.{ending}"


def _file(pieces: Iterator[bytes], name: str, kind: str) -> HttpResponseBase:
    """Whole before it is sent: what fails in the middle is an error page and no half file, and whoever reads slowly
    holds no connection to the database. What is large waits on the disk."""
    file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  (the response closes it)
    for piece in pieces:
        file.write(piece)
    size = file.tell()
    file.seek(0)
    headers = {"Content-Type": kind, "Content-Length": str(size)}
    if size > IN_MEMORY:
        return name_file(FileResponse(file, headers=headers), name)
    with file:
        return name_file(HttpResponse(file.read(), headers=headers), name)
