"""Rows of Today and of a team's page, filled into moulds: fifty times a template would be most of what a page costs.

A `row` is an occurrence or a reminder with what its list annotates, which its class does not know of.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.template.context import Context
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from teamreminders.clock import zone_or_utc
from teamreminders.dates import dated
from teamreminders.mould import fill
from teamreminders.templatetags.page import moment, place, relative
from teams.models import Team

from .models import Audience, Label, OccurrenceState, Reminder
from .schedule.resolve import local_of
from .schedule.words import clock_face

NEVER = "–"  # noqa: RUF001
# How much of a date is worth showing in a group of Today.
SHOWN_IN = {"today": "time", "tomorrow": "time", "later": "day"}


@dataclass(frozen=True)
class Page:
    """What the rows of a page share; `token` is the one of its forms."""

    reader: User
    now: datetime
    token: str

    def moment(self, at: datetime, show: str = "near", zone: str = "") -> SafeString:
        return moment(self._context, at, show, zone)

    def relative(self, at: datetime, past: str) -> SafeString:
        return relative(self._context, at, past=past)

    @property
    def _context(self) -> Context:
        return Context({"now": self.now})


def occurrence_row(page: Page, row: Any, group: str = "", *, answered: bool = False) -> SafeString:
    """On Today: with what `with_rights` annotates; `answered`: the row takes the focus."""
    reminder, comes_at = row.reminder, row.snoozed_until or row.due_at
    words = _words_of_answers(page, row, reminder) | _words_of_state(page, row)
    words |= {
        "when": page.moment(comes_at, SHOWN_IN.get(group, "near")),
        "moved": dated(row.slot, "D j M") if row.is_moved else "",
        "there": elsewhere(row.due_at, row.zone),
        "hue": str(reminder.team.hue),
        "team": reminder.team.name,
        "schedule": reminder.in_words if reminder.repeats else "",
        "roles": reminder.roles_in_words if reminder.audience == Audience.ROLES else "",
    }
    facts = _facts_of_answers(page, row) | {
        "became": _became(page, row),
        "looks": _looks(page, row),
        "needs_me": _needs_me(page, row),
        "audience": "team" if reminder.audience == Audience.TEAM else "mine" if row.mine else "",
        "acts": _acts(row) if row.may_answer else "",
        "quiet": bool(group),
        "answered": answered,
    }
    return _filled("reminders/_occurrence_row.html", words, facts)


def answers(page: Page, row: Any, reminder: Reminder) -> SafeString:
    """The menus of an occurrence on the page of its reminder."""
    return _filled("reminders/_answers.html", _words_of_answers(page, row, reminder), _facts_of_answers(page, row))


def reminder_row(page: Page, row: Any, *, chooses: bool = False) -> SafeString:
    """On its team's page: with what the list annotates, and `tags`; `chooses`: with a box, where `may_edit`."""
    waits, state = row.open_since, row.state
    until = row.paused_until if row.paused_until and row.paused_until > page.now else None
    comes_at = waits or (None if row.paused_at else row.next_due)
    words = {
        "id": str(row.uuid),
        "url": reverse("reminders:detail", args=[row.uuid]),
        "title": row.title,
        "when": page.moment(comes_at) if comes_at else NEVER,
        "until": page.moment(until, "day", row.zone) if until else "",
        "open": page.relative(waits, _("open, due %s ago")) if waits else "",
        "schedule": row.in_words,
        "place": place(row.zone) if row.zone != page.reader.zone else "",
        "audience_words": _audience(row),
        "labels": labels(row.team, getattr(row, "tags", [])),
    }
    facts = {
        "looks": "paused" if row.paused_at else "late" if waits else "paused" if state == "ended" else "",
        "became": state,
        "repeats": row.repeats,
        "audience": row.audience,
        "chooses": chooses,
        "may_edit": row.may_edit,
    }
    return _filled("reminders/_reminder_row.html", words, facts)


def labels(team: Team, tags: Iterable[Label]) -> SafeString:
    """Each leads to all of the team's reminders that have it."""
    url = reverse("team", args=[team.uuid])
    words = [{"url": f"{url}?label={each.uuid}", "hue": str(each.hue), "name": each.name} for each in tags]
    return mark_safe("".join(fill("reminders/_label.html", each, ()) for each in words))  # noqa: S308  (fill escapes)


def elsewhere(at: datetime, zone: str) -> str:
    """ "09:00 in Berlin", where the clocks of the zone show another time than the reader's; empty where they do not."""
    local = local_of(at, zone_or_utc(zone))
    if local == timezone.localtime(at).replace(tzinfo=None):
        return ""
    return _("%(time)s in %(place)s") % {"time": clock_face(local), "place": place(zone)}


def _filled(template: str, words: dict[str, str], facts: dict[str, Any]) -> SafeString:
    return mark_safe(fill(template, words, tuple(facts.items())))  # noqa: S308  (fill escapes)


def _words_of_answers(page: Page, row: Any, reminder: Reminder) -> dict[str, str]:
    return {
        "id": str(row.uuid),
        "at": reverse("reminders:done", args=[row.uuid]).removesuffix("done/"),
        "url": reverse("reminders:detail", args=[reminder.uuid]),
        "title": reminder.title,
        "holder": row.acknowledged_by.get_short_name() if _held(page, row) == "other" else "",
        "token": page.token,
    }


def _facts_of_answers(page: Page, row: Any) -> dict[str, Any]:
    return {
        "is_open": row.state == OccurrenceState.OPEN,
        "snoozed": row.snoozed_until is not None,
        "held": _held(page, row),
        "may_edit": getattr(row, "may_edit", False),
    }


def _held(page: Page, row: Any) -> str:
    if not getattr(row, "is_held", False):
        return ""
    return "me" if row.acknowledged_by_id == page.reader.pk else "other"


def _words_of_state(page: Page, row: Any) -> dict[str, str]:
    became = _became(page, row)
    person = row.snoozed_by if became == "snoozed" else row.settled_by if row.is_settled else None
    settled = row.settled_at.replace(second=0, microsecond=0) if row.settled_at else None
    return {
        "who": person.get_short_name() if person else "",
        "settled": page.moment(settled) if settled else "",
        "state": str(row.get_state_display()) if became == "settled" else "",
        "due": page.relative(row.due_at, _("due %s ago")) if became == "due" else "",
    }


def _became(page: Page, row: Any) -> str:
    if row.state == OccurrenceState.DONE or (row.state == OccurrenceState.SKIPPED and row.settled_by):
        return str(row.state)
    if row.is_settled:
        return "settled"
    if row.snoozed_until:
        return "snoozed"
    return "due" if row.due_at <= page.now else ""


def _looks(page: Page, row: Any) -> str:
    if row.is_settled:
        return "done"
    return "late" if _became(page, row) == "due" and _needs_me(page, row) else ""


def _needs_me(page: Page, row: Any) -> bool:
    """It is the reader's, and nobody else has taken it on."""
    return row.mine and _held(page, row) != "other"


def _acts(row: Any) -> str:
    """What is offered first."""
    if row.state in (OccurrenceState.DONE, OccurrenceState.SKIPPED):
        return "undo"
    if row.is_settled or not row.reminder.asks:
        return ""
    return "wake" if row.snoozed_until else "done"


def _audience(row: Any) -> str:
    if row.audience == Audience.ROLES:
        return row.roles_in_words
    return ngettext("%(n)s person", "%(n)s people", row.chosen_count) % {"n": row.chosen_count}
