"""Days by rule: the simple repeats of the form, and the dates that an RRULE yields."""

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from enum import Enum
from typing import cast

from dateutil.rrule import rrule, rrulestr

from .model import MonthEnd, Schedule, ScheduleError

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
MAX_LENGTH = 500


class Repeat(str, Enum):
    """The ways of repeating that the form offers."""

    ONCE = "once"
    DAILY = "daily"
    WEEKDAYS = "weekdays"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    YEARLY = "yearly"
    CRON = "cron"


def rule_for(repeat: Repeat, start: date, weekdays: Sequence[int] = ()) -> str:
    """The RRULE of a simple repeat; empty for once and cron.

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
    if schedule.rule == rule_for(Repeat.WEEKDAYS, schedule.start):
        return Repeat.WEEKDAYS, []
    parts = parse(schedule.rule)
    weekdays = [WEEKDAYS.index(day) for day in parts.get("BYDAY", "").split(",") if day]
    return Repeat(parts["FREQ"].lower()), weekdays


def parse(rule: str) -> dict[str, str]:
    """The parts of an RRULE. Raises ScheduleError."""
    parts = dict(part.split("=", 1) for part in rule.split(";") if "=" in part)
    if "FREQ" not in parts or not re.fullmatch(r"[A-Z]+=[A-Z0-9,+-]+(;[A-Z]+=[A-Z0-9,+-]+)*", rule):
        raise ScheduleError("This is not a rule for repeating.")
    return parts


def dates(schedule: Schedule, lower: date, upper: date) -> Iterator[date]:
    """The dates of the schedule's rule from `lower` to `upper`, computed on naive dates from its start."""
    rule = _with_month_end(schedule.rule, schedule.month_end)
    start = datetime.combine(schedule.start, time())
    anchored = cast(rrule, rrulestr(rule, dtstart=start))  # one rule is never a set
    # With an end: dateutil alone would search for a date that does not exist until the year 9999.
    end = datetime.combine(upper, time())
    for found in anchored.replace(dtstart=_moved_forward(rule, start, lower), until=end):
        if found.date() >= lower:
            yield found.date()


def _with_month_end(rule: str, month_end: MonthEnd) -> str:
    """Write "the 31st, or the last day" as RRULE: the last existing day of 28, 29, 30 and 31."""
    parts = parse(rule)
    day = parts.get("BYMONTHDAY", "")
    if month_end == MonthEnd.LAST and day.isdigit() and int(day) > 28:
        parts["BYMONTHDAY"] = ",".join(str(each) for each in range(28, int(day) + 1))
        parts["BYSETPOS"] = "-1"
    return ";".join(f"{name}={value}" for name, value in parts.items())


def _moved_forward(text: str, start: datetime, lower: date) -> datetime:
    """A later start with the same dates from `lower` on, so that an old daily or weekly rule costs what a new one does.

    Moves by whole intervals only; dateutil counts a week's interval from its Monday, and whole weeks keep the weekday.
    """
    parts = parse(text)
    days = {"DAILY": 1, "WEEKLY": 7}.get(parts["FREQ"])
    if days is None:
        return start
    interval = timedelta(days=days * int(parts.get("INTERVAL", 1)))
    passed = (datetime.combine(lower, time()) - start) // interval - 1
    return start + interval * max(passed, 0)
