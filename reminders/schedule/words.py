"""A schedule in words."""

from datetime import date, datetime, time

from cron_descriptor import CasingTypeEnum, FormatError, Options, get_description
from django.utils.dates import MONTHS, WEEKDAYS
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from .model import MonthEnd, Schedule
from .repeats import Repeat, parse, repeat_of


def describe(schedule: Schedule) -> str:
    """One phrase without the zone and without a full stop, such as "every Friday at 16:00, until 1 March 2027"."""
    repeat, weekdays = repeat_of(schedule)
    at = _listed([clock_face(each) for each in schedule.times])
    if repeat == Repeat.ONCE:
        return _("once, on %(day)s at %(at)s") % {"day": _day(schedule.start), "at": at}
    if repeat == Repeat.CRON:
        words = _cron(schedule.cron)
    else:
        words = _("%(days)s at %(at)s") % {"days": _days(repeat, schedule, weekdays), "at": at}
    if schedule.until:
        words = _("%(words)s, until %(day)s") % {"words": words, "day": _day(schedule.until)}
    return words


def clock_face(at: time | datetime) -> str:
    """ "16:00", with seconds only where they are not 0."""
    return at.strftime("%H:%M:%S" if at.second else "%H:%M")


def _days(repeat: Repeat, schedule: Schedule, weekdays: list[int]) -> str:
    parts = parse(schedule.rule)
    match repeat:
        case Repeat.DAILY:
            return _("every day")
        case Repeat.WEEKDAYS:
            return _("every weekday")
        case Repeat.WEEKLY:
            return _("every %(weekdays)s") % {"weekdays": _listed([str(WEEKDAYS[day]) for day in weekdays])}
        case Repeat.MONTHLY:
            day = int(parts["BYMONTHDAY"])
            return _("every month on the %(day)s") % {"day": _month_day(day, schedule.month_end)}
        case _:
            day, month = int(parts["BYMONTHDAY"]), int(parts["BYMONTH"])
            return _("every year on %(day)s") % {"day": _year_day(day, month, schedule.month_end)}


def _month_day(day: int, month_end: MonthEnd) -> str:
    if day <= 28:
        return _ordinal(day)
    if month_end == MonthEnd.LAST:
        return _("%(day)s, or the last day of a shorter month") % {"day": _ordinal(day)}
    return _("%(day)s, in months that have one") % {"day": _ordinal(day)}


def _year_day(day: int, month: int, month_end: MonthEnd) -> str:
    words = f"{day} {MONTHS[month]}"
    if (day, month) != (29, 2):
        return words
    if month_end == MonthEnd.LAST:
        return _("%(day)s, or 28 February") % {"day": words}
    return _("%(day)s, in leap years") % {"day": words}


def _ordinal(day: int) -> str:
    """1st, 2nd, 3rd, 4th: English; a translation gives the pattern of its own language."""
    ending = "th" if 11 <= day <= 13 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
    return _("%(day)d%(ending)s") % {"day": day, "ending": ending}


def _cron(expression: str) -> str:
    options = Options()
    options.use_24hour_time_format = True
    options.casing_type = CasingTypeEnum.Sentence
    try:
        words = str(get_description(expression, options))
    except FormatError:
        return _("by cron: %(expression)s") % {"expression": expression}
    return words[:1].lower() + words[1:]


def _day(day: date) -> str:
    return date_format(day, "D j F Y")


def _listed(words: list[str]) -> str:
    if len(words) < 2:
        return "".join(words)
    return _("%(first)s and %(last)s") % {"first": ", ".join(words[:-1]), "last": words[-1]}
