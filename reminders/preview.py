"""What a schedule will do, before it is saved: the sentence, the next times, and what is odd about them."""

from dataclasses import dataclass
from datetime import datetime, timezone
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from .schedule import MonthEnd, Oddity, Repeat, Schedule, ScheduleError, Slot, between, describe, oddity, repeat_of
from .schedule.resolve import local_of

SHOWN = 5


@dataclass(frozen=True)
class Moment:
    """One slot as a page shows it: on the clocks of the schedule's place and on the reader's."""

    slot: Slot
    here: datetime  # naive, on the reader's clock
    odd: Oddity | None
    shorter_month: bool  # stands for a day that this month does not have

    @property
    def at(self) -> datetime:
        return self.slot.at

    @property
    def written(self) -> datetime:
        """The local time as the schedule says it, also when the clocks skip it."""
        return self.slot.local


@dataclass(frozen=True)
class Preview:
    """A schedule in words with its next times; `zone` is the reader's."""

    schedule: Schedule
    moments: list[Moment]

    @property
    def words(self) -> str:
        words = describe(self.schedule)
        return words[:1].upper() + words[1:]

    @property
    def place(self) -> str:
        return self.schedule.zone.rpartition("/")[2].replace("_", " ")

    @property
    def two_zones(self) -> bool:
        """Whether the reader's clock shows another time than the schedule's at any of these moments."""
        return any(moment.here != local_of(moment.at, self.schedule.tzinfo) for moment in self.moments)

    @property
    def is_elsewhere(self) -> bool:
        """Whether the reader has to be told the place: another clock, or none to compare."""
        return self.two_zones or not self.moments

    @property
    def may_lack_its_day(self) -> bool:
        """Whether some month or year does not have the day that is meant."""
        start, (repeat, _) = self.schedule.start, repeat_of(self.schedule)
        return (repeat == Repeat.MONTHLY and start.day > 28) or (
            repeat == Repeat.YEARLY and (start.month, start.day) == (2, 29)
        )


def preview(schedule: Schedule, reader: ZoneInfo, now: datetime, shown: int = SHOWN) -> Preview:
    """What follows after `now`; nothing where a stored schedule cannot be read."""
    try:
        slots = between(schedule, now, datetime.max.replace(tzinfo=timezone.utc), limit=shown)
        return Preview(schedule, [_moment(schedule, slot, reader) for slot in slots])
    except (ScheduleError, ZoneInfoNotFoundError):
        return Preview(schedule, [])


def _moment(schedule: Schedule, slot: Slot, reader: ZoneInfo) -> Moment:
    repeat, _ = repeat_of(schedule)
    moved = repeat in {Repeat.MONTHLY, Repeat.YEARLY} and slot.local.day != schedule.start.day
    return Moment(
        slot=slot,
        here=local_of(slot.at, reader),
        odd=oddity(slot.local, schedule.tzinfo),
        shorter_month=moved and schedule.month_end == MonthEnd.LAST,
    )
