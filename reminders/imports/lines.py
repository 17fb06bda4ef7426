"""What a file would change: the dry run, and what is carried out."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from time import thread_time
from zoneinfo import ZoneInfoNotFoundError

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from reminders.ladder import check_lead_times
from reminders.models import Audience, Reminder
from reminders.models.series import EXCEPTIONS_AT_MOST
from reminders.schedule import ScheduleError, check, next_after
from teams.models import OutsideAddress, Team

from .draft import Draft, Pause, Unreadable, without_passed
from .known import Known, known_of, own_reminder

# Seconds of processor: rules can be costly to look at, and a file may have nothing but such.
BUDGET = 15.0
# The keys of docs/export.md for columns that are called otherwise there.
KEYS = {"zone_mode": "schedule", "late_hours": "lateness", "roles": "audience"}


class Outcome(models.TextChoices):
    NEW = "new", gettext_lazy("new")
    CHANGED = "changed", gettext_lazy("changed")
    SAME = "same", gettext_lazy("unchanged")
    LEFT_OUT = "left_out", gettext_lazy("left out")
    REFUSED = "refused", gettext_lazy("cannot be imported")


TO_DO = (Outcome.NEW, Outcome.CHANGED)


@dataclass(frozen=True)
class Line:
    """What becomes of one draft. `changes`: the keys of docs/export.md under which it says something else."""

    draft: Draft
    outcome: Outcome
    reminder: Reminder | None = None  # that there is, or was made
    why: str = ""
    notes: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()
    people: frozenset[User] = frozenset()
    outside: frozenset[OutsideAddress] = frozenset()
    to_ask: frozenset[str] = frozenset()  # addresses outside that the team does not know yet


def compare(drafts: Sequence[Draft], team: Team, person: User, now: datetime, *, lock: bool = False) -> list[Line]:
    """A line for each draft. Three queries, and some for each outside address that is new; `lock`: their reminders.

    Raises Unreadable where it takes too long.
    """
    known = known_of(drafts, team, person, now, lock=lock)
    times, deadline, lines = Counter(draft.key for draft in drafts), thread_time() + BUDGET, list[Line]()
    for draft in drafts:
        if thread_time() > deadline:
            raise Unreadable(_("The rules in this file take too long to look at. Divide it."))
        if times[draft.key] > 1:
            lines.append(Line(draft, Outcome.REFUSED, why=_("Its key stands more than once in the file.")))
        else:
            lines.append(_line(draft, known))
    named = Counter(line.reminder.pk for line in lines if line.reminder)
    return [_once(line) if line.reminder and named[line.reminder.pk] > 1 else line for line in lines]


def _once(line: Line) -> Line:
    """One reminder may be known by what its file called it, and by its own key."""
    return replace(line, outcome=Outcome.REFUSED, why=_("Another line of the file is about the same reminder."))


def counts_of(lines: Iterable[Line]) -> dict[str, int]:
    """By outcome; none is left out."""
    counts = Counter(line.outcome for line in lines)
    return {outcome.value: counts[outcome] for outcome in Outcome}


def _line(draft: Draft, known: Known) -> Line:
    if draft.why_not:
        return Line(draft, Outcome.REFUSED if draft.refused else Outcome.LEFT_OUT, why=draft.why_not)
    if own_reminder(draft.key) in known.reminders:
        return Line(draft, Outcome.LEFT_OUT, why=_("It is a reminder of this team: change it here."))
    draft = replace(draft, schedule=without_passed(draft.due, known.now))
    line = _with_audience(Line(draft, Outcome.SAME, known.reminders.get(draft.key), notes=draft.notes), known)
    try:
        return _changed(line, line.reminder, known) if line.reminder else _new(line, known)
    except ScheduleError as error:
        return replace(line, outcome=Outcome.REFUSED, why=str(error))


def _with_audience(line: Line, known: Known) -> Line:
    """Whom of those that the file names the team knows, and whom outside it would ask."""
    wanted, outside = line.draft.people or frozenset(), line.draft.outside or frozenset()
    refusals = {email: known.why_not_asked(email) for email in sorted(outside - known.outside.keys())}
    notes = [*line.notes, *filter(None, refusals.values())]
    if missing := sorted(wanted - known.people.keys()):
        notes.append(_("Not in the team, and left out: %(people)s.") % {"people": ", ".join(missing)})
    return replace(
        line,
        notes=tuple(notes),
        people=frozenset(known.people[email] for email in wanted & known.people.keys()),
        outside=frozenset(known.outside[email] for email in outside & known.outside.keys()),
        to_ask=frozenset(email for email, refusal in refusals.items() if not refusal),
    )


def _new(line: Line, known: Known) -> Line:
    draft = line.draft
    _check_schedule(draft)
    if next_after(draft.due, known.now) is None:
        return replace(line, outcome=Outcome.LEFT_OUT, why=_("It would not come due any more."))
    _check_reach(line)
    check_lead_times(draft.fields.get("lead_times", []), draft.due, known.now)
    return replace(line, outcome=Outcome.NEW)


def _changed(line: Line, row: Reminder, known: Known) -> Line:
    """What is as it was is not looked at again."""
    draft = line.draft
    changes = tuple(dict.fromkeys(_differences(line, row, known.now)))
    if not changes:
        return line
    if not row.may_edit:  # type: ignore[attr-defined]
        return replace(line, outcome=Outcome.REFUSED, why=_("Only its author and the team's admins may change it."))
    if "schedule" in changes:
        _check_schedule(draft)
    if "audience" in changes:
        _check_reach(line)
    if {"schedule", "lead_times"} & set(changes):
        check_lead_times(draft.fields.get("lead_times", row.lead_times), draft.due, known.now)
    return replace(line, outcome=Outcome.CHANGED, changes=changes)


def _check_schedule(draft: Draft) -> None:
    check(draft.due)
    if len(draft.due.skipped) + len(draft.due.moved) > EXCEPTIONS_AT_MOST:
        raise ScheduleError(_("Too many dates of it are left out or moved."))


def _check_reach(line: Line) -> None:
    """Raises ScheduleError, which keeps the line from being imported, where nobody would ever get it."""
    chosen = line.draft.fields.get("audience") == Audience.PEOPLE
    if chosen and not (line.people or line.outside or line.to_ask):
        raise ScheduleError(_("None of its people is in the team. Invite them first."))


def _differences(line: Line, row: Reminder, now: datetime) -> Iterator[str]:
    draft = line.draft
    for name, value in draft.fields.items():
        if getattr(row, name) != value:
            yield KEYS.get(name, name)
    if not _has_schedule(row, draft, now):
        yield "schedule"
    if draft.people is not None and {person.email for person in line.people} != _chosen(row):
        yield "audience"
    if draft.outside is not None:
        there = {address.email for address in line.outside} | line.to_ask
        if there != set(row.chosen_outside):  # type: ignore[attr-defined]
            yield "audience"
    if draft.labels is not None and _folded(draft.labels) != _folded(row.label_names):  # type: ignore[attr-defined]
        yield "labels"
    if draft.pause is not None and pause_to_come(draft.pause, now) != _pause_of(row, now):
        yield "paused"


def _folded(names: Iterable[str]) -> set[str]:
    """A team has one label of a name, however it is written."""
    return {name.lower() for name in names}


def _has_schedule(row: Reminder, draft: Draft, now: datetime) -> bool:
    try:
        return without_passed(row.schedule, now) == draft.due
    except (ValueError, ZoneInfoNotFoundError):  # what is stored cannot be read
        return False


def _chosen(row: Reminder) -> set[str]:
    return set(row.chosen) if row.audience == Audience.PEOPLE else set()  # type: ignore[attr-defined]


def _pause_of(row: Reminder, now: datetime) -> Pause:
    return Pause(True) if row.paused_at else pause_to_come(Pause(until=row.paused_until), now)


def pause_to_come(pause: Pause, now: datetime) -> Pause:
    """One that has ended by itself is none."""
    return pause if pause.endless or (pause.until and pause.until > now) else Pause()
