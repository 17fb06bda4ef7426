"""The days of a schedule as one RRULE that every calendar understands, where there is one."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import replace

from .cron import cron_rules
from .model import DayOff, MonthEnd, Schedule
from .rule import WEEKDAYS, Rule, parse

# Days up to this one are in every month.
IN_EVERY_MONTH = 28


def plain_rule(schedule: Schedule) -> str | None:
    """The text after "RRULE:", without times and without an end; None where no single rule says these days.

    It stands by itself: nothing in it follows from the day that the schedule starts. Days off that are moved or left
    out follow a calendar that no rule knows. Raises ScheduleError for a schedule that cannot be read.
    """
    if not schedule.repeats or schedule.day_off != DayOff.STAY:
        return None
    if schedule.cron:
        rules = cron_rules(schedule.cron)
        return _text(rules[0]) if len(rules) == 1 else None
    rule = parse(schedule.rule).anchored(schedule.start)
    if schedule.month_end == MonthEnd.LAST and _may_be_missing(rule):
        return _text(clamped) if (clamped := _clamped(rule)) else None
    return _text(rule)


def _may_be_missing(rule: Rule) -> bool:
    """Whether some month that the rule looks at is shorter than one of its days."""
    months = rule.months or range(1, 13)
    return bool(rule.month_days) and rule.month_days[-1] > min(monthrange(2026, month)[1] for month in months)


def _clamped(rule: Rule) -> Rule | None:
    """ "The 30th, or the last day of a shorter month" as the last that there is of 28, 29 and 30."""
    day = rule.month_days[-1]
    if len(rule.month_days) > 1 or rule.weekdays or rule.positions or rule.year_days or rule.weeks:
        return None
    if rule.freq == "MONTHLY" or (rule.interval == 1 and rule.freq in {"DAILY", "YEARLY"}):
        rule = replace(rule, freq="MONTHLY")
    elif rule.freq == "DAILY" or len(rule.months) != 1:
        return None
    if day == 31:
        return replace(rule, month_days=(-1,))
    return replace(rule, month_days=tuple(range(IN_EVERY_MONTH, day + 1)), positions=(-1,))


def _text(rule: Rule) -> str:
    parts: dict[str, Sequence[object]] = {
        "FREQ": [rule.freq],
        "INTERVAL": [rule.interval] if rule.interval > 1 else [],
        "BYMONTH": rule.months,
        "BYWEEKNO": rule.weeks,
        "BYYEARDAY": rule.year_days,
        "BYMONTHDAY": rule.month_days,
        "BYDAY": [f"{n or ''}{WEEKDAYS[day]}" for n, day in rule.weekdays],
        "BYSETPOS": rule.positions,
        "WKST": [WEEKDAYS[rule.week_start]] if rule.week_start else [],
    }
    return ";".join(f"{name}={','.join(map(str, values))}" for name, values in parts.items() if values)
