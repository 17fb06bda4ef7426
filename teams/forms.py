"""Writing down a team."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import ZoneField

from .models import Team


class TeamForm(forms.ModelForm):
    """Name and zone, for a new team as for a renamed one."""

    zone = ZoneField(help_text=_("New reminders start with it; each can have its own."))

    class Meta:
        model = Team
        fields = ["name", "zone"]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **options})
        if not self.is_bound:
            self.fields["name"].widget.attrs["autofocus"] = True
