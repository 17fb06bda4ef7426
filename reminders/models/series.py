"""Changing one of a series, or a series from one on."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.db import models, transaction

from reminders.schedule import Schedule, can_be_meant, cut, following, place, slots_after
from reminders.schedule.resolve import local_of
from teamreminders.clock import zone_or_utc

from .choices import OccurrenceState
from .occurrence import Occurrence
from .scheduled import Scheduled

if TYPE_CHECKING:
    from accounts.models import User

    from .reminder import Reminder

# Exceptions that one series may carry, and how long those are kept that have passed.
EXCEPTIONS_AT_MOST = 500
PASSED_KEPT = timedelta(days=60)


class Series(Scheduled):
    """The verbs name a slot: the local date-time that the rule yields, also where the occurrence was moved.

    Each takes the reminder's lock and changes nothing that came due already.
    """

    continues: "models.ForeignKey[Reminder | None]"

    if TYPE_CHECKING:  # what the reminder has
        uuid: models.UUIDField

        @property
        def is_active(self) -> bool: ...
        def plan(self, now: datetime) -> None: ...
        def settled_ahead(self, now: datetime) -> models.QuerySet[Occurrence]: ...
        def lock_again(self) -> None: ...

    class Meta:
        abstract = True

    def skip_slot(self, slot: datetime, by: "User", now: datetime) -> bool:
        """Leave one out. False: the schedule does not have it, or it has come due or is settled."""
        with transaction.atomic():
            self.lock_again()
            booked = self._booked(slot)
            if booked:
                return booked.state == OccurrenceState.UPCOMING and booked.skip(by, now)
            if not self._lies_ahead(self.schedule, slot, now):
                return False
            return self._except(now, skipped=self.schedule.skipped | {slot})

    def unskip_slot(self, slot: datetime, now: datetime) -> bool:
        """Undo `skip_slot`. False: it was not skipped, or it cannot come any more."""
        with transaction.atomic():
            self.lock_again()
            booked = self._booked(slot)
            if booked and booked.state == OccurrenceState.SKIPPED:
                return booked.undo(now)
            skipped = self.schedule.skipped
            without = replace(self.schedule, skipped=skipped - {slot})
            if slot not in skipped or not self._lies_ahead(without, slot, now):
                return False
            return self._except(now, skipped=without.skipped)

    def move_slot(self, slot: datetime, to: datetime, now: datetime) -> bool:
        """Have one come at another local date-time; `to` its own time moves it back. The slot stays its name.

        False: the schedule does not have it, or it has come due or is settled; or nobody can mean that day.
        """
        if not can_be_meant(to):
            return False
        with transaction.atomic():
            self.lock_again()
            booked = self._booked(slot)
            if booked and booked.state != OccurrenceState.UPCOMING:
                return False
            if not booked and not self._lies_ahead(self.schedule, slot, now):
                return False
            moved = dict(self.schedule.moved) | {slot: to}
            return self._except(now, moved=tuple(sorted(pair for pair in moved.items() if pair[0] != pair[1])))

    def end(self, now: datetime) -> bool:
        """Let nothing more come; what has come due stays. False: nothing of it lies before `now`."""
        with transaction.atomic():
            self.lock_again()
            ended = self._come_due(now)
            # Exceptions further on are kept for `reopen`.
            return self._end_with(
                ended and replace(ended, skipped=self.schedule.skipped, moved=self.schedule.moved), now
            )

    def reopen(self, now: datetime, *, until: date | None, last: datetime | None, count: int | None) -> None:
        """Give the series another end, or none, after `end`."""
        with transaction.atomic():
            self.lock_again()
            self._store(replace(self.schedule, until=until, last=last, count=count), now)

    def end_before(self, slot: datetime, now: datetime) -> bool:
        """Let nothing more come from a slot on. False: nothing of it lies before."""
        with transaction.atomic():
            self.lock_again()
            return self._end_with(cut(self.schedule, slot), now)

    def cut_at(self, slot: datetime, now: datetime) -> bool:
        """Make the schedule that of what follows from a slot on; changes this object only.

        False: the series does not have the slot, or it has come due or is settled.
        """
        booked = self._booked(slot)
        placed = place(self.schedule, slot) if self.is_active else None
        if not placed or placed.at <= now or (booked and booked.state != OccurrenceState.UPCOMING):
            return False
        ahead = self.settled_ahead(now).values_list("slot", flat=True)  # the new series must not bring them back
        self.schedule = following(replace(self.schedule, skipped=self.schedule.skipped | set(ahead)), slot)
        return True

    def become_another(self, *, continues: "Reminder") -> None:
        """Let this object, as it stands, be a reminder of its own; unsaved."""
        self.pk, self.uuid, self.planned_zones, self.continues = None, uuid4(), [], continues
        self._state.adding = True

    def _booked(self, slot: datetime) -> Occurrence | None:
        """The occurrence of a slot, unless it was cancelled; that of an own clock that is settled first of all."""
        rows = Occurrence.objects.filter(reminder=self.pk, slot=slot).exclude(state=OccurrenceState.CANCELLED)
        return min(rows, key=lambda row: row.state == OccurrenceState.UPCOMING, default=None)

    @property
    def _clocks(self) -> list[str]:
        return self.planned_zones or [self.zone]

    def _lies_ahead(self, schedule: Schedule, slot: datetime, now: datetime) -> bool:
        """Whether it has still to come on some clock."""
        found = [place(replace(schedule, zone=zone), slot) for zone in self._clocks]
        return self.is_active and any(each and each.at > now for each in found)

    def _come_due(self, now: datetime) -> Schedule | None:
        """The schedule up to the first slot that has still to come on some clock, be it moved or put off a day off."""
        latest = max(local_of(now, zone_or_utc(zone)) for zone in self._clocks)
        begun = cut(self.schedule, latest)
        if begun is None:
            return None
        coming = [slot.local for zone in self._clocks for slot in slots_after(replace(begun, zone=zone), now)]
        return cut(begun, min(coming, default=latest))

    def _except(self, now: datetime, **exceptions: Any) -> bool:
        schedule: Schedule = replace(self.schedule, **exceptions)
        since = local_of(now, zone_or_utc(self.zone)) - PASSED_KEPT
        skipped = frozenset(slot for slot in schedule.skipped if slot > since)
        moved = tuple((slot, to) for slot, to in schedule.moved if max(slot, to) > since)
        if len(skipped) + len(moved) > EXCEPTIONS_AT_MOST:
            return False
        self._store(replace(schedule, skipped=skipped, moved=moved), now)
        return True

    def _end_with(self, schedule: Schedule | None, now: datetime) -> bool:
        if schedule is None:
            return False
        self._store(schedule, now)
        return True

    def _store(self, schedule: Schedule, now: datetime) -> None:
        self.schedule = schedule
        self.save()
        self.plan(now)
