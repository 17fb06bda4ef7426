"""Imported rules with their exceptions, held against recurring-ical-events."""

from dataclasses import replace
from datetime import datetime, time, timezone
from typing import NamedTuple

import pytest
import recurring_ical_events
from icalendar import Calendar, Component

from reminders.schedule import Schedule, between, import_rule
from reminders.schedule.resolve import local_of
from reminders.tests.schedule_calendars import CALENDARS

UTC = timezone.utc
BEGIN, END = datetime(2019, 12, 31, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC)

DIFFERENCES = {
    # name: (the first instant that only one of the two has, whether it is ours, why)
    "UNTIL as a date where DTSTART has a time": ("2021-01-10 08:00", True, "the day counts; they read its midnight"),
    "DTSTART on a day that the rule does not have": (
        *("2021-01-05 08:00", False),
        "RFC 5545 (3.8.5.3) leaves this undefined; they add DTSTART, we keep to the rule that people were shown",
    ),
    "A calendar week without a weekday": (
        *("2021-05-19 07:00", False),
        "DTSTART's weekday (RFC 5545, 3.3.10); they take all seven days",
    ),
    "The first of Monday and Friday, begun on a Tuesday": (
        *("2021-01-05 08:00", False),
        "Monday is first, also in the week that was begun late; they add DTSTART, and count Friday as first",
    ),
    "Every Monday and the first Friday": ("2021-01-11 08:00", True, "either of the two; they want both at once"),
    "An override whose occurrence the rule does not have": (
        *("2021-03-03 08:00", False),
        "what the rule does not have cannot be moved; they show every override",
    ),
}


class Example(NamedTuple):
    name: str
    events: list[list[str]]


def _examples() -> list[Example]:
    blocks = [block.strip().splitlines() for block in CALENDARS.strip().split("\n\n")]
    return [
        Example(name, [event.splitlines() for event in "\n".join(lines).split("\n--\n")]) for name, *lines in blocks
    ]


EXAMPLES = _examples()


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_an_imported_calendar_comes_due_when_others_say(example: Example) -> None:
    calendar = _calendar(example)
    ours, theirs = _ours(calendar, example), _theirs(calendar)
    assert theirs
    differing = min(set(ours) ^ set(theirs), default=None)
    if example.name in DIFFERENCES:
        first, only_ours, why = DIFFERENCES[example.name]
        assert (differing, differing in ours) == (datetime.fromisoformat(first).replace(tzinfo=UTC), only_ours), why
    else:
        assert differing is None


def test_there_are_many_and_every_difference_is_one_of_them() -> None:
    names = {example.name for example in EXAMPLES}
    assert len(EXAMPLES) == len(names) >= 50
    assert set(DIFFERENCES) < names


def _calendar(example: Example) -> Component:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Team Reminders//tests//EN"]
    for event in example.events:
        lines += ["BEGIN:VEVENT", "UID:1", "DTSTAMP:20200101T000000Z", *event, "END:VEVENT"]
    return Calendar.from_ical("\r\n".join([*lines, "END:VCALENDAR", ""]))


def _theirs(calendar: Component) -> list[datetime]:
    found = {_instant(event["DTSTART"].dt) for event in recurring_ical_events.of(calendar).between(BEGIN, END)}
    return sorted(instant for instant in found if BEGIN < instant <= END)


def _ours(calendar: Component, example: Example) -> list[datetime]:
    series, *overrides = calendar.walk("VEVENT")
    start = series["DTSTART"].dt
    zone = str(series["DTSTART"].params.get("TZID", "UTC"))
    at = start.time() if isinstance(start, datetime) else time()
    (rule,) = [line.removeprefix("RRULE:") for line in example.events[0] if line.startswith("RRULE:")]
    schedule = Schedule(zone, start.date() if isinstance(start, datetime) else start, (at,))
    there = schedule.tzinfo

    def local(moment: datetime) -> datetime:
        return local_of(_instant(moment), there)

    left_out = series.get("EXDATE", [])
    skipped = [local(each.dt) for part in (left_out if isinstance(left_out, list) else [left_out]) for each in part.dts]
    moved = tuple((local(each["RECURRENCE-ID"].dt), local(each["DTSTART"].dt)) for each in overrides)
    schedule = replace(import_rule(rule, schedule, skipped), moved=moved)
    return [slot.at for slot in between(schedule, BEGIN, END, limit=10_000)]


def _instant(moment: datetime) -> datetime:
    if not isinstance(moment, datetime):
        moment = datetime.combine(moment, time())
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
