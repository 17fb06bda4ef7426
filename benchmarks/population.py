"""Teams, members and reminders in bulk."""

from datetime import datetime, timedelta

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


def in_whole_seconds(ahead: float) -> datetime:
    """A whole second at least that far ahead."""
    at = timezone.now() + timedelta(seconds=ahead)
    return at.replace(microsecond=0) + timedelta(seconds=1)


def clear() -> None:
    """No teams and nobody."""
    Team.objects.all().delete()
    User.objects.all().delete()
