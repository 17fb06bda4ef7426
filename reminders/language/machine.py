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
MARKED = re.compile(
    rf"\bcron(?::[ ]*(?P<any>[^\s_\"]+(?:[ ]+[^\s_\"]+){{0,4}})|[ ]+(?P<cron>{FIELDS}))(?!\w)", re.ASCII
)
RULE = re.compile(r"(?<![\w:])(?:rrule:\s*(?=[a-z]+=)|(?=freq=))[a-z]+=[^\s;\"]*(?:;[a-z]+=[^\s;\"]*)*;?", re.ASCII)


def notations(plain: str) -> Iterator[Found]:
    """Cron after "cron:" or as the whole text, and RRULEs anywhere."""
    alone = ALONE.fullmatch(plain)
    for match in [alone] if alone else MARKED.finditer(plain):
        field = "cron" if match["cron"] else "any"
        words = " ".join(match[field].upper().split())
        yield Found(match.start(field) if alone else match.start(), match.end(field), "repeat", (Cron(words),))
    for match in RULE.finditer(plain):
        yield Found(match.start(), match.end(), "repeat", (Rrule(match[0].upper()),))
