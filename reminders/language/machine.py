"""Schedules in notation instead of words: cron and RRULE, the same in every language."""

import re
from collections.abc import Iterator

from .facts import Cron, Rrule
from .scan import Found

_NUMBER = r"[\d*?/,\-]+"
_DAY = r"(?:[\d*?/,\-]|l|w)+"
_MONTH = r"(?:[\d*/,\-]|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)+"
_WEEKDAY = r"(?:[\d*?/,\-#]|l|mon|tue|wed|thu|fri|sat|sun)+"
FIELDS = rf"{_NUMBER}[ ]+{_NUMBER}[ ]+{_DAY}[ ]+{_MONTH}[ ]+{_WEEKDAY}"
ALONE = re.compile(rf"\s*(?P<cron>{FIELDS})\s*", re.ASCII)
# Two lone stars side by side, without which "cron" has to be said: "Sizes 36 37 38 39 40", "Cut 2 * 3 * 4".
_STARRED = r"(?=(?:[^\s]+[ ]+){0,3}\*[ ]+\*(?!\S))"
MARKED = re.compile(
    rf"\bcron(?::[ ]*(?P<any>[^\s_\"]+(?:[ ]+[^\s_\"]+){{0,4}})|[ ]+(?P<named>{FIELDS}))(?!\w)"
    rf"|(?<!\S){_STARRED}(?P<cron>{FIELDS})(?!\w)",
    re.ASCII,
)
RULE = re.compile(r"(?<![\w:])(?:rrule:\s*(?=[a-z]+=)|(?=freq=))[a-z]+=[^\s;\"]*(?:;[a-z]+=[^\s;\"]*)*;?", re.ASCII)


def notations(plain: str) -> Iterator[Found]:
    """Cron after "cron:", with stars or as the whole text, and RRULEs anywhere."""
    alone = ALONE.fullmatch(plain)
    for match in [alone] if alone else MARKED.finditer(plain):
        field = match.lastgroup or "cron"
        words = " ".join(match[field].upper().split())
        yield Found(match.start(field) if alone else match.start(), match.end(field), "repeat", (Cron(words),))
    for match in RULE.finditer(plain):
        yield Found(match.start(), match.end(), "repeat", (Rrule(match[0].upper()),))
