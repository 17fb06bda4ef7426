"""A test: one real message of a reminder, to whoever asks for it and to nobody else."""

from datetime import datetime

from django.db.models import Case, Value, When

from accounts.models import User

from .ladder import TEST
from .models import Delivery, Occurrence, Reminder
from .models.delivery import NewDelivery
from .receipt import WAITING

# Of one occurrence, to one person.
TESTS_AT_MOST = 50
TESTS_SHOWN = 3


def send_test(reminder: Reminder, to: User, now: datetime) -> bool:
    """Queue one to a member, as of the date that is next. It goes the way of every message, also while it is paused.

    False: one is on its way still, there were too many, or the reminder has no date at all. Sent twice at the same
    moment, it is one message.
    """
    occurrence = _next_of(reminder, to)
    tests = Delivery.objects.filter(occurrence=occurrence, user=to, step__startswith=TEST)
    sent = tests.count()
    if occurrence is None or sent >= TESTS_AT_MOST or tests.filter(state__in=WAITING).exists():
        return False
    test = NewDelivery(
        occurrence_id=occurrence.pk,
        team_id=reminder.team_id,
        user_id=to.pk,
        outside_id=None,
        recipient_key=f"user:{to.pk}",
        address=to.email,
        reason=Delivery.Reason.TEST.value,
        step=f"{TEST}{sent + 1}",
        round=occurrence.round,
        planned_for=now,
        state=Delivery.State.QUEUED.value,
        next_try_at=now,
        why_not="",
    )
    Delivery.objects.book([test], now)
    return True


def tests_of(reminder: Reminder, to: User) -> list[Delivery]:
    """The last ones of the date that is next, newest first. Three queries at most."""
    occurrence = _next_of(reminder, to)
    tests = Delivery.objects.filter(occurrence=occurrence, user=to, step__startswith=TEST)
    return list(tests.order_by("-pk")[:TESTS_SHOWN]) if occurrence else []


def _next_of(reminder: Reminder, to: User) -> Occurrence | None:
    """What waits or comes next, on the person's clock where it has one; else the last."""
    rows = Occurrence.objects.filter(reminder=reminder)
    here = Case(When(zone=to.zone, then=Value(0)), default=Value(1))
    return rows.unsettled().order_by(here, "due_at").first() or rows.order_by("-due_at").first()
