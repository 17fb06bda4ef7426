"""Dispatch: occurrences whose step has come get their deliveries and what follows is planned. The scheduler calls it,
in as many processes as there are."""

import logging
from datetime import datetime

from django.db import InterfaceError, OperationalError, transaction
from psycopg.errors import LockNotAvailable

from teamreminders.logs import where

from .models import Occurrence
from .models.occurrence import OccurrenceQuerySet
from .schedule import ScheduleError
from .steps import take_steps

log = logging.getLogger(__name__)

# Occurrences of one transaction.
AT_ONCE = 100


def dispatch_due(now: datetime, at_once: int = AT_ONCE, *, newest_first: bool = False) -> int:
    """Dispatch what is due, `at_once` occurrences at the most; returns how many were looked at. Idle: one query.

    One that fails is set aside with its error, and the rest go on.
    """
    due = Occurrence.objects.due(now)
    if due.values_list("pk").first() is None:  # `exists` would drop the order, as in `OutboxQuerySet.any_due`
        return 0
    due = due.reverse() if newest_first else due
    try:
        return dispatch(due, now, at_once)
    except Exception as error:
        if _is_an_outage(error):
            raise
        reminders = set(due.values_list("reminder_id", flat=True)[:at_once])
        return sum(_dispatch_or_set_aside(reminder_id, now) for reminder_id in reminders)


def dispatch(due: OccurrenceQuerySet, now: datetime, at_once: int = AT_ONCE) -> int:
    """One transaction over the first of these occurrences. Locks reminders, then occurrences; rows that another
    scheduler or an edit holds are left to it, and the next ones taken instead."""
    with transaction.atomic():
        # They only name the reminders: what is due of these is read once they are locked.
        free = due.select_related("reminder").select_for_update(of=("reminder",), no_key=True, skip_locked=True)
        free = free.only("reminder").prefetch_related("reminder__team")
        reminders = {occurrence.reminder_id: occurrence.reminder for occurrence in free[:at_once]}
        theirs = Occurrence.objects.due_of(reminders, now).order_by("pk")
        occurrences = list(theirs.select_for_update(no_key=True))
        for occurrence in occurrences:
            occurrence.reminder = reminders[occurrence.reminder_id]
        take_steps(occurrences, now)
    return len(occurrences)


def _is_an_outage(error: Exception) -> bool:
    """Whether the database itself is unwell, rather than one of the rows.

    By the class of the SQLSTATE (PostgreSQL, appendix A): connection, rollback for others, resources, operator, system.
    A lost connection has none.
    """
    if not isinstance(error, (OperationalError, InterfaceError)):
        return False
    state = getattr(error.__cause__, "sqlstate", None)
    return state is None or state[:2] in {"08", "40", "53", "57", "58"}


def _dispatch_or_set_aside(reminder_id: int, now: datetime) -> int:
    try:
        return dispatch(Occurrence.objects.due_of([reminder_id], now), now)
    except Exception as error:
        if _is_an_outage(error):
            raise
        if isinstance(error.__cause__, LockNotAvailable):
            return 0  # somebody holds it; the next pass looks again
        log.error("reminder %s could not be dispatched: %s", reminder_id, where(error))
        for occurrence in Occurrence.objects.due_of([reminder_id], now):
            occurrence.set_aside(now, _words(error))
        return 1


def _words(error: Exception) -> str:
    """For the page of the team: what PostgreSQL or a library says may quote a row. The log has the place."""
    return f"{type(error).__name__}: {error}" if isinstance(error, ScheduleError) else type(error).__name__
