"""A calendar's text before it is parsed: only what will be looked at is left.

Parameters and rules without end cost the parser minutes, attachments are most of many files, and a VTIMEZONE is a
program: its rules may go by the second, and the parser keeps zones for every later file of anybody.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from typing import NamedTuple

from django.utils.translation import gettext as _

from .draft import Unreadable

FOLD = re.compile(r"\r?\n[ \t]")
KEPT = re.compile(
    "(?:BEGIN|END|VERSION|PRODID|UID|SUMMARY|DESCRIPTION|LOCATION|DTSTART|DUE|RRULE|RDATE|EXRULE|EXDATE|RECURRENCE-ID"
    "|STATUS|SEQUENCE|TRIGGER)[:;]",
    re.IGNORECASE,
)
ZONE = re.compile(r"(BEGIN|END):VTIMEZONE\s*", re.IGNORECASE)
ZONE_NAME = re.compile(r"TZID(?:;[^:]*)?:(.*)", re.IGNORECASE)
OFFSET = re.compile(r"TZOFFSETTO:([+-])(\d{2})(\d{2})(?:\d{2})?\s*", re.IGNORECASE)
TEXT = re.compile(r"(?:SUMMARY|DESCRIPTION|LOCATION|EXDATE)[:;]", re.IGNORECASE)
# Characters of a line: of words and lists, and of anything else.
LONGEST_TEXT, LONGEST = 50_000, 2_000
# Components of a file, those included that say how one of a series is otherwise.
COMPONENTS_AT_MOST = 5_000


class ContentLines(NamedTuple):
    """What is to be parsed, and the offsets that each zone which the file defines goes by."""

    content: bytes
    zones: dict[str, frozenset[timedelta]]


def content_lines(content: bytes) -> ContentLines:
    """Raises Unreadable for what no calendar program writes."""
    lines = FOLD.sub("", content.decode(errors="replace")).splitlines()
    zones: dict[str, set[timedelta]] = defaultdict(set)
    kept = "\r\n".join(_without_zones(lines, zones))
    if len(re.findall(r"^BEGIN:", kept, re.MULTILINE | re.IGNORECASE)) > COMPONENTS_AT_MOST:
        raise Unreadable(_("This calendar has too much in it. Divide the file."))
    return ContentLines(f"{kept}\r\n".encode(), {name: frozenset(found) for name, found in zones.items()})


def _without_zones(lines: list[str], zones: dict[str, set[timedelta]]) -> Iterator[str]:
    inside, name = False, ""
    for line in lines:
        if border := ZONE.fullmatch(line):
            inside, name = border[1].upper() == "BEGIN", ""
        elif inside:
            if named := ZONE_NAME.fullmatch(line):
                name = named[1].strip()
            elif offset := OFFSET.fullmatch(line):
                length = timedelta(hours=int(offset[2]), minutes=int(offset[3]))
                zones[name].add(-length if offset[1] == "-" else length)
        elif KEPT.match(line):
            yield _checked(line)


def _checked(line: str) -> str:
    text = TEXT.match(line)
    if len(line) > LONGEST and not text:
        raise Unreadable(_("A line of this calendar is too long: “%(begin)s …”.") % {"begin": line[:40]})
    return line[:LONGEST_TEXT] if text else line
