"""Quick-add: a reminder said in one line, from its words to a draft that says what it would do and can be written."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from teamreminders.text import validate_one_line
from teams.models import Team

from .called import called, names, people_named
from .ladder import check_lead_times
from .language import Part, Understood, understand
from .models import Audience, Reminder
from .models.scheduled import work_calendar
from .schedule import DayOff, Schedule, ScheduleError, WorkCalendar, next_after
from .schedule.resolve import local_of
from .schedule.rule import MAX_LENGTH

TITLE_LENGTH = 200
# A preview older than this is read again: "in 20 minutes" is not what it was.
FRESH = timedelta(minutes=10)
KINDS = {
    "date": gettext_lazy("date"),
    "time": gettext_lazy("time"),
    "repeat": gettext_lazy("repeat"),
    "start": gettext_lazy("start"),
    "end": gettext_lazy("end"),
    "days off": gettext_lazy("days off"),
    "zone": gettext_lazy("time zone"),
    "person": gettext_lazy("person"),
    "lead": gettext_lazy("notice before"),
    "unknown": gettext_lazy("not understood"),
}


class QuickForm(forms.Form):
    """The line. `seen` is what its preview said of itself, `fixed` whether the page leaves no choice of the team."""

    text = forms.CharField(
        max_length=MAX_LENGTH,
        error_messages={
            "required": gettext_lazy("Write what to remember, and when."),
            "max_length": gettext_lazy("Use %(limit_value)d characters at most; these are %(show_value)d."),
            "null_characters_not_allowed": gettext_lazy("There is a character in it that cannot be stored."),
        },
    )
    token = forms.UUIDField()
    seen = forms.CharField(required=False, max_length=100)
    fixed = forms.BooleanField(required=False)

    def problems(self) -> list[str]:
        """What is wrong, in sentences."""
        return [str(error) for errors in self.errors.values() for error in errors]


@dataclass(frozen=True)
class Draft:
    """What a text comes to for a team, read at the moment `now`; nothing is written yet."""

    team: Team
    text: str
    now: datetime
    title: str
    schedule: Schedule | None
    people: list[User]
    lead_times: list[int]  # minutes
    parts: tuple[Part, ...]
    problems: list[str]

    @property
    def is_complete(self) -> bool:
        """Whether it can be written as it is, without a question."""
        return bool(self.schedule and self.title and not self.problems)

    @property
    def pieces(self) -> Iterator[tuple[str, str, Any]]:
        """The text cut up: words, what they were used for (empty: for the title), and that in the reader's language."""
        position = 0
        for part in self.parts:
            if part.kind in KINDS:
                words = part.words.strip(" ,")
                start = part.start + part.words.index(words)
                yield self.text[position:start], "", ""
                yield words, part.kind, KINDS[part.kind]
                position = start + len(words)
        yield self.text[position:], "", ""

    @property
    def seen(self) -> str:
        """Names the draft for a browser that has shown it: when it was read, of which words, and to what effect."""
        return " ".join([self.now.isoformat(), _words_of(self.team, self.text), self.effect])

    @property
    def effect(self) -> str:
        """The same for two drafts that would be written alike."""
        calendar = self.schedule.calendar if self.schedule else WorkCalendar()
        days = [sorted(calendar.weekdays), calendar.country, calendar.region, sorted(calendar.days_off)]
        schedule = self.schedule and replace(self.schedule, calendar=WorkCalendar())
        return _digest(self.title, schedule, days, [person.pk for person in self.people], self.lead_times)

    def still_comes(self, now: datetime) -> bool:
        """Whether the first time that it said has not passed meanwhile."""
        first = self.schedule and next_after(self.schedule, self.now)
        return bool(first and first.at > now)

    def reminder(self, author: User) -> Reminder:
        """As a row, not saved yet."""
        assert self.schedule is not None
        reminder = Reminder(team=self.team, author=author, title=self.title)
        reminder.schedule = self.schedule
        reminder.audience = Audience.PEOPLE if self.people else Audience.TEAM
        reminder.lead_times = self.lead_times
        return reminder

    def write(self, reminder: Reminder, now: datetime) -> Reminder:
        """Save it with its people and its upcoming occurrences."""
        reminder.save()
        reminder.people.set(self.people)
        reminder.arrange(now)
        return reminder


def read(text: str, team: Team, now: datetime) -> Draft:
    """Take a text apart for a team: its zone, its people, its days off."""
    members = called(team)
    understood = understand(text, zone=team.zone, now=now, people=names(members))
    schedule = understood.schedule and _with_days_off(understood.schedule, understood, team, now)
    return Draft(
        team=team,
        text=text,
        now=now,
        title=understood.title,
        schedule=schedule,
        people=people_named(understood.people, members),
        lead_times=understood.lead_minutes,
        parts=understood.parts,
        problems=[*understood.problems, *_problems(understood, schedule, team, now)],
    )


def as_seen(text: str, team: Team, seen: str, now: datetime) -> tuple[Draft, bool]:
    """The draft that a person was shown, and whether it can be written; if not, how it is understood now.

    `seen` is that of the draft that was shown. Where it is of other words, nothing was shown of these yet.
    """
    moment, words, effect = [*seen.split(" "), "", "", ""][:3]
    if words != _words_of(team, text):
        return read(text, team, now), True
    shown_at = _moment(moment)
    if shown_at and now - FRESH <= shown_at <= now:
        draft = read(text, team, shown_at)
        if draft.effect == effect and draft.still_comes(now):
            return draft, True
    draft = read(text, team, now)
    return draft, draft.effect == effect


def _with_days_off(schedule: Schedule, understood: Understood, team: Team, now: datetime) -> Schedule:
    """With the days that the team works, where they matter."""
    if schedule.day_off == DayOff.STAY:
        return schedule
    calendar = work_calendar(team, holidays_only=schedule.calendar.is_for_holidays_only)
    schedule = replace(schedule, calendar=calendar)
    begun = any(part.kind == "start" for part in understood.parts)
    if begun or not schedule.repeats or schedule.count or "INTERVAL" in schedule.rule:
        return schedule
    # It began with the first working day of any team; this one's may come earlier.
    today = replace(schedule, start=local_of(now, schedule.tzinfo).date())
    first = next_after(today, now)
    return replace(today, start=first.local.date()) if first else schedule


def _problems(understood: Understood, schedule: Schedule | None, team: Team, now: datetime) -> Iterator[str]:
    """What keeps a sentence that is understood from being a reminder."""
    if schedule and not understood.title:
        yield _("Say also what it is about.")
    if len(understood.title) > TITLE_LENGTH:
        yield _("What it is about may have %(most)d characters.") % {"most": TITLE_LENGTH}
    yield from _unseen(understood.title)
    if schedule:
        try:
            check_lead_times(understood.lead_minutes, schedule, now)
        except ScheduleError as error:
            yield str(error)
    if schedule and not next_after(schedule, now):
        yield _("It would never come: all of its days are days off in %(team)s.") % {"team": team}


def _unseen(title: str) -> list[str]:
    try:
        validate_one_line(title)
    except ValidationError as error:
        return error.messages
    return []


def _words_of(team: Team, text: str) -> str:
    return _digest(team.pk, text)


def _digest(*facts: Any) -> str:
    return sha256(repr(facts).encode()).hexdigest()[:16]


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None
