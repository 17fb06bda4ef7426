"""What a schedule is."""

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import Enum
from typing import NamedTuple
from zoneinfo import ZoneInfo


class ScheduleError(ValueError):
    """A schedule that cannot be meant; the text is for the person who wrote it."""


class MonthEnd(str, Enum):
    """What "the 31st" means in a shorter month."""

    LAST = "last"
    SKIP = "skip"


class Slot(NamedTuple):
    """One local date-time that a schedule yields, and the UTC instant it stands for."""

    local: datetime  # naive: RFC 5545's RECURRENCE-ID
    at: datetime  # aware, UTC


@dataclass(frozen=True)
class Schedule:
    """Once (neither rule nor cron), days by an RRULE at a list of times, or cron; all in one zone.

    `start` and `until` are local dates, both included. `times` are local and sorted; cron has its own times and leaves
    them empty. `rule` is the text after "RRULE:" (RFC 5545, 3.3.10), for days only.
    """

    zone: str
    start: date
    times: tuple[time, ...] = ()
    rule: str = ""
    cron: str = ""
    until: date | None = None
    month_end: MonthEnd = MonthEnd.LAST

    @property
    def repeats(self) -> bool:
        return bool(self.rule or self.cron)

    @property
    def tzinfo(self) -> ZoneInfo:
        return ZoneInfo(self.zone)
