"""Sentences about a reminder."""

from collections.abc import Mapping
from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from reminders.models import Reminder
from teamreminders.clock import zone_or_utc
from teamreminders.dates import dated
from teams.activity import Group, Line, Names, Pair, hold, somebody
from teams.models import Action

from .facts import STATES, facts_of


def of_reminder(group: Group, names: Names) -> Line:
    """Where the reminder is deleted now, the line of that offers to restore it."""
    reminder, pairs = names.reminders.get(group.subject), group.pairs
    parts = {"who": somebody(group.first), "what": _what(reminder, pairs)}
    if group.has(Action.ADDED):
        return Line(group.at, format_html(_("{who} wrote {what}"), **parts), "plus", facts_of(group, names))
    if not pairs or set(pairs) - STATES or any(group.people + group.outside + group.labels):
        return Line(group.at, format_html(_("{who} changed {what}"), **parts), "pencil", facts_of(group, names))
    said, icon = _verb(pairs)
    line = Line(group.at, format_html(said, until=_day(pairs, reminder), **parts), icon)
    if icon == "trash-2" and reminder and reminder.deleted_at and reminder.may_restore:
        line.restorable = reminder
    return line


def written(reminder: Reminder) -> Line:
    """Of one that was written before changes were recorded."""
    who = hold(reminder.author or _("Somebody who has left"))
    return Line(reminder.created_at, format_html(_("{who} wrote {what}"), who=who, what=_what(reminder, {})), "plus")


def _verb(pairs: Mapping[str, Pair]) -> tuple[str, str]:
    """With its icon."""
    stopped = {column for column, (_before, after) in pairs.items() if after}
    if "deleted_at" in pairs:
        return (_("{who} deleted {what}"), "trash-2") if stopped else (_("{who} restored {what}"), "undo-2")
    if stopped == {"paused_until"}:
        return _("{who} paused {what} until {until}"), "pause"
    return (_("{who} paused {what}"), "pause") if stopped else (_("{who} resumed {what}"), "play")


def _what(reminder: Reminder | None, pairs: Mapping[str, Pair]) -> SafeString:
    """By the title that it had then, where that is known; members saw it, also where it was deleted since."""
    if reminder is None:
        return hold(_("a reminder that is gone"))
    title = format_html(_("“{title}”"), title=pairs.get("title", (None, reminder.title))[1])
    if reminder.deleted_at:
        return title
    return format_html(
        '<a href="{url}">{title}</a>', url=reverse("reminders:detail", args=[reminder.uuid]), title=title
    )


def _day(pairs: Mapping[str, Pair], reminder: Reminder | None) -> str:
    """On which it goes on by itself, by its clock."""
    until = str(pairs.get("paused_until", ("", ""))[1])
    zone = zone_or_utc(reminder.zone if reminder else "UTC")
    try:
        return dated(timezone.localtime(datetime.fromisoformat(until), zone), "D j F Y")
    except ValueError:
        return ""
