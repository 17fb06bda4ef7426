"""Teams and who belongs to them."""

import uuid
from collections.abc import Collection
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from teamreminders.clock import validate_zone
from teamreminders.text import validate_one_line

from .change import Kind, added, changed, forgotten, of_open_team, removed
from .role import GIVEN, MANAGERS, WRITERS, Role

if TYPE_CHECKING:
    from accounts.models import User

HUES = 6


def monday_to_friday() -> list[int]:
    """0 is Monday."""
    return [0, 1, 2, 3, 4]


class MailKind(models.TextChoices):
    """What a person may turn off for a team."""

    REMINDER = "reminder", _("Reminders")
    NOTICE = "notice", _("In advance")
    REQUEST = "request", _("Join requests")


class LastOwner(Exception):
    """Without this person nobody would own the team."""


class TeamQuerySet(models.QuerySet["Team"]):
    def visible_to(self, user: "User") -> Self:
        """Teams the person belongs to."""
        return self.with_role(user, Role.values)

    def writable_by(self, user: "User") -> Self:
        """Teams the person may write reminders for."""
        return self.with_role(user, WRITERS)

    def managed_by(self, user: "User") -> Self:
        return self.with_role(user, MANAGERS)

    def with_role(self, user: "User", roles: "list[str] | tuple[str, ...]") -> Self:
        if not user.is_authenticated:
            return self.none()
        mine = Membership.objects.filter(team=models.OuterRef("pk"), user=user, role__in=roles)
        return self.filter(models.Exists(mine))

    def found(self, *, name: str, zone: str, by: "User") -> "Team":
        """Create a team whose first owner is `by`."""
        with transaction.atomic():
            team = self.create(name=name, zone=zone)
            Membership.objects.create(team=team, user=by, role=Role.OWNER)
        return team


class Team(models.Model):
    """Some people who must not forget things together. The zone is the default of its reminders."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=80, validators=[validate_one_line])
    zone = models.CharField(_("time zone"), max_length=64, default="UTC", validators=[validate_zone])
    subject_prefix = models.CharField(
        _("prefix of subjects"),
        max_length=20,
        blank=True,
        validators=[validate_one_line],
        help_text=_("Mails of its reminders begin with it, so that they are told apart, and sorted by a filter."),
    )
    # The days that it works: these weekdays, less the public holidays of the place, less its own days off.
    working_days = ArrayField(
        models.PositiveSmallIntegerField(), verbose_name=_("working days"), default=monday_to_friday
    )
    country = models.CharField(_("public holidays of"), max_length=2, blank=True)  # ISO 3166-1 alpha-2
    region = models.CharField(_("region"), max_length=40, blank=True)  # ISO 3166-2 without the country
    days_off = ArrayField(models.DateField(), verbose_name=_("own days off"), default=list, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    # Nobody belongs to it from then on, and `prune` removes it.
    closed_at = models.DateTimeField(null=True, editable=False)
    # Tokens that are not for all teams of their person, and are for this one.
    access_tokens = models.ManyToManyField("accounts.AccessToken", related_name="teams", editable=False)
    members = models.ManyToManyField(settings.AUTH_USER_MODEL, through="Membership", related_name="teams")

    objects = TeamQuerySet.as_manager()

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        triggers = [
            added(Kind.TEAM, subject="id", team="id"),
            # What of a team the page of its activity tells; another column needs its name here and a migration.
            changed(
                Kind.TEAM,
                ["name", "zone", "subject_prefix", "working_days", "days_off", "closed_at"],
                together=["country", "region"],
                subject="id",
                team="id",
                only="true",
            ),
            forgotten(),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def hue(self) -> int:
        """1 to 6: the colour of the team's dot, always the same for one team and another for the next."""
        return self.pk % HUES + 1

    def role_of(self, user: "User") -> Role | None:
        """The person's role here; None for somebody else. One query."""
        membership = self.memberships.filter(user=user).first()
        return Role(membership.role) if membership else None


class MembershipQuerySet(models.QuerySet["Membership"]):
    def give_role(self, role: Role, *, was: str) -> bool:
        """Make the one person of this queryset `role`. False: by now they are not `was` any more, or are an owner.

        One conditional UPDATE: of two admins who change the same person at once, one hears that it was too late.
        """
        if role not in GIVEN:
            raise ValueError(role)
        return bool(self.filter(role=was).exclude(role=Role.OWNER).update(role=role))

    def put_out(self) -> bool:
        """Remove the one person of this queryset, who is no owner. False: they are gone, or own the team by now.

        What they wrote stays the team's. Nothing more is sent to them for this team: each claim asks for a membership.
        """
        with transaction.atomic():
            locked = self.exclude(role=Role.OWNER).select_for_update().first()
            return bool(locked and locked.delete()[0])


class Membership(models.Model):
    """One person in one team."""

    # No index of its own: `one_membership_per_team_and_person` begins with it.
    team = models.ForeignKey(Team, models.CASCADE, related_name="memberships", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships")
    role = models.CharField(_("role"), max_length=6, choices=Role, default=Role.MEMBER)
    joined_at = models.DateTimeField(auto_now_add=True)
    # The kinds of mail that the person does not want from this team.
    muted = ArrayField(models.CharField(max_length=8, choices=MailKind), default=list, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [models.UniqueConstraint(fields=["team", "user"], name="one_membership_per_team_and_person")]
        triggers = [
            added(Kind.MEMBER, subject="user_id", told=["role"]),
            changed(Kind.MEMBER, ["role"], subject="user_id"),
            removed(Kind.MEMBER, subject="user_id"),
            of_open_team(),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.team_id}: {self.role}"

    @property
    def is_owner(self) -> bool:
        return self.role == Role.OWNER

    @property
    def mail_kinds(self) -> list[MailKind]:
        """What there is for this person to turn off."""
        return [kind for kind in MailKind if kind != MailKind.REQUEST or self.role in MANAGERS]

    def want(self, kinds: Collection[str]) -> bool:
        """Have only these of `mail_kinds` come, from the next message on. False: it was so already."""
        kept = [kind for kind in self.muted if kind not in self.mail_kinds]
        muted = [kind.value for kind in self.mail_kinds if kind not in kinds] + kept
        if set(muted) == set(self.muted):
            return False
        self.muted = muted
        return bool(Membership.objects.filter(pk=self.pk).update(muted=muted))

    def others_own(self) -> bool:
        """Whether the team has an owner beside this person who can act for it."""
        others = Membership.objects.filter(team=self.team_id, role=Role.OWNER, user__is_active=True)
        return others.exclude(pk=self.pk).exists()

    def leave(self) -> None:
        """Of one's own accord. Raises LastOwner. Locks the team, so that of two owners only one can leave at once."""
        with transaction.atomic():
            Team.objects.select_for_update(no_key=True).get(pk=self.team_id)
            owns = Membership.objects.filter(pk=self.pk, role=Role.OWNER).exists()
            if owns and not self.others_own():
                raise LastOwner
            self.delete()
