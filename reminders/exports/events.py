"""A reminder as VEVENT components (RFC 5545).

A schedule that one RRULE says is one series for each of its times of day, since a rule with several times needs BYHOUR
and BYMINUTE, which yield every hour with every minute. Any other schedule is one event for each of its dates: an event
that recurs by RDATE alone is refused by Outlook (MS-OXCICAL asks for an RRULE beside it) and cut to its first date by
others. UIDs follow from the reminder, and where it is several events from the time or the slot as well, so that a later
export changes what an earlier one brought.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from icalendar import Alarm, Event, vRecur

from reminders.links import reminder_url
from reminders.models import Reminder, ZoneMode
from reminders.schedule import Schedule, Slot, between, place, resolve, yields
from reminders.schedule.cron import cron_times
from reminders.schedule.occur import locals_from, times_of_day
from reminders.schedule.plain import plain_rule
from reminders.schedule.resolve import local_of
from teamreminders.text import one_line, plain_lines

BEGIN, END = b"BEGIN:VEVENT\r\n", b"END:VEVENT\r\n"
DAY = timedelta(days=1)
# Dates without a rule are written out as far as this.
HORIZON = timedelta(days=2 * 366)


@dataclass(frozen=True)
class Events:
    """The events of one reminder; `most`: how many dates without a rule there may be. Raises ScheduleError."""

    reminder: Reminder
    now: datetime
    most: int

    @cached_property
    def schedule(self) -> Schedule:
        return self.reminder.schedule

    @cached_property
    def zone(self) -> ZoneInfo | None:
        """None: local times that float, since each person goes by their own clock."""
        there = self.schedule.tzinfo
        return None if self.reminder.zone_mode == ZoneMode.RECIPIENT else there

    def __iter__(self) -> Iterator[bytes]:
        rule = plain_rule(self.schedule)
        if rule is None:
            yield from self._single()
        else:
            for at in times_of_day(self.schedule):
                yield from self._series(rule, at)

    @property
    def _has_one_time(self) -> bool:
        """Then it is one event, which stays the same one also when its time changes."""
        by_cron = self.schedule.cron and plain_rule(self.schedule)
        return len(cron_times(self.schedule.cron) if by_cron else self.schedule.times) == 1

    def _single(self) -> Iterator[bytes]:
        """Each date as an event of its own: all of what comes once, of what repeats those that lie ahead."""
        for slot in self._ahead() if self.schedule.repeats else self._once():
            alone = self._has_one_time and not self.schedule.repeats
            name = "" if alone else f"-{slot.local:%Y%m%dT%H%M%S}"
            yield self._event(name, local_of(slot.at, self.schedule.tzinfo))

    def _once(self) -> Iterator[Slot]:
        slots = (place(self.schedule, datetime.combine(self.schedule.start, at)) for at in self.schedule.times)
        return (slot for slot in slots if slot)

    def _ahead(self) -> list[Slot]:
        since = max(self.now, self.reminder.paused_until or self.now)
        return between(self.schedule, since, self.now + HORIZON, limit=self.most)

    def _series(self, rule: str, at: time) -> Iterator[bytes]:
        """Everything at this time of day: the series, and those of it that were moved."""
        first = next(locals_from(self.schedule, datetime.combine(self.schedule.start, time())), None)
        begin, last = first and datetime.combine(first.date(), at), self._last(at)
        if begin is None or (last and last < begin):
            return
        series, name = vRecur.from_ical(rule), "" if self._has_one_time else f"-{at:%H%M%S}"
        if last:
            series["UNTIL"] = [resolve(last, self.schedule.tzinfo) if self.zone else last]
        left_out = [self._local(slot) for slot in self._left_out if slot.time() == at]
        yield self._event(name, begin, rrule=series, **({"exdate": left_out} if left_out else {}))
        for slot, to in self.schedule.moved:
            if slot.time() == at and yields(self.schedule, slot):
                yield self._event(name, to, recurrence_id=self._local(slot))

    @cached_property
    def _left_out(self) -> list[datetime]:
        """Slots that do not come: skipped, or due before a pause ends by itself."""
        paused_until = self.reminder.paused_until or self.now
        paused = between(self.schedule, self.now, paused_until) if paused_until > self.now else []
        moved = {slot for slot, _to in self.schedule.moved}
        return sorted(self.schedule.skipped | ({slot.local for slot in paused} - moved))

    def _last(self, at: time) -> datetime | None:
        """The last local date-time with this time of day that the end of the schedule allows."""
        schedule = self.schedule
        days = [schedule.until] if schedule.until else []
        if schedule.last:
            days.append(schedule.last.date() if at <= schedule.last.time() else schedule.last.date() - DAY)
        return datetime.combine(min(days), at) if days else None

    def _event(self, name: str, begin: datetime, **properties: Any) -> bytes:
        event = Event()
        event.add("UID", f"{self.reminder.uuid}{name}@{settings.SITE.hostname}")
        event.add("DTSTART", self._local(begin))
        for each, value in properties.items():
            event.add(each.replace("_", "-"), value)
        return event.to_ical().removesuffix(END) + self._common

    @cached_property
    def _common(self) -> bytes:
        """What all events of the reminder have: written once, since the words are most of the work. With the end."""
        reminder, event = self.reminder, Event()
        event.add("DTSTAMP", self.now)
        # What is exported later is the newer one, whatever it was that changed: the reminder, or the team's days off.
        event.add("SEQUENCE", max(int((self.now - reminder.created_at).total_seconds()), 0))
        event.add("SUMMARY", one_line(reminder.title))
        if reminder.notes:
            event.add("DESCRIPTION", plain_lines(reminder.notes))
        event.add("URL", reminder_url(reminder))
        event.add("STATUS", "CANCELLED" if reminder.paused_at else "CONFIRMED")
        event.add("TRANSP", "TRANSPARENT")  # nobody is busy for having been reminded
        event.add("LAST-MODIFIED", reminder.changed_at)
        for minutes in reminder.lead_times:
            event.add_component(self._alarm(minutes))
        return event.to_ical().removeprefix(BEGIN)

    def _alarm(self, minutes: int) -> Alarm:
        """A notice in advance."""
        alarm = Alarm()
        alarm.add("ACTION", "DISPLAY")
        alarm.add("DESCRIPTION", one_line(self.reminder.title))
        alarm.add("TRIGGER", -timedelta(minutes=minutes))
        return alarm

    def _local(self, local: datetime) -> datetime:
        return local.replace(tzinfo=self.zone)
