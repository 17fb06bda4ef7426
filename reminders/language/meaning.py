"""From what was said to a schedule."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from django.utils.translation import gettext as _

from reminders.schedule import (
    DayOff,
    MonthEnd,
    Schedule,
    ScheduleError,
    WorkCalendar,
    bounded,
    check,
    import_rule,
    next_after,
    resolve,
)
from reminders.schedule.resolve import local_of
from reminders.schedule.working import HOLIDAYS_ONLY

from .clock import minute_of, times_of
from .dates import DAY, read
from .facts import (
    After,
    Count,
    Cron,
    Day,
    Every,
    Lasting,
    MonthDays,
    OffDays,
    Once,
    Places,
    Rrule,
    ShortMonth,
    Start,
    Step,
    Times,
    Until,
    Weekdays,
    Within,
    Zone,
)
from .rules import rule_parts, text_of
from .said import NOTATIONS, Refused, Said


@dataclass(frozen=True)
class Context:
    """What a text does not say itself."""

    zone: str
    now: datetime
    default_time: time
    language: str


def schedule_of(said: Said, context: Context) -> Schedule | None:
    """The schedule that was said, accepted and with a slot to come; None when none was said.

    Raises ScheduleError, and Refused where it is known which words are at fault.
    """
    if not said.says_a_day and not said.says_a_time:
        return None
    zone = said.one(Zone)
    meaning = _Meaning(said, replace(context, zone=zone.name if zone else context.zone))
    schedule = meaning.repeating() if said.repeats else meaning.once()
    schedule = bounded(_with_days_off(schedule, said))
    _checked(schedule, said)
    if next_after(schedule, context.now) is None:
        raise Refused(_("This lies in the past."), Until, Count, Start)
    return schedule


def _with_days_off(schedule: Schedule, said: Said) -> Schedule:
    """As said; the first or last *working* day moves on or back where it is a holiday."""
    outright, places = said.all(OffDays), said.one(Places)
    if outright:
        holidays_only = all(each.holidays_only for each in outright)  # "every working day except holidays"
        return replace(schedule, day_off=outright[0].what, calendar=HOLIDAYS_ONLY if holidays_only else WorkCalendar())
    if places and places.working:
        return replace(schedule, day_off=DayOff.NEXT if places.days[0][0] > 0 else DayOff.PREVIOUS)
    return schedule


def _checked(schedule: Schedule, said: Said) -> None:
    """Raise Refused for what `check` refuses, with the words most likely at fault."""
    try:
        check(schedule)
    except ScheduleError as error:
        notation = said.has(*NOTATIONS)
        kinds = NOTATIONS if notation else (Count,) if schedule.count else (Step, Times, OffDays)
        raise Refused(str(error), *kinds) from error


class _Meaning:
    def __init__(self, said: Said, context: Context) -> None:
        self.said = said
        self.context = context
        self.bare = Schedule(context.zone, date.min, (context.default_time,))
        self.today = local_of(context.now, self.bare.tzinfo).date()

    def once(self) -> Schedule:
        """One day at one or several times."""
        said = self.said
        after, day, weekdays = said.one(After), said.one(Day), said.one(Weekdays)
        if after:
            return self._after(after)
        timed = replace(self.bare, times=times_of(said, self.context.default_time))
        if day:
            return self._on_date(timed, day)
        if weekdays:
            return self._on_weekday(timed, weekdays)
        if said.has(MonthDays, Places):
            return self._on_place(timed)
        today = replace(timed, start=self.today)
        return today if next_after(today, self.context.now) else replace(timed, start=self.today + DAY)

    def repeating(self) -> Schedule:
        """From the first day that yields a slot after now, or as said."""
        if self.said.has(Once):
            raise Refused(_("It happens once or it repeats, not both."), Once)
        cron, rrule, every = self.said.one(Cron), self.said.one(Rrule), self.said.every
        anchor = self._anchor()
        if cron:
            schedule = replace(self.bare, start=anchor, times=(), cron=cron.expression)
            return self._ended(self._begun(schedule, schedule))
        timed = replace(self.bare, start=anchor, times=times_of(self.said, self.context.default_time))
        if rrule:
            return self._imported(timed, rrule)
        assert every
        short = self.said.one(ShortMonth)
        parts, fixed = rule_parts(every, self.said, anchor, lambda day: self._date(day, self.today))
        schedule = replace(timed, rule=text_of(parts), month_end=short.what if short else MonthEnd.LAST)
        # Named days begin with the first of them; only then is every other one of them counted from there.
        probe = {name: value for name, value in parts.items() if not (fixed and name == "INTERVAL")}
        return self._ended(self._begun(schedule, replace(schedule, rule=text_of(probe))))

    def _anchor(self) -> date:
        start = self.said.one(Start)
        return self._date(start.day, self.today, Start) if start else self.today

    def _begun(self, schedule: Schedule, probe: Schedule) -> Schedule:
        """With the day of the first slot of `probe` as its start; where slots are counted, of the first whole day."""
        since = self.context.now
        if schedule.start < self.today:  # a year was said: the series has begun already
            since = self._midnight(schedule.start) - DAY
        probe = _with_days_off(probe, self.said)
        _checked(probe, self.said)
        first = next_after(probe, since)
        if first and self.said.has(Count) and schedule.times and first.local.time() > schedule.times[0]:
            first = next_after(probe, self._midnight(first.local.date() + DAY) - timedelta(microseconds=1))
        return replace(schedule, start=first.local.date()) if first else schedule

    def _imported(self, timed: Schedule, rrule: Rrule) -> Schedule:
        try:
            schedule = import_rule(rrule.text, timed, whole_day=True)
        except ScheduleError as error:
            raise Refused(str(error), Rrule) from error
        if (schedule.count or schedule.until) and self.said.has(Count, Until, Lasting):
            raise Refused(_("The rule says already when it ends."), Count, Until, Lasting)
        begun = self._begun(schedule, replace(schedule, count=None, last=None))
        return self._ended(import_rule(rrule.text, replace(timed, start=begun.start), whole_day=True))

    def _ended(self, schedule: Schedule) -> Schedule:
        until, lasting, count = self.said.one(Until), self.said.one(Lasting), self.said.one(Count)
        if sum(1 for each in (until, lasting, count) if each) > 1:
            raise Refused(_("Say one end only."), Count, Lasting)
        if until:
            day = self._last_day(until, max(self._anchor(), self.today))
            if day < schedule.start:
                raise Refused(_("The end lies before the start."), Until)
            return replace(schedule, until=day)
        if lasting:
            end = read(lasting.words, schedule.start, self.context.language)
            if not end or end <= schedule.start:
                raise Refused(_("This is no length of time."), Lasting)
            return replace(schedule, until=end - DAY)
        return replace(schedule, count=count.times) if count else schedule

    def _last_day(self, until: Until, start: date) -> date:
        if not isinstance(until.day, Within):
            return self._date(until.day, start, Until)
        months = until.day.months
        month = (
            months[0]
            if months
            else {"year": 12, "quarter": (start.month + 2) // 3 * 3}.get(until.day.period, start.month)
        )
        year = start.year + (month < start.month)
        return date(year + month // 12, month % 12 + 1, 1) - DAY

    def _date(self, day: Day | Weekdays, base: date, kind: type = Day) -> date:
        """The date meant, on the day `base` or later."""
        if isinstance(day, Weekdays):
            return base + DAY * ((day.days[0] - base.weekday() - 1) % 7 + 1)
        found = read(day.words, self.today if day.has_year else base, self.context.language)
        if not found:
            raise Refused(_("There is no such date."), kind)
        if day.weekday is not None and found.weekday() != day.weekday:
            raise Refused(_("That day is another day of the week."), kind)
        return found

    def _on(self, timed: Schedule, day: date, kind: type) -> Schedule:
        schedule = replace(timed, start=day)
        if not next_after(schedule, self.context.now):
            raise Refused(_("This lies in the past."), kind)
        return schedule

    def _on_date(self, timed: Schedule, day: Day) -> Schedule:
        schedule = replace(timed, start=self._date(day, self.today))
        if not day.has_year and not next_after(schedule, self.context.now):
            schedule = replace(timed, start=self._date(day, self.today + DAY))
        return self._on(timed, schedule.start, Day)

    def _on_weekday(self, timed: Schedule, weekdays: Weekdays) -> Schedule:
        if len(weekdays.days) > 1:
            raise Refused(_("Several weekdays are said once: say “every” if it repeats."), Weekdays)
        weekday = weekdays.days[0]
        if weekdays.next_week:
            return replace(timed, start=self.today + DAY * (7 - self.today.weekday() + weekday))
        today = replace(timed, start=self.today)
        if weekday == self.today.weekday() and not weekdays.not_today and next_after(today, self.context.now):
            return today
        return replace(timed, start=self._date(weekdays, self.today))

    def _on_place(self, timed: Schedule) -> Schedule:
        """The next "15th", or the next "first Monday of March"."""
        said, days = self.said, self.said.one(MonthDays)
        within = said.one(Within)
        if days and len(days.days) > 1:
            raise Refused(_("Several days are said once: say “every” if it repeats."), MonthDays)
        if not (within and len(within.months) == 1) and not (days and days.days[0] > 0):
            raise Refused(_("Say of which month."), Places, MonthDays)
        every = Every("YEARLY" if within else "MONTHLY")
        parts, _fixed = rule_parts(every, said, self.today, lambda day: self._date(day, self.today))
        probe = replace(timed, start=self.today, rule=text_of(parts), month_end=MonthEnd.SKIP)
        first = next_after(probe, self.context.now)
        if not first:
            raise Refused(_("There is no such date."), MonthDays, Places)
        return replace(timed, start=first.local.date())

    def _after(self, after: After) -> Schedule:
        """In so many minutes: an instant, so the clock change is counted; to the next whole minute."""
        local = local_of(minute_of(self.context.now + after.delay), self.bare.tzinfo)
        schedule = replace(self.bare, start=local.date(), times=(local.time(),))
        if not next_after(schedule, self.context.now):
            raise Refused(_("The clocks repeat that hour: say another time."), After)
        return schedule

    def _midnight(self, day: date) -> datetime:
        return resolve(datetime.combine(day, time()), self.bare.tzinfo)
