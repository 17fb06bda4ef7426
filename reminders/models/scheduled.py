"""The columns of a schedule."""

from dataclasses import replace
from datetime import datetime, time
from enum import Enum
from typing import Any
from zoneinfo import ZoneInfoNotFoundError

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from reminders.schedule import DayOff, MonthEnd, Schedule, ScheduleError, WorkCalendar, describe, next_after
from reminders.schedule.rule import FAR
from reminders.schedule.working import EVERY_DAY
from teamreminders.clock import LocalDateTimeField, validate_zone
from teams.models import Team

from .choices import ZoneMode

# One that was moved further still stands in some rows; arithmetic would run out of what Python can count.
LATEST = datetime.combine(FAR, time())


def work_calendar(team: Team, *, holidays_only: bool = False) -> WorkCalendar:
    """The days that the team works; with `holidays_only` a weekend counts as worked."""
    working = frozenset(team.working_days)
    weekdays = EVERY_DAY if holidays_only else working
    return WorkCalendar(weekdays, team.country, team.region, frozenset(team.days_off), lands_on=working)


def known(field: str, kinds: type[Enum]) -> models.CheckConstraint:
    """The column holds one of these values."""
    values = models.Q((f"{field}__in", [each.value for each in kinds]))
    return models.CheckConstraint(condition=values, name=f"reminder_{field}_is_known")


class Scheduled(models.Model):
    """`schedule`, as a row keeps it: see `reminders.schedule.Schedule`. Once when neither rule nor cron is set."""

    team: models.ForeignKey[Team]

    zone = models.CharField(_("time zone"), max_length=64, validators=[validate_zone])
    start = models.DateField(_("date"))
    times = ArrayField(models.TimeField(), verbose_name=_("times"), default=list, blank=True)
    rule = models.CharField(_("rule"), max_length=500, blank=True)
    cron = models.CharField(_("cron expression"), max_length=500, blank=True)
    until = models.DateField(_("until"), null=True, blank=True)
    count = models.PositiveSmallIntegerField(_("number of times"), null=True, blank=True)
    last = LocalDateTimeField(null=True, blank=True, editable=False)  # what `count`, or the time of UNTIL, comes to
    month_end = models.CharField(
        _("in shorter months"),
        max_length=4,
        choices=[(MonthEnd.LAST.value, _("on the last day")), (MonthEnd.SKIP.value, _("not at all"))],
        default=MonthEnd.LAST.value,
    )
    day_off = models.CharField(
        _("on a day off"),
        max_length=8,
        choices=[
            (DayOff.STAY.value, _("on that day all the same")),
            (DayOff.NEXT.value, _("on the next working day")),
            (DayOff.PREVIOUS.value, _("on the working day before")),
            (DayOff.SKIP.value, _("not at all")),
        ],
        default=DayOff.STAY.value,
    )
    holidays_only = models.BooleanField(_("weekends are not days off"), default=False)
    skipped = ArrayField(LocalDateTimeField(), default=list, blank=True, editable=False)  # slots: RFC 5545's EXDATE
    moved = models.JSONField(default=dict, blank=True, editable=False)  # slot -> the local date-time instead, ISO 8601
    zone_mode = models.CharField(_("on whose clock"), max_length=9, choices=ZoneMode, default=ZoneMode.FIXED)
    planned_zones = ArrayField(models.CharField(max_length=64), default=list, blank=True, editable=False)

    class Meta:
        abstract = True

    @property
    def schedule(self) -> Schedule:
        return Schedule(
            zone=self.zone,
            start=self.start,
            times=tuple(sorted(self.times)),
            rule=self.rule,
            cron=self.cron,
            until=self.until,
            count=self.count,
            last=self.last,
            month_end=MonthEnd(self.month_end),
            **self._exceptions(),
        )

    @schedule.setter
    def schedule(self, schedule: Schedule) -> None:
        self.zone, self.start, self.until = schedule.zone, schedule.start, schedule.until
        self.count, self.last = schedule.count, schedule.last
        self.times = sorted(schedule.times)
        self.rule, self.cron, self.month_end = schedule.rule, schedule.cron, schedule.month_end.value
        self.day_off = schedule.day_off.value
        self.holidays_only = schedule.day_off != DayOff.STAY and schedule.calendar.is_for_holidays_only
        self.skipped = sorted(schedule.skipped)
        self.moved = {slot.isoformat(): to.isoformat() for slot, to in schedule.moved}

    def schedule_in(self, zone: str) -> Schedule:
        """The schedule by the clock of another zone."""
        schedule = self.schedule
        return schedule if zone == schedule.zone else replace(schedule, zone=zone)

    @property
    def repeats(self) -> bool:
        return bool(self.rule or self.cron)

    @property
    def has_one_slot(self) -> bool:
        """Once, at one time: nothing follows it."""
        return not self.repeats and len(self.times) == 1

    @property
    def in_words(self) -> str:
        """The schedule as a phrase, such as "every Friday at 16:00"; also where it cannot be read, for its page."""
        try:
            return describe(self.schedule)
        except ValueError:
            return gettext("a schedule that cannot be read; edit it")

    def is_readable(self, now: datetime) -> bool:
        """Whether the next time can be found: not where a rule or a zone is stored that nobody knows (any more)."""
        try:
            next_after(self.schedule, now)
        except (ScheduleError, ZoneInfoNotFoundError):
            return False
        return True

    def _exceptions(self) -> dict[str, Any]:
        """What becomes of single slots. Reads the team where days off matter."""
        exceptions: dict[str, Any] = {"day_off": DayOff(self.day_off), "skipped": frozenset(self.skipped)}
        if self.day_off != DayOff.STAY:
            exceptions["calendar"] = work_calendar(self.team, holidays_only=self.holidays_only)
        moved = [
            (datetime.fromisoformat(slot), min(datetime.fromisoformat(to), LATEST)) for slot, to in self.moved.items()
        ]
        return exceptions | {"moved": tuple(sorted(moved))}
