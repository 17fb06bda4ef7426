"""What is written before a run, all drawn from its seed, and the ledger of what that makes due.

The ledger is reckoned from what is written alone: local times are turned into instants by zoneinfo here, and nothing is
asked of the engine.
"""

import random
from collections.abc import Iterable
from datetime import datetime, timedelta, timezone
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from accounts.models import User
from accounts.tests.factories import UserFactory
from reminders.dispatch import dispatch_due
from reminders.models import Audience, Completion, Delivery, Occurrence, Reminder, ZoneMode
from teams.models import Membership, Team
from teams.tests.factories import MembershipFactory, TeamFactory

from .ledger import Due

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
    "for_some": 12,
    "with_notice": 14,
    "on_own_clocks": 10,
    "put_off": 8,
    "twice_in_a_row": 3,
    "not_wanted": 10,
    "not_dispatched": 2,
    "not_composed": 2,
}


class Visit(NamedTuple):
    """Somebody answers while the run goes on."""

    at: datetime
    verb: str  # "snooze" or "finish"
    reminder: Reminder
    people: list[User]


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
        self._teams = [self._team(people) for _ in range(TEAMS)]

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
        self._expect(_members(team), self._reminder(team, at, now), at)

    def _visited(self, team: Team, at: datetime, now: datetime) -> None:
        reminder = self._reminder(team, at, now)
        self._expect(_members(team), reminder, at)
        verb = self._random.choice(["snooze", "finish"])
        wait = self._random.uniform(1, 5) if verb == "snooze" else self._random.uniform(-2, 2)
        self.visits.append(Visit(at + wait * SECOND, verb, reminder, _members(team)))

    def _by_rule(self, team: Team, at: datetime, now: datetime) -> None:
        rule = self._random.choice(["FREQ=DAILY", "FREQ=DAILY;INTERVAL=3", "FREQ=WEEKLY"])
        self._expect(_members(team), self._reminder(team, at, now, zone=self._random.choice(ZONES), rule=rule), at)

    def _by_cron(self, team: Team, at: datetime, now: datetime) -> None:
        """At the next full minute; long after the run, where none lies in it."""
        at = at.replace(second=0) + MINUTE
        lies_in_it = at <= self._end
        at += timedelta() if lies_in_it else 60 * MINUTE
        reminder = self._reminder(team, at, now, cron=f"{at.minute} {at.hour} * * *", times=[])
        self._expect(_members(team) if lies_in_it else [], reminder, at)

    def _for_some(self, team: Team, at: datetime, now: datetime) -> None:
        members = _members(team)
        people = self._random.sample(members, self._random.randint(1, len(members)))
        outsider = UserFactory(zone=UTC)  # chosen once, and not in the team any more
        self._expect(people, self._reminder(team, at, now, people=[*people, outsider]), at)

    def _with_notice(self, team: Team, at: datetime, now: datetime) -> None:
        minutes, words = self._random.choice(list(NOTICES.items()))
        rule = self._random.choice(["", "FREQ=DAILY"])
        reminder = self._reminder(team, at + minutes * MINUTE, now, rule=rule, lead_times=[minutes])
        for person in _members(team):
            self.due.add(person.email, f"In {words}: {reminder.title}", at)

    def _on_own_clocks(self, team: Team, at: datetime, now: datetime) -> None:
        members = _members(team)
        zone, rule = self._random.choice(members).zone, self._random.choice(["", "FREQ=DAILY"])
        reminder = self._reminder(team, at, now, zone=zone, rule=rule, zone_mode=ZoneMode.RECIPIENT)
        slot = _local(at, zone)
        here = [person for person in members if slot.replace(tzinfo=ZoneInfo(person.zone)) == at]
        self._expect(here, reminder, at)

    def _put_off(self, team: Team, at: datetime, now: datetime) -> None:
        reminder = self._reminder(team, self._before, self._before)
        self._opened.append((reminder, at))
        self._expect(_members(team), reminder, at)

    def _twice_in_a_row(self, team: Team, at: datetime, now: datetime) -> None:
        """The second overtakes what has not been sent of the first."""
        at = min(at, self._end - 6 * SECOND)
        second = at + self._random.randint(1, 5) * SECOND
        if at.date() != second.date():
            return
        reminder = self._reminder(team, at, now, rule="FREQ=DAILY", times=[at.time(), second.time()])
        for person in _members(team):
            self.due.add_optional(person.email, reminder.title, at)
        self._expect(_members(team), reminder, second)

    def _not_wanted(self, team: Team, at: datetime, now: datetime) -> None:
        by = _members(team)[0]
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
        self._expect(_members(team), reminder, at)

    def _not_composed(self, team: Team, at: datetime, now: datetime) -> None:
        """Until it is mended."""
        reminder = self._reminder(team, self._before, self._before, zone=FAR_EAST)
        self._opened.append((reminder, at))
        self._expect(_members(team), reminder, at)

    # --- Rows ---

    @property
    def _end(self) -> datetime:
        return self._begin + self._seconds * SECOND

    def _instant(self) -> datetime:
        if self._random.random() < 0.33:
            return self._random.choice(self._busy)
        return self._begin + self._random.randrange(self._seconds) * SECOND

    def _team(self, people: list[User]) -> Team:
        """Some people, one who has left and one whose account is closed."""
        team = TeamFactory()
        for person in self._random.sample(people, self._random.randint(1, 6)):
            MembershipFactory(team=team, user=person)
        MembershipFactory(team=team, user__is_active=False)
        left = MembershipFactory(team=team)
        Membership.objects.filter(pk=left.pk).delete()
        return team

    def _reminder(
        self, team: Team, at: datetime, planned_at: datetime, *, people: Iterable[User] = (), **fields: Any
    ) -> Reminder:
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
        reminder.arrange(planned_at if planned_at < at else at - SECOND)
        return reminder

    def _open_again(self, reminder: Reminder, at: datetime, now: datetime) -> None:
        """Of one that was told a minute ago: put off until `at`, or a message that cannot be composed then."""
        occurrence = reminder.occurrences.get()
        if reminder.zone != FAR_EAST:
            assert occurrence.snooze(until=at, by=_members(reminder.team)[0], now=now)
            return
        Occurrence.objects.filter(pk=occurrence.pk).update(due_at=FAR_AHEAD)
        waiting = {"state": "queued", "next_try_at": at, "sent_at": None}
        assert Delivery.objects.filter(occurrence=occurrence).update(**waiting)

    def _expect(self, people: Iterable[User], reminder: Reminder, at: datetime) -> None:
        for person in people:
            self.due.add(person.email, reminder.title, at)


def _members(team: Team) -> list[User]:
    return list(team.members.filter(is_active=True).order_by("pk"))


def _local(at: datetime, zone: str) -> datetime:
    return at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
