"""Retention: what has become old is removed in small transactions while everything else goes on.

Each function yields after every transaction how much it removed; who stops listening in between has lost nothing, and
the next run goes on where this one ended, since what is gone needs no second look. `dry_run` only counts.

What planning may still ask for is never old: see `HistoryQuerySet.old`.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from django.contrib.sessions.models import Session
from django.db import models, transaction

from accounts.models import AccessToken, AccountMail, IdempotentAnswer
from accounts.models.answer import KEPT_FOR
from teams.models import Change

from .models import BulkAct, DataExport, Delivery, Import, Label, Occurrence, Reminder
from .models.bulk import UNDO_WITHIN
from .models.history import Old

# Rows that are looked through at a time, and rows that one transaction removes: some 50 ms. One occurrence goes whole.
LOOKED_THROUGH = 5000
REMOVED_AT_ONCE = 1000


class Pruned(NamedTuple):
    """What one transaction removed; `left`: occurrences that somebody was just working on, for the next run."""

    occurrences: int = 0
    deliveries: int = 0
    left: int = 0


def prune_history(before: datetime, *, dry_run: bool = False) -> Iterator[Pruned]:
    """Settled occurrences of before that instant, with their deliveries."""
    for settled in _settled(before):
        for batch in _batches(Occurrence.objects.filter(pk__in=settled).old(before)):
            yield Pruned(len(batch), sum(row.deliveries for row in batch)) if dry_run else _remove(batch, before)


def prune_account_mail(before: datetime, *, dry_run: bool = False) -> Iterator[int]:
    """Account mail of before that instant that was sent or given up; the words of what was sent are erased already."""
    for first, last in _ranges(AccountMail.objects.all(), before):
        old = AccountMail.objects.filter(pk__range=(first, last), created_at__lt=before, next_try_at=None)
        yield old.count() if dry_run else old.delete()[0]


def prune_changes(before: datetime, *, dry_run: bool = False) -> Iterator[int]:
    """What people changed before that instant."""
    for first, last in _ranges(Change.objects.all(), before):
        old = Change.objects.filter(pk__range=(first, last), created_at__lt=before)
        yield old.count() if dry_run else old.delete()[0]


def prune_sessions(now: datetime, *, dry_run: bool = False) -> Iterator[int]:
    """Sessions that nobody can use any more."""
    ended = Session.objects.filter(expire_date__lt=now)
    if dry_run:
        yield ended.count()
        return
    while keys := list(ended.order_by("expire_date").values_list("pk", flat=True)[:LOOKED_THROUGH]):
        yield ended.filter(pk__in=keys).delete()[0]


def prune_data_exports(now: datetime, *, dry_run: bool = False) -> Iterator[int]:
    """What people had exported, and have had time to download."""
    expired = DataExport.objects.expired(now)
    yield expired.count() if dry_run else expired.delete()[0]


def prune_imports(now: datetime, *, dry_run: bool = False) -> Iterator[int]:
    """Files that were uploaded and left, and imports that nobody can undo any more."""
    expired = Import.objects.expired(now)
    yield expired.count() if dry_run else expired.delete()[1].get(Import._meta.label, 0)


def prune_bulk_acts(now: datetime, *, dry_run: bool = False) -> Iterator[int]:
    """What was done to many at once, and cannot be taken back any more."""
    over = BulkAct.objects.filter(at__lt=now - UNDO_WITHIN)
    yield over.count() if dry_run else over.delete()[0]


def prune_labels(before: datetime, *, dry_run: bool = False) -> Iterator[int]:
    """Labels that were deleted before that instant."""
    gone = Label.objects.filter(deleted_at__lt=before).order_by("pk")
    if dry_run:
        yield gone.count()
        return
    for label in gone:
        label.delete()
        yield 1


def prune_answers(now: datetime, *, dry_run: bool = False) -> Iterator[int]:
    """Answers to programs that would not be given again."""
    for first, last in _ranges(IdempotentAnswer.objects.all(), now - KEPT_FOR):
        old = IdempotentAnswer.objects.filter(pk__range=(first, last), created_at__lt=now - KEPT_FOR)
        yield old.count() if dry_run else old.delete()[0]


def prune_tokens(before: datetime, *, dry_run: bool = False) -> Iterator[int]:
    """Access tokens that were revoked before that instant; one that has expired stays until its person has seen it."""
    ended = AccessToken.objects.filter(ended_at__lt=before)
    yield ended.count() if dry_run else ended.delete()[1].get(AccessToken._meta.label, 0)


def _remove(batch: list[Old], before: datetime) -> Pruned:
    """Takes the reminders' locks, as whoever changes an occurrence does; those that others hold are left alone."""
    with transaction.atomic():
        reminders = Reminder.objects.filter(pk__in={row.reminder for row in batch}).order_by("pk")
        free = list(reminders.select_for_update(no_key=True, skip_locked=True).values_list("pk", flat=True))
        same = Occurrence.objects.filter(pk__in=[row.occurrence for row in batch], reminder__in=free)
        still_old = [row.occurrence for row in same.old(before)]
        deliveries = Delivery.objects.filter(occurrence__in=still_old).delete()[0]
        # As it is: Django would fetch every row first, to find what else has to go, and nothing else has.
        occurrences = Occurrence.objects.filter(pk__in=still_old)._raw_delete(same.db) or 0
    return Pruned(occurrences, deliveries, len(batch) - occurrences)


def _settled(before: datetime) -> Iterator[list[int]]:
    """Ids of occurrences settled before that instant, not too many to ask about at a time; most of a table is not."""
    for ids in _ranges(Occurrence.objects.all(), before):
        rows = Occurrence.objects.filter(pk__range=ids).settled_before(before).order_by("pk")
        settled = list(rows.values_list("pk", flat=True))
        for start in range(0, len(settled), REMOVED_AT_ONCE):
            yield settled[start : start + REMOVED_AT_ONCE]


def _batches(found: list[Old]) -> Iterator[list[Old]]:
    """Cut where it becomes too much for one transaction."""
    batch: list[Old] = []
    weight = 0
    for row in found:
        if batch and weight + row.deliveries + 1 > REMOVED_AT_ONCE:
            yield batch
            batch, weight = [], 0
        batch.append(row)
        weight += row.deliveries + 1
    if batch:
        yield batch


def _ranges(rows: "models.QuerySet[Any]", before: datetime) -> Iterator[tuple[int, int]]:
    """First and last id of some rows at a time, of those made before the instant; what was removed costs nothing."""
    end, last = _first_since(rows, before), 0
    ids = rows.order_by("pk").values_list("pk", flat=True)
    while some := list(ids.filter(pk__gt=last, pk__lt=end)[:LOOKED_THROUGH]):
        last = some[-1]
        yield some[0], last


def _first_since(rows: "models.QuerySet[Any]", instant: datetime) -> int:
    """The lowest id of the rows made since an instant, found by halving: ids and `created_at` rise together.

    Beyond the last id where there is none. Where they do not quite rise together, another run finds the rest.
    """
    low, high = 0, (rows.aggregate(last=models.Max("pk"))["last"] or 0) + 1
    while low < high:
        middle = (low + high) // 2
        row = rows.filter(pk__gte=middle).order_by("pk").values_list("pk", "created_at").first()
        if row is None or (row[1] and row[1] >= instant):
            high = middle
        else:
            low = row[0] + 1
    return low
