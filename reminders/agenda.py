"""What Today shows: occurrences in the order in which a person needs them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zlib import crc32
from zoneinfo import ZoneInfo

from django.db.models import Case, Count, Min, Q, QuerySet, When
from django.utils.translation import gettext_lazy as _

from accounts.models import User

from .models import Completion, Occurrence, OccurrenceState, Reminder, ZoneMode
from .models.occurrence import OccurrenceQuerySet
from .models.rights import addressed_to, writes_for
from .schedule.resolve import local_of, resolve

# Rows of one kind at the most.
SHOWN = 50
SHOWN_IF_ASKED = 500
# What came due earlier than this is not looked through for what was done today.
DONE_LOOKS_BACK = timedelta(days=31)
# When one that lies ahead comes, or comes again after it was put off.
COMES_AT = Case(When(state=OccurrenceState.OPEN, then="next_step_at"), default="due_at")


@dataclass(frozen=True)
class Group:
    key: str
    label: Any
    rows: list[Occurrence]


@dataclass(frozen=True)
class Agenda:
    """`needs_me`: open and addressed to the person; `elsewhere`: open for others of the person's teams."""

    needs_me: list[Occurrence]
    elsewhere: list[Occurrence]
    ahead: list[Group]
    done: list[Occurrence]
    needs_me_count: int
    today_count: int
    next_at: datetime | None  # of those later today
    has_more: bool

    @property
    def fingerprint(self) -> str:
        """Changes when a row comes, goes or changes its state; for pages that look again by themselves."""
        rows = [*self.needs_me, *self.elsewhere, *(row for group in self.ahead for row in group.rows), *self.done]
        seen = [(row.pk, row.state, row.round, row.due_at, row.snoozed_until) for row in rows]
        return f"{crc32(repr(seen).encode()):08x}-{self.needs_me_count}-{self.today_count}"

    @property
    def is_empty(self) -> bool:
        return not (self.needs_me or self.elsewhere or self.ahead or self.done)


def agenda(user: User, now: datetime, zone: ZoneInfo, shown: int = SHOWN) -> Agenda:
    """The person's day in `zone`. Four queries, however many rows."""
    days = Days(now, zone)
    rows = with_rights(Occurrence.objects.visible_to(user), user).select_related(
        "reminder__team", "settled_by", "snoozed_by"
    )
    asking = rows.filter(asks_now(now)).order_by("-mine", "due_at", "pk")[:shown]
    coming = rows.filter(comes_later(now), mine(user)).annotate(comes_at=COMES_AT)
    ahead = list(coming.order_by("comes_at", "pk")[: shown + 1])
    done = rows.filter(settled_by__isnull=False, settled_at__gte=days.begin, state=OccurrenceState.DONE)
    done = done.filter(Q(mine=True) | Q(settled_by=user), due_at__gt=now - DONE_LOOKS_BACK)
    done = done.order_by("-settled_at")[:shown]
    asking_rows = list(asking)
    return Agenda(
        needs_me=[row for row in asking_rows if row.mine],
        elsewhere=[row for row in asking_rows if not row.mine],
        ahead=days.grouped(ahead[:shown]),
        done=_once_a_slot(done),
        has_more=len(ahead) > shown or len(asking_rows) == shown,
        **_counts(user, now, days.end),
    )


def asks_now(now: datetime) -> Q:
    """Due, whether dispatched already or not, not put off, and somebody has to answer."""
    due = Q(state=OccurrenceState.OPEN) | Q(state=OccurrenceState.UPCOMING, due_at__lte=now)
    return due & ~_put_off(now) & ~Q(reminder__completion=Completion.NOBODY)


def comes_later(now: datetime) -> Q:
    """Lies ahead, or was put off until later."""
    return Q(state=OccurrenceState.UPCOMING, due_at__gt=now) | _put_off(now)


def _put_off(now: datetime) -> Q:
    # Without the first half its negation would be unknown, not true, where the column is null.
    return Q(state=OccurrenceState.OPEN, next_step_at__isnull=False, next_step_at__gt=now)


def with_rights(rows: OccurrenceQuerySet, user: User) -> QuerySet[Any]:
    """Of visible ones: annotates `mine` and `may_answer`.

    `mine`: addressed to the person, and by the person's clock where each has their own. `may_answer`: addressed to the
    person on whichever clock, or the person writes for the team.
    """
    addressed = addressed_to(user, "reminder__")
    mine = Q(addressed & _by_my_clock(user))
    return rows.annotate(mine=mine, may_answer=addressed | writes_for(user, "reminder__"))


def mine(user: User) -> Q:
    """As the annotation `mine`, to choose by: PostgreSQL begins with the reminders then, of which there are fewer."""
    return Q(reminder__in=Reminder.objects.addressed_to(user)) & _by_my_clock(user)


def _by_my_clock(user: User) -> Q:
    return Q(reminder__zone_mode=ZoneMode.FIXED) | Q(zone=user.zone)


def _counts(user: User, now: datetime, end_of_day: datetime) -> dict[str, Any]:
    unsettled = Occurrence.objects.unsettled().filter(mine(user))
    today = comes_later(now) & Q(comes_at__lt=end_of_day)
    return unsettled.annotate(comes_at=COMES_AT).aggregate(
        needs_me_count=Count("pk", filter=asks_now(now)),
        today_count=Count("pk", filter=today),
        next_at=Min("comes_at", filter=today),
    )


def _once_a_slot(done: Iterable[Occurrence]) -> list[Occurrence]:
    """Of what was settled on several clocks at once, the first."""
    return list({(row.reminder_id, row.slot): row for row in reversed(list(done))}.values())[::-1]


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
