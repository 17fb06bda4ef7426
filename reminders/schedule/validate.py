"""What is refused, with a sentence for the person who wrote it."""

from datetime import datetime, time, timedelta
from itertools import islice, pairwise

from cronsim import CronSim, CronSimError
from django.utils.translation import gettext as _

from .model import Schedule, ScheduleError
from .occur import next_after
from .repeats import MAX_LENGTH, parse
from .resolve import resolve

CLOSEST = timedelta(minutes=5)


def check(schedule: Schedule) -> None:
    """Raise ScheduleError for a schedule that is malformed, never fires, or fires more often than every 5 minutes."""
    if len(schedule.rule) > MAX_LENGTH or len(schedule.cron) > MAX_LENGTH:
        raise ScheduleError(_("Use 500 characters at most."))
    if schedule.cron:
        _check_cron(schedule.cron)
    elif schedule.rule:
        parse(schedule.rule)
    if not schedule.cron and not schedule.times:
        raise ScheduleError(_("Say at what time."))
    if _closest(schedule) < CLOSEST:
        raise ScheduleError(_("Times must be at least 5 minutes apart."))
    if schedule.until and schedule.until < schedule.start:
        raise ScheduleError(_("The end lies before the start."))
    before = resolve(datetime.combine(schedule.start, time()), schedule.tzinfo) - timedelta(days=1)
    if next_after(schedule, before) is None:
        raise ScheduleError(_("This never comes due: no such date exists."))


def _check_cron(expression: str) -> None:
    if len(expression.split()) != 5:
        raise ScheduleError(_("A cron expression has five fields: minute, hour, day, month, weekday."))
    try:
        CronSim(expression, datetime(2026, 1, 1))
    except CronSimError as error:
        raise ScheduleError(_("This cron expression cannot be read: %(why)s.") % {"why": error}) from error


def _closest(schedule: Schedule) -> timedelta:
    """The shortest distance between two times of one day, or of the first days that cron yields."""
    if schedule.cron:
        try:
            found = list(islice(CronSim(schedule.cron, datetime(2026, 1, 1)), 100))
        except CronSimError:
            found = []
    else:
        found = [datetime.combine(schedule.start, at) for at in sorted(schedule.times)]
    return min((later - earlier for earlier, later in pairwise(found)), default=timedelta.max)
