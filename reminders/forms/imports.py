"""Uploading a file with reminders."""

from datetime import datetime, time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from reminders.imports import Unreadable, kind_of, read
from reminders.models import Import
from reminders.models.file_import import ALL_DAY_AT
from teamreminders.http import MOST_IMPORTED
from teamreminders.text import one_line
from teams.models import Team

# Of a JSON document that is not as it has to be, so many places are shown.
PLACES_SHOWN = 8
LONGEST_NAME = 200


class ImportForm(forms.Form):
    """The file is looked through at once, so that nobody is sent on with one that cannot be read."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("An export of a team (.json), or a calendar (.ics). 5 MB and 1,000 reminders at most."),
        widget=forms.FileInput(attrs={"accept": ".json,.ics,application/json,text/calendar"}),
        error_messages={"required": _("Choose a file."), "empty": _("This file is empty.")},
    )
    all_day_at = forms.TimeField(
        label=_("Events without a time come at"),
        required=False,
        initial=ALL_DAY_AT,
        help_text=_("Of a calendar: birthdays and such."),
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
    )

    def __init__(self, *args: Any, team: Team, now: datetime, **options: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **options})
        self._team, self._now = team, now

    def clean_all_day_at(self) -> time:
        at: time | None = self.cleaned_data["all_day_at"]
        return (at or ALL_DAY_AT).replace(second=0, microsecond=0)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        file = cleaned.get("file")
        if not file or self.errors:
            return cleaned
        if file.size > MOST_IMPORTED:
            self.add_error("file", _("This file is too large: 5 MB at most. Divide it."))
            return cleaned
        cleaned["content"] = content = file.read()
        try:
            read(kind_of(content), content, self._team, self._now, cleaned["all_day_at"])
        except Unreadable as error:
            places = [f"{where}: {wrong}" for where, wrong in error.errors]
            self.add_error("file", [str(error), *places[:PLACES_SHOWN]])
        return cleaned

    def save(self, person: User) -> Import:
        said = self.cleaned_data
        return Import.objects.create(
            team=self._team,
            user=person,
            kind=kind_of(said["content"]),
            name=one_line(said["file"].name)[:LONGEST_NAME] or "-",
            content=said["content"],
            all_day_at=said["all_day_at"],
            created_at=self._now,
        )
