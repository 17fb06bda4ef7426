"""Cron as days and times: which days a cron expression means does not depend on its minutes and hours."""

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from cronsim import CronSim, CronSimError
from django.utils.translation import gettext as _

from .model import ScheduleError
from .repeats import WORKING_WEEK
from .rule import DAY, FAR, HORIZON, MAX_LENGTH, Rule


@lru_cache(maxsize=1024)
def cron_times(expression: str) -> tuple[time, ...]:
    """The times of day, sorted. Raises ScheduleError for what is no cron expression."""
    if len(expression) > MAX_LENGTH:
        raise ScheduleError(_("Use 500 characters at most."))
    if len(expression.split()) != 5:
        raise ScheduleError(_("A cron expression has five fields: minute, hour, day, month, weekday."))
    try:
        fields = CronSim(expression, datetime(2026, 1, 1))
    except CronSimError as error:
        raise ScheduleError(_why_not(str(error), expression.split()[2])) from error
    return tuple(time(hour, minute) for hour in sorted(fields.hours) for minute in sorted(fields.minutes))


def _why_not(why: str, days: str) -> str:
    """cronsim names the field ("Bad hour"), and so it does for a day that no named month has."""
    if why == "Bad day-of-month" and all(1 <= int(number) <= 31 for number in re.findall(r"\d+", days) or [0]):
        return _("This never comes due: no such date exists.")
    fields = {
        "minute": (_("minute"), "0-59"),
        "hour": (_("hour"), "0-23"),
        "day-of-month": (_("day of the month"), "1-31, L"),
        "month": (_("month"), "1-12, JAN-DEC"),
    }
    field, allowed = fields.get(why.removeprefix("Bad "), (_("day of the week"), "0-7, SUN-SAT"))
    words = _("This cron expression cannot be read: %(field)s must be from %(allowed)s.")
    return words % {"field": field, "allowed": allowed}


def cron_rules(expression: str) -> list[Rule]:
    """The same days as RRULEs, of which any may fit; none where RRULEs cannot say it. Raises ScheduleError."""
    cron_times(expression)
    fields = CronSim(expression, datetime(2026, 1, 1))
    months = tuple(sorted(fields.months)) if len(fields.months) < 12 else ()
    month_days = tuple(sorted(-1 if day == CronSim.LAST else day for day in fields.days - {CronSim.LAST_WEEKDAY}))
    weekdays = _weekdays(fields)
    all_days, all_weekdays = set(month_days) >= set(range(1, 32)), {(0, day) for day in range(7)} <= set(weekdays)
    of_month = [Rule("MONTHLY", month_days=month_days, months=months)] if month_days else []
    if CronSim.LAST_WEEKDAY in fields.days:
        of_month.append(Rule("MONTHLY", weekdays=WORKING_WEEK, positions=(-1,), months=months))
    of_week = [Rule("MONTHLY", weekdays=weekdays, months=months)]
    if ((all_days or all_weekdays) and not fields.day_and) or (all_days and all_weekdays):
        return [Rule("DAILY", months=months)]
    if not fields.day_and:
        return of_month + of_week
    if all_days or all_weekdays:
        return of_week if all_days else of_month
    both = Rule("MONTHLY", weekdays=weekdays, month_days=month_days, months=months)
    return [] if CronSim.LAST_WEEKDAY in fields.days else [both]


def _weekdays(fields: CronSim) -> tuple[tuple[int, int], ...]:
    """As `Rule.weekdays`: cron's 0 and 7 are Sunday, ours is 6."""
    pairs = [(0, each) if isinstance(each, int) else (each[1], each[0]) for each in fields.weekdays]
    found = {(-1 if n == CronSim.LAST else n, (day + 6) % 7) for n, day in pairs}
    return tuple(sorted(found, key=lambda each: (each[1], each[0])))


def cron_dates(expression: str, lower: date) -> Iterator[date]:
    """The dates from `lower` on, until there is none for HORIZON. Raises ScheduleError.

    cronsim says which days match; it walks minute by minute, and this day by day.
    """
    cron_times(expression)
    fields = CronSim(" ".join(["0 0", *expression.split()[2:]]), datetime(2026, 1, 1))
    day = found = lower
    while day <= FAR and day - found <= HORIZON:
        if day.month not in fields.months:
            day = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
            continue
        if fields.match_day(day):
            found = day
            yield day
        day += DAY
