"""The two kinds of file."""

from datetime import datetime, time

from reminders.models import ImportKind
from reminders.models.file_import import ALL_DAY_AT
from teams.models import Team

from .calendar import read_calendar
from .document import read_document
from .draft import Draft

BOM = b"\xef\xbb\xbf"


def kind_of(content: bytes) -> ImportKind:
    """By how it begins: names and types of files are what a browser makes of them."""
    begins_as_json = content.removeprefix(BOM).lstrip()[:1] in {b"{", b"["}
    return ImportKind.JSON if begins_as_json else ImportKind.CALENDAR


def read(kind: ImportKind, content: bytes, team: Team, now: datetime, all_day_at: time = ALL_DAY_AT) -> list[Draft]:
    """The drafts in a file. Raises Unreadable."""
    content = content.removeprefix(BOM)
    return read_document(content, team) if kind == ImportKind.JSON else read_calendar(content, team, all_day_at, now)
