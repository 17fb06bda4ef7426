"""A sentence taken apart: which words mean what, and what they come to."""

from collections.abc import Iterable, Sequence
from datetime import datetime, time

from django.utils.translation import gettext as _

from reminders.schedule import Schedule, ScheduleError
from reminders.schedule.rule import MAX_LENGTH

from . import dates, english, machine, mentions, zones
from .facts import Lead, Opening, Person, Unclear, Within
from .meaning import Context, schedule_of
from .model import Part, Understood
from .said import Refused, Said, blocked, contradictions, out_of_place, settled
from .scan import Found, plain, scan, standing
from .title import title_of

Wrong = list[tuple[Found, str]]
_NOWHERE = Found(0, 0, "", ())  # a problem of no words in particular


def understand(
    text: str,
    *,
    zone: str,
    now: datetime,
    people: Iterable[str] = (),
    default_time: time = time(9),
) -> Understood:
    """Take a text apart. Never raises for any text; `now` is aware, `people` are the names that "@" may call."""
    if len(text) > MAX_LENGTH:
        return Understood(
            " ".join(text.split()), problems=(_("Use %(most)d characters at most.") % {"most": MAX_LENGTH},)
        )
    found = settled(find(text, list(people)))
    unclear = found.all(Unclear)
    said = Said(tuple(each for each in found.found if not each.of(Unclear)))
    schedule, refused = None, contradictions(text, said)
    if not refused:
        schedule, refused = _schedule(said, unclear, Context(zone, now, default_time, english.CODE))
    refused += [(each, _problem(text, each, fact)) for each in found.found for fact in each.of(Unclear)]
    return _understood(text, found, schedule, refused)


def _kind(found: Found, schedule: Schedule | None) -> str:
    """ "First Monday of March" repeats only where more says so."""
    once = schedule and not schedule.repeats and found.of(Within)
    return "date" if once else found.kind


def _problem(text: str, found: Found, unclear: Unclear) -> str:
    return unclear.problem.replace("%(words)s", text[found.start : found.end].strip(" ,"))


def _understood(text: str, said: Said, schedule: Schedule | None, refused: Wrong) -> Understood:
    wrong = {each for each, _problem in refused}
    used = [each for each in said.found if each not in wrong]
    links = english.OPENING_LINKS if said.has(Opening) else ()
    people = [fact.name for each in used for fact in each.of(Person)]
    kinds = [(each, "unknown" if each in wrong else _kind(each, schedule)) for each in said.found]
    leads = {delay for each in used for fact in each.of(Lead) for delay in fact.delays}
    return Understood(
        title=title_of(text, plain(text), used, links),
        schedule=schedule,
        people=tuple(dict.fromkeys(people)),
        lead_times=tuple(sorted(leads, reverse=True)),
        parts=tuple(Part(each.start, each.end, kind, text[each.start : each.end]) for each, kind in kinds),
        problems=tuple(dict.fromkeys(problem for _each, problem in sorted(refused, key=lambda pair: pair[0].start))),
    )


def warm() -> None:
    """Load what the first sentence would otherwise wait for, half a second: dateparser's data, the names of zones."""
    dates.warm(english.CODE)
    zones.cities()


def find(text: str, names: Sequence[str]) -> list[Found]:
    """The phrases of a text, from left to right."""
    letters = plain(text)
    taken = _clear_of([], machine.notations(letters))
    taken += _clear_of(taken, mentions.of_names(text, letters, names, english.PERSON_LINKS))
    taken += _clear_of(taken, zones.of_cities(letters, english.CITY_TIME))
    found = [*taken, *scan(letters, [*english.PHRASES, zones.NAMED], taken)]
    found = standing(letters, found)
    found += scan(letters, english.FALLBACKS, found)
    return sorted(found, key=lambda each: each.start)


def _clear_of(taken: Sequence[Found], others: Iterable[Found]) -> list[Found]:
    clear: list[Found] = []
    for other in others:
        if all(other.end <= each.start or each.end <= other.start for each in [*taken, *clear]):
            clear.append(other)
    return clear


def _schedule(said: Said, unclear: Sequence[Unclear], context: Context) -> tuple[Schedule | None, Wrong]:
    kinds = out_of_place(said)
    stray = [each for each in said.found if any(each.of(kind) for kind in kinds)]
    refused: Wrong = [(each, _("Say how it repeats, or on which day it is.")) for each in stray]
    if blocked(said, unclear) or (stray and not said.says_a_day):
        return None, refused
    try:
        return schedule_of(said, context), refused
    except Refused as error:
        at_fault = [each for each in said.found if any(each.of(kind) for kind in error.kinds)]
        problem = str(error)
        return None, refused + [(each, problem) for each in at_fault] or [(_NOWHERE, problem)]
    except ScheduleError as error:
        return None, [*refused, (_NOWHERE, str(error))]
