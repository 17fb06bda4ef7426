"""What the form's fields hold, as text: for a schedule that is stored, was said, or was written as a rule."""

from datetime import date
from typing import Any

from reminders.schedule import DayOff, Schedule, export_rule
from reminders.schedule.words import clock_face

from .fields import month_days_text
from .pattern import LAST, Pattern, pattern_of

Values = dict[str, Any]


def values_of(schedule: Schedule) -> Values:
    """Every field that says a part of the schedule; lists are of texts too, as a browser would send them."""
    return {
        "zone": schedule.zone,
        "start": schedule.start.isoformat(),
        "at": ", ".join(clock_face(at) for at in schedule.times),
        "recurrence": rule_text(schedule),
        "cron": schedule.cron,
        "month_end": schedule.month_end.value,
        "day_off": schedule.day_off.value,
        "holidays_only": schedule.day_off != DayOff.STAY and schedule.calendar.is_for_holidays_only,
        **pattern_values(pattern_of(schedule), schedule.start),
        **end_values(schedule),
    }


def pattern_values(pattern: Pattern, start: date) -> Values:
    """The controls; those of other ways of repeating hold what the start suggests."""
    nth = (start.day - 1) // 7 + 1
    return {
        "repeat": pattern.repeat.value,
        "interval": str(pattern.interval) if pattern.interval > 1 else "",
        "weekdays": _texts(pattern.weekdays or (start.weekday(),)),
        "months": _texts(pattern.months),
        "month_by": "place" if pattern.places else "day",
        "month_days": month_days_text(pattern.month_days),
        "places": _texts(pattern.places or (nth if nth < 5 else LAST,)),
        "place_day": pattern.place_day or str(start.weekday()),
    }


def end_values(schedule: Schedule) -> Values:
    """How it ends. `last` is the exact end, which `until` alone cannot say."""
    exact = schedule.last.isoformat() if schedule.last and schedule.until and not schedule.count else ""
    return {
        "ends": "count" if schedule.count else "date" if schedule.until else "never",
        "until": schedule.until.isoformat() if schedule.until and not schedule.count else "",
        "count": str(schedule.count or ""),
        "last": exact,
    }


def rule_text(schedule: Schedule) -> str:
    """The rule with its end, as a calendar would write it."""
    rule = export_rule(schedule)
    if not rule or schedule.count or not schedule.until:
        return rule
    return f"{rule};UNTIL={schedule.last:%Y%m%dT%H%M%S}" if schedule.last else f"{rule};UNTIL={schedule.until:%Y%m%d}"


def _texts(numbers: tuple[int, ...]) -> list[str]:
    return [str(n) for n in numbers]
