"""Tokens with which a person's programs use the API."""

import hashlib
import secrets
import uuid
from datetime import datetime, timedelta
from typing import Self

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .user import User

# So that whoever finds one, a scanner for leaked secrets first of all, knows what it is.
PREFIX = "tr_"
# "Last used" is not more exact than this, so that not each request writes a row.
USED_AT_MOST_EVERY = timedelta(minutes=1)
# Of one person: more is a program that makes them and forgets them.
AT_MOST = 100


class Scope(models.TextChoices):
    """What a token may do; `write` may read as well."""

    READ = "read", _("read")
    WRITE = "write", _("read and write")


class NoRoom(Exception):
    """The person has as many tokens as there may be."""


class AccessTokenQuerySet(models.QuerySet["AccessToken"]):
    def alive(self, now: datetime) -> Self:
        return self.filter(Q(expires_at=None) | Q(expires_at__gt=now), ended_at=None)

    def unended(self) -> Self:
        """What a person has to look after: those that are alive, and those whose day is over."""
        return self.filter(ended_at=None)

    def room_for(self, user: User) -> bool:
        """Whether the person may have one more. Until the transaction ends nobody else is told so for them."""
        User.objects.select_for_update(no_key=True).get(pk=user.pk)
        return self.unended().filter(user=user).count() < AT_MOST

    def make(self, user: User, **fields: object) -> tuple["AccessToken", str]:
        """A new one, with the secret that is shown once; we keep its hash. Raises NoRoom."""
        secret = PREFIX + secrets.token_urlsafe(32)
        with transaction.atomic():
            if not self.room_for(user):
                raise NoRoom
            return self.create(user=user, token_hash=_hash(secret), hint=secret[-4:], **fields), secret

    def with_secret(self, secret: str, now: datetime) -> "AccessToken | None":
        """The living one of an active person. One query."""
        if not secret.startswith(PREFIX):
            return None
        found = self.alive(now).filter(token_hash=_hash(secret), user__is_active=True)
        return found.select_related("user").first()


class AccessToken(models.Model):
    """Does what its person may do, within its scope and its teams, until it ends."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="access_tokens")
    name = models.CharField(_("name"), max_length=80, help_text=_("What it is for, such as “backup script”."))
    token_hash = models.CharField(max_length=64, unique=True, editable=False)  # SHA-256, hex
    hint = models.CharField(max_length=4, editable=False)  # how the secret ends
    scope = models.CharField(_("may"), max_length=5, choices=Scope, default=Scope.READ)
    # Otherwise those that `Team.access_tokens` names: a team that is gone does not widen it.
    all_teams = models.BooleanField(_("all my teams"), default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(_("until"), null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)

    objects = AccessTokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("access token")
        verbose_name_plural = _("access tokens")

    def __str__(self) -> str:
        return self.name

    def is_over(self, now: datetime) -> bool:
        """Its day has come; it was not ended by hand."""
        return self.expires_at is not None and self.expires_at <= now

    def note_use(self, now: datetime) -> None:
        """At most once a minute."""
        unnoted = Q(last_used_at=None) | Q(last_used_at__lte=now - USED_AT_MOST_EVERY)
        if self.last_used_at is None or self.last_used_at <= now - USED_AT_MOST_EVERY:
            AccessToken.objects.filter(unnoted, pk=self.pk).update(last_used_at=now)

    def end(self, now: datetime) -> bool:
        """Refused from this second on. False: it has ended already."""
        return bool(AccessToken.objects.filter(pk=self.pk, ended_at=None).update(ended_at=now))


def _hash(secret: str) -> str:
    """Without salt: the secret has 256 random bits."""
    return hashlib.sha256(secret.encode()).hexdigest()
