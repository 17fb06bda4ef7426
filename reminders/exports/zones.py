"""Time zones as VTIMEZONE components (RFC 5545, 3.6.5).

Not by `icalendar.Timezone.from_tzinfo`: it lists every clock change as an RDATE, which Outlook leaves out of a zone so
that all is an hour off in summer, and says the onset of summer time by the new clock where RFC 5545 wants the old one.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard, vRecur

Part = TimezoneStandard | TimezoneDaylight

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
# As far as zones are looked at; clocks that change by a rule go on by it.
YEARS_AHEAD = 10
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


class Clock(NamedTuple):
    """What a zone's clocks show from some moment on."""

    offset: timedelta
    name: str
    is_summer: bool


class Change(NamedTuple):
    """From one clock to another; `begins` is the local time by the clock before."""

    before: timedelta
    clock: Clock
    begins: datetime


@lru_cache(maxsize=512)
def vtimezone(zone: str, first: int, this: int) -> bytes:
    """The zone for times from the year after `first` on, as seen in the year `this`."""
    there = ZoneInfo(zone)
    begin, last = datetime(first, 1, 1, tzinfo=timezone.utc), this + YEARS_AHEAD
    alike = defaultdict(list)
    for change in _changes(there, begin, datetime(last, 12, 31, tzinfo=timezone.utc)):
        alike[change.before, change.clock].append(change)
    component = Timezone()
    component.add("TZID", zone)
    if not alike or not all(_tail(changes, last)[0] == len(changes) for changes in alike.values()):
        component.add_component(_beginning(begin, there))
    for changes in alike.values():
        for part in _parts(changes, last):
            component.add_component(part)
    return component.to_ical()


def _beginning(begin: datetime, there: ZoneInfo) -> Part:
    """What holds before the first change; where clocks have always changed by the same rules, the year before says it.

    Outlook knows zones with one rule for either half of the year best.
    """
    clock = _clock(begin, there)
    onset = (begin + clock.offset).replace(tzinfo=None)
    return _observance(Change(clock.offset, clock, onset), [onset])


def _parts(changes: Sequence[Change], last_year: int) -> Iterator[Part]:
    """What recurs by a rule to the end, as that rule; what came before, date by date."""
    onsets = [change.begins for change in changes]
    regular, place = _tail(changes, last_year)
    single = onsets[: len(onsets) - regular]
    if single:
        yield _observance(changes[0], single)
    if regular:
        at = onsets[-regular]
        rule = {"FREQ": "YEARLY", "BYMONTH": at.month, "BYDAY": f"{place}{WEEKDAYS[at.weekday()]}"}
        yield _observance(changes[0], [at], rule)


def _tail(changes: Sequence[Change], last_year: int) -> tuple[int, int]:
    """How many of the last follow one rule up to the last year, such as "the last Sunday of March"; and which place."""
    onsets = [change.begins for change in changes]
    if onsets[-1].year != last_year:
        return 0, 0
    last, places, count = onsets[-1], _places(onsets[-1]), 0
    for onset in reversed(onsets):
        same = (onset.month, onset.weekday(), onset.time()) == (last.month, last.weekday(), last.time())
        if not (same and onset.year == last_year - count and places & _places(onset)):
            break
        places, count = places & _places(onset), count + 1
    return (count, min(places)) if count > 2 else (0, 0)


def _places(at: datetime) -> set[int]:
    """Which one of its weekday in the month it is, counted from either end."""
    nth = (at.day - 1) // 7 + 1
    is_last = (at + DAY * 7).month != at.month
    return {nth, -1} if is_last else {nth}


def _observance(change: Change, onsets: Sequence[datetime], rule: dict[str, object] | None = None) -> Part:
    part = TimezoneDaylight() if change.clock.is_summer else TimezoneStandard()
    part.add("DTSTART", onsets[0])
    part.add("TZOFFSETFROM", change.before)
    part.add("TZOFFSETTO", change.clock.offset)
    part.add("TZNAME", change.clock.name)
    if rule:
        part.add("RRULE", vRecur(rule))
    if onsets[1:]:
        part.add("RDATE", list(onsets[1:]))
    return part


def _changes(there: ZoneInfo, begin: datetime, end: datetime) -> Iterator[Change]:
    before = _clock(begin, there)
    day = begin
    while day < end:
        after = _clock(day + DAY, there)
        if after != before:
            at = _moment(there, day, day + DAY, before)
            yield Change(before.offset, _clock(at, there), (at + before.offset).replace(tzinfo=None))
            before = after
        day += DAY


def _moment(there: ZoneInfo, low: datetime, high: datetime, before: Clock) -> datetime:
    """When within a day the clocks change, found by halving."""
    while high - low > SECOND:
        middle = low + (high - low) // 2
        middle = middle.replace(microsecond=0)
        if _clock(middle, there) == before:
            low = middle
        else:
            high = middle
    return high


def _clock(at: datetime, there: ZoneInfo) -> Clock:
    local = at.astimezone(there)
    return Clock(local.utcoffset() or timedelta(), local.tzname() or "", (local.dst() or timedelta()) > timedelta())
