"""Fields that several forms have."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from django import forms
from django.core.validators import validate_email
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from teamreminders.clock import ZONES, old_names, validate_zone

from .addresses import validate_printable

# Where people live; the other names that a zone may have ("US/Eastern") stay valid but are not offered.
REGIONS = ("Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific", "UTC")


def zone_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Zones by region, under the names of their towns."""
    regions: dict[str, list[tuple[str, str]]] = {region: [] for region in REGIONS}
    for zone in ZONES:
        region, _slash, town = zone.partition("/")
        if region in regions:
            regions[region].append((zone, (town or zone).replace("_", " ").replace("/", ", ")))
    return list(regions.items())


@lru_cache(maxsize=1)
def zone_options() -> SafeString:
    """`zone_choices` as HTML; the same for everybody, since towns are not translated.

    With the names that browsers may have for them, which app.js looks for.
    """
    also: dict[str, list[str]] = {}
    for old, zone in old_names().items():
        also.setdefault(zone, []).append(old)
    regions = [(region, format_html_join("", "{}", _options(towns, also))) for region, towns in zone_choices()]
    return format_html_join("", '<optgroup label="{}">{}</optgroup>', regions)


def _options(towns: list[tuple[str, str]], also: dict[str, list[str]]) -> Iterator[tuple[SafeString]]:
    for zone, town in towns:
        was = format_html('data-was="{}" ', " ".join(also[zone])) if zone in also else ""
        yield (format_html('<option {}value="{}">{}</option>', was, zone, town),)


class ZoneSelect(forms.Select):
    """Offers the zones of REGIONS, and the present one if it is none of them: a form never changes a zone unasked."""

    none = ("", _("Choose your time zone"))

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, choices=[self.none])

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        """As Django would, but without a template for each of 400 options: that takes longer than the whole page."""
        zone = str(value or "")
        chosen = format_html('<option value="{}" selected>{}</option>', zone, zone) if zone else ""
        offered = zone_options()
        plain = format_html('value="{}">', zone)
        if zone and plain in offered:
            offered, chosen = mark_safe(offered.replace(plain, format_html('value="{}" selected>', zone))), ""  # noqa: S308
        return format_html(
            '<select{}><option value="">{}</option>{}{}</select>',
            flatatt(self.build_attrs({"name": name, **self.attrs}, attrs)), self.none[1], chosen, offered,
        )  # fmt: skip


class ZoneField(forms.CharField):
    """An IANA zone. app.js fills an empty one from the browser."""

    widget = ZoneSelect(attrs={"data-zone": True})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"label": _("Time zone"), "validators": [validate_zone], **kwargs})


class AddressesField(forms.CharField):
    """Several e-mail addresses; a list of them in lower case, each once, in order."""

    AT_ONCE = 20

    def __init__(self, **options: Any) -> None:
        attrs = {"rows": 1, "autocomplete": "off", "spellcheck": "false", "inputmode": "email"}
        super().__init__(**{"max_length": 5000, "widget": forms.Textarea(attrs=attrs), **options})

    def clean(self, value: Any) -> list[str]:
        words = re.split(r"[\s,;]+", super().clean(value).lower())
        emails = list(dict.fromkeys(word for word in words if word))
        if self.required and not emails:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        if len(emails) > self.AT_ONCE:
            raise forms.ValidationError(gettext("At most %(count)d at once.") % {"count": self.AT_ONCE})
        for email in emails:
            try:
                validate_email(email)
                validate_printable(email)
            except forms.ValidationError:
                raise forms.ValidationError(
                    gettext("“%(email)s” is not an e-mail address.") % {"email": email}
                ) from None
        return emails
