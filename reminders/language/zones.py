"""Zones in a text: IANA names anywhere, and cities before a word such as "time". "in Berlin" alone is a place."""

import re
from functools import cache
from zoneinfo import available_timezones

from .facts import Zone
from .scan import Found, Phrase, compiled

REGIONS = {"Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific"}


@cache
def names() -> dict[str, str]:
    """The names that hold a region, by their small letters."""
    return {name.lower(): name for name in available_timezones() if name.split("/")[0] in REGIONS}


@cache
def cities() -> dict[str, str]:
    """Zones by their city, without cities that several zones have."""
    found: dict[str, set[str]] = {}
    for name in names().values():
        found.setdefault(name.rsplit("/", 1)[1].lower().replace("_", " "), set()).add(name)
    return {city: zones.pop() for city, zones in found.items() if len(zones) == 1}


def _named(match: re.Match[str]) -> list[Zone]:
    name = names().get(match["name"])
    return [Zone(name)] if name else []


NAMED = Phrase("zone", compiled(r"(?:in\s+)?(?P<name>[a-z]+/[a-z_+\-]+(?:/[a-z_]+)?)"), _named)


def of_cities(text: str, ending: str) -> list[Found]:
    """The cities in a plain text that `ending` (a pattern such as " time") follows."""
    found = []
    for end in re.compile(rf"(?<=\w){ending}\b", re.ASCII).finditer(text):
        words = list(re.finditer(r"[\w-]+", text[max(0, end.start() - 40) : end.start()]))
        offset = max(0, end.start() - 40)
        for first in words[-4:]:
            start = offset + first.start()
            city = " ".join(text[start : end.start()].split())
            if city in cities():
                before = re.search(r"\bin\s+$", text[:start])
                begin = before.start() if before else start
                found.append(Found(begin, end.end(), "zone", (Zone(cities()[city]),), needs="end"))
                break
    return found
