"""What programs sign up with: django-allauth's headless input, as strict and as discreet as the page's form."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.headless.account import inputs as allauth
from django.core.exceptions import ValidationError

from .forms import TellsNobody
from .models import User


class SignupInput(TellsNobody, allauth.SignupInput):
    password_name = "password"  # noqa: S105  (of the field)

    def clean(self) -> dict[str, Any]:
        """allauth's own looks at the password only, not at whose it will be."""
        cleaned = super().clean() or self.cleaned_data
        if password := cleaned.get("password"):
            try:
                get_adapter().clean_password(password, user=User(email=cleaned.get("email", "")))
            except ValidationError as error:
                self.add_error("password", error)
        return cleaned
