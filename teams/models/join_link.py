"""A link by which anybody who has it may join, or ask to."""

import uuid
from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.urls import reverse
from django.utils.crypto import constant_time_compare, get_random_string, salted_hmac
from django.utils.translation import gettext_lazy as _

from .change import Kind, added, changed, of_open_team, removed, renewed
from .role import Role
from .team import Membership, Team

if TYPE_CHECKING:
    from accounts.models import User


def new_nonce() -> str:
    return get_random_string(22)


class JoinLinkQuerySet(models.QuerySet["JoinLink"]):
    def with_token(self, team: uuid.UUID, token: str) -> "JoinLink | None":
        """The one that an address leads to, if it is on and its token the present one."""
        link: JoinLink | None = self.select_related("team").filter(team__uuid=team).first()
        return link if link and constant_time_compare(link.token, token) else None

    def locked(self, team: Team) -> "JoinLink | None":
        """The team's, while it is on. Needs a transaction; takes the team's lock, so that nobody turns it on, renews it
        or turns it off meanwhile. A team that is gone has none."""
        Team.objects.select_for_update(no_key=True).filter(pk=team.pk).first()
        link: JoinLink | None = self.select_related("team").filter(team=team).first()
        return link

    def renew(self, team: Team) -> "JoinLink | None":
        """Another link; the one before ends. None: it is off."""
        with transaction.atomic():
            link = self.locked(team)
            if link:
                link.nonce = new_nonce()
                link.save(update_fields=["nonce"])
        return link

    def end(self, team: Team) -> bool:
        """Turn it off; who has asked still waits for an answer. False: it was off."""
        with transaction.atomic():
            link = self.locked(team)
            return bool(link and link.delete())


class JoinLink(models.Model):
    """On while its row exists. Its token follows from the row and SECRET_KEY, so it can be shown again and again, and
    a copy of the database alone opens nothing."""

    team = models.OneToOneField(Team, models.CASCADE, related_name="join_link")
    role = models.CharField(
        _("they become"), max_length=6, default=Role.MEMBER, choices=[(r, r.label) for r in (Role.MEMBER, Role.VIEWER)]
    )
    needs_approval = models.BooleanField(_("an admin has to agree"), default=True)
    # Of addresses, in lower case; empty: all.
    domains = ArrayField(
        models.CharField(max_length=253), verbose_name=_("only addresses at"), default=list, blank=True
    )
    nonce = models.CharField(max_length=22, default=new_nonce, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = JoinLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("join link")
        verbose_name_plural = _("join links")
        triggers = [  # that it was renewed, never the nonce
            added(Kind.LINK, subject="id", told=["role", "needs_approval", "domains"]),
            changed(Kind.LINK, ["role", "needs_approval", "domains"], subject="id"),
            renewed(Kind.LINK, "nonce", subject="id"),
            removed(Kind.LINK, subject="id"),
            of_open_team(),
        ]

    def __str__(self) -> str:
        return f"join link of team {self.team_id}"

    @property
    def token(self) -> str:
        return salted_hmac("teams.join-link", f"{self.team.uuid}.{self.nonce}", algorithm="sha256").hexdigest()[:40]

    @property
    def url(self) -> str:
        return settings.SITE_URL + reverse("teams:join-link", args=[self.team.uuid, self.token])

    def lets_in(self, email: str) -> bool:
        """Whether an address is at one of its domains; those below one are others."""
        return not self.domains or email.lower().rpartition("@")[2] in self.domains

    def follow(self, person: "User", now: datetime) -> "Membership | JoinRequest | None":
        """Join, or ask to. None: it was turned off, or changed to leave the person out, in this moment.

        Locks the link. Who belongs to the team already keeps their role; who was declined or removed does not come in
        by a link again, also where nobody has to agree.
        """
        with transaction.atomic():
            link = JoinLink.objects.select_for_update().filter(pk=self.pk, nonce=self.nonce).first()
            if link is None or not link.lets_in(person.email):
                return None
            if mine := Membership.objects.filter(team=link.team_id, user=person).first():
                return mine
            asked = JoinRequest.objects.filter(team=link.team_id, user=person)
            if link.needs_approval or asked.exclude(declined_at=None).exists():
                return asked.first() or asked.create(team_id=link.team_id, user=person, asked_at=now)
            asked.delete()
            return Membership.objects.create(team_id=link.team_id, user=person, role=link.role)


def put_out(member: Membership, now: datetime) -> bool:
    """Remove somebody; the join link does not let them in again. False: gone already, or an owner by now."""
    with transaction.atomic():
        gone = Membership.objects.filter(pk=member.pk).put_out()
        if gone:
            JoinRequest.objects.bar(member.team, member.user_id, now)
    return gone


class JoinRequestQuerySet(models.QuerySet["JoinRequest"]):
    def waiting(self) -> Self:
        return self.filter(declined_at=None)

    def bar(self, team: Team, user_id: int, now: datetime) -> None:
        """Have somebody who was removed not come in by the join link."""
        self.update_or_create(team=team, user_id=user_id, defaults={"asked_at": now, "declined_at": now})


class JoinRequest(models.Model):
    """Of somebody who followed a join link and waits for a manager; kept when it was declined, so that it is not made
    again. Who was removed from the team counts as declined."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    team = models.ForeignKey(Team, models.CASCADE, related_name="join_requests", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="join_requests")
    asked_at = models.DateTimeField()
    declined_at = models.DateTimeField(null=True)

    objects = JoinRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request to join")
        verbose_name_plural = _("requests to join")
        triggers = [of_open_team()]
        constraints = [models.UniqueConstraint(fields=["team", "user"], name="one_request_per_team_and_person")]

    def __str__(self) -> str:
        return f"{self.user_id} asks to join {self.team_id}"

    def approve(self, role: Role) -> bool:
        """False: another manager was quicker, or the person has withdrawn. One that was declined may be approved."""
        with transaction.atomic():
            found = JoinRequest.objects.select_for_update().filter(pk=self.pk).first()
            if found is None:
                return False
            Membership.objects.get_or_create(team_id=found.team_id, user_id=found.user_id, defaults={"role": role})
            found.delete()
        return True

    def decline(self, now: datetime) -> bool:
        return bool(JoinRequest.objects.waiting().filter(pk=self.pk).update(declined_at=now))
