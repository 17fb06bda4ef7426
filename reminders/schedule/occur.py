"""Finding slots. Every answer is computed from the schedule itself, never from an earlier answer, so nothing drifts.

Slots are enumerated in local time, which is not always the order of their instants: around a clock change 02:30
becomes 03:30 and comes after 03:10, a day off sends a slot days ahead or back, and a person may move one anywhere. So
slots wait until nothing that is still to come can be earlier.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import cache, partial
from heapq import heappop, heappush
from itertools import islice, takewhile

from .cron import cron_dates, cron_times
from .model import DayOff, MonthEnd, Schedule, Slot
from .resolve import local_of, resolve
from .rule import FAR, HORIZON, dates, parse
from .working import LONGEST_CLOSURE

# The widest jump of clocks known is Samoa's skipped day, 24 hours.
JUMP = timedelta(hours=25)
MAX_COUNT = 1000
# Days off in a row: more than eight years of each day.
MOST_IN_VAIN = 3000
NO_TIME = timedelta()


def next_after(schedule: Schedule, after: datetime) -> Slot | None:
    """The first slot whose instant is later than `after` (aware); None when there is none."""
    return next(slots_after(schedule, after), None)


def slots_after(schedule: Schedule, after: datetime) -> Iterator[Slot]:
    """The slots later than `after` (aware) in time order, one for each instant: that with the earliest local time."""
    waiting: list[tuple[datetime, datetime]] = []
    working_day = cache(partial(_working_day, schedule))
    for slot in _moved_by_hand(schedule).values():
        if slot.at > after and _has(schedule, slot.local):
            heappush(waiting, (slot.at, slot.local))
    last = after
    lower = local_of(after, schedule.tzinfo) - _forth(schedule) - _jump(schedule, after)
    days = _worked(_days(schedule, lower.date()), working_day)
    for local in _locals_of(schedule, days, lower):
        placed = _placed(schedule, local, working_day(local.date()))
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


def between(schedule: Schedule, start: datetime, end: datetime, limit: int = 1000) -> list[Slot]:
    """The slots with start < at <= end, in time order, `limit` of them at most."""
    found: list[Slot] = []
    for slot in islice(slots_after(schedule, start), limit):
        if slot.at > end:
            break
        found.append(slot)
    return found


def previous(schedule: Schedule, before: datetime) -> Slot | None:
    """The last slot whose instant is earlier than `before`; looked for in ever wider windows back to the start."""
    begin, end = _span(schedule)
    before, width = min(before, end), timedelta(days=1)
    while True:
        since = begin if before - begin <= width else before - width
        found = [slot for slot in between(schedule, since, before, limit=100_000) if slot.at < before]
        if found or since == begin:
            return found[-1] if found else None
        width *= 8


def place(schedule: Schedule, local: datetime) -> Slot | None:
    """The slot of this local date-time; None where the schedule does not yield it, or it is skipped."""
    if not _has(schedule, local):
        return None
    return _moved_by_hand(schedule).get(local) or _placed(schedule, local, _working_day(schedule, local.date()))


def yields(schedule: Schedule, local: datetime) -> bool:
    """Whether this local date-time is one of the schedule's slots."""
    return place(schedule, local) is not None


def locals_from(schedule: Schedule, lower: datetime) -> Iterator[datetime]:
    """The schedule's local date-times from `lower` on, in local order, whatever becomes of each."""
    return _locals_of(schedule, _days(schedule, lower.date()), lower)


def bounded(schedule: Schedule) -> Schedule:
    """With `last` as `count` has it: of `count` slots from the start, also those that are skipped or moved."""
    if not schedule.count:
        return schedule
    endless = replace(schedule, last=None)
    slots = list(islice(locals_from(endless, datetime.combine(schedule.start, time())), min(schedule.count, MAX_COUNT)))
    return replace(schedule, last=slots[-1] if slots else None)


def times_of_day(schedule: Schedule) -> tuple[time, ...]:
    """Sorted. Raises ScheduleError for what is no cron expression."""
    return cron_times(schedule.cron) if schedule.cron else schedule.times


def _nothing_earlier_follows(schedule: Schedule, at: datetime, local: datetime) -> bool:
    """Whether slots after this local time all come due later than `at`."""
    return local >= local_of(at, schedule.tzinfo) + _back(schedule) + _jump(schedule, at)


def _back(schedule: Schedule) -> timedelta:
    """How far before its own local time a slot may come due."""
    return LONGEST_CLOSURE if schedule.day_off == DayOff.PREVIOUS else NO_TIME


def _forth(schedule: Schedule) -> timedelta:
    """How far after its own local time a slot may come due."""
    return LONGEST_CLOSURE if schedule.day_off == DayOff.NEXT else NO_TIME


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


def _placed(schedule: Schedule, local: datetime, day: date | None) -> Slot | None:
    """Where the schedule itself puts this slot, given its working day; None where it is skipped, or moved by hand."""
    if local in schedule.skipped or any(local == slot for slot, _instead in schedule.moved):
        return None
    return Slot(local, resolve(datetime.combine(day, local.time()), schedule.tzinfo)) if day else None


def _working_day(schedule: Schedule, day: date) -> date | None:
    if schedule.day_off == DayOff.STAY or schedule.calendar.works(day):
        return day
    if schedule.day_off == DayOff.SKIP:
        return None
    return schedule.calendar.next_working(day, 1 if schedule.day_off == DayOff.NEXT else -1) or day


def _has(schedule: Schedule, local: datetime) -> bool:
    """Whether this is one of the schedule's local date-times, whatever becomes of it."""
    return next(locals_from(schedule, local), None) == local


def _locals_of(schedule: Schedule, days: Iterator[date], lower: datetime) -> Iterator[datetime]:
    times = times_of_day(schedule)
    for day in days:
        for at in times:
            local = datetime.combine(day, at)
            if schedule.last and local > schedule.last:
                return
            if local >= lower:
                yield local


def _days(schedule: Schedule, lower: date) -> Iterator[date]:
    lower, last = max(lower, schedule.start), _last_day(schedule)
    if schedule.cron:
        return takewhile(lambda day: day <= last, cron_dates(schedule.cron, lower))
    if schedule.rule:
        return dates(parse(schedule.rule), schedule.start, lower, last, clamp=schedule.month_end == MonthEnd.LAST)
    return iter([schedule.start] if lower <= schedule.start <= last else [])


def _worked(days: Iterator[date], working_day: Callable[[date], date | None]) -> Iterator[date]:
    """Without the days off that are skipped; gives up where there is nothing else for longer than any rule pauses."""
    found, in_vain = None, 0
    for day in days:
        found = found or day
        if working_day(day):
            found, in_vain = day, 0
            yield day
        elif day - found > HORIZON or in_vain > MOST_IN_VAIN:
            return
        in_vain += 1


def _last_day(schedule: Schedule) -> date:
    return min(FAR, schedule.until or FAR, schedule.last.date() if schedule.last else FAR)


def _span(schedule: Schedule) -> tuple[datetime, datetime]:
    """Two instants between which all of the schedule lies, moved slots included."""
    zone = schedule.tzinfo
    last = max(schedule.start, _last_day(schedule)) if schedule.repeats else schedule.start
    instants = [
        resolve(datetime.combine(schedule.start, time()), zone) - _back(schedule),
        resolve(datetime.combine(last, time()), zone) + timedelta(days=1) + _forth(schedule),
        *(slot.at for slot in _moved_by_hand(schedule).values()),
    ]
    return min(instants) - JUMP, max(instants) + JUMP
