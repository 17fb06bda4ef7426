"""What would go out: the engine itself, run ahead of time on copies of one reminder after another, and rolled back."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import uuid4

from django.db import transaction
from django.db.models import Min, Model, Q

from teamreminders.outbox import OutboxState

from .dispatch import dispatch
from .models import Delivery, Occurrence, Reminder
from .models.choices import UNSETTLED

# Settled ones that planning may look at, or a person who moves: days off shift one by a month at most.
PAST_COPIED = timedelta(days=60)


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

    People, zones, days off and what is open are those of `now`, before which `begin` must not lie. Locks and changes
    nothing, however long it takes: dispatch goes on. Raises ScheduleError where the schedule cannot be read.
    """
    with transaction.atomic():
        copy = _copied(reminder.pk, now)
        sent = Delivery.objects.filter(occurrence__reminder=copy)
        earlier = list(sent.values_list("pk", flat=True))
        copy.plan(now)
        _run(copy, end, now)
        rows = sent.exclude(pk__in=earlier).filter(state=OutboxState.SENT, sent_at__gte=begin)
        found = [_outgoing(row, copy) for row in rows.select_related("occurrence").order_by("sent_at", "address")]
        transaction.set_rollback(True)
    return found


def _copied(pk: int, now: datetime) -> Reminder:
    """Another reminder with the same people and the same occurrences; nobody else sees it or waits for it."""
    copy = Reminder.objects.get(pk=pk)
    chosen = {name: list(getattr(copy, name).all()) for name in ("people", "outside", "muted_by")}
    changed_at = copy.changed_at
    copy.pk, copy.uuid, copy._state.adding = None, uuid4(), True
    copy.save()
    for name, rows in chosen.items():
        getattr(copy, name).set(rows)
    Reminder.objects.filter(pk=copy.pk).update(changed_at=changed_at)
    since = now - PAST_COPIED
    recent = Q(state__in=UNSETTLED) | Q(due_at__gt=since) | Q(slot__gt=since.replace(tzinfo=None))
    occurrences = list(Occurrence.objects.filter(recent, reminder=pk))
    copies = dict(zip([row.pk for row in occurrences], occurrences, strict=True))
    deliveries = list(Delivery.objects.filter(occurrence__in=list(copies)))
    _write_anew(Occurrence, occurrences, reminder=copy)
    for row in deliveries:
        row.occurrence = copies[row.occurrence_id]
    _write_anew(Delivery, deliveries)
    copy.refresh_from_db()
    return copy


def _write_anew(model: type[Model], rows: Iterable[Any], **fields: Any) -> None:
    for row in rows:
        row.pk, row.uuid = None, uuid4()
        for name, value in fields.items():
            setattr(row, name, value)
    model._default_manager.bulk_create(rows, batch_size=1000)


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
