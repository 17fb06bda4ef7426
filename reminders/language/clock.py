"""The times of day that were said."""

from datetime import datetime, time, timedelta

from django.utils.translation import gettext as _

from reminders.schedule.imports import MAX_TIMES

from .facts import DayPart, Step, Times, Window
from .said import Refused, Said

MINUTE = timedelta(minutes=1)
DAY_MINUTES = 24 * 60


def times_of(said: Said, default: time) -> tuple[time, ...]:
    """The times said, or the usual one of a part of the day, or the default. Raises Refused."""
    step, times, part = said.one(Step), said.one(Times), said.one(DayPart)
    if step and times:
        raise Refused(_("Say either times or how often within the day."), Times)
    if step:
        return _stepped(step, said.one(Window))
    if not times:
        return (part.usual or default if part else default,)
    late = part.late_hours if part else frozenset()
    return tuple(sorted({_later(each) if _is_late(each, times, late) else each for each in times.times}))


def minute_of(instant: datetime) -> datetime:
    """The instant, or the next whole minute after it."""
    whole = instant.replace(second=0, microsecond=0)
    return whole if whole == instant else whole + MINUTE


def _is_late(each: time, times: Times, late_hours: frozenset[int]) -> bool:
    return each in times.open_ended and each.hour in late_hours


def _later(each: time) -> time:
    return each.replace(hour=each.hour + 12)


def _stepped(step: Step, window: Window | None) -> tuple[time, ...]:
    """From the first time of the window on, up to its last where that is reached; without one, all day."""
    if not step.minutes or (not window and DAY_MINUTES % step.minutes):
        raise Refused(_("Say between which times of the day."), Step)
    first, last = (window.first, window.last) if window else (time(0), time(23, 59))
    minutes = range(first.hour * 60 + first.minute, last.hour * 60 + last.minute + 1, step.minutes)
    if len(minutes) > MAX_TIMES:
        raise Refused(_("More than %(most)d times a day cannot be used here.") % {"most": MAX_TIMES}, Step)
    return tuple(time(minute // 60, minute % 60) for minute in minutes)
