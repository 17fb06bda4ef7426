"""When a reminder comes due: pure calendar arithmetic, no database, no clock.

A `Schedule` is a set of local date-times (slots) in one zone. `next_after`, `between` and `previous` find slots,
`place` says where one slot goes, `resolve` turns a local time into the instant it stands for, `describe` says a
schedule in words, `check` refuses what cannot be meant, `import_rule` reads an RRULE from elsewhere.
"""

from .imports import export_rule, import_rule
from .model import DayOff, MonthEnd, Schedule, ScheduleError, Slot
from .occur import between, bounded, next_after, place, previous, slots_after, times_of_day, yields
from .repeats import Repeat, repeat_of, rule_for
from .resolve import Oddity, oddity, resolve
from .series import cut, following
from .validate import can_be_meant, check
from .words import describe
from .working import WorkCalendar

__all__ = [
    "DayOff",
    "MonthEnd",
    "Oddity",
    "Repeat",
    "Schedule",
    "ScheduleError",
    "Slot",
    "WorkCalendar",
    "between",
    "bounded",
    "can_be_meant",
    "check",
    "cut",
    "describe",
    "export_rule",
    "following",
    "import_rule",
    "next_after",
    "oddity",
    "place",
    "previous",
    "repeat_of",
    "resolve",
    "rule_for",
    "slots_after",
    "times_of_day",
    "yields",
]
