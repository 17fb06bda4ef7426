"""What holds of all reminders at any moment, whatever was done to them."""

from collections import Counter
from datetime import datetime, timedelta

from reminders.ladder import AHEAD_AT_MOST, ladder
from reminders.models import Delivery, Occurrence, Reminder, ZoneMode
from reminders.schedule import Schedule, place, slots_after

INSTANT = timedelta(microseconds=1)


def assert_sound(now: datetime) -> None:
    """Dispatched up to `now`, or not; but with new zones seen (`with_new_zones().recompute`)."""
    zones = Reminder.objects.zones_of(list(Reminder.objects.all()))
    for reminder in Reminder.objects.select_related("team"):
        _has_what_comes(reminder, zones[reminder.pk], now)
    for row in Occurrence.objects.select_related("reminder__team"):
        _is_sound(row, now)
    _one_is_open_on_each_clock()
    _nobody_is_told_twice()


def _has_what_comes(reminder: Reminder, zones: list[str], now: datetime) -> None:
    """On each clock all is booked up to the first slot of which no step has come; nothing where it has stopped."""
    rows = list(reminder.occurrences.exclude(state="cancelled"))
    upcoming = {(row.zone, row.slot) for row in rows if row.state == "upcoming"}
    if reminder.paused_at or reminder.deleted_at:
        assert not upcoming, "a stopped reminder has something upcoming"
        return
    for zone in zones:
        schedule = reminder.schedule_in(zone)
        settled = {row.slot for row in rows if row.state != "upcoming" and (row.settled_by_id or row.zone == zone)}
        for slot in _wanted(reminder, schedule, settled, now):
            assert (zone, slot) in upcoming, f"{slot} is not booked in {zone}: {upcoming}"


def _wanted(reminder: Reminder, schedule: Schedule, settled: set[datetime], now: datetime) -> list[datetime]:
    begin = max(now, reminder.paused_until - INSTANT) if reminder.paused_until else now
    wanted: list[datetime] = []
    for slot in slots_after(schedule, begin):
        if slot.local not in settled:
            wanted.append(slot.local)
            if len(wanted) == AHEAD_AT_MOST or ladder(slot.at, schedule.tzinfo, reminder.lead_times)[0].at > now:
                break
    return wanted


def _is_sound(row: Occurrence, now: datetime) -> None:
    where = f"{row.slot} in {row.zone}, {row.state}"
    if row.state == "upcoming":
        slot = place(row.reminder.schedule_in(row.zone), row.slot)
        assert slot and slot.at == row.due_at, f"{where}: due at {row.due_at}, the schedule says {slot}"
        step = (row.next_step_at, row.next_step)
        assert row.error or step in row.rungs, f"{where}: the next step is {step}, not one of {row.rungs}"
        assert (row.next_step_at and row.next_step_at <= row.due_at) or row.error, where
        until = row.reminder.paused_until
        assert not until or until <= row.due_at or row.due_at <= now, f"{where}: due in a pause"
    elif row.state == "open":
        assert row.due_at <= now, f"{where}: open before it was due"
        assert row.next_step_at is None or row.round, f"{where}: a step ahead though nobody has put it off"
    else:
        assert row.next_step_at is None, f"{where}: settled, and has a step ahead"
    if row.state in {"upcoming", "open"}:
        assert (row.settled_by_id, row.settled_at, row.settled_from) == (None, None, ""), where
    if row.state == "skipped":
        assert row.settled_at, where


def _one_is_open_on_each_clock() -> None:
    found = Counter(Occurrence.objects.filter(state="open").values_list("reminder_id", "zone"))
    assert not [lane for lane, count in found.items() if count > 1], found


def _nobody_is_told_twice() -> None:
    """Of one slot and step, by two clocks; by one clock the unique key says so, and a round is one more time."""
    own = Delivery.objects.filter(occurrence__reminder__zone_mode=ZoneMode.RECIPIENT).exclude(state="suppressed")
    facts = ("occurrence__reminder_id", "occurrence__slot", "recipient_key", "step")
    clocks = Counter(row[:-1] for row in own.values_list(*facts, "occurrence_id").distinct())
    assert not [fact for fact, count in clocks.items() if count > 1], clocks
