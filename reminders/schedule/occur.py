"""Finding slots. Every answer is computed from the schedule itself, never from an earlier answer, so nothing drifts.

Slots are enumerated in local time, which is not always the order of their instants: around a clock change 02:30
becomes 03:30 and comes after 03:10, a day off sends a slot days ahead or back, and a person may move one anywhere. So
slots wait until nothing that is still to come can be earlier.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from heapq import heappop, heappush
from itertools import islice

from cronsim import CronSim, CronSimError

from .model import DayOff, Schedule, Slot
from .resolve import local_of, resolve
from .rule import dates, parse
from .working import LONGEST_CLOSURE

# The widest jump of clocks known is Samoa's skipped day, 24 hours.
JUMP = timedelta(hours=25)
# Further apart is never: 29 February on a given weekday comes every 28 years, every 40 around 2100.
HORIZON = timedelta(days=366 * 41)
MAX_COUNT = 1000
NO_TIME = timedelta()


def next_after(schedule: Schedule, after: datetime) -> Slot | None:
    """The first slot whose instant is later than `after` (aware); None when there is none."""
    return next(_slots_after(schedule, after), None)


def between(schedule: Schedule, start: datetime, end: datetime, limit: int = 1000) -> list[Slot]:
    """The slots with start < at <= end, in time order, `limit` of them at most."""
    found: list[Slot] = []
    for slot in islice(_slots_after(schedule, start), limit):
        if slot.at > end:
            break
        found.append(slot)
    return found


def previous(schedule: Schedule, before: datetime) -> Slot | None:
    """The last slot whose instant is earlier than `before`; looked for in ever wider windows back to the start."""
    begin = resolve(datetime.combine(schedule.start, time()), schedule.tzinfo) - JUMP - _back(schedule)
    for _slot, instead in schedule.moved:
        begin = min(begin, resolve(instead, schedule.tzinfo) - JUMP)
    width = timedelta(days=1)
    while True:
        since = max(begin, before - width)
        found = [slot for slot in between(schedule, since, before, limit=100_000) if slot.at < before]
        if found or since == begin:
            return found[-1] if found else None
        width *= 8


def place(schedule: Schedule, local: datetime) -> Slot | None:
    """The slot of this local date-time; None where the schedule does not yield it, or it is skipped."""
    if next(_locals_from(schedule, local), None) != local:
        return None
    return _moved_by_hand(schedule).get(local) or _placed(schedule, local)


def yields(schedule: Schedule, local: datetime) -> bool:
    """Whether this local date-time is one of the schedule's slots."""
    return place(schedule, local) is not None


def bounded(schedule: Schedule) -> Schedule:
    """With `last` as `count` has it: of `count` slots from the start, also those that are skipped or moved."""
    if not schedule.count:
        return schedule
    endless = replace(schedule, last=None)
    slots = list(
        islice(_locals_from(endless, datetime.combine(schedule.start, time())), min(schedule.count, MAX_COUNT))
    )
    return replace(schedule, last=slots[-1] if slots else None)


def _slots_after(schedule: Schedule, after: datetime) -> Iterator[Slot]:
    """Slots later than `after` in time order, one for each instant: the one with the earliest local time."""
    forth = LONGEST_CLOSURE if schedule.day_off == DayOff.NEXT else NO_TIME
    waiting: list[tuple[datetime, datetime]] = []
    for slot in _moved_by_hand(schedule).values():
        if slot.at > after:
            heappush(waiting, (slot.at, slot.local))
    last = after
    lower = local_of(after, schedule.tzinfo) - forth - _jump(schedule, after)
    for local in _locals_from(schedule, lower):
        placed = _placed(schedule, local)
        if placed and placed.at > after:
            heappush(waiting, (placed.at, placed.local))
        while waiting and _nothing_earlier_follows(schedule, waiting[0][0], local):
            at, slot_local = heappop(waiting)
            if at > last:
                yield Slot(slot_local, at)
                last = at
    while waiting:
        at, slot_local = heappop(waiting)
        if at > last:
            yield Slot(slot_local, at)
            last = at


def _nothing_earlier_follows(schedule: Schedule, at: datetime, local: datetime) -> bool:
    """Whether slots after this local time all come due later than `at`."""
    return local >= local_of(at, schedule.tzinfo) + _back(schedule) + _jump(schedule, at)


def _back(schedule: Schedule) -> timedelta:
    """How far before its own local time a slot may come due."""
    return LONGEST_CLOSURE if schedule.day_off == DayOff.PREVIOUS else NO_TIME


def _jump(schedule: Schedule, instant: datetime) -> timedelta:
    """How far local order and time order may differ here."""
    zone = schedule.tzinfo
    return (
        NO_TIME
        if (instant - JUMP).astimezone(zone).utcoffset() == (instant + JUMP).astimezone(zone).utcoffset()
        else JUMP
    )


def _moved_by_hand(schedule: Schedule) -> dict[datetime, Slot]:
    zone = schedule.tzinfo
    return {slot: Slot(slot, resolve(instead, zone)) for slot, instead in schedule.moved}


def _placed(schedule: Schedule, local: datetime) -> Slot | None:
    """Where the schedule itself puts this slot; None where it is skipped, or moved by hand."""
    if local in schedule.skipped or any(local == slot for slot, _instead in schedule.moved):
        return None
    day = _working_day(schedule, local.date())
    return Slot(local, resolve(datetime.combine(day, local.time()), schedule.tzinfo)) if day else None


def _working_day(schedule: Schedule, day: date) -> date | None:
    if schedule.day_off == DayOff.STAY or schedule.calendar.works(day):
        return day
    if schedule.day_off == DayOff.SKIP:
        return None
    return schedule.calendar.next_working(day, 1 if schedule.day_off == DayOff.NEXT else -1) or day


def _locals_from(schedule: Schedule, lower: datetime) -> Iterator[datetime]:
    """The schedule's local date-times from `lower` on, in local order, whatever becomes of each."""
    lower = max(lower, datetime.combine(schedule.start, time()))
    for local in _cron_locals(schedule.cron, lower) if schedule.cron else _day_locals(schedule, lower):
        if (schedule.until and local.date() > schedule.until) or (schedule.last and local > schedule.last):
            return
        yield local


def _day_locals(schedule: Schedule, lower: datetime) -> Iterator[datetime]:
    for day in _days(schedule, lower.date()):
        for at in schedule.times:
            local = datetime.combine(day, at)
            if local >= lower:
                yield local


def _days(schedule: Schedule, lower: date) -> Iterator[date]:
    if not schedule.rule:
        return iter([schedule.start])
    upper = min(schedule.until or date.max, schedule.last.date() if schedule.last else date.max, _plus_horizon(lower))
    return dates(parse(schedule.rule), schedule.start, lower, upper, clamp=schedule.month_end.value == "last")


def _plus_horizon(day: date) -> date:
    return day + min(HORIZON, date.max - day)


def _cron_locals(expression: str, lower: datetime) -> Iterator[datetime]:
    """What cron yields on naive time, from `lower` on (cronsim itself starts after a whole minute)."""
    try:
        minute_before = lower - timedelta(microseconds=1)
        for local in CronSim(expression, minute_before.replace(second=0, microsecond=0)):
            if local >= lower:
                yield local
    except CronSimError:
        return
