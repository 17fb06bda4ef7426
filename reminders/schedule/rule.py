"""Days by an RRULE (RFC 5545, 3.3.10), found period by period.

Not by dateutil: it looks for a date that does not exist until the year 9999, and at every day since the start, where a
person waits for the answer. The tests hold both against each other.
"""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property, lru_cache

from django.utils.translation import gettext as _

from .model import ScheduleError

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
MAX_LENGTH = 500
MAX_INTERVAL = 1000
# Further apart is never: 29 February on a given weekday comes every 28 years, every 40 around 2100.
HORIZON = timedelta(days=366 * 41)
# The last day that is looked at: later than anybody plans, and near enough to be reached while a person waits.
FAR = date(2149, 12, 31)
DAY = timedelta(days=1)
PARTS = ("FREQ", "INTERVAL", "BYDAY", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYMONTH", "BYSETPOS", "WKST")


@dataclass(frozen=True)
class Rule:
    """The parts of an RRULE that say which days; each tuple is empty where the part is not given."""

    freq: str
    interval: int = 1
    weekdays: tuple[tuple[int, int], ...] = ()  # (n, weekday), n = 0: each one; 0 is Monday
    month_days: tuple[int, ...] = ()
    year_days: tuple[int, ...] = ()
    weeks: tuple[int, ...] = ()
    months: tuple[int, ...] = ()
    positions: tuple[int, ...] = ()
    week_start: int = 0

    @cached_property
    def numbers(self) -> dict[int, set[int]]:
        """Which ones of each weekday; 0 means each."""
        found: dict[int, set[int]] = {}
        for n, day in self.weekdays:
            found.setdefault(day, set()).add(n)
        return found

    def anchored(self, start: date) -> "Rule":
        """With what the start implies: a weekly rule without days means the start's weekday, and so on."""
        if self.weekdays or self.month_days or self.year_days or self.freq == "DAILY":
            return self
        if self.freq == "WEEKLY" or self.weeks:
            return replace(self, weekdays=((0, start.weekday()),))
        months = self.months or ((start.month,) if self.freq == "YEARLY" else ())
        return replace(self, months=months, month_days=(start.day,))


@lru_cache(maxsize=4096)
def parse(text: str) -> Rule:
    """Read the text after "RRULE:". Raises ScheduleError for what RFC 5545 does not allow or we do not know."""
    parts = split(text)
    unknown = set(parts) - set(PARTS)
    if unknown:
        raise ScheduleError(_("%(parts)s cannot be used in a rule here.") % {"parts": ", ".join(sorted(unknown))})
    freq = parts.get("FREQ", "")
    if freq not in FREQUENCIES:
        raise ScheduleError(_("FREQ must be DAILY, WEEKLY, MONTHLY or YEARLY."))
    rule = Rule(
        freq=freq,
        interval=_numbers(parts, "INTERVAL", 1, MAX_INTERVAL)[0] if "INTERVAL" in parts else 1,
        weekdays=_weekdays(parts.get("BYDAY", "")),
        month_days=_numbers(parts, "BYMONTHDAY", -31, 31),
        year_days=_numbers(parts, "BYYEARDAY", -366, 366),
        weeks=_numbers(parts, "BYWEEKNO", -53, 53),
        months=_numbers(parts, "BYMONTH", 1, 12),
        positions=_numbers(parts, "BYSETPOS", -366, 366),
        week_start=WEEKDAYS.index(_one_of(parts, "WKST")),
    )
    _check_together(rule)
    return rule


def split(text: str) -> dict[str, str]:
    """The parts by name, in capitals. Raises ScheduleError."""
    text = text.strip().upper().removeprefix("RRULE:").removesuffix(";")
    if len(text) > MAX_LENGTH:
        raise ScheduleError(_("Use 500 characters at most."))
    if not re.fullmatch(r"[A-Z]+=[A-Z0-9,+-]+(;[A-Z]+=[A-Z0-9,+-]+)*", text):
        raise ScheduleError(_("This is not a rule for repeating, such as FREQ=WEEKLY;BYDAY=MO,FR."))
    pairs = [part.split("=", 1) for part in text.split(";")]
    if len({name for name, _value in pairs}) < len(pairs):
        raise ScheduleError(_("A part of the rule is given twice."))
    return dict(pairs)


def _one_of(parts: dict[str, str], name: str) -> str:
    value = parts.get(name, "MO")
    if value not in WEEKDAYS:
        raise ScheduleError(_("%(part)s must be one of %(values)s.") % {"part": name, "values": ", ".join(WEEKDAYS)})
    return value


def _numbers(parts: dict[str, str], name: str, lowest: int, highest: int) -> tuple[int, ...]:
    """The numbers of a list, sorted; 0 is never among them."""
    if name not in parts:
        return ()
    words = parts[name].split(",")
    if not all(re.fullmatch(r"[+-]?\d{1,4}", word) for word in words):
        raise ScheduleError(_("%(part)s must be whole numbers with commas between.") % {"part": name})
    numbers = sorted({int(word) for word in words})
    if 0 in numbers or numbers[0] < lowest or numbers[-1] > highest:
        raise ScheduleError(
            _("%(part)s must be from %(low)d to %(high)d.") % {"part": name, "low": max(lowest, 1), "high": highest}
        )
    return tuple(numbers)


def _weekdays(text: str) -> tuple[tuple[int, int], ...]:
    found = set()
    for word in filter(None, text.split(",")):
        match = re.fullmatch(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)", word)
        if not match or abs(int(match[1] or 1)) not in range(1, 54):
            raise ScheduleError(_("BYDAY must be days such as MO, 1MO (the first) or -1FR (the last)."))
        found.add((int(match[1] or 0), WEEKDAYS.index(match[2])))
    return tuple(sorted(found, key=lambda each: (each[1], each[0])))


def _check_together(rule: Rule) -> None:
    """The combinations that RFC 5545 forbids."""
    if any(n for n, _day in rule.weekdays) and (rule.freq not in {"MONTHLY", "YEARLY"} or rule.weeks):
        raise ScheduleError(_("A numbered day such as 1MO needs FREQ=MONTHLY or FREQ=YEARLY without BYWEEKNO."))
    if rule.weeks and rule.freq != "YEARLY":
        raise ScheduleError(_("BYWEEKNO needs FREQ=YEARLY."))
    if rule.year_days and rule.freq != "YEARLY":
        raise ScheduleError(_("BYYEARDAY needs FREQ=YEARLY."))
    if rule.month_days and rule.freq == "WEEKLY":
        raise ScheduleError(_("BYMONTHDAY does not go with FREQ=WEEKLY."))
    others = rule.weekdays or rule.month_days or rule.year_days or rule.weeks or rule.months
    longest = {"DAILY": 1, "WEEKLY": len(rule.weekdays) or 1, "MONTHLY": 31, "YEARLY": 366}[rule.freq]
    if any(abs(n) > longest for n in rule.positions):
        raise ScheduleError(_("BYSETPOS must be from %(low)d to %(high)d.") % {"low": 1, "high": longest})
    if rule.positions and not others:
        raise ScheduleError(_("BYSETPOS needs another part to choose from, such as BYDAY."))


def dates(rule: Rule, start: date, lower: date, upper: date, *, clamp: bool) -> Iterator[date]:
    """The dates of a rule that began at `start`, from `lower` to `upper`, both included.

    Goes straight to the period of `lower`, so an old rule costs what a new one does, and gives up after HORIZON without
    any (as many periods of a longer interval). `clamp`: a day that the month does not have (29 to 31) means its last.
    """
    rule, lower, upper = rule.anchored(start), max(lower, start), min(upper, FAR)
    patience = HORIZON * (rule.interval if rule.freq in {"MONTHLY", "YEARLY"} else 1)
    found = lower
    if lower > upper:
        return
    if rule.freq == "DAILY" and rule.interval == 1:  # the same days, and a month without any is passed at once
        rule = replace(rule, freq="MONTHLY", positions=())
    for end, days in _periods(rule, start, lower, clamp):
        fitting = [day for day in days if _fits(rule, day)]
        if rule.positions:
            fitting = _at_positions(fitting, rule.positions)
        for day in fitting:
            if lower <= day <= upper:
                found = day
                yield day
        if end >= upper or end - found > patience:
            return


def _periods(rule: Rule, start: date, lower: date, clamp: bool) -> Iterator[tuple[date, list[date]]]:
    """Each period from that of `lower` on, every `interval`th counted from the start's: its last day, and its days that
    BYMONTH and BYMONTHDAY leave."""
    step = rule.interval
    match rule.freq:
        case "DAILY":
            day = _in_step(start, lower, step)
            while True:
                yield day, _left(rule, [day], clamp)
                day += DAY * step
                if rule.months and day.month not in rule.months:
                    day = _in_step(day, (day.replace(day=1) + DAY * 32).replace(day=1), step)
        case "WEEKLY":
            first = start - DAY * ((start.weekday() - rule.week_start) % 7)
            first += DAY * 7 * ((lower - first).days // 7 // step * step)
            in_week = sorted((day - rule.week_start) % 7 for _n, day in rule.weekdays)
            while True:
                yield first + DAY * 6, _left(rule, [first + DAY * n for n in in_week], clamp)
                first += DAY * 7 * step
        case "MONTHLY":
            begun = start.year * 12 + start.month - 1
            index = begun + (lower.year * 12 + lower.month - 1 - begun) // step * step
            while True:
                year, month = index // 12, index % 12 + 1
                yield date(year, month, monthrange(year, month)[1]), _days_of_month(rule, year, month, clamp)
                index += step
        case _:
            year = start.year + (lower.year - start.year) // step * step
            while True:
                yield date(year, 12, 31), _days_of_year(rule, year, clamp)
                year += step


def _in_step(start: date, lower: date, step: int) -> date:
    """The first day from `lower` on that is a multiple of `step` days after `start`."""
    return start + DAY * (-(-(lower - start).days // step) * step)


def _left(rule: Rule, days: list[date], clamp: bool) -> list[date]:
    return [
        day
        for day in days
        if (not rule.months or day.month in rule.months)
        and (not rule.month_days or day in _days_of_month(rule, day.year, day.month, clamp))
    ]


def _days_of_year(rule: Rule, year: int, clamp: bool) -> list[date]:
    if rule.year_days:
        length = _length_of_year(year)
        places = {n if n > 0 else length + 1 + n for n in rule.year_days if abs(n) <= length}
        return _left(rule, [date(year, 1, 1) + DAY * (place - 1) for place in sorted(places)], clamp)
    return [day for month in rule.months or range(1, 13) for day in _days_of_month(rule, year, month, clamp)]


def _days_of_month(rule: Rule, year: int, month: int, clamp: bool) -> list[date]:
    if rule.months and month not in rule.months:
        return []
    first_weekday, length = monthrange(year, month)
    if not rule.month_days:
        wanted = rule.numbers or range(7)
        return [date(year, month, n + 1) for n in range(length) if (first_weekday + n) % 7 in wanted]
    days = {n if n > 0 else length + 1 + n for n in rule.month_days if abs(n) <= length}
    if clamp and rule.month_days[-1] > length:
        days.add(length)
    return [date(year, month, day) for day in sorted(days)]


def _fits(rule: Rule, day: date) -> bool:
    return (not rule.weekdays or _fits_weekday(rule, day)) and (not rule.weeks or _fits_week(rule, day))


def _fits_weekday(rule: Rule, day: date) -> bool:
    numbers = rule.numbers.get(day.weekday())
    if not numbers or 0 in numbers:
        return bool(numbers)
    if rule.freq == "MONTHLY" or rule.months:
        place, length = day.day, monthrange(day.year, day.month)[1]
    else:
        place, length = day.timetuple().tm_yday, _length_of_year(day.year)
    return (place - 1) // 7 + 1 in numbers or -((length - place) // 7 + 1) in numbers


def _fits_week(rule: Rule, day: date) -> bool:
    """Weeks belong to the year that has four of their days (RFC 5545, ISO 8601 where they begin on Monday)."""
    fourth = day - DAY * ((day.weekday() - rule.week_start) % 7) + DAY * 3
    number = (fourth.timetuple().tm_yday - 1) // 7 + 1
    if number in rule.weeks:
        return True
    weeks_left = (_length_of_year(fourth.year) - fourth.timetuple().tm_yday) // 7
    return -(weeks_left + 1) in rule.weeks


def _length_of_year(year: int) -> int:
    return 366 if monthrange(year, 2)[1] == 29 else 365


def _at_positions(days: list[date], positions: tuple[int, ...]) -> list[date]:
    chosen = {days[n - 1 if n > 0 else n] for n in positions if abs(n) <= len(days)}
    return sorted(chosen)
