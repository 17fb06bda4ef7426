"""All that a text says, before it is given a meaning: what yields to what, and what contradicts what."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TypeVar

from django.utils.translation import gettext as _

from reminders.schedule import ScheduleError

from .facts import (
    After,
    Count,
    Cron,
    Day,
    DayPart,
    Endless,
    Every,
    Except,
    Fact,
    Lasting,
    Lead,
    MonthDays,
    OffDays,
    Once,
    Opening,
    Person,
    Places,
    Rrule,
    ShortMonth,
    Start,
    Step,
    Times,
    Unclear,
    Until,
    Weekdays,
    Window,
    Within,
    Zone,
)
from .scan import Found

F = TypeVar("F")
SINGLE_DAYS = (Day, After, Weekdays, MonthDays, Places)
NOTATIONS = (Cron, Rrule)
MANY = (Person, Lead, Unclear, Opening)
NEEDS_REPEAT = (Count, Endless, Lasting, Except, ShortMonth)


class Refused(ScheduleError):
    """What was said cannot be meant; `kinds` are the facts at fault."""

    def __init__(self, problem: str, *kinds: type) -> None:
        super().__init__(problem)
        self.kinds = kinds


@dataclass(frozen=True)
class Said:
    """The phrases of one text and the facts in them."""

    found: tuple[Found, ...]

    def all(self, kind: type[F]) -> list[F]:
        """Every fact of a kind, in the order of the text."""
        return [fact for each in self.found for fact in each.of(kind)]

    def one(self, kind: type[F]) -> F | None:
        """The first fact of a kind; what would contradict it is refused before."""
        return next(iter(self.all(kind)), None)

    def has(self, *kinds: type) -> bool:
        """Whether a fact of one of the kinds is said."""
        return any(isinstance(fact, kinds) for each in self.found for fact in each.facts)

    @property
    def every(self) -> Every | None:
        """How it repeats, also where only "Mondays" or "every hour" says so."""
        weekdays = self.one(Weekdays)
        if self.has(Every):
            return next((each for each in self.all(Every) if each.freq == "QUARTERLY"), self.one(Every))
        if weekdays and weekdays.repeats:
            return Every("WEEKLY")
        places = self.one(Places)
        if places and places.working and not self.has(Within):
            return Every("MONTHLY")
        if self.has(ShortMonth) and self.has(MonthDays):  # "on the 31st, or the last day" is of every month
            return Every("MONTHLY")
        return Every("DAILY") if self.has(Step) and not self.has(*SINGLE_DAYS) else None

    @property
    def repeats(self) -> bool:
        """Whether it comes due again and again, in words or in notation."""
        return bool(self.every) or self.has(*NOTATIONS)

    @property
    def says_a_day(self) -> bool:
        """Whether a day is said, or which days."""
        return self.repeats or self.has(*SINGLE_DAYS)

    @property
    def says_a_time(self) -> bool:
        """Whether the default time is not needed."""
        return self.has(Times, Step, DayPart, After, Cron)


def settled(found: Iterable[Found]) -> Said:
    """Without what belongs to the title after all."""
    every = tuple(found)
    kept = tuple(each for each in every if not (each.weak and _yields(each, every)))
    said = Said(kept)
    if said.says_a_day and not said.has(Step):  # "tomorrow from 9 to 10"
        kept = tuple(_span(each) if each.of(Window) else each for each in kept)
    needless = (*(() if said.repeats else NEEDS_REPEAT), *(() if said.has(Step) else (Window,)))
    if not said.repeats:
        kept = tuple(each for each in kept if all(fact.blocks != "end" for fact in each.of(Unclear)))
    return Said(tuple(each for each in kept if not all(isinstance(fact, needless) for fact in each.facts)))


def _span(found: Found) -> Found:
    return replace(found, facts=(Unclear(_("“%(words)s” is a span: say when it begins."), "always"),))


def _yields(weak: Found, found: tuple[Found, ...]) -> bool:
    strong = Said(tuple(each for each in found if not each.weak))
    if strong.has(*NOTATIONS):
        return True
    if weak.of(Weekdays):
        freqs = {every.freq for every in strong.all(Every)}
        return strong.has(*SINGLE_DAYS) or bool(freqs - {"WEEKLY"})
    return strong.has(Every, Step) or not _goes_with(weak.of(Every)[0], Said(found))


def _goes_with(every: Every, said: Said) -> bool:
    """Whether "weekly" and such can be meant beside the days that are said: "Monthly report on Friday" cannot."""
    weekdays = said.one(Weekdays)
    match every.freq:
        case "DAILY":
            return not said.has(*SINGLE_DAYS) or bool(weekdays and weekdays.repeats)
        case "WEEKLY":
            return not said.has(Day, After, MonthDays, Places)
        case "YEARLY":
            return not said.has(After, Weekdays)
        case _:
            return not said.has(Day, After, Weekdays)


def contradictions(text: str, said: Said) -> list[tuple[Found, str]]:
    """The phrases that say again, and differently, what another has said before."""
    wrong: list[tuple[Found, str]] = []
    before: dict[tuple[Fact, ...], Found] = {}  # of phrases that say the same, the first
    for later in said.found:
        earlier = next((each for each in before.values() if _contradict(each.facts, later.facts)), None)
        if earlier:
            words = [text[each.start : each.end].strip(" ,") for each in (later, earlier)]
            problem = _("“%(later)s” does not go with “%(earlier)s”.") % {"later": words[0], "earlier": words[1]}
            wrong.append((later, problem))
        elif not all(isinstance(fact, MANY) for fact in later.facts):
            before.setdefault(later.facts, later)
    return wrong


def _contradict(earlier: Iterable[Fact], later: Iterable[Fact]) -> bool:
    for one in earlier:
        for other in later:
            same = type(one) is type(other) and not isinstance(one, MANY)
            days = isinstance(one, SINGLE_DAYS) and isinstance(other, SINGLE_DAYS)
            if {one, other} == {Every("YEARLY"), Every("QUARTERLY")}:  # "every year on the first day of each quarter"
                continue
            if isinstance(one, OffDays) and isinstance(other, OffDays) and one.what == other.what:
                continue  # "every working day except holidays"
            noted = _noted(one, other) or _noted(other, one)
            if noted or ((same or days) and one != other):
                return True
    return False


def _noted(one: Fact, other: Fact) -> bool:
    """A notation says all of its days itself, and cron its times too; an RRULE may say its end, which is seen later."""
    said_by_cron = (Times, DayPart, Step, Every, Within, Once, Except, Rrule, *SINGLE_DAYS)
    if isinstance(one, Cron):
        return isinstance(other, said_by_cron)
    return isinstance(one, Rrule) and isinstance(other, (Every, Within, Once, Except, Step, *SINGLE_DAYS))


def blocked(said: Said, unclear: Iterable[Unclear]) -> bool:
    """Whether what is unclear is said nowhere else, so that a schedule without it would be a guess."""
    for each in unclear:
        if each.blocks in {"always", "end"}:
            return True
        if each.blocks == "repeat" and not Said(tuple(one for one in said.found if not one.weak)).says_a_day:
            return True
        if (each.blocks == "day" and not said.says_a_day) or (each.blocks == "time" and not said.says_a_time):
            return True
        if each.blocks == "zone" and not said.has(Zone):
            return True
    return False


def out_of_place(said: Said) -> list[type]:
    """A begin or an end where nothing repeats."""
    return [] if said.repeats else [kind for kind in (Start, Until) if said.has(kind)]
