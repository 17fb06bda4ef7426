"""E-mail addresses: which are taken, and those that somebody vouches for instead of the person."""

from typing import TYPE_CHECKING

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from .models import User


def validate_printable(address: str) -> None:
    """Django's own validator lets control characters through in a quoted local part (RFC 5321 does not)."""
    if not address.isprintable():
        raise ValidationError(_("Enter a valid email address."), code="invalid")


def trust(user: "User") -> None:
    """Have allauth know the user's e-mail as confirmed; without that nobody can sign in.

    It replaces what the person had there, also an address that waited to be confirmed.
    """
    with transaction.atomic():
        EmailAddress.objects.filter(user=user).delete()
        EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
