"""Which part of a team's activity somebody wants to see."""

from datetime import datetime, timezone

from django import forms
from django.forms.utils import ErrorDict
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from reminders.activity import Chosen
from teams.models import Change, Kind, Team

KINDS = {
    "reminders": (_("Reminders"), (Kind.REMINDER,)),
    "people": (_("People"), (Kind.MEMBER, Kind.INVITATION, Kind.OFFER, Kind.OUTSIDE)),
    "team": (_("The team itself"), (Kind.TEAM, Kind.LINK)),
}


class ActivityForm(forms.Form):
    """Read from the query string, never wrong: what it does not know it leaves out."""

    by = forms.ModelChoiceField(
        User.objects.none(), label=_("By"), required=False, to_field_name="uuid", empty_label=_("everybody")
    )
    kind = forms.ChoiceField(
        label=_("About"),
        required=False,
        choices=[("", _("everything")), *((name, label) for name, (label, _kinds) in KINDS.items())],
    )

    def __init__(self, data: QueryDict, *, team: Team) -> None:
        super().__init__(data, label_suffix="")
        people = User.objects.filter(pk__in=Change.objects.people(team)).order_by("name", "pk")
        self.fields["by"].queryset = people  # type: ignore[attr-defined]

    def chosen(self) -> Chosen:
        self.full_clean()
        self._errors = ErrorDict()  # an old address shows everything, and blames nobody
        kind = self.cleaned_data.get("kind", "")
        return Chosen(self.cleaned_data.get("by"), KINDS[kind][1] if kind else (), instant(self.data.get("before", "")))


def instant(text: str) -> datetime | None:
    """Of the query string, in UTC; None for what is none, or is too far off for a page or the database to say."""
    try:
        at = datetime.fromisoformat(text)
        at = at.astimezone(timezone.utc) if at.tzinfo else datetime.max
    except (ValueError, OverflowError):
        return None
    return at if 2000 <= at.year < 2100 else None
