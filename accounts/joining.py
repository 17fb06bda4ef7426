"""What somebody says of themselves who signs up, on the page or by a program. allauth takes it from here."""

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from teamreminders.text import validate_one_line

from .fields import ZoneField
from .models import User


class NameAndZone(forms.Form):
    name = forms.CharField(
        label=_("Your name"),
        max_length=80,
        validators=[validate_one_line],
        help_text=_("As your team knows you."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    zone = ZoneField(help_text=_("So that 9:00 is your 9:00."))

    def signup(self, request: HttpRequest, user: User) -> None:
        """allauth asks for it; the adapter has stored both already."""
