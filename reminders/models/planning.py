"""Planning: which occurrences a reminder has ahead of it, on each clock it goes by."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from django.db import models
from django.db.models import Q

from reminders.ladder import AHEAD_AT_MOST, ladder
from reminders.schedule import DayOff, Slot, between, place, slots_after
from reminders.schedule.working import LONGEST_CLOSURE

from .choices import OccurrenceState, ZoneMode

if TYPE_CHECKING:
    from .occurrence import Occurrence
    from .reminder import Reminder

# Of what was missed during an outage, this many rows are kept for one reminder; the count in the mail stops there too.
MISSED_KEPT = 100
INSTANT = timedelta(microseconds=1)
# How far from its slot an occurrence may come due on some clock, and by days off.
BY_CLOCKS = timedelta(days=2)
FARTHEST = BY_CLOCKS + LONGEST_CLOSURE


class Lane(NamedTuple):
    """A reminder on one clock: its own, or that of some of its recipients."""

    reminder: "Reminder"
    zone: str

    def key(self, slot: datetime) -> "Key":
        """What names the occurrence of a slot on this lane."""
        return self.reminder.pk, slot, self.zone


class Plan(NamedTuple):
    """What one lane needs booked: slots missed meanwhile, one that is due now, those ahead."""

    lane: Lane
    missed: list[Slot]
    due: Slot | None
    ahead: list[Slot]


Key = tuple[int, datetime, str]  # reminder id, slot, zone
Zones = Mapping[int, Sequence[str]]  # by reminder id: the clocks it goes by


class Known(NamedTuple):
    """What there is of some lanes: slots that are not to be booked (again) on each, and those that lie ahead."""

    settled: dict[Lane, set[datetime]]
    booked: set[Key]


class PlanningQuerySet(models.QuerySet["Occurrence"]):
    """Every method needs the locks of the reminders concerned."""

    def arrange(self, reminders: Sequence["Reminder"], zones: Zones, now: datetime) -> int:
        """Make the upcoming occurrences those that the schedules want from `now` on; returns how many rows changed.

        An overdue one that its schedule still yields stays; nothing else in the past fires. Seven queries at most.
        """
        lanes = [Lane(each, zone) for each in reminders if each.is_active for zone in zones[each.pk]]
        known = self._known(lanes, dict.fromkeys((lane.reminder for lane in lanes), now))
        wanted = {lane: {slot.local: slot for slot in _ahead(lane, now, known, now)} for lane in lanes}
        by_id = {reminder.pk: reminder for reminder in reminders}
        moved: list[Any] = []
        cancelled = []
        for row in self.filter(reminder__in=by_id, state=OccurrenceState.UPCOMING):
            row.reminder = by_id[row.reminder_id]
            slot = wanted.get(Lane(row.reminder, row.zone), {}).pop(row.slot, None) or _stays(row, zones, now)
            if slot is None:
                cancelled.append(row.pk)
            elif row.aim_at(slot.at, now):
                moved.append(row)
        self.filter(pk__in=cancelled)._cancel()
        self.bulk_update(moved, ["due_at", "round", "next_step", "next_step_at", "error"])
        missing = [Plan(lane, [], None, list(slots.values())) for lane, slots in wanted.items() if slots]
        self._book(missing, now)
        return len(cancelled) + len(moved) + sum(len(plan.ahead) for plan in missing)

    def cancel(self, reminders: Collection[int]) -> int:
        """Cancel the upcoming occurrences of reminders with these ids."""
        return self.filter(reminder__in=reminders, state=OccurrenceState.UPCOMING)._cancel()

    def take_up(self, since: Mapping["Reminder", datetime], now: datetime) -> int:
        """Bring back what was cancelled when reminders stopped at these instants and would have come due meanwhile.

        It goes out late, with the usual limits; nothing of a pause until an instant.
        """
        begin = {
            each.pk: max(at, each.paused_until - INSTANT if each.paused_until else at) for each, at in since.items()
        }
        cancelled = self.filter(reminder__in=begin, state=OccurrenceState.CANCELLED)
        passed = cancelled.filter(due_at__gt=min(begin.values(), default=now), due_at__lte=now)
        by_id = {reminder.pk: reminder for reminder in since}
        found: dict[Key, Slot | None] = {}
        for row in passed:
            if row.due_at > begin[row.reminder_id]:
                slot = place(by_id[row.reminder_id].schedule_in(row.zone), row.slot)
                found[row.reminder_id, row.slot, row.zone] = slot
        return passed._return({key: slot for key, slot in found.items() if slot}, now)

    def plan_on(self, lanes: Mapping[Lane, datetime], now: datetime) -> dict[Lane, int]:
        """Book what follows on each lane after the instant given with it.

        Of the slots that passed meanwhile all but the last become missed. Returns how many slots have passed since.
        Five queries at most, however many lanes.
        """
        since = {lane.reminder: begin for lane, begin in sorted(lanes.items(), key=lambda pair: pair[1], reverse=True)}
        known = self._known(lanes, since)
        plans = []
        for lane, begin in lanes.items():
            passed = between(lane.reminder.schedule_in(lane.zone), begin, now, limit=10_000) if begin < now else []
            passed = [slot for slot in passed if slot.local not in known.settled[lane]]
            ahead = _ahead(lane, max(begin, now), known, now)
            ahead = [slot for slot in ahead if lane.key(slot.local) not in known.booked]
            plans.append(Plan(lane, passed[:-1][-MISSED_KEPT:], passed[-1] if passed else None, ahead))
        self._book(plans, now)
        return {plan.lane: len(plan.missed) + bool(plan.due) for plan in plans}

    def tell_missed(self, missed: Mapping[Lane, int]) -> None:
        """Have the next one of each lane tell how many more were missed before it. Two queries."""
        upcoming = self.filter(reminder__in=[lane.reminder for lane in missed], state=OccurrenceState.UPCOMING)
        following = {(row.reminder_id, row.zone): row for row in upcoming.order_by("-due_at")}
        rows: list[Any] = []
        for lane, count in missed.items():
            row = following.get((lane.reminder.pk, lane.zone))
            if row:
                row.missed_before = min(row.missed_before + count, MISSED_KEPT)
                rows.append(row)
        self.bulk_update(rows, ["missed_before"])

    def _known(self, lanes: Iterable[Lane], since: Mapping["Reminder", datetime]) -> Known:
        """Settled on a lane is what was sent there, or settled by somebody anywhere.

        Looks at rows that came due after `since` or as long before as clocks and days off may shift one, and at those
        that were due far ahead of their slot.
        """
        known = Known({lane: set() for lane in lanes}, set())
        if not known.settled:
            return known
        begin = min(begin - _reach(reminder) for reminder, begin in since.items())
        recent = Q(due_at__gt=begin) | Q(slot__gt=begin.astimezone(timezone.utc).replace(tzinfo=None))
        rows = self.filter(recent, reminder__in=list(since)).exclude(state=OccurrenceState.CANCELLED)
        by_reminder = defaultdict(list)
        for reminder_id, zone, slot, person, state in rows.values_list(
            "reminder_id", "zone", "slot", "settled_by", "state"
        ):
            if state == OccurrenceState.UPCOMING:
                known.booked.add((reminder_id, slot, zone))
            else:
                by_reminder[reminder_id].append((zone, slot, person))
        for lane, slots in known.settled.items():
            slots |= {slot for zone, slot, person in by_reminder[lane.reminder.pk] if person or zone == lane.zone}
        return known

    def _book(self, plans: list[Plan], now: datetime) -> None:
        """Insert the occurrences of these plans; one that was cancelled comes back instead of a second row."""
        rows: list[Any] = []
        wanted: dict[Key, Slot] = {}
        missed: list[Key] = []
        for plan in plans:
            rows += [self.model.of(plan.lane, slot, now, OccurrenceState.MISSED) for slot in plan.missed]
            missed += [plan.lane.key(slot.local) for slot in plan.missed]
            for slot in [plan.due, *plan.ahead] if plan.due else plan.ahead:
                rows.append(self.model.of(plan.lane, slot, now))
                wanted[plan.lane.key(slot.local)] = slot
                if slot is plan.due:
                    rows[-1].missed_before = len(plan.missed)
        if rows:
            self.bulk_create(rows, ignore_conflicts=True)
        if missed:
            self._named(missed).filter(state=OccurrenceState.CANCELLED).update(state=OccurrenceState.MISSED)
        if wanted:
            self._named(wanted).filter(state=OccurrenceState.CANCELLED)._return(wanted, now)

    def _named(self, keys: Iterable[Key]) -> Self:
        named = Q()
        for reminder_id, slot, zone in keys:
            named |= Q(reminder_id=reminder_id, slot=slot, zone=zone)
        return self.filter(named)

    def _return(self, slots: Mapping[Key, Slot], now: datetime) -> int:
        """Cancelled ones are upcoming again, one round on."""
        rows: list[Any] = []
        for row in self.select_related("reminder"):
            slot = slots.get((row.reminder_id, row.slot, row.zone))
            if slot:
                row.state, row.due_at, row.settled_at = OccurrenceState.UPCOMING, slot.at, None
                row.climb_again(now)
                rows.append(row)
        fields = ["state", "error", "due_at", "settled_at", "round", "next_step", "next_step_at"]
        return self.bulk_update(rows, fields)

    def _cancel(self) -> int:
        return self.update(state=OccurrenceState.CANCELLED, next_step_at=None)


def _ahead(lane: Lane, after: datetime, known: Known, now: datetime) -> list[Slot]:
    """The slots after an instant that are not settled, up to the first of which no step has come yet."""
    reminder, schedule = lane.reminder, lane.reminder.schedule_in(lane.zone)
    if reminder.paused_until:
        after = max(after, reminder.paused_until - INSTANT)
    found: list[Slot] = []
    for slot in slots_after(schedule, after):
        if slot.local not in known.settled[lane]:
            found.append(slot)
            if len(found) == AHEAD_AT_MOST or ladder(slot.at, schedule.tzinfo, reminder.lead_times)[0].at > now:
                break
    return found


def _stays(row: "Occurrence", zones: Zones, now: datetime) -> Slot | None:
    """Where an upcoming occurrence goes that planning afresh would not yield; None where it is not wanted any more.

    It stays where it is overdue, and on a clock by which nobody goes any more: who has left it meanwhile may be waiting
    for this one still.
    """
    reminder = row.reminder
    left = reminder.zone_mode == ZoneMode.RECIPIENT and row.zone not in zones[reminder.pk]
    overdue = row.due_at <= now and row.zone in zones[reminder.pk]
    paused = reminder.paused_until and row.due_at < reminder.paused_until
    if paused or not reminder.is_active or not (left or overdue):
        return None
    return place(reminder.schedule_in(row.zone), row.slot)


def _reach(reminder: "Reminder") -> timedelta:
    """How far from its slot an occurrence of this reminder may come due on some clock."""
    return FARTHEST if reminder.day_off != DayOff.STAY else BY_CLOCKS
