"""A series cut in two: what came before a slot, and what follows from it on."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, time, timedelta
from itertools import takewhile

from .model import Schedule
from .occur import bounded, locals_from
from .rule import WEEKDAYS, parse


def cut(schedule: Schedule, local: datetime) -> Schedule | None:
    """The part before a local date-time, which ends with its last slot; None where there is nothing before."""
    last = _last_before(schedule, local)
    if last is None:
        return None
    skipped = frozenset(slot for slot in schedule.skipped if slot <= last)
    moved = tuple((slot, to) for slot, to in schedule.moved if slot <= last)
    return replace(schedule, until=last.date(), last=last, count=None, skipped=skipped, moved=moved)


def following(schedule: Schedule, slot: datetime) -> Schedule:
    """The part from a slot on, as a schedule of its own with the same slots. A count becomes what is left of it."""
    earlier_that_day = frozenset(_locals_until(schedule, datetime.combine(slot, time()), slot))
    count = schedule.count and schedule.count - len(list(_locals_until(schedule, _begin(schedule), slot)))
    part = replace(
        schedule,
        start=slot.date(),
        rule=_explicit(schedule),
        count=count and count + len(earlier_that_day),
        last=schedule.last,
        skipped=frozenset(each for each in schedule.skipped if each >= slot) | earlier_that_day,
        moved=tuple((each, to) for each, to in schedule.moved if each >= slot),
    )
    return bounded(part) if count else part


def _last_before(schedule: Schedule, local: datetime) -> datetime | None:
    """Looked for in ever wider windows back to the start."""
    width = timedelta(days=1)
    while True:
        begin = max(_begin(schedule), local - width)
        found = list(_locals_until(schedule, begin, local))
        if found or begin == _begin(schedule):
            return found[-1] if found else None
        width *= 8


def _locals_until(schedule: Schedule, begin: datetime, end: datetime) -> Iterator[datetime]:
    return takewhile(lambda local: local < end, locals_from(schedule, begin))


def _begin(schedule: Schedule) -> datetime:
    return datetime.combine(schedule.start, time())


def _explicit(schedule: Schedule) -> str:
    """The rule with what the start implies written out, so that another start keeps its days."""
    if not schedule.rule:
        return ""
    rule = parse(schedule.rule)
    whole = rule.anchored(schedule.start)
    said = [schedule.rule.rstrip(";")]
    if whole.weekdays != rule.weekdays:
        said.append("BYDAY=" + ",".join(WEEKDAYS[day] for _n, day in whole.weekdays))
    if whole.months != rule.months:
        said.append("BYMONTH=" + ",".join(map(str, whole.months)))
    if whole.month_days != rule.month_days:
        said.append("BYMONTHDAY=" + ",".join(map(str, whole.month_days)))
    return ";".join(said)
