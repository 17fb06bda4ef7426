"""Scenes that the engine's tests begin with: a team of some people, and a reminder due at an instant."""

from datetime import datetime, timedelta
from typing import Any

from reminders.dispatch import dispatch_due
from reminders.models import Occurrence, Reminder
from teams.models import Team
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


def opened(team: Team, at: datetime, **fields: Any) -> Occurrence:
    """The occurrence of a reminder that was due at `at` and has been dispatched then."""
    reminder = reminder_due(team, at, **fields)
    dispatch_due(at)
    return reminder.occurrences.get(due_at=at)


def rounded(now: datetime) -> datetime:
    """`now` without microseconds, which slots of a form do not have."""
    return now.replace(microsecond=0)
