"""What Today shows: occurrences in the order in which a person needs them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Case, F, Q, QuerySet, When
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from teams.models import MANAGERS, WRITERS, Team

from .models import Completion, Occurrence, OccurrenceState, Reminder, ZoneMode
from .models.answer import is_free_for, is_held
from .models.occurrence import OccurrenceQuerySet
from .models.rights import addressed_to
from .schedule.resolve import local_of, resolve

# Rows that have not been answered, at the most: those that ask first, and then at least a few of those that lie ahead.
SHOWN = 50
SHOWN_IF_ASKED = 500
AHEAD_AT_LEAST = 10
# What came due earlier than this is not looked through for what was answered today.
ANSWERED_LOOKS_BACK = timedelta(days=31)
ANSWERED = (OccurrenceState.DONE, OccurrenceState.SKIPPED)
# Those of an occurrence whose names a row says.
ANSWERED_BY = ("settled_by", "snoozed_by", "acknowledged_by")
# What rows do not say, and is long.
UNSAID = ("reminder__notes", "reminder__search", *(f"{person}__password" for person in ANSWERED_BY))
ROLE = F("reminder__team__memberships__role")
# When one that lies ahead comes, or comes again after it was put off.
COMES_AT = Case(When(state=OccurrenceState.OPEN, then="next_step_at"), default="due_at")


@dataclass(frozen=True)
class Group:
    key: str
    label: Any
    rows: list[Occurrence]


@dataclass(frozen=True)
class Agenda:
    """`needs_me`: open, addressed to the person, and nobody else has taken it on; `elsewhere`: open otherwise."""

    needs_me: list[Occurrence]
    elsewhere: list[Occurrence]
    ahead: list[Group]
    answered: list[Occurrence]
    has_more: bool

    @property
    def is_empty(self) -> bool:
        return not (self.needs_me or self.elsewhere or self.ahead or self.answered)


def agenda(user: User, now: datetime, zone: ZoneInfo, shown: int = SHOWN, team: Team | None = None) -> Agenda:
    """The person's day in `zone`, of all their teams or of one. Three queries, however many rows."""
    days = Days(now, zone)
    rows = with_rights(seen_by(user, team), user).select_related("reminder__team", *ANSWERED_BY).defer(*UNSAID)
    asking = list(_with_needs(rows, user).filter(asks_now(now)).order_by("-needs_me", "due_at", "pk")[:shown])
    coming = rows.filter(comes_later(now), mine(user)).annotate(comes_at=COMES_AT)
    room = max(shown - len(asking), AHEAD_AT_LEAST)
    ahead = list(coming.order_by("comes_at", "pk")[: room + 1])
    answered = rows.filter(answered_since(days.begin, now), Q(mine=True) | Q(settled_by=user))
    return Agenda(
        needs_me=[row for row in asking if row.needs_me],
        elsewhere=[row for row in asking if not row.needs_me],
        ahead=days.grouped(ahead[:room]),
        answered=_once_a_slot(answered.order_by("-settled_at")[:shown]),
        has_more=len(ahead) > room or len(asking) == shown,
    )


def seen_by(user: User, team: Team | None = None) -> OccurrenceQuerySet:
    """Of all the person's teams, or of one."""
    rows = Occurrence.objects.visible_to(user)
    return rows.filter(reminder__team=team) if team else rows


def asks_now(now: datetime) -> Q:
    """Due, whether dispatched already or not, not put off, and somebody has to answer."""
    due = Q(state=OccurrenceState.OPEN) | Q(state=OccurrenceState.UPCOMING, due_at__lte=now)
    return due & ~_put_off(now) & ~Q(reminder__completion=Completion.NOBODY)


def comes_later(now: datetime) -> Q:
    """Lies ahead, or was put off until later."""
    return Q(state=OccurrenceState.UPCOMING, due_at__gt=now) | _put_off(now)


def answered_since(begin: datetime, now: datetime) -> Q:
    """Done or left out by somebody since then."""
    settled = Q(settled_by__isnull=False, settled_at__gte=begin, state__in=ANSWERED)
    return settled & Q(due_at__gt=now - ANSWERED_LOOKS_BACK)


def _put_off(now: datetime) -> Q:
    # Without the first half its negation would be unknown, not true, where the column is null.
    return Q(state=OccurrenceState.OPEN, next_step_at__isnull=False, next_step_at__gt=now)


def with_rights(rows: OccurrenceQuerySet, user: User) -> QuerySet[Any]:
    """Of visible ones: annotates `mine`, `may_answer`, `may_edit` and `is_held`.

    `mine`: addressed to the person, and by the person's clock where each has their own. `may_answer`: addressed to the
    person on whichever clock, or the person writes for the team. `is_held`: somebody has taken it on.
    """
    writes, manages = Q(role__in=WRITERS), Q(role__in=MANAGERS)
    return with_mine(rows, user).annotate(
        may_answer=addressed_to(user, "reminder__", ROLE) | writes,
        may_edit=writes & Q(reminder__author=user.pk) | manages,
        is_held=is_held(),
    )


def _with_needs(rows: QuerySet[Any], user: User) -> QuerySet[Any]:
    """`needs_me`: it is mine, and nobody else has taken it on."""
    return rows.annotate(needs_me=Case(When(is_free_for(user), then=F("mine")), default=False))


def with_mine(rows: OccurrenceQuerySet, user: User) -> QuerySet[Any]:
    """Of visible ones: annotates `role`, the person's in the team, where they have one place, and `mine`."""
    rows = rows.filter(reminder__team__memberships__user=user.pk).annotate(role=ROLE)
    return rows.annotate(mine=Q(addressed_to(user, "reminder__", ROLE) & _by_my_clock(user)))


def mine(user: User) -> Q:
    """As the annotation `mine`, to choose by: PostgreSQL begins with the reminders then, of which there are fewer."""
    return Q(reminder__in=Reminder.objects.addressed_to(user)) & _by_my_clock(user)


def _by_my_clock(user: User) -> Q:
    return Q(reminder__zone_mode=ZoneMode.FIXED) | Q(zone=user.zone)


def _once_a_slot(answered: Iterable[Occurrence]) -> list[Occurrence]:
    """Of what was settled on several clocks at once, the first."""
    return list({(row.reminder_id, row.slot): row for row in reversed(list(answered))}.values())[::-1]


class Days:
    """Today, tomorrow, the rest of the week, and later, on one person's calendar."""

    def __init__(self, now: datetime, zone: ZoneInfo) -> None:
        self.zone = zone
        self.today = local_of(now, zone).date()
        self.begin = resolve(datetime.combine(self.today, time()), zone)
        self.end = resolve(datetime.combine(self.today + timedelta(days=1), time()), zone)

    def grouped(self, rows: Iterable[Occurrence]) -> list[Group]:
        groups = [
            Group("today", _("Later today"), []),
            Group("tomorrow", _("Tomorrow"), []),
            Group("week", _("This week"), []),
            Group("later", _("Later"), []),
        ]
        for row in rows:
            groups[self._which(row.snoozed_until or row.due_at)].rows.append(row)
        return [group for group in groups if group.rows]

    def _which(self, instant: datetime) -> int:
        day = local_of(instant, self.zone).date()
        ahead = (day - self.today).days
        if ahead < 2:
            return ahead
        return 2 if ahead < 7 - self.today.weekday() else 3
