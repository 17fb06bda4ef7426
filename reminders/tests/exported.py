"""Schedules that exports must carry over, and readers of what was exported."""

from collections import defaultdict
from datetime import date, datetime, time, timezone
from typing import Any

import recurring_ical_events
from django.test import Client
from icalendar import Calendar

from reminders.schedule import DayOff, MonthEnd, Schedule, WorkCalendar, between
from teams.models import Team

UTC = timezone.utc
ZONES = ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "UTC"]
YEAR = datetime(2027, 1, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC)
WEEKDAYS = {"MO": 0, "TU": 1, "WE": 2, "TH": 3, "FR": 4, "SA": 5, "SU": 6}

NINE = (time(9),)
START = date(2026, 11, 2)  # a Monday
# Name, and what it has beside its zone. Some are due in the hours that clocks skip or repeat.
SCHEDULES: dict[str, dict[str, Any]] = {
    "once": {"start": date(2027, 3, 28), "times": NINE},
    "once, at three times": {"start": date(2027, 10, 31), "times": (time(1, 30), time(2, 30), time(12))},
    "every day": {"times": NINE, "rule": "FREQ=DAILY"},
    "every night in the hour that clocks change": {"times": (time(2, 30),), "rule": "FREQ=DAILY"},
    "every night, half an hour before": {"times": (time(1, 45),), "rule": "FREQ=DAILY"},
    "at midnight": {"times": (time(),), "rule": "FREQ=DAILY"},
    "several times a day": {"times": (time(9), time(13, 15), time(17, 30)), "rule": "FREQ=WEEKLY;BYDAY=MO,WE,FR"},
    "every other week, begun in the middle": {
        "start": date(2026, 11, 4), "times": NINE, "rule": "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO"},
    "weeks that begin on Sunday": {"times": NINE, "rule": "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,MO;WKST=SU"},
    "weekly, on the day of the start": {"times": NINE, "rule": "FREQ=WEEKLY"},
    "the last weekday of the month": {"times": NINE, "rule": "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1"},
    "the 31st, or the last": {"start": date(2026, 10, 31), "times": NINE, "rule": "FREQ=MONTHLY"},
    "the 30th, or the last": {"times": NINE, "rule": "FREQ=MONTHLY;BYMONTHDAY=30"},
    "the 31st, where there is one": {"times": NINE, "rule": "FREQ=MONTHLY;BYMONTHDAY=31", "month_end": MonthEnd.SKIP},
    "29 February, or the 28th": {"times": NINE, "rule": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29"},
    "the 15th and the 31st, or the last": {"times": NINE, "rule": "FREQ=MONTHLY;BYMONTHDAY=15,31"},
    "until a day": {"times": (time(9), time(21)), "rule": "FREQ=DAILY", "until": date(2027, 3, 28)},
    "until a time of a day": {
        "times": (time(2, 30), time(3, 10), time(9)), "rule": "FREQ=DAILY", "until": date(2027, 3, 28),
        "last": datetime(2027, 3, 28, 2, 30)},
    "ended before": {"times": NINE, "rule": "FREQ=DAILY", "until": date(2026, 11, 10)},
    "a number of times": {"times": (time(9), time(12)), "rule": "FREQ=WEEKLY;BYDAY=TU", "count": 35},
    "with some left out and moved": {
        "times": (time(9), time(17)), "rule": "FREQ=DAILY", "skipped": frozenset({datetime(2027, 3, 28, 9)}),
        "moved": ((datetime(2027, 3, 14, 9), datetime(2027, 3, 15, 11)),
                  (datetime(2027, 10, 31, 17), datetime(2027, 11, 3, 1, 30)))},
    "cron that a rule can say": {"cron": "30 2,9 * * MON-FRI"},
    "cron on the last day": {"cron": "0 6 L * *"},
    "cron that no rule can say": {"cron": "0 6 1,15 * FRI"},
    "moved off days off": {"times": NINE, "rule": "FREQ=MONTHLY;BYMONTHDAY=1", "day_off": DayOff.NEXT},
    "moved ahead of days off": {"times": NINE, "rule": "FREQ=MONTHLY;BYMONTHDAY=1", "day_off": DayOff.PREVIOUS},
    "except on holidays": {"times": (time(9),), "rule": "FREQ=WEEKLY;BYDAY=MO,TH", "day_off": DayOff.SKIP},
}  # fmt: skip
# Those that become an event for each date.
WITHOUT_A_RULE = {
    "the 15th and the 31st, or the last", "cron that no rule can say",
    "moved off days off", "moved ahead of days off", "except on holidays",
}  # fmt: skip


def schedule_of(name: str, zone: str) -> Schedule:
    return Schedule(**{"zone": zone, "start": START} | SCHEDULES[name])


def downloaded(client: Client, team: Team, ending: str) -> bytes:
    answer = client.get(f"/teams/{team.uuid}/export/reminders.{ending}")
    assert answer.status_code == 200
    return answer.getvalue()


def instants_in(calendar: bytes) -> dict[str, list[datetime]]:
    """When others have each reminder come due within the year, each instant once, by its uuid."""
    found = defaultdict(set)
    for event in recurring_ical_events.of(Calendar.from_ical(calendar)).between(*YEAR):
        found[event["UID"][:36]].add(event["DTSTART"].dt.astimezone(UTC))
    return defaultdict(list, {uuid: sorted(filter(_of_the_year, instants)) for uuid, instants in found.items()})


def instants_of(schedule: Schedule) -> list[datetime]:
    """When it comes due within the year."""
    return [slot.at for slot in between(schedule, *YEAR) if _of_the_year(slot.at)]


def _of_the_year(at: datetime) -> bool:
    return YEAR[0] < at < YEAR[1]


def rebuilt(document: dict[str, Any], reminder: dict[str, Any]) -> Schedule:
    """The schedule that a record stands for, made from nothing but the document."""
    kept, team = reminder["schedule"], document["team"]
    ends, working = kept["ends"], frozenset(WEEKDAYS[day] for day in team["working_days"])
    calendar = WorkCalendar(
        frozenset(range(7)) if kept["holidays_only"] else working,
        team["country"] or "",
        team["region"] or "",
        frozenset(map(date.fromisoformat, team["days_off"])),
        lands_on=working,
    )
    return Schedule(
        zone=kept["zone"],
        start=date.fromisoformat(kept["start"]),
        times=tuple(map(time.fromisoformat, kept["times"])),
        rule=kept["rule"] or "",
        cron=kept["cron"] or "",
        until=date.fromisoformat(ends["until"]) if ends["until"] else None,
        count=ends["count"],
        last=on_the_wall(ends["last"]) if ends["last"] else None,
        month_end=MonthEnd(kept["month_end"]),
        day_off=DayOff(kept["day_off"]),
        calendar=calendar if kept["day_off"] != "stay" else WorkCalendar(),
        skipped=frozenset(map(on_the_wall, kept["skipped"])),
        moved=tuple(sorted((on_the_wall(each["slot"]), on_the_wall(each["to"])) for each in kept["moved"])),
    )


def on_the_wall(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=None)
