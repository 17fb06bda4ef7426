"""What a list shows."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from reminders.lists import Sort, Wanted, Which
from reminders.models import Label


class ListForm(forms.Form):
    """What a team's page shows; read from the query string, never wrong: what it does not know it leaves out."""

    q = forms.CharField(
        label=_("Search"),
        required=False,
        max_length=100,
        widget=forms.SearchInput(
            attrs={"placeholder": _("Search titles and notes"), "data-key": "/", "autocomplete": "off"}
        ),
    )
    label = forms.ChoiceField(label=_("Label"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("Any state")), *Which.choices])
    sort = forms.ChoiceField(label=_("Order"), required=False, choices=Sort.choices)
    mine = forms.BooleanField(label=_("Written by me"), required=False)
    for_me = forms.BooleanField(label=_("For me"), required=False)

    def __init__(self, data: QueryDict, *, labels: Iterable[Label]) -> None:
        super().__init__(data, label_suffix="")
        choices: list[Any] = [("", _("Any label")), *((str(label.uuid), label.name) for label in labels)]
        self.fields["label"].choices = choices  # type: ignore[attr-defined]
        self.full_clean()

    def wanted(self) -> Wanted:
        told = {name: value for name, value in self.cleaned_data.items() if name != "sort" and value}
        if "label" in told:
            told["label"] = UUID(told["label"])
        return Wanted(**told)

    @property
    def order(self) -> str:
        return self.cleaned_data.get("sort") or Sort.NEXT
