"""What a reminder's page proves: every occurrence, every message, what the server said, who answered."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import md5
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import (
    Case,
    Count,
    DurationField,
    ExpressionWrapper,
    F,
    Max,
    Min,
    Prefetch,
    Value,
    When,
    prefetch_related_objects,
)

from teamreminders.outbox import OutboxState

from .agenda import ANSWERED_BY
from .models import Delivery, Occurrence, OccurrenceState, Reminder
from .models.answer import is_held

OCCURRENCES_A_PAGE = 20
# Messages shown of one occurrence, those in trouble first, and when somebody asks for them all.
MESSAGES_SHOWN = 20
MESSAGES_SHOWN_IF_ASKED = 2000
# A page looks again every so many seconds while something is about to happen, or only waits for a later try.
SOON, LATER = 2, 30
# How long the receipt offers to take "done" back.
UNDO_OFFERED = timedelta(days=1)
ABOUT_TO_HAPPEN = timedelta(seconds=60)
WAITING = (OutboxState.QUEUED, OutboxState.SENDING)


@dataclass(frozen=True)
class Counts:
    """The messages of one occurrence: how many in each state, and the greatest lateness."""

    by_state: dict[str, int]
    latest: timedelta | None

    @property
    def total(self) -> int:
        return sum(self.by_state.values())

    @property
    def in_trouble(self) -> bool:
        return bool({OutboxState.FAILED, OutboxState.BOUNCED, *WAITING} & set(self.by_state))


@dataclass(frozen=True)
class Receipt:
    """A page of occurrences, newest first, each with `ledger` and `counts`; `look_again` in seconds, 0 for never."""

    page: Page
    look_again: int

    @property
    def fingerprint(self) -> str:
        """Changes whenever anything that is shown does, but for the passing of time."""
        shown = [
            (
                row.pk,
                row.state,
                row.round,
                row.due_at,
                row.snoozed_until,
                row.acknowledged_by_id,
                row.is_held,
                row.error,
            )
            for row in self.page
        ]
        counts = [sorted(row.counts.by_state.items()) for row in self.page]
        tries = [(row.pk, delivery.pk, delivery.tries) for row in self.page for delivery in row.ledger]
        return md5(repr((shown, counts, tries, self.look_again)).encode(), usedforsecurity=False).hexdigest()


def receipt(reminder: Reminder, now: datetime, *, page: Any = 1, whole: str = "") -> Receipt:
    """`reminder` comes `with_next_due`; `whole`: the uuid of an occurrence whose messages are all wanted.

    Four queries, however long the history.
    """
    happened = Occurrence.objects.filter(reminder=reminder).happened(now).annotate(is_held=is_held())
    shown = Paginator(happened.select_related(*ANSWERED_BY), OCCURRENCES_A_PAGE).get_page(page)
    rows: list[Any] = list(shown.object_list)
    shown.object_list = rows
    counts, next_try = _counts(rows)
    _add_ledgers([row for row in rows if str(row.uuid) != whole], MESSAGES_SHOWN)
    _add_ledgers([row for row in rows if str(row.uuid) == whole], MESSAGES_SHOWN_IF_ASKED)
    for row in rows:
        row.reminder, row.counts = reminder, counts.get(row.pk, Counts({}, None))
        row.shown_open = row is rows[0] or row.counts.in_trouble or str(row.uuid) == whole
        row.left_out = row.counts.total - len(row.ledger)
        row.may_undo = bool(row.settled_by_id) and row.settled_at > now - UNDO_OFFERED
    return Receipt(shown, _look_again(rows, next_try, reminder.next_due, now))  # type: ignore[attr-defined]


def _add_ledgers(rows: list[Occurrence], messages: int) -> None:
    trouble_first = Case(
        When(state=OutboxState.FAILED, then=Value(0)),
        When(state__in=WAITING, then=Value(1)),
        When(state=OutboxState.SENT, then=Value(2)),
        default=Value(3),
    )
    ledger = Delivery.objects.promised().select_related("user").order_by(trouble_first, "pk")[:messages]
    prefetch = Prefetch("deliveries", ledger, to_attr="ledger")
    prefetch_related_objects(rows, prefetch)


def _counts(rows: list[Occurrence]) -> tuple[dict[int, Counts], datetime | None]:
    late = ExpressionWrapper(F("sent_at") - F("planned_for"), DurationField())
    found = Delivery.objects.promised().filter(occurrence__in=rows).order_by().values("occurrence", "state")
    by_occurrence: dict[int, dict[str, int]] = {}
    latest: dict[int, timedelta] = {}
    tries = []
    for each in found.annotate(n=Count("pk"), late=Max(late), next_try=Min("next_try_at")):
        by_occurrence.setdefault(each["occurrence"], {})[each["state"]] = each["n"]
        if each["late"] is not None:
            latest[each["occurrence"]] = each["late"]
        if each["next_try"]:
            tries.append(each["next_try"])
    counts = {pk: Counts(states, latest.get(pk)) for pk, states in by_occurrence.items()}
    return counts, min(tries, default=None)


def _look_again(rows: list[Occurrence], next_try: datetime | None, next_due: datetime | None, now: datetime) -> int:
    soon = now + ABOUT_TO_HAPPEN
    overdue = any(row.state == OccurrenceState.UPCOMING and row.due_at <= now and not row.error for row in rows)
    if overdue or (next_try and next_try <= soon) or (next_due and next_due <= soon):
        return SOON
    return LATER if next_try else 0
