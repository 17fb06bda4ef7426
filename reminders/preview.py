"""What a schedule will do, before it is saved: the sentence, the next times, and what is odd about them."""

from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, datetime, timezone
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from .schedule import DayOff, MonthEnd, Oddity, Schedule, ScheduleError, Slot, between, describe, oddity, resolve
from .schedule.resolve import local_of
from .schedule.rule import Rule, parse

SHOWN = 5
AT_MOST = 20


@dataclass(frozen=True)
class Moment:
    """One slot as a page shows it: on the clocks of the schedule's place and on the reader's."""

    slot: Slot
    written: datetime  # naive: the local time that was meant, also when the clocks skip it
    there: datetime  # naive, on the clocks of the place
    here: datetime  # naive, on the reader's
    odd: Oddity | None
    shorter_month: bool  # stands for a day that this month does not have

    @property
    def at(self) -> datetime:
        return self.slot.at

    @property
    def moved_from(self) -> datetime | None:
        """The local time of the slot, where it was moved off a day off, or by hand."""
        return self.slot.local if self.slot.local != self.written else None

    @property
    def moved_within_the_day(self) -> bool:
        return self.slot.local.date() == self.written.date()


@dataclass(frozen=True)
class Preview:
    """A schedule in words with its next times, and `more` of them for who asks.

    `left_out` are the local times that would have come among `moments`, but for a day off or by hand.
    """

    schedule: Schedule
    moments: list[Moment]
    more: list[Moment]
    left_out: list[datetime]

    @property
    def words(self) -> str:
        return describe(self.schedule)

    @property
    def two_zones(self) -> bool:
        """Whether the reader's clock shows another time than the schedule's at any of these moments."""
        return any(moment.here != moment.there for moment in self.moments)

    @property
    def is_elsewhere(self) -> bool:
        """Whether the reader has to be told the place: another clock, or none to compare."""
        return self.two_zones or not self.moments

    @property
    def may_lack_its_day(self) -> bool:
        """Whether some month or year does not have the day that is meant."""
        rule = _rule_of(self.schedule)
        months = (rule.months or range(1, 13)) if rule and rule.month_days else ()
        return any(rule and rule.month_days[-1] > monthrange(2027, month)[1] for month in months)

    @property
    def lacks_holidays(self) -> bool:
        """Whether days off matter, and the team has not said which days are holidays."""
        calendar = self.schedule.calendar
        return self.schedule.day_off != DayOff.STAY and not calendar.country and not calendar.days_off


def preview(schedule: Schedule, reader: ZoneInfo, now: datetime, shown: int = SHOWN) -> Preview:
    """What follows after `now`; nothing where a stored schedule cannot be read."""
    try:
        slots = between(schedule, now, datetime.max.replace(tzinfo=timezone.utc), limit=AT_MOST)
        moments = [_moment(schedule, slot, reader) for slot in slots]
        left_out = _left_out(schedule, now, slots[:shown])
        return Preview(schedule, moments[:shown], moments[shown:], left_out)
    except (ScheduleError, ZoneInfoNotFoundError):
        return Preview(schedule, [], [], [])


def _moment(schedule: Schedule, slot: Slot, reader: ZoneInfo) -> Moment:
    written = _written(schedule, slot)
    return Moment(
        slot=slot,
        written=written,
        there=local_of(slot.at, schedule.tzinfo),
        here=local_of(slot.at, reader),
        odd=oddity(written, schedule.tzinfo),
        shorter_month=_is_stand_in(schedule, slot.local.date()),
    )


def _written(schedule: Schedule, slot: Slot) -> datetime:
    """The local time that became the slot's instant: its own, that of another day, or the one it was moved to."""
    written = dict(schedule.moved).get(slot.local, slot.local)
    if resolve(written, schedule.tzinfo) == slot.at:
        return written
    return datetime.combine(local_of(slot.at, schedule.tzinfo).date(), slot.local.time())


def _is_stand_in(schedule: Schedule, day: date) -> bool:
    """Whether the day is the last of its month in place of one that the month does not have."""
    rule, length = _rule_of(schedule), monthrange(day.year, day.month)[1]
    if not rule or not rule.month_days or schedule.month_end != MonthEnd.LAST or day.day != length:
        return False
    return rule.month_days[-1] > length and not {length, -1} & set(rule.month_days)


def _left_out(schedule: Schedule, now: datetime, slots: list[Slot]) -> list[datetime]:
    skips = schedule.day_off == DayOff.SKIP
    if not slots or not (skips or schedule.skipped):
        return []
    plain = replace(schedule, day_off=DayOff.STAY, skipped=frozenset(), moved=())
    found = [slot.local for slot in between(plain, now, slots[-1].at, limit=AT_MOST * 5)]
    # That what comes daily does not come at the weekend needs no saying.
    usual = schedule.calendar.weekdays if _rule_of(schedule) == Rule("DAILY") else range(7)
    off = [local for local in found if local.weekday() in usual and not schedule.calendar.works(local.date())]
    return [local for local in found if local in schedule.skipped or (skips and local in off)]


def _rule_of(schedule: Schedule) -> Rule | None:
    return parse(schedule.rule).anchored(schedule.start) if schedule.rule else None
