"""Whether Today is still what somebody sees: counts, and a version that changes with anything that it shows."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import md5
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.postgres.aggregates import BitXor
from django.db.models import BigIntegerField, Count, Func, Min, Q, QuerySet

from accounts.models import User
from teams.models import Team

from .agenda import COMES_AT, Days, answered_since, asks_now, comes_later, seen_by, with_mine
from .models.answer import is_free_for
from .models.occurrence import OccurrenceQuerySet

# What a row on Today says, of an occurrence that waits or was answered.
SAID = (
    *("pk", "state", "round", "due_at", "next_step_at", "snoozed_by", "acknowledged_by", "settled_by", "settled_at"),
    *("reminder__changed_at", "reminder__team__name", "role"),
)


class RowHash(Func):
    """64 bits of a row of values, by PostgreSQL's own hash."""

    template = "hash_record_extended(ROW(%(expressions)s), 0)"
    output_field = BigIntegerField()


@dataclass(frozen=True)
class Pulse:
    version: str
    needs_me_count: int
    today_count: int
    next_at: datetime | None  # of those later today


def pulse(user: User, now: datetime, zone: ZoneInfo, team: Team | None = None) -> Pulse:
    """Of what `agenda` shows. Two queries that bring one row each, however many there are.

    Take it first: what changes while the agenda is read is another version then.
    """
    days = Days(now, zone)
    waiting, answered = _waiting(user, now, days, team), _answered(user, now, days, team)
    shown = (user.zone, days.today, sorted(waiting.items(), key=str), sorted(answered.items(), key=str))
    version = md5(repr(shown).encode(), usedforsecurity=False).hexdigest()[:16]
    counts = {name: waiting[name] for name in ("needs_me_count", "today_count", "next_at")}
    return Pulse(version, **counts)


def _waiting(user: User, now: datetime, days: Days, team: Team | None) -> dict[str, Any]:
    """Time alone changes it where it moves one from those that lie ahead to those that ask."""
    today = comes_later(now) & Q(mine=True, comes_at__lt=days.end)
    return _seen(seen_by(user, team).unsettled().annotate(comes_at=COMES_AT), user).aggregate(
        needs_me_count=Count("pk", filter=asks_now(now) & Q(mine=True) & is_free_for(user)),
        today_count=Count("pk", filter=today),
        next_at=Min("comes_at", filter=today),
        asks=Count("pk", filter=asks_now(now)),
        ahead=Count("pk", filter=comes_later(now)),
        hash=BitXor("said"),
    )


def _answered(user: User, now: datetime, days: Days, team: Team | None) -> dict[str, Any]:
    rows = seen_by(user, team).filter(answered_since(days.begin, now))
    return _seen(rows, user).aggregate(count=Count("pk"), hash=BitXor("said"))


def _seen(rows: OccurrenceQuerySet, user: User) -> QuerySet[Any]:
    """With `said`, a hash of all that a row says to this person."""
    return with_mine(rows, user).annotate(said=RowHash(*SAID))
