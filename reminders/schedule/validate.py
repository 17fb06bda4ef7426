"""What is refused, with a sentence for the person who wrote it."""

import re
from datetime import datetime, time, timedelta
from itertools import pairwise

from cronsim import CronSim, CronSimError
from django.utils.translation import gettext as _

from .model import Schedule, ScheduleError
from .occur import MAX_COUNT, next_after
from .resolve import resolve
from .rule import MAX_LENGTH, parse

CLOSEST = timedelta(minutes=5)
DAY = timedelta(days=1)


def check(schedule: Schedule) -> None:
    """Raise ScheduleError for a schedule that is malformed, never fires, or fires more often than every 5 minutes."""
    if schedule.count is not None and not 1 <= schedule.count <= MAX_COUNT:
        raise ScheduleError(_("It can repeat from 1 to %(most)d times.") % {"most": MAX_COUNT})
    if schedule.cron:
        closest = _closest_of_cron(schedule.cron)
    elif not schedule.times:
        raise ScheduleError(_("Say at what time."))
    else:
        every_day = bool(schedule.rule) and parse(schedule.rule).freq in {"DAILY", "WEEKLY"}
        closest = _closest(
            [timedelta(hours=at.hour, minutes=at.minute, seconds=at.second) for at in schedule.times], every_day
        )
    if closest < CLOSEST:
        raise ScheduleError(_("Times must be at least 5 minutes apart."))
    if schedule.until and schedule.until < schedule.start:
        raise ScheduleError(_("The end lies before the start."))
    before = resolve(datetime.combine(schedule.start, time()), schedule.tzinfo) - timedelta(days=40)
    if next_after(schedule, before) is None:
        raise ScheduleError(_("This never comes due: no such date exists."))


def _closest_of_cron(expression: str) -> timedelta:
    """The shortest distance between two minutes that the expression names. Raises ScheduleError."""
    if len(expression) > MAX_LENGTH:
        raise ScheduleError(_("Use 500 characters at most."))
    if len(expression.split()) != 5:
        raise ScheduleError(_("A cron expression has five fields: minute, hour, day, month, weekday."))
    try:
        fields = CronSim(expression, datetime(2026, 1, 1))
    except CronSimError as error:
        raise ScheduleError(_why_not_cron(str(error), expression)) from error
    times = [timedelta(hours=hour, minutes=minute) for hour in fields.hours for minute in fields.minutes]
    return _closest(times, every_day=True)


def _why_not_cron(why: str, expression: str) -> str:
    """cronsim names the field ("Bad hour"); a day that no named month has is one of its reasons."""
    if why == "Bad day-of-month" and re.fullmatch(r"[\d,*/-]*", expression.split()[2]):
        days = [int(number) for number in re.findall(r"\d+", expression.split()[2])]
        if all(1 <= day <= 31 for day in days):
            return _("This never comes due: no such date exists.")
    ranges = {"minute": "0-59", "hour": "0-23", "day-of-month": "1-31, L", "month": "1-12, JAN-DEC"}
    field = why.removeprefix("Bad ")
    allowed = ranges.get(field, "0-7, SUN-SAT")
    return _("This cron expression cannot be read: %(field)s must be from %(allowed)s.") % {
        "field": field,
        "allowed": allowed,
    }


def _closest(times: list[timedelta], every_day: bool) -> timedelta:
    """The shortest distance between two times of a day, or from the last to the first of the next."""
    times = sorted(times)
    if every_day:
        times.append(times[0] + DAY)
    return min((later - earlier for earlier, later in pairwise(times)), default=timedelta.max)
