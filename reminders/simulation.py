"""What would go out: the engine itself, run ahead of time on one reminder after another, and rolled back."""

from datetime import datetime
from typing import NamedTuple

from django.db import transaction
from django.db.models import Min

from teamreminders.outbox import OutboxState

from .dispatch import dispatch
from .models import Delivery, Occurrence, Reminder


class Outgoing(NamedTuple):
    """One message; sorts by time."""

    at: datetime
    team: str
    title: str
    step: str
    zone: str  # of the clock that it goes by
    address: str


def simulate(reminder: Reminder, begin: datetime, end: datetime, now: datetime) -> list[Outgoing]:
    """What a reminder would send with begin <= at <= end if nobody answered, in time order.

    People, zones, days off and what is open are those of `now`, before which `begin` must not lie. Keeps the
    reminder's lock as long as it takes, and changes nothing. Raises ScheduleError where the schedule cannot be read.
    """
    with transaction.atomic():
        reminder.lock_again()
        sent = Delivery.objects.filter(occurrence__reminder=reminder)
        earlier = list(sent.values_list("pk", flat=True))
        reminder.plan(now)
        _run(reminder, end, now)
        rows = sent.exclude(pk__in=earlier).filter(state=OutboxState.SENT, sent_at__gte=begin)
        found = [_outgoing(row, reminder) for row in rows.select_related("occurrence").order_by("sent_at", "address")]
        transaction.set_rollback(True)
    return found


def _run(reminder: Reminder, end: datetime, now: datetime) -> None:
    """Dispatch at every moment at which a step comes, and send at once what that writes."""
    mine = Occurrence.objects.filter(reminder=reminder)
    queued = Delivery.objects.filter(occurrence__reminder=reminder, state=OutboxState.QUEUED)
    while (at := mine.filter(next_step_at__lte=end).aggregate(at=Min("next_step_at"))["at"]) is not None:
        at = max(at, now)
        dispatch(mine.due(at), at)
        queued.update(state=OutboxState.SENT, sent_at=at, next_try_at=None)


def _outgoing(row: Delivery, reminder: Reminder) -> Outgoing:
    assert row.sent_at is not None
    return Outgoing(row.sent_at, str(reminder.team), reminder.title, row.step, row.occurrence.zone, row.address)
