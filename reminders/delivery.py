"""Sending deliveries: the checks of the last moment, and the round of a worker."""

from datetime import datetime
from typing import Any

from django.core.mail import EmailMessage
from django.db.models import Exists, OuterRef, QuerySet

from teamreminders.sending import Round
from teams.models import Membership

from .channels import email
from .models import Delivery, Occurrence, OccurrenceState, WhyNot
from .models.delivery import DeliveryQuerySet


class DeliveryRound(Round[Delivery]):
    def sendable(self) -> DeliveryQuerySet:
        """Open occurrence, active reminder, still an active member of the team."""
        wanted = Occurrence.objects.filter(
            pk=OuterRef("occurrence_id"),
            state=OccurrenceState.OPEN,
            reminder__paused_at=None,
            reminder__deleted_at=None,
        )
        return Delivery.objects.filter(Exists(wanted), Exists(_membership(OuterRef("team_id"), OuterRef("user_id"))))

    def compose(self, row: Delivery, now: datetime) -> EmailMessage:
        return email.compose(row, now)

    def passed_over(self, row: Delivery) -> None:
        current = Delivery.objects.select_related("occurrence__reminder").filter(pk=row.pk).first()
        reason = current and why_not(current)
        if current and reason:
            Delivery.objects.filter(pk=row.pk, tries=current.tries).withdraw(reason)


def why_not(delivery: Delivery) -> WhyNot | None:
    """Why it must not be sent any more; None when it may. One query beside those for the rows themselves."""
    occurrence = delivery.occurrence
    if occurrence.reminder.deleted_at:
        return WhyNot.DELETED
    if occurrence.reminder.paused_at:
        return WhyNot.PAUSED
    if occurrence.state != OccurrenceState.OPEN:
        by_state = {OccurrenceState.DONE: WhyNot.DONE, OccurrenceState.MISSED: WhyNot.OVERTAKEN}
        return by_state.get(OccurrenceState(occurrence.state), WhyNot.CANCELLED)
    return None if _membership(delivery.team_id, delivery.user_id).exists() else WhyNot.LEFT


def deliver(ids: list[int]) -> None:
    """Send these deliveries; those that others have or that are not wanted any more are left out."""
    DeliveryRound(Delivery.objects.with_facts(ids)).run()


def _membership(team: Any, user: Any) -> QuerySet[Membership]:
    return Membership.objects.filter(team_id=team, user_id=user, user__is_active=True)
