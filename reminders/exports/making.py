"""Making an export of all data, a slice at a time: between two of them the worker looks for mail.

A slice takes about `SLICE_SECONDS`, and what it has read is a file of its own in the ZIP. What it takes to go on is in
the row, so that any worker can, and a slice whose worker died is made again.
"""

import io
import json
import re
import time
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import IO
from zipfile import ZIP_DEFLATED, ZipFile

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from reminders.models import DataExport
from reminders.models.data_export import WhyFailed

from .own import PARTS, Reader

SLICE_SECONDS = 0.5
# Rows of one file, and rows that are read at a time.
ROWS_A_FILE, AT_A_TIME = 20_000, 500
# The ZIP is in the worker's memory while a slice is added. Some 800,000 messages.
MOST_BYTES = 50_000_000


@dataclass
class Slice:
    """Where the export has come to."""

    part: str
    after: int
    done: int


def make_slice(pk: int, now: datetime) -> None:
    """Add a slice and hand over the next, or say that it is ready. May run twice: the second finds it claimed."""
    export = DataExport.objects.claim(pk, now)
    if export is None:
        return
    file = io.BytesIO(export.content)
    reader = Reader(export.user, now)
    total = export.total if export.part else _begin(file, reader)
    reached = Slice(export.part or next(iter(PARTS)), export.after, export.done)
    _add(file, reader, reached, time.monotonic() + SLICE_SECONDS)
    content = file.getvalue()
    if len(content) > MOST_BYTES:
        export.fail(WhyFailed.TOO_LARGE)
        return
    progress = {**vars(reached), "total": max(total, reached.done), "content": content, "size": len(content)}
    if not reached.part:
        export.finish(now, **progress)
    elif export.keep(now, **progress):
        DataExport.objects.hand_over([pk], timezone.now())


def _begin(file: IO[bytes], reader: Reader) -> int:
    """Write what the files are; returns how many rows there will be."""
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        archive.writestr("README.txt", _read_me(reader))
    return sum(part.rows(reader.person).count() for part in PARTS.values())


def _add(file: IO[bytes], reader: Reader, reached: Slice, deadline: float) -> None:
    """Write files until time is up; `reached.part` is empty at the end."""
    names = list(PARTS)
    with ZipFile(file, "a", ZIP_DEFLATED) as archive:
        while reached.part:
            if not _write_file(archive, reader, reached, deadline):
                return
            following = names[names.index(reached.part) + 1 :]
            reached.part, reached.after = (following[0] if following else ""), 0
            if time.monotonic() > deadline:
                return


def _write_file(archive: ZipFile, reader: Reader, reached: Slice, deadline: float) -> bool:
    """The next file of a part, unless it would have nothing. False: there may be more of it, for another file."""
    part, written, hurried = PARTS[reached.part], 0, False
    found = part.rows(reader.person).filter(pk__gt=reached.after).order_by("pk")[:ROWS_A_FILE]
    rows = found.iterator(chunk_size=AT_A_TIME)
    first = next(rows, None)
    if first is None and reached.after:
        return True
    with archive.open(_next_name(archive, reached.part), "w") as file:
        for row in chain([first] if first else [], rows):
            record = json.dumps(part.record(reader, row), ensure_ascii=False, indent=1)
            file.write(f"{',' if written else '['}\n{record}".encode())
            written, reached.after, reached.done = written + 1, row.pk, reached.done + 1
            if hurried := time.monotonic() > deadline:
                break
        file.write(b"\n]\n" if written else b"[]\n")
    return written < ROWS_A_FILE and not hurried


def _next_name(archive: ZipFile, part: str) -> str:
    """messages.json, messages-2.json, …"""
    written = len([name for name in archive.namelist() if re.fullmatch(rf"{part}(-\d+)?\.json", name)])
    return f"{part}-{written + 1}.json" if written else f"{part}.json"


def _read_me(reader: Reader) -> str:
    site, address, zone = settings.SITE.netloc, reader.person.email, reader.person.zone
    at = reader.plain(reader.now.replace(microsecond=0))
    paragraphs = [
        _("What %(site)s knows of %(address)s, begun %(at)s.") % {"site": site, "address": address, "at": at},
        _("Times are those of your clock (%(zone)s), with their offset from UTC.") % {"zone": zone},
        _("Each file is a list in JSON. A long one goes on in another file: messages-2.json, and so on."),
        "\n".join(f"{name}.json: {part.about}" for name, part in PARTS.items()),
        _("What reminders of teams that you have left, and deleted ones, are called is not in here."),
        _("Of your password only a hash is kept, and of mails about your account no words."),
        _("On which devices you are signed in is not kept by person."),
    ]
    return "\n\n".join(paragraphs).replace("\n", "\r\n") + "\r\n"
