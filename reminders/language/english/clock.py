"""Times of day in English."""

import re
from collections.abc import Sequence
from datetime import time

from django.utils.translation import gettext as _

from ..facts import Fact, Step, Times, Unclear, Window
from ..scan import Phrase, compiled
from .words import DAY_PARTS, NAMED_TIMES, NUMBER, SEPARATOR, UNITS, any_of, number

HALF = r"\s?[ap](?:m|\.\s?m)\b\.?"
NAMED = any_of(NAMED_TIMES)
SPOKEN = r"(?:half\s+past|(?:a\s+)?quarter\s+(?:past|to))\s+\d{1,2}\b"
# What is a time wherever it stands, and what is one only after "at".
WRITTEN = rf"\d{{1,2}}:\d\d(?::\d\d)?(?:{HALF}|\s?h(?:rs?)?\b|\b)|\d{{1,2}}{HALF}|\d{{1,2}}h\d\d\b"
CLEAR = rf"(?:{WRITTEN}|{SPOKEN}|\d{{1,2}}\s+o'clock|{NAMED})"
_A_NUMBER_OF = rf"(?!\s*(?:{any_of([*UNITS, 'times', 'time', 'months', 'years'])}))"  # "at 8, 10 times"
AFTER_AT = rf"(?:{CLEAR}|\d{{1,2}}\.\d\d(?:{HALF}|\b)|\d{{1,2}}h\b|\d{{1,2}}\b{_A_NUMBER_OF})"
EACH = re.compile(AFTER_AT, re.ASCII)
SOME_PART = any_of(DAY_PARTS)


def _clock(word: str) -> tuple[time, bool] | None:
    """The time, and whether it may be meant twelve hours later; None where there is no such time."""
    if word in NAMED_TIMES:
        return NAMED_TIMES[word], False
    half = re.search(r"([ap])[m.]", word)
    hour, minute, second = (int(n) for n in [*re.findall(r"\d+", word), "0", "0"][:3])
    if "past" in word or "quarter" in word:
        minute = 30 if "half" in word else 15 if "past" in word else 45
        hour = (hour - 1) % 24 if "to" in word else hour
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half[1] == "p" else 0)
    if hour > 23 or minute > 59 or second > 59:
        return None
    return time(hour, minute, second), not half and 1 <= hour <= 12 and not word.startswith("0")


def _times(match: re.Match[str]) -> Sequence[Fact]:
    words = EACH.findall(match["times"])
    clocks = [_clock(word) for word in words]
    wrong = [word for word, clock in zip(words, clocks, strict=True) if not clock]
    if wrong:
        return [Unclear(_("%(words)s is not a time.") % {"words": wrong[0]}, "time")]
    said = [clock for clock in clocks if clock]
    doubtful = [each for each, later in said[:-1] if later and _borrows(each, said[-1], words[-1])]
    if doubtful:
        return [_twice(doubtful[0])]
    return [Times(tuple(sorted({each for each, _l in said})), frozenset(each for each, later in said if later))]


def _borrows(each: time, last: tuple[time, bool], word: str) -> bool:
    """Whether the "pm" of "at 3 and 4pm" may be meant for the 3 as well."""
    return bool(re.search(r"\d\s?p", word)) and each.hour % 12 < last[0].hour % 12


def _twice(each: time) -> Unclear:
    late = each.replace(hour=each.hour % 12 + 12)
    return Unclear(_("Say whether %(a)s or %(b)s is meant.") % {"a": f"{each:%H:%M}", "b": f"{late:%H:%M}"}, "always")


def _window(match: re.Match[str]) -> Sequence[Fact]:
    first, last = _clock(match["first"]), _clock(match["last"])
    for word, clock in ((match["first"], first), (match["last"], last)):
        if not clock:
            return [Unclear(_("%(words)s is not a time.") % {"words": word}, "always")]
    assert first and last
    if first[1] and _borrows(first[0], last, match["last"]):
        return [_twice(first[0])]
    end = last[0]
    if last[1] and end <= first[0]:  # "between 9 and 5"
        end = end.replace(hour=end.hour % 12 + 12)
    if end <= first[0]:
        return [Unclear(_("“%(words)s” must lie within one day."), "always")]
    return [Window(first[0], end)]


def _step(match: re.Match[str]) -> Sequence[Fact]:
    unit = 60 if (match["unit"] or "h").startswith("h") else 1
    amount = match["number"]
    count = 2 if amount == "other" else 0.5 if amount and amount.startswith("half") else number(amount or "one")
    return [Step(int(count * unit))]


def _part(match: re.Match[str]) -> Sequence[Fact]:
    return [DAY_PARTS[match["part"]]]


def _range(match: re.Match[str]) -> Sequence[Fact]:
    return [Unclear(_("“%(words)s” is a span: say when it begins."), "time")]


def _about(match: re.Match[str]) -> Sequence[Fact]:
    return [Unclear(_("“%(words)s” is not one moment: say at what time."), "time")]


def _not_a_time(match: re.Match[str]) -> Sequence[Fact]:
    return [Unclear(_("%(words)s is not a time.") % {"words": match["word"]}, "time")]


def _four_digits(match: re.Match[str]) -> Sequence[Fact]:
    return [Times((time(int(match["hour"]), int(match["minute"])),))]


_MORE = rf"(?:{SEPARATOR}(?:at\s+)?{AFTER_AT}){{0,95}}"
_MORE_CLEAR = rf"(?:{SEPARATOR}(?:at\s+)?{CLEAR}){{0,95}}"
_AT_THE_END = r"(?:by|at|before)\s+(?:(?:the\s+)?(?:end|close)\s+of\s+(?:the\s+)?(?:day|business)|eod|cob)"
_DASH = r"\s?-\s?"

PHRASES = [
    Phrase("time", compiled(rf"(?:at|by)\s+(?P<times>{AFTER_AT}{_MORE})"), _times),
    Phrase("time", compiled(rf"(?P<times>{CLEAR}{_MORE_CLEAR})"), _times),
    Phrase("time", compiled(r"at\s+(?P<hour>[01]\d|2[0-3])(?P<minute>[0-5]\d)(?:\s?hrs?)?"), _four_digits, needs="end"),
    Phrase("time", compiled(rf"(?:in\s+the|this|at)\s+(?P<part>{SOME_PART})"), _part),
    Phrase(
        "time",
        compiled(
            rf"(?:every|each)\s+(?:(?P<number>other|half(?:\s+an)?|{NUMBER})\s*)?(?P<unit>minutes?|mins?|hours?|hrs?|h)\b"
        ),
        _step,
    ),
    Phrase("time", compiled(r"hourly(?P<number>)(?P<unit>)"), _step),
    Phrase(
        "time",
        compiled(rf"between\s+(?P<first>{AFTER_AT})\s+and\s+(?P<last>{AFTER_AT})"),
        _window,
    ),
    Phrase(
        "time",
        compiled(rf"from\s+(?P<first>{AFTER_AT})(?:\s+(?:to|until|till|through)\s+|{_DASH})(?P<last>{AFTER_AT})"),
        _window,
    ),
    Phrase(
        "time",
        compiled(
            rf"(?:at\s+)?{CLEAR}{_DASH}{AFTER_AT}|(?:at\s+)?{AFTER_AT}{_DASH}{CLEAR}|at\s+{AFTER_AT}{_DASH}{AFTER_AT}"
        ),
        _range,
    ),
    Phrase("time", compiled(rf"(?:around|about|after|before|until|till|from|since)\s+(?:{CLEAR})"), _about),
    Phrase("time", compiled(rf"{_AT_THE_END}|(?:at|by)\s+\d{{1,2}}(?::\d\d)?\s?-?ish"), _about),
    Phrase("time", compiled(r"at\s+(?P<word>\d{1,2}(?:[:.]\d{1,3})?)"), _not_a_time),
]
