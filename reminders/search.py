"""What the palette offers for some words: reminders, what can be done with them, and pages to go to."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from teams.models import Team

from .models import Occurrence, OccurrenceState, Reminder

REMINDERS_SHOWN, PLACES_SHOWN = 8, 7


@dataclass(frozen=True)
class Entry:
    """A link, or with `posts` a form of one button. `reminder` has what its line says."""

    label: str
    url: str
    icon: str
    hint: str = ""
    posts: bool = False
    reminder: Reminder | None = None


@dataclass(frozen=True)
class Group:
    key: str
    label: Any
    entries: list[Entry]


class Act(NamedTuple):
    verb: Any
    label: Any
    icon: str


ACTS = {
    "done": Act(gettext_lazy("done"), gettext_lazy("Done: %(title)s"), "check"),
    "pause": Act(gettext_lazy("pause"), gettext_lazy("Pause: %(title)s"), "pause"),
    "resume": Act(gettext_lazy("resume"), gettext_lazy("Resume: %(title)s"), "play"),
    "edit": Act(gettext_lazy("edit"), gettext_lazy("Edit: %(title)s"), "pencil"),
}


def search(user: User, text: str, now: datetime) -> list[Group]:
    """Groups with something in them. Begun with a verb, as in "pause backup", the text asks for that act alone."""
    verb, rest = _verb_of(text)
    reminders = _reminders(user, rest)
    # Of several that match, what can be done is said of the first, unless the verb is said.
    asked = reminders if verb else reminders[:1]
    acts = [act for reminder in asked for act in _acts(reminder, now, verb)]
    teams = list(Team.objects.visible_to(user).order_by("name", "pk"))
    writable = set(Team.objects.writable_by(user).values_list("pk", flat=True))
    said = text.casefold().split()  # the verb may be a word of the title after all
    groups = [
        Group("acts", gettext_lazy("Do"), acts if verb else []),
        Group(
            "reminders",
            gettext_lazy("Reminders"),
            [_entry(each) for each in reminders if not verb or _begins(each.title, said)],
        ),
        Group("more", gettext_lazy("With the first"), [] if verb else acts),
        Group("places", gettext_lazy("Go to"), _fitting(_places(teams), text)),
        Group("new", gettext_lazy("New"), _new([team for team in teams if team.pk in writable], text)),
    ]
    return [group for group in groups if group.entries]


def _reminders(user: User, text: str) -> list[Reminder]:
    """At most REMINDERS_SHOWN, by title, with `may_edit`, `may_answer` and `waiting`, the UUID of what is open."""
    if not text:
        return []
    waiting = Occurrence.objects.filter(reminder=OuterRef("pk"), state=OccurrenceState.OPEN).order_by("due_at")
    rows = Reminder.objects.visible_to(user).matching(text).with_rights_of(user).with_next_due().with_open_since()
    rows = rows.annotate(waiting=Subquery(waiting.values("uuid")[:1])).select_related("team")
    return list(rows.order_by("title", "pk")[:REMINDERS_SHOWN])


def _entry(reminder: Reminder) -> Entry:
    return Entry(reminder.title, reverse("reminders:detail", args=[reminder.uuid]), "bell", reminder=reminder)


def _verb_of(text: str) -> tuple[str, str]:
    """("pause", "backup") of "pause backup"; ("", text) where it begins with no verb, or is one alone."""
    first, _space, rest = text.partition(" ")
    verb = next((name for name, act in ACTS.items() if act.verb == first.lower()), "")
    return (verb, rest.strip()) if verb and rest.strip() else ("", text)


def _acts(reminder: Reminder, now: datetime, verb: str) -> Iterator[Entry]:
    """What the person may do with it now; with a verb, that alone."""
    for name, uuid in _possible(reminder, now):
        if verb in ("", name):
            act = ACTS[name]
            label = act.label % {"title": reminder.title}
            yield Entry(label, reverse(f"reminders:{name}", args=[uuid]), act.icon, posts=name != "edit")


def _possible(reminder: Any, now: datetime) -> Iterator[tuple[str, UUID]]:
    """Acts by their names, each with the UUID that its address takes."""
    if reminder.waiting and reminder.may_answer and reminder.asks:
        yield "done", reminder.waiting
    if reminder.may_edit:
        yield "resume" if reminder.is_paused(now) else "pause", reminder.uuid
        yield "edit", reminder.uuid


def _places(teams: list[Team]) -> list[Entry]:
    """Where one can go: the person's own pages, and those of each team."""
    own = [
        Entry(_("Today"), reverse("today"), "sun"),
        Entry(_("Calendar"), reverse("reminders:calendar"), "calendar"),
        *(Entry(team.name, reverse("team", args=[team.uuid]), "users", hint=_("Team")) for team in teams),
        Entry(_("Your settings"), reverse("accounts:settings"), "settings"),
        Entry(_("Your mail"), reverse("reminders:mail"), "mail"),
        Entry(_("Access tokens"), reverse("tokens:all"), "key-round"),
        Entry(_("New team"), reverse("teams:new"), "plus"),
    ]
    of_teams = [
        Entry(label, reverse(name, args=[team.uuid]), icon, hint=team.name)
        for team in teams
        for label, name, icon in (
            (_("People"), "teams:members", "users"),
            (_("Calendar"), "reminders:calendar-of-team", "calendar"),
            (_("Labels"), "reminders:labels", "tag"),
            (_("Activity"), "reminders:activity", "history"),
            (_("Export"), "reminders:export-team", "download"),
        )
    ]
    return own + of_teams


def _fitting(places: list[Entry], text: str) -> list[Entry]:
    """Those with, for each word of the text, a word that begins with it, in their name or their team's."""
    asked = text.casefold().split()
    return [place for place in places if _begins(f"{place.label} {place.hint}", asked)][:PLACES_SHOWN]


def _begins(name: str, asked: list[str]) -> bool:
    words = name.casefold().split()
    return all(any(word.startswith(each) for word in words) for each in asked)


def _new(teams: list[Team], text: str) -> list[Entry]:
    """A reminder with these words as its title, for up to three teams."""
    about = f"?{urlencode({'said': text})}" if text else ""
    label = _("New reminder “%(title)s”") % {"title": text} if text else _("New reminder")
    return [
        Entry(label, reverse("reminders:new", args=[team.uuid]) + about, "plus", hint=team.name) for team in teams[:3]
    ]
