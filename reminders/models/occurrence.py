"""One slot of a reminder."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, When
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from reminders.ladder import DUE, Rung, first_ahead, ladder
from reminders.schedule import Slot, resolve
from teamreminders.clock import LocalDateTimeField, zone_or_utc
from teams.models import Membership

from .answer import Answerable, AnswerQuerySet
from .choices import UNSETTLED, OccurrenceState
from .delivery import Delivery
from .planning import Lane

if TYPE_CHECKING:
    from accounts.models import User

# An occurrence that could not be dispatched is looked at again after this.
SET_ASIDE_FOR = timedelta(minutes=5)
# Upcoming ones that no step would open, or not in time: there are none.
LOST = Q(state=OccurrenceState.UPCOMING) & (Q(next_step_at=None) | Q(next_step_at__gt=F("due_at"), error=""))


class OccurrenceQuerySet(AnswerQuerySet):
    def visible_to(self, user: "User") -> Self:
        """Of a reminder that is not deleted and whose team the person belongs to."""
        if not user.is_authenticated:
            return self.none()
        mine = Membership.objects.filter(team=OuterRef("reminder__team"), user=user)
        return self.filter(Exists(mine), reminder__deleted_at=None)

    def due(self, now: datetime) -> Self:
        """Occurrences whose step has come, the longest waiting first. Uses the partial index `occurrence_due`."""
        return self.filter(next_step_at__lte=now).order_by("next_step_at")

    def due_of(self, reminders: Iterable[int], now: datetime) -> Self:
        """Occurrences of reminders with these ids whose step has come. By their own index, however many others are due.

        A plain comparison would have PostgreSQL go by `occurrence_due` and read the whole backlog: its statistics are
        of before the outage. CASE goes by no index.
        """
        come = Case(When(next_step_at__lte=now, then=True), default=False)
        return self.unsettled().filter(come, reminder__in=reminders)

    def happened(self, now: datetime) -> Self:
        """What a receipt tells, the newest first: what came due, was settled or announced, not what was cancelled."""
        announced = Exists(Delivery.objects.promised().filter(occurrence=OuterRef("pk")))
        ahead = Q(state=OccurrenceState.UPCOMING, due_at__gt=now)
        told = self.exclude(state=OccurrenceState.CANCELLED).exclude(ahead & ~announced)
        return told.order_by("-due_at", "-pk")

    def in_trouble(self) -> Self:
        """Those whose dispatch failed and that wait to be looked at again. On an index of their own."""
        return self.filter(next_step_at__isnull=False).exclude(error="")

    def try_again(self, now: datetime) -> int:
        """Have those in trouble looked at again at once, by hand."""
        return self.in_trouble().update(next_step_at=now)

    def write(self, rows: Iterable["Occurrence"], fields: Sequence[str]) -> None:
        """Store these fields of these rows: one query for all that become the same, which is most of a burst."""
        alike: dict[tuple[Any, ...], list[int]] = defaultdict(list)
        for row in rows:
            alike[tuple(getattr(row, field) for field in fields)].append(row.pk)
        for values, ids in alike.items():
            self.filter(pk__in=ids).update(**dict(zip(fields, values, strict=True)))


class Occurrence(Answerable):
    """One slot of a reminder in one zone, due at an instant. Upcoming ones are few; the past is history."""

    State = OccurrenceState

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    reminder = models.ForeignKey(
        "reminders.Reminder", models.CASCADE, related_name="occurrences", db_index=False
    )  # `occurrence_of_reminder` begins with it
    slot = LocalDateTimeField()  # what the schedule yields; stays when the occurrence is moved
    zone = models.CharField(max_length=64)
    due_at = models.DateTimeField()
    state = models.CharField(max_length=9, choices=OccurrenceState, default=OccurrenceState.UPCOMING)
    round = models.PositiveSmallIntegerField(default=0)  # counts what lets a step run again: undo, snooze, revival, …
    next_step = models.CharField(max_length=16, default=DUE)
    next_step_at = models.DateTimeField(null=True)  # null: nothing more to do by itself
    missed_before = models.PositiveSmallIntegerField(default=0)  # slots that passed unseen just before, in an outage
    settled_from = models.CharField(max_length=9, choices=OccurrenceState, blank=True)  # where undo leads back to
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="settled_occurrences",
        db_index=False,
    )
    settled_at = models.DateTimeField(null=True)
    snoozed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )
    # Who has said "I've got it"; it counts while they can still do it: `answer.is_held`.
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True)  # why the last dispatch of this row failed
    created_at = models.DateTimeField(null=True, db_default=Now(), editable=False)  # null: booked before this was noted

    objects = OccurrenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("occurrence")
        verbose_name_plural = _("occurrences")
        constraints = [
            models.UniqueConstraint(fields=["reminder", "slot", "zone"], name="one_occurrence_per_slot_and_zone"),
        ]
        indexes = [
            # OccurrenceQuerySet.due: the scheduler, five times a second
            models.Index(fields=["next_step_at"], name="occurrence_due", condition=Q(next_step_at__isnull=False)),
            # a reminder's receipt, newest first
            models.Index(fields=["reminder", "-due_at"], name="occurrence_of_reminder"),
            # Today and the counts of the sidebar
            models.Index(
                fields=["reminder", "due_at"], name="occurrence_unsettled", condition=Q(state__in=["upcoming", "open"])
            ),
            # the reconciler, once a minute; always empty
            models.Index(fields=["id"], name="occurrence_lost", condition=LOST),
            # what was done today, on Today
            models.Index(
                fields=["reminder", "settled_at"], name="occurrence_answered", condition=Q(settled_by__isnull=False)
            ),
            # OccurrenceQuerySet.in_trouble
            models.Index(fields=["id"], name="occurrence_in_trouble", condition=~Q(error="")),
            # When a person is deleted. Partial, since most rows name nobody and need no entry.
            models.Index(fields=["settled_by"], name="occurrence_settled_by", condition=Q(settled_by__isnull=False)),
            models.Index(fields=["snoozed_by"], name="occurrence_snoozed_by", condition=Q(snoozed_by__isnull=False)),
            models.Index(
                fields=["acknowledged_by"],
                name="occurrence_acknowledged_by",
                condition=Q(acknowledged_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"occurrence {self.uuid}"

    @classmethod
    def of(
        cls, lane: Lane, slot: Slot, now: datetime, state: OccurrenceState = OccurrenceState.UPCOMING
    ) -> "Occurrence":
        """A new row for a slot; unsaved. Steps that are past are left out, except `due`."""
        row = cls(reminder=lane.reminder, slot=slot.local, zone=lane.zone, due_at=slot.at, state=state)
        if state == OccurrenceState.UPCOMING:
            row.next_step_at, row.next_step = first_ahead(row.rungs, now)
        return row

    @property
    def ids(self) -> dict[str, Any]:
        """What lines of the log carry."""
        return {"occurrence": str(self.uuid), "reminder": str(self.reminder.uuid)}

    @property
    def rungs(self) -> list[Rung]:
        return ladder(self.due_at, zone_or_utc(self.zone), self.reminder.lead_times)

    @property
    def is_settled(self) -> bool:
        return self.state not in UNSETTLED

    @property
    def is_moved(self) -> bool:
        """Whether it comes at another time than its slot says: moved by hand, or off a day off."""
        return self.due_at != resolve(self.slot, zone_or_utc(self.zone))

    @property
    def snoozed_until(self) -> datetime | None:
        return self.next_step_at if self.state == OccurrenceState.OPEN and not self.error else None

    def aim_at(self, due_at: datetime, now: datetime) -> bool:
        """Make an upcoming one come due then, and its next step that of the reminder as it is now.

        Changes the row only; False: nothing to change. A step that has come stays, if the reminder still has it.
        """
        if due_at != self.due_at:
            self.due_at = due_at
            self.climb_again(now)
            return True
        rung, current = first_ahead(self.rungs, now), (self.next_step_at, self.next_step)
        overdue = self.next_step_at is not None and self.next_step_at <= now and current in self.rungs
        if overdue or rung == current:
            return False
        self.next_step_at, self.next_step = rung
        self.error = ""
        return True

    def climb_again(self, now: datetime) -> None:
        """Go through the steps that lie ahead, one round on; changes the row only."""
        self.round += 1
        self.next_step_at, self.next_step = first_ahead(self.rungs, now)
        self.error = ""

    def set_aside(self, now: datetime, error: str) -> None:
        """Keep an occurrence that could not be dispatched from holding up the rest; it is tried again later."""
        Occurrence.objects.filter(pk=self.pk, next_step_at__isnull=False).update(
            error=error, next_step_at=now + SET_ASIDE_FOR
        )
