"""A team's reminders as one JSON document."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from reminders.models import Reminder
from teamreminders.clock import moment
from teams.models import Team

from .records import FORMAT, reminder_record, team_record, with_what_is_exported

if TYPE_CHECKING:
    from accounts.models import User

# Rows that are in memory at a time.
AT_A_TIME = 500


def reminders_of(team: Team, person: "User") -> Iterator[Reminder]:
    """What the person sees of the team, the oldest first. One query, however many there are."""
    reminders = with_what_is_exported(Reminder.objects.visible_to(person).filter(team=team))
    for reminder in reminders.iterator(chunk_size=AT_A_TIME):
        reminder.team = team
        yield reminder


def as_json(team: Team, person: "User", now: datetime) -> Iterator[bytes]:
    """The document in pieces, a reminder each."""
    head = {"format": FORMAT, "exported": moment(now, team.zone), "team": team_record(team)}
    yield f'{_text(head)[:-2]},\n "reminders": ['.encode()
    comma = "\n"
    for reminder in reminders_of(team, person):
        yield f"{comma}{_text(reminder_record(reminder, now))}".encode()
        comma = ",\n"
    yield b"\n]}\n"


def _text(record: dict[str, Any]) -> str:
    return json.dumps(record, ensure_ascii=False, indent=1)
