"""What is said beside days and times, in English: begin and end, days off, zones, lead times, cron and RRULE."""

import re
from collections.abc import Callable, Sequence

from django.utils.translation import gettext as _

from reminders.schedule import DayOff, MonthEnd

from ..facts import (
    WEEKEND,
    Count,
    Endless,
    Except,
    Fact,
    Lasting,
    Lead,
    OffDays,
    Opening,
    ShortMonth,
    Start,
    Unclear,
    Until,
    Within,
    Zone,
)
from ..scan import Phrase, compiled
from .days import FORMS, day_of
from .words import DURATION, MONTH, MONTHS, NUMBER, WEEKDAY, WEEKDAYS_EACH, WORKED, delays, listed, number, weekdays


def _start(match: re.Match[str]) -> Sequence[Fact]:
    return [Start(day_of(match))]


def _until(match: re.Match[str]) -> Sequence[Fact]:
    return [Until(day_of(match))]


def _until_end(match: re.Match[str]) -> Sequence[Fact]:
    if match["month"]:
        return [Until(Within("month", (MONTHS[match["month"].rstrip(".")],)))]
    return [Until(Within(match["period"]))]


def _until_month(match: re.Match[str]) -> Sequence[Fact]:
    return [Unclear(_("“%(words)s”: say until which day."), "always")]


def _endless(match: re.Match[str]) -> Sequence[Fact]:
    return [Endless()]


def _lasting(match: re.Match[str]) -> Sequence[Fact]:
    return [Lasting(f"in {number(match['count'])} {match['unit']}")]


def _count(match: re.Match[str]) -> Sequence[Fact]:
    return [Count(number(match["count"]))]


def _off_days(what: DayOff) -> Callable[[re.Match[str]], Sequence[Fact]]:
    """Only holidays, where nothing but holidays is said; "or the next working day" by itself is about any day off."""
    return lambda match: [OffDays(what, bool(match["holidays"]) and not match["more"])]


def _short_month(what: MonthEnd) -> Callable[[re.Match[str]], Sequence[Fact]]:
    return lambda match: [ShortMonth(what)]


def _except(match: re.Match[str]) -> Sequence[Fact]:
    return [Except(WEEKEND if "weekend" in match[0] else weekdays(match["days"]))]


def _except_date(match: re.Match[str]) -> Sequence[Fact]:
    return [Unclear(_("“%(words)s”: skip that date once the reminder is saved."), "always")]


def _lead(match: re.Match[str]) -> Sequence[Fact]:
    each = tuple(delays(words) for words in EACH_DURATION.findall(match["delays"]))
    if not all(each):
        return [Unclear(_("“%(words)s” is no time before."))]
    return [Lead(each)]


def _lead_in_months(match: re.Match[str]) -> Sequence[Fact]:
    return [Unclear(_("“%(words)s”: say it in weeks, days, hours or minutes."))]


def _utc(match: re.Match[str]) -> Sequence[Fact]:
    return [Zone("UTC")]


def _abbreviation(match: re.Match[str]) -> Sequence[Fact]:
    return [
        Unclear(
            _("%(words)s is not the time of one place: say for example Europe/Berlin or Berlin time."),
            "zone",
        )
    ]


def _opening(match: re.Match[str]) -> Sequence[Fact]:
    return [Opening()]


EACH_DURATION = re.compile(DURATION, re.ASCII)
_FROM = r"(?:,\s*)?(?:starting|beginning|starts|begins|from|as\s+of|effective)\s+(?:(?:on|from)\s+)?"
_UNTIL = r"(?:until|till|til|through|thru|up\s+to|ending|ends)\s+(?:and\s+including\s+)?(?:on\s+)?"
_LEADS = rf"(?P<delays>{listed(DURATION, 9)})"
_BEFORE = r"(?:before(?:hand)?|earlier|early|ahead(?:\s+of\s+time)?|in\s+advance|prior)"
_REMIND = r"(?:and\s+)?(?:please\s+)?(?:remind|notify|alert|warn)(?:\s+(?:me|us|everyone|everybody|them|again|also))*"
_EXCEPT = r"(?:except(?:\s+for)?|excluding|but\s+not|not|skip|skipping|without)\s+(?:on\s+)?"
_HOLIDAY = r"(?:(?:public|bank|national)\s+)?holiday"
_OFF = r"(?:day\s+off|non-?working\s+day|weekend)"
_DAYS_OFF = (
    rf"(?:(?P<holidays>{_HOLIDAY}s?)(?P<more>(?:\s+(?:and|or)\s+|,\s*)(?:on\s+|at\s+)?weekends?)?"
    r"|(?:at\s+|the\s+)?weekends?(?:\s+(?:and|or)\s+|,\s*)(?:on\s+)?"
    rf"{_HOLIDAY}s?|(?:on\s+)?(?:non-?working\s+days|days\s+off))"
)
_DAY_IS_OFF = (
    r"(?:(?:that|it|this)(?:\s+day)?(?:\s+is|'s|\s+falls\s+on)\s+)?(?:an?\s+)?"
    rf"(?:(?P<holidays>{_HOLIDAY})(?P<more>\s+or\s+(?:an?\s+)?{_OFF})?|{_OFF}(?:\s+or\s+(?:an?\s+)?{_HOLIDAY})?)"
)
_IS_OFF = rf"(?:if|where|when)\s+{_DAY_IS_OFF}"
_IF_OFF = rf"(?:,?\s+{_IS_OFF})?"
_UNLESS = r"(?:,\s*)?(?:unless|(?:(?:but\s+)?not|except)\s+(?:if|where|when))"
_ALSO = r"(?:,\s*)?(?:also|even|including)\s+(?:on\s+|at\s+)?"
_ON = r"(?:,\s*)?(?:on\s+)?(?:the\s+)?"
_ELSE = r"(?:(?:,\s*)?(?:or|else|otherwise|or\s+else|moved\s+to|shifted\s+to)\s+(?:on\s+)?)"

PHRASES = [
    Phrase(
        "opening",
        compiled(r"^(?:please\s+)?remind\s+(?:me|us|everyone|everybody|the\s+team)(?:\s+(?:to|about|of|that))?"),
        _opening,
    ),
    *(Phrase("start", compiled(rf"{_FROM}{form}"), _start) for form in FORMS),
    *(Phrase("end", compiled(rf"{_UNTIL}{form}"), _until) for form in FORMS),
    Phrase(
        "end",
        compiled(
            rf"{_UNTIL}(?:the\s+)?end\s+of\s+(?:(?:the|this)\s+)?(?:(?P<period>month|quarter|year)|(?P<month>{MONTH}))"
        ),
        _until_end,
    ),
    Phrase("end", compiled(rf"{_UNTIL}{MONTH}"), _until_month, needs="end"),
    Phrase(
        "end",
        compiled(rf"for\s+(?:the\s+next\s+)?(?P<count>{NUMBER})\s+(?P<unit>days?|weeks?|months?|years?)"),
        _lasting,
    ),
    Phrase(
        "end",
        compiled(rf"(?:for\s+)?(?P<count>{NUMBER}(?=\s+times)|1(?=\s))\s+times?(?:\s+(?:in\s+total|altogether|only))?"),
        _count,
    ),
    Phrase("end", compiled(r"(?:only|just)\s+once"), lambda match: [Count(1)]),
    Phrase("end", compiled(r"until\s+further\s+notice|for\s?ever|indefinitely"), _endless),
    Phrase("days off", compiled(rf"{_EXCEPT}{_DAYS_OFF}"), _off_days(DayOff.SKIP)),
    Phrase("days off", compiled(rf"{_UNLESS}\s+{_DAY_IS_OFF}"), _off_days(DayOff.SKIP)),
    Phrase("days off", compiled(rf"{_ALSO}(?:{_DAYS_OFF}|weekends?)"), lambda match: [OffDays(DayOff.STAY)]),
    Phrase("days off", compiled(rf"{_ELSE}(?:the\s+)?(?:next|following)\s+{WORKED}{_IF_OFF}"), _off_days(DayOff.NEXT)),
    Phrase("days off", compiled(rf"{_ON}(?:next|following)\s+{WORKED}\s+{_IS_OFF}"), _off_days(DayOff.NEXT)),
    Phrase(
        "days off",
        compiled(rf"{_ELSE}(?:the\s+)?(?:{WORKED}\s+before|(?:previous|preceding)\s+{WORKED}){_IF_OFF}"),
        _off_days(DayOff.PREVIOUS),
    ),
    Phrase(
        "days off",
        compiled(rf"{_ON}(?:{WORKED}\s+before|(?:previous|preceding)\s+{WORKED})\s+{_IS_OFF}"),
        _off_days(DayOff.PREVIOUS),
    ),
    Phrase(
        "repeat",
        compiled(rf"{_EXCEPT}(?P<days>{listed(rf'(?:{WEEKDAYS_EACH}|{WEEKDAY})', 5)}|(?:at\s+|the\s+)?weekends?)"),
        _except,
    ),
    *(Phrase("repeat", compiled(rf"{_EXCEPT}{form}"), _except_date) for form in FORMS[:2]),
    Phrase(
        "repeat",
        compiled(r"(?:,\s*)?or\s+(?:on\s+)?the\s+last\s+day(?:\s+of\s+(?:a\s+shorter\s+month|the\s+month|february))?"),
        _short_month(MonthEnd.LAST),
    ),
    Phrase(
        "repeat",
        compiled(r"(?:,\s*)?in\s+(?:months\s+that\s+have\s+(?:one|them)|leap\s+years)"),
        _short_month(MonthEnd.SKIP),
    ),
    Phrase("lead", compiled(rf"{_REMIND}\s+{_LEADS}\s+{_BEFORE}"), _lead),
    Phrase("lead", compiled(rf"(?:and\s+)?{_LEADS}\s+{_BEFORE}"), _lead, needs="end"),
    Phrase("lead", compiled(rf"with\s+{_LEADS}'?s?'?(?:\s+advance)?\s+(?:notice|warning)"), _lead),
    Phrase(
        "lead", compiled(rf"(?:{_REMIND}\s+)?{NUMBER}\s+(?:months?|years?)\s+{_BEFORE}"), _lead_in_months, needs="end"
    ),
    Phrase("zone", compiled(r"in\s+utc(?:\s+time)?"), _utc),
    Phrase("zone", compiled(r"utc"), _utc, needs="near"),
    Phrase(
        "zone",
        compiled(
            r"(?:in\s+)?(?P<zone>cet|cest|eet|eest|wet|est|edt|cst|cdt|mst|mdt|pst|pdt|bst|ist|jst|aest|aedt|gmt)"
        ),
        _abbreviation,
        needs="near",
    ),
]
