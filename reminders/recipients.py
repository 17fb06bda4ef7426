"""Which of an audience a step of an occurrence is for, where all go by their own clocks."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.db.models import Q

from teamreminders.clock import zone_or_utc

from .models import Delivery, Occurrence, OccurrenceState, ZoneMode
from .models.audience import Recipient
from .schedule import place


class History(NamedTuple):
    """Of slots that go by several clocks: who was told of a step by which occurrences, and what became of each clock's
    own."""

    told: dict[tuple[int, datetime, str, str], set[int]]  # (reminder, slot, step, recipient_key) -> occurrences
    states: dict[tuple[int, datetime, str], OccurrenceState]  # (reminder, slot, zone); not where nobody was there


def on_this_clock(
    occurrence: Occurrence, step: str, audience: Iterable[Recipient], history: History, now: datetime
) -> list[Recipient]:
    """Of an audience that goes by its own clocks, those whom this occurrence tells of the step; notes them as told.

    That is who was told by it before, wherever they are now; of the others who goes by its zone, and who has moved on
    to a zone where the slot had passed already.
    """
    zones = {recipient.zone for recipient in audience}
    passed = {zone: _passed(occurrence, zone, history, now) for zone in zones - {occurrence.zone}}
    found = []
    for recipient in audience:
        passed_at = passed.get(recipient.zone)
        here = recipient.zone == occurrence.zone or (passed_at and recipient.since <= passed_at)
        told = history.told[occurrence.reminder_id, occurrence.slot, step, recipient.key]
        if occurrence.pk in told or (here and not told):
            told.add(occurrence.pk)
            found.append(recipient)
    return found


def history_of(occurrences: Iterable[Occurrence]) -> History:
    """Two queries; none where all go by one clock."""
    own = [each for each in occurrences if each.reminder.zone_mode == ZoneMode.RECIPIENT]
    history = History(defaultdict(set), {})
    if own:
        same = Occurrence.objects.filter(
            reminder__in={each.reminder_id for each in own}, slot__in={each.slot for each in own}
        )
        rows = Delivery.objects.filter(occurrence__in=same).values_list(
            "occurrence__reminder_id", "occurrence__slot", "step", "recipient_key", "occurrence_id"
        )
        for reminder_id, slot, step, key, occurrence_id in rows:
            history.told[reminder_id, slot, step, key].add(occurrence_id)
        deserted = Q(state=OccurrenceState.CANCELLED, settled_at__isnull=False)
        for *key, state in same.exclude(deserted).values_list("reminder_id", "slot", "zone", "state"):
            history.states[tuple(key)] = OccurrenceState(state)
    return history


def _passed(occurrence: Occurrence, zone: str, history: History, now: datetime) -> datetime | None:
    """When the slot passed in another zone, if who comes there later has to be told by this one.

    Not where the zone's own has still to come or is over, and not where the reminder was written after it had passed.
    """
    reminder = occurrence.reminder
    state = history.states.get((reminder.pk, occurrence.slot, zone))
    if state not in {None, OccurrenceState.OPEN}:
        return None
    slot = place(reminder.schedule_in(zone_or_utc(zone).key), occurrence.slot)
    if slot is None or slot.at > now or (state is None and slot.at < reminder.changed_at):
        return None
    return slot.at
