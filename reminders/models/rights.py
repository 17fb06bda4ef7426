"""What people may see of reminders, and do with them."""

from collections.abc import Iterable
from typing import Any, Self

from django.db.models import Exists, F, OuterRef, Q, Subquery

from accounts.models import User
from teams.models import MANAGERS, WRITERS, Membership, Role

from .audience import IsOneOf
from .choices import Audience
from .clocks import ClockQuerySet


def addressed_to(user: User, reminder: str = "", role: Any = None) -> Q:
    """Of reminders that the person may see, those that reach the person; `reminder`: the lookup that leads there.

    `role`: the person's in the reminder's team, where the query has it already.
    """
    chosen = User.chosen_for.through.objects.filter(reminder=OuterRef(f"{reminder}pk"), user=user.pk)
    # Roles and people are empty where the audience is not made of them.
    if role is None:
        role = Subquery(Membership.objects.filter(team=OuterRef(f"{reminder}team"), user=user.pk).values("role"))
    by_role = IsOneOf(role, F(f"{reminder}roles"))
    return Q(**{f"{reminder}audience": Audience.TEAM}) | Q(by_role) | Q(Exists(chosen))


def writes_for(user: User, reminder: str = "") -> Q:
    """Of reminders, those of a team that the person writes for; `reminder` as above."""
    return Q(Exists(Membership.objects.filter(team=OuterRef(f"{reminder}team"), user=user.pk, role__in=WRITERS)))


class RightsQuerySet(ClockQuerySet):
    def visible_to(self, user: User) -> Self:
        """Not deleted, and of a team the person belongs to."""
        return self._of_teams_with(user, Role.values).filter(deleted_at=None)

    def editable_by(self, user: User) -> Self:
        """Members edit their own, admins and owners all of the team."""
        return self.also_deleted_editable_by(user).filter(deleted_at=None)

    def also_deleted_editable_by(self, user: User) -> Self:
        """As `editable_by`, for undoing a deletion."""
        own = self._of_teams_with(user, WRITERS).filter(author=user)
        return own | self._of_teams_with(user, MANAGERS)

    def with_rights_of(self, user: User) -> Self:
        """Of visible ones: annotates `may_edit`, `may_answer` and `may_write` for its team: a page asks once."""
        return self.annotate(
            may_edit=Exists(self.model.objects.editable_by(user).filter(pk=OuterRef("pk"))),
            may_answer=addressed_to(user) | writes_for(user),
            may_write=writes_for(user),
        )

    def addressed_to(self, user: User) -> Self:
        """Visible ones that are for the person."""
        return self.visible_to(user).filter(addressed_to(user))

    def _of_teams_with(self, user: User, roles: Iterable[str]) -> Self:
        if not user.is_authenticated:
            return self.none()
        mine = Membership.objects.filter(team=OuterRef("team"), user=user, role__in=roles)
        return self.filter(Exists(mine))
