"""What a schedule is."""

from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import Enum
from typing import NamedTuple
from zoneinfo import ZoneInfo

from .working import WorkCalendar


class ScheduleError(ValueError):
    """A schedule that cannot be meant; the text is for the person who wrote it."""


class MonthEnd(str, Enum):
    """What "the 31st" means in a shorter month."""

    LAST = "last"
    SKIP = "skip"


class DayOff(str, Enum):
    """What becomes of a due date that is not a working day."""

    STAY = "stay"
    NEXT = "next"
    PREVIOUS = "previous"
    SKIP = "skip"


class Slot(NamedTuple):
    """One local date-time that a schedule yields, and the UTC instant at which it comes due.

    The two differ by more than the zone where the slot was moved by hand or off a day that is not worked.
    """

    local: datetime  # naive: RFC 5545's RECURRENCE-ID
    at: datetime  # aware, UTC


@dataclass(frozen=True)
class Schedule:
    """Once (neither rule nor cron), days by an RRULE at a list of times, or cron; all in one zone.

    `start` and `until` are local dates, both included. `times` are local and sorted; cron has its own times and leaves
    them empty. `rule` is the text after "RRULE:" (RFC 5545, 3.3.10), for days only: its end is in `until`, `count` and
    `last`. `skipped` and `moved` are exceptions by slot: RFC 5545's EXDATE, and RECURRENCE-ID with another time.
    """

    zone: str
    start: date
    times: tuple[time, ...] = ()
    rule: str = ""
    cron: str = ""
    until: date | None = None
    count: int | None = None  # as written; `bounded` turns it into `last`
    last: datetime | None = None  # the last local date-time
    month_end: MonthEnd = MonthEnd.LAST
    day_off: DayOff = DayOff.STAY
    calendar: WorkCalendar = field(default_factory=WorkCalendar)
    skipped: frozenset[datetime] = frozenset()
    moved: tuple[tuple[datetime, datetime], ...] = ()  # (slot, the local date-time instead)

    @property
    def repeats(self) -> bool:
        return bool(self.rule or self.cron)

    @property
    def tzinfo(self) -> ZoneInfo:
        return ZoneInfo(self.zone)
