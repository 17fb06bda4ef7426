"""An RRULE from elsewhere, also with the parts that we keep apart: times of day and the end."""

import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from .model import MonthEnd, Schedule, ScheduleError
from .occur import bounded, yields
from .resolve import local_of, resolve
from .rule import parse, split

MAX_TIMES = 96
MINUTE = timedelta(minutes=1)


def import_rule(
    text: str, schedule: Schedule, skipped: Iterable[datetime] = (), *, whole_day: bool = False
) -> Schedule:
    """The schedule with the rule that `text` is; zone, start and first time are the schedule's (DTSTART).

    BYHOUR, BYMINUTE and BYSECOND become times, HOURLY becomes daily where its interval divides a day, UNTIL and COUNT
    the end. What RFC 5545 means by the 31st stays: shorter months have none. `skipped` are EXDATEs, in local time.
    `whole_day`: there is a first day but no DTSTART, so that times of that day before the schedule's own count as well.
    Raises ScheduleError for what does not fit.
    """
    parts = split(text)
    times = _times(parts, schedule.times)
    if len(times) > 1 and "BYSETPOS" in parts:
        raise ScheduleError(_("BYSETPOS with several times of day cannot be used here."))
    until, last = _end(parts.pop("UNTIL", ""), schedule)
    count = parts.pop("COUNT", "")
    if count and until:
        raise ScheduleError(_("A rule ends by COUNT or by UNTIL, not by both."))
    if count and not re.fullmatch(r"[1-9]\d{0,5}", count):
        raise ScheduleError(_("COUNT must be a whole number."))
    rule = ";".join(f"{name}={value}" for name, value in parts.items())
    parse(rule)
    imported = replace(
        schedule,
        rule=rule,
        cron="",
        times=times,
        until=until,
        last=last,
        count=None,
        month_end=MonthEnd.SKIP,
        skipped=frozenset(),
        moved=(),
    )
    early = frozenset() if whole_day else _before_the_start(imported, schedule.times)
    if count:
        imported = bounded(replace(imported, count=int(count) + len(early)))
    if early and imported.last:  # a count of which some are none: the last one's time says the same
        imported = replace(imported, count=None, until=imported.last.date())
    return replace(imported, skipped=frozenset(skipped) | early)


def _before_the_start(imported: Schedule, anchor: tuple[time, ...]) -> frozenset[datetime]:
    """What BYHOUR adds on the first day before DTSTART's own time: RFC 5545 has nothing happen then."""
    first = datetime.combine(imported.start, anchor[0] if anchor else time())
    day = [datetime.combine(imported.start, at) for at in imported.times]
    return frozenset(local for local in day if local < first and yields(imported, local))


def export_rule(schedule: Schedule) -> str:
    """The text after "RRULE:" that `import_rule` reads as this rule and count; other parts stay fields."""
    return f"{schedule.rule};COUNT={schedule.count}" if schedule.count else schedule.rule


def _times(parts: dict[str, str], anchor: tuple[time, ...]) -> tuple[time, ...]:
    """Take the parts that say times out of the rule and give the times."""
    first = anchor[0] if anchor else time()
    limited = "BYHOUR" in parts
    hours, minutes, seconds = (
        _numbers(parts.pop(name, ""), name, below, default)
        for name, below, default in (
            ("BYHOUR", 24, first.hour),
            ("BYMINUTE", 60, first.minute),
            ("BYSECOND", 60, first.second),
        )
    )
    if parts.get("FREQ") == "HOURLY":
        interval = int(parts.pop("INTERVAL", "1")) if parts.get("INTERVAL", "1").isdigit() else 0
        if not interval or 24 % interval:
            raise ScheduleError(_("FREQ=HOURLY can be used where its INTERVAL divides the 24 hours of a day."))
        parts["FREQ"] = "DAILY"
        hours = [hour for hour in (hours if limited else range(24)) if (hour - first.hour) % interval == 0]
    times = sorted(time(hour, minute, second) for hour in hours for minute in minutes for second in seconds)
    if not times:
        raise ScheduleError(_("This never comes due: no such time exists."))
    if len(times) > MAX_TIMES:
        raise ScheduleError(_("More than %(most)d times a day cannot be used here.") % {"most": MAX_TIMES})
    return tuple(times)


def _numbers(text: str, name: str, below: int, default: int) -> list[int]:
    if not text:
        return [default]
    words = text.split(",")
    if not all(re.fullmatch(r"\d{1,2}", word) and int(word) < below for word in words):
        raise ScheduleError(
            _("%(part)s must be from %(low)d to %(high)d.") % {"part": name, "low": 0, "high": below - 1}
        )
    return sorted({int(word) for word in words})


def _end(text: str, schedule: Schedule) -> tuple[date | None, datetime | None]:
    """UNTIL: a date, a local time, or an instant in UTC; the slot at that very moment still counts."""
    if not text:
        return None, None
    match = re.fullmatch(r"(\d{8})(?:T(\d{6})(Z?))?", text)
    try:
        if not match:
            raise ValueError
        if not match[2]:
            return datetime.strptime(match[1], "%Y%m%d").date(), None
        last = datetime.strptime(match[1] + match[2], "%Y%m%d%H%M%S")
    except ValueError as error:
        raise ScheduleError(_("UNTIL must be a date such as 20271231.")) from error
    if match[3]:
        with suppress(OverflowError):  # "for ever" is often written 99991231T235959Z, which has no local time
            last = _last_local(last.replace(tzinfo=timezone.utc), schedule.tzinfo)
    return last.date(), last


def _last_local(until: datetime, zone: ZoneInfo) -> datetime:
    """The last local time that comes due by then; in a repeated hour all of them do at its first pass."""
    last = local_of(until, zone)
    while resolve(last + MINUTE, zone) <= until:
        last += MINUTE
    return last
