"""When a reminder comes due: pure calendar arithmetic, no database, no clock.

A `Schedule` is a set of local date-times (slots) in one zone. `next_after`, `between` and `previous` find slots,
`resolve` turns a slot into the instant it stands for, `describe` says a schedule in words, `check` refuses what cannot
be meant.
"""

from .model import MonthEnd, Schedule, ScheduleError, Slot
from .occur import between, next_after, previous, yields
from .repeats import Repeat, repeat_of, rule_for
from .resolve import Oddity, oddity, resolve
from .validate import check
from .words import describe

__all__ = [
    "MonthEnd",
    "Oddity",
    "Repeat",
    "Schedule",
    "ScheduleError",
    "Slot",
    "between",
    "check",
    "describe",
    "next_after",
    "oddity",
    "previous",
    "repeat_of",
    "resolve",
    "rule_for",
    "yields",
]
