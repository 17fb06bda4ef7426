"""The rules of time, one row per surprise, each with its reason."""

import time as stopwatch
from datetime import date, datetime, time, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reminders.schedule import (
    MonthEnd,
    Oddity,
    Repeat,
    Schedule,
    ScheduleError,
    between,
    check,
    describe,
    next_after,
    oddity,
    previous,
    repeat_of,
    resolve,
    rule_for,
    yields,
)

BERLIN = "Europe/Berlin"
NEW_YORK = "America/New_York"
LORD_HOWE = "Australia/Lord_Howe"
SAO_PAULO = "America/Sao_Paulo"
APIA = "Pacific/Apia"
KATHMANDU = "Asia/Kathmandu"


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=timezone.utc)


def daily(*times: str) -> dict[str, object]:
    return {"times": tuple(time.fromisoformat(each) for each in times), "rule": "FREQ=DAILY"}


def monthly(day: int, month_end: MonthEnd = MonthEnd.LAST) -> dict[str, object]:
    return {"times": (time(9),), "rule": f"FREQ=MONTHLY;BYMONTHDAY={day}", "month_end": month_end}


def leap_day(month_end: MonthEnd) -> dict[str, object]:
    return {"times": (time(9),), "rule": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "month_end": month_end}


ROWS = [
    # (zone, the rest of the schedule, start, after, expected instants in UTC)
    pytest.param(
        BERLIN, {"times": (time(9),)}, "2026-07-01", "2026-06-30T00:00", ["2026-07-01T07:00"], id="once: in summer time"
    ),
    pytest.param(BERLIN, {"times": (time(9),)}, "2026-07-01", "2026-07-01T07:00", [], id="once: never a second time"),
    pytest.param(
        BERLIN,
        daily("09:00"),
        "2026-03-27",
        "2026-03-28T00:00",
        ["2026-03-28T08:00", "2026-03-29T07:00", "2026-03-30T07:00"],
        id="daily: the local hour stays when summer time begins",
    ),
    pytest.param(
        BERLIN,
        daily("09:00"),
        "2026-10-01",
        "2026-10-24T00:00",
        ["2026-10-24T07:00", "2026-10-25T08:00", "2026-10-26T08:00"],
        id="daily: the local hour stays when summer time ends",
    ),
    pytest.param(
        NEW_YORK,
        daily("02:30"),
        "2026-03-01",
        "2026-03-07T12:00",
        ["2026-03-08T07:30", "2026-03-09T06:30"],
        id="the clocks skip 02:30: fires at 03:30 there",
    ),
    pytest.param(
        NEW_YORK,
        daily("01:30"),
        "2026-10-01",
        "2026-11-01T00:00",
        ["2026-11-01T05:30", "2026-11-02T06:30"],
        id="01:30 happens twice: fires once, at the first",
    ),
    pytest.param(
        NEW_YORK,
        daily("02:30", "03:30"),
        "2026-03-01",
        "2026-03-08T05:00",
        ["2026-03-08T07:30", "2026-03-09T06:30", "2026-03-09T07:30"],
        id="two local times that resolve to one instant fire once",
    ),
    pytest.param(
        BERLIN,
        daily("02:45", "03:15"),
        "2026-03-01",
        "2026-03-28T12:00",
        ["2026-03-29T01:15", "2026-03-29T01:45", "2026-03-30T00:45"],
        id="in the gap a later local time comes first",
    ),
    pytest.param(
        LORD_HOWE,
        daily("02:15"),
        "2026-10-01",
        "2026-10-03T00:00",
        ["2026-10-03T15:45", "2026-10-04T15:15"],
        id="a change of half an hour",
    ),
    pytest.param(
        SAO_PAULO,
        daily("00:30"),
        "2018-11-01",
        "2018-11-03T12:00",
        ["2018-11-04T03:30", "2018-11-05T02:30"],
        id="a gap at midnight",
    ),
    pytest.param(
        SAO_PAULO, daily("09:00"), "2026-01-01", "2026-11-04T00:00", ["2026-11-04T12:00"], id="summer time abolished"
    ),
    pytest.param(
        APIA,
        daily("09:00"),
        "2011-12-01",
        "2011-12-29T00:00",
        ["2011-12-29T19:00", "2011-12-30T19:00", "2011-12-31T19:00"],
        id="a whole day skipped: no double",
    ),
    pytest.param(
        KATHMANDU, daily("09:00"), "2026-01-01", "2026-05-01T00:00", ["2026-05-01T03:15"], id="an offset of 5:45"
    ),
    pytest.param(
        BERLIN,
        monthly(31),
        "2026-01-31",
        "2026-02-01T00:00",
        ["2026-02-28T08:00", "2026-03-31T07:00", "2026-04-30T07:00"],
        id="the 31st: the last day of shorter months",
    ),
    pytest.param(
        BERLIN,
        monthly(31, MonthEnd.SKIP),
        "2026-01-31",
        "2026-02-01T00:00",
        ["2026-03-31T07:00", "2026-05-31T07:00"],
        id="the 31st: shorter months left out",
    ),
    pytest.param(
        BERLIN,
        monthly(30),
        "2028-01-30",
        "2028-02-01T00:00",
        ["2028-02-29T08:00", "2028-03-30T07:00"],
        id="the 30th in a leap year's February",
    ),
    pytest.param(
        BERLIN,
        leap_day(MonthEnd.LAST),
        "2024-02-29",
        "2024-03-01T00:00",
        ["2025-02-28T08:00", "2026-02-28T08:00", "2027-02-28T08:00", "2028-02-29T08:00"],
        id="29 February: the last day of February otherwise",
    ),
    pytest.param(
        BERLIN,
        leap_day(MonthEnd.SKIP),
        "2024-02-29",
        "2024-03-01T00:00",
        ["2028-02-29T08:00", "2032-02-29T08:00"],
        id="29 February: leap years only",
    ),
    pytest.param(
        BERLIN,
        leap_day(MonthEnd.SKIP),
        "2096-02-29",
        "2096-03-01T00:00",
        ["2104-02-29T08:00"],
        id="29 February: 2100 is no leap year, eight years apart",
    ),
    pytest.param(
        BERLIN,
        {"times": (time(17),), "rule": "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"},
        "2026-11-27",
        "2026-11-27T15:00",
        ["2026-11-27T16:00", "2026-11-30T16:00"],
        id="weekdays: nothing on Saturday and Sunday",
    ),
    pytest.param(
        BERLIN,
        {"times": (time(9),), "rule": "FREQ=WEEKLY;BYDAY=MO,WE"},
        "2026-11-24",
        "2026-11-24T00:00",
        ["2026-11-25T08:00", "2026-11-30T08:00"],
        id="weekly: a start on another weekday is not an occurrence itself",
    ),
    pytest.param(
        BERLIN,
        {"times": (time(9),), "rule": "FREQ=DAILY", "until": date(2026, 11, 25)},
        "2026-11-24",
        "2026-11-24T00:00",
        ["2026-11-24T08:00", "2026-11-25T08:00"],
        id="until: its own day counts",
    ),
    pytest.param(
        BERLIN,
        {"cron": "30 2 * * *"},
        "2026-01-01",
        "2026-03-28T12:00",
        ["2026-03-29T01:30", "2026-03-30T00:30"],
        id="cron: a skipped time moves by the gap, as for every other rule",
    ),
    pytest.param(
        BERLIN,
        {"cron": "0 9 1 * MON"},
        "2026-11-01",
        "2026-11-24T12:00",
        ["2026-11-30T08:00", "2026-12-01T08:00", "2026-12-07T08:00"],
        id="cron: day of month or day of week",
    ),
    pytest.param(
        BERLIN, {"cron": "0 9 * * *"}, "2026-12-01", "2026-11-24T12:00", ["2026-12-01T08:00"], id="cron: from its start"
    ),
    pytest.param(
        "UTC",
        {"times": (time(9, 0, 7),), "rule": "FREQ=DAILY"},
        "2026-11-24",
        "2026-11-24T09:00:06",
        ["2026-11-24T09:00:07"],
        id="seconds are kept",
    ),
]


@pytest.mark.parametrize(("zone", "rest", "start", "after", "expected"), ROWS)
def test_the_next_instants_are(zone: str, rest: dict, start: str, after: str, expected: list[str]) -> None:
    schedule = Schedule(zone=zone, start=date.fromisoformat(start), **rest)
    found, instant = [], utc(after)
    for _ in range(len(expected) or 1):
        slot = next_after(schedule, instant)
        if slot is None:
            break
        found.append(slot.at)
        instant = slot.at
    assert found == [utc(each) for each in expected]


RULES = st.sampled_from(
    ["FREQ=DAILY", "FREQ=WEEKLY;BYDAY=MO,TH", "FREQ=MONTHLY;BYMONTHDAY=31", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29"]
)
ZONES = st.sampled_from([BERLIN, NEW_YORK, LORD_HOWE, SAO_PAULO, APIA, KATHMANDU, "Africa/Casablanca", "UTC"])
TIMES = st.lists(
    st.times().map(lambda each: each.replace(second=0, microsecond=0)), min_size=1, max_size=4, unique=True
)


@settings(max_examples=150, deadline=None)
@given(
    zone=ZONES, rule=RULES, times=TIMES, start=st.dates(date(2005, 1, 1), date(2026, 1, 1)), days=st.integers(0, 9000)
)
def test_slots_come_in_order_and_agree_with_every_day_looked_at(
    zone: str, rule: str, times: list[time], start: date, days: int
) -> None:
    schedule = Schedule(zone=zone, start=start, times=tuple(sorted(times)), rule=rule)
    after = datetime(2005, 1, 1, tzinfo=timezone.utc) + timedelta(days=days)
    found = between(schedule, after, after + timedelta(days=40))
    assert [slot.at for slot in found] == _looked_up(schedule, after, after + timedelta(days=40))
    assert all(yields(schedule, slot.local) for slot in found)
    assert all(resolve(slot.local, schedule.tzinfo) == slot.at for slot in found)


def _looked_up(schedule: Schedule, start: datetime, end: datetime) -> list[datetime]:
    """The same by brute force: every date, every time, resolved, sorted, without doubles."""
    from_day = max(schedule.start, start.date() - timedelta(days=3))
    days = [from_day + timedelta(days=n) for n in range((end.date() - from_day).days + 4)]
    found = {
        resolve(datetime.combine(day, at), schedule.tzinfo)
        for day in days
        if _is_a_day(schedule.rule, day)
        for at in schedule.times
    }
    return sorted(instant for instant in found if start < instant <= end)


def _is_a_day(rule: str, day: date) -> bool:
    last = (day + timedelta(days=1)).month != day.month
    match rule.partition(";")[0]:
        case "FREQ=DAILY":
            return True
        case "FREQ=WEEKLY":
            return day.weekday() in {0, 3}
        case "FREQ=MONTHLY":
            return last
        case _:
            return day.month == 2 and last


def test_an_old_rule_yields_the_same_as_a_young_one() -> None:
    young = Schedule(zone=BERLIN, start=date(2026, 11, 1), times=(time(9),), rule="FREQ=DAILY")
    old = Schedule(zone=BERLIN, start=date(1986, 11, 1), times=(time(9),), rule="FREQ=DAILY")
    assert next_after(old, utc("2026-11-24T12:00")) == next_after(young, utc("2026-11-24T12:00"))


def test_previous_finds_the_last_one_before() -> None:
    schedule = Schedule(zone=BERLIN, start=date(2020, 1, 31), times=(time(9),), rule="FREQ=MONTHLY;BYMONTHDAY=31")
    slot = previous(schedule, utc("2026-11-24T12:00"))
    assert slot is not None and slot.at == utc("2026-10-31T08:00")
    assert previous(schedule, utc("2020-01-31T08:00")) is None


@pytest.mark.parametrize(
    ("rest", "sentence"),
    [
        ({"cron": "0 0 30 2 *"}, "no such date exists"),
        ({"cron": "* * * * *"}, "at least 5 minutes apart"),
        ({"cron": "0 9 * *"}, "five fields"),
        ({"cron": "0 9 * * * *"}, "five fields"),
        ({"cron": "0 9 * * " + "1," * 300 + "1"}, "500 characters"),
        ({"cron": "61 9 * * *"}, "minute must be from 0-59"),
        ({"cron": "0 9 * * 8"}, "day-of-week must be from 0-7, SUN-SAT"),
        ({"cron": "0 9 32 * *"}, "day-of-month must be from 1-31"),
        ({"times": (time(9), time(9, 3)), "rule": "FREQ=DAILY"}, "at least 5 minutes apart"),
        ({"times": (), "rule": "FREQ=DAILY"}, "at what time"),
        ({"times": (time(9),), "rule": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "month_end": MonthEnd.SKIP}, "never"),
        ({"times": (time(9),), "rule": "FREQ=DAILY", "until": date(2026, 1, 1)}, "before the start"),
        ({"times": (time(9),), "rule": "every so often"}, "not a rule"),
    ],
)
def test_it_is_refused_with_a_sentence_and_quickly(rest: dict, sentence: str) -> None:
    begun = stopwatch.perf_counter()
    with pytest.raises(ScheduleError, match=sentence):
        check(Schedule(zone=BERLIN, start=date(2026, 11, 24), **rest))
    assert stopwatch.perf_counter() - begun < 1  # dateutil alone searches for seconds


def test_hostile_cron_expressions_raise_nothing_but_a_sentence() -> None:
    for expression in ("", "\x00 * * * *", "*/0 * * * *", "9-1 * * * *", "L L L L L", "🙂 * * * *", "0 0 31 2,4,6 *"):
        with pytest.raises(ScheduleError):
            check(Schedule(zone=BERLIN, start=date(2026, 11, 24), cron=expression))


@pytest.mark.parametrize("repeat", [each for each in Repeat if each not in {Repeat.CRON, Repeat.RULE}])
def test_a_simple_repeat_is_read_back_as_it_was_written(repeat: Repeat) -> None:
    start = date(2026, 11, 24)
    schedule = Schedule(zone=BERLIN, start=start, times=(time(9),), rule=rule_for(repeat, start, [1, 4]))
    assert repeat_of(schedule) == (repeat, [1, 4] if repeat == Repeat.WEEKLY else [])


@pytest.mark.parametrize(
    ("rest", "words"),
    [
        ({"times": (time(16),)}, "once, on Fri 27 November 2026 at 16:00"),
        ({"times": (time(16),), "rule": "FREQ=DAILY"}, "every day at 16:00"),
        ({"times": (time(16, 0, 5),), "rule": "FREQ=DAILY"}, "every day at 16:00:05"),
        (
            {"times": (time(8), time(16)), "rule": "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"},
            "every weekday at 08:00 and 16:00",
        ),
        ({"times": (time(16),), "rule": "FREQ=WEEKLY;BYDAY=MO,FR"}, "every Monday and Friday at 16:00"),
        ({"times": (time(16),), "rule": "FREQ=MONTHLY;BYMONTHDAY=3"}, "every month on the 3rd at 16:00"),
        ({"times": (time(16),), "rule": "FREQ=MONTHLY;BYMONTHDAY=31"}, "or the last day of a shorter month at 16:00"),
        ({"times": (time(16),), "rule": "FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=27"}, "every year on 27 November at 16:00"),
        ({"cron": "0 9 * * 1-5"}, "at 09:00, Monday through Friday"),
    ],
)
def test_it_says_itself_in_words(rest: dict, words: str) -> None:
    assert words in describe(Schedule(zone=BERLIN, start=date(2026, 11, 27), **rest))


def test_the_form_can_say_what_a_clock_change_does() -> None:
    zone = Schedule(zone=BERLIN, start=date(2026, 1, 1)).tzinfo
    assert oddity(datetime(2026, 3, 29, 2, 30), zone) == Oddity.SKIPPED
    assert oddity(datetime(2026, 10, 25, 2, 30), zone) == Oddity.REPEATED
    assert oddity(datetime(2026, 3, 30, 2, 30), zone) is None
