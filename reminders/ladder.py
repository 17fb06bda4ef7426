"""The ladder: the steps of one occurrence and when each is due. Pure data."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reminders.schedule import DayOff, Schedule, ScheduleError, slots_after, times_of_day
from reminders.schedule.day_words import listed
from reminders.schedule.resolve import local_of, resolve

DUE = "due"
ADVANCE = "advance-"  # and how long before: "advance-1d"
TEST = "test-"  # and its number: a message that somebody has asked for to see it; no step of the ladder
HOUR, DAY, WEEK = 60, 24 * 60, 7 * 24 * 60  # minutes
UNITS = {"d": DAY, "h": HOUR, "m": 1}
MOST_LEAD_TIMES = 5
SHORTEST_LEAD, LONGEST_LEAD = 5, 90 * DAY
# A notice needs every date within it booked; no more than these are.
AHEAD_AT_MOST = 100
# Dates that are looked at to see how dense they may get: more than a year of most schedules.
DATES_LOOKED_AT = 2000


class Rung(NamedTuple):
    at: datetime
    step: str


def ladder(due_at: datetime, zone: ZoneInfo, lead_times: Sequence[int] = ()) -> list[Rung]:
    """The rungs of an occurrence in time order, the last of them `due`; `lead_times` in minutes.

    Whole days are days of the calendar, so that a notice comes at the same hour of the clock; anything else is exact
    time (RFC 5545, 3.3.6).
    """
    rungs = {Rung(_before(due_at, minutes, zone), _step(minutes)) for minutes in lead_times}
    return [*sorted(rung for rung in rungs if rung.at < due_at), Rung(due_at, DUE)]


def check_lead_times(lead_times: Sequence[int], schedule: Schedule, now: datetime) -> None:
    """Raise ScheduleError where the notices are too many, too short, too long, or too long for how often it comes."""
    if len(lead_times) > MOST_LEAD_TIMES:
        words = ngettext("Choose %(n)d notice at most.", "Choose %(n)d notices at most.", MOST_LEAD_TIMES)
        raise ScheduleError(words % {"n": MOST_LEAD_TIMES})
    if any(not SHORTEST_LEAD <= minutes <= LONGEST_LEAD for minutes in lead_times):
        raise ScheduleError(_("A notice can come from 5 minutes to 90 days before."))
    if lead_times and schedule.repeats and not _surely_few(schedule, max(lead_times)):
        longest = timedelta(minutes=max(lead_times))
        dates = [slot.at for slot in islice(slots_after(schedule, now), DATES_LOOKED_AT)]
        if any(later - earlier <= longest for earlier, later in zip(dates, dates[AHEAD_AT_MOST:], strict=False)):
            words = _("More than %(most)d dates lie within the longest notice. Choose a shorter one.")
            raise ScheduleError(words % {"most": AHEAD_AT_MOST})


def _surely_few(schedule: Schedule, minutes: int) -> bool:
    """Whether no stretch of so many minutes can have too many dates, as their times of day tell without looking."""
    spread = schedule.day_off in {DayOff.STAY, DayOff.SKIP}  # nothing gathers before or after days off
    days = minutes // DAY + 3  # begun on both sides, and one for the clocks
    return spread and days * len(times_of_day(schedule)) + len(schedule.moved) < AHEAD_AT_MOST


def first_ahead(rungs: Sequence[Rung], now: datetime) -> Rung:
    """The first rung that lies ahead of `now`; `due` where none does, since only notices lose their sense."""
    return next((rung for rung in rungs if rung.at > now), rungs[-1])


def lead_time(step: str) -> int | None:
    """The minutes of a step such as "advance-1d"; None for another step."""
    match = re.fullmatch(rf"{ADVANCE}(\d+)([dhm])", step)
    return int(match[1]) * UNITS[match[2]] if match else None


def lead_in_words(minutes: int) -> str:
    """In the largest unit that fits: "1 week", "1 day", "90 minutes"."""
    if not minutes % WEEK:
        return ngettext("%(n)d week", "%(n)d weeks", minutes // WEEK) % {"n": minutes // WEEK}
    unit, n = _largest_unit(minutes)
    if unit == "d":
        return ngettext("%(n)d day", "%(n)d days", n) % {"n": n}
    if unit == "h":
        return ngettext("%(n)d hour", "%(n)d hours", n) % {"n": n}
    return ngettext("%(n)d minute", "%(n)d minutes", n) % {"n": n}


def in_advance(lead_times: Sequence[int]) -> str:
    """ "1 day and 1 hour before"; empty where there are none."""
    words = listed([lead_in_words(minutes) for minutes in lead_times])
    return _("%(times)s before") % {"times": words} if words else ""


def _step(minutes: int) -> str:
    unit, n = _largest_unit(minutes)
    return f"{ADVANCE}{n}{unit}"


def _largest_unit(minutes: int) -> tuple[str, int]:
    return next((unit, minutes // length) for unit, length in UNITS.items() if minutes % length == 0)


def _before(due_at: datetime, minutes: int, zone: ZoneInfo) -> datetime:
    if minutes % DAY:
        return due_at - timedelta(minutes=minutes)
    return resolve(local_of(due_at, zone) - timedelta(minutes=minutes), zone)
