"""English vocabulary: single words, and patterns for the little things that phrases are made of."""

import re
from collections.abc import Iterable
from datetime import time, timedelta

from ..facts import WEEKEND, WHOLE_WEEK, WORKING_WEEK, DayPart


def any_of(words: Iterable[str]) -> str:
    """A pattern for one of the words, the longest first; "_" stands for a space or a hyphen."""
    longest_first = sorted(words, key=len, reverse=True)
    return "(?:" + "|".join(re.escape(word).replace("_", r"[\s-]+") for word in longest_first) + r")\b"


def listed(item: str, most: int = 11) -> str:
    """A pattern for one or more of an item: "a, b and c"."""
    return rf"{item}(?:{SEPARATOR}{item}){{0,{most}}}"


def number(word: str) -> int:
    """ "3", "three", "a"."""
    return int(word) if word.isdigit() else NUMBERS[word]


def place(word: str) -> int:
    """ "2nd", "second", "last", "second to last"."""
    backwards = re.fullmatch(rf"(?:({FROM_LAST})[\s-]*)?(?:last|final)|penultimate", word)
    if backwards:
        return -2 if word == "penultimate" else -_ordinal(re.split(r"[\s-]", backwards[1] or "1st")[0])
    return _ordinal(word)


def _ordinal(word: str) -> int:
    return ORDINALS[word] if word in ORDINALS else int(re.sub(r"\D", "", word))


def delays(text: str) -> timedelta:
    """The sum of "1 day and 2 hours"; months and years have no fixed length and are not among its units."""
    total = timedelta()
    for half, amount, more, unit, more_after in DURATION_PARTS.findall(text):
        count = 0.5 if half else float(amount) if amount[0].isdigit() else NUMBERS[amount]
        total += UNITS[unit] * (count + 0.5 * bool(more or more_after))
    return total


SEPARATOR = r"(?:\s*,\s*(?:and\s+)?|\s+and\s+|\s*&\s*|\s*/\s*)"

_COUNTED = (
    *("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen"),
)
NUMBERS = {word: n for n, word in enumerate(_COUNTED, start=1)} | {
    "a": 1,
    "an": 1,
    "twenty": 20,
    "thirty": 30,
    "forty": 40,
    "forty-five": 45,
    "sixty": 60,
    "ninety": 90,
}
NUMBER = rf"(?:\d{{1,4}}(?![\d.])|{any_of(NUMBERS)})"

ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8}
NTH = r"\d{1,2}(?:st|nd|rd|th)\b"
FROM_LAST = rf"(?:second|third|fourth|fifth|{NTH})(?:[\s-]+to[\s-]+(?:the[\s-]+)?)?"
PLACE = rf"(?:(?:{FROM_LAST}[\s-]*)?(?:last|final)\b|penultimate\b|{any_of(ORDINALS)}|{NTH})"

_WEEK = (
    *(("monday", "mon"), ("tuesday", "tue", "tues"), ("wednesday", "wed", "weds")),
    *(("thursday", "thu", "thur", "thurs"), ("friday", "fri"), ("saturday", "sat"), ("sunday", "sun")),
)
WEEKDAYS = {name: day for day, names in enumerate(_WEEK) for name in names}
ALSO_WORDS = ("sat", "sun", "wed")  # "we sat in the sun": weekdays only where more says so
WEEKDAY = any_of(WEEKDAYS) + r"\.?"
CLEAR_WEEKDAY = any_of(word for word in WEEKDAYS if word not in ALSO_WORDS) + r"\.?"
WEEKDAYS_EACH = any_of(f"{word}s" for word in WEEKDAYS if word.endswith("day"))
WORKED = r"(?:working|business|work)[\s-]?day"
SETS = {  # what "every ..." and "the first ..." may name beside a single weekday
    r"weekdays?": WORKING_WEEK,
    rf"{WORKED}s?": WORKING_WEEK,
    r"weekend[\s-]days?|weekends?": WEEKEND,
    r"days?": WHOLE_WEEK,
}

_YEAR = (
    *(("january", "jan"), ("february", "feb"), ("march", "mar"), ("april", "apr"), ("may",), ("june", "jun")),
    *(("july", "jul"), ("august", "aug"), ("september", "sep", "sept"), ("october", "oct")),
    *(("november", "nov"), ("december", "dec")),
)
MONTHS = {name: month for month, names in enumerate(_YEAR, start=1) for name in names}
MONTH = any_of(MONTHS) + r"\.?"
MONTH_NAMES = [names[0] for names in _YEAR]

UNITS = {
    **dict.fromkeys(["minutes", "minute", "mins", "min", "m"], timedelta(minutes=1)),
    **dict.fromkeys(["hours", "hour", "hrs", "hr", "h"], timedelta(hours=1)),
    **dict.fromkeys(["days", "day", "d"], timedelta(days=1)),
    **dict.fromkeys(["weeks", "week", "w"], timedelta(weeks=1)),
}
_AND_A_HALF = r"\s+and\s+a\s+half\b"  # "an hour and a half", "one and a half hours"
AMOUNT = rf"(?:half\s+an?|(?:\d{{1,4}}(?:\.\d{{1,2}})?|{any_of(NUMBERS)})(?:{_AND_A_HALF})?)"
DURATION = rf"(?:{AMOUNT}\s*{any_of(UNITS)}(?:{_AND_A_HALF})?)"
DURATION_PARTS = re.compile(
    rf"(?:(half\s+an?)|(\d{{1,4}}(?:\.\d{{1,2}})?|{any_of(NUMBERS)})({_AND_A_HALF})?)"
    rf"\s*({any_of(UNITS)})({_AND_A_HALF})?",
    re.ASCII,
)

PERIODS = {"day": "DAILY", "week": "WEEKLY", "month": "MONTHLY", "quarter": "QUARTERLY", "year": "YEARLY"}
ADVERBS = {
    "daily": ("DAILY", 1),
    "weekly": ("WEEKLY", 1),
    "fortnightly": ("WEEKLY", 2),
    "biweekly": ("WEEKLY", 2),
    "bi-weekly": ("WEEKLY", 2),
    "monthly": ("MONTHLY", 1),
    "quarterly": ("QUARTERLY", 1),
    "yearly": ("YEARLY", 1),
    "annually": ("YEARLY", 1),
}

NAMED_TIMES = {"noon": time(12), "midday": time(12), "midnight": time(0)}
DAY_PARTS = {
    "morning": DayPart(None),
    "afternoon": DayPart(time(15), frozenset(range(1, 12))),
    "evening": DayPart(time(18), frozenset(range(1, 12))),
    "night": DayPart(time(20), frozenset(range(6, 12))),
}
DAY_PART = any_of([*DAY_PARTS, *(f"{word}s" for word in DAY_PARTS)])
WITH_DAY_PART = rf"(?:\s+(?P<part>{DAY_PART}))?"


def day_part(match: re.Match[str]) -> tuple[DayPart, ...]:
    """The part of the day where the phrase ends with one."""
    return (DAY_PARTS[match["part"].removesuffix("s")],) if match["part"] else ()


def weekdays(text: str) -> tuple[int, ...]:
    """The weekdays that a list names."""
    names = re.findall(rf"{any_of(WEEKDAYS)}|{WEEKDAYS_EACH}", text, re.ASCII)
    return tuple(sorted({WEEKDAYS.get(name, WEEKDAYS.get(name.removesuffix("s"), 0)) for name in names}))
