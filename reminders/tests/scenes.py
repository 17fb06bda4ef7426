"""Scenes that the engine's tests begin with: a team of some people, and a reminder due at an instant."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from accounts.models import User
from reminders.dispatch import dispatch_due
from reminders.models import Audience, Delivery, Occurrence, Reminder, ZoneMode
from teams.models import Membership, Team
from teams.tests.factories import MembershipFactory, TeamFactory


def team_of(people: int, **fields: Any) -> Team:
    """A team with that many members."""
    team = TeamFactory(**fields)
    MembershipFactory.create_batch(people, team=team)
    return team


def reminder_due(team: Team, at: datetime, *, planned_at: datetime | None = None, **fields: Any) -> Reminder:
    """A reminder in UTC whose first slot is `at`, written just before or at `planned_at`; once unless told more."""
    times = [] if fields.get("cron") else [at.time()]
    reminder = Reminder.objects.create(
        team=team, title="Renew the certificate", zone="UTC", start=at.date(), times=times, **fields
    )
    reminder.arrange(planned_at or at - timedelta(seconds=1))
    return reminder


def many(team: Team, author: User, count: int, now: datetime) -> None:
    """Reminders in seconds, of each kind that a list shows; of four one waits for an answer, the others lie ahead."""
    start, times = (now - timedelta(days=1)).date(), [now.time()]
    rows = [
        Reminder(
            team=team, author=author, title=f"many {n}", zone="Asia/Tokyo" if n % 5 == 0 else "UTC", start=start,
            times=times, rule="FREQ=MONTHLY;BYMONTHDAY=31" if n % 2 else "", day_off="next" if n % 2 else "stay",
            audience=(Audience.TEAM, Audience.ROLES, Audience.TEAM)[n % 3], roles=["member"] if n % 3 == 1 else [],
        )
        for n in range(count)
    ]  # fmt: skip
    Reminder.objects.bulk_create(rows)
    Occurrence.objects.bulk_create(
        Occurrence(reminder=row, slot=now.replace(tzinfo=None), zone=row.zone, due_at=now - timedelta(minutes=n + 1))
        if n % 4 == 0
        else Occurrence(
            reminder=row, slot=now.replace(tzinfo=None), zone=row.zone, due_at=now + timedelta(minutes=n + 1),
            state="upcoming", next_step="due", next_step_at=now + timedelta(minutes=n + 1),
        )
        for n, row in enumerate(rows)
    )  # fmt: skip
    with connection.cursor() as cursor:  # as PostgreSQL does by itself, but not within a transaction of a test
        cursor.execute("ANALYZE reminders_reminder, reminders_occurrence, teams_membership, teams_team, accounts_user")


def opened(team: Team, at: datetime, **fields: Any) -> Occurrence:
    """The occurrence of a reminder that was due at `at` and has been dispatched then."""
    reminder = reminder_due(team, at, **fields)
    dispatch_due(at)
    return reminder.occurrences.get(due_at=at)


def person_in(team: Team, zone: str, *, joined: datetime) -> User:
    """A member of the team since then who goes by the clock of that zone."""
    membership = MembershipFactory(team=team, user__zone=zone)
    Membership.objects.filter(pk=membership.pk).update(joined_at=joined)
    return membership.user


def on_own_clocks(
    team: Team, at: datetime, *, planned_at: datetime, people: Sequence[User] = (), **fields: Any
) -> Reminder:
    """A reminder whose first slot is the local time `at` on the clock of each recipient: everybody, or `people`."""
    fields = {"times": [at.time()], "zone": "UTC", "zone_mode": ZoneMode.RECIPIENT} | fields
    reminder = Reminder.objects.create(team=team, title="Water the plants", start=at.date(), **fields)
    if people:
        reminder.people.set(people)
        reminder.audience = Audience.PEOPLE
        reminder.save()
    Reminder.objects.filter(pk=reminder.pk).update(changed_at=planned_at)
    reminder.arrange(planned_at)
    return reminder


def send_all(now: datetime) -> bool:
    """What scheduler and workers do until nothing is due: dispatch, and send what is queued. False: nothing was due."""
    dispatched = 0
    while more := dispatch_due(now):
        dispatched += more
    Delivery.objects.filter(state="queued").update(state="sent", next_try_at=None, sent_at=now)
    return dispatched > 0


def moves(person: User, zone: str, now: datetime, *, noticed: bool = True) -> None:
    """The person's clock is another from now on; the scheduler has seen it unless told otherwise."""
    User.objects.filter(pk=person.pk).update(zone=zone)
    if noticed:
        Reminder.objects.with_new_zones().recompute(now)


def rounded(now: datetime) -> datetime:
    """`now` without microseconds, which slots of a form do not have."""
    return now.replace(microsecond=0)
