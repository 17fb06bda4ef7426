"""A file with reminders that somebody uploaded, and what became of it."""

import uuid
from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from teams.models import WRITERS, Team

if TYPE_CHECKING:
    from accounts.models import User

# An upload that was looked at and left is kept so long; one that was imported can be undone so long.
LOOKED_AT_FOR = timedelta(days=1)
UNDONE_WITHIN = timedelta(days=7)
ALL_DAY_AT = time(9)


class ImportKind(models.TextChoices):
    JSON = "json", _("an export of a team (JSON)")
    CALENDAR = "ics", _("a calendar (ICS)")


class ImportQuerySet(models.QuerySet["Import"]):
    def visible_to(self, person: "User") -> Self:
        """The person's own, into teams that the person writes for; without the bytes."""
        mine = self.filter(user=person.pk, team__in=Team.objects.with_role(person, WRITERS))
        return mine.select_related("team").defer("content")

    def claim(self, now: datetime) -> bool:
        """Of one that was not imported yet. False: it was."""
        return bool(self.filter(done_at=None).update(done_at=now))

    def expired(self, now: datetime) -> Self:
        looked_at = models.Q(done_at=None, created_at__lt=now - LOOKED_AT_FOR)
        return self.filter(looked_at | models.Q(done_at__lt=now - UNDONE_WITHIN))


class Import(models.Model):
    """uploaded -> done -> undone. The bytes go once they are imported, the row when nobody can undo it any more."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    team = models.ForeignKey(Team, models.CASCADE, related_name="imports")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="imports")
    kind = models.CharField(max_length=4, choices=ImportKind)
    name = models.CharField(max_length=200)
    content = models.BinaryField(null=True)
    all_day_at = models.TimeField(default=ALL_DAY_AT)  # of events of a calendar that have no time
    created_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    counts = models.JSONField(default=dict)  # by outcome

    objects = ImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")

    def __str__(self) -> str:
        return self.name

    def settle(self, counts: Mapping[str, int]) -> None:
        Import.objects.filter(pk=self.pk).update(content=None, counts=counts)

    def may_be_undone(self, now: datetime) -> bool:
        return bool(self.done_at and now < self.done_at + UNDONE_WITHIN and not self.undone_at)

    def undo(self, now: datetime) -> int | None:
        """Delete the reminders that it made, also those that were changed since; how many. None: was undone already.

        What it changed stays changed.
        """
        with transaction.atomic():
            if not Import.objects.filter(pk=self.pk, undone_at=None).exclude(done_at=None).update(undone_at=now):
                return None
            return len(self.reminders.discard_all(now))
