"""`manage.py simulate --from --to [--team]`: what would go out to whom and when, without sending it."""

from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from reminders.ladder import lead_in_words, lead_time
from reminders.models import Reminder
from reminders.schedule import ScheduleError
from reminders.simulation import Outgoing, simulate
from teams.models import Team

LONGEST = timedelta(days=366)


class Command(BaseCommand):
    help = (
        "Print every message that would go out in a span of time if nobody answered anything. It runs the engine "
        "itself on a copy of each reminder, and rolls back: nothing is sent, nothing changes, and nothing waits for it."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        when = "a date (2026-12-24) or a time (2026-12-24T09:00, in UTC unless it has an offset)"
        parser.add_argument("--from", dest="begin", help=f"{when}; now by default")
        parser.add_argument("--to", dest="end", help=f"{when}, included; a week later by default")
        parser.add_argument("--team", help="only this team: its UUID or its name")

    def handle(self, *args: Any, begin: str | None, end: str | None, team: str | None, **options: Any) -> None:
        now = timezone.now()
        since = _instant(begin, "--from") if begin else now
        until = _instant(end, "--to", last=True) if end else since + timedelta(days=7)
        if begin and parse_date(begin) == now.date():
            since = now
        if since < now:
            raise CommandError("--from lies in the past: what went out then stands on each reminder's page.")
        if not since <= until <= now + LONGEST:
            raise CommandError("--to must lie after --from, and a year ahead at most.")
        reminders = Reminder.objects.active().select_related("team").order_by("pk")
        if team:
            reminders = reminders.filter(team=_team(team))
        messages = sorted(self._messages(reminders, since, until, now))
        for message in messages:
            self.stdout.write(_line(message))
        self.stdout.write(f"{len(messages)} messages from {since:%Y-%m-%d %H:%M} to {until:%Y-%m-%d %H:%M} UTC.")

    def _messages(self, reminders: Any, since: datetime, until: datetime, now: datetime) -> Iterator[Outgoing]:
        for reminder in reminders.iterator(chunk_size=500):
            try:
                yield from simulate(reminder, since, until, now)
            except ScheduleError as error:
                self.stderr.write(f"Reminder {reminder.uuid} cannot be read, and would send nothing: {error}")


def _instant(text: str, option: str, *, last: bool = False) -> datetime:
    """A date means its begin in UTC, or its end."""
    try:
        day, instant = parse_date(text), parse_datetime(text)
    except ValueError:
        day = instant = None
    if day:
        return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo("UTC")) + timedelta(days=last)
    if instant is None:
        raise CommandError(f"{option} must be a date or a time such as 2026-12-24 or 2026-12-24T09:00.")
    return instant if instant.tzinfo else instant.replace(tzinfo=ZoneInfo("UTC"))


def _team(text: str) -> Team:
    try:
        named = Q(uuid=UUID(text))
    except ValueError:
        named = Q(name=text)
    found = list(Team.objects.filter(named)[:2])
    if len(found) != 1:
        raise CommandError(
            f"There are several teams named {text}: give the UUID." if found else f"There is no team {text}."
        )
    return found[0]


def _line(message: Outgoing) -> str:
    """The instant in UTC, the hour on the clock that it goes by, and who gets what."""
    there = message.at.astimezone(ZoneInfo(message.zone))
    minutes = lead_time(message.step)
    notice = f" ({lead_in_words(minutes)} before)" if minutes else ""
    return "\t".join(
        [
            f"{message.at.astimezone(ZoneInfo('UTC')):%Y-%m-%d %H:%M:%S}Z",
            f"{there:%a %H:%M} {message.zone}",
            message.team,
            message.title + notice,
            message.address,
        ]
    )
