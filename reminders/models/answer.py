"""What people answer when an occurrence reminds them, and how that is taken back."""

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q

from reminders.ladder import DUE
from teams.models import Membership

from .choices import UNSETTLED, OccurrenceState
from .delivery import Delivery, WhyNot
from .history import HistoryQuerySet

if TYPE_CHECKING:
    from accounts.models import User

    from .reminder import Reminder


def is_held() -> Q:
    """Of occurrences, those that somebody has taken on who can still do it: is active, and in the team."""
    holders = Membership.objects.filter(
        team=OuterRef("reminder__team"), user=OuterRef("acknowledged_by"), user__is_active=True
    )
    return Q(acknowledged_by__isnull=False) & Q(Exists(holders))


def is_free_for(user: "User") -> Q:
    """Of occurrences, those that nobody else has taken on."""
    return Q(acknowledged_by__isnull=True) | Q(acknowledged_by=user.pk) | ~is_held()


class AnswerQuerySet(HistoryQuerySet):
    def unsettled(self) -> Self:
        return self.filter(state__in=UNSETTLED)

    def _back_to_before(self, is_active: bool) -> None:
        """The state before, one round on; of a reminder that has stopped nothing is upcoming."""
        fields = {"round": F("round") + 1, "settled_by": None, "settled_at": None}
        ahead = self.filter(settled_from=OccurrenceState.UPCOMING)
        if is_active:
            ahead.update(state=OccurrenceState.UPCOMING, next_step=DUE, next_step_at=F("due_at"), **fields)
        else:
            ahead.update(state=OccurrenceState.CANCELLED, **fields)
        self.filter(settled_from=OccurrenceState.OPEN).update(state=OccurrenceState.OPEN, **fields)
        self.update(settled_from="")


class Answerable(models.Model):
    """Each verb takes the reminder's lock and is one conditional UPDATE: the first answer wins."""

    if TYPE_CHECKING:  # what the occurrence has
        reminder: models.ForeignKey[Reminder]
        reminder_id: int
        slot: models.DateTimeField
        due_at: models.DateTimeField

    class Meta:
        abstract = True

    def finish(self, by: "User", now: datetime) -> bool:
        """Say that it is done, also ahead of time, on every clock. False: somebody was first, or it was settled else.

        Messages that no worker has claimed yet are withdrawn. What follows is planned.
        """
        return self._settle(OccurrenceState.DONE, WhyNot.DONE, by, now)

    def skip(self, by: "User", now: datetime) -> bool:
        """Leave this one out, also ahead of time; the series goes on. As `finish`."""
        return self._settle(OccurrenceState.SKIPPED, WhyNot.SKIPPED, by, now)

    def snooze(self, until: datetime, by: "User", now: datetime) -> bool:
        """Remind again later, on this clock; the series does not move. False: it is not open."""
        with transaction.atomic():
            self._locked_reminder()
            mine = self._rows.filter(pk=self.pk, state=OccurrenceState.OPEN)
            won = mine.update(round=F("round") + 1, next_step=DUE, next_step_at=until, snoozed_by=by)
            if won:
                Delivery.objects.filter(occurrence=self.pk).withdraw(WhyNot.SNOOZED)
        self.refresh_from_db()
        return bool(won)

    def wake(self, now: datetime) -> bool:
        """Take a snooze back. False: it is not snoozed (any more)."""
        with transaction.atomic():
            self._locked_reminder()
            snoozed = self._rows.filter(pk=self.pk, state=OccurrenceState.OPEN, next_step_at__gt=now)
            won = snoozed.update(next_step_at=None, snoozed_by=None)
            if won:
                Delivery.objects.filter(occurrence=self.pk, why_not=WhyNot.SNOOZED).wanted_again(now)
        self.refresh_from_db()
        return bool(won)

    def acknowledge(self, by: "User", now: datetime) -> bool:
        """Say "I've got it", on every clock: it needs nobody else any more. False: another has it, or it is settled.

        Nothing is withdrawn: it stays to be done, and whoever does it settles it.
        """
        with transaction.atomic():
            self._locked_reminder()
            free = self._rows.unsettled().filter(is_free_for(by))
            won = free.filter(pk=self.pk).update(acknowledged_by=by, acknowledged_at=now)
            if won:
                everywhere = free.filter(reminder=self.reminder_id, slot=self.slot)
                everywhere.update(acknowledged_by=by, acknowledged_at=now)
        self.refresh_from_db()
        return bool(won)

    def release(self) -> bool:
        """Take "I've got it" back, on every clock. False: nobody has it (any more)."""
        with transaction.atomic():
            self._locked_reminder()
            everywhere = self._rows.unsettled().filter(reminder=self.reminder_id, slot=self.slot)
            won = everywhere.filter(acknowledged_by__isnull=False).update(acknowledged_by=None, acknowledged_at=None)
        self.refresh_from_db()
        return bool(won)

    def undo(self, now: datetime) -> bool:
        """Take "done" or "skipped" back: the state before, one round on.

        False: it is not settled by a person, or a later one has come due since. Messages withdrawn because of it are
        wanted again, unless they would be too late by now.
        """
        with transaction.atomic():
            reminder = self._locked_reminder()
            settled = self._take_back(now, reminder)
            if settled:
                if now - self.due_at <= reminder.late_limit:
                    withdrawn = Delivery.objects.filter(
                        occurrence__in=settled, why_not__in=[WhyNot.DONE, WhyNot.SKIPPED]
                    )
                    withdrawn.wanted_again(now)
                reminder.plan(now)
        self.refresh_from_db()
        return bool(settled)

    def _settle(self, state: OccurrenceState, reason: WhyNot, by: "User", now: datetime) -> bool:
        answer = {"settled_from": F("state"), "state": state, "settled_by": by, "settled_at": now, "next_step_at": None}
        with transaction.atomic():
            reminder = self._locked_reminder()
            unsettled = self._rows.unsettled()
            won = unsettled.filter(pk=self.pk).update(**answer)
            if won:
                everywhere = self._rows.filter(reminder=reminder, slot=self.slot)
                unsettled.filter(pk__in=everywhere.values("pk")).update(**answer)
                Delivery.objects.filter(occurrence__in=everywhere).withdraw(reason)
                reminder.plan(now)
        self.refresh_from_db()
        return bool(won)

    def _settled_together(self) -> AnswerQuerySet:
        """This one and the same on other clocks, as somebody settled them."""
        states = [OccurrenceState.DONE, OccurrenceState.SKIPPED]
        current = self._rows.filter(pk=self.pk, state__in=states).values("settled_at")
        return self._rows.filter(reminder=self.reminder_id, slot=self.slot, state__in=states, settled_at__in=current)

    def _take_back(self, now: datetime, reminder: "Reminder") -> list[int]:
        """Returns which are wanted again. What a later one has followed on its clock is closed as that would have."""
        later = self._rows.filter(
            reminder=self.reminder_id, zone=OuterRef("zone"), due_at__gt=OuterRef("due_at"), due_at__lte=now
        ).exclude(state__in=[OccurrenceState.CANCELLED, OccurrenceState.SKIPPED])
        followed = dict(self._settled_together().annotate(followed=Exists(later)).values_list("pk", "followed"))
        if followed.get(self.pk, True):
            return []
        closed = self._rows.filter(pk__in=[pk for pk, is_followed in followed.items() if is_followed])
        state = OccurrenceState.MISSED if reminder.asks else OccurrenceState.DONE
        closed.update(state=state, settled_from="", settled_by=None)
        wanted = [pk for pk, is_followed in followed.items() if not is_followed]
        self._rows.filter(pk__in=wanted)._back_to_before(reminder.is_active)
        return wanted

    @property
    def _rows(self) -> AnswerQuerySet:
        return AnswerQuerySet(type(self))

    def _locked_reminder(self) -> "Reminder":
        return type(self.reminder).objects.lock(self.reminder_id)
