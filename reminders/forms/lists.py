"""What a list shows."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _


class ListForm(forms.Form):
    """What a team's page shows; read from the query string, never wrong."""

    q = forms.CharField(label=_("Search"), required=False, max_length=100, strip=True)
    mine = forms.BooleanField(label=_("Written by me"), required=False)
    paused = forms.BooleanField(label=_("Paused"), required=False)

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data, label_suffix="")

    def chosen(self) -> dict[str, Any]:
        return self.cleaned_data if self.is_valid() else {}
