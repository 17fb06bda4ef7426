"""Repeats in English: "every other Friday", "monthly", "the last working day of the quarter"."""

import re
from collections.abc import Sequence

from django.utils.translation import gettext as _

from reminders.schedule import DayOff

from ..facts import (
    WHOLE_WEEK,
    Every,
    Fact,
    MonthDays,
    OffDays,
    Once,
    Places,
    Unclear,
    Weekdays,
    Within,
)
from ..scan import Phrase, compiled
from .days import DAY_FIRST, MONTH_FIRST, day_of
from .words import (
    ADVERBS,
    DAY_PARTS,
    MONTH,
    MONTHS,
    NTH,
    NUMBER,
    ORDINALS,
    PERIODS,
    PLACE,
    SEPARATOR,
    SETS,
    WEEKDAY,
    WEEKDAYS_EACH,
    WITH_DAY_PART,
    WORKED,
    any_of,
    day_part,
    listed,
    number,
    place,
    weekdays,
)

EVERY = r"(?:on\s+)?(?:every|each)\s+"
_EVERY_SAID = r"(?:on\s+)?(?P<every>every|each)\s+"
_INTERVAL = rf"(?:(?P<interval>other|{any_of(list(ORDINALS)[1:])}|{NTH}|{NUMBER})\s+)?"
_EVERY_NTH = rf"other|{any_of(list(ORDINALS)[1:])}|(?!1st){NTH}"
_UNIT = r"(?P<unit>days?|weeks?|fortnight|months?|quarters?|years?)"
_OF_SET = "|".join(SETS)
_SET = rf"(?P<set>weekdays?|{WORKED}s?|weekend[\s-]days?|weekends?)"
_NOUN = rf"(?:{WEEKDAY}|{_OF_SET})\b"
_PLACES = rf"{PLACE}(?:{SEPARATOR}(?:the\s+)?{PLACE}){{0,4}}"
_PLACED = rf"(?:the\s+)?{_PLACES}\s+{_NOUN}"
_PLACED_LIST = rf"(?P<places>{_PLACED}(?:{SEPARATOR}(?:on\s+)?{_PLACED}){{0,4}})"
_BY_NUMBER = rf"{NTH}(?!\s+to\b)(?:\s+day\b)?|day\s+\d{{1,2}}\b"
_DATE_OF_MONTH = rf"(?:the\s+)?(?:{_BY_NUMBER}|{PLACE}\s+day\b|(?:first|last)(?=\s+of\b))"
_DATES_OF_MONTH = rf"(?P<dates>{_DATE_OF_MONTH}(?:{SEPARATOR}(?:on\s+)?{_DATE_OF_MONTH}){{0,11}})"
_PERIOD = rf"(?:the|every|each|a)\s+(?P<period>month|quarter|year)|(?:every\s+)?(?P<month>{listed(MONTH)})"
_WITHIN = rf"\s+(?:of|in)\s+(?:{_PERIOD})"
_ITEM = re.compile(rf"({_PLACES})\s+({_NOUN})", re.ASCII)
_A_DATE = re.compile(rf"day \d{{1,2}}|{PLACE}", re.ASCII)
_A_MONTH = re.compile(any_of(MONTHS), re.ASCII)
_A_PLACE = re.compile(PLACE, re.ASCII)


def _interval(word: str | None) -> int:
    return 1 if not word else 2 if word == "other" else place(word) if _A_PLACE.fullmatch(word) else number(word)


def _every_period(match: re.Match[str]) -> Sequence[Fact]:
    if match["unit"] == "fortnight":
        return [Every("WEEKLY", 2 * _interval(match["interval"]))]
    return [Every(PERIODS[match["unit"].removesuffix("s")], _interval(match["interval"]))]


def _every_weekday(match: re.Match[str]) -> Sequence[Fact]:
    days = weekdays(match["days"])
    interval = match["interval"] or ""
    if _A_PLACE.fullmatch(interval):
        return [
            Unclear(
                _("“%(words)s” may count weeks or the days of a month: say “every %(n)d weeks” or “of the month”.")
                % {"words": "%(words)s", "n": place(interval)},
                "day",
            )
        ]
    return [Every("WEEKLY", _interval(interval)), Weekdays(days, repeats=True), *day_part(match)]


def _set(match: re.Match[str]) -> Sequence[Fact]:
    """ "every weekday" is Monday to Friday; "every working day" is whatever the team's calendar says."""
    if re.fullmatch(rf"{WORKED}s?", match["set"]):
        return [Every("DAILY"), OffDays(DayOff.SKIP), *day_part(match)]
    days = next(days for pattern, days in SETS.items() if re.fullmatch(pattern, match["set"]))
    return [Every("WEEKLY"), Weekdays(days, repeats=True), *day_part(match)]


def _on_working_days(match: re.Match[str]) -> Sequence[Fact]:
    return [OffDays(DayOff.SKIP)]


def _set_days(match: re.Match[str]) -> Sequence[Fact]:
    days = next(days for pattern, days in SETS.items() if re.fullmatch(pattern, match["set"]))
    return [Weekdays(days, repeats=True)]


def _week_span(match: re.Match[str]) -> Sequence[Fact]:
    first, last = weekdays(match["first"])[0], weekdays(match["last"])[0]
    days = [(first + n) % 7 for n in range((last - first) % 7 + 1)]
    return [Weekdays(tuple(sorted(days)), repeats=True)]


def _each_weekday(match: re.Match[str]) -> Sequence[Fact]:
    return [Weekdays(weekdays(match["days"]), repeats=True)]


def _every_part(match: re.Match[str]) -> Sequence[Fact]:
    return [Every("DAILY", _interval(match["interval"])), DAY_PARTS[match["part"]]]


def _adverb(match: re.Match[str]) -> Sequence[Fact]:
    return [Every(*ADVERBS[match[0]])]


def _once_a(match: re.Match[str]) -> Sequence[Fact]:
    return [Every(PERIODS[match["unit"]])]


def _once(match: re.Match[str]) -> Sequence[Fact]:
    return [Once()]


def _yearly(match: re.Match[str]) -> Sequence[Fact]:
    return [Every("YEARLY"), day_of(match)]


def _within(match: re.Match[str]) -> list[Fact]:
    said = match.groupdict()
    facts: list[Fact] = []
    if said.get("period"):
        facts.append(Within(said["period"]))
    elif said.get("month"):
        facts.append(Within("month", tuple(sorted({MONTHS[name] for name in _A_MONTH.findall(said["month"])}))))
    if said.get("every"):
        freq = {"month": "MONTHLY", "quarter": "QUARTERLY"}.get(said.get("period") or "", "YEARLY")
        facts.append(Every(freq if facts else "MONTHLY"))
    elif said.get("period"):
        facts.append(Every(PERIODS[said["period"]]))
    elif said.get("month") and "every" in match[0]:
        facts.append(Every("YEARLY"))
    return facts


def _placed(match: re.Match[str]) -> Sequence[Fact]:
    """ "the first and third Monday", "the last working day"."""
    places: list[tuple[int, tuple[int, ...]]] = []
    for numbers, noun in _ITEM.findall(match["places"]):
        days = next((days for pattern, days in SETS.items() if re.fullmatch(pattern, noun)), None) or weekdays(noun)
        places += [(place(each), days) for each in _A_PLACE.findall(numbers)]
    if any(not 1 <= abs(n) <= (31 if days == WHOLE_WEEK else 5) for n, days in places):
        return [Unclear(_("“%(words)s” is no day of a month."), "day")]
    if all(days == WHOLE_WEEK for _n, days in places):
        return [MonthDays(tuple(n for n, _days in places)), *_within(match)]
    return [Places(tuple(places), working=bool(re.search(WORKED, match["places"]))), *_within(match)]


def _dates_of_month(match: re.Match[str]) -> Sequence[Fact]:
    days = [place(each.removeprefix("day ")) for each in _A_DATE.findall(" ".join(match["dates"].split()))]
    if any(not 1 <= abs(n) <= 31 for n in days):
        return [Unclear(_("“%(words)s” is no day of a month."), "day")]
    return [MonthDays(tuple(dict.fromkeys(days))), *_within(match)]


def _end_of(match: re.Match[str]) -> Sequence[Fact]:
    return [Every(PERIODS[match["period"]]), MonthDays((-1,)), Within(match["period"])]


def _of_nothing(match: re.Match[str]) -> Sequence[Fact]:
    """ "first working day" is one of every month; "first Friday" may be anything."""
    return _placed(match) if re.search(WORKED, match[0]) else [Unclear(_("“%(words)s”: say of which month."), "day")]


def _often(match: re.Match[str]) -> Sequence[Fact]:
    return [Unclear(_("“%(words)s”: say on which days or at what times."), "day")]


def _of_every(match: re.Match[str]) -> Sequence[Fact]:
    return [Unclear(_("“%(words)s” is not understood."), "always")]


PHRASES = [
    Phrase("repeat", compiled(rf"{EVERY}{_INTERVAL}{_UNIT}"), _every_period),
    Phrase(
        "repeat",
        compiled(rf"{EVERY}(?:(?P<interval>{_EVERY_NTH})\s+)?(?P<days>{listed(WEEKDAY, 6)}){WITH_DAY_PART}"),
        _every_weekday,
    ),
    Phrase("repeat", compiled(rf"{EVERY}(?P<days>{WEEKDAYS_EACH})(?P<interval>){WITH_DAY_PART}"), _every_weekday),
    Phrase("repeat", compiled(rf"{EVERY}{_SET}{WITH_DAY_PART}"), _set),
    Phrase("repeat", compiled(r"(?:on\s+)?(?P<set>weekdays|weekends|weekend\s+days)"), _set_days),
    Phrase("days off", compiled(rf"(?:only\s+)?on\s+{WORKED}s(?:\s+only)?"), _on_working_days),
    Phrase("repeat", compiled(rf"(?:on\s+)?(?P<days>{listed(WEEKDAYS_EACH, 6)})"), _each_weekday),
    Phrase(
        "repeat",
        compiled(
            rf"(?:(?:on|from|every|each)\s+)?(?P<first>{WEEKDAY})(?:\s+to\s+|\s+through\s+|\s?-\s?)(?P<last>{WEEKDAY})"
        ),
        _week_span,
    ),
    Phrase("repeat", compiled(rf"{EVERY}(?:(?P<interval>other)\s+)?(?P<part>{any_of(DAY_PARTS)})"), _every_part),
    Phrase("repeat", compiled(any_of(ADVERBS)), _adverb, weak=True),
    Phrase("repeat", compiled(r"once\s+(?:a|per|every|each)\s+(?P<unit>day|week|month|quarter|year)"), _once_a),
    Phrase("repeat", compiled(r"once(?=,?\s+(?:on|at)\b)"), _once),
    *(Phrase("repeat", compiled(rf"{EVERY}{form}"), _yearly) for form in (DAY_FIRST, MONTH_FIRST)),
    Phrase("repeat", compiled(rf"(?:on\s+)?{_PLACED_LIST}{_WITHIN}"), _placed),
    Phrase("repeat", compiled(rf"{_EVERY_SAID}{_PLACED_LIST}(?:{_WITHIN})?"), _placed),
    Phrase("repeat", compiled(rf"on\s+{_PLACED_LIST}"), _placed, needs="end"),
    Phrase("repeat", compiled(rf"(?:on\s+)?{_DATES_OF_MONTH}{_WITHIN}"), _dates_of_month),
    Phrase("repeat", compiled(rf"{_EVERY_SAID}{_DATES_OF_MONTH}(?:{_WITHIN})?"), _dates_of_month),
    Phrase("date", compiled(rf"(?:on\s+|(?=the\s)){_DATES_OF_MONTH}"), _dates_of_month, needs="end"),
    Phrase(
        "repeat",
        compiled(r"(?:at|by)\s+(?:the\s+)?end\s+of\s+(?:every|each|the)\s+(?P<period>month|quarter|year)"),
        _end_of,
    ),
    Phrase("repeat", compiled(_PLACED_LIST), _of_nothing, needs="end"),
    Phrase(
        "unknown",
        compiled(
            rf"(?:twice|{NUMBER}\s+times)\s+(?:(?:a|per|every|each)\s+\w+|(?:dai|week|month|year)ly)|once\s+every\s+\w+|bi-?monthly|semi-?(?:weekly|monthly)|bi-?annually"
        ),
        _often,
    ),
    Phrase("unknown", compiled(r"of\s+(?:every|each)\s+\w+"), _of_every),
]
