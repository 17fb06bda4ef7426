"""The same answers in the dumbest way: every day is looked at, every local time, every instant nearby.

Shares nothing with reminders.schedule but the `Schedule` itself, and the package that knows holidays.
"""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta, timezone
from functools import lru_cache
from itertools import groupby
from zoneinfo import ZoneInfo

from holidays import country_holidays

from reminders.schedule import DayOff, MonthEnd, Schedule

DAY = timedelta(days=1)
NAMES = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
CRON_DAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"]
CRON_MONTHS = ["", *["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]]


def all_slots(schedule: Schedule, last: date) -> list[tuple[datetime, datetime]]:
    """(instant, local) of every slot of the days until `last`, in order, one for each instant."""
    moved = dict(schedule.moved)
    found: dict[datetime, datetime] = {}
    for local in locals_until(schedule, last):
        if local in moved:
            instant = instant_of(moved[local], schedule.zone)
        elif local in schedule.skipped or (day := _worked(schedule, local.date())) is None:
            continue
        else:
            instant = instant_of(datetime.combine(day, local.time()), schedule.zone)
        found[instant] = min(local, found.get(instant, local))
    return sorted(found.items())


def locals_until(schedule: Schedule, last: date) -> list[datetime]:
    """Every local date-time that the schedule has, whatever becomes of it."""
    if schedule.cron:
        minute_field, hour_field, *_days_of = schedule.cron.split()
        minutes, hours = sorted(_field(minute_field, 0, 59)), sorted(_field(hour_field, 0, 23))
        times = [time(hour, minute) for hour in hours for minute in minutes]
    else:
        times = sorted(schedule.times)
    last = min(last, schedule.until or last)
    found = [datetime.combine(day, at) for day in _days(schedule, last) for at in times]
    return found[: schedule.count] if schedule.count else found


@lru_cache(maxsize=100_000)
def instant_of(local: datetime, zone: str) -> datetime:
    """The first instant at which clocks there show this; where none does, as if they had not been changed yet."""
    there = ZoneInfo(zone)
    about = local.replace(tzinfo=timezone.utc)
    before, behind = (edge.astimezone(there).utcoffset() for edge in (about - DAY * 2, about + DAY * 2))
    if before == behind:
        return about - before
    nearby = [about + timedelta(minutes=15 * n) for n in range(-48 * 4, 48 * 4)]
    offsets = {instant.astimezone(there).utcoffset() for instant in nearby}
    shown = [about - offset for offset in offsets if _shown(about - offset, there) == local]
    if shown:
        return min(shown)
    earlier = max(instant for instant in nearby if _shown(instant, there) < local)
    return about - earlier.astimezone(there).utcoffset()


def _shown(instant: datetime, there: ZoneInfo) -> datetime:
    return instant.astimezone(there).replace(tzinfo=None, fold=0)


def _worked(schedule: Schedule, day: date) -> date | None:
    """Where the day goes; None where it is skipped."""
    if schedule.day_off == DayOff.STAY or _works(schedule, day):
        return day
    if schedule.day_off == DayOff.SKIP:
        return None
    step = DAY if schedule.day_off == DayOff.NEXT else -DAY
    return next((day + step * n for n in range(1, 32) if _works(schedule, day + step * n)), day)


def _works(schedule: Schedule, day: date) -> bool:
    team = schedule.calendar
    if team.country and day in country_holidays(team.country, subdiv=team.region or None, years=day.year):
        return False
    return day.weekday() in team.weekdays and day not in team.days_off


def _days(schedule: Schedule, last: date) -> Iterator[date]:
    if schedule.cron:
        days = _every_day(schedule.start, last)
        return (day for day in days if _cron_matches(schedule.cron, day))
    if schedule.rule:
        return _rule_days(schedule, last)
    return iter([schedule.start])


def _every_day(first: date, last: date) -> Iterator[date]:
    return (first + DAY * n for n in range((last - first).days + 1))


# RRULE


def _rule_days(schedule: Schedule, last: date) -> Iterator[date]:
    """Days grouped by period, also those of the first period that lie before the start; from each the positions."""
    parts = _anchored(dict(part.split("=") for part in schedule.rule.split(";")), schedule.start)
    interval, positions = int(parts.get("INTERVAL", 1)), _ints(parts.get("BYSETPOS", ""))
    first = schedule.start - DAY * 370
    fitting = (day for day in _every_day(first, last + DAY * 370) if _matches(parts, day, schedule.month_end))
    origin = _period(parts, schedule.start)
    for period, days in groupby(fitting, key=lambda day: _period(parts, day)):
        if (period - origin) % interval:
            continue
        chosen = list(days)
        if positions:
            chosen = [day for n, day in enumerate(chosen) if n + 1 in positions or n - len(chosen) in positions]
        yield from (day for day in chosen if schedule.start <= day <= last)


def _anchored(parts: dict[str, str], start: date) -> dict[str, str]:
    freq = parts["FREQ"]
    if freq == "DAILY" or {"BYDAY", "BYMONTHDAY", "BYYEARDAY"} & set(parts):
        return parts
    if freq == "WEEKLY" or "BYWEEKNO" in parts:
        return parts | {"BYDAY": NAMES[start.weekday()]}
    if freq == "YEARLY" and "BYMONTH" not in parts:
        parts = parts | {"BYMONTH": str(start.month)}
    return parts | {"BYMONTHDAY": str(start.day)}


def _period(parts: dict[str, str], day: date) -> int:
    match parts["FREQ"]:
        case "DAILY":
            return day.toordinal()
        case "WEEKLY":
            return _week_begin(day, parts).toordinal() // 7
        case "MONTHLY":
            return day.year * 12 + day.month
        case _:
            return day.year


def _week_begin(day: date, parts: dict[str, str]) -> date:
    while NAMES[day.weekday()] != parts.get("WKST", "MO"):
        day -= DAY
    return day


def _matches(parts: dict[str, str], day: date, month_end: MonthEnd) -> bool:
    length, days_of_year = monthrange(day.year, day.month)[1], date(day.year, 12, 31).timetuple().tm_yday
    if "BYMONTH" in parts and day.month not in _ints(parts["BYMONTH"]):
        return False
    if "BYMONTHDAY" in parts:
        wanted = _ints(parts["BYMONTHDAY"])
        clamped = month_end == MonthEnd.LAST and day.day == length and max(wanted) > length
        if not ({day.day, day.day - length - 1} & wanted or clamped):
            return False
    if "BYYEARDAY" in parts:
        n = day.timetuple().tm_yday
        if not {n, n - days_of_year - 1} & _ints(parts["BYYEARDAY"]):
            return False
    if "BYWEEKNO" in parts and not _week_numbers(day, parts) & _ints(parts["BYWEEKNO"]):
        return False
    return "BYDAY" not in parts or any(_is_weekday(word, parts, day) for word in parts["BYDAY"].split(","))


def _week_numbers(day: date, parts: dict[str, str]) -> set[int]:
    """From the beginning and from the end of the year that its week belongs to; 4 January is always in week 1."""
    begun = _week_begin(day, parts)
    for year in (day.year - 1, day.year, day.year + 1):
        first, following = (_week_begin(date(y, 1, 4), parts) for y in (year, year + 1))
        if first <= begun < following:
            return {(begun - first).days // 7 + 1, -((following - begun).days // 7)}
    raise AssertionError(day)


def _is_weekday(word: str, parts: dict[str, str], day: date) -> bool:
    if NAMES[day.weekday()] != word[-2:]:
        return False
    if len(word) == 2:
        return True
    of_month = parts["FREQ"] == "MONTHLY" or "BYMONTH" in parts

    def same(other: date) -> bool:
        return other.year == day.year and (other.month == day.month or not of_month)

    n = int(word[:-2])
    step = DAY * 7 if n < 0 else -DAY * 7
    return same(day + step * (abs(n) - 1)) and not same(day + step * abs(n))


@lru_cache
def _ints(text: str) -> frozenset[int]:
    return frozenset(int(word) for word in text.split(",") if word)


# Cron


@lru_cache(maxsize=100_000)
def _cron_matches(expression: str, day: date) -> bool:
    _minute, _hour, of_month, month, of_week = expression.split()
    if day.month not in _field(month, 1, 12, CRON_MONTHS):
        return False
    on_day = any(_is_month_day(term, day) for term in of_month.split(","))
    on_weekday = any(_is_cron_weekday(term, day) for term in of_week.split(","))
    if of_month.startswith("*") or of_week.startswith("*"):
        return on_day and on_weekday
    return on_day or on_weekday


def _is_month_day(term: str, day: date) -> bool:
    length = monthrange(day.year, day.month)[1]
    if term == "L":
        return day.day == length
    if term == "LW":
        weekdays = [n for n in range(1, length + 1) if date(day.year, day.month, n).weekday() < 5]
        return day.day == weekdays[-1]
    return day.day in _field(term, 1, 31)


def _is_cron_weekday(term: str, day: date) -> bool:
    weekday = day.isoweekday() % 7
    if "#" in term:
        name, nth = term.split("#")
        return weekday in _sundays_twice(name) and (day.day - 1) // 7 + 1 == int(nth)
    if term.endswith("L"):
        return weekday in _sundays_twice(term[:-1]) and (day + DAY * 7).month != day.month
    return weekday in _sundays_twice(term)


def _sundays_twice(term: str) -> set[int]:
    return {n % 7 for n in _field(term, 0, 7, CRON_DAYS)}


def _field(text: str, low: int, high: int, names: list[str] | None = None) -> frozenset[int]:
    """The numbers of terms such as *, 5, MON, 1-5, */10, 5/10, 1-9/2."""
    found: set[int] = set()
    for term in text.split(","):
        span, _slash, step = term.partition("/")
        first, _dash, last = (str(low), "-", str(high)) if span == "*" else span.partition("-")
        numbers = [names.index(each) if names and each in names else int(each) for each in (first, last) if each]
        end = numbers[1] if len(numbers) > 1 else high if step else numbers[0]
        found |= {n for n in range(numbers[0], end + 1) if (n - numbers[0]) % int(step or 1) == 0}
    return frozenset(found)
