"""Changing many reminders at once, and taking it back: for the pages and for the API."""

from datetime import datetime
from typing import NamedTuple

from accounts.models import User
from teams.models import MANAGERS

from .models import BulkAct, Reminder
from .models.bulk import AT_MOST
from .models.reminder import ReminderQuerySet


class TooMany(Exception):
    """`count`: how many were chosen."""

    def __init__(self, count: int) -> None:
        super().__init__(count)
        self.count = count


class Outcome(NamedTuple):
    """`left_out`: how many of those chosen the person may not change."""

    act: BulkAct
    left_out: int


def carry_out(act: BulkAct, chosen: ReminderQuerySet) -> Outcome:
    """Change those that the person may change of those chosen among what they see. Raises TooMany."""
    seen = set(chosen.values_list("pk", flat=True)[: AT_MOST + 1])
    if len(seen) > AT_MOST:
        raise TooMany(chosen.count())
    mine = Reminder.objects.editable_by(act.by).filter(team=act.team, pk__in=seen)
    left_out = len(seen) - mine.count()
    act.carry_out(mine)
    return Outcome(act, left_out)


def undo(act: BulkAct, now: datetime) -> int:
    """What of it the person may still change; returns how many it changed back."""
    return act.undo(_changeable(act, act.by), now)


def _changeable(act: BulkAct, user: User) -> ReminderQuerySet:
    """Who handed over what was their own may not edit it any more, and still takes it back."""
    if act.verb != BulkAct.Verb.HAND_OVER:
        return Reminder.objects.also_deleted_editable_by(user).filter(team=act.team)
    rows = Reminder.objects.visible_to(user).filter(team=act.team)
    if act.team.role_of(user) in MANAGERS:
        return rows
    return rows.filter(pk__in=[int(pk) for pk, author in act.before.items() if author == user.pk])
