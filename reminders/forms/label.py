"""A label, and the names of labels in one line."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reminders.models import Label
from reminders.models.label import LABELS_AT_MOST, LONGEST
from teamreminders.text import validate_one_line
from teams.models import Team
from teams.models.team import HUES

NEW_AT_ONCE = 10
HUE_NAMES = (
    gettext_lazy("orange"),
    gettext_lazy("blue"),
    gettext_lazy("green"),
    gettext_lazy("purple"),
    gettext_lazy("teal"),
    gettext_lazy("pink"),
)


def one_label(name: str) -> str:
    """Raises ValidationError for what is no name of a label."""
    name = name.strip().removeprefix("#").strip()
    validate_one_line(name)
    if not name or "," in name or len(name) > LONGEST:
        raise ValidationError(_("A label has 1 to %(n)s letters, and no comma.") % {"n": LONGEST})
    return name


class LabelsField(forms.CharField):
    """Names with commas between them; cleans to a list of different ones."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        names = [one_label(name) for name in text.split(",") if name.strip()]
        if len(names) > NEW_AT_ONCE:
            raise ValidationError(_("At most %(n)s at once.") % {"n": NEW_AT_ONCE})
        return list({name.casefold(): name for name in names}.values())


class LabelForm(forms.ModelForm):
    """A new one, or another name and colour for one."""

    hue = forms.TypedChoiceField(
        label=gettext_lazy("Colour"),
        choices=list(enumerate(HUE_NAMES, start=1)),
        coerce=int,
        widget=forms.RadioSelect,
        required=False,
    )

    class Meta:
        model = Label
        fields = ["name", "hue"]

    def __init__(self, data: Any = None, *, team: Team, instance: Label | None = None) -> None:
        self.team = team
        known = team.labels.filter(deleted_at=None)
        self._others = known.exclude(pk=instance.pk) if instance else known
        super().__init__(data, label_suffix="", instance=instance or Label(team=team, hue=known.count() % HUES + 1))

    def clean_name(self) -> str:
        name = one_label(self.cleaned_data["name"])
        if self._others.filter(name__iexact=name).exists():
            raise ValidationError(_("There is a label of this name already."))
        if self.instance._state.adding and self._others.count() >= LABELS_AT_MOST:
            raise ValidationError(_("A team has at most %(n)s labels.") % {"n": LABELS_AT_MOST})
        return name

    def clean_hue(self) -> int:
        return self.cleaned_data["hue"] or self.instance.hue
