"""People."""

import uuid
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.addresses import validate_printable
from accounts.languages import languages
from teamreminders.clock import validate_zone
from teamreminders.text import validate_one_line


class UserManager(BaseUserManager["User"]):
    """Users are found by e-mail, compared without case."""

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """A person. The e-mail address is the login; the zone is where the person's clock is."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField(
        _("e-mail"),
        unique=True,
        validators=[validate_printable],
        error_messages={"unique": _("Somebody uses this address already.")},
    )
    name = models.CharField(_("name"), max_length=80, validators=[validate_one_line])
    zone = models.CharField(_("time zone"), max_length=64, default="UTC", validators=[validate_zone])
    # The zone of a device beside which the person keeps the account's own.
    zone_kept = models.CharField(max_length=64, blank=True, editable=False)
    language = models.CharField(
        _("language"),
        max_length=10,
        blank=True,
        choices=languages,
        help_text=_("Of pages and mails. Without a choice, pages are in the browser's."),
    )
    is_staff = models.BooleanField(_("operator"), default=False, help_text=_("May open the admin."))
    is_active = models.BooleanField(_("active"), default=True, help_text=_("Off: cannot sign in and gets no mail."))
    date_joined = models.DateTimeField(_("joined"), default=timezone.now, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [models.UniqueConstraint(Lower("email"), name="one_user_per_address_without_case")]

    def __str__(self) -> str:
        return self.name or self.email

    def clean(self) -> None:
        super().clean()
        self.email = self.email.strip().lower()

    def move_to(self, zone: str) -> None:
        """Live by the clock of another zone. What was kept was kept beside the zone before.

        Reminders at each one's own local time follow: the scheduler looks who has moved.
        """
        self.zone, self.zone_kept = zone, ""
        self.save(update_fields=["zone", "zone_kept"])

    def keep_zone(self, *, beside: str) -> None:
        """Be asked no more whether the clock of a device in that zone should count."""
        self.zone_kept = beside
        self.save(update_fields=["zone_kept"])

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name.partition(" ")[0] or self.email
