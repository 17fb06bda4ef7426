"""Handing a team over."""

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import AccountMail

from .change import Kind, added, changed, removed
from .role import Role
from .team import Membership, Team

if TYPE_CHECKING:
    from accounts.models import User


# The person, by the membership; it goes after its offers.
HEIR = "(SELECT user_id FROM teams_membership WHERE id = {row}.made_to_id)"


class OfferQuerySet(models.QuerySet["Offer"]):
    def concerning(self, person: "User") -> Self:
        return self.filter(Q(made_by__user=person) | Q(made_to__user=person))

    def make(self, by: Membership, to: Membership, now: datetime) -> "Offer | None":
        """Offer the team, in place of an earlier offer. None: one does not own it, or the other does or gets no mail.

        Locks the team.
        """
        with transaction.atomic():
            team = Team.objects.select_for_update(no_key=True).get(pk=by.team_id)
            theirs = Membership.objects.filter(team=team)
            owns = theirs.filter(pk=by.pk, role=Role.OWNER).exists()
            if not owns or not theirs.filter(pk=to.pk, user__is_active=True).exclude(role=Role.OWNER).exists():
                return None
            made, _created = self.update_or_create(team=team, defaults={"made_by": by, "made_to": to, "made_at": now})
        return made


class Offer(models.Model):
    """Of an owner to a member, to own the team in their place; one a team.

    It waits until one of the two ends it, or leaves.
    """

    team = models.OneToOneField(Team, models.CASCADE, related_name="offer")
    made_by = models.ForeignKey(Membership, models.CASCADE, related_name="+")
    made_to = models.ForeignKey(Membership, models.CASCADE, related_name="offers")
    made_at = models.DateTimeField()

    objects = OfferQuerySet.as_manager()

    class Meta:
        verbose_name = _("offer of a team")
        verbose_name_plural = _("offers of teams")
        triggers = [
            added(Kind.OFFER, subject=HEIR),
            changed(Kind.OFFER, ["made_by_id", "made_to_id"], subject=HEIR),
            removed(Kind.OFFER, subject=HEIR),
        ]

    def __str__(self) -> str:
        return f"team {self.team_id} to membership {self.made_to_id}"

    @property
    def about(self) -> str:
        """What its mail goes out for."""
        return f"offer:{self.team_id}"

    def accept(self) -> bool:
        """Its person owns the team from now on, and who offered it is an admin. False: it does not stand any more.

        Locks the team, the offer and both memberships: of taking it back and accepting it one wins.
        """
        with transaction.atomic():
            Team.objects.select_for_update(no_key=True).get(pk=self.team_id)
            stands = Offer.objects.filter(pk=self.pk, made_by=self.made_by_id, made_to=self.made_to_id)
            offer = stands.select_for_update().first()
            locked = Membership.objects.select_for_update().in_bulk([self.made_by_id, self.made_to_id])
            owner, heir = locked.get(self.made_by_id), locked.get(self.made_to_id)
            if offer is None or owner is None or heir is None or not owner.is_owner:
                return False
            owner.role, heir.role = Role.ADMIN, Role.OWNER
            Membership.objects.bulk_update([owner, heir], ["role"])
            offer.delete()
            AccountMail.objects.give_up(self.about)
        return True

    def end(self) -> bool:
        """By one of the two. False: it does not stand any more."""
        with transaction.atomic():
            ended = Offer.objects.filter(pk=self.pk).delete()[0]
            if ended:
                AccountMail.objects.give_up(self.about)
        return bool(ended)
