"""Taking the steps of occurrences whose time has come: their next state, what follows, and who is told."""

import logging
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.db import transaction
from django.db.models import Q

from teamreminders import tally
from teamreminders.outbox import OutboxState

from .ladder import DUE, Rung, first_ahead
from .models import Completion, Delivery, Occurrence, OccurrenceState, Reminder, WhyNot, ZoneMode
from .models.audience import Recipient
from .models.choices import UNSETTLED
from .models.delivery import NewDelivery
from .models.planning import Lane
from .recipients import History, history_of, on_this_clock

log = logging.getLogger(__name__)


class Step(NamedTuple):
    """`rung` is sent; `overtaken` came due as well and are not."""

    occurrence: Occurrence
    rung: Rung
    overtaken: list[Rung]
    opens: bool  # it is what the occurrence was planned for
    snoozed: bool  # it is open already, and told again

    @property
    def reminder(self) -> Reminder:
        return self.occurrence.reminder

    @property
    def lane(self) -> Lane:
        return Lane(self.reminder, self.occurrence.zone)


# What a step may change of an occurrence.
MOVED = ("state", "settled_at", "next_step", "next_step_at", "missed_before", "error")

Recipients = dict[int, list[Recipient]]  # by occurrence id
LivingZones = dict[int, set[str]]  # by reminder id: the clocks that somebody goes by


def take_steps(occurrences: list[Occurrence], now: datetime) -> None:
    """Move due occurrences on and write their deliveries. Needs the locks of their reminders and of the rows."""
    steps = [step for occurrence in occurrences if (step := _step_of(occurrence, now))]
    audience = Reminder.objects.reached({step.reminder for step in steps})
    zones = {step.reminder.pk: _zones(step.reminder, audience[step.reminder.pk]) for step in steps}
    history = history_of(occurrences)
    recipients = {step.occurrence.pk: _recipients(step, audience[step.reminder.pk], history, now) for step in steps}
    alive = [step for step in steps if step.reminder.is_active and _is_alive(step.lane, zones)]
    latest = _latest_due(alive)
    lanes = {step.lane: now for step in alive} | latest
    passed = Occurrence.objects.plan_on({lane: at for lane, at in lanes.items() if not lane.reminder.has_one_slot}, now)
    for step in steps:
        abandoned = not _is_alive(step.lane, zones) and not recipients[step.occurrence.pk]
        _move_on(step, OccurrenceState.CANCELLED if abandoned else _state_after(step, latest, passed, now), now)
    missed = _missed(steps)
    Occurrence.objects.write(occurrences, MOVED)
    if missed:
        Occurrence.objects.tell_missed(missed)
    sending = [step for step in steps if step.occurrence.state in UNSETTLED and not _is_stopped(step.reminder, now)]
    _replace([step.occurrence for step in sending if step.snoozed])
    closed = _overtake([step.occurrence for step in sending if step.opens], zones, now)
    rows = _write_deliveries([step for step in sending if step.occurrence.pk not in closed], recipients, now)
    transaction.on_commit(lambda: _tell(steps, rows), robust=True)
    left = {step.reminder for step in steps if step.reminder.is_active and not _is_alive(step.lane, zones)}
    if left:
        Reminder.objects.plan_again(list(left), now)


def _step_of(occurrence: Occurrence, now: datetime) -> Step | None:
    """The last step whose time has come, those before it, and whether the occurrence opens by it; a snooze has one.

    None where none has, whatever `next_step_at` said: it is corrected.
    """
    if occurrence.state == OccurrenceState.OPEN:
        return Step(occurrence, Rung(occurrence.next_step_at or now, DUE), [], opens=False, snoozed=True)
    rungs = occurrence.rungs
    first = next((n for n, rung in enumerate(rungs) if rung.step == occurrence.next_step), len(rungs) - 1)
    come = [rung for rung in rungs[first:] if rung.at <= now]
    if not come:
        occurrence.next_step_at, occurrence.next_step = first_ahead(rungs, now)
        return None
    return Step(occurrence, come[-1], come[:-1], opens=come[-1].step == DUE, snoozed=False)


def _zones(reminder: Reminder, audience: list[Recipient]) -> set[str]:
    return {recipient.zone for recipient in audience} or {reminder.zone}


def _recipients(step: Step, audience: list[Recipient], history: History, now: datetime) -> list[Recipient]:
    if step.reminder.zone_mode == ZoneMode.FIXED:
        return audience
    return on_this_clock(step.occurrence, step.rung.step, audience, history, now)


def _is_alive(lane: Lane, zones: LivingZones) -> bool:
    """Whether somebody still goes by this clock."""
    return lane.reminder.zone_mode == ZoneMode.FIXED or lane.zone in zones[lane.reminder.pk]


def _is_stopped(reminder: Reminder, now: datetime) -> bool:
    return not reminder.is_active or reminder.is_paused(now)


def _latest_due(steps: Iterable[Step]) -> dict[Lane, datetime]:
    """For each lane, when the last of those came due that open now."""
    latest: dict[Lane, datetime] = {}
    for step in steps:
        if step.opens:
            latest[step.lane] = max(step.occurrence.due_at, latest.get(step.lane, step.occurrence.due_at))
    return latest


def _state_after(step: Step, latest: dict[Lane, datetime], passed: dict[Lane, int], now: datetime) -> OccurrenceState:
    """Open, unless it comes too late, a later one of its lane is due as well, or its reminder has stopped."""
    occurrence = step.occurrence
    if not step.reminder.is_active:
        return OccurrenceState.OPEN if step.snoozed else OccurrenceState.CANCELLED
    if not step.opens and not step.snoozed:
        return OccurrenceState(occurrence.state)
    overtaken = passed.get(step.lane, 0) > 0 or occurrence.due_at < latest.get(step.lane, occurrence.due_at)
    too_late = step.opens and now - occurrence.due_at > step.reminder.late_limit
    return OccurrenceState.MISSED if overtaken or too_late else OccurrenceState.OPEN


def _move_on(step: Step, state: OccurrenceState, now: datetime) -> None:
    """One that was put off into a pause is told when the pause ends; where no end is set it just stays open."""
    occurrence = step.occurrence
    occurrence.state, occurrence.error = state, ""
    occurrence.settled_at = None if state in UNSETTLED else now
    if state == OccurrenceState.UPCOMING:
        occurrence.next_step_at, occurrence.next_step = first_ahead(occurrence.rungs, now)
    elif state == OccurrenceState.OPEN and step.reminder.is_active and step.reminder.is_paused(now):
        occurrence.next_step_at = step.reminder.paused_until
    else:
        occurrence.next_step_at, occurrence.next_step = None, step.rung.step


def _missed(steps: list[Step]) -> dict[Lane, int]:
    """Have the one that opens tell how many were missed just before it; returns those that no other tells of yet."""
    missed: dict[Lane, int] = defaultdict(int)
    for step in steps:
        if step.opens and step.occurrence.state == OccurrenceState.MISSED:
            missed[step.lane] += 1 + step.occurrence.missed_before
    for step in steps:
        if step.opens and step.occurrence.state == OccurrenceState.OPEN:
            step.occurrence.missed_before += missed.pop(step.lane, 0)
    return missed


def _replace(snoozed: list[Occurrence]) -> None:
    """What was being sent when somebody snoozed, and could not be, gives way to the message that comes now."""
    if snoozed:
        Delivery.objects.filter(occurrence__in=snoozed).withdraw(WhyNot.SNOOZED)


def _overtake(opened: list[Occurrence], zones: LivingZones, now: datetime) -> set[int]:
    """One that opens closes the older open one of its reminder, or of its clock and of clocks that nobody goes by any
    more: one thing to do at a time. Returns which were closed."""
    if not opened:
        return set()
    same = Q(reminder__in=[each.reminder_id for each in opened if each.reminder.zone_mode == ZoneMode.FIXED])
    for each in opened:
        if each.reminder.zone_mode == ZoneMode.RECIPIENT:
            left = Q(slot__lt=each.slot) & ~Q(zone__in=zones[each.reminder_id])
            same |= Q(reminder=each.reminder_id) & (Q(zone=each.zone) | left)
    older = Occurrence.objects.filter(same, state=OccurrenceState.OPEN).exclude(pk__in=[each.pk for each in opened])
    ids = set(older.select_for_update(no_key=True).values_list("pk", flat=True))
    if ids:
        closed = Occurrence.objects.filter(pk__in=ids)
        told_ids = list(closed.filter(reminder__completion=Completion.NOBODY).values_list("pk", flat=True))
        closing = {"settled_at": now, "next_step_at": None}
        Occurrence.objects.filter(pk__in=told_ids).update(state=OccurrenceState.DONE, **closing)
        Occurrence.objects.filter(pk__in=ids - set(told_ids)).update(state=OccurrenceState.MISSED, **closing)
        Delivery.objects.filter(occurrence__in=ids).withdraw(WhyNot.OVERTAKEN)
    return ids


def _write_deliveries(steps: list[Step], recipients: Recipients, now: datetime) -> list[NewDelivery]:
    """One row for each recipient, also of a step that was overtaken; the unique key makes it one for ever."""
    rows = [
        row
        for step in steps
        for rung in [*step.overtaken, step.rung]
        for row in _deliveries(step, rung, recipients[step.occurrence.pk], now)
    ]
    Delivery.objects.book(rows, now)
    return rows


def _deliveries(step: Step, rung: Rung, recipients: list[Recipient], now: datetime) -> Iterable[NewDelivery]:
    occurrence = step.occurrence
    why_not = ""
    if rung != step.rung:
        why_not = WhyNot.OVERTAKEN.value
    elif now - rung.at > occurrence.reminder.late_limit:
        why_not = WhyNot.TOO_LATE.value
    for recipient in recipients:
        not_sent = why_not or recipient.why_not(rung.step) or ""
        yield NewDelivery(
            occurrence_id=occurrence.pk,
            team_id=occurrence.reminder.team_id,
            user_id=recipient.user_id,
            outside_id=recipient.outside_id,
            recipient_key=recipient.key,
            address=recipient.address,
            reason=recipient.reason.value,
            step=rung.step,
            round=occurrence.round,
            planned_for=rung.at,
            state=(OutboxState.SUPPRESSED if not_sent else OutboxState.QUEUED).value,
            next_try_at=None if not_sent else now,
            why_not=str(not_sent),
        )


def _tell(steps: list[Step], rows: list[NewDelivery]) -> None:
    """Count and log what was dispatched."""
    suppressed = sum(row.state == OutboxState.SUPPRESSED for row in rows)
    tally.OCCURRENCES.add(len(steps))
    tally.DELIVERIES.add(len(rows))
    tally.MESSAGES.add(suppressed, "delivery", "suppressed")
    written = Counter(row.occurrence_id for row in rows)
    for step in steps:
        occurrence = step.occurrence
        log.info("dispatched", extra=occurrence.ids | {"count": written[occurrence.pk], "outcome": occurrence.state})
