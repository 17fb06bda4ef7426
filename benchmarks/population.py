"""Teams, members and reminders in bulk."""

from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone

from accounts.models import User
from reminders.models import Occurrence, Reminder
from reminders.models.planning import Lane
from reminders.schedule import next_after
from teams.models import Membership, Role, Team

NOTES = "The old one ends at midnight.\n\nSteps: https://wiki.example.org/certificates/renew\nAsk Ada if it fails."


def teams_of(people: int, teams: int) -> list[Team]:
    """`teams` teams with `people` members each."""
    made = Team.objects.bulk_create(Team(name=f"Team {n}", zone="Europe/Berlin") for n in range(teams))
    for team in made:
        users = User.objects.bulk_create(
            User(email=f"person{n}.team{team.pk}@example.org", name=f"Person {n}", zone="Europe/Berlin")
            for n in range(people)
        )
        Membership.objects.bulk_create(Membership(team=team, user=user, role=Role.MEMBER) for user in users)
    return made


def due_together(teams: list[Team], count: int, at: datetime) -> None:
    """`count` reminders of these teams in turn, each due once, at this whole second."""
    now = timezone.now()
    local = timezone.localtime(at, timezone.get_fixed_timezone(0)).replace(tzinfo=None)
    fields = {"notes": NOTES, "zone": "UTC", "start": local.date(), "times": [local.time()]}
    reminders = Reminder.objects.bulk_create(
        [
            Reminder(team=teams[n % len(teams)], title=f"Renew the certificate of host {n}", **fields)
            for n in range(count)
        ],
        batch_size=1000,
    )
    slot = next_after(reminders[0].schedule, now)
    assert slot and slot.at == at, (slot, at)
    lanes = [Lane(each, each.zone) for each in reminders]
    Occurrence.objects.bulk_create([Occurrence.of(lane, slot, now) for lane in lanes], batch_size=1000)


def due_apart(teams: list[Team], count: int, first: datetime, every: timedelta) -> None:
    """`count` reminders of these teams in turn, each due once, this long one after the other; as if snoozed."""
    due_together(teams, count, first.replace(microsecond=0) + timedelta(days=1))
    rows = list(Occurrence.objects.filter(due_at__gt=first + every * count).order_by("pk"))
    for n, row in enumerate(rows):
        row.due_at = row.next_step_at = first + every * n
    Occurrence.objects.bulk_update(rows, ["due_at", "next_step_at"], batch_size=500)


def waiting_since(teams: list[Team], count: int, since: datetime) -> None:
    """`count` reminders of every quarter of an hour whose next occurrence was planned then and not looked at since."""
    reminders = Reminder.objects.bulk_create(
        [
            Reminder(team=teams[n % len(teams)], title=f"Look at host {n}", zone="UTC", start=since.date(), times=[])
            for n in range(count)
        ]
    )
    Reminder.objects.update(cron="*/15 * * * *")
    for reminder in reminders:
        reminder.cron = "*/15 * * * *"
    slot = next_after(reminders[0].schedule, since)
    assert slot
    Occurrence.objects.bulk_create([Occurrence.of(Lane(each, each.zone), slot, since) for each in reminders])


def in_whole_seconds(ahead: float) -> datetime:
    """A whole second at least that far ahead."""
    at = timezone.now() + timedelta(seconds=ahead)
    return at.replace(microsecond=0) + timedelta(seconds=1)


def clear() -> None:
    """No teams and nobody; and no dead rows that the next case would have to wade through."""
    Team.objects.all().delete()
    User.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")
