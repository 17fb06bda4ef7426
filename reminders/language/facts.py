"""What a phrase may say, in no language: the grammar of each language ends here, `meaning` begins here.

Weekdays count from 0, Monday.
"""

from dataclasses import dataclass
from datetime import time, timedelta

from reminders.schedule import DayOff, MonthEnd

WORKING_WEEK = (0, 1, 2, 3, 4)
WEEKEND = (5, 6)
WHOLE_WEEK = (0, 1, 2, 3, 4, 5, 6)


@dataclass(frozen=True)
class Times:
    """Times of day; those of `open_ended` were said by an hour of 1 to 12, without morning or evening."""

    times: tuple[time, ...]
    open_ended: frozenset[time] = frozenset()


@dataclass(frozen=True)
class DayPart:
    """A part of the day: when it usually is, and which hours of 1 to 12 mean twelve hours later in it."""

    usual: time | None  # None: the caller's default
    late_hours: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Step:
    """Every so many minutes within a day."""

    minutes: int


@dataclass(frozen=True)
class Window:
    """Between two times of a day, both included."""

    first: time
    last: time


@dataclass(frozen=True)
class Day:
    """A date in words that dateparser knows; without a year it is the next such date."""

    words: str
    has_year: bool = True
    weekday: int | None = None  # said beside the date


@dataclass(frozen=True)
class After:
    """So long from now, to the minute."""

    delay: timedelta


@dataclass(frozen=True)
class Weekdays:
    """Weekdays, without more: the next one. `repeats`: each of them ("Mondays"); `not_today`: the next one after today;
    `next_week`: that of the week that begins next Monday."""

    days: tuple[int, ...]
    repeats: bool = False
    not_today: bool = False
    next_week: bool = False


@dataclass(frozen=True)
class MonthDays:
    """Days of a month or year by number, from its end where negative."""

    days: tuple[int, ...]


@dataclass(frozen=True)
class Places:
    """The nth of some weekdays: (1, (0,)) is the first Monday, (-1, WORKING_WEEK) the last of Monday to Friday.

    `working`: a day that is worked was asked for, so where the weekday is a holiday the neighbouring day is meant.
    """

    days: tuple[tuple[int, tuple[int, ...]], ...]
    working: bool = False


@dataclass(frozen=True)
class Within:
    """What the days are days of: "month", "quarter", "year"; of a month, which ones (1 to 12), if not of each."""

    period: str
    months: tuple[int, ...] = ()


@dataclass(frozen=True)
class Every:
    """Every `interval`th period; `freq` is one of RFC 5545's, or QUARTERLY."""

    freq: str
    interval: int = 1


@dataclass(frozen=True)
class Once:
    """Said outright that it does not repeat."""


@dataclass(frozen=True)
class Except:
    """Not on these weekdays."""

    days: tuple[int, ...]


@dataclass(frozen=True)
class OffDays:
    """What becomes of a day that is not worked; or only of a holiday, so that a weekend is a day like any other."""

    what: DayOff
    holidays_only: bool = False


@dataclass(frozen=True)
class ShortMonth:
    """What the 31st is in a shorter month."""

    what: MonthEnd


@dataclass(frozen=True)
class Start:
    """The day from which it repeats."""

    day: Day | Weekdays


@dataclass(frozen=True)
class Until:
    """The last day; within a period: its end."""

    day: Day | Weekdays | Within


@dataclass(frozen=True)
class Endless:
    """Said outright that it does not end."""


@dataclass(frozen=True)
class Lasting:
    """For so long from the start; `words` are for dateparser, counted from there."""

    words: str


@dataclass(frozen=True)
class Count:
    """How many times it comes due."""

    times: int


@dataclass(frozen=True)
class Opening:
    """ "Remind me to": says nothing that a reminder does not say by itself."""


@dataclass(frozen=True)
class Zone:
    """The zone, by its IANA name."""

    name: str


@dataclass(frozen=True)
class Person:
    """Somebody, by the name that was given to `understand`."""

    name: str


@dataclass(frozen=True)
class Lead:
    """How long before to give notice."""

    delays: tuple[timedelta, ...]


@dataclass(frozen=True)
class Cron:
    """Five fields."""

    expression: str


@dataclass(frozen=True)
class Rrule:
    """RFC 5545, with or without "RRULE:"."""

    text: str


@dataclass(frozen=True)
class Unclear:
    """Looks like a schedule, but nothing certain. "%(words)s" in the problem stands for the words in question.

    `blocks`: "time", "day", "repeat" or "zone": unless that is said elsewhere too, there is no schedule; "always":
    there is none; "end": there is none if it repeats, and else it is not unclear.
    """

    problem: str
    blocks: str = ""


Fact = (
    Times | DayPart | Step | Window | Day | After | Weekdays | MonthDays | Places | Within | Every | Once | Except
    | OffDays | ShortMonth | Start | Until | Endless | Lasting | Count | Zone | Opening | Person | Lead | Cron
    | Rrule | Unclear
)  # fmt: skip
