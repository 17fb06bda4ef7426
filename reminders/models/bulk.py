"""What somebody did to many reminders at once, and what each was before, so that it can be taken back for a while."""

import uuid
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from teams.models import Team

from .label import Label
from .many import Before

if TYPE_CHECKING:
    from accounts.models import User

    from .reminder import ReminderQuerySet

# Reminders that one act may change: they are locked until all of them are, and nothing of theirs goes out meanwhile.
AT_MOST = 1000
UNDO_WITHIN = timedelta(minutes=10)


class Verb(models.TextChoices):
    PAUSE = "pause", _("paused")
    RESUME = "resume", _("resumed")
    LABEL = "label", _("labelled")
    UNLABEL = "unlabel", _("label taken off")
    HAND_OVER = "hand-over", _("handed over")
    DELETE = "delete", _("deleted")


class BulkActQuerySet(models.QuerySet["BulkAct"]):
    def done_by(self, user: "User") -> Self:
        """Whoever did it takes it back, while they write for the team."""
        return self.filter(by=user.pk, team__in=Team.objects.writable_by(user))


class BulkAct(models.Model):
    """`label` and `person`: of the verbs that need one. `before`: by the id of the reminder, as `Before`."""

    Verb = Verb

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    team = models.ForeignKey(Team, models.CASCADE, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    verb = models.CharField(max_length=9, choices=Verb)
    label = models.ForeignKey(Label, models.CASCADE, null=True, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")
    at = models.DateTimeField(db_index=True)
    before = models.JSONField(default=dict)
    undone_at = models.DateTimeField(null=True)

    objects = BulkActQuerySet.as_manager()

    class Meta:
        verbose_name = _("bulk act")
        verbose_name_plural = _("bulk acts")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.verb} {self.uuid}"

    @property
    def changed(self) -> int:
        """How many it changed."""
        return len(self.before)

    def is_fresh(self, now: datetime) -> bool:
        """Whether it can still be taken back."""
        return self.undone_at is None and now < self.at + UNDO_WITHIN

    def carry_out(self, rows: "ReminderQuerySet") -> None:
        """Change those rows that are not so already, all or none, and remember it."""
        with transaction.atomic():
            self.before = self._change(rows)
            if self.before:
                self.save()

    def undo(self, rows: "ReminderQuerySet", now: datetime) -> int:
        """Make those of the rows that it changed what they were, unless somebody has changed the same since.

        Returns how many; 0 also where it was undone already.
        """
        with transaction.atomic():
            if not BulkAct.objects.filter(pk=self.pk, undone_at=None).update(undone_at=now):
                return 0
            before: Before = {int(pk): value for pk, value in self.before.items()}
            return self._change_back(rows.filter(pk__in=before), before, now)

    def _change(self, rows: "ReminderQuerySet") -> Before:
        match self.verb, self.label, self.person:
            case Verb.PAUSE, _, _:
                return rows.pause_all(self.at)
            case Verb.RESUME, _, _:
                return rows.resume_all(self.at)
            case Verb.LABEL, Label() as label, _:
                return rows.label_all(label, self.at)
            case Verb.UNLABEL, Label() as label, _:
                return rows.unlabel_all(label, self.at)
            case Verb.HAND_OVER, _, models.Model() as person:
                return rows.hand_over_all(person, self.at)
            case Verb.DELETE, _, _:
                return rows.discard_all(self.at)
        raise ValueError(self.verb)

    def _change_back(self, rows: "ReminderQuerySet", before: Before, now: datetime) -> int:
        match self.verb, self.label, self.person:
            case Verb.PAUSE, _, _:
                return rows.unpause_all(self.at, before, now)
            case Verb.RESUME, _, _:
                return rows.pause_again_all(before, now)
            case Verb.LABEL, Label() as label, _:
                return len(rows.unlabel_all(label, now))
            case Verb.UNLABEL, Label() as label, _:
                return len(rows.label_all(label, now))
            case Verb.HAND_OVER, _, models.Model() as person:
                return rows.hand_back_all(person, before, now)
            case Verb.DELETE, _, _:
                return rows.restore_all(self.at, now)
        raise ValueError(self.verb)
