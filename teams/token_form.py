"""Making an access token: what it may do, where, and for how long."""

from datetime import datetime, time, timedelta
from typing import Any
from uuid import uuid4

from django import forms
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import AccessToken, Scope, User
from accounts.models.token import AT_MOST
from teamreminders.clock import zone_or_utc
from teamreminders.text import validate_one_line

from .models import Team

ALL, SOME = "all", "some"
DATE, NEVER = "date", "never"
LASTS = [
    ("30", gettext_lazy("30 days")),
    ("90", gettext_lazy("90 days")),
    ("365", gettext_lazy("A year")),
    (DATE, gettext_lazy("Until a date")),
    (NEVER, gettext_lazy("For ever")),
]
LONGEST = timedelta(days=10 * 366)


class TokenForm(forms.Form):
    """`token` names the filling-in: sent twice, it makes one."""

    token = forms.UUIDField(widget=forms.HiddenInput)
    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=80,
        validators=[validate_one_line],
        help_text=gettext_lazy("What it is for, such as “backup script”."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    scope = forms.ChoiceField(
        label=gettext_lazy("It may"),
        choices=[
            (Scope.READ.value, gettext_lazy("Read only")),
            (Scope.WRITE.value, gettext_lazy("Read and write, as you may yourself")),
        ],
        initial=Scope.READ,
        widget=forms.RadioSelect,
    )
    where = forms.ChoiceField(
        label=gettext_lazy("For"),
        choices=[
            (ALL, gettext_lazy("All my teams, also later ones")),
            (SOME, gettext_lazy("Some of my teams")),
        ],
        initial=ALL,
        widget=forms.RadioSelect,
    )
    teams = forms.ModelMultipleChoiceField(
        label=gettext_lazy("These teams"),
        queryset=Team.objects.none(),
        to_field_name="uuid",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    lasts = forms.ChoiceField(label=gettext_lazy("It lasts"), choices=LASTS, initial="90", widget=forms.RadioSelect)
    until = forms.DateField(
        label=gettext_lazy("Last day"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )

    def __init__(self, *args: Any, person: User, now: datetime, **options: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", "initial": {"token": uuid4()}, **options})
        self._person, self._now = person, now
        mine = Team.objects.visible_to(person).order_by("name", "pk")
        self.fields["teams"].queryset = mine  # type: ignore[attr-defined]
        if not mine.exists():  # nothing to choose from yet
            del self.fields["where"], self.fields["teams"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("where") == SOME and not cleaned.get("teams") and "teams" not in self.errors:
            self.add_error("teams", _("Choose at least one team."))
        if cleaned.get("lasts") == DATE and "until" not in self.errors:
            self._check_until()
        if not self.errors and not AccessToken.objects.room_for(self._person):
            self.add_error(None, _("You have %(most)d tokens. Revoke one first.") % {"most": AT_MOST})
        return cleaned

    def make(self) -> tuple[AccessToken, str] | None:
        """The new one and its secret; None where this filling-in has made it already."""
        said = self.cleaned_data
        fields = {"name": said["name"], "scope": said["scope"], "expires_at": self._expires_at()}
        some = said.get("where") == SOME
        try:
            with transaction.atomic():
                token, secret = AccessToken.objects.make(self._person, uuid=said["token"], all_teams=not some, **fields)
                token.teams.set(said["teams"] if some else [])
        except IntegrityError:
            return None
        return token, secret

    def _check_until(self) -> None:
        expires_at = self._expires_at()
        if expires_at is None:
            self.add_error("until", _("Which day?"))
        elif expires_at <= self._now:
            self.add_error("until", _("That day is over."))
        elif expires_at > self._now + LONGEST:
            self.add_error("until", _("Ten years ahead at most."))

    def _expires_at(self) -> datetime | None:
        """A date holds until the end of that day, where the person lives."""
        lasts = self.cleaned_data["lasts"]
        if lasts == NEVER:
            return None
        if lasts != DATE:
            return self._now + timedelta(days=int(lasts))
        day = self.cleaned_data["until"]
        return day and datetime.combine(day, time(23, 59, 59), zone_or_utc(self._person.zone))
