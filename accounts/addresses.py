"""Addresses that somebody vouches for, instead of the person confirming them by mail."""

from allauth.account.models import EmailAddress
from django.db import transaction

from .models import User


def trust(user: User) -> None:
    """Have allauth know the user's e-mail as confirmed; without that nobody can sign in.

    It replaces what the person had there, also an address that waited to be confirmed.
    """
    with transaction.atomic():
        EmailAddress.objects.filter(user=user).delete()
        EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
