"""What of a reminder was changed, before and after."""

from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from reminders.ladder import in_advance
from reminders.models import Reminder
from reminders.models.recorded import COLUMNS, SCHEDULE
from reminders.models.series import PASSED_KEPT
from reminders.schedule.day_words import listed
from reminders.schedule.words import clock_face
from teamreminders.dates import dated
from teamreminders.templatetags.page import place
from teams.activity import Fact, Group, Names, Pair, facts
from teams.activity.facts import UNREADABLE, Say, compared
from teams.models import Action, Role, Team

STATES = {"deleted_at", "paused_at", "paused_until"}
ELSEWHERE = {*SCHEDULE, *STATES, "title", "notes", "skipped", "moved"}


def facts_of(group: Group, names: Names) -> list[Fact]:
    """In the order of the form. Of a new reminder only when it comes: its page has the rest."""
    pairs, new = group.pairs, group.has(Action.ADDED)
    told = _schedule(pairs)
    if new:
        return [Fact(fact.label, after=fact.after) for fact in told]
    if "title" in pairs:
        told.insert(0, Fact(_("Title"), str(pairs["title"][0]), str(pairs["title"][1])))
    if "notes" in pairs:
        told.append(compared(_("Notes"), str(pairs["notes"][0]), str(pairs["notes"][1])))
    told += _exceptions(pairs, group.at)
    known = dict.fromkeys(column for column in COLUMNS if column in pairs)
    others = {column: pairs[column] for column in known | pairs if column not in ELSEWHERE}
    say: dict[str, Say] = {"zone": place, "lead_times": in_advance, "roles": _roles, "author_id": names.author}
    told += facts(Reminder, others, say)
    return told + _people(group, names) + _labels(group, names) + _states(pairs)


def _schedule(pairs: Mapping[str, Pair]) -> list[Fact]:
    """In words; where those are the same, since which day."""
    if "start" not in pairs:
        return []
    before, after = (_in_words(pairs, n) for n in (0, 1))
    if before != after:
        return [Fact(_("When"), before, after)]
    first, then = map(str, pairs["start"])
    return [Fact(_("Since"), first, then)] if first != then else []


def _in_words(pairs: Mapping[str, Pair], n: int) -> str:
    """Also of what no longer can be read: a column is gone, a rule has become another."""
    try:
        columns = {name: _python(name, pairs[name][n]) for name in SCHEDULE if name in pairs}
        return Reminder(team=Team(), zone="UTC", **columns).in_words
    except (*UNREADABLE, ValidationError):
        return _("a schedule that cannot be read")


def _python(name: str, value: Any) -> Any:
    field: Any = Reminder._meta.get_field(name)
    if isinstance(field, ArrayField):
        return [field.base_field.to_python(each) for each in value]
    return field.to_python(value)


def _exceptions(pairs: Mapping[str, Pair], at: datetime) -> list[Fact]:
    """Single dates that were left out, moved or brought back; not those that were dropped for being long past."""
    since = at.astimezone(timezone.utc).replace(tzinfo=None) - PASSED_KEPT + timedelta(days=3)
    told: list[Fact] = []
    try:
        skipped, back = _differing(*(dict.fromkeys(value or []) for value in pairs.get("skipped", ((), ()))))
        told += _dates(_("Left out"), skipped, since) + _dates(_("Brought back"), back, since)
        before, after = (dict(value or {}) for value in pairs.get("moved", ({}, {})))
        for slot in sorted(before | after):
            if before.get(slot) != after.get(slot) and _local(slot) > since:
                told.append(Fact(_("Moved"), _day(before.get(slot, slot)), _day(after.get(slot, slot))))
    except UNREADABLE:
        return told
    return told


def _differing(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    return sorted(after.keys() - before.keys()), sorted(before.keys() - after.keys())


def _dates(label: str, slots: list[str], since: datetime) -> list[Fact]:
    days = [_day(slot) for slot in slots if _local(slot) > since]
    return [Fact(label, after=listed(days))] if days else []


def _local(slot: str) -> datetime:
    return datetime.fromisoformat(slot)


def _day(slot: str) -> str:
    local = _local(slot)
    return f"{dated(local, 'D j F Y')}, {clock_face(local)}"


def _roles(roles: list[str]) -> str:
    return listed([str(Role(role).label) for role in roles])


def _people(group: Group, names: Names) -> list[Fact]:
    (chosen, gone), (added, removed) = group.people, group.outside
    if gone and "audience" in group.pairs:  # they may be reached all the same, by their role or with all others
        picked = Fact(_("Chosen people"), names.listed(gone), names.listed(chosen) or _("none"))
        gone, chosen = [], []
    else:
        picked = None
    told = [Fact(_("Also reaches"), after=names.listed(chosen, added))] if chosen or added else []
    no_longer = [Fact(_("No longer reaches"), after=names.listed(gone, removed))] if gone or removed else []
    return ([picked] if picked else []) + told + no_longer


def _labels(group: Group, names: Names) -> list[Fact]:
    added, gone = group.labels
    told = [Fact(_("Labels added"), after=names.labelled(added))] if added else []
    return told + ([Fact(_("Labels taken off"), after=names.labelled(gone))] if gone else [])


def _states(pairs: Mapping[str, Pair]) -> list[Fact]:
    """Where somebody paused or deleted it together with other changes."""
    labels = {"paused_at": _("paused"), "paused_until": _("paused"), "deleted_at": _("deleted")}
    told = {label: pairs[column] for column, label in labels.items() if column in pairs}
    said = {True: _("yes"), False: _("no")}
    return [Fact(capfirst(label), said[bool(before)], said[bool(after)]) for label, (before, after) in told.items()]
