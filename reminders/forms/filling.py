"""Each way of saying when fills the others: words, an RRULE, a cron expression, the controls.

The text that was changed since the form was last filled in, as `<name>_filled` remembers it, says how the rest is.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, time
from enum import Enum
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _

from reminders.called import called, names, people_named
from reminders.language import understand
from reminders.models import Audience
from reminders.schedule import Repeat, Schedule, ScheduleError, import_rule
from reminders.schedule.rule import split
from teamreminders.clock import validate_zone
from teams.models import Team

from .fields import TimesField, lead_times_text
from .pattern import pattern_of
from .values import Values, end_values, pattern_values, values_of

END_OF_RULE = {"COUNT", "UNTIL"}
TIME_OF_RULE = {"BYHOUR", "BYMINUTE", "BYSECOND"}


class Way(str, Enum):
    """How it was said last; the texts bear the names of their fields."""

    CONTROLS = "controls"
    WORDS = "said"
    RULE = "recurrence"
    CRON = "cron"


TEXTS = (Way.WORDS, Way.RULE, Way.CRON)


class Filled(NamedTuple):
    """What a browser sent, the rest filled in; `notices` say what was not understood."""

    data: QueryDict | None
    way: Way
    notices: list[str]


def fill(sent: QueryDict, team: Team, now: datetime) -> Filled:
    """Fill the form in from the text that was changed last. Nothing is changed where none was."""
    data, notices = sent.copy(), list[str]()
    way = next((way for way in TEXTS if _is_new(sent, way)), Way.CONTROLS)
    values: Values = {}
    if way == Way.WORDS:
        values, notices = words_values(sent.get("said", ""), team, _zone(sent, team), now)
    elif way == Way.RULE:
        values = _rule_values(sent, team, now)
    elif way == Way.CRON:
        values = {"repeat": Repeat.CRON.value, "recurrence": ""}
    for name, value in values.items():
        data.setlist(name, value if isinstance(value, list) else ["on" if value is True else value or ""])
    if way != Way.CONTROLS:
        for text in TEXTS:
            data[f"{text.value}_filled"] = data.get(text.value, "")
    return Filled(data, way, notices)


def words_values(text: str, team: Team, zone: str, now: datetime) -> tuple[Values, list[str]]:
    """What a sentence fills in, and what to tell about the rest of it."""
    members = called(team)
    understood = understand(text, zone=zone, now=now, people=names(members))
    values: Values = values_of(understood.schedule) if understood.schedule else {}
    if understood.title:
        values["title"] = understood.title
    if understood.lead_times:
        values["lead_times"] = lead_times_text(understood.lead_minutes)
    if people := people_named(understood.people, members):
        values |= {"audience": Audience.PEOPLE.value, "people": [str(person.pk) for person in people]}
    notices = list(understood.problems)
    if not understood.schedule and not notices:
        notices.append(_("These words do not say when. Add it, such as “every Friday at 16:00”."))
    return values, notices


def times_said(text: str, now: datetime) -> Values:
    """The times of day in a text whose days are not understood; the form asks for the rest."""
    parts = understand(text, zone="UTC", now=now).parts
    said = ", ".join(part.words for part in parts if part.kind == "time")
    alone = understand(f"x {said}", zone="UTC", now=now).schedule if said else None
    return {"at": values_of(alone)["at"]} if alone else {}


def _is_new(sent: QueryDict, way: Way) -> bool:
    text = sent.get(way.value, "").strip()
    return bool(text) and text != sent.get(f"{way.value}_filled", "").strip()


def _rule_values(sent: QueryDict, team: Team, now: datetime) -> Values:
    """The controls that an RRULE speaks of. What it does not say stays: the times, and an end that it never had."""
    text, before = sent.get("recurrence", ""), sent.get("recurrence_filled", "")
    base = _so_far(sent, team, now)
    try:
        parts, imported = split(text), import_rule(text, base, whole_day=True)
    except ScheduleError:
        return {"repeat": Repeat.RULE.value, "cron": ""}
    values = pattern_values(pattern_of(imported), imported.start)
    values |= {"cron": "", "month_end": imported.month_end.value}
    if says_times(parts) or not sent.get("at"):
        values["at"] = values_of(imported)["at"]
    if END_OF_RULE & set(parts) or _has_end(before):
        values |= end_values(imported)
    return values


def says_times(rule: Mapping[str, str]) -> bool:
    """Whether an RRULE of these parts says at what times of day."""
    return bool(TIME_OF_RULE & set(rule)) or rule.get("FREQ") == "HOURLY"


def _has_end(rule: str) -> bool:
    with suppress(ScheduleError):
        return bool(END_OF_RULE & set(split(rule)))
    return False


def _so_far(sent: QueryDict, team: Team, now: datetime) -> Schedule:
    """Zone, start and times as they stand in the form, with a default for each that makes no sense."""
    zone = _zone(sent, team)
    schedule = Schedule(zone, now.date(), (time(9),))
    with suppress(ValueError):
        schedule = replace(schedule, start=date.fromisoformat(sent.get("start", "")))
    with suppress(ValidationError):
        schedule = replace(schedule, times=tuple(TimesField().clean(", ".join(sent.getlist("at")))))
    return schedule


def _zone(sent: QueryDict, team: Team) -> str:
    zone = sent.get("zone", "")
    try:
        validate_zone(zone)
    except ValidationError:
        return team.zone
    return zone
