"""Random schedules, held against a reference that looks at every day, over ten years."""

import re
from dataclasses import replace
from datetime import date, datetime, time, timedelta, timezone

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reminders.schedule import DayOff, MonthEnd, Schedule, WorkCalendar, between, bounded, next_after, place, previous
from reminders.schedule import yields as has_slot
from reminders.tests.schedule_reference import CRON_DAYS, NAMES, all_slots, instant_of, locals_until

TEN_YEARS = timedelta(days=3653)
MARGIN = timedelta(days=40)
ZONES = [
    *("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Sao_Paulo", "Africa/Casablanca"),
    *("Pacific/Apia", "Asia/Kathmandu", "Europe/Dublin", "Africa/Cairo", "Asia/Tehran", "America/St_Johns"),
    *("Antarctica/Troll", "Asia/Gaza", "Pacific/Chatham", "UTC"),
]
# Many of them where clocks change.
TIMES = [time(hour, minute) for hour in (0, 1, 2, 3, 9, 23) for minute in (0, 15, 30, 45)] + [time(9, 0, 7)]
COUNTRIES = [("", ""), ("DE", ""), ("DE", "BY"), ("US", "")]


@st.composite
def rules(draw: st.DrawFn) -> str:
    freq = draw(st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]))
    parts = {"FREQ": freq, "INTERVAL": str(draw(st.sampled_from([1, 1, 1, 2, 3, 5, 12])))}

    def part(name: str, values: st.SearchStrategy, most: int = 3) -> None:
        if draw(st.integers(0, 2)) == 0:
            parts[name] = ",".join(str(each) for each in draw(st.lists(values, min_size=1, max_size=most, unique=True)))

    numbers = st.sampled_from(["", "", 1, 2, 4, 5, -1, -2, -5, 20])
    part("BYMONTH", st.integers(1, 12), 4)
    if freq in {"MONTHLY", "YEARLY"}:
        part("BYDAY", st.builds("{}{}".format, numbers, st.sampled_from(NAMES)), 5)
    else:
        part("BYDAY", st.sampled_from(NAMES), 5)
    if freq != "WEEKLY":
        part("BYMONTHDAY", st.sampled_from([1, 2, 13, 15, 28, 29, 30, 31, -1, -2, -29, -30, -31]))
    if freq == "YEARLY":
        part("BYYEARDAY", st.sampled_from([1, 32, 59, 60, 100, 365, 366, -1, -366]))
        if not any(character.isdigit() for character in parts.get("BYDAY", "")):
            part("BYWEEKNO", st.sampled_from([1, 2, 20, 52, 53, -1, -53]))
    longest = {"DAILY": 1, "WEEKLY": len(parts.get("BYDAY", "x").split(",")), "MONTHLY": 31, "YEARLY": 366}[freq]
    if len(parts) > 2:
        part("BYSETPOS", st.sampled_from([n for n in (1, 2, 3, 10, -1, -2) if abs(n) <= longest]), 2)
    part("WKST", st.sampled_from(NAMES), 1)
    return ";".join(f"{name}={value}" for name, value in parts.items())


def fields(low: int, high: int, *others: str) -> st.SearchStrategy[str]:
    numbers = st.integers(low, high)
    # cronsim reads "5-5/2" as "5/2"; nobody writes that.
    spans = st.lists(numbers, min_size=2, max_size=2, unique=True).map(sorted)
    terms = st.one_of(
        numbers.map(str),
        spans.map("{0[0]}-{0[1]}".format),
        st.tuples(spans, st.integers(1, 7)).map("{0[0][0]}-{0[0][1]}/{0[1]}".format),
        st.tuples(numbers, st.integers(2, 20)).map("{0[0]}/{0[1]}".format),
        *([st.sampled_from(others)] if others else []),
    )
    lists = st.lists(terms, min_size=1, max_size=2).map(",".join)
    return st.one_of(st.just("*"), st.integers(2, 9).map("*/{}".format), lists)


NO_SUCH_DAY = re.compile(r" (30|31)(,(30|31))* \S+ \*")  # cronsim refuses 30 FEB, and 31 of short months alone
CRONS = st.builds(
    "{} {} {} {} {}".format,
    st.sampled_from(["0", "30", "0,30", "15/20", "*/30"]),
    st.sampled_from(["0", "2", "1-3", "9,17", "*/6", "23"]),
    fields(1, 28, "29", "30", "31", "L", "LW"),
    st.one_of(st.just("*"), fields(1, 12, "JAN", "FEB", "MAR-OCT")),
    fields(0, 7, *CRON_DAYS, "MON-FRI", "MON#1", "3#5", "5L", "0#2", "7L"),
).filter(lambda expression: not NO_SUCH_DAY.search(expression))


@st.composite
def calendars(draw: st.DrawFn, about: date) -> WorkCalendar:
    country, region = draw(st.sampled_from(COUNTRIES))
    closed = draw(st.lists(st.tuples(st.integers(-300, 900), st.integers(1, 45)), max_size=4))
    days_off = {about + timedelta(days=begin + n) for begin, length in closed for n in range(length)}
    weekdays = draw(st.sampled_from([range(5), range(5), (6, 0, 1, 2, 3), (5,), range(7)]))
    return WorkCalendar(frozenset(weekdays), country, region, frozenset(days_off))


@st.composite
def questions(draw: st.DrawFn) -> tuple[Schedule, datetime]:
    """A schedule, and an instant within the eight years after its start."""
    start = draw(st.dates(date(2005, 1, 1), date(2022, 1, 1)))
    day = start + timedelta(days=draw(st.integers(-30, 2900)))
    kind = draw(st.sampled_from(["rule", "rule", "rule", "cron", "once"]))
    times = draw(st.lists(st.sampled_from(TIMES), min_size=1, max_size=3, unique=True))
    day_off = draw(st.sampled_from(DayOff))
    schedule = Schedule(
        zone=draw(st.sampled_from(ZONES)),
        start=start,
        times=() if kind == "cron" else tuple(sorted(times)),
        rule=draw(rules()) if kind == "rule" else "",
        cron=draw(CRONS) if kind == "cron" else "",
        until=draw(st.none() | st.just(day + timedelta(days=draw(st.integers(0, 900))))),
        count=draw(st.none() | st.integers(1, 300)),
        month_end=draw(st.sampled_from(MonthEnd)),
        day_off=day_off,
        calendar=WorkCalendar() if day_off == DayOff.STAY else draw(calendars(day)),
    )
    if schedule.until and schedule.until < start:
        schedule = replace(schedule, until=None)
    near = [local for local in locals_until(schedule, day + MARGIN) if local.date() > day - MARGIN][:60]
    if near:
        chosen = st.lists(st.sampled_from(near), max_size=3, unique=True)
        away = st.integers(-40 * 48, 40 * 48).map(lambda n: timedelta(minutes=30 * n))
        moved = tuple((local, local + draw(away)) for local in draw(chosen))
        schedule = replace(schedule, skipped=frozenset(draw(chosen)) - {slot for slot, _to in moved}, moved=moved)
    minute = draw(st.sampled_from(TIMES))
    return schedule, instant_of(datetime.combine(day, minute), schedule.zone)


SLOWLY = settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


@SLOWLY
@given(questions())
def test_every_answer_is_what_looking_at_every_day_finds(question: tuple[Schedule, datetime]) -> None:
    schedule, after = question
    expected = all_slots(schedule, (after + TEN_YEARS + MARGIN).date())
    schedule, end = bounded(schedule), after + TEN_YEARS
    following = [(at, local) for at, local in expected if after < at <= end]
    slots = between(schedule, after, end, limit=300)
    assert [(slot.at, slot.local) for slot in slots] == following[:300]

    found, instant = [], after
    while len(found) < 8 and (slot := next_after(schedule, instant)) and slot.at <= end:
        assert slot.at > instant
        found.append((slot.at, slot.local))
        instant = slot.at
    assert found == following[:8]

    before = [(at, local) for at, local in expected if at < after]
    last = previous(schedule, after)
    assert (last and (last.at, last.local)) == (before[-1] if before else None)


@SLOWLY
@given(questions(), st.integers(-3000, 3000))
def test_a_slot_is_placed_where_it_comes_due(question: tuple[Schedule, datetime], minutes: int) -> None:
    schedule, after = question
    begin, end = after - MARGIN, after + MARGIN
    known = locals_until(schedule, (end + MARGIN).date())
    schedule = bounded(schedule)
    slots = between(schedule, begin, end)
    assert [place(schedule, slot.local) for slot in slots] == slots
    due = {slot.at for slot in slots}
    for local in known:
        slot = place(schedule, local)
        if slot is None:
            assert local in schedule.skipped or schedule.day_off == DayOff.SKIP
        elif begin < slot.at <= end:
            assert slot.at in due
    other = after.astimezone(timezone.utc).replace(tzinfo=None) + timedelta(minutes=minutes)
    assert not has_slot(schedule, other) or other in known
