"""Writing down a team, and which days it works."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import DomainNameValidator
from django.http import QueryDict
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.fields import AddressesField, ZoneField

from .models import GIVEN, JoinLink, Role, Team
from .periods import PeriodsField
from .places import country_names, place_name, region_names


class TeamForm(forms.ModelForm):
    """What a team begins with."""

    zone = ZoneField(help_text=gettext_lazy("New reminders start with it; each can have its own."))

    class Meta:
        model = Team
        fields = ["name", "zone"]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **options})
        if not self.is_bound:
            self.fields["name"].widget.attrs["autofocus"] = True


class TeamSettingsForm(TeamForm):
    class Meta(TeamForm.Meta):
        fields = ["name", "zone", "subject_prefix"]
        # app.js shows in the example what is typed.
        widgets = {"subject_prefix": forms.TextInput(attrs={"autocomplete": "off", "data-example": "prefix"})}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for field in self.fields.values():
            field.show_hidden_initial = True  # what was shown: only what differs from it is meant

    def save(self, commit: bool = True) -> Team:
        """Of two tabs, or two people, each changes what they have touched."""
        if self.changed_data:
            self.instance.save(update_fields=self.changed_data)
        return self.instance

    def clean_subject_prefix(self) -> str:
        """Without the brackets that it is shown in, should somebody type them along."""
        prefix: str = self.cleaned_data["subject_prefix"]
        return prefix.removeprefix("[").removesuffix("]").strip()


class InviteForm(forms.Form):
    """Addresses and what they become."""

    emails = AddressesField(
        label=gettext_lazy("E-mail addresses"),
        help_text=gettext_lazy("Several at once, if you like: with commas, spaces or lines between them."),
    )
    role = forms.ChoiceField(
        label=gettext_lazy("They become"),
        choices=[(role.value, role.label) for role in GIVEN],
        initial=Role.MEMBER,
        help_text=gettext_lazy("Viewers read and answer, members write reminders, admins manage all."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **options})


class OutsideForm(forms.Form):
    """Addresses outside the team that are asked whether they want its reminders."""

    emails = AddressesField(
        label=gettext_lazy("Addresses to ask"),
        help_text=gettext_lazy("Each gets a mail that asks whether it wants reminders of this team."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", "auto_id": "outside_%s", **options})


class JoinLinkForm(forms.ModelForm):
    domains = forms.CharField(
        label=gettext_lazy("Only addresses at"),
        required=False,
        max_length=1000,
        help_text=gettext_lazy(
            "Such as example.org; several with commas between them. Empty: everybody who has the link."
        ),
    )
    needs_approval = forms.BooleanField(label=gettext_lazy("An admin has to agree to each"), required=False)

    class Meta:
        model = JoinLink
        fields = ["role", "domains", "needs_approval"]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", "auto_id": "link_%s", **options})
        self.initial["domains"] = ", ".join(self.instance.domains)

    def clean_domains(self) -> list[str]:
        """In lower case, without an @ before them."""
        words = re.split(r"[\s,;]+", self.cleaned_data["domains"].lower())
        domains = list(dict.fromkeys(word.lstrip("@") for word in words if word))
        for domain in domains:
            try:
                DomainNameValidator(accept_idna=False)(domain)
            except ValidationError:
                raise ValidationError(_("“%(domain)s” is not the part after the @.") % {"domain": domain}) from None
        return domains


class CloseForm(forms.Form):
    """Asks for the name, since nothing brings a team back."""

    name = forms.CharField(label=gettext_lazy("Its name"), widget=forms.TextInput(attrs={"autocomplete": "off"}))

    def __init__(self, *args: Any, team: Team, **options: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **options})
        self._team = team
        self.fields["name"].help_text = _("Type “%(team)s” to say that you mean it.") % {"team": team}

    def clean_name(self) -> str:
        """Compared without case and outer blanks."""
        name: str = self.cleaned_data["name"]
        if name.strip().casefold() != self._team.name.strip().casefold():
            raise ValidationError(_("That is not its name."))
        return name


class WorkingDaysForm(forms.ModelForm):
    """The weekdays that a team works, and its days off among them.

    A place that was chosen before stays valid when the lists of holidays drop it: a form changes nothing unasked.
    """

    working_days = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Working days"),
        choices=list(WEEKDAYS.items()),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one day.")},
    )
    country = forms.CharField(
        label=gettext_lazy("Public holidays of"), required=False, max_length=2, widget=forms.Select
    )
    region = forms.CharField(
        label=gettext_lazy("Region"),
        required=False,
        max_length=40,
        widget=forms.Select,
        help_text=gettext_lazy("Regions have holidays of their own."),
    )
    days_off = PeriodsField(
        label=gettext_lazy("Days off of your own"),
        required=False,
        help_text=gettext_lazy("For a single day leave “to” empty."),
    )

    class Meta:
        model = Team
        fields = ["working_days", "country", "region", "days_off"]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **options})
        self.before = (self.instance.country, self.instance.region)
        self.place = tuple(str(self[name].value() or "") for name in ("country", "region"))
        country, region = self.place
        self.regions = region_names(country)
        self._offer("country", country_names(), country, _("No public holidays"))
        self._offer("region", self.regions, region if self.place == self.before else "", _("Nationwide only"))

    @classmethod
    def looked_at(cls, data: QueryDict, *, instance: Team) -> "WorkingDaysForm":
        """The form on its way to being filled in: a region of the country chosen before is no mistake yet."""
        data = data.copy()
        if data.get("region") not in region_names(data.get("country", "")):
            data["region"] = ""
        return cls(data, instance=instance)

    def clean_working_days(self) -> list[int]:
        return sorted(set(self.cleaned_data["working_days"]))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        country, region = cleaned.get("country", ""), cleaned.get("region", "")
        if (country, region) == self.before:
            return cleaned
        if country and country not in country_names():
            self._refuse_place("country", _("Choose a country from the list."))
        elif region and region not in region_names(country):
            self._refuse_place("region", self._no_such_region(country, region))
        return cleaned

    def _refuse_place(self, field: str, words: str) -> None:
        """Neither half of it is taken."""
        self.add_error(field, ValidationError(words))
        for name in ("country", "region"):
            self.cleaned_data.pop(name, None)

    def _no_such_region(self, country: str, region: str) -> str:
        if not country:
            return _("Choose the country first.")
        names = {"region": region_names(self.before[0]).get(region, region), "country": place_name(country)}
        return _("%(region)s is not a region of %(country)s: choose one of its regions, or none.") % names

    def _offer(self, name: str, places: dict[str, str], chosen: str, none: str) -> None:
        """The places to choose from, and the one chosen before that is no longer among them."""
        gone = [(chosen, chosen)] if chosen and chosen not in places else []
        select = self.fields[name].widget
        assert isinstance(select, forms.Select)
        select.choices = [("", none), *places.items(), *gone]
