"""Until when something may be put off: pure, on the person's clock."""

from datetime import datetime, time, timedelta
from enum import Enum
from zoneinfo import ZoneInfo

from .schedule import WorkCalendar, resolve
from .schedule.resolve import local_of

LONGEST = timedelta(days=30)
MORNING = time(9)


class Snooze(str, Enum):
    """What the menu offers beside a time of one's own."""

    HOUR = "hour"
    TOMORROW = "tomorrow"
    WORKDAY = "workday"


def snoozed_until(snooze: Snooze, now: datetime, zone: ZoneInfo, calendar: WorkCalendar) -> datetime:
    """An hour on, or nine in the morning of tomorrow or of the next day that the team works."""
    if snooze == Snooze.HOUR:
        return now.replace(second=0, microsecond=0) + timedelta(hours=1)
    today = local_of(now, zone).date()
    working = calendar.next_working(today, 1) if snooze == Snooze.WORKDAY else None
    day = working or today + timedelta(days=1)
    return resolve(datetime.combine(day, MORNING), zone)
