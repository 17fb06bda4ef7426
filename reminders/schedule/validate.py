"""What is refused, with a sentence for the person who wrote it."""

from datetime import date, datetime, time, timedelta
from itertools import pairwise

from django.utils.translation import gettext as _

from .model import Schedule, ScheduleError
from .occur import MAX_COUNT, next_after, times_of_day
from .resolve import resolve
from .rule import DAY, FAR, parse

CLOSEST = timedelta(minutes=5)
EARLIEST = date(1900, 1, 1)  # arithmetic needs room on both sides of what Python can count


def can_be_meant(day: date) -> bool:
    """Whether a person may write it: not in years that nobody means and that calendar arithmetic may not reach."""
    return 2000 <= day.year < 2100


def check(schedule: Schedule) -> None:
    """Raise ScheduleError for a schedule that is malformed, never fires, or fires more often than every 5 minutes."""
    days = [schedule.start, *(instead.date() for _slot, instead in schedule.moved)]
    if not all(EARLIEST <= day <= FAR for day in days):
        years = {"first": EARLIEST.year, "last": FAR.year}
        raise ScheduleError(_("Dates from the year %(first)d to %(last)d can be used.") % years)
    if schedule.count is not None and not 1 <= schedule.count <= MAX_COUNT:
        raise ScheduleError(_("It can repeat from 1 to %(most)d times.") % {"most": MAX_COUNT})
    times = times_of_day(schedule)
    if not times:
        raise ScheduleError(_("Say at what time."))
    if _closest(times, schedule.repeats) < CLOSEST:
        raise ScheduleError(_("Times must be at least 5 minutes apart."))
    if schedule.rule:
        parse(schedule.rule)
    if schedule.until and schedule.until < schedule.start:
        raise ScheduleError(_("The end lies before the start."))
    before = resolve(datetime.combine(schedule.start, time()), schedule.tzinfo) - timedelta(days=40)
    if next_after(schedule, before) is None:
        raise ScheduleError(_("This never comes due: no such date exists."))


def _closest(times: tuple[time, ...], repeats: bool) -> timedelta:
    """The shortest distance between two times of a day, or from the last to the first of the next."""
    begun = sorted(timedelta(hours=at.hour, minutes=at.minute, seconds=at.second) for at in times)
    if repeats:
        begun.append(begun[0] + DAY)
    return min((later - earlier for earlier, later in pairwise(begun)), default=timedelta.max)
