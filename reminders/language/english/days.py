"""Single dates in English: "5 December", "tomorrow", "next Monday", "in 3 weeks"."""

import re
from collections.abc import Sequence
from datetime import time

from django.utils.translation import gettext as _

from ..facts import After, Day, Fact, MonthDays, Times, Unclear, Weekdays, Within
from ..scan import Phrase, compiled
from .words import (
    CLEAR_WEEKDAY,
    DAY_PARTS,
    DURATION,
    MONTH,
    MONTH_NAMES,
    MONTHS,
    NUMBER,
    SEPARATOR,
    WEEKDAY,
    WEEKDAYS,
    WITH_DAY_PART,
    day_part,
    delays,
    listed,
    number,
    weekdays,
)

ON = r"(?:(?:on|by)\s+)?"
_YEAR = r"(?:19|20|21)\d\d"
_BESIDE = rf"(?:(?P<weekday>{WEEKDAY}),?\s+)?(?:the\s+)?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th|\.(?!\d))?"
_MONTH = rf"(?P<month>{MONTH})"
_AND_YEAR = rf"(?:(?:,\s*|\s+|-)(?P<year>{_YEAR})(?!:))?"
# Dates by themselves, also for "until ..." and "starting ...".
DAY_FIRST = rf"{_BESIDE}{_DAY}(?:\s+of)?[\s-]*{_MONTH}{_AND_YEAR}"
MONTH_FIRST = rf"{_BESIDE}{_MONTH}\s*(?:the\s+)?{_DAY}(?!:){_AND_YEAR}"
ISO = rf"{_BESIDE}(?P<year>{_YEAR})(?P<dash>[-/])(?P<number>\d\d)(?P=dash)(?P<day>\d\d)"
DOTTED = rf"{_BESIDE}(?P<day>\d{{1,2}})\.\s?(?P<number>\d{{1,2}})\.(?:\s?(?P<year>{_YEAR}))?"
NAMED_DAY = r"(?P<named>today|tomorrow|tmrw|(?:the\s+)?day\s+after\s+tomorrow)"
IN_A_WHILE = rf"(?:in\s+(?P<count>{NUMBER})\s*(?P<unit>days?|weeks?|fortnights?|months?|years?|d|w)\b)"
FROM_NOW = rf"(?:(?P<count>{NUMBER})\s*(?P<unit>days?|weeks?|fortnights?|months?|years?)\s+from\s+(?:now|today))"
NEXT_WEEKDAY = rf"(?:(?:this|next|coming|this\s+coming)\s+)?(?P<weekday>{WEEKDAY})"
FORMS = (DAY_FIRST, MONTH_FIRST, ISO, DOTTED, NAMED_DAY, IN_A_WHILE, FROM_NOW, NEXT_WEEKDAY)


def day_of(match: re.Match[str]) -> Day | Weekdays:
    """The date that a match of one of FORMS says."""
    said = match.groupdict()
    if said.get("named"):
        return Day("day after tomorrow" if "after" in said["named"] else said["named"].replace("tmrw", "tomorrow"))
    if said.get("count"):
        count, unit = number(said["count"]), said["unit"]
        if unit.startswith("fortnight"):
            count, unit = count * 2, "weeks"
        return Day(f"in {count} {unit}")
    beside = said.get("weekday")
    weekday = WEEKDAYS[beside.rstrip(".")] if beside else None
    if not said.get("day"):
        return Weekdays((weekday or 0,))
    month = int(said["number"]) if said.get("number") else MONTHS[said["month"].rstrip(".")]
    name = MONTH_NAMES[month - 1] if 1 <= month <= 12 else str(month)
    year = said.get("year") and said["year"].rjust(4, "0").replace("00", "20", 1)
    return Day(f"{int(said['day'])} {name}" + (f" {year}" if year else ""), bool(year), weekday)


def _date(match: re.Match[str]) -> Sequence[Fact]:
    facts: list[Fact] = [day_of(match)]
    said = match.groupdict()
    if said.get("hour"):
        if int(said["hour"]) > 23 or int(said["minute"]) > 59:
            return [
                *facts,
                Unclear(_("%(words)s is not a time.") % {"words": f"{said['hour']}:{said['minute']}"}, "time"),
            ]
        facts.append(Times((time(int(said["hour"]), int(said["minute"])),)))
    return [*facts, *(day_part(match) if "part" in said else ())]


def _slashed(match: re.Match[str]) -> Sequence[Fact]:
    """ "25/12" can only be one date; of "03/04" nobody knows which."""
    first, second = int(match["first"]), int(match["second"])
    year = match["year"] and (match["year"] if len(match["year"]) == 4 else f"20{match['year']}")
    if match[0] == "24/7" or (not match["on"] and not year and max(first, second) > 31):
        return []
    readings = [
        f"{day} {MONTH_NAMES[month - 1]}"
        for day, month in dict.fromkeys([(first, second), (second, first)])
        if 1 <= month <= 12 and 1 <= day <= 31
    ]
    if len(readings) == 1:
        return [Day(readings[0] + (f" {year}" if year else ""), bool(year))]
    if not readings:
        return [Unclear(_("%(words)s is not a date.") % {"words": match["date"]}, "day")]
    named = [f"{words.split()[0]} {words.split()[1].capitalize()}" for words in readings]
    return [
        Unclear(
            _("%(words)s may be %(a)s or %(b)s: write the month as a word.")
            % {"words": match["date"], "a": named[0], "b": named[1]},
            "day",
        )
    ]


def _weekdays(match: re.Match[str]) -> Sequence[Fact]:
    said = " ".join(match[0].split())
    days, repeats = weekdays(match["days"]), (match["part"] or "").endswith("s")  # "Monday mornings"
    return [Weekdays(days, repeats, not_today="next" in said, next_week="next week" in said), *day_part(match)]


def _this_part(match: re.Match[str]) -> Sequence[Fact]:
    part = "night" if match[0] == "tonight" else match["part"]
    return [Day("today"), DAY_PARTS[part]]


def _tomorrow_part(match: re.Match[str]) -> Sequence[Fact]:
    return [day_of(match), *day_part(match)]


def _after(match: re.Match[str]) -> Sequence[Fact]:
    delay = delays(match["delay"])
    hours = any(unit in match["delay"] for unit in ("h", "m"))  # "in 24 hours" is a moment, "in 1 day" a date
    return [After(delay)] if hours else [Day(f"in {delay.days} days")]


def _days_of_a_month(match: re.Match[str]) -> Sequence[Fact]:
    """ "5 and 20 December", which is one date only where it repeats."""
    days = tuple(sorted({int(n) for n in re.findall(r"\d+", match["days"])}))
    return [MonthDays(days), Within("month", (MONTHS[match["month"].rstrip(".")],))]


def _span(match: re.Match[str]) -> Sequence[Fact]:
    return [Unclear(_("“%(words)s” is a span: say when it begins."), "day")]


def _vague(match: re.Match[str]) -> Sequence[Fact]:
    return [Unclear(_("“%(words)s” is not one day: say which."), "day")]


def _uncertain(match: re.Match[str]) -> Sequence[Fact]:
    return [Unclear(_("“%(words)s” is not one moment: say when."), "day")]


def _either(match: re.Match[str]) -> Sequence[Fact]:
    return [Unclear(_("“%(words)s” is not one day: say which."), "always")]


def _past(match: re.Match[str]) -> Sequence[Fact]:
    return [Unclear(_("“%(words)s” is in the past."), "day")]


_UNITS = r"(?:minutes?|hours?|days?|weeks?|months?|years?)"
_FEW = r"(?:few|couple\s+of|some|several)"
_IN_A_MONTH = r"(?:in|mid|early|late|by|at|on)[\s-]+(?:early\s+|mid-?\s*|late\s+)?"
_FEAST = r"(?:christmas|easter|thanksgiving|halloween|new\s+year(?:'?s)?)(?:\s+(?:eve|day|sunday|monday))?"
_PLAIN_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_SOME_DAY = rf"(?:{WEEKDAY}|{NAMED_DAY}|{_PLAIN_DAY}\s+{MONTH}|{MONTH}\s+{_PLAIN_DAY})"
_CLOCK = r"(?:(?:t|\s+)(?P<hour>\d\d):(?P<minute>\d\d))"

PHRASES = [
    *(Phrase("date", compiled(rf"{ON}{form}"), _date) for form in (DAY_FIRST, MONTH_FIRST, DOTTED, ISO)),
    Phrase("date", compiled(rf"{ON}{ISO}{_CLOCK}"), _date),
    Phrase("date", compiled(rf"{ON}{NAMED_DAY}{WITH_DAY_PART}"), _tomorrow_part),
    Phrase("date", compiled(IN_A_WHILE), _date),
    Phrase("date", compiled(FROM_NOW), _date),
    Phrase("date", compiled(rf"on\s+{_BESIDE}(?P<day>\d{{1,2}})\.(?P<number>\d{{1,2}})(?:\.(?P<year>\d\d))?"), _date),
    Phrase(
        "date",
        compiled(
            rf"(?P<on>{ON})(?P<date>(?P<first>\d{{1,2}})(?:/|-(?=\d+-))(?P<second>\d{{1,2}})"
            rf"(?:[-/](?P<year>{_YEAR}|\d\d))?)"
        ),
        _slashed,
    ),
    Phrase(
        "date",
        compiled(rf"(?:(?:on|by)\s+)(?P<days>{listed(WEEKDAY, 6)}){WITH_DAY_PART}(?:,?\s+next\s+week)?"),
        _weekdays,
    ),
    Phrase(
        "date", compiled(rf"{ON}(?:this|next|coming|this\s+coming)\s+(?P<days>{WEEKDAY}){WITH_DAY_PART}"), _weekdays
    ),
    Phrase("date", compiled(rf"(?:on\s+)?(?P<days>{WEEKDAY})(?P<part>)\s+next\s+week"), _weekdays),
    Phrase("date", compiled(rf"next\s+week,?\s+(?:on\s+)?(?P<days>{WEEKDAY}){WITH_DAY_PART}"), _weekdays),
    Phrase("date", compiled(rf"(?P<days>{listed(CLEAR_WEEKDAY, 6)}){WITH_DAY_PART}"), _weekdays, weak=True),
    Phrase("date", compiled(rf"(?P<days>{WEEKDAY}){WITH_DAY_PART}"), _weekdays, weak=True, needs="more"),
    Phrase("date", compiled(r"(?:tonight|this\s+(?P<part>morning|afternoon|evening))"), _this_part),
    Phrase("date", compiled(rf"in\s+(?P<delay>{DURATION}(?:(?:,\s*|\s+and\s+|\s*){DURATION}){{0,3}})"), _after),
    Phrase("date", compiled(rf"(?P<delay>{DURATION}(?:(?:,\s*|\s+and\s+|\s*){DURATION}){{0,3}})\s+from\s+now"), _after),
    Phrase(
        "date",
        compiled(
            rf"{ON}(?:the\s+)?(?P<days>{_PLAIN_DAY}(?:{SEPARATOR}(?:the\s+)?{_PLAIN_DAY}){{1,11}})(?:\s+of)?\s+(?P<month>{MONTH})"
        ),
        _days_of_a_month,
    ),
    Phrase(
        "date",
        compiled(
            rf"{ON}(?:from\s+)?{_PLAIN_DAY}(?:\s?-\s?|\s+to\s+){_PLAIN_DAY}\s+{MONTH}|{ON}{MONTH}\s+{_PLAIN_DAY}(?:\s?-\s?|\s+to\s+){_PLAIN_DAY}"
        ),
        _span,
    ),
    Phrase(
        "date",
        compiled(
            r"(?:(?:at|by)\s+)?(?:(?:the\s+)?end\s+of\s+)?(?:next|this)\s+(?:week|month|quarter|year|weekend)|next\s+(?:working|business)\s+day"
        ),
        _vague,
        needs="end",
    ),
    Phrase(
        "date",
        compiled(rf"(?:around|about|after|before|since)\s+{_SOME_DAY}"),
        _vague,
    ),
    Phrase(
        "date",
        compiled(
            rf"(?:on\s+)?(?:yesterday|(?:the\s+)?day\s+before\s+yesterday|{NUMBER}\s+(?:minutes?|hours?|days?|weeks?|months?|years?)\s+ago)"
        ),
        _past,
    ),
    Phrase("date", compiled(rf"(?:on\s+)?last\s+(?:{WEEKDAY}|week|month|year)"), _past, needs="end"),
    Phrase("date", compiled(rf"(?:in\s+(?:a\s+)?{_FEW}|within\s+{NUMBER})\s+{_UNITS}"), _uncertain),
    Phrase("date", compiled(rf"{_IN_A_MONTH}{MONTH}(?:\s+{_YEAR})?|{MONTH}\s+{_YEAR}"), _vague, needs="end"),
    Phrase("date", compiled(rf"(?:on|at|by)\s+{_FEAST}"), _vague, needs="end"),
    Phrase("date", compiled(rf"or\s+(?:on\s+)?{_SOME_DAY}"), _either),
]
