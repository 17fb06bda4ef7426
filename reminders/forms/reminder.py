"""Writing a reminder down."""

import uuid
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.db.models import Exists, OuterRef, QuerySet
from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.fields import AddressesField
from accounts.models import User
from reminders.ladder import check_lead_times
from reminders.models import Audience, Label, Reminder
from reminders.models.choices import Lateness, ZoneMode
from reminders.models.reminder import LATE_HOURS
from reminders.reach import Chosen, Reach, Reached, reach, reach_as_written
from reminders.schedule import DayOff, Repeat, Schedule, ScheduleError
from reminders.schedule.resolve import local_of
from teams.models import NotInvited, OutsideAddress, OutsideState, Role, Team

from .fields import LeadTimesField, lead_times_text
from .filling import TEXTS, Filled, Way, fill, times_said, words_values
from .label import LabelsField
from .schedule import SCHEDULE_FIELDS, ScheduleForm
from .values import Values, rule_text, values_of

MOST_LATE_HOURS = 168
# What a link to the form may fill in.
PREFILLED = ("title", "start", "at", "repeat", "cron", "until", "completion")
CHANGED_MEANWHILE = _(
    "Somebody changed this reminder after you opened it. Your text is kept: save again to replace theirs."
)
# What else there is to choose, each with what most people want.
USUAL = {
    "lead_times": "",
    "day_off": DayOff.STAY.value,
    "zone_mode": ZoneMode.FIXED.value,
    "lateness": Lateness.LATE.value,
    "late_hours": str(LATE_HOURS),
}


def _remembered() -> forms.CharField:
    """A text as it was when it last filled the form in."""
    return forms.CharField(required=False, strip=False, widget=forms.HiddenInput)


class ReminderForm(ScheduleForm):
    """One page for a new reminder and for a changed one. What is sent is filled in from the text changed last."""

    said = forms.CharField(
        label=_("In words"),
        required=False,
        help_text=_("Such as “every other Friday at 16:00 until 1 March, remind 1 day before”. It fills in the rest."),
    )
    said_filled, recurrence_filled, cron_filled = _remembered(), _remembered(), _remembered()
    lead_times = LeadTimesField(
        label=_("Also remind before"),
        required=False,
        widget=forms.TextInput,
        help_text=_("How long before, such as “1 day, 1 hour”; up to five."),
    )
    roles = forms.MultipleChoiceField(
        label=_("Roles"), required=False, choices=Role.choices, widget=forms.CheckboxSelectMultiple
    )
    new_outside = AddressesField(
        label=_("Also to addresses outside the team"),
        required=False,
        help_text=_("Each is asked by mail first, and gets it once it agrees."),
    )
    new_labels = LabelsField(
        label=_("New labels"),
        required=False,
        max_length=500,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("Several with commas between them."),
    )
    late_hours = forms.IntegerField(
        label=_("Up to how many hours late"),
        required=False,
        min_value=1,
        max_value=MOST_LATE_HOURS,
        initial=LATE_HOURS,
    )

    class Meta(ScheduleForm.Meta):
        fields = [
            *("title", "notes", *ScheduleForm.Meta.fields, "zone_mode", "lead_times", "lateness", "late_hours"),
            *("audience", "roles", "people", "outside", "completion", "labels"),
        ]
        widgets = {
            **ScheduleForm.Meta.widgets,
            "notes": forms.Textarea(attrs={"rows": 3}),
            "zone_mode": forms.RadioSelect,
            "lateness": forms.RadioSelect,
            "audience": forms.RadioSelect,
            "people": forms.CheckboxSelectMultiple,
            "outside": forms.CheckboxSelectMultiple,
            "completion": forms.RadioSelect,
            "labels": forms.CheckboxSelectMultiple,
        }
        labels = {
            **ScheduleForm.Meta.labels,
            "zone_mode": _("On whose clock"),
            "lateness": _("If it cannot go out on time"),
        }

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        team: Team,
        now: datetime,
        initial: Values | None = None,
        **options: Any,
    ) -> None:
        filled = Filled(data, Way.CONTROLS, []) if data is None else fill(data, team, now)
        super().__init__(filled.data, label_suffix="", **options)
        self.way, self.notices = filled.way, filled.notices
        self.team, self.now = team, now
        self.before = self.instance.schedule if self.instance.pk else None
        self.stored_at = self.instance.changed_at.isoformat() if self.instance.pk else ""
        self.initial.update(self._stored() | (initial or {}))
        self.fields["people"].queryset = team.members.filter(is_active=True).order_by("name", "pk")  # type: ignore[attr-defined]
        self.fields["labels"].queryset = team.labels.listed()  # type: ignore[attr-defined]
        self.fields["outside"].queryset = self._outside()  # type: ignore[attr-defined]
        self.fields["outside"].label_from_instance = _with_state  # type: ignore[attr-defined]
        for name in ("audience", "completion", "month_end", "day_off", "zone_mode", "lateness"):
            field = self.fields[name]
            field.required = name in {"audience", "completion"}
            field.choices = [(value, capfirst(label)) for value, label in field.choices if value]  # type: ignore[attr-defined]

    def _outside(self) -> QuerySet[OutsideAddress]:
        """Those of the team, but for those that want no mail and were not chosen before."""
        listed = self.team.outside_addresses.listed().order_by("email")
        theirs = Reminder.outside.through.objects.filter(outsideaddress=OuterRef("pk"), reminder=self.instance.pk)
        return listed.exclude(~Exists(theirs), state=OutsideState.STOPPED)

    def _stored(self) -> Values:
        """What the fields hold of a reminder that was stored."""
        if not self.before:
            return {"lead_times": ""}
        values = values_of(self.before) | {"lead_times": lead_times_text(self.instance.lead_times)}
        return values | {f"{text.value}_filled": values.get(text.value, "") for text in TEXTS}

    @property
    def token(self) -> str:
        """Names one filling-in of the form, so that sending it twice writes one reminder."""
        try:
            return str(uuid.UUID(self.data.get("token", "")))
        except ValueError:
            return str(uuid.uuid4())

    def reach(self) -> Reach:
        """Whom the reminder as it stands would reach now."""
        if not self.is_bound and self.instance.pk:
            return reach(self.instance)
        written = self.cleaned_data if self.is_bound else self.initial
        people = {int(getattr(person, "pk", person)) for person in written.get("people", [])}
        audience = written.get("audience") or Audience.TEAM
        chosen = Chosen(audience, written.get("roles", []), people, written.get("outside", []))
        found = reach_as_written(self.instance, self.team, chosen)
        found.misses.extend(Reached(email, gettext("is asked first")) for email in written.get("new_outside", []))
        return found

    def problems(self) -> list[str]:
        """What keeps the schedule from making sense, for the preview."""
        if not self.is_bound:
            return []
        return [
            f"{self.fields[name].label}: {error}" for name in SCHEDULE_FIELDS for error in self.errors.get(name, [])
        ]

    def asks_more(self) -> bool:
        """Whether something of what is rarely used is set or wrong."""
        unusual = any(str(self[name].value() or usual) != usual for name, usual in USUAL.items())
        elsewhere = self["zone"].value() != self.team.zone
        return unusual or elsewhere or any(name in self.errors for name in (*USUAL, "zone", "holidays_only"))

    def asks_for_text(self) -> bool:
        """Whether a rule or cron says when, or something in words or in a rule has to be looked at."""
        by_text = self["repeat"].value() in {Repeat.RULE, Repeat.CRON}
        return by_text or bool(self.notices) or any(text.value in self.errors for text in TEXTS)

    def as_filled(self) -> "ReminderForm":
        """The same values and nothing that is wrong with them, for the fields where nobody is writing."""
        values = {name: self[name].value() for name in self.fields}
        filled = ReminderForm(initial=values, instance=self.instance, team=self.team, now=self.now)
        filled.fields["at"].widget = self.fields["at"].widget
        return filled

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.before and self.data.get("stored_at") != self.stored_at:
            self.add_error(None, CHANGED_MEANWHILE)
        self._check_audience(cleaned)
        if cleaned.get("lateness") == Lateness.SKIP:
            self.errors.pop("late_hours", None)
        cleaned["late_hours"] = cleaned.get("late_hours") or LATE_HOURS
        for notice in self.notices:
            self.add_error("said", notice)
        if self.schedule and cleaned.get("lead_times"):
            self._check_lead_times(cleaned["lead_times"], self.schedule)
        self._write_texts()
        return cleaned

    def _check_audience(self, cleaned: dict[str, Any]) -> None:
        """Only the audience that was chosen counts; outside addresses are enough of one."""
        audience, outside = cleaned.get("audience"), cleaned.get("outside") or cleaned.get("new_outside")
        for name, of, words in (
            ("people", Audience.PEOPLE, _("Choose at least one person.")),
            ("roles", Audience.ROLES, _("Choose at least one role.")),
        ):
            if audience != of:
                cleaned[name] = []
                self.errors.pop(name, None)
            elif name in cleaned and not cleaned[name] and not outside:
                self.add_error(name, words)

    def clean_new_outside(self) -> list[str]:
        emails: list[str] = self.cleaned_data["new_outside"]
        for email in emails:
            try:
                OutsideAddress.objects.check_may_be_asked(self.team, email)
            except NotInvited as error:
                raise forms.ValidationError(str(error)) from None
        return emails

    def _check_lead_times(self, lead_times: list[int], schedule: Schedule) -> None:
        try:
            check_lead_times(lead_times, schedule, self.now)
        except ScheduleError as error:
            self.add_error("lead_times", str(error))

    def _write_texts(self) -> None:
        """What the controls say, as a rule; a cron expression only where that was chosen."""
        if self.way != Way.CONTROLS:
            return
        if self.schedule:
            self._write("recurrence", rule_text(self.schedule))
        if self.cleaned_data.get("repeat") != Repeat.CRON:
            self._write("cron", "")

    def _write(self, name: str, text: str) -> None:
        self.data[name] = self.data[f"{name}_filled"] = text  # type: ignore[index]

    def save(self, commit: bool = True) -> Reminder:
        """Write the fields, the people and the upcoming occurrences. Changing one needs its lock."""
        assert self.schedule is not None
        self.instance.schedule = self.schedule
        continues = self.instance.continues if self.instance._state.adding else None
        reminder = super().save(commit)
        if continues:
            reminder.muted_by.set(continues.muted_by.all())
        reminder.labels.add(*Label.objects.named(self.team, self.cleaned_data["new_labels"]))
        reminder.arrange(self.now)
        return reminder


def _with_state(address: OutsideAddress) -> str:
    return address.email if address.state == OutsideState.AGREED else f"{address} ({address.get_state_display()})"


def first_form(team: Team, author: User, now: datetime, asked: QueryDict) -> ReminderForm:
    """A new reminder's form: the next full hour of the team, and what the link asked for, in words or by field."""
    begin, notices = _begin(team, now, asked) | {"people": [str(author.pk)]}, list[str]()
    if said := asked.get("said", "").strip():
        values, notices = words_values(said, team, team.zone, now)
        begin |= times_said(said, now) | values | {"said": said}
        begin |= {f"{text.value}_filled": begin.get(text.value, "") for text in TEXTS}
    begin |= {name: asked[name] for name in PREFILLED if name in asked}
    form = ReminderForm(initial=begin, team=team, now=now)
    form.notices = notices
    form.fields["title"].widget.attrs["autofocus"] = True
    return form


def _begin(team: Team, now: datetime, asked: QueryDict) -> Values:
    hour = local_of(now, ZoneInfo(team.zone)).replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    start = hour.date()
    with suppress(ValueError):
        start = date.fromisoformat(asked.get("start", ""))
    values = values_of(Schedule(team.zone, start, (hour.time(),)))
    if "until" in asked:
        values["ends"] = "date"
    return values | ({"weekdays": asked.getlist("weekdays")} if "weekdays" in asked else {})
