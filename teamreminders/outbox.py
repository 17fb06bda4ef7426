"""The outbox: what every row has that stands for one message which must arrive, and arrive once.

A row is written in the transaction that wants the message. The scheduler hands its id to the workers, a worker claims
it for a limited time (a lease), sends and settles it. Each step is one conditional UPDATE, and its row count says who
won. Redis only carries ids: losing them costs `HAND_OVER_AGAIN`.

Conditions on other tables must be written with `Exists` (in a claim as scalar subqueries: see `claims`), never as a
join. Django turns a joined update into `WHERE id IN (SELECT …)`, whose inner state PostgreSQL does not look at again
after waiting for a lock, so that two workers could both win. What it looks at again is the row itself; other tables it
still sees as they were when the statement began. A message that becomes unwanted in that moment is kept back only where
its own row is withdrawn too.
"""

import random
import re
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any, Self, TypeVar

from django.db import models, transaction
from django.db.models import Case, F, Func, Q, Value, When
from django.utils.translation import gettext_lazy as _

from .tally import MESSAGES

# A claim lapses after this. Longer than one message can take (line.SECONDS_FOR_ONE), shorter than
# rq's time-out for the job (settings.QUEUE).
LEASE = timedelta(seconds=60)
# A lapsed claim is handed over only after this: where it is the scheduler's clock that is wrong, its message is out by
# then. Messages that take longer than this, and clocks that are that far off, are seldom together.
SECOND_LOOK = timedelta(seconds=10)
# A handed-over row comes round again after this, should its job be lost in Redis.
HAND_OVER_AGAIN = timedelta(seconds=30)
# The clock of a worker may be so far behind that of the scheduler that handed over to it.
CLOCKS_DIFFER_BY = timedelta(seconds=30)
# A worker stops taking messages from its batch after this, so that the batch ends before it is handed over again.
BATCH_TIME = timedelta(seconds=25)
# With `backoff` this is about a day of a server that says "not now".
MAX_TRIES = 30

LAPSED = "The worker that was sending this stopped without an answer"


Row = TypeVar("Row", bound="OutboxRow")


class OutboxState(models.TextChoices):
    """queued -> sending -> sent | failed; sending -> queued to be tried later; queued -> held | suppressed."""

    QUEUED = "queued", _("queued")
    SENDING = "sending", _("sending")
    SENT = "sent", _("sent")  # accepted by the mail server
    BOUNCED = "bounced", _("bounced")  # the provider said so later
    FAILED = "failed", _("failed")  # refused, or tries used up
    HELD = "held", _("held")  # waits for a reason to end
    SUPPRESSED = "suppressed", _("not sent")  # no longer wanted; the reason says why


def backoff(tries: int) -> timedelta:
    """How long to wait after the `tries`-th try: 5 s doubling up to an hour, with up to a fifth of jitter."""
    seconds = min(5 * 2 ** (tries - 1), 3600)
    return timedelta(seconds=seconds * random.uniform(0.8, 1.0))


class OutboxQuerySet(models.QuerySet[Row]):
    """Steps that concern many rows."""

    def due(self, now: datetime) -> Self:
        """Rows to hand over: queued ones whose time has come, and those whose claim has lapsed."""
        return self.filter(next_try_at__lte=now)

    def any_due(self, now: datetime) -> bool:
        """By the index, since in order; `exists` drops that, and reads all while statistics know of a backlog."""
        return self.due(now).order_by("next_try_at").values_list("pk").first() is not None

    def take(self, ids: Iterable[int], now: datetime) -> list[int]:
        """Mark the still due rows among `ids` as handed over and return their ids in the given order.

        Rows that another scheduler is taking are left to it (SKIP LOCKED). A lapsed claim is free again `SECOND_LOOK`
        later, unless its tries are used up: a message that takes its worker down every time must not do so for ever.
        """
        wanted = list(ids)
        with transaction.atomic():
            rows = self.filter(pk__in=wanted).due(now).select_for_update(skip_locked=True)
            taken = dict(rows.values_list("pk", "state"))
            if taken:
                self.filter(pk__in=taken)._hand_over(now)
            lapsed = [pk for pk, state in taken.items() if state == OutboxState.SENDING]
            if lapsed:
                self.filter(pk__in=lapsed).update(error=LAPSED)
                free_again = self.filter(pk__in=lapsed, state=OutboxState.QUEUED)
                free_again.update(next_try_at=now + SECOND_LOOK)
        return [pk for pk in wanted if taken.get(pk) == OutboxState.QUEUED]

    def _hand_over(self, now: datetime) -> None:
        used_up = Q(tries__gte=MAX_TRIES)
        self.update(
            state=Case(When(used_up, then=Value(OutboxState.FAILED)), default=Value(OutboxState.QUEUED)),
            next_try_at=Case(When(used_up, then=None), default=Value(now + HAND_OVER_AGAIN)),
        )

    def handed_over(self, now: datetime) -> Self:
        """Queued rows whose turn it is; not those that were put off for longer, which a second job may still name."""
        return self.filter(state=OutboxState.QUEUED, next_try_at__lte=now + HAND_OVER_AGAIN + CLOCKS_DIFFER_BY)

    def put_off(self, ids: Iterable[int], *, now: datetime, until: datetime, error: str) -> int:
        """Say that no connection could be had for these rows; no try of theirs, since nothing was said of them."""
        return self.handed_over(now)._change_queued(ids, next_try_at=until, error=error)

    def give_back(self, ids: Iterable[int], at: datetime) -> int:
        """Make queued rows that a worker had no time for due then."""
        return self._change_queued(ids, next_try_at=at)

    def _change_queued(self, ids: Iterable[int], **fields: Any) -> int:
        """Rows that another transaction is just changing are left to it: waiting for several could be a deadlock."""
        with transaction.atomic():
            free = self.filter(pk__in=list(ids), state=OutboxState.QUEUED).select_for_update(skip_locked=True)
            return self.filter(pk__in=list(free.values_list("pk", flat=True))).update(**fields)

    def retry(self, now: datetime) -> int:
        """Queue failed rows again, by hand; their tries and their wait start afresh."""
        failed = self.filter(state=OutboxState.FAILED)
        return failed.update(state=OutboxState.QUEUED, tries=0, next_try_at=now, created_at=now)

    def withdraw(self, reason: str) -> int:
        """Give up what has not been claimed yet.

        What a worker or a scheduler is just changing is left to it, as in `_change_queued`: no claim is won of a
        message that is not wanted, and that gives it up.
        """
        with transaction.atomic():
            waiting = self.filter(state__in=[OutboxState.QUEUED, OutboxState.HELD]).select_for_update(skip_locked=True)
            free = self.model._default_manager.filter(pk__in=list(waiting.values_list("pk", flat=True)))
            count = free.update(state=OutboxState.SUPPRESSED, why_not=reason, next_try_at=None)
        kind = str(self.model._meta.model_name)
        transaction.on_commit(lambda: MESSAGES.add(count, kind, "suppressed"), robust=True)
        return count

    def without(self, words: Collection[str], **fields: Any) -> int:
        """Set these fields, and leave out of what servers said the words, however they are spelt."""
        pattern = "|".join(re.sub(r"(\W)", r"\\\1", word) for word in words)
        said = {name: _replaced(name, pattern) for name in ("error", "reply")} if pattern else {}
        return self.update(**fields, **said)


def _replaced(column: str, pattern: str) -> Func:
    arguments = (F(column), Value(pattern), Value("…"), Value("gi"))
    return Func(*arguments, function="regexp_replace", output_field=models.TextField())


class OutboxRow(models.Model):
    """One message to one address."""

    State = OutboxState

    state = models.CharField(max_length=10, choices=OutboxState, default=OutboxState.QUEUED, editable=False)
    # When to hand it over (queued) or when its claim lapses (sending); null in every other state.
    next_try_at = models.DateTimeField(null=True, editable=False)
    tries = models.PositiveSmallIntegerField(default=0, editable=False)
    error = models.TextField(blank=True, editable=False)  # why the last try did not succeed, in the server's words
    reply = models.TextField(blank=True, editable=False)  # what the server said when it accepted
    why_not = models.CharField(max_length=40, blank=True, editable=False)  # why it is held or suppressed
    sent_at = models.DateTimeField(null=True, editable=False)
    # When it was written, or queued again by what a person did: from then on it waits.
    created_at = models.DateTimeField(auto_now_add=True, editable=False)

    class Meta:
        abstract = True

    @property
    def kind(self) -> str:
        """What it is called in counts and logs."""
        return str(self._meta.model_name)

    @property
    def ids(self) -> dict[str, Any]:
        """What lines of the log carry, so that a message can be followed."""
        return {self.kind: str(self.uuid)}  # type: ignore[attr-defined]

    def late_by(self, now: datetime) -> timedelta | None:
        """How late it is, were it accepted now; None for mail that is due at no set time."""
        return None
