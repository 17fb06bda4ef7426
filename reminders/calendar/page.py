"""A month as a page shows it: weeks of days, each with its entries."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from reminders.models.reminder import ReminderQuerySet
from reminders.models.scheduled import work_calendar
from reminders.schedule import WorkCalendar, resolve
from reminders.schedule.resolve import local_of
from teams.models import Team

from .entries import Entry, Found, found
from .month import Month, first_weekday

# Entries in the cell of a day, on a day of the agenda, and where one day is looked at.
IN_A_CELL, ON_A_DAY, OF_ONE_DAY = 4, 20, 100
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Day:
    date: date
    entries: list[Entry]
    is_today: bool
    is_past: bool
    is_outside: bool  # of the month before or after
    is_off: bool  # no team that is shown works
    holiday: str

    @property
    def in_cell(self) -> list[Entry]:
        """What its cell has room for: "1 more" would take as much as the one."""
        return self.entries if len(self.entries) <= IN_A_CELL else self.entries[: IN_A_CELL - 1]

    @property
    def not_in_cell(self) -> int:
        return len(self.entries) - len(self.in_cell)

    @property
    def in_agenda(self) -> list[Entry]:
        return self.entries[:ON_A_DAY]

    @property
    def not_in_agenda(self) -> int:
        return len(self.entries) - len(self.in_agenda)

    @property
    def shown(self) -> list[Entry]:
        return self.entries[:OF_ONE_DAY]

    @property
    def not_shown(self) -> int:
        return len(self.entries) - len(self.shown)


@dataclass(frozen=True)
class CalendarPage:
    """`chosen`: the day that is looked at, whether somebody chose it or not."""

    month: Month
    today: date
    weeks: list[list[Day]]
    chosen: Day
    found: Found

    @property
    def days(self) -> Iterator[Day]:
        """Those of the month itself."""
        return (day for week in self.weeks for day in week if not day.is_outside)

    @property
    def is_now(self) -> bool:
        return self.month == Month.of(self.today)

    @property
    def busy(self) -> list[Day]:
        """Days with entries; in the present month those from today on."""
        return [day for day in self.days if day.entries and not (self.is_now and day.is_past)]

    @property
    def earlier(self) -> list[Day]:
        """In the present month, the days with entries before today."""
        return [day for day in self.days if day.entries and self.is_now and day.is_past]

    @property
    def count(self) -> int:
        return sum(len(day.entries) for day in self.days)


def page_of(
    month: Month, chosen: date | None, reminders: ReminderQuerySet, teams: Iterable[Team], now: datetime, zone: ZoneInfo
) -> CalendarPage:
    """The month on the calendar of a reader in `zone`; days off are those of all `teams`. Two queries."""
    weeks, today = month.weeks(first_weekday()), local_of(now, zone).date()
    begin, end = _midnight(weeks[0][0], zone), _midnight(weeks[-1][-1] + DAY, zone)
    result = found(reminders, begin, end, now, zone)
    by_day: dict[date, list[Entry]] = defaultdict(list)
    for entry in result.entries:
        by_day[local_of(entry.due_at, zone).date()].append(entry)
    work = [work_calendar(team) for team in teams]

    def day_of(day: date) -> Day:
        off = bool(work) and not any(calendar.works(day) for calendar in work)
        return Day(
            date=day,
            entries=by_day[day],
            is_today=day == today,
            is_past=day < today,
            is_outside=Month.of(day) != month,
            is_off=off,
            holiday=_holiday(work, day) if off else "",
        )

    days = [[day_of(day) for day in week] for week in weeks]
    return CalendarPage(month, today, days, _looked_at(days, chosen or today), result)


def _looked_at(weeks: list[list[Day]], wanted: date) -> Day:
    """The day that is wanted; in another month the first that has something."""
    days = [day for week in weeks for day in week if not day.is_outside]
    return next((day for day in days if day.date == wanted), None) or next((d for d in days if d.entries), days[0])


def _holiday(calendars: list[WorkCalendar], day: date) -> str:
    return next(filter(None, (calendar.holiday_name(day) for calendar in calendars)), "")


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return resolve(datetime.combine(day, time()), zone)
