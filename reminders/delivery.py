"""Sending deliveries: the checks of the last moment, and the round of a worker."""

from datetime import datetime
from typing import Any

from django.core.mail import EmailMessage
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from teamreminders.sending import Round
from teams.models import Membership

from .channels import email
from .ladder import ADVANCE
from .models import Delivery, Occurrence, OccurrenceState, WhyNot
from .models.delivery import DeliveryQuerySet

# What became of the occurrence, and why its message is not sent then.
WHY_NOT_IN = {
    OccurrenceState.DONE: WhyNot.DONE,
    OccurrenceState.SKIPPED: WhyNot.SKIPPED,
    OccurrenceState.MISSED: WhyNot.OVERTAKEN,
    OccurrenceState.OPEN: WhyNot.OVERTAKEN,  # an advance notice, by the reminder itself
}


class DeliveryRound(Round[Delivery]):
    def sendable(self) -> DeliveryQuerySet:
        """Open occurrence, upcoming for an advance notice; active reminder, still an active member of the team."""
        going = Q(reminder__paused_until=None) | Q(reminder__paused_until__lte=timezone.now())
        occurrences = Occurrence.objects.filter(
            going, pk=OuterRef("occurrence_id"), reminder__paused_at=None, reminder__deleted_at=None
        )
        advance = Q(step__startswith=ADVANCE)
        ahead = Exists(occurrences.filter(state=OccurrenceState.UPCOMING))
        is_open = Exists(occurrences.filter(state=OccurrenceState.OPEN))
        member = Exists(_membership(OuterRef("team_id"), OuterRef("user_id")))
        return Delivery.objects.filter((advance & ahead) | (~advance & is_open), member)

    def compose(self, row: Delivery, now: datetime) -> EmailMessage:
        return email.compose(row, now)

    def passed_over(self, row: Delivery) -> None:
        current = Delivery.objects.select_related("occurrence__reminder").filter(pk=row.pk).first()
        reason = current and why_not(current, timezone.now())
        if current and reason:
            Delivery.objects.filter(pk=row.pk, tries=current.tries).withdraw(reason)


def why_not(delivery: Delivery, now: datetime) -> WhyNot | None:
    """Why it must not be sent any more; None when it may. One query beside those for the rows themselves."""
    occurrence = delivery.occurrence
    if occurrence.reminder.deleted_at:
        return WhyNot.DELETED
    if occurrence.reminder.is_paused(now):
        return WhyNot.PAUSED
    wanted = OccurrenceState.UPCOMING if delivery.step.startswith(ADVANCE) else OccurrenceState.OPEN
    if occurrence.state != wanted:
        return WHY_NOT_IN.get(OccurrenceState(occurrence.state), WhyNot.CANCELLED)
    return None if _membership(delivery.team_id, delivery.user_id).exists() else WhyNot.LEFT


def deliver(ids: list[int]) -> None:
    """Send these deliveries; those that others have or that are not wanted any more are left out."""
    DeliveryRound(Delivery.objects.with_facts(ids)).run()


def _membership(team: Any, user: Any) -> QuerySet[Membership]:
    return Membership.objects.filter(team_id=team, user_id=user, user__is_active=True)
