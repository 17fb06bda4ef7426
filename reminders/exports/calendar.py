"""A team's reminders as an iCalendar file (RFC 5545) that can be imported elsewhere."""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfoNotFoundError

from django.db.models import Count, Min, Q
from django.utils.translation import gettext as _
from icalendar import Calendar, Journal

from reminders.links import reminder_url
from reminders.models import Reminder
from reminders.schedule import DayOff
from teamreminders.text import one_line, plain_lines
from teams.models import Team

from .events import HORIZON, Events
from .records import why_unreadable
from .team import reminders_of
from .zones import vtimezone

if TYPE_CHECKING:
    from accounts.models import User

END = b"END:VCALENDAR\r\n"
# Dates that are written out one by one: of one reminder, and about so many of all together.
MOST_DATES, MOST_TOGETHER = 400, 10_000
EARLIEST_YEAR = 1970


def as_calendar(team: Team, person: "User", now: datetime) -> Iterator[bytes]:
    """The file in pieces. Two queries, however many reminders there are."""
    visible = Reminder.objects.visible_to(person).filter(team=team)
    without_a_rule = Count("pk", filter=~Q(day_off=DayOff.STAY) | ~Q(cron=""))
    zones = list(visible.values("zone").order_by("zone").annotate(first=Min("start"), irregular=without_a_rule))
    most = most_dates(sum(zone["irregular"] for zone in zones))
    yield _head(team, now, most)
    for zone in zones:
        yield _zone(zone["zone"], zone["first"].year - 1, now)
    for reminder in reminders_of(team, person):
        yield _events(reminder, now, most)
    yield END


def most_dates(irregular: int) -> int:
    """How many dates each of so many reminders may have."""
    return max(min(MOST_DATES, MOST_TOGETHER // max(irregular, 1)), 2)


def _head(team: Team, now: datetime, most: int) -> bytes:
    calendar = Calendar()
    calendar.add("PRODID", "-//Team Reminders//team-reminders/1//EN")
    calendar.add("VERSION", "2.0")
    calendar.add("METHOD", "PUBLISH")
    calendar.add("X-WR-CALNAME", one_line(team.name))
    horizon = {"day": f"{now + HORIZON:%Y-%m-%d}", "most": most}
    words = _("Dates that no rule of a calendar can say are written out until %(day)s, %(most)d a reminder at most.")
    calendar.add("X-WR-CALDESC", words % horizon)
    return calendar.to_ical().removesuffix(END)


def _zone(zone: str, first: int, now: datetime) -> bytes:
    """Nothing for UTC, which needs none, and for a zone that nobody knows (any more): its reminders say so."""
    try:
        return b"" if zone == "UTC" else vtimezone(zone, max(first, EARLIEST_YEAR), now.year)
    except (ZoneInfoNotFoundError, ValueError):
        return b""


def _events(reminder: Reminder, now: datetime, most: int) -> bytes:
    try:
        return b"".join(Events(reminder, now, most))
    except (ValueError, ZoneInfoNotFoundError) as error:
        return _unreadable(reminder, now, why_unreadable(error)).to_ical()


def _unreadable(reminder: Reminder, now: datetime, why: str) -> Journal:
    """A note in its place, so that nobody takes the file for complete."""
    note = Journal()
    note.add("UID", f"{reminder.uuid}-unreadable")
    note.add("DTSTAMP", now)
    note.add("SUMMARY", _("Not in this calendar: %(title)s") % {"title": one_line(reminder.title)})
    note.add("DESCRIPTION", plain_lines(why))
    note.add("URL", reminder_url(reminder))
    return note
