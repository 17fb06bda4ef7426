"""Who gets a step of an occurrence, and why; found at the moment when it is taken."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import NamedTuple

from teamreminders.clock import zone_or_utc
from teams.models import Membership

from .models import Audience, Delivery, Occurrence, Reminder, ZoneMode
from .schedule import resolve


class Recipient(NamedTuple):
    membership: Membership
    reason: Delivery.Reason

    @property
    def zone(self) -> str:
        return self.membership.user.zone


Told = dict[tuple[int, datetime, int], set[int]]  # (reminder, slot, person) -> occurrences


def audiences(reminders: Collection[Reminder]) -> dict[int, list[Recipient]]:
    """Whom each reminder reaches at this moment, by its id. Two queries."""
    by_team: dict[int, list[Membership]] = defaultdict(list)
    teams = {reminder.team_id for reminder in reminders}
    for membership in Membership.objects.filter(team__in=teams, user__is_active=True).select_related("user"):
        by_team[membership.team_id].append(membership)
    chosen: dict[int, set[int]] = defaultdict(set)
    through = Reminder.people.through.objects
    for reminder_id, user_id in through.filter(reminder__in=reminders).values_list("reminder_id", "user_id"):
        chosen[reminder_id].add(user_id)
    found: dict[int, list[Recipient]] = {}
    for reminder in reminders:
        members = by_team[reminder.team_id]
        if reminder.audience == Audience.PEOPLE:
            people = chosen[reminder.pk]
            found[reminder.pk] = [Recipient(m, Delivery.Reason.CHOSEN) for m in members if m.user_id in people]
        else:
            found[reminder.pk] = [Recipient(m, Delivery.Reason.TEAM) for m in members]
    return found


def on_this_clock(occurrence: Occurrence, audience: Iterable[Recipient], told: Told, now: datetime) -> list[Recipient]:
    """Of an audience that goes by its own clocks, those whom this occurrence is for and no other has told.

    That is who goes by its zone, and who has moved on to a zone where the slot had passed already.
    """
    found = []
    for recipient in audience:
        key = (occurrence.reminder_id, occurrence.slot, recipient.membership.user_id)
        elsewhere = told.get(key, set()) - {occurrence.pk}
        if not elsewhere and (recipient.zone == occurrence.zone or _moved_past(occurrence, recipient, now)):
            found.append(recipient)
    return found


def told_already(occurrences: Iterable[Occurrence]) -> Told:
    """Who got a message of the same slot by which occurrence. One query; none where all go by one clock."""
    own = [each for each in occurrences if each.reminder.zone_mode == ZoneMode.RECIPIENT]
    told: Told = defaultdict(set)
    if own:
        same = Delivery.objects.filter(
            occurrence__reminder__in={each.reminder_id for each in own},
            occurrence__slot__in={each.slot for each in own},
        )
        rows = same.values_list("occurrence__reminder_id", "occurrence__slot", "user_id", "occurrence_id")
        for reminder_id, slot, user_id, occurrence_id in rows:
            told[reminder_id, slot, user_id].add(occurrence_id)
    return told


def _moved_past(occurrence: Occurrence, recipient: Recipient, now: datetime) -> bool:
    passed_at = resolve(occurrence.slot, zone_or_utc(recipient.zone))
    return recipient.membership.joined_at <= passed_at <= now
