"""Finding slots. Every answer is computed from the schedule itself, never from an earlier answer, so nothing drifts.

Slots are enumerated in local time. Where no clock change is near, local order is time order and the first slot is the
answer. Around a change it is not (02:30 that becomes 03:30 comes after 03:10), so a day and a bit is looked at on both
sides; the widest jump known is Samoa's skipped day, 24 hours.
"""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from itertools import islice

from cronsim import CronSim, CronSimError

from .model import Schedule, Slot
from .repeats import dates
from .resolve import local_of, resolve

JUMP = timedelta(hours=25)
# dateutil and cronsim would search for decades; nothing a team means is further apart than leap days around 2100.
HORIZON = timedelta(days=366 * 9)


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
    begin = resolve(datetime.combine(schedule.start, time()), schedule.tzinfo) - JUMP
    width = timedelta(days=1)
    while True:
        since = max(begin, before - width)
        found = [slot for slot in between(schedule, since, before, limit=100_000) if slot.at < before]
        if found or since == begin:
            return found[-1] if found else None
        width *= 8


def yields(schedule: Schedule, local: datetime) -> bool:
    """Whether this local date-time is one of the schedule's slots."""
    return next(_locals_from(schedule, local), None) == local


def _slots_after(schedule: Schedule, after: datetime) -> Iterator[Slot]:
    """Slots later than `after` in time order, one for each instant."""
    zone = schedule.tzinfo
    here = local_of(after, zone)
    pending: list[Slot] = []
    last = after
    for local in _locals_from(schedule, here - JUMP if _changes_near(after, schedule) else here):
        slot = Slot(local, resolve(local, zone))
        if pending and slot.local - pending[0].local > JUMP:
            pending, ready = [], pending
            for each in _ordered(ready, last):
                yield each
                last = each.at
        if slot.at <= last:
            continue
        if _changes_near(slot.at, schedule):
            pending.append(slot)
            continue
        for each in _ordered(pending, last):
            yield each
            last = each.at
        pending = []
        if slot.at > last:
            yield slot
            last = slot.at
    yield from _ordered(pending, last)


def _ordered(slots: list[Slot], last: datetime) -> Iterator[Slot]:
    """Slots around a clock change in time order; of two at one instant the earlier local time counts."""
    for slot in sorted(slots, key=lambda slot: (slot.at, slot.local)):
        if slot.at > last:
            yield slot
            last = slot.at


def _changes_near(instant: datetime, schedule: Schedule) -> bool:
    zone = schedule.tzinfo
    return (instant - JUMP).astimezone(zone).utcoffset() != (instant + JUMP).astimezone(zone).utcoffset()


def _locals_from(schedule: Schedule, lower: datetime) -> Iterator[datetime]:
    """The schedule's local date-times from `lower` on, in local order."""
    lower = max(lower, datetime.combine(schedule.start, time()))
    for local in _cron_locals(schedule.cron, lower) if schedule.cron else _day_locals(schedule, lower):
        if schedule.until and local.date() > schedule.until:
            return
        yield local


def _day_locals(schedule: Schedule, lower: datetime) -> Iterator[datetime]:
    days = dates(schedule, lower.date(), (lower + HORIZON).date()) if schedule.rule else iter([schedule.start])
    for day in days:
        for at in schedule.times:
            local = datetime.combine(day, at)
            if local >= lower:
                yield local


def _cron_locals(expression: str, lower: datetime) -> Iterator[datetime]:
    """What cron yields on naive time, from `lower` on (cronsim itself starts after a whole minute)."""
    try:
        minute_before = lower - timedelta(microseconds=1)
        for local in CronSim(expression, minute_before.replace(second=0, microsecond=0)):
            if local >= lower:
                yield local
    except CronSimError:
        return
