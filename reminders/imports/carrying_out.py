"""Writing what a file has and the team has not."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from accounts.http import SignedInRequest
from reminders.models import Import, ImportKind, Label, Reminder
from reminders.models.label import LABELS_AT_MOST
from teams.asking import ask
from teams.models import Team

from .draft import Draft
from .files import read
from .lines import TO_DO, Line, Outcome, compare, counts_of, pause_to_come

# Reminders that are planned with one set of queries.
AT_A_TIME = 100


def import_drafts(
    request: SignedInRequest, team: Team, drafts: Sequence[Draft], now: datetime, record: Import | None = None
) -> list[Line]:
    """Carry out what `compare` finds, all of it or nothing, and ask outside addresses that are new.

    Two imports into one team at the same moment: the second finds what the first has made. Takes the team's lock, then
    those of the reminders that change. `record`: what the new ones are said to come from. Raises Unreadable.
    """
    with transaction.atomic():
        Team.objects.select_for_update(no_key=True).get(pk=team.pk)
        lines = compare(drafts, team, request.user, now)
        to_do = [line.draft for line in lines if line.outcome in TO_DO]
        locked = {line.draft.key: line for line in compare(to_do, team, request.user, now, lock=True)}
        lines = [locked.get(line.draft.key, line) for line in lines]
        lines = list(_with_asked(request, team, lines))
        labels = _labels(lines, team)
        made = _create([line for line in lines if line.outcome == Outcome.NEW], team, request, now, record)
        _change([line for line in lines if line.outcome == Outcome.CHANGED], now)
        for line in (line for line in lines if line.outcome in TO_DO):
            if line.draft.labels or "labels" in line.changes:
                _label(made.get(line.draft.key, line.reminder), line.draft.labels or (), labels)
    return [replace(line, reminder=made.get(line.draft.key, line.reminder)) for line in lines]


def carry_out(request: SignedInRequest, record: Import, now: datetime) -> bool:
    """Import an uploaded file, which is forgotten then. False: it was imported already. Raises Unreadable."""
    with transaction.atomic():
        if not Import.objects.filter(pk=record.pk).claim(now):
            return False
        drafts = read(ImportKind(record.kind), bytes(record.content or b""), record.team, now, record.all_day_at)
        record.settle(counts_of(import_drafts(request, record.team, drafts, now, record)))
    return True


def _with_asked(request: SignedInRequest, team: Team, lines: list[Line]) -> Iterator[Line]:
    """Their new outside addresses on the team's list; the question to each goes out by mail."""
    emails = sorted({email for line in lines if line.outcome in TO_DO for email in line.to_ask})
    asked = ask(request, team, emails) if emails else None
    rows = {address.email: address for address in asked.addresses} if asked else {}
    for line in lines:
        found = frozenset(rows[email] for email in line.to_ask if email in rows)
        missed = asked.refused if asked and line.outcome in TO_DO and len(found) < len(line.to_ask) else []
        yield replace(line, outside=line.outside | found, notes=(*line.notes, *missed))


def _labels(lines: Sequence[Line], team: Team) -> dict[str, Label]:
    """Those that the lines name, by name in lower case; made where the team lacks them and has room."""
    there = {label.name.lower(): label for label in team.labels.listed()}
    names = {name for line in lines if line.outcome in TO_DO for name in line.draft.labels or ()}
    new = sorted(name for name in names if name.lower() not in there)[: max(LABELS_AT_MOST - len(there), 0)]
    return there | {label.name.lower(): label for label in Label.objects.named(team, new)}


def _label(row: Reminder | None, names: Iterable[str], labels: dict[str, Label]) -> None:
    """A label that is deleted stays with its reminders, so that it can come back to them."""
    assert row
    wanted = {labels[name.lower()] for name in names if name.lower() in labels}
    has = set(row.labels.filter(deleted_at=None))
    if wanted != has:
        row.labels.remove(*(has - wanted))
        row.labels.add(*(wanted - has))


def _create(
    lines: Sequence[Line], team: Team, request: SignedInRequest, now: datetime, record: Import | None
) -> dict[str, Reminder]:
    """By key. One that was deleted here gives its key away."""
    keys = [line.draft.key for line in lines]
    Reminder.objects.filter(team=team, import_key__in=keys).exclude(deleted_at=None).update(import_key=None)
    rows = []
    for line in lines:
        row = Reminder(team=team, author=request.user, import_key=line.draft.key, imported_by=record)
        _write(row, line.draft)
        pause = pause_to_come(line.draft.pause, now) if line.draft.pause else None
        if pause:
            row.paused_at, row.paused_until = now if pause.endless else None, pause.until
        rows.append(row)
    Reminder.objects.bulk_create(rows)
    for line, row in zip(lines, rows, strict=True):
        _choose(row, line)
    _plan(rows, now)
    return dict(zip(keys, rows, strict=True))


def _change(lines: Sequence[Line], now: datetime) -> None:
    """Needs the locks of their reminders."""
    rows = []
    for line in lines:
        row = line.reminder
        assert row
        _write(row, line.draft)
        row.save()
        _choose(row, line)
        rows.append(row)
    _plan(rows, now)
    for line, row in zip(lines, rows, strict=True):
        if "paused" in line.changes and line.draft.pause:
            _pause(row, line.draft, now)


def _write(row: Reminder, draft: Draft) -> None:
    for name, value in draft.fields.items():
        setattr(row, name, value)
    row.schedule = draft.due


def _choose(row: Reminder, line: Line) -> None:
    """No query for a new one that has nobody to choose."""
    if line.draft.people is not None and (line.people or line.reminder):
        row.people.set(line.people)
    if line.draft.outside is not None and (line.outside or line.reminder):
        row.outside.set(line.outside)


def _pause(row: Reminder, draft: Draft, now: datetime) -> None:
    assert draft.pause
    pause = pause_to_come(draft.pause, now)
    if row.is_paused(now):
        row.resume(now)
    if pause.endless or pause.until:
        row.pause(now, pause.until)


def _plan(rows: Sequence[Reminder], now: datetime) -> None:
    for start in range(0, len(rows), AT_A_TIME):
        Reminder.objects.plan_again(rows[start : start + AT_A_TIME], now)
