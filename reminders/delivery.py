"""Sending deliveries: the checks of the last moment, and the round of a worker."""

import logging
from datetime import datetime
from typing import Any

from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone

from teamreminders.claims import Claims
from teamreminders.sending import Round
from teams.models import Membership, OutsideAddress, OutsideState

from .channels import email
from .facts import with_facts
from .ladder import ADVANCE
from .models import Delivery, OccurrenceState, Reminder, WhyNot
from .models.audience import mail_kind

log = logging.getLogger(__name__)

# What became of the occurrence, and why its message is not sent then.
WHY_NOT_IN = {
    OccurrenceState.DONE: WhyNot.DONE,
    OccurrenceState.SKIPPED: WhyNot.SKIPPED,
    OccurrenceState.MISSED: WhyNot.OVERTAKEN,
    OccurrenceState.OPEN: WhyNot.OVERTAKEN,  # an advance notice, by the reminder itself
}


# No row, no yes: a subquery without a row is NULL. First: a test of a reminder that is there, whatever its state; else
# of an open occurrence that is not snoozed, an upcoming one for an advance notice; of an active reminder; no later than
# that allows (`Reminder.late_limit`), unless somebody queued it again after that; to nobody who mutes it. Second: to an
# active member of the team who wants this kind of mail, or to an outside address that has agreed. `why_not` says the
# same in Python.
SENDABLE = """
    (SELECT CASE WHEN starts_with(row.step, 'test-') THEN (SELECT reminder.deleted_at IS NULL
               FROM reminders_reminder AS reminder WHERE reminder.id = occurrence.reminder_id)
       ELSE occurrence.state = CASE WHEN starts_with(row.step, 'advance-') THEN 'upcoming' ELSE 'open' END
        AND (occurrence.state <> 'open' OR occurrence.next_step_at IS NULL OR occurrence.next_step_at <= %(now)s)
        AND (SELECT true FROM reminders_reminder_muted_by AS muting
              WHERE muting.reminder_id = occurrence.reminder_id AND muting.user_id = row.user_id) IS NULL
        AND (SELECT reminder.deleted_at IS NULL AND reminder.paused_at IS NULL
                AND (reminder.paused_until IS NULL OR reminder.paused_until <= %(now)s)
                AND row.planned_for + CASE reminder.lateness WHEN 'late' THEN reminder.late_hours * interval '1 hour'
                                                             ELSE interval '5 minutes' END
                    NOT BETWEEN row.created_at AND %(now)s
               FROM reminders_reminder AS reminder WHERE reminder.id = occurrence.reminder_id)
       END
       FROM reminders_occurrence AS occurrence WHERE occurrence.id = row.occurrence_id)
    AND CASE WHEN row.outside_id IS NULL THEN
        (SELECT CASE WHEN starts_with(row.step, 'advance-') THEN 'notice'
                     WHEN starts_with(row.step, 'test-') THEN 'test' ELSE 'reminder' END <> ALL (membership.muted)
            AND (SELECT person.is_active FROM accounts_user AS person WHERE person.id = membership.user_id)
           FROM teams_membership AS membership
          WHERE membership.team_id = row.team_id AND membership.user_id = row.user_id)
        ELSE (SELECT outside.state = 'agreed' FROM teams_outsideaddress AS outside WHERE outside.id = row.outside_id)
        END
"""


class DeliveryRound(Round[Delivery]):
    claims = Claims(Delivery, sendable=SENDABLE, claiming=("address",))

    def __init__(self, ids: list[int]) -> None:
        super().__init__(with_facts(ids), Delivery.objects.all())
        self._drafts = email.Drafts()

    def compose(self, row: Delivery, now: datetime) -> EmailMessage:
        return self._drafts.letter(row, now)

    @transaction.atomic
    def passed_over(self, row: Delivery) -> None:
        """Withdraws it where it is not wanted any more; under its reminder's lock, so that the reason still holds.

        Not where somebody else has that lock: the others of the round must not wait for it.
        """
        theirs = Reminder.objects.filter(occurrences__deliveries=row.pk)
        if not theirs.select_for_update(of=("self",), no_key=True, skip_locked=True).first():
            return
        current = Delivery.objects.select_related("occurrence__reminder").filter(pk=row.pk).first()
        reason = current and why_not(current, timezone.now())
        if current and reason and Delivery.objects.filter(pk=row.pk, tries=current.tries).withdraw(reason):
            log.info("not sent: %s", reason.value, extra=current.ids | {"outcome": "suppressed"})


def why_not(delivery: Delivery, now: datetime) -> WhyNot | None:
    """Why it must not be sent any more; None when it may. Two queries beside those for the rows themselves."""
    if delivery.occurrence.reminder.deleted_at:
        return WhyNot.DELETED
    if not delivery.is_test and (reason := _why_not_now(delivery, now)):
        return reason
    return _why_not_to_outside(delivery) if delivery.outside_id else _why_not_to_member(delivery)


def _why_not_now(delivery: Delivery, now: datetime) -> WhyNot | None:
    """Whoever it is for."""
    occurrence = delivery.occurrence
    if occurrence.reminder.is_paused(now):
        return WhyNot.PAUSED
    wanted = OccurrenceState.UPCOMING if delivery.step.startswith(ADVANCE) else OccurrenceState.OPEN
    if occurrence.state != wanted:
        return WHY_NOT_IN.get(OccurrenceState(occurrence.state), WhyNot.CANCELLED)
    if occurrence.state == OccurrenceState.OPEN and occurrence.next_step_at and occurrence.next_step_at > now:
        return WhyNot.SNOOZED
    limit = delivery.planned_for + occurrence.reminder.late_limit
    return WhyNot.TOO_LATE if delivery.created_at <= limit <= now else None


def _why_not_to_member(delivery: Delivery) -> WhyNot | None:
    team: Any = delivery.team_id
    membership = Membership.objects.filter(team=team, user=delivery.user_id, user__is_active=True).first()
    if membership is None:
        return WhyNot.LEFT
    if delivery.is_test:
        return None
    if delivery.occurrence.reminder.muted_by.filter(pk=membership.user_id).exists():
        return WhyNot.MUTED
    return WhyNot.TURNED_OFF if mail_kind(delivery.step) in membership.muted else None


def _why_not_to_outside(delivery: Delivery) -> WhyNot | None:
    outside: Any = delivery.outside_id
    state = OutsideAddress.objects.filter(pk=outside).values_list("state", flat=True).first()
    if state == OutsideState.AGREED:
        return None
    return WhyNot.STOPPED if state == OutsideState.STOPPED else WhyNot.REMOVED


def deliver(ids: list[int]) -> None:
    """Send these deliveries; those that others have or that are not wanted any more are left out."""
    DeliveryRound(ids).run()
