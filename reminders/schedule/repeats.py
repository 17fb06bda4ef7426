"""The simple repeats that the form offers, as RRULEs and back."""

from collections.abc import Sequence
from datetime import date
from enum import Enum

from .model import Schedule, ScheduleError
from .rule import WEEKDAYS, Rule, parse

WORKING_WEEK = tuple((0, day) for day in range(5))


class Repeat(str, Enum):
    """The ways of repeating that the form offers; `RULE` is every other RRULE."""

    ONCE = "once"
    DAILY = "daily"
    WEEKDAYS = "weekdays"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    YEARLY = "yearly"
    RULE = "rule"
    CRON = "cron"


def rule_for(repeat: Repeat, start: date, weekdays: Sequence[int] = ()) -> str:
    """The RRULE of a simple repeat; empty for the others.

    `weekdays`: 0 is Monday; without any, weekly means the start's. Monthly and yearly mean the start's day.
    """
    match repeat:
        case Repeat.DAILY:
            return "FREQ=DAILY"
        case Repeat.WEEKDAYS:
            return "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"
        case Repeat.WEEKLY:
            days = sorted(set(weekdays)) or [start.weekday()]
            return "FREQ=WEEKLY;BYDAY=" + ",".join(WEEKDAYS[day] for day in days)
        case Repeat.MONTHLY:
            return f"FREQ=MONTHLY;BYMONTHDAY={start.day}"
        case Repeat.YEARLY:
            return f"FREQ=YEARLY;BYMONTH={start.month};BYMONTHDAY={start.day}"
        case _:
            return ""


def repeat_of(schedule: Schedule) -> tuple[Repeat, list[int]]:
    """The simple repeat that a schedule is, and its weekdays: `rule_for` read backwards."""
    if schedule.cron:
        return Repeat.CRON, []
    if not schedule.rule:
        return Repeat.ONCE, []
    try:
        rule = parse(schedule.rule).anchored(schedule.start)
    except ScheduleError:
        return Repeat.RULE, []
    if rule == Rule("WEEKLY", weekdays=WORKING_WEEK):
        return Repeat.WEEKDAYS, []
    weekdays = [day for _n, day in rule.weekdays]
    repeat = Repeat(rule.freq.lower())
    simple = rule == parse(rule_for(repeat, schedule.start, weekdays))
    if not simple:
        return Repeat.RULE, []
    return repeat, weekdays
