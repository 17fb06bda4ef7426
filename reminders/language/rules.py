"""The RRULE of a repeat that was said."""

from collections.abc import Callable
from datetime import date

from django.utils.translation import gettext as _

from reminders.schedule.rule import WEEKDAYS

from .facts import Day, Every, Except, MonthDays, Places, Weekdays, Within
from .said import Refused, Said

QUARTERS = {True: "1,4,7,10", False: "3,6,9,12"}  # their first months, their last months
Parts = dict[str, str]
DateOf = Callable[[Day], date]


def rule_parts(every: Every, said: Said, anchor: date, date_of: DateOf) -> tuple[Parts, bool]:
    """The parts of the rule, and whether they are all that was said (else `anchor` gives the day).

    Raises Refused where the days do not go with the frequency.
    """
    days = {"DAILY": _daily, "WEEKLY": _weekly, "MONTHLY": _monthly, "QUARTERLY": _quarterly}.get(every.freq)
    parts = days(said) if days else _yearly(said, date_of)
    fixed = parts is not None
    if parts is None:
        parts = _of_anchor(every.freq, anchor)
    interval = {"INTERVAL": str(every.interval)} if every.interval > 1 else {}
    if every.interval > 1 and (every.freq == "QUARTERLY" or parts.get("FREQ", every.freq) != every.freq):
        raise Refused(_("Such a repeat is not known: say it in weeks, months or days alone."), Every)
    freq = parts.pop("FREQ", every.freq)
    return {"FREQ": freq, **interval, **parts}, fixed


def text_of(parts: Parts) -> str:
    """The text after "RRULE:"."""
    return ";".join(f"{name}={value}" for name, value in parts.items())


def _of_anchor(freq: str, anchor: date) -> Parts:
    """What a repeat means that names no day: the day it begins on."""
    match freq:
        case "WEEKLY":
            return {"BYDAY": WEEKDAYS[anchor.weekday()]}
        case "MONTHLY":
            return {"BYMONTHDAY": str(anchor.day)}
        case _:
            return {"BYMONTH": str(anchor.month), "BYMONTHDAY": str(anchor.day)}


def _only(said: Said, *allowed: type) -> None:
    """Raise Refused where days of another kind are said."""
    for kind in (Day, Weekdays, MonthDays, Places, Within):
        if kind not in allowed and said.has(kind):
            raise Refused(_("These days do not go with how often it repeats."), kind)


def _daily(said: Said) -> Parts:
    _only(said, Weekdays)
    weekdays, left_out = said.one(Weekdays), said.one(Except)
    if weekdays and not weekdays.repeats:
        raise Refused(_("These days do not go with how often it repeats."), Weekdays)
    days = set(weekdays.days if weekdays else range(7)) - set(left_out.days if left_out else ())
    if not days:
        raise Refused(_("This leaves no day at all."), Except)
    return {} if len(days) == 7 else {"FREQ": "WEEKLY", "BYDAY": _names(sorted(days))}


def _weekly(said: Said) -> Parts | None:
    _only(said, Weekdays)
    weekdays, left_out = said.one(Weekdays), said.one(Except)
    if left_out and not weekdays:
        raise Refused(_("These days do not go with how often it repeats."), Except)
    if not weekdays:
        return None
    days = [day for day in weekdays.days if not left_out or day not in left_out.days]
    if not days:
        raise Refused(_("This leaves no day at all."), Except)
    return {"BYDAY": _names(days)}


def _monthly(said: Said) -> Parts | None:
    _refuse_except(said)
    _only(said, MonthDays, Places, Within)
    days, places = said.one(MonthDays), said.one(Places)
    months = _months(said.one(Within))
    if days:
        return {**months, "BYMONTHDAY": _numbers(days.days)}
    return {**months, **_placed(places)} if places else None


def _quarterly(said: Said) -> Parts:
    """Numbered days count in the first month of the quarter, or backwards in its last."""
    _refuse_except(said)
    _only(said, MonthDays, Places, Within)
    days, places = said.one(MonthDays) or MonthDays((1,)), said.one(Places)
    numbers = [n for n, _days in places.days] if places else list(days.days)
    first = numbers[0] > 0
    if any((n > 0) != first for n in numbers) or (places and any(abs(n) > 4 for n in numbers)):
        raise Refused(_("These days do not go with quarters."), Places, MonthDays)
    months = {"BYMONTH": QUARTERS[first]}
    if not places:
        return {"FREQ": "YEARLY", **months, "BYMONTHDAY": _numbers(days.days)}
    parts = _placed(places)
    return {"FREQ": "MONTHLY" if "BYSETPOS" in parts else "YEARLY", **months, **parts}


def _yearly(said: Said, date_of: DateOf) -> Parts | None:
    _refuse_except(said)
    _only(said, Day, MonthDays, Places, Within)
    day, days, places, within = said.one(Day), said.one(MonthDays), said.one(Places), said.one(Within)
    if day:
        if day.has_year or " " not in day.words or day.words.startswith("in "):
            raise Refused(_("These days do not go with how often it repeats."), Day)
        found = date_of(day)
        return {"BYMONTH": str(found.month), "BYMONTHDAY": str(found.day)}
    month = _months(within)
    if within and within.period == "quarter":
        return _quarterly(said)
    if days:
        if not month and (days.days not in {(1,), (-1,)} or not within):
            raise Refused(_("Say of which month."), MonthDays)
        month = month or ({"BYMONTH": "1"} if days.days == (1,) else {"BYMONTH": "12"})
        return {**month, "BYMONTHDAY": _numbers(days.days)}
    if not places:
        return None
    parts = _placed(places)
    return _chosen_yearly(parts, month, places) if "BYSETPOS" in parts else {**month, **parts}


def _chosen_yearly(parts: Parts, month: Parts, places: Places) -> Parts:
    """BYSETPOS chooses within the whole period, so the year is narrowed down to a month, or cut into months."""
    month = month or {"BYMONTH": "1" if places.days[0][0] > 0 else "12"}
    return {**({"FREQ": "MONTHLY"} if "," in month["BYMONTH"] else {}), **month, **parts}


def _months(within: Within | None) -> Parts:
    return {"BYMONTH": ",".join(str(month) for month in within.months)} if within and within.months else {}


def _placed(places: Places) -> Parts:
    """Numbered weekdays, or a choice from a set of them ("the last weekday")."""
    sets = {days for _n, days in places.days}
    if all(len(days) == 1 for days in sets):
        return {"BYDAY": ",".join(f"{n}{WEEKDAYS[days[0]]}" for n, days in places.days)}
    if len(sets) > 1:
        raise Refused(_("Days of such different kinds cannot be said together."), Places)
    return {"BYDAY": _names(sets.pop()), "BYSETPOS": _numbers(tuple(n for n, _days in places.days))}


def _refuse_except(said: Said) -> None:
    if said.has(Except):
        raise Refused(_("Weekdays can be left out of what happens daily or weekly."), Except)


def _names(days: tuple[int, ...] | list[int]) -> str:
    return ",".join(WEEKDAYS[day] for day in days)


def _numbers(days: tuple[int, ...]) -> str:
    """ "1,15,-1": in the order in which `describe` says them."""
    return ",".join(str(n) for n in [*sorted(n for n in days if n > 0), *sorted(n for n in days if n < 0)])
