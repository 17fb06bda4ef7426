"""`manage.py createsuperuser`: Django's own, for a site whose operators sign in through allauth."""

from typing import Any

from django.contrib.auth.management.commands import createsuperuser

from accounts.addresses import trust
from accounts.models import User


class Command(createsuperuser.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        """Whoever may run commands here need not confirm the address by a mail that may not work yet."""
        super().handle(*args, **options)
        for operator in User.objects.filter(is_superuser=True, emailaddress=None):
            trust(operator)
