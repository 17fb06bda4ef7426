"""A page of what was changed, the newest first, and where the next one begins."""

from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from django.db.models import Exists, OuterRef
from django.utils import timezone

from accounts.models import User
from reminders.models import Label, Reminder
from teams.activity import Group, Line, Names, grouped, of_team
from teams.activity.line import addresses
from teams.models import MANAGERS, Action, Change, Kind, OutsideAddress, Role, Team
from teams.models.change import ChangeQuerySet

from .words import of_reminder, written

ROWS_A_PAGE = 60
# Of one transaction, which is never cut in two; what an import writes beyond them is not shown.
ROWS_OF_ONE = 1000


@dataclass(frozen=True)
class Chosen:
    """What of the activity is wanted: by whom, of which kinds (all where there are none), and of before when."""

    by: User | None = None
    kinds: tuple[str, ...] = ()
    before: datetime | None = None


@dataclass(frozen=True)
class Activity:
    """Lines by day, in the reader's zone; `older`: what the next page is asked for with, None at the end."""

    days: list[tuple[date, list[Line]]]
    older: datetime | None


def activity_of(team: Team, reader: User, role: Role | None, chosen: Chosen) -> Activity:
    """Five queries, or six where one transaction fills a page."""
    changes = Change.objects.filter(team=team)
    if chosen.by:
        changes = changes.filter(who=chosen.by)
    if chosen.kinds:
        changes = changes.filter(kind__in=chosen.kinds)
    groups, older = _groups(changes, chosen.before)
    return Activity(_by_day(_lines(groups, reader, role)), older)


def history_of(reminder: Reminder, reader: User, before: datetime | None) -> Activity:
    """As `activity_of`, of one reminder, from when it was written."""
    changes = Change.objects.filter(kind=Kind.REMINDER, subject=reminder.pk, team=reminder.team_id)
    groups, older = _groups(changes, before)
    lines = _lines(groups, reader, None)
    if older is None and not any(group.has(Action.ADDED) for group in groups):
        lines.append(written(reminder))
    return Activity(_by_day(lines), older)


def _groups(changes: ChangeQuerySet, before: datetime | None) -> tuple[list[Group], datetime | None]:
    rows, older = _rows(changes.select_related("who"), before)
    return grouped(rows), older


def _lines(groups: list[Group], reader: User, role: Role | None) -> list[Line]:
    names = _names(groups, reader, role)
    return [of_reminder(group, names) if group.kind == Kind.REMINDER else of_team(group, names) for group in groups]


def _by_day(lines: list[Line]) -> list[tuple[date, list[Line]]]:
    return [(day, list(those)) for day, those in groupby(lines, key=lambda line: timezone.localdate(line.at))]


def _rows(changes: ChangeQuerySet, before: datetime | None) -> tuple[list[Change], datetime | None]:
    """Whole transactions, and the instant before which the rest lies."""
    rows = list(changes.before(before)[: ROWS_A_PAGE + 1])
    if len(rows) <= ROWS_A_PAGE:
        return rows, None
    last = rows[-1].created_at
    whole = [row for row in rows if row.created_at > last]
    if not whole:
        whole = list(changes.filter(created_at=last).order_by("-pk")[:ROWS_OF_ONE])
    return whole, whole[-1].created_at


def _names(groups: list[Group], reader: User, role: Role | None) -> Names:
    """Five queries at most."""
    people = {group.subject for group in groups if group.kind in {Kind.MEMBER, Kind.OFFER}}
    for group in groups:
        people.update(*group.people, filter(None, group.pairs.get("author_id", ())))
    labels = {pk for group in groups for some in group.labels for pk in some}
    outside = {group.subject for group in groups if group.kind == Kind.OUTSIDE}
    for group in groups:
        outside.update(*group.outside)
    invitations = {group.subject for group in groups if group.kind == Kind.INVITATION and role in MANAGERS}
    may_restore = Reminder.objects.also_deleted_editable_by(reader).filter(pk=OuterRef("pk"))
    reminders = Reminder.objects.annotate(may_restore=Exists(may_restore))
    return Names(
        User.objects.in_bulk(people),
        addresses(invitations),
        reminders.in_bulk({group.subject for group in groups if group.kind == Kind.REMINDER}),
        OutsideAddress.objects.in_bulk(outside),
        Label.objects.in_bulk(labels),
    )
