"""The part of the form that says when."""

from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dates import MONTHS_3, WEEKDAYS
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.fields import ZoneField
from reminders.models import Reminder
from reminders.models.scheduled import work_calendar
from reminders.schedule import (
    DayOff,
    MonthEnd,
    Repeat,
    Schedule,
    ScheduleError,
    bounded,
    can_be_meant,
    check,
    import_rule,
    next_after,
    yields,
)
from reminders.schedule.occur import MAX_COUNT
from reminders.schedule.rule import MAX_INTERVAL, MAX_LENGTH

from .fields import LocalMomentField, MonthDaysField, TimesField
from .filling import Way
from .pattern import LAST, Pattern, same_days

REPEATS = [
    (Repeat.ONCE.value, _("Once")),
    (Repeat.DAILY.value, _("Every day")),
    (Repeat.WEEKDAYS.value, _("Every weekday")),
    (Repeat.WEEKLY.value, _("Every week on …")),
    (Repeat.MONTHLY.value, _("Every month")),
    (Repeat.YEARLY.value, _("Every year")),
    (Repeat.RULE.value, _("By a rule (RRULE)")),
    (Repeat.CRON.value, _("By a cron expression")),
]
ENDS = [("never", _("Never")), ("date", _("On a day")), ("count", _("After a count"))]
MONTH_BY = [("day", _("A day of the month")), ("place", _("A day of the week"))]
PLACES = [("1", _("First")), ("2", _("Second")), ("3", _("Third")), ("4", _("Fourth")), (str(LAST), _("Last"))]
PLACE_DAYS = [
    *((str(day), name) for day, name in WEEKDAYS.items()),
    ("weekday", _("Day from Monday to Friday")),
    ("weekend", _("Day of the weekend")),
]
# What each way of repeating asks for besides a start; what it does not ask for cannot be wrong.
ASKED = {
    Repeat.ONCE: {"at"},
    Repeat.DAILY: {"at", "interval", "ends"},
    Repeat.WEEKDAYS: {"at", "ends"},
    Repeat.WEEKLY: {"at", "interval", "weekdays", "ends"},
    Repeat.MONTHLY: {"at", "interval", "month_by", "ends"},
    Repeat.YEARLY: {"at", "interval", "months", "month_by", "ends"},
    Repeat.RULE: {"at", "recurrence", "ends"},
    Repeat.CRON: {"cron", "ends"},
}
OPTIONAL = frozenset(
    [
        *("interval", "weekdays", "months", "month_days", "places", "place_day"),
        *("at", "recurrence", "cron", "until", "count"),
    ]
)
SCHEDULE_FIELDS = ("repeat", "start", "zone", "day_off", *sorted(OPTIONAL))


def _pick(label: Any, choices: Any, *, several: bool = False, coerce: Any = str) -> forms.ChoiceField:
    """A choice that may be left to its default: radios, or checkboxes for several."""
    kind = forms.TypedMultipleChoiceField if several else forms.TypedChoiceField
    widget = forms.CheckboxSelectMultiple if several else forms.RadioSelect
    return kind(label=label, choices=choices, coerce=coerce, required=False, widget=widget)


class ScheduleForm(forms.ModelForm):
    """`schedule` is there once the fields make sense. One that was stored, and was not changed, stays as it is."""

    repeat = forms.ChoiceField(label=_("Repeat"), choices=REPEATS, widget=forms.RadioSelect)
    interval = forms.IntegerField(
        label=_("Every"),
        required=False,
        min_value=1,
        max_value=MAX_INTERVAL,
        widget=forms.NumberInput(attrs={"placeholder": "1"}),
    )
    weekdays = _pick(_("On"), WEEKDAYS.items(), several=True, coerce=int)
    months = _pick(_("In"), [(n, capfirst(name)) for n, name in MONTHS_3.items()], several=True, coerce=int)
    month_by = _pick(_("On"), MONTH_BY)
    month_days = MonthDaysField(
        label=_("Days of the month"),
        required=False,
        help_text=_("Such as “1, 15, last”. Empty: the day on which it begins."),
        widget=forms.TextInput,
    )
    places = _pick(_("Which of the month"), PLACES, several=True, coerce=int)
    place_day = forms.ChoiceField(label=_("Day"), choices=PLACE_DAYS, required=False)
    at = TimesField(label=_("Time"), required=False)
    ends = _pick(_("Ends"), ENDS)
    count = forms.IntegerField(label=_("Number of times"), required=False, min_value=1, max_value=MAX_COUNT)
    last = LocalMomentField(required=False, widget=forms.HiddenInput)
    recurrence = forms.CharField(
        label=_("Rule"),
        required=False,
        max_length=MAX_LENGTH,
        help_text=_("As calendars write it: “FREQ=MONTHLY;BYDAY=-1FR” is the last Friday of every month."),
    )
    zone = ZoneField()

    class Meta:
        model = Reminder
        fields = ["start", "cron", "until", "month_end", "day_off", "holidays_only", "zone"]
        widgets = {
            "start": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            "until": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            "month_end": forms.RadioSelect,
            "day_off": forms.RadioSelect,
        }
        labels = {
            "month_end": _("Where a month lacks that day"),
            "day_off": _("If that is a day off"),
            "cron": _("Cron expression"),
            "holidays_only": _("Weekends are not days off"),
            "until": _("Last day"),
        }
        help_texts = {
            "cron": _("Minute, hour, day, month, weekday: “30 8 * * MON-FRI” is every weekday at 08:30."),
        }

    now: datetime
    way = Way.CONTROLS
    schedule: Schedule | None = None
    before: Schedule | None = None

    def takes_several_times(self) -> bool:
        """Whether the times are a line of text."""
        return self.fields["at"].widget.is_text(self["at"].value())

    def take_several_times(self) -> None:
        """Ask for the times in a line of text, and there first."""
        widget = self.fields["at"].widget
        widget.several, widget.attrs["autofocus"] = True, True

    def clean_start(self) -> date:
        start: date = self.cleaned_data["start"]
        kept = self.before and self.before.start == start
        if not kept and not can_be_meant(start):
            raise ValidationError(_("Choose a date between 2000 and 2099."))
        return start

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        cleaned["month_end"] = cleaned.get("month_end") or MonthEnd.LAST.value
        cleaned["day_off"] = cleaned.get("day_off") or DayOff.STAY.value
        if cleaned.get("repeat"):
            repeat = Repeat(cleaned["repeat"])
            self._forget(OPTIONAL - self._asked(repeat))
            self._require(repeat)
            if not set(SCHEDULE_FIELDS) & set(self.errors):
                self._clean_schedule(repeat)
        return cleaned

    def _asked(self, repeat: Repeat) -> set[str]:
        """The fields that matter with what is chosen; a form that does not say how it ends means what it gives."""
        asked, cleaned = set(ASKED[repeat]), self.cleaned_data
        if "month_by" in asked:
            asked |= {"places", "place_day"} if cleaned.get("month_by") == "place" else {"month_days"}
        if "ends" in asked:
            given = "count" if self.data.get("count") else "date" if self.data.get("until") else "never"
            end = cleaned.get("ends") or given
            asked |= {"until"} if end == "date" else {"count"} if end == "count" else set()
        return asked

    def _forget(self, names: frozenset[str]) -> None:
        for name in names:
            self.errors.pop(name, None)
            self.cleaned_data[name] = self.fields[name].clean("")

    def _require(self, repeat: Repeat) -> None:
        """What is asked for and was left empty."""
        needed = {
            "recurrence": _("Write a rule such as FREQ=WEEKLY;INTERVAL=2."),
            "cron": _("Write a cron expression."),
            "weekdays": _("Choose at least one day of the week."),
            "places": _("Choose at least one."),
            "place_day": _("Choose a day."),
            "at": _("Say at what time."),
        }
        if self.cleaned_data.get("ends"):
            needed |= {"until": _("Choose the last day."), "count": _("Say how many times.")}
        for name in self._asked(repeat) & set(needed):
            if name not in self.errors and not self.cleaned_data.get(name):
                self.add_error(name, needed[name])

    def _clean_schedule(self, repeat: Repeat) -> None:
        schedule = None
        try:
            schedule = self._asked_schedule(repeat)
            if schedule != self.before:
                check(schedule)
        except ScheduleError as error:
            self.add_error(self._at_fault(repeat, schedule), str(error))
        else:
            self._check_that_it_comes(schedule)

    def _asked_schedule(self, repeat: Repeat) -> Schedule:
        """What the fields say, with the exceptions of the stored one that still stand. Raises ScheduleError."""
        cleaned, before, day_off = self.cleaned_data, self.before, DayOff(self.cleaned_data["day_off"])
        schedule = Schedule(
            zone=cleaned["zone"],
            start=cleaned["start"],
            times=tuple(cleaned["at"]),
            rule=self._rule(repeat),
            cron=cleaned["cron"],
            month_end=MonthEnd(cleaned["month_end"]),
            day_off=day_off,
        )
        if day_off != DayOff.STAY:
            calendar = work_calendar(self.instance.team, holidays_only=bool(cleaned.get("holidays_only")))
            schedule = replace(schedule, calendar=calendar)
        schedule = self._ended(schedule)
        if not before or schedule == replace(before, skipped=frozenset(), moved=()):
            return before or schedule
        return replace(
            schedule,
            skipped=frozenset(slot for slot in before.skipped if yields(schedule, slot)),
            moved=tuple((slot, to) for slot, to in before.moved if yields(schedule, slot)),
        )

    def _rule(self, repeat: Repeat) -> str:
        """As it was written before, where that says the same."""
        cleaned, before, start = self.cleaned_data, self.before, self.cleaned_data["start"]
        if repeat == Repeat.RULE:
            anchor = Schedule(cleaned["zone"], start, tuple(cleaned["at"]) or (time(),))
            rule = import_rule(cleaned["recurrence"], anchor, whole_day=True).rule
        else:
            rule = Pattern(
                repeat,
                cleaned["interval"] or 1,
                tuple(cleaned["weekdays"]),
                tuple(cleaned["months"]),
                cleaned["month_days"],
                tuple(cleaned["places"]),
                cleaned["place_day"],
            ).rule(start)
        unchanged = before and before.start == start and same_days(before.rule, rule, start)
        return before.rule if before and unchanged else rule

    def _ended(self, schedule: Schedule) -> Schedule:
        """A count begins at the start; an exact end stands while the last day does."""
        until, count, last = (self.cleaned_data.get(name) for name in ("until", "count", "last"))
        before = self.before
        if count:
            until = before.until if before and before.count == count else None
            return bounded(replace(schedule, count=count, until=until))
        return replace(schedule, until=until, last=last if last and last.date() == until else None)

    def _at_fault(self, repeat: Repeat, schedule: Schedule | None) -> str:
        """Where to say what is wrong with a schedule that `check` refuses; None: the rule cannot be made."""
        if schedule is None:
            return {Repeat.RULE: "recurrence", Repeat.CRON: "cron"}.get(repeat, "months")
        if schedule.until and schedule.until < schedule.start:
            return "until"
        at_one_time = replace(schedule, times=schedule.times[:1])
        if schedule.times and _is_accepted(at_one_time):
            return "at"
        if schedule.day_off != DayOff.STAY and _is_accepted(replace(at_one_time, day_off=DayOff.STAY)):
            return "day_off"
        if self.way == Way.RULE:
            return "recurrence"
        in_month = "places" if self.cleaned_data["places"] else "month_days"
        days = {Repeat.RULE: "recurrence", Repeat.CRON: "cron", Repeat.MONTHLY: in_month, Repeat.YEARLY: in_month}
        return days.get(repeat, "at")

    def _check_that_it_comes(self, schedule: Schedule) -> None:
        """Refuse a new time that has passed; an old reminder may be changed otherwise for ever."""
        if schedule == self.before or next_after(schedule, self.now):
            self.schedule = schedule
        elif not schedule.repeats:
            self.add_error("start", _("This time has passed. Choose a later one."))
        elif schedule.count:
            self.add_error("count", _("All of these have passed: begin later, or choose a larger number."))
        else:
            passed = _("It would not come due any more: this day has passed.")
            self.add_error("until" if schedule.until else "start", passed)


def _is_accepted(schedule: Schedule) -> bool:
    try:
        check(schedule)
    except ScheduleError:
        return False
    return True
