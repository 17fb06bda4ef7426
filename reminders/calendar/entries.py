"""The entries between two instants: occurrences that are booked, and beyond them what schedules will yield.

The work has a budget: so many reminders are looked at, and so many times of each. What was left out is told.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from reminders.models import Occurrence, OccurrenceState, Reminder, ZoneMode
from reminders.models.planning import FARTHEST, INSTANT
from reminders.models.reminder import ReminderQuerySet
from reminders.schedule import Schedule, ScheduleError, between, place, resolve
from teamreminders.clock import zone_or_utc

MOST_REMINDERS = 200
# Times of all reminders together, and the least and the most of one: each hour of a working day for six weeks.
MOST_TOGETHER, FEW, MANY = 20_000, 100, 600
# What an entry's state is called, its icon (what is to come has a dot), and the colour of its tag.
STATES = {
    "projected": (_("follows from the schedule"), "", ""),
    "upcoming": (_("booked"), "", ""),
    "open": (_("waits for an answer"), "bell", "due"),
    "told": (_("has come"), "send", ""),
    "done": (_("done"), "check", "done"),
    "skipped": (_("left out"), "skip-forward", ""),
    "missed": (_("missed"), "x", "late"),
}
NOT_READ = ("notes", "lead_times", "roles", "planned_zones")


@dataclass(frozen=True)
class Entry:
    """One time of a reminder. `row`: its occurrence, where one is booked already."""

    reminder: Reminder
    slot: datetime  # naive, as in Occurrence
    zone: str
    due_at: datetime
    row: Occurrence | None = None
    left_out: bool = False  # of a series, before it was booked

    @property
    def state(self) -> str:
        """Of the occurrence; "projected" where there is none yet, "told" where it came and nobody has to answer."""
        if self.row is None:
            return "skipped" if self.left_out else "projected"
        if self.row.state == OccurrenceState.OPEN:
            return "open" if self.reminder.asks else "told"
        return str(self.row.state)

    @property
    def words(self) -> Any:
        return STATES[self.state][0]

    @property
    def icon(self) -> str:
        return STATES[self.state][1]

    @property
    def tone(self) -> str:
        return STATES[self.state][2]

    @property
    def is_moved(self) -> bool:
        """Comes at another time than its slot says: moved by hand, or off a day off."""
        return self.due_at != resolve(self.slot, zone_or_utc(self.zone))


@dataclass(frozen=True)
class Found:
    """In time order. `too_many`: there are more reminders than were looked at; `cut`: those with more times than this
    has, which has the first ones."""

    entries: list[Entry]
    too_many: bool
    cut: list[Reminder]


def found(reminders: ReminderQuerySet, begin: datetime, end: datetime, now: datetime, zone: ZoneInfo) -> Found:
    """Of these reminders what is due with begin <= due < end, for a reader whose clock is that of `zone`.

    Two queries, however many reminders. What repeats at each person's own time is shown once, by the reader's clock
    where one is booked on it.
    """
    looked_at = list(_in_sight(reminders, begin, end, now)[: MOST_REMINDERS + 1])
    shown = looked_at[:MOST_REMINDERS]
    most = max(FEW, min(MANY, MOST_TOGETHER // max(len(shown), 1)))
    booked = _booked(shown, zone)
    entries, cut = list[Entry](), list[Reminder]()
    for reminder in shown:
        theirs = booked.get(reminder.pk, [])
        ahead = _ahead(reminder, theirs, begin, end, now, zone, most + 1)
        both = sorted([*theirs, *ahead], key=lambda entry: entry.due_at)
        entries += both[:most]
        if len(both) > most:
            cut.append(reminder)
    entries.sort(key=lambda entry: (entry.due_at, entry.reminder.title, entry.reminder.pk))
    return Found(entries, len(looked_at) > len(shown), cut)


def _in_sight(reminders: ReminderQuerySet, begin: datetime, end: datetime, now: datetime) -> ReminderQuerySet:
    """Those that have something booked between the two, or may yield something there; annotates `booked`, ids."""
    due = Occurrence.objects.filter(reminder=OuterRef("pk"), due_at__gte=begin, due_at__lt=end)
    due = due.exclude(state=OccurrenceState.CANCELLED)
    # In this order: where the schedule says it already, nobody has to look for a row.
    wanted = _may_yield(begin, end) | Q(Exists(due)) if end > now else Q(Exists(due))
    ids = ArraySubquery(due.order_by("due_at").values("pk")[: MANY + 1])
    rows = reminders.filter(wanted).annotate(booked=ids).defer(*NOT_READ)
    return rows.select_related("team").order_by("title", "pk")


def _may_yield(begin: datetime, end: datetime) -> Q:
    """Repeats, or has more than one time, and neither begins too late nor has ended. What was moved may be anywhere."""
    several = ~Q(rule="") | ~Q(cron="") | Q(times__len__gt=1)
    goes_on = Q(until=None) | Q(until__gte=(begin - FARTHEST).date())
    there = Q(start__lte=(end + FARTHEST).date()) & goes_on
    return several & (there | ~Q(moved={})) & Q(paused_at=None)


def _booked(reminders: Iterable[Any], zone: ZoneInfo) -> dict[int, list[Entry]]:
    """By the id of the reminder. Of one slot on several clocks the reader's."""
    by_id = {reminder.pk: reminder for reminder in reminders}
    ids = [pk for reminder in reminders for pk in reminder.booked]
    slots: dict[tuple[int, datetime], Occurrence] = {}
    for row in Occurrence.objects.filter(pk__in=ids).select_related("settled_by").order_by("due_at", "pk"):
        key = row.reminder_id, row.slot
        if key not in slots or row.zone == zone.key:
            slots[key] = row
    entries: dict[int, list[Entry]] = {}
    for row in slots.values():
        row.reminder = by_id[row.reminder_id]
        entry = Entry(row.reminder, row.slot, row.zone, row.due_at, row)
        entries.setdefault(row.reminder_id, []).append(entry)
    return entries


def _ahead(
    reminder: Reminder, booked: list[Entry], begin: datetime, end: datetime, now: datetime, zone: ZoneInfo, most: int
) -> Iterator[Entry]:
    """What the schedule yields from now on that is not booked, and what was left out of it; nothing while paused."""
    begin = max(begin - INSTANT, now, (reminder.paused_until or now) - INSTANT)
    if begin >= end or reminder.has_one_slot or not reminder.is_active:
        return
    slots = {entry.slot for entry in booked}
    try:
        schedule = reminder.schedule_in(zone.key if reminder.zone_mode == ZoneMode.RECIPIENT else reminder.zone)
        for slot in between(schedule, begin, end - INSTANT, limit=most):
            if slot.local not in slots:
                yield Entry(reminder, slot.local, schedule.zone, slot.at)
        for entry in _left_out(reminder, schedule, begin, end):
            if entry.slot not in slots:
                yield entry
    except (ScheduleError, ZoneInfoNotFoundError):
        return  # its own page says that it cannot be read


def _left_out(reminder: Reminder, schedule: Schedule, begin: datetime, end: datetime) -> Iterator[Entry]:
    lower, upper = ((at + days).replace(tzinfo=None) for at, days in ((begin, -FARTHEST), (end, FARTHEST)))
    with_all = replace(schedule, skipped=frozenset())
    for local in sorted(slot for slot in schedule.skipped if lower <= slot <= upper):
        slot = place(with_all, local)
        if slot and begin < slot.at < end:
            yield Entry(reminder, local, schedule.zone, slot.at, left_out=True)
