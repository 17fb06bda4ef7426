"""A schedule in words. Every part of it is said, also where no idiom fits; single exceptions are not."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from teamreminders.dates import dated

from .cron import cron_rules, cron_times
from .day_words import days_in_words, listed
from .model import DayOff, MonthEnd, Schedule, ScheduleError
from .rule import Rule, parse

# More times than these are said as a row where they are one, and twice as many by their minutes.
FEW = 4
HOUR = timedelta(hours=1)


def describe(schedule: Schedule) -> str:
    """One phrase without the zone and without a full stop, such as "every Friday at 16:00, until Mon 1 March 2027"."""
    if schedule.cron:
        words = _cron(schedule.cron)
    elif schedule.rule:
        rule = parse(schedule.rule).anchored(schedule.start)
        words = _timed(_days(rule, schedule.month_end, get_language()), schedule.times)
    else:
        words = _timed(_("once, on %(day)s") % {"day": _day(schedule.start)}, schedule.times)
    return ", ".join([words, *_limits(schedule)])


def clock_face(at: time | datetime) -> str:
    """ "16:00", with seconds only where they are not 0."""
    return at.strftime("%H:%M:%S" if at.second else "%H:%M")


def _cron(expression: str) -> str:
    try:
        times, rules = cron_times(expression), cron_rules(expression)
    except ScheduleError:
        rules = []
    if not rules:
        return _("by cron: %(expression)s") % {"expression": expression}
    return _timed(listed([_days(rule, MonthEnd.SKIP, get_language()) for rule in rules]), times)


@lru_cache(maxsize=2048)
def _days(rule: Rule, month_end: MonthEnd, language: str | None) -> str:
    """In the present language. Kept, since a list says the same few rules again and again."""
    return days_in_words(rule, month_end)


def _timed(days: str, times: Sequence[time]) -> str:
    since_midnight = [timedelta(hours=at.hour, minutes=at.minute, seconds=at.second) for at in times]
    steps = {later - earlier for earlier, later in pairwise(since_midnight)}
    if len(times) > FEW and len(steps) == 1 and not max(steps).seconds % 60:
        parts = {"days": days, "step": _every(max(steps)), "first": clock_face(times[0]), "last": clock_face(times[-1])}
        return _("%(days)s, %(step)s from %(first)s to %(last)s") % parts
    hours, minutes = sorted({at.hour for at in times}), sorted({at.minute for at in times})
    if len(times) > FEW * 2 and len(times) == len(hours) * len(minutes) and not any(at.second for at in times):
        past = _every(HOUR) if len(hours) == 24 else listed([str(hour) for hour in hours])
        parts = {"days": days, "minutes": listed([str(minute) for minute in minutes]), "hours": past}
        return _("%(days)s at %(minutes)s minutes past %(hours)s") % parts
    return _("%(days)s at %(at)s") % {"days": days, "at": listed([clock_face(at) for at in times])}


def _every(step: timedelta) -> str:
    if step % HOUR:
        return _("every %(n)d minutes") % {"n": step.seconds // 60}
    n = step // HOUR
    return ngettext("every hour", "every %(n)d hours", n) % {"n": n}


def _limits(schedule: Schedule) -> list[str]:
    """What is said after a comma: days off, and the end."""
    said = [] if schedule.day_off == DayOff.STAY else [_on_days_off(schedule)]
    if schedule.count:
        said.append(ngettext("only once", "%(n)d times", schedule.count) % {"n": schedule.count})
    elif schedule.last and schedule.repeats and schedule.until:
        said.append(_("until %(day)s at %(at)s") % {"day": _day(schedule.last.date()), "at": clock_face(schedule.last)})
    elif schedule.until and schedule.repeats:
        said.append(_("until %(day)s") % {"day": _day(schedule.until)})
    return said


def _on_days_off(schedule: Schedule) -> str:
    """What becomes of them; where every weekday is worked, only holidays are days off."""
    holidays_only = schedule.calendar.is_for_holidays_only
    if schedule.day_off == DayOff.NEXT and holidays_only:
        return _("on the next working day where that is a holiday")
    if schedule.day_off == DayOff.NEXT:
        return _("on the next working day where that is a day off")
    if schedule.day_off == DayOff.PREVIOUS and holidays_only:
        return _("on the working day before where that is a holiday")
    if schedule.day_off == DayOff.PREVIOUS:
        return _("on the working day before where that is a day off")
    return _("except on holidays") if holidays_only else _("except on days off")


def _day(day: date) -> str:
    return dated(day, "D j F Y")
