"""Writing a reminder down."""

import uuid
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.dates import WEEKDAYS
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.forms import ZoneField
from accounts.models import User
from teams.models import Team

from .models import Audience, Reminder
from .schedule import (
    MonthEnd,
    Repeat,
    Schedule,
    ScheduleError,
    check,
    export_rule,
    import_rule,
    next_after,
    repeat_of,
    rule_for,
)
from .schedule.resolve import local_of
from .schedule.rule import MAX_LENGTH
from .schedule.words import clock_face

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
# What a link to the form may fill in.
PREFILLED = ("title", "start", "at", "repeat", "cron", "until", "completion")
CHANGED_MEANWHILE = _(
    "Somebody changed this reminder after you opened it. Your text is kept: save again to replace theirs."
)
SCHEDULE_FIELDS = ("repeat", "weekdays", "start", "at", "recurrence", "cron", "until", "zone")


def _imported(rule: str, schedule: Schedule) -> Schedule:
    """The form has a first day and no DTSTART, so that BYHOUR may come before its time."""
    return import_rule(rule, replace(schedule, until=None), whole_day=True)


class TimesField(forms.Field):
    """One time of day or several with commas between; cleans to a sorted list."""

    widget = forms.TimeInput(attrs={"type": "time", "step": "1"})

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(clock_face(at) for at in value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[time]:
        one = forms.TimeField(error_messages={"invalid": _("Write times such as 09:00 or 16:30.")})
        words = [word for word in str(value or "").split(",") if word.strip()]
        return sorted({one.clean(word).replace(microsecond=0) for word in words})


class ReminderForm(forms.ModelForm):
    """One page for a new reminder and for a changed one. `schedule` is there once its fields make sense."""

    at = TimesField(label=_("Time"), required=False)
    repeat = forms.ChoiceField(label=_("Repeat"), choices=REPEATS, widget=forms.RadioSelect)
    weekdays = forms.TypedMultipleChoiceField(
        label=_("On"), choices=WEEKDAYS.items(), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    recurrence = forms.CharField(
        label=_("Rule"),
        required=False,
        max_length=MAX_LENGTH,
        help_text=_("As calendars write it: “FREQ=MONTHLY;BYDAY=-1FR” is the last Friday of every month."),
    )
    zone = ZoneField()

    class Meta:
        model = Reminder
        fields = [
            *("title", "notes", "repeat", "weekdays", "start", "at", "cron", "until", "month_end", "zone"),
            *("audience", "people", "completion"),
        ]
        widgets = {
            "notes": forms.Textarea(attrs={"rows": 3}),
            "start": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            "until": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            "month_end": forms.RadioSelect,
            "audience": forms.RadioSelect,
            "people": forms.CheckboxSelectMultiple,
            "completion": forms.RadioSelect,
        }
        labels = {"month_end": _("Where a month lacks that day"), "cron": _("Cron expression")}
        help_texts = {
            "cron": _("Minute, hour, day, month, weekday: “30 8 * * MON-FRI” is every weekday at 08:30."),
            "until": _("The last day; leave it empty to go on."),
        }

    def __init__(self, data: QueryDict | None = None, *, team: Team, now: datetime, **options: Any) -> None:
        super().__init__(data, label_suffix="", **options)
        self.now = now
        self.schedule: Schedule | None = None
        self.before = self.instance.schedule if self.instance.pk else None
        self.stored_at = self.instance.changed_at.isoformat() if self.instance.pk else ""
        self.fields["people"].queryset = team.members.filter(is_active=True).order_by("name", "pk")  # type: ignore[attr-defined]
        self.fields["month_end"].required = False
        for name in ("audience", "completion", "month_end"):
            field = self.fields[name]
            field.choices = [(value, capfirst(label)) for value, label in field.choices]  # type: ignore[attr-defined]
        if not self.is_bound and not self.instance.pk:
            self.fields["title"].widget.attrs["autofocus"] = True
        if len(self.instance.times or []) > 1:
            self.fields["at"].widget = forms.TextInput()
            self.fields["at"].help_text = _("Several times, with commas between.")
        if self.before:
            repeat, weekdays = repeat_of(self.before)
            self.initial.update(at=list(self.before.times), repeat=repeat.value, weekdays=weekdays)
            if repeat == Repeat.RULE:
                self.initial["recurrence"] = export_rule(self.before)

    @property
    def token(self) -> str:
        """Names one filling-in of the form, so that sending it twice writes one reminder."""
        try:
            return str(uuid.UUID(self.data.get("token", "")))
        except ValueError:
            return str(uuid.uuid4())

    def reach(self) -> int:
        """How many people the reminder as it stands would reach now."""
        if not self.is_bound and self.instance.pk:
            return self.instance.recipients().count()
        everybody = self.fields["people"].queryset  # type: ignore[attr-defined]
        chosen = self.cleaned_data if self.is_bound else self.initial
        return len(chosen.get("people", [])) if chosen.get("audience") == Audience.PEOPLE else everybody.count()

    def problems(self) -> list[str]:
        """What keeps the schedule from making sense, for the preview."""
        if not self.is_bound:
            return []
        return [
            f"{self.fields[name].label}: {error}" for name in SCHEDULE_FIELDS for error in self.errors.get(name, [])
        ]

    def clean_start(self) -> date:
        """Refuse years that nobody means and that calendar arithmetic cannot reach."""
        start: date = self.cleaned_data["start"]
        if not 2000 <= start.year < 2100:
            raise ValidationError(_("Choose a date between 2000 and 2099."))
        return start

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.before and self.data.get("stored_at") != self.stored_at:
            self.add_error(None, CHANGED_MEANWHILE)
        if cleaned.get("audience") == Audience.TEAM:
            cleaned["people"] = []
        elif "people" in cleaned and not cleaned["people"]:
            self.add_error("people", _("Choose at least one person."))
        repeat = cleaned.get("repeat")
        if repeat != Repeat.CRON:
            cleaned["cron"] = ""
        if repeat == Repeat.ONCE:
            cleaned["until"] = None
            self.errors.pop("until", None)
        cleaned["month_end"] = cleaned.get("month_end") or MonthEnd.LAST.value
        if repeat and not set(SCHEDULE_FIELDS) & set(self.errors):
            self._clean_schedule(Repeat(repeat))
        return cleaned

    def _clean_schedule(self, repeat: Repeat) -> None:
        cleaned = self.cleaned_data
        if repeat == Repeat.RULE and not cleaned["recurrence"]:
            self.add_error("recurrence", _("Write a rule such as FREQ=WEEKLY;INTERVAL=2."))
        elif repeat == Repeat.CRON and not cleaned["cron"]:
            self.add_error("cron", _("Write a cron expression."))
        elif repeat == Repeat.WEEKLY and not cleaned.get("weekdays"):
            self.add_error("weekdays", _("Choose at least one day of the week."))
        elif repeat != Repeat.CRON and not cleaned["at"]:
            self.add_error("at", _("Say at what time."))
        else:
            schedule = self._simple_schedule(repeat)
            try:
                if repeat == Repeat.RULE:
                    schedule = self._by_rule(schedule)
                check(schedule)
            except ScheduleError as error:
                self.add_error(self._field_of(schedule, repeat), str(error))
            else:
                self._check_that_it_comes(schedule)

    def _by_rule(self, schedule: Schedule) -> Schedule:
        """UNTIL of the rule counts where the field is empty. A rule that was stored keeps what its text cannot say."""
        imported, before = _imported(self.cleaned_data["recurrence"], schedule), self.before
        if imported.until is None:
            imported = replace(imported, until=schedule.until)
        if before and before.rule == imported.rule:
            same_end = before.until == imported.until and not imported.count
            last = before.last if same_end else imported.last
            imported = replace(imported, month_end=before.month_end, last=last)
        return imported

    def _simple_schedule(self, repeat: Repeat) -> Schedule:
        cleaned = self.cleaned_data
        return Schedule(
            zone=cleaned["zone"],
            start=cleaned["start"],
            times=() if repeat == Repeat.CRON else tuple(cleaned["at"]),
            rule=rule_for(repeat, cleaned["start"], cleaned.get("weekdays") or []),
            cron=cleaned["cron"],
            until=cleaned["until"],
            month_end=MonthEnd(cleaned["month_end"]),
        )

    @staticmethod
    def _field_of(schedule: Schedule, repeat: Repeat) -> str:
        """Where to say what is wrong with a schedule."""
        if schedule.until and schedule.until < schedule.start:
            return "until"
        if repeat == Repeat.RULE and schedule.times:
            return "recurrence"
        return "cron" if schedule.cron else "at"

    def _check_that_it_comes(self, schedule: Schedule) -> None:
        """Refuse a new time that has passed; an old reminder may be changed otherwise for ever."""
        if schedule != self.before and next_after(schedule, self.now) is None:
            if schedule.repeats:
                self.add_error("until", _("It would not come due any more: this day has passed."))
            else:
                self.add_error("start", _("This time has passed. Choose a later one."))
        else:
            self.schedule = schedule

    def save(self, commit: bool = True) -> Reminder:
        """Write the fields, the people and the upcoming occurrences. Changing one needs its lock."""
        assert self.schedule is not None
        self.instance.schedule = self.schedule
        reminder = super().save(commit)
        reminder.arrange(self.now)
        return reminder


def first_values(team: Team, author: User, now: datetime, asked: QueryDict) -> dict[str, Any]:
    """What a new reminder's form begins with: the next full hour of the team, and what the link asked for."""
    hour = local_of(now, ZoneInfo(team.zone)).replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    begin: dict[str, Any] = {"zone": team.zone, "start": hour.date(), "at": [hour.time()], "repeat": Repeat.ONCE.value}
    begin |= {name: asked[name] for name in PREFILLED if name in asked}
    weekdays: list[Any] = asked.getlist("weekdays") or [hour.weekday()]
    return begin | {"weekdays": weekdays, "people": [author.pk]}


class ListForm(forms.Form):
    """What a team's page shows; read from the query string, never wrong."""

    q = forms.CharField(label=_("Search"), required=False, max_length=100, strip=True)
    mine = forms.BooleanField(label=_("Written by me"), required=False)
    paused = forms.BooleanField(label=_("Paused"), required=False)

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data, label_suffix="")

    def chosen(self) -> dict[str, Any]:
        return self.cleaned_data if self.is_valid() else {}
