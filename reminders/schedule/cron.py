"""Cron as days and times: which days a cron expression means does not depend on its minutes and hours."""

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
        raise ScheduleError(_("This cron expression cannot be read: %(why)s.") % {"why": error}) from error
    return tuple(time(hour, minute) for hour in sorted(fields.hours) for minute in sorted(fields.minutes))


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
