"""One slot of a reminder."""

import uuid
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple, Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from reminders.ladder import DUE, ladder
from reminders.schedule import Slot, between, next_after, yields
from teamreminders.clock import LocalDateTimeField
from teams.models import Membership

from .delivery import Delivery, WhyNot

if TYPE_CHECKING:
    from accounts.models import User

    from .reminder import Reminder

# An occurrence that could not be dispatched is looked at again after this.
SET_ASIDE_FOR = timedelta(minutes=5)
# Later than this nothing is sent: the occurrence counts as missed.
TOO_LATE = timedelta(hours=24)
# Of what was missed during an outage, this many rows are kept for one reminder; the count in the mail stops there too.
MISSED_KEPT = 100


class OccurrenceState(models.TextChoices):
    """upcoming -> open -> done | skipped | missed | cancelled; upcoming -> the same.

    cancelled -> upcoming when the slot returns; done -> the state before, by undo.
    """

    UPCOMING = "upcoming", _("upcoming")
    OPEN = "open", _("open")
    DONE = "done", _("done")
    SKIPPED = "skipped", _("skipped")
    MISSED = "missed", _("missed")
    CANCELLED = "cancelled", _("cancelled")


UNSETTLED = (OccurrenceState.UPCOMING, OccurrenceState.OPEN)


class Plan(NamedTuple):
    """What one reminder needs booked: slots missed meanwhile, one that is due now, one ahead."""

    reminder: "Reminder"
    missed: list[Slot]
    due: Slot | None
    ahead: Slot | None


class OccurrenceQuerySet(models.QuerySet["Occurrence"]):
    def visible_to(self, user: "User") -> Self:
        """Of a reminder that is not deleted and whose team the person belongs to."""
        if not user.is_authenticated:
            return self.none()
        mine = Membership.objects.filter(team=OuterRef("reminder__team"), user=user)
        return self.filter(Exists(mine), reminder__deleted_at=None)

    def due(self, now: datetime) -> Self:
        """Occurrences whose step has come, the longest waiting first. Uses the partial index `occurrence_due`."""
        return self.filter(next_step_at__lte=now).order_by("next_step_at")

    def unsettled(self) -> Self:
        return self.filter(state__in=UNSETTLED)

    def happened(self, now: datetime) -> Self:
        """What a receipt tells, the newest first: all that came due or was settled, not what was cancelled."""
        ahead = Q(state=OccurrenceState.UPCOMING, due_at__gt=now)
        return self.exclude(state=OccurrenceState.CANCELLED).exclude(ahead).order_by("-due_at", "-pk")

    def in_trouble(self) -> Self:
        """Those whose dispatch failed and that wait to be looked at again. On the partial index `occurrence_due`."""
        return self.filter(next_step_at__isnull=False).exclude(error="")

    def try_again(self, now: datetime) -> int:
        """Have those in trouble looked at again at once, by hand."""
        return self.in_trouble().update(next_step_at=now)

    def cancel(self, reminder: "Reminder", keep: Iterable[datetime] = ()) -> int:
        """Cancel the upcoming occurrences of a reminder, except the slots to keep. Needs the reminder's lock."""
        upcoming = self.filter(reminder=reminder, state=OccurrenceState.UPCOMING).exclude(slot__in=list(keep))
        return upcoming.update(state=OccurrenceState.CANCELLED, next_step_at=None)

    def arrange(self, reminder: "Reminder", now: datetime) -> None:
        """Make the upcoming occurrences those that the schedule wants from `now` on. Needs the reminder's lock."""
        if not reminder.is_active:
            self.cancel(reminder)
            return
        schedule = reminder.schedule
        overdue = self.filter(
            reminder=reminder, zone=reminder.zone, state=OccurrenceState.UPCOMING, due_at__lte=now
        ).values_list("slot", flat=True)
        stay = {slot for slot in overdue if yields(schedule, slot)}
        ahead = self._free_slot(reminder, now, self._settled_slots([reminder], now)[reminder.pk])
        keep = stay | ({ahead.local} if ahead else set())
        self.filter(reminder=reminder).exclude(zone=reminder.zone).cancel(reminder)
        self.cancel(reminder, keep)
        if ahead:
            self._book([Plan(reminder, [], None, ahead)])

    def take_up(self, reminder: "Reminder", since: datetime, now: datetime) -> int:
        """Bring back what was cancelled when the reminder stopped at `since` and would have come due meanwhile.

        It goes out late, with the usual limits. Needs the reminder's lock.
        """
        passed = self.filter(reminder=reminder, state=OccurrenceState.CANCELLED, due_at__gt=since, due_at__lte=now)
        slots = [slot for slot in passed.values_list("slot", flat=True) if yields(reminder.schedule, slot)]
        return passed.filter(slot__in=slots, zone=reminder.zone)._return()

    def plan_on(self, reminders: "dict[Reminder, datetime]", now: datetime) -> dict[int, int]:
        """Book what follows for each reminder after the instant given with it; needs their locks.

        The schedule goes on after the last *slot*. Of the slots that passed meanwhile all but the last become missed.
        Returns how many slots have passed since, by reminder id. Three queries at most, however many reminders.
        """
        settled = self._settled_slots(reminders, min(reminders.values(), default=now))
        plans = []
        for reminder, since in reminders.items():
            passed = between(reminder.schedule, since, now, limit=10_000) if since < now else []
            passed = [slot for slot in passed if slot.local not in settled[reminder.pk]]
            ahead = self._free_slot(reminder, max(since, now), settled[reminder.pk])
            plans.append(Plan(reminder, passed[:-1][-MISSED_KEPT:], passed[-1] if passed else None, ahead))
        self._book(plans)
        return {plan.reminder.pk: len(plan.missed) + bool(plan.due) for plan in plans}

    def _settled_slots(self, reminders: "Iterable[Reminder]", since: datetime) -> dict[int, set[datetime]]:
        """Slots after `since` that exist and are not to be booked (again), by reminder: done ahead, skipped, …"""
        rows = self.filter(reminder__in=list(reminders), due_at__gt=since - timedelta(days=2)).exclude(
            state__in=[OccurrenceState.UPCOMING, OccurrenceState.CANCELLED]
        )
        settled: dict[int, set[datetime]] = defaultdict(set)
        for reminder_id, slot in rows.values_list("reminder_id", "slot"):
            settled[reminder_id].add(slot)
        return settled

    @staticmethod
    def _free_slot(reminder: "Reminder", after: datetime, settled: set[datetime]) -> Slot | None:
        """The first slot later than `after` that is not settled yet."""
        slot = next_after(reminder.schedule, after)
        while slot and slot.local in settled:
            slot = next_after(reminder.schedule, slot.at)
        return slot

    def _book(self, plans: list[Plan]) -> None:
        """Insert the occurrences of these plans; one that was cancelled comes back instead of a second row."""
        rows: list[Occurrence] = []
        for plan in plans:
            rows += [Occurrence.of(plan.reminder, slot, OccurrenceState.MISSED) for slot in plan.missed]
            rows += [
                Occurrence.of(plan.reminder, slot, OccurrenceState.UPCOMING) for slot in (plan.due, plan.ahead) if slot
            ]
            if plan.due:  # the one that `since` stands for is missed too
                next(row for row in rows if row.slot == plan.due.local).missed_before = len(plan.missed) + 1
        if not rows:
            return
        Occurrence.objects.bulk_create(rows, ignore_conflicts=True)
        wanted = Q()
        for row in rows:
            if row.state == OccurrenceState.UPCOMING:
                wanted |= Q(reminder_id=row.reminder_id, slot=row.slot, zone=row.zone)
        if wanted:
            self.filter(wanted, state=OccurrenceState.CANCELLED)._return()

    def _return(self) -> int:
        """Cancelled ones are upcoming again, one round on."""
        return self.update(
            state=OccurrenceState.UPCOMING, round=F("round") + 1, next_step=DUE, next_step_at=F("due_at"), error=""
        )


class Occurrence(models.Model):
    """One slot of a reminder in one zone, due at an instant. Upcoming ones are few; the past is history."""

    State = OccurrenceState

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    reminder = models.ForeignKey("reminders.Reminder", models.CASCADE, related_name="occurrences")
    slot = LocalDateTimeField()  # what the schedule yields; stays when the occurrence is moved
    zone = models.CharField(max_length=64)
    due_at = models.DateTimeField()
    state = models.CharField(max_length=9, choices=OccurrenceState, default=OccurrenceState.UPCOMING)
    round = models.PositiveSmallIntegerField(default=0)  # counts undo and revival, so that a step may run again
    next_step = models.CharField(max_length=16, default=DUE)
    next_step_at = models.DateTimeField(null=True)  # null: nothing more to do by itself
    missed_before = models.PositiveSmallIntegerField(default=0)  # slots that passed unseen just before, in an outage
    settled_from = models.CharField(max_length=9, choices=OccurrenceState, blank=True)  # where undo leads back to
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="settled_occurrences"
    )
    settled_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)  # why the last dispatch of this row failed

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
        ]

    def __str__(self) -> str:
        return f"occurrence {self.uuid}"

    @classmethod
    def of(cls, reminder: "Reminder", slot: Slot, state: OccurrenceState) -> "Occurrence":
        """A new row for a slot; unsaved."""
        first = ladder(slot.at)[0]
        upcoming = state == OccurrenceState.UPCOMING
        return cls(
            reminder=reminder,
            slot=slot.local,
            zone=reminder.zone,
            due_at=slot.at,
            state=state,
            next_step=first.step,
            next_step_at=first.at if upcoming else None,
        )

    @property
    def is_settled(self) -> bool:
        return self.state not in UNSETTLED

    def finish(self, by: "User", now: datetime) -> bool:
        """Say that it is done, also ahead of time. False: somebody was first, or it is settled otherwise.

        Messages that no worker has claimed yet are withdrawn. What follows is planned.
        """
        with transaction.atomic():
            reminder = self._locked_reminder()
            won = (
                Occurrence.objects.unsettled()
                .filter(pk=self.pk)
                .update(
                    settled_from=F("state"),
                    state=OccurrenceState.DONE,
                    settled_by=by,
                    settled_at=now,
                    next_step_at=None,
                )
            )
            if won:
                Delivery.objects.filter(occurrence=self).withdraw(WhyNot.DONE)
                Occurrence.objects.arrange(reminder, now)
        self.refresh_from_db()
        return bool(won)

    def undo(self, now: datetime) -> bool:
        """Take "done" back: the state before, one round on. False: it is not done, or a later one has come due since.

        Messages withdrawn because it was done are wanted again, unless they would be too late by now.
        """
        with transaction.atomic():
            reminder = self._locked_reminder()
            won = not self._has_followers(now) and self._take_back(reminder)
            if won and now - self.due_at <= TOO_LATE:
                Delivery.objects.filter(occurrence=self, why_not=WhyNot.DONE).wanted_again(now)
            if won:
                Occurrence.objects.arrange(reminder, now)
        self.refresh_from_db()
        return bool(won)

    def _take_back(self, reminder: "Reminder") -> int:
        done = Occurrence.objects.filter(pk=self.pk, state=OccurrenceState.DONE)
        fields = {"round": F("round") + 1, "settled_by": None, "settled_at": None, "settled_from": ""}
        was_upcoming = done.filter(settled_from=OccurrenceState.UPCOMING)
        if reminder.is_active:
            won = was_upcoming.update(state=OccurrenceState.UPCOMING, next_step_at=F("due_at"), **fields)
        else:
            won = was_upcoming.update(state=OccurrenceState.CANCELLED, **fields)
        return won or done.update(state=OccurrenceState.OPEN, **fields)

    def _has_followers(self, now: datetime) -> bool:
        """Whether a later occurrence of the reminder has come due: one thing to do at a time."""
        later = Occurrence.objects.filter(reminder=self.reminder_id, due_at__gt=self.due_at, due_at__lte=now)
        return later.exclude(state=OccurrenceState.CANCELLED).exists()

    def set_aside(self, now: datetime, error: str) -> None:
        """Keep an occurrence that could not be dispatched from holding up the rest; it is tried again later."""
        Occurrence.objects.filter(pk=self.pk, next_step_at__isnull=False).update(
            error=error, next_step_at=now + SET_ASIDE_FOR
        )

    def _locked_reminder(self) -> "Reminder":
        return type(self.reminder).objects.lock(self.reminder_id)
