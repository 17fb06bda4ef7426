"""What a file says of one reminder."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from reminders.models.series import PASSED_KEPT
from reminders.schedule import Schedule, ScheduleError
from reminders.schedule.resolve import local_of
from teamreminders.clock import is_zone

LONGEST_KEY = 255


class Unreadable(ValueError):
    """A file that is none of ours and no calendar either; the words are for the person.

    `errors`: where in a JSON document (RFC 6901), and what is wrong there.
    """

    def __init__(self, words: Any, errors: list[tuple[str, str]] | None = None) -> None:
        super().__init__(str(words))
        self.errors = errors or []


class Pause(NamedTuple):
    """`endless`: until somebody resumes it; else until an instant, or not at all."""

    endless: bool = False
    until: datetime | None = None


@dataclass(frozen=True)
class Draft:
    """A reminder as a file has it. What the file says nothing of is None, or not in `fields`, and stays as it is.

    `fields` are columns of `Reminder` beside its schedule. `why_not` keeps it from being imported: `refused` where that
    is a fault. `notes` tell what was understood in another way than written.
    """

    key: str
    title: str
    schedule: Schedule | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)
    people: frozenset[str] | None = None  # addresses
    outside: frozenset[str] | None = None  # addresses
    labels: frozenset[str] | None = None
    pause: Pause | None = None
    notes: tuple[str, ...] = ()
    why_not: str = ""
    refused: bool = False

    @property
    def due(self) -> Schedule:
        """Of one that nothing keeps from being imported."""
        assert self.schedule
        return self.schedule


def key_of(text: str) -> str:
    """What names a reminder in its file, in a length that fits the column: a UID may be of any length (RFC 5545)."""
    return text if len(text) <= LONGEST_KEY else f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def without_passed(schedule: Schedule, now: datetime) -> Schedule:
    """Exceptions that have passed long ago are dropped, as a series drops its own."""
    since = local_of(now, schedule.tzinfo) - PASSED_KEPT
    moved = tuple((slot, to) for slot, to in schedule.moved if max(slot, to) > since and slot != to)
    return replace(schedule, skipped=frozenset(slot for slot in schedule.skipped if slot > since), moved=moved)


def check_zone(name: str) -> None:
    """Raises ScheduleError."""
    if not is_zone(name):
        raise ScheduleError(_("Its time zone “%(zone)s” is not known here.") % {"zone": name})
