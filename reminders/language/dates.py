"""Dates in words through dateparser, which is only asked for words that a grammar has already recognised as a date.

Asked for a whole sentence it guesses: "a week from today" becomes a week ago, "may" the month. Its first answer takes
half a second, in which it loads its language data: `warm` gets that over with.
"""

import re
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from dateparser.date import DateDataParser

DAY = timedelta(days=1)
ABSOLUTE = re.compile(r"\d{1,2} [a-z]+(?: \d{4})?")
KNOWN_DAYS = ("day after tomorrow", "today", "tomorrow")


def warm(language: str) -> None:
    """Ask once for a date of each kind, so that nobody waits for language data to load."""
    for words in ("1 january", "1 january 2030", "in 1 week", *KNOWN_DAYS):
        read(words, date(2026, 1, 1), language)


@lru_cache(maxsize=2048)
def read(words: str, base: date, language: str) -> date | None:
    """The date that the words mean on the day `base`: of those without a year the next one, which may be `base`.

    None where there is no such date.
    """
    relative = words.startswith("in ") or words in KNOWN_DAYS
    if not relative and not ABSOLUTE.fullmatch(words):  # "1 13 2026" would be 13 January to dateparser
        return None
    since = base if relative or base == date.min else base - DAY  # dateparser's next one is never the same day
    try:
        parser = DateDataParser(languages=[language], settings=_settings(since, relative))
        found = parser.get_date_data(words).date_obj
    except (OverflowError, ValueError):
        return None
    return found.date() if found else None


def _settings(base: date, relative: bool) -> dict[str, object]:
    """Everything that dateparser would otherwise take from the clock or the place it runs in."""
    return {
        "RELATIVE_BASE": datetime.combine(base, time()),
        "PREFER_DATES_FROM": "future",
        "DATE_ORDER": "DMY",
        "TIMEZONE": "UTC",
        "PARSERS": ["relative-time"] if relative else ["absolute-time"],
        "REQUIRE_PARTS": ["day", "month"],
    }
