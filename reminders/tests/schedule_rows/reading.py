"""Reads the rows: what a schedule, its exceptions and the questions look like in them."""

import re
from dataclasses import replace
from datetime import date, datetime, time, timedelta, timezone
from typing import NamedTuple

from reminders.schedule import DayOff, MonthEnd, Schedule, WorkCalendar, bounded, import_rule


class Row(NamedTuple):
    """`how` is "->", "<-" or ".."; None among the answers stands for "end"."""

    why: str
    schedule: Schedule
    how: str
    asked: tuple[datetime, ...]
    answers: list[datetime | None]


def rows_of(text: str) -> list[Row]:
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.strip().startswith("# ")]
    return [_row(*lines[n : n + 3]) for n in range(0, len(lines), 3)]


def _row(why: str, what: str, question: str) -> Row:
    asked, how, answers = re.fullmatch(r"(.+?) (->|<-|\.\.) (.+)", question).groups()
    instants = [asked]
    if how == "..":
        until, answers = answers.split(": ")
        instants.append(until)
    expected = [None if each == "end" else _utc(each) for each in answers.split(", ")]
    return Row(why, schedule_of(what), how, tuple(_utc(each) for each in instants), expected)


def schedule_of(text: str) -> Schedule:
    """Such as "UTC, from 2026-01-01: FREQ=DAILY at 09:00 17:00; days off next in DE/BY; skipped 2026-01-02 09:00"."""
    zone, start, rest = re.fullmatch(r"(\S+), from (\S+): (.+)", text).groups()
    days, *options = rest.split("; ")
    kind, _at, at = days.partition(" at ")
    schedule = Schedule(zone, date.fromisoformat(start), tuple(sorted(time.fromisoformat(each) for each in at.split())))
    if kind.startswith("cron "):
        schedule = replace(schedule, cron=kind.removeprefix("cron "))
    elif kind.startswith("import "):
        schedule = import_rule(kind.removeprefix("import "), schedule)
    elif kind != "once":
        schedule = replace(schedule, rule=kind)
    for option in options:
        schedule = _with(schedule, option)
    return bounded(schedule)


def _with(schedule: Schedule, option: str) -> Schedule:
    name, _space, value = option.partition(" ")
    match name:
        case "until":
            return replace(schedule, until=date.fromisoformat(value))
        case "count":
            return replace(schedule, count=int(value))
        case "month":  # month end skip
            return replace(schedule, month_end=MonthEnd(value.removeprefix("end ")))
        case "days":  # days off next in DE/BY
            off, _in, country = value.removeprefix("off ").partition(" in ")
            country, _slash, region = country.partition("/")
            return replace(
                schedule, day_off=DayOff(off), calendar=replace(schedule.calendar, country=country, region=region)
            )
        case "works":  # works 6,0,1,2,3, or works never
            days = frozenset(int(each) for each in value.split(",") if each != "never")
            return replace(schedule, calendar=replace(schedule.calendar, weekdays=days))
        case "closed":  # closed 2026-07-01 to 2026-07-31
            return replace(schedule, calendar=_closed(schedule.calendar, *value.split(" to ")))
        case "skipped":
            return replace(schedule, skipped=schedule.skipped | {datetime.fromisoformat(value)})
        case "moved":  # moved 2026-01-02 09:00 to 2026-01-03 11:00
            slot, instead = (datetime.fromisoformat(each) for each in value.split(" to "))
            return replace(schedule, moved=(*schedule.moved, (slot, instead)))
    raise ValueError(option)


def _closed(calendar: WorkCalendar, first: str, last: str = "") -> WorkCalendar:
    begun, ended = date.fromisoformat(first), date.fromisoformat(last or first)
    days = {begun + timedelta(days=n) for n in range((ended - begun).days + 1)}
    return replace(calendar, days_off=calendar.days_off | days)


def _utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=timezone.utc)
