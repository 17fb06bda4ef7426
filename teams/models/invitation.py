"""Invitations by mail."""

import hashlib
import secrets
import uuid
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from psycopg.errors import UniqueViolation

from accounts.models import AccountMail

from .change import Kind, added, changed, of_open_team
from .join_link import JoinRequest
from .role import GIVEN, Role
from .team import Membership, Team

if TYPE_CHECKING:
    from accounts.models import User

VALID_FOR = timedelta(days=7)
# A mail can be sent again after this.
AGAIN_AFTER = timedelta(minutes=3)
# Open ones of one team: more is a mistake, or somebody who sends to strangers.
OPEN_AT_MOST = 200


class NotInvited(Exception):
    """Why an address cannot be invited, in words for whoever asks."""


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self) -> Self:
        """Neither accepted nor withdrawn; also those that have expired and can be sent again."""
        return self.filter(accepted_at=None, withdrawn_at=None)

    def invite(self, team: Team, email: str, role: Role, by: "User", now: datetime) -> tuple["Invitation", str]:
        """Open an invitation; returns it with the token for the mail. Raises NotInvited."""
        email = email.strip().lower()
        if Membership.objects.filter(team=team, user__email__iexact=email).exists():
            raise NotInvited(_("%(email)s belongs to the team already.") % {"email": email})
        if self.filter(team=team).open().count() >= OPEN_AT_MOST:
            raise NotInvited(_("The team has too many open invitations. Withdraw some first."))
        invitation = self.model(team=team, email=email, role=role, invited_by=by)
        token = invitation._renew(now)
        try:
            with transaction.atomic():
                invitation.save()
        except IntegrityError as error:
            if not isinstance(error.__cause__, UniqueViolation):
                raise
            raise NotInvited(_("%(email)s is invited already.") % {"email": email}) from None
        return invitation, token

    def with_token(self, token: str) -> "Invitation | None":
        """The one that a link leads to, whatever has become of it."""
        return self.select_related("team", "invited_by").filter(token_hash=_hash(token)).first()


class Invitation(models.Model):
    """An address that may join a team until it expires. Of the link in the mail only a hash is kept.

    Expiry is looked at when somebody follows the link; an expired one stays open, to be sent again or withdrawn.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    team = models.ForeignKey(Team, models.CASCADE, related_name="invitations")
    email = models.EmailField(_("e-mail"))
    role = models.CharField(_("role"), max_length=6, choices=[(role, role.label) for role in GIVEN])
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(editable=False)
    expires_at = models.DateTimeField(editable=False)
    accepted_at = models.DateTimeField(null=True, editable=False)
    withdrawn_at = models.DateTimeField(null=True, editable=False)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            models.UniqueConstraint(
                "team", Lower("email"), name="one_open_invitation_per_team_and_address",
                condition=Q(accepted_at=None, withdrawn_at=None),
            )
        ]  # fmt: skip
        triggers = [  # never the address, which is this row's, and never the token
            added(Kind.INVITATION, subject="id", told=["role"]),
            changed(Kind.INVITATION, ["sent_at", "accepted_at", "withdrawn_at"], subject="id"),
            of_open_team(),
        ]

    def __str__(self) -> str:
        return f"invitation {self.uuid}"

    @property
    def about(self) -> str:
        """What its mail goes out for."""
        return f"invitation:{self.uuid}"

    def is_for(self, person: "User") -> bool:
        return self.email == person.email.lower()

    def is_expired(self, now: datetime) -> bool:
        return now >= self.expires_at

    def is_open(self, now: datetime) -> bool:
        """Whether its link leads into the team."""
        return self.accepted_at is None and self.withdrawn_at is None and not self.is_expired(now)

    def again(self, now: datetime) -> str | None:
        """A new token for another mail; the link in the one before ends. None: too soon, or it is not open any more."""
        token = self._renew(now)
        due = Invitation.objects.open().filter(pk=self.pk, sent_at__lte=now - AGAIN_AFTER)
        with transaction.atomic():
            changed = due.update(token_hash=self.token_hash, sent_at=self.sent_at, expires_at=self.expires_at)
            if changed:
                AccountMail.objects.give_up(self.about)
        return token if changed else None

    def withdraw(self, now: datetime) -> bool:
        """Its link ends, and its mail does not go out, if it has not yet."""
        with transaction.atomic():
            withdrawn = Invitation.objects.open().filter(pk=self.pk).update(withdrawn_at=now)
            if withdrawn:
                AccountMail.objects.give_up(self.about)
        return bool(withdrawn)

    def restore(self, now: datetime) -> bool:
        """Take back that it was withdrawn. False: it was not, or the address has been invited again meanwhile."""
        try:
            with transaction.atomic():
                gone = Invitation.objects.filter(pk=self.pk, accepted_at=None, withdrawn_at__isnull=False)
                restored = gone.update(withdrawn_at=None)
                if restored:
                    AccountMail.objects.take_up(self.about, now)
                return bool(restored)
        except IntegrityError:
            return False

    def accept(self, person: "User", now: datetime) -> bool:
        """Have its person join. False: it is for another address, or somebody was quicker to use or withdraw it.

        Locks the invitation. Who belongs to the team already keeps their role.
        """
        if not self.is_for(person):
            return False
        with transaction.atomic():
            found = Invitation.objects.select_for_update().filter(pk=self.pk, token_hash=self.token_hash).first()
            if found is None or not found.is_open(now):
                return False
            Membership.objects.get_or_create(team_id=found.team_id, user=person, defaults={"role": found.role})
            JoinRequest.objects.filter(team=found.team_id, user=person).delete()
            found.accepted_at = self.accepted_at = now
            found.save(update_fields=["accepted_at"])
        return True

    def _renew(self, now: datetime) -> str:
        token = secrets.token_urlsafe(32)
        self.token_hash, self.sent_at, self.expires_at = _hash(token), now, now + VALID_FOR
        return token


def _hash(token: str) -> str:
    """No salt and no slow hash: the token has 256 random bits."""
    return hashlib.sha256(token.encode()).hexdigest()
