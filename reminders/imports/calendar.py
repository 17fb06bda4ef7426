"""Events and to-dos of a calendar (RFC 5545), as reminders of a team."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from icalendar import Calendar, Component
from icalendar.error import BrokenCalendarProperty

from reminders.ladder import LONGEST_LEAD, MOST_LEAD_TIMES, SHORTEST_LEAD
from reminders.models import ZoneMode
from reminders.models.series import EXCEPTIONS_AT_MOST
from reminders.schedule import Schedule, ScheduleError, import_rule
from reminders.schedule.resolve import local_of
from teamreminders.clock import HALF_A_YEAR, is_zone
from teamreminders.text import one_line, plain_lines
from teams.models import Team

from .content_lines import content_lines
from .document import AT_MOST
from .draft import Draft, Unreadable, check_zone, key_of

LONGEST_TITLE, LONGEST_NOTES = 200, 10_000
OVER = {"CANCELLED", "COMPLETED"}
KINDS = {"VEVENT", "VTODO"}
MINUTE = timedelta(minutes=1)


class _Gap(Exception):
    """What keeps a component from being a reminder; `refused`: it is a fault of the file, or a limit of ours."""

    def __init__(self, words: str, *, refused: bool = True) -> None:
        super().__init__(words)
        self.refused = refused


def read_calendar(content: bytes, team: Team, all_day_at: time, now: datetime) -> list[Draft]:
    """`all_day_at`: when on its day an event comes due that has no time. Raises Unreadable."""
    lines = content_lines(content)
    try:
        calendars = Calendar.from_ical(lines.content, multiple=True)
        found = [each for calendar in calendars for each in calendar.subcomponents if each.name in KINDS]
    except (ValueError, KeyError, IndexError, RecursionError) as error:
        raise Unreadable(_("This is no calendar (ICS).")) from error
    if not calendars or any(calendar.name != "VCALENDAR" for calendar in calendars):
        raise Unreadable(_("This is no calendar (ICS)."))
    by_uid = defaultdict(list)
    for component in found:
        by_uid[_text(component, "UID")].append(component)
    if len(by_uid) > AT_MOST:
        raise Unreadable(_("More than %(most)d at a time cannot be imported. Divide the file.") % {"most": AT_MOST})
    return [_Entry(uid, parts, team, all_day_at, now, lines.zones).draft() for uid, parts in by_uid.items()]


@dataclass(frozen=True)
class _Entry:
    """All components with one UID: an event or a series, and those of the series that are otherwise."""

    uid: str
    parts: list[Component]
    team: Team
    all_day_at: time
    now: datetime
    zones: Mapping[str, frozenset[timedelta]]  # that the file defines, by the offsets they go by

    def draft(self) -> Draft:
        title = _title(self.main)
        try:
            schedule = self._schedule()
            return Draft(
                key=key_of(self.uid),
                title=title,
                schedule=schedule,
                fields={
                    "title": title,
                    "notes": _notes(self.main),
                    "zone_mode": (ZoneMode.RECIPIENT if self._floats else ZoneMode.FIXED).value,
                    "lead_times": self._lead_times(),
                },
                notes=tuple(self._notes()),
            )
        except _Gap as gap:
            return Draft(key_of(self.uid), title, why_not=str(gap), refused=gap.refused)
        except ScheduleError as error:
            return Draft(key_of(self.uid), title, why_not=str(error), refused=True)
        except (BrokenCalendarProperty, ValueError, OverflowError, AttributeError, TypeError):
            return Draft(key_of(self.uid), title, why_not=_("Something in it cannot be read."), refused=True)

    @cached_property
    def main(self) -> Component:
        """The series itself; of several versions the last one (RFC 5545, 3.8.7.4)."""
        own = [part for part in self.parts if "RECURRENCE-ID" not in part]
        return max(own, key=_sequence) if own else self.parts[0]

    def _schedule(self) -> Schedule:
        """Raises _Gap and ScheduleError."""
        self._check()
        begin = self._local(self._begin)
        schedule = Schedule(self._zone, begin.date(), (begin.time(),))
        rules = _all(self.main, "RRULE")
        if not rules:
            return schedule
        schedule = import_rule(rules[0].to_ical().decode(), schedule, self._left_out())
        return replace(schedule, moved=tuple(sorted(self._moved())))

    def _check(self) -> None:
        if not self.uid:
            raise _Gap(_("It has no UID: a second import could not tell it from others."))
        if _text(self.main, "STATUS").upper() in OVER:
            raise _Gap(_("It was cancelled, or is completed."), refused=False)
        if "RECURRENCE-ID" in self.main:
            raise _Gap(_("It is one of a series that is not in the file."))
        if len(_all(self.main, "RRULE")) > 1 or "RDATE" in self.main or "EXRULE" in self.main:
            raise _Gap(_("Its dates follow more than one rule, or none: that cannot be used here."))
        if len(self.parts) > EXCEPTIONS_AT_MOST:
            raise _Gap(_("Too many dates of this series differ from it."))

    @cached_property
    def _written(self) -> Any:
        """DTSTART; of a to-do rather when it is due, unless it is a series (RFC 5545, 3.8.5.3)."""
        names = ("DTSTART", "DUE") if self.main.name == "VEVENT" or "RRULE" in self.main else ("DUE", "DTSTART")
        for name in names:
            if name in self.main:
                return _first(self.main, name)
        raise _Gap(_("It has no date."), refused=False)

    @property
    def _begin(self) -> date:
        begin: date = self._written.dt
        return begin

    @cached_property
    def _zone(self) -> str:
        """The IANA zone it goes by. Raises _Gap where nobody can say which."""
        begin = self._begin
        if not isinstance(begin, datetime):
            return self.team.zone
        key = getattr(begin.tzinfo, "key", "")
        if key == "UTC":
            return "UTC" if "RRULE" in self.main else self.team.zone
        if is_zone(key):
            return key
        if self._named_zone and not self._goes_by_the_team:
            check_zone(self._named_zone)
        return self.team.zone

    @property
    def _goes_by_the_team(self) -> bool:
        """Whether the zone is one that the file defines under a name of its own, and has the offsets of the team's."""
        if getattr(self._begin, "tzinfo", None):
            return False
        there = ZoneInfo(self.team.zone)
        ours = {at.astimezone(there).utcoffset() for at in (self.now, self.now + HALF_A_YEAR)}
        return self.zones.get(self._named_zone) == ours

    @cached_property
    def _named_zone(self) -> str:
        return str(self._written.params.get("TZID", ""))

    @property
    def _floats(self) -> bool:
        """A time without a zone: by the clock of whoever looks at it (RFC 5545, 3.3.5)."""
        begin = self._begin
        return isinstance(begin, datetime) and begin.tzinfo is None and not self._named_zone

    def _local(self, at: Any) -> datetime:
        """By the wall clock of the zone."""
        if not isinstance(at, datetime):
            return datetime.combine(at, self.all_day_at)
        local = local_of(at, ZoneInfo(self._zone)) if at.tzinfo else at
        return local.replace(microsecond=0)

    def _left_out(self) -> set[datetime]:
        """EXDATEs, and single ones that were cancelled."""
        excluded = [each.dt for dates in _all(self.main, "EXDATE") for each in dates.dts]
        if len(excluded) > EXCEPTIONS_AT_MOST:
            excluded = sorted(excluded, key=str)[-EXCEPTIONS_AT_MOST:]
        cancelled = [_first(part, "RECURRENCE-ID").dt for part in self._others if _text(part, "STATUS").upper() in OVER]
        return {self._local(at) for at in [*excluded, *cancelled]}

    def _moved(self) -> Iterator[tuple[datetime, datetime]]:
        for part in self._others:
            if str(_first(part, "RECURRENCE-ID").params.get("RANGE", "")).upper() == "THISANDFUTURE":
                raise _Gap(_("It changes from one date on (RANGE=THISANDFUTURE): that cannot be used here."))
            if _text(part, "STATUS").upper() not in OVER and "DTSTART" in part:
                slot, to = self._local(_first(part, "RECURRENCE-ID").dt), self._local(_first(part, "DTSTART").dt)
                if slot != to:
                    yield slot, to

    @cached_property
    def _others(self) -> list[Component]:
        return [part for part in self.parts if "RECURRENCE-ID" in part]

    def _lead_times(self) -> list[int]:
        """Alarms before it begins, in minutes, the longest first. Those of a whole day count from its midnight."""
        late = timedelta() if isinstance(self._begin, datetime) else _since_midnight(self.all_day_at)
        minutes = {(late - trigger) // MINUTE for trigger in self._triggers if trigger is not None}
        return sorted((n for n in minutes if SHORTEST_LEAD <= n <= LONGEST_LEAD), reverse=True)[:MOST_LEAD_TIMES]

    @cached_property
    def _triggers(self) -> list[timedelta | None]:
        return [_trigger(alarm) for alarm in self.main.subcomponents if alarm.name == "VALARM"]

    def _notes(self) -> Iterator[str]:
        if not isinstance(self._begin, datetime):
            yield _("It has no time of day: %(time)s is taken.") % {"time": f"{self.all_day_at:%H:%M}"}
        if self._goes_by_the_team:
            said = _("Its time zone “%(name)s” is taken for %(zone)s, whose clocks show the same.")
            yield said % {"name": self._named_zone, "zone": self.team.zone}
        if None in self._triggers:
            yield _("Alarms at a fixed moment, or counted from its end, are left out.")
        if len(one_line(_text(self.main, "SUMMARY"))) > LONGEST_TITLE:
            yield _("Its title is cut.")
        if len(_text(self.main, "DESCRIPTION")) > LONGEST_NOTES:
            yield _("Its notes are cut.")
        if any(_text(part, "SUMMARY") not in {"", _text(self.main, "SUMMARY")} for part in self._others):
            yield _("Some of the series have another title: that of the series is taken.")


def _since_midnight(at: time) -> timedelta:
    return timedelta(hours=at.hour, minutes=at.minute)


def _all(component: Component, name: str) -> list[Any]:
    found: Any = component.get(name, [])
    return found if isinstance(found, list) else [found]


def _first(component: Component, name: str) -> Any:
    return next(iter(_all(component, name)), None)


def _text(component: Component, name: str) -> str:
    """Empty where there is none, the first of several."""
    return str(next(iter(_all(component, name)), ""))


def _sequence(component: Component) -> int:
    text = _text(component, "SEQUENCE")
    return int(text) if re.fullmatch(r"[0-9]{1,10}", text) else 0


def _title(component: Component) -> str:
    return one_line(_text(component, "SUMMARY"))[:LONGEST_TITLE].strip() or _("Without a title")


def _notes(component: Component) -> str:
    """The description, and where it takes place."""
    text, place = plain_lines(_text(component, "DESCRIPTION")).strip(), one_line(_text(component, "LOCATION"))
    lines = [text, _("Where: %(place)s") % {"place": place}] if place and place not in text else [text]
    return "\n\n".join(filter(None, lines))[:LONGEST_NOTES]


def _trigger(alarm: Component) -> timedelta | None:
    """How long after the begin, where it says that."""
    trigger = _first(alarm, "TRIGGER")
    if trigger is None or str(trigger.params.get("RELATED", "START")).upper() != "START":
        return None
    return trigger.dt if isinstance(trigger.dt, timedelta) else None
