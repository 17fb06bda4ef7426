"""Cron as days and times: which days a cron expression means does not depend on its minutes and hours."""

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from cronsim import CronSim, CronSimError
from django.utils.translation import gettext as _

from .model import ScheduleError
from .rule import DAY, FAR, HORIZON, MAX_LENGTH


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
    field = why.removeprefix("Bad ")
    ranges = {"minute": "0-59", "hour": "0-23", "day-of-month": "1-31, L", "month": "1-12, JAN-DEC"}
    return _("This cron expression cannot be read: %(field)s must be from %(allowed)s.") % {
        "field": field,
        "allowed": ranges.get(field, "0-7, SUN-SAT"),
    }


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
