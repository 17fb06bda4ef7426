"""What somebody does to many reminders at once."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

from accounts.models import User
from reminders.models import BulkAct, Label
from teams.models import WRITERS, Membership, Team

from .label import one_label

OF_A_LABEL = (BulkAct.Verb.LABEL, BulkAct.Verb.UNLABEL)


def may_write(team: Team) -> Any:
    """Those to whom a reminder of the team may be handed."""
    writers = Membership.objects.filter(team=team, role__in=WRITERS).values("user")
    return User.objects.filter(pk__in=writers, is_active=True)


class UuidsField(forms.Field):
    """Checkboxes of one name; cleans to a list, whose rows need not exist."""

    widget = forms.MultipleHiddenInput

    def clean(self, value: Any) -> list[UUID]:
        try:
            return [UUID(each) for each in value or []]
        except ValueError:
            raise forms.ValidationError(_("Choose reminders first.")) from None


class BulkForm(forms.Form):
    """`reminder`: those that were chosen; `all`: instead of them, all that the address of the form filters."""

    reminder = UuidsField(required=False)
    all = forms.BooleanField(required=False)
    label = forms.ModelChoiceField(Label.objects.none(), required=False, to_field_name="uuid")
    new_label = forms.CharField(required=False)
    person = forms.ModelChoiceField(User.objects.none(), required=False, to_field_name="uuid")

    def __init__(self, data: QueryDict, *, team: Team, verb: str) -> None:
        super().__init__(data)
        self.team, self.verb = team, verb
        self.fields["label"].queryset = team.labels.listed()  # type: ignore[attr-defined]
        self.fields["person"].queryset = may_write(team)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("all") and not cleaned.get("reminder") and "reminder" not in self.errors:
            raise forms.ValidationError(_("Choose reminders first."))
        named = cleaned.get("label") or (self.verb == BulkAct.Verb.LABEL and cleaned.get("new_label"))
        if self.verb in OF_A_LABEL and not named:
            raise forms.ValidationError(_("Choose a label, or write a new one."))
        if self.verb == BulkAct.Verb.HAND_OVER and not cleaned.get("person"):
            raise forms.ValidationError(_("Choose somebody of the team who writes reminders."))
        return cleaned

    def clean_new_label(self) -> str:
        name: str = self.cleaned_data["new_label"]
        return one_label(name) if name else ""

    def act(self, by: User, now: datetime) -> BulkAct:
        """As it was filled in; a new label is made."""
        label, name = self.cleaned_data["label"], self.cleaned_data["new_label"]
        if self.verb == BulkAct.Verb.LABEL and name:
            [label] = Label.objects.named(self.team, [name])
        of_label, of_person = self.verb in OF_A_LABEL, self.verb == BulkAct.Verb.HAND_OVER
        return BulkAct(
            team=self.team,
            by=by,
            verb=self.verb,
            at=now,
            label=label if of_label else None,
            person=self.cleaned_data["person"] if of_person else None,
        )

    def wrong(self) -> str:
        """The first that is."""
        return str(next(iter(self.errors.values()))[0])
