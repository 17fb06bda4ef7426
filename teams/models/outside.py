"""Addresses outside a team to which its reminders may go."""

import uuid
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.core import signing
from django.db import IntegrityError, models, transaction
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from psycopg.errors import UniqueViolation

from accounts.models import AccountMail

from .change import Kind, added, changed, of_open_team
from .invitation import AGAIN_AFTER, NotInvited
from .team import Membership, Team

if TYPE_CHECKING:
    from accounts.models import User

# How long an address can agree after it was asked.
ANSWER_WITHIN = timedelta(days=14)
# Who does not answer so many questions of a team does not want to.
ASKED_AT_MOST = 3
# Of one team: more is a mailing list, which this is not.
AT_MOST = 200

signer = signing.Signer(salt="teams.outside")
# Where one that was removed comes back to.
AS_BEFORE = Case(When(agreed_at=None, then=Value("asked")), default=Value("agreed"))


class OutsideState(models.TextChoices):
    """asked -> agreed, and any -> stopped -> agreed, by the address itself; asked, agreed -> removed, by the team, and
    back for some minutes; removed -> asked, when the team asks again; any -> erased, by an operator.

    Only to one that has agreed anything is sent but the question.
    """

    ASKED = "asked", _("has not agreed yet")
    AGREED = "agreed", _("has agreed")
    STOPPED = "stopped", _("wants no mail from this team")
    REMOVED = "removed", _("taken off the list")
    ERASED = "erased", _("an erased address")


class OutsideAddressQuerySet(models.QuerySet["OutsideAddress"]):
    def listed(self) -> Self:
        return self.exclude(state__in=[OutsideState.REMOVED, OutsideState.ERASED])

    def ask(self, team: Team, email: str, by: "User", now: datetime) -> tuple["OutsideAddress", bool]:
        """The team's row of an address, and whether the address has to be asked by mail now. Raises NotInvited."""
        email = email.strip().lower()
        self.check_may_be_asked(team, email)
        found = self.filter(team=team, email=email).first()
        if found is None:
            return self._new(team, email, by, now)
        return found, found.ask_again(by, now)

    def check_may_be_asked(self, team: Team, email: str) -> None:
        """Whether an address may be asked, or is on the list already. Raises NotInvited."""
        if Membership.objects.filter(team=team, user__email__iexact=email).exists():
            raise NotInvited(_("%(email)s belongs to the team: choose the person instead.") % {"email": email})
        if self.filter(team=team, email=email, state=OutsideState.STOPPED).exists():
            raise NotInvited(_("%(email)s wants no mail from this team.") % {"email": email})
        silent = self.filter(team=team, email=email).exclude(state=OutsideState.AGREED)
        if silent.filter(times_asked__gte=ASKED_AT_MOST).exists():
            raise NotInvited(_("%(email)s was asked often enough and has not answered.") % {"email": email})

    def _new(self, team: Team, email: str, by: "User", now: datetime) -> tuple["OutsideAddress", bool]:
        if self.filter(team=team).listed().count() >= AT_MOST:
            raise NotInvited(_("The team has too many outside addresses. Remove some first."))
        try:
            with transaction.atomic():
                return self.create(team=team, email=email, asked_by=by, asked_at=now), True
        except IntegrityError as error:
            if not isinstance(error.__cause__, UniqueViolation):
                raise
            # Somebody else has just asked it.
            return self.get(team=team, email=email), False

    def with_token(self, token: str) -> "OutsideAddress | None":
        """The one that a link in a mail leads to, whatever has become of it."""
        try:
            named = self.exclude(state=OutsideState.ERASED).filter(uuid=uuid.UUID(signer.unsign(token)))
            return named.select_related("team", "asked_by").first()
        except (signing.BadSignature, ValueError):
            return None


class OutsideAddress(models.Model):
    """Somebody without a place in the team who gets some of its reminders: whoever reads the mail there has agreed.

    One link, in the question and in every mail after it, leads to a page where they agree and stop. It follows from the
    row's name and SECRET_KEY, so a copy of the database agrees for nobody.
    """

    State = OutsideState

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # No index of its own: `one_outside_address_per_team` begins with it.
    team = models.ForeignKey(Team, models.CASCADE, related_name="outside_addresses", db_index=False)
    email = models.EmailField(_("e-mail"))  # in lower case
    state = models.CharField(_("state"), max_length=8, choices=OutsideState, default=OutsideState.ASKED)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    asked_at = models.DateTimeField()
    times_asked = models.PositiveSmallIntegerField(default=1)  # since it last agreed
    agreed_at = models.DateTimeField(null=True)

    objects = OutsideAddressQuerySet.as_manager()

    class Meta:
        verbose_name = _("outside address")
        verbose_name_plural = _("outside addresses")
        triggers = [added(Kind.OUTSIDE, subject="id"), changed(Kind.OUTSIDE, ["state"], subject="id"), of_open_team()]
        constraints = [
            models.UniqueConstraint("team", "email", name="one_outside_address_per_team"),
            models.CheckConstraint(condition=Q(email=Lower("email")), name="outside_address_in_lower_case"),
            models.CheckConstraint(
                condition=~Q(state=OutsideState.AGREED) | Q(agreed_at__isnull=False), name="outside_address_agreed_once"
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_state_display()) if self.state == OutsideState.ERASED else self.email

    @property
    def about(self) -> str:
        """What its question goes out for."""
        return f"outside:{self.uuid}"

    @property
    def token(self) -> str:
        return signer.sign(str(self.uuid))

    @property
    def path(self) -> str:
        """Of the page where the address agrees and stops."""
        return reverse("teams:outside", args=[self.token])

    @property
    def agree_path(self) -> str:
        return reverse("teams:agree-outside", args=[self.token])

    @property
    def stop_path(self) -> str:
        """For mail programs that stop with one click."""
        return reverse("teams:stop-outside", args=[self.token])

    def may_agree(self, now: datetime) -> bool:
        if self.state == OutsideState.ASKED:
            return now < self.asked_at + ANSWER_WITHIN
        return self.state == OutsideState.STOPPED

    def agree(self, now: datetime) -> bool:
        """False: was not asked, or too long ago."""
        return self.may_agree(now) and self._become(OutsideState.AGREED, self.state, agreed_at=now, times_asked=0)

    def stop(self) -> bool:
        """By the address: nothing more of this team, and no question again; also where the team has removed it."""
        return self._end(OutsideState.STOPPED, OutsideState.ASKED, OutsideState.AGREED, OutsideState.REMOVED)

    def remove(self) -> bool:
        """By the team. One that wants no mail stays on the list, so that nobody asks it again."""
        return self._end(OutsideState.REMOVED, OutsideState.ASKED, OutsideState.AGREED)

    def restore(self, now: datetime) -> bool:
        """Take back that it was removed."""
        with transaction.atomic():
            restored = self._become(AS_BEFORE, OutsideState.REMOVED)
            if restored:
                AccountMail.objects.take_up(self.about, now)
        return restored

    def erase(self) -> None:
        """The row stays for the history of the team, without the address."""
        AccountMail.objects.forget_about(self.about)
        self._become(OutsideState.ERASED, *OutsideState, email=f"{self.uuid}@erased.invalid", agreed_at=None)

    def ask_again(self, by: "User", now: datetime) -> bool:
        """Whether it may be sent the question now; not within minutes of the one before."""
        asked = {"state": OutsideState.ASKED, "asked_by": by, "asked_at": now, "agreed_at": None}
        asked |= {"times_asked": F("times_asked") + 1}
        waiting = OutsideAddress.objects.filter(pk=self.pk, asked_at__lte=now - AGAIN_AFTER)
        if waiting.filter(state__in=[OutsideState.ASKED, OutsideState.REMOVED]).update(**asked):
            self.refresh_from_db()
            return True
        # Removed a moment ago and wanted again: the question that went out still stands.
        self._become(OutsideState.ASKED, OutsideState.REMOVED, agreed_at=None)
        return False

    def _end(self, state: OutsideState, *was: str) -> bool:
        """The question that waits is not sent any more."""
        with transaction.atomic():
            ended = self._become(state, *was)
            if ended:
                AccountMail.objects.give_up(self.about)
        return ended

    def _become(self, state: Any, *was: str, **fields: Any) -> bool:
        if not OutsideAddress.objects.filter(pk=self.pk, state__in=was).update(state=state, **fields):
            return False
        self.refresh_from_db()
        return True
