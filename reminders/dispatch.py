"""Dispatch: occurrences whose step has come get their deliveries and what follows is planned. Hand-over: queued
deliveries go to the workers. The scheduler calls both, in as many processes as there are."""

import logging
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

import django_rq
from django.db import InterfaceError, OperationalError, transaction
from psycopg.errors import LockNotAvailable
from rq import Queue

from teamreminders.logs import where
from teams.models import Membership

from .models import Audience, Completion, Delivery, Occurrence, OccurrenceState, Reminder, WhyNot
from .models.occurrence import TOO_LATE, OccurrenceQuerySet

log = logging.getLogger(__name__)

# Occurrences of one transaction.
AT_ONCE = 100
# Ids in a job, and jobs that may wait in Redis: about a second of work for two workers.
JOB_SIZE = 25
JOBS_WAITING = 10

Recipients = dict[int, list[tuple[Membership, "Delivery.Reason"]]]


def dispatch_due(now: datetime) -> int:
    """Dispatch what is due, `AT_ONCE` occurrences at the most; returns how many were looked at. Idle: one query.

    One that fails is set aside with its error, and the rest go on.
    """
    if not Occurrence.objects.due(now).exists():
        return 0
    try:
        return _dispatch(Occurrence.objects.due(now), now)
    except Exception as error:
        if _is_an_outage(error):
            raise
        reminders = set(Occurrence.objects.due(now).values_list("reminder_id", flat=True)[:AT_ONCE])
        return sum(_dispatch_or_set_aside(reminder_id, now) for reminder_id in reminders)


def hand_over(now: datetime) -> int:
    """Enqueue due deliveries, the teams taking turns, as far as the workers' queue has room. Idle: one query.

    Returns how many were enqueued. Raises RedisError; nothing is marked as handed over then.
    """
    if not Delivery.objects.due(now).exists():
        return 0
    queue = django_rq.get_queue("default")
    room = JOBS_WAITING - queue.count
    if room <= 0:
        return 0
    taken = Delivery.objects.take(Delivery.objects.due_in_turn(now, limit=room * JOB_SIZE), now)
    _enqueue(queue, taken)
    return len(taken)


def _enqueue(queue: Queue, ids: list[int]) -> None:
    for start in range(0, len(ids), JOB_SIZE):
        queue.enqueue("reminders.jobs.deliver", ids[start : start + JOB_SIZE], result_ttl=0, failure_ttl=86400)


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
        return _dispatch(Occurrence.objects.due(now).filter(reminder_id=reminder_id), now)
    except Exception as error:
        if _is_an_outage(error):
            raise
        if isinstance(error.__cause__, LockNotAvailable):
            return 0  # somebody holds it; the next pass looks again
        log.error("reminder %s could not be dispatched: %s", reminder_id, where(error))
        for occurrence in Occurrence.objects.due(now).filter(reminder_id=reminder_id):
            occurrence.set_aside(now, f"{type(error).__name__}: {error}")
        return 1


def _dispatch(due: OccurrenceQuerySet, now: datetime) -> int:
    """One transaction over the first of these occurrences. Locks reminders, then occurrences; rows that another
    scheduler or an edit holds are left to it, and the next ones taken instead."""
    with transaction.atomic():
        free = due.select_related("reminder__team").select_for_update(of=("reminder",), no_key=True, skip_locked=True)
        reminders = {occurrence.reminder_id: occurrence.reminder for occurrence in free[:AT_ONCE]}
        occurrences = list(
            Occurrence.objects.due(now).filter(reminder__in=reminders).order_by("pk").select_for_update(no_key=True)
        )
        for occurrence in occurrences:
            occurrence.reminder = reminders[occurrence.reminder_id]
        opened = _open(occurrences, now)
        _overtake(opened, now)
        _write_deliveries(opened, now)
    return len(occurrences)


def _open(occurrences: list[Occurrence], now: datetime) -> list[Occurrence]:
    """Move the occurrences to their next state and plan what follows; returns those that are open now."""
    latest: dict[Reminder, datetime] = {}
    for occurrence in occurrences:
        if occurrence.reminder.is_active:
            latest[occurrence.reminder] = max(occurrence.due_at, latest.get(occurrence.reminder, occurrence.due_at))
    passed = Occurrence.objects.plan_on(latest, now)
    for occurrence in occurrences:
        occurrence.state = _state_at(occurrence, latest, passed, now)
        settled = occurrence.state != OccurrenceState.OPEN
        occurrence.settled_at = now if settled else None
        occurrence.next_step_at, occurrence.error = None, ""
    Occurrence.objects.bulk_update(occurrences, ["state", "settled_at", "next_step_at", "error"])
    return [occurrence for occurrence in occurrences if occurrence.state == OccurrenceState.OPEN]


def _state_at(
    occurrence: Occurrence, latest: dict[Reminder, datetime], passed: dict[int, int], now: datetime
) -> OccurrenceState:
    """Open, unless it comes too late, a later one of its reminder is due as well, or the reminder has stopped."""
    if occurrence.reminder not in latest:
        return OccurrenceState.CANCELLED
    overtaken = passed[occurrence.reminder_id] > 0 or occurrence.due_at < latest[occurrence.reminder]
    too_late = now - occurrence.due_at > TOO_LATE
    return OccurrenceState.MISSED if overtaken or too_late else OccurrenceState.OPEN


def _overtake(opened: list[Occurrence], now: datetime) -> None:
    """An occurrence that opens closes the older open one of its reminder: one thing to do at a time."""
    older = Occurrence.objects.filter(reminder__in=[o.reminder_id for o in opened], state=OccurrenceState.OPEN).exclude(
        pk__in=[o.pk for o in opened]
    )
    ids = list(older.select_for_update(no_key=True).values_list("pk", flat=True)) if opened else []
    if ids:
        told = Occurrence.objects.filter(pk__in=ids, reminder__completion=Completion.NOBODY)
        told_ids = list(told.values_list("pk", flat=True))
        Occurrence.objects.filter(pk__in=told_ids).update(state=OccurrenceState.DONE, settled_at=now)
        Occurrence.objects.filter(pk__in=set(ids) - set(told_ids)).update(state=OccurrenceState.MISSED, settled_at=now)
        Delivery.objects.filter(occurrence__in=ids).withdraw(WhyNot.OVERTAKEN)


def _write_deliveries(opened: list[Occurrence], now: datetime) -> None:
    """One row for each recipient; the unique key makes it one for ever."""
    recipients = _recipients({o.reminder_id: o.reminder for o in opened}.values())
    rows = [
        Delivery(
            occurrence=occurrence,
            team_id=occurrence.reminder.team_id,
            user=membership.user,
            recipient_key=f"user:{membership.user_id}",
            address=membership.user.email,
            step=occurrence.next_step,
            round=occurrence.round,
            reason=reason,
            planned_for=occurrence.due_at,
            next_try_at=now,
        )
        for occurrence in opened
        for membership, reason in recipients[occurrence.reminder_id]
    ]
    Delivery.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1000)


def _recipients(reminders: Iterable[Reminder]) -> Recipients:
    """Who gets each reminder at this moment, and why. Two queries."""
    reminders = list(reminders)
    by_team: dict[int, list[Membership]] = defaultdict(list)
    teams = {reminder.team_id for reminder in reminders}
    for membership in Membership.objects.filter(team__in=teams, user__is_active=True).select_related("user"):
        by_team[membership.team_id].append(membership)
    chosen: dict[int, set[int]] = defaultdict(set)
    through = Reminder.people.through.objects
    for reminder_id, user_id in through.filter(reminder__in=reminders).values_list("reminder_id", "user_id"):
        chosen[reminder_id].add(user_id)
    found: Recipients = {}
    for reminder in reminders:
        members = by_team[reminder.team_id]
        if reminder.audience == Audience.PEOPLE:
            people = chosen[reminder.pk]
            found[reminder.pk] = [(m, Delivery.Reason.CHOSEN) for m in members if m.user_id in people]
        else:
            found[reminder.pk] = [(m, Delivery.Reason.TEAM) for m in members]
    return found
