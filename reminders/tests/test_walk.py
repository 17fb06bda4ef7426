"""Random walks over everything that can be done to a reminder; after each step all invariants hold.

A failure names its seed and the way there.
"""

import random
from collections.abc import Callable
from datetime import date, datetime, time, timedelta, timezone
from typing import Any

import pytest
from django.db.models import Q

from accounts.models import User
from reminders.models import Audience, Completion, Delivery, Lateness, Occurrence, Reminder, ZoneMode
from reminders.models.planning import BY_CLOCKS
from reminders.pruning import prune_history
from reminders.schedule import DayOff, Slot, between, slots_after
from teams.models import Membership, Team
from teams.tests.factories import OutsideAddressFactory

from .invariants import assert_sound
from .scenes import moves, person_in, send_all, team_of

pytestmark = pytest.mark.django_db

BEGIN = datetime(2026, 3, 27, 7, 0, tzinfo=timezone.utc)  # two days later the clocks go forward in Berlin
LONG_AGO = datetime(2026, 1, 1, tzinfo=timezone.utc)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
ZONES = ["Europe/Berlin", "America/New_York", "Pacific/Kiritimati", "Pacific/Pago_Pago", "UTC"]
LEAD_TIMES: list[list[int]] = [[], [], [60], [24 * 60, 60], [2 * 24 * 60]]
STEPS = 45


class Walk:
    """One team, one reminder, and a clock that goes on; each verb does one thing that the product lets people do."""

    def __init__(self, seed: int, *, switches: bool) -> None:
        self.seed, self.random = seed, random.Random(seed)
        self.switches = switches
        self.now = BEGIN
        self.way: list[str] = []
        self.team: Team = team_of(0, days_off=[date(2026, 4, 1)])
        for zone in ZONES[:2]:
            person_in(self.team, zone, joined=LONG_AGO)
        self.reminder = Reminder.objects.create(team=self.team, title="Walk", zone=ZONES[0], **self._a_schedule())
        if self.random.random() < 0.6:
            self.reminder.zone_mode = ZoneMode.RECIPIENT
        self._change()

    def step(self) -> None:
        verb: Callable[[], Any] = self.random.choice([self.go_on] * 8 + self.verbs())
        self.way.append(f"{self.now:%d %H:%M} {verb.__name__}")
        self.reminder.refresh_from_db()
        verb()
        Reminder.objects.filter(pk=self.reminder.pk).update(changed_at=min(self.now, self._changed()))
        assert_sound(self.now)

    def verbs(self) -> list[Callable[[], Any]]:
        series = [self.skip_slot, self.unskip_slot, self.move_slot, self.move_back, self.end]
        stops = [self.pause, self.pause_until, self.resume, self.discard, self.restore]
        answers = [self.finish, self.undo, self.snooze, self.wake, self.skip]
        people = [*[self.somebody_moves] * 5, self.somebody_joins, self.somebody_leaves, self.somebody_becomes]
        people += [self.somebody_mutes, self.somebody_unmutes, self.an_outside_address_agrees, self.it_stops]
        edits = [self.edit, self.change_notices_late]
        return [*series, *stops, self.resume, self.restore, *answers, *answers, *people, *edits]

    # Time

    def go_on(self) -> None:
        """Some hours or days later the scheduler runs; nothing that lay ahead until then is lost."""
        begun, expected = self.now, self._what_comes()
        self.now += self.random.choice([MINUTE, HOUR, 3 * HOUR, 7 * HOUR, 11 * HOUR, 26 * HOUR, 3 * DAY])
        known = set(Delivery.objects.values_list("pk", flat=True))
        settled = set(Occurrence.objects.filter(state__in=["done", "skipped"]).values_list("pk", flat=True))
        send_all(self.now)
        new = Delivery.objects.exclude(pk__in=known).select_related("occurrence")
        for delivery in new:
            assert begun - DAY * 40 < delivery.planned_for <= self.now, "early"
            assert delivery.occurrence_id not in settled, "a settled one was dispatched"
            if delivery.state != "suppressed":
                assert delivery.occurrence.state in {"open", "upcoming"}, delivery.occurrence.state
            if delivery.step == "due" and delivery.round == 0:
                assert delivery.planned_for == delivery.occurrence.due_at
        self._nothing_is_lost(expected)

    def _what_comes(self) -> dict[str, list[Slot]]:
        """By clock, what is booked or follows in the next three days, if nothing is done to it."""
        reminder = Reminder.objects.get(pk=self.reminder.pk)
        if not reminder.is_active or (reminder.paused_until and reminder.paused_until > self.now):
            return {}
        found = {}
        for zone in Reminder.objects.zones_of([reminder])[reminder.pk]:
            schedule = reminder.schedule_in(zone)
            slots = between(schedule, self.now, self.now + 4 * DAY)
            settled = reminder.occurrences.filter(settled_by__isnull=False).values_list("slot", flat=True)
            booked = reminder.occurrences.filter(zone=zone).exclude(state__in=["upcoming", "cancelled"])
            gone = {*settled, *booked.values_list("slot", flat=True)}
            found[zone] = [slot for slot in slots if slot.local not in gone]
        return found

    def _nothing_is_lost(self, expected: dict[str, list[Slot]]) -> None:
        reminder = Reminder.objects.get(pk=self.reminder.pk)
        for zone, slots in expected.items():
            passed = [slot for slot in slots if slot.at <= self.now]
            rows = {row.slot: row for row in reminder.occurrences.filter(zone=zone)}
            for slot in passed:
                assert slot.local in rows, f"{slot} in {zone} is lost"
                assert rows[slot.local].state in {"open", "missed", "done"}, rows[slot.local].state
            if passed and self.now - passed[-1].at <= reminder.late_limit:
                last = rows[passed[-1].local]
                assert last.state == "open", f"the last of {zone} is {last.state}"
                for key in self._audience(zone):
                    assert self._was_told(key, last), f"{key} of {zone} was not told of {last.slot}"

    def _audience(self, zone: str) -> list[str]:
        """Those who want it."""
        own = self.reminder.zone_mode == ZoneMode.RECIPIENT
        recipients = Reminder.objects.reached([self.reminder])[self.reminder.pk]
        return [each.key for each in recipients if not each.why_not("due") and (each.zone == zone or not own)]

    def _was_told(self, key: str, occurrence: Occurrence) -> bool:
        """By this one, or on the clock that the person has come from; or not, since they muted it at that time."""
        told = Q(state="sent") | Q(why_not="muted")
        same = Delivery.objects.filter(told, recipient_key=key, occurrence__reminder=self.reminder, step="due")
        return same.filter(occurrence__slot=occurrence.slot).exists()

    # The series

    def skip_slot(self) -> None:
        self.reminder.skip_slot(self._a_slot(), self._somebody(), self.now)

    def unskip_slot(self) -> None:
        skipped = [*self.reminder.skipped, *self._slots_in("skipped")]
        if skipped:
            self.reminder.unskip_slot(self.random.choice(skipped), self.now)

    def move_slot(self) -> None:
        slot = self._a_slot()
        self.reminder.move_slot(slot, slot + self.random.choice([-3, -1, 1, 5, 30, 100]) * HOUR, self.now)

    def move_back(self) -> None:
        if self.reminder.schedule.moved:
            slot, _to = self.random.choice(self.reminder.schedule.moved)
            self.reminder.move_slot(slot, slot, self.now)

    def end(self) -> None:
        if self.random.random() < 0.3:
            self.reminder.end(self.now)

    def edit(self) -> None:
        for name, value in self._a_schedule().items():
            setattr(self.reminder, name, value)
        self.reminder.until, self.reminder.last = None, None
        if self.switches:
            self.reminder.zone_mode = self.random.choice(ZoneMode.values)
            self.reminder.zone = self.random.choice(ZONES)
        if self.random.random() < 0.5:
            self.reminder.moved, self.reminder.skipped = {}, []
        self._change()

    def change_notices_late(self) -> None:
        """Some time after the scheduler was last there, and before it is again."""
        self.now += self.random.choice([MINUTE, HOUR, 5 * HOUR])
        self.reminder.lead_times = self.random.choice(LEAD_TIMES)
        self._change()

    def _a_schedule(self) -> dict[str, Any]:
        times = [time(2, 30), time(9), time(14)]
        rule = self.random.choice(["FREQ=DAILY", "FREQ=DAILY", "FREQ=DAILY;INTERVAL=2", "FREQ=WEEKLY;BYDAY=SA,MO,WE"])
        return {
            "start": BEGIN.date(),
            "rule": rule,
            "times": sorted(self.random.sample(times, self.random.choice([1, 1, 2]))),
            "lead_times": self.random.choice(LEAD_TIMES),
            "day_off": self.random.choice([DayOff.STAY, DayOff.STAY, *DayOff]).value,
            "lateness": self.random.choice(Lateness.values),
            "late_hours": self.random.choice([2, 24]),
            "completion": self.random.choice(Completion.values),
            "audience": self.random.choice([Audience.TEAM, Audience.TEAM, Audience.ROLES]),
            "roles": self.random.choice([["member"], ["admin", "viewer"], ["admin", "member", "viewer"]]),
        }

    def _change(self) -> None:
        self.reminder.save()
        Reminder.objects.filter(pk=self.reminder.pk).update(changed_at=self.now)
        self.reminder.arrange(self.now)

    # Stopping

    def pause(self) -> None:
        self.reminder.pause(self.now)

    def pause_until(self) -> None:
        self.reminder.pause(self.now, until=self.now + self.random.choice([HOUR, 9 * HOUR, 30 * HOUR]))

    def resume(self) -> None:
        self.reminder.resume(self.now)

    def discard(self) -> None:
        self.reminder.discard(self.now)

    def restore(self) -> None:
        self.reminder.restore(self.now)

    # Answers

    def finish(self) -> None:
        self._answer("upcoming", "open", lambda row: row.finish(self._somebody(), self.now))

    def skip(self) -> None:
        self._answer("upcoming", "open", lambda row: row.skip(self._somebody(), self.now))

    def undo(self) -> None:
        self._answer("done", "skipped", lambda row: row.undo(self.now))

    def snooze(self) -> None:
        until = self.now + self.random.choice([MINUTE, 4 * HOUR, 2 * DAY])
        self._answer("open", "open", lambda row: row.snooze(until, self._somebody(), self.now))

    def wake(self) -> None:
        self._answer("open", "open", lambda row: row.wake(self.now))

    def _answer(self, one: str, other: str, act: Callable[[Occurrence], Any]) -> None:
        rows = list(self.reminder.occurrences.filter(state__in=[one, other]).order_by("-due_at", "zone")[:3])
        if rows:
            act(self.random.choice(rows))

    # People

    def somebody_moves(self) -> None:
        moves(self._somebody(), self.random.choice(ZONES), self.now)

    def somebody_joins(self) -> None:
        if self.team.members.count() < 4:
            person_in(self.team, self.random.choice(ZONES), joined=self.now)
            Reminder.objects.with_new_zones().recompute(self.now)

    def somebody_leaves(self) -> None:
        if self.team.members.count() > 1:
            Membership.objects.filter(team=self.team, user=self._somebody()).delete()

    def somebody_becomes(self) -> None:
        member = self.random.choice(list(self.team.memberships.order_by("pk")))
        Membership.objects.filter(pk=member.pk).update(role=self.random.choice(["admin", "member", "viewer"]))
        Reminder.objects.with_new_zones().recompute(self.now)

    def somebody_mutes(self) -> None:
        self.reminder.mute(self._somebody())

    def somebody_unmutes(self) -> None:
        for person in self.reminder.muted_by.all():
            self.reminder.unmute(person, self.now)

    def an_outside_address_agrees(self) -> None:
        if not self.reminder.outside.exists():
            self.reminder.outside.add(OutsideAddressFactory(team=self.team, asked_at=self.now))
        for address in self.reminder.outside.all():
            address.agree(self.now)
        Reminder.objects.with_new_zones().recompute(self.now)

    def it_stops(self) -> None:
        for address in self.reminder.outside.all():
            address.stop()
        Delivery.objects.filter(state="queued").withdraw("stopped")
        Reminder.objects.recompute(self.now)

    def _somebody(self) -> User:
        return self.random.choice(list(self.team.members.order_by("pk")))

    def _a_slot(self) -> datetime:
        zone = self.reminder.planned_zones[0]
        ahead = slots_after(self.reminder.schedule_in(zone), self.now - DAY)
        slots = [slot.local for _n, slot in zip(range(5), ahead, strict=False)]
        return self.random.choice(slots or [datetime(2026, 3, 27, 9)])

    def _slots_in(self, state: str) -> list[datetime]:
        return list(self.reminder.occurrences.filter(state=state).order_by("slot").values_list("slot", flat=True))

    def _changed(self) -> datetime:
        return Reminder.objects.get(pk=self.reminder.pk).changed_at


def along(wanderer: Walk) -> None:
    try:
        for _step in range(STEPS):
            wanderer.step()
    except Exception as error:
        error.add_note(f"seed {wanderer.seed}, {wanderer.reminder.zone_mode}: " + "; ".join(wanderer.way))
        raise


@pytest.mark.parametrize("seed", range(10))
def test_whatever_is_done_nothing_is_lost_or_told_twice(seed: int) -> None:
    along(Walk(seed, switches=False))


@pytest.mark.parametrize("seed", range(10, 14))
def test_also_where_the_zone_and_whose_clock_it_is_change(seed: int) -> None:
    along(Walk(seed, switches=True))


class PrunedWalk(Walk):
    """The same, while history is removed as soon as it may be; no slot that is gone comes back."""

    def __init__(self, seed: int) -> None:
        self.gone: set[tuple[datetime, str]] = set()
        super().__init__(seed, switches=False)

    def verbs(self) -> list[Callable[[], Any]]:
        return [*super().verbs(), *[self.prune] * 10]

    def step(self) -> None:
        super().step()
        back = self.gone & set(Occurrence.objects.values_list("slot", "zone"))
        assert not back, f"{back} came back after they were pruned"

    def prune(self) -> None:
        known = set(Occurrence.objects.values_list("slot", "zone"))
        Occurrence.objects.update(created_at=LONG_AGO)
        list(prune_history(self.now - 3 * DAY))
        self.gone |= known - set(Occurrence.objects.values_list("slot", "zone"))

    def _a_schedule(self) -> dict[str, Any]:
        return super()._a_schedule() | {"day_off": DayOff.STAY.value}


def test_what_was_pruned_never_comes_again_whatever_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reminders.models.history.FARTHEST", BY_CLOCKS)  # which is enough without days off
    gone = 0
    for seed in range(20, 30):
        wanderer = PrunedWalk(seed)
        along(wanderer)
        gone += len(wanderer.gone)
        Team.objects.all().delete()
    assert gone > 20
