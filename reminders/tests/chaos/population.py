"""What is written before a run, all drawn from its seed, and the ledger of what that makes due.

The ledger is reckoned from what is written alone: local times are turned into instants by zoneinfo here, and nothing is
asked of the engine.
"""

import random
from collections.abc import Iterable
from datetime import datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

from accounts.models import User
from accounts.tests.factories import UserFactory
from reminders.dispatch import dispatch_due
from reminders.models import Audience, Completion, Delivery, Occurrence, Reminder, ZoneMode
from teams.models import MailKind, OutsideAddress, Team

from .ledger import Due
from .people import ROLES, draw_team, members_of, outside_alone, told, with_roles, without_outside_address
from .visits import Visit, finish, mute, snooze, stop, turn_off

UTC = "UTC"
# Two of them show one time in winter, so that a reminder by own clocks has several clocks due at one instant.
ZONES = [UTC, "Europe/Berlin", "Africa/Lagos", "Asia/Kolkata", "America/New_York"]
NOTICES = {5: "5 minutes", 30: "30 minutes", 60: "1 hour", 120: "2 hours", 1440: "1 day"}
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
# There is no such time in the far east: a message that has to say it cannot be composed.
FAR_AHEAD, FAR_EAST = datetime(9999, 12, 31, 23, 30, tzinfo=timezone.utc), "Asia/Tokyo"
TEAMS, PEOPLE = 8, 24
# How many there are of each kind; the kinds are the methods below.
KINDS = {
    "once": 30,
    "visited": 8,
    "by_rule": 14,
    "by_cron": 4,
    "by_role": 8,
    "for_some": 12,
    "with_notice": 14,
    "on_own_clocks": 10,
    "put_off": 8,
    "twice_in_a_row": 3,
    "muted_meanwhile": 12,
    "turned_off_meanwhile": 4,
    "stopped_meanwhile": 8,
    "not_wanted": 10,
    "not_dispatched": 2,
    "not_composed": 2,
}


class Population:
    """Teams, people and reminders, nearly all of them due within `seconds` from `begin` on; `due` is the ledger."""

    def __init__(self, seed: int, begin: datetime, seconds: int) -> None:
        self.due = Due()
        self.visits: list[Visit] = []
        self._random = random.Random(seed)
        self._begin, self._seconds = begin, seconds
        self._before = begin - MINUTE
        self._titles = 0
        self._opened: list[tuple[Reminder, datetime]] = []
        # A third of all is due at these, so that work piles up.
        self._busy = [begin + self._random.randrange(seconds) * SECOND for _ in range(3)]
        people = [UserFactory(email=f"p{n}@chaos.example", zone=self._random.choice(ZONES)) for n in range(PEOPLE)]
        self._teams = [draw_team(self._random, people) for _ in range(TEAMS)]

    def write(self, now: datetime) -> None:
        """Create the rows of all kinds; `now` is before `begin`."""
        for kind, count in KINDS.items():
            for _ in range(count):
                getattr(self, f"_{kind}")(self._random.choice(self._teams), self._instant(), now)
        dispatch_due(now)
        Delivery.objects.update(state="sent", next_try_at=None, sent_at=now)
        for reminder, at in self._opened:
            self._open_again(reminder, at, now)

    def mend(self, now: datetime) -> None:
        """What an operator does about rows that cannot be sent."""
        Reminder.objects.filter(rule="nonsense").update(rule="FREQ=DAILY")
        Occurrence.objects.in_trouble().try_again(now)
        far = Occurrence.objects.filter(due_at=FAR_AHEAD)
        Delivery.objects.filter(occurrence__in=far, state="queued").update(next_try_at=now)
        far.update(due_at=self._before)

    # --- Kinds ---

    def _once(self, team: Team, at: datetime, now: datetime) -> None:
        self._expect(members_of(team), self._reminder(team, at, now), at)

    def _visited(self, team: Team, at: datetime, now: datetime) -> None:
        reminder = self._reminder(team, at, now)
        self._expect(members_of(team), reminder, at)
        does = self._random.choice([snooze, finish])
        wait = self._random.uniform(1, 5) if does == snooze else self._random.uniform(-2, 2)
        self.visits.append(Visit(at + wait * SECOND, does, reminder, members_of(team)[0]))

    def _by_rule(self, team: Team, at: datetime, now: datetime) -> None:
        rule = self._random.choice(["FREQ=DAILY", "FREQ=DAILY;INTERVAL=3", "FREQ=WEEKLY"])
        self._expect(members_of(team), self._reminder(team, at, now, zone=self._random.choice(ZONES), rule=rule), at)

    def _by_cron(self, team: Team, at: datetime, now: datetime) -> None:
        """At the next full minute; long after the run, where none lies in it."""
        at = at.replace(second=0) + MINUTE
        lies_in_it = at <= self._end
        at += timedelta() if lies_in_it else 60 * MINUTE
        reminder = self._reminder(team, at, now, cron=f"{at.minute} {at.hour} * * *", times=[])
        if lies_in_it:
            self._expect(members_of(team), reminder, at)

    def _by_role(self, team: Team, at: datetime, now: datetime) -> None:
        roles = self._random.sample(ROLES, self._random.randint(1, 2))
        reminder = self._reminder(team, at, now, audience=Audience.ROLES, roles=roles)
        self._expect(with_roles(team, roles), reminder, at)

    def _for_some(self, team: Team, at: datetime, now: datetime) -> None:
        members = members_of(team)
        people = self._random.sample(members, self._random.randint(1, len(members)))
        outsider = UserFactory(zone=UTC)  # chosen once, and not in the team any more
        self._expect(people, self._reminder(team, at, now, people=[*people, outsider]), at)

    def _with_notice(self, team: Team, at: datetime, now: datetime) -> None:
        minutes, words = self._random.choice(list(NOTICES.items()))
        rule = self._random.choice(["", "FREQ=DAILY"])
        reminder = self._reminder(team, at + minutes * MINUTE, now, rule=rule, lead_times=[minutes])
        for address in told(reminder, members_of(team), kind=MailKind.NOTICE):
            self.due.add(address, f"In {words}: {reminder.title}", at)

    def _on_own_clocks(self, team: Team, at: datetime, now: datetime) -> None:
        members = members_of(team)
        zone, rule = self._random.choice(members).zone, self._random.choice(["", "FREQ=DAILY"])
        reminder = self._reminder(team, at, now, zone=zone, rule=rule, zone_mode=ZoneMode.RECIPIENT)
        slot = _local(at, zone)
        here = [person for person in members if slot.replace(tzinfo=ZoneInfo(person.zone)) == at]
        self._expect(members, reminder, at, here)

    def _put_off(self, team: Team, at: datetime, now: datetime) -> None:
        reminder = self._reminder(team, self._before, self._before)
        self._opened.append((reminder, at))
        self._expect(members_of(team), reminder, at)

    def _twice_in_a_row(self, team: Team, at: datetime, now: datetime) -> None:
        """The second overtakes what has not been sent of the first."""
        at = min(at, self._end - 6 * SECOND)
        second = at + self._random.randint(1, 5) * SECOND
        if at.date() != second.date():
            return
        reminder = self._reminder(team, at, now, rule="FREQ=DAILY", times=[at.time(), second.time()])
        for address in told(reminder, members_of(team)):
            self.due.add_optional(address, reminder.title, at)
        self._expect(members_of(team), reminder, second)

    def _muted_meanwhile(self, team: Team, at: datetime, now: datetime) -> None:
        self._silenced(mute, self._random.choice(members_of(team)), team, at, now)

    def _turned_off_meanwhile(self, team: Team, at: datetime, now: datetime) -> None:
        if people := without_outside_address(team):
            self._silenced(turn_off, self._random.choice(people), team, at, now)

    def _stopped_meanwhile(self, team: Team, at: datetime, now: datetime) -> None:
        self._silenced(stop, self._random.choice(outside_alone(team)), team, at, now)

    def _silenced(self, does: Any, by: User | OutsideAddress, team: Team, at: datetime, now: datetime) -> None:
        """Shortly before it comes due, while it waits to be sent, or too late."""
        reminder = self._reminder(team, at, now, outside=outside_alone(team))
        self._expect(members_of(team), reminder, at)
        comes_at = max(at + self._random.uniform(-5, 3) * SECOND, self._begin)
        self.visits.append(Visit(comes_at, does, reminder, by))

    def _not_wanted(self, team: Team, at: datetime, now: datetime) -> None:
        by = members_of(team)[0]
        why = self._random.choice(["paused", "deleted", "done", "skipped", "later", "until"])
        if why == "later":
            at += 60 * MINUTE
        reminder = self._reminder(team, at, now, rule="FREQ=DAILY" if why == "until" else "")
        match why:
            case "paused":
                reminder.pause(now)
            case "until":
                reminder.pause(now, until=at + MINUTE)
            case "deleted":
                reminder.discard(now)
            case "done":
                reminder.occurrences.get().finish(by, now)
            case "skipped":
                reminder.occurrences.get().skip(by, now)

    def _not_dispatched(self, team: Team, at: datetime, now: datetime) -> None:
        """Until it is mended."""
        reminder = self._reminder(team, at, now, rule="FREQ=DAILY")
        Reminder.objects.filter(pk=reminder.pk).update(rule="nonsense")
        self._expect(members_of(team), reminder, at)

    def _not_composed(self, team: Team, at: datetime, now: datetime) -> None:
        """Until it is mended."""
        reminder = self._reminder(team, self._before, self._before, zone=FAR_EAST)
        self._opened.append((reminder, at))
        self._expect(members_of(team), reminder, at)

    # --- Rows ---

    @property
    def _end(self) -> datetime:
        return self._begin + self._seconds * SECOND

    def _instant(self) -> datetime:
        if self._random.random() < 0.33:
            return self._random.choice(self._busy)
        return self._begin + self._random.randrange(self._seconds) * SECOND

    def _reminder(
        self,
        team: Team,
        at: datetime,
        planned_at: datetime,
        *,
        people: Iterable[User] = (),
        outside: Iterable[OutsideAddress] = (),
        **fields: Any,
    ) -> Reminder:
        """Some go to addresses outside as well, some are muted by somebody from the start."""
        self._titles += 1
        start = _local(at, fields.setdefault("zone", UTC))
        fields.setdefault("times", [start.time()])
        completion = self._random.choice(Completion.values)
        reminder = Reminder.objects.create(
            team=team, title=f"R{self._titles:03}", start=start.date(), completion=completion, **fields
        )
        if people:
            reminder.people.set(people)
            reminder.audience = Audience.PEOPLE
            reminder.save()
        if outside or self._random.random() < 0.4:
            reminder.outside.set(outside or team.outside_addresses.all())
        if self._random.random() < 0.15:
            reminder.mute(self._random.choice(members_of(team)))
        reminder.arrange(planned_at if planned_at < at else at - SECOND)
        return reminder

    def _open_again(self, reminder: Reminder, at: datetime, now: datetime) -> None:
        """Of one that was told a minute ago: put off until `at`, or a message that cannot be composed then."""
        occurrence = reminder.occurrences.get()
        if reminder.zone != FAR_EAST:
            assert occurrence.snooze(until=at, by=members_of(reminder.team)[0], now=now)
            return
        Occurrence.objects.filter(pk=occurrence.pk).update(due_at=FAR_AHEAD)
        waiting = {"state": "queued", "next_try_at": at, "sent_at": None}
        assert Delivery.objects.filter(occurrence=occurrence).update(**waiting)

    def _expect(
        self, audience: Iterable[User], reminder: Reminder, at: datetime, here: Iterable[User] | None = None
    ) -> None:
        for address in told(reminder, audience, here):
            self.due.add(address, reminder.title, at)


def _local(at: datetime, zone: str) -> datetime:
    return at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
