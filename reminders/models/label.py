"""Words of a team for what its reminders are about."""

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from teamreminders.text import validate_one_line
from teams.models import Membership, Team
from teams.models.change import of_open_team
from teams.models.team import HUES

if TYPE_CHECKING:
    from accounts.models import User

LONGEST = 40
# Of one team: what is chosen from has to be looked through.
LABELS_AT_MOST = 200


class LabelQuerySet(models.QuerySet["Label"]):
    def visible_to(self, user: "User") -> Self:
        """Those of the person's teams; not deleted ones."""
        return self.also_deleted_visible_to(user).listed()

    def also_deleted_visible_to(self, user: "User") -> Self:
        """As `visible_to`, for undoing a deletion."""
        mine = Membership.objects.filter(team=models.OuterRef("team"), user=user.pk)
        return self.filter(models.Exists(mine))

    def listed(self) -> Self:
        return self.filter(deleted_at=None).order_by(Lower("name"), "pk")

    def named(self, team: Team, names: Iterable[str]) -> list["Label"]:
        """The team's labels of these names, also when somebody else makes one at this moment; new ones where needed."""
        return [self._named(team, name) for name in names]

    def _named(self, team: Team, name: str) -> "Label":
        known = self.filter(team=team, deleted_at=None)
        found = known.filter(name__iexact=name).first()
        if found:
            return found
        try:
            with transaction.atomic():
                return self.create(team=team, name=name, hue=known.count() % HUES + 1)
        except IntegrityError:
            return known.get(name__iexact=name)


class Label(models.Model):
    """A name and a colour."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    team = models.ForeignKey(Team, models.CASCADE, related_name="labels")
    name = models.CharField(_("name"), max_length=LONGEST, validators=[validate_one_line])
    hue = models.PositiveSmallIntegerField(
        _("colour"), default=1, validators=[MinValueValidator(1), MaxValueValidator(HUES)]
    )
    # Its reminders keep it, so that it can come back to them.
    deleted_at = models.DateTimeField(null=True, editable=False)

    objects = LabelQuerySet.as_manager()

    class Meta:
        verbose_name = _("label")
        verbose_name_plural = _("labels")
        constraints = [
            models.UniqueConstraint("team", Lower("name"), name="one_label_of_a_name", condition=Q(deleted_at=None)),
        ]
        triggers = [of_open_team()]

    def __str__(self) -> str:
        return self.name

    def discard(self, now: datetime) -> bool:
        """Take it off all reminders; `restore` undoes this. False: was deleted already."""
        return bool(Label.objects.filter(pk=self.pk, deleted_at=None).update(deleted_at=now))

    def restore(self) -> bool:
        """False: it is there, or there is another of its name by now."""
        try:
            with transaction.atomic():
                return bool(Label.objects.filter(pk=self.pk).exclude(deleted_at=None).update(deleted_at=None))
        except IntegrityError:
            return False
