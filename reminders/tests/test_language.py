"""Sentences and what they mean, by the tables in sentences.py and by what must hold for any text."""

import time as stopwatch
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta, timezone

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from reminders.language import Understood, understand, warm
from reminders.schedule import DayOff, MonthEnd, Schedule, WorkCalendar, between, bounded, check, describe, next_after
from reminders.schedule.rule import WEEKDAYS, parse
from reminders.schedule.words import FEW, clock_face
from reminders.schedule.working import HOLIDAYS_ONLY
from reminders.tests import pace
from reminders.tests.sentences import BERLIN, NOT_UNDERSTOOD, NOW, PEOPLE, SENTENCES


@pytest.fixture(autouse=True, scope="module")
def _warm() -> None:
    warm()


def said(text: str, now: datetime = NOW, people: Mapping[str, int] = PEOPLE, zone: str = BERLIN) -> Understood:
    return understand(text, zone=zone, now=now, people=people)


@pytest.mark.parametrize(("text", "title", "rule", "instants", "more"), SENTENCES)
def test_a_sentence_means_a_schedule(text: str, title: str, rule: str, instants: list[str], more: dict) -> None:
    understood = said(text)
    schedule = understood.schedule
    assert understood.problems == ()
    assert schedule
    assert understood.title == title
    assert (schedule.rule or schedule.cron) == rule
    slots = between(schedule, NOW, NOW + timedelta(days=3000), limit=len(instants))
    assert [f"{slot.at:%Y-%m-%dT%H:%M}" + (f":{slot.at:%S}" if slot.at.second else "") for slot in slots] == instants
    assert more.pop("people", ()) == understood.people
    assert more.pop("lead_times", ()) == understood.lead_times
    usual = {"zone": BERLIN, "until": None, "count": None, "month_end": MonthEnd.LAST}
    usual |= {"day_off": DayOff.STAY, "calendar": WorkCalendar()}
    assert {name: getattr(schedule, name) for name in usual} == {**usual, **more}


@pytest.mark.parametrize("text", [each.values[0] for each in SENTENCES])
def test_what_is_understood_is_accepted_and_said_back(text: str) -> None:
    schedule = said(text).schedule
    assert schedule
    check(schedule)
    assert next_after(schedule, NOW)
    words = describe(schedule)
    in_full = schedule.times if len(schedule.times) <= FEW else (schedule.times[0], schedule.times[-1])
    assert all(clock_face(at) in words for at in in_full)


@pytest.mark.parametrize(("text", "marked", "problem", "scheduled"), NOT_UNDERSTOOD)
def test_what_is_not_understood_is_marked_and_stays(
    text: str, marked: list[str], problem: str, scheduled: bool
) -> None:
    understood = said(text)
    assert [part.words for part in understood.parts if part.kind == "unknown"] == marked
    assert problem in understood.problems
    assert all(words.strip(" ,") in understood.title for words in marked)
    assert (understood.schedule is not None) == scheduled


def test_reasons_and_sentences_differ() -> None:
    rows = [*SENTENCES, *NOT_UNDERSTOOD]
    assert len({each.id for each in rows}) == len({each.values[0] for each in rows}) == len(rows)
    assert len(SENTENCES) >= 120


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("Buy milk", id="no word of a schedule"),
        pytest.param("We sat in the sun", id="weekdays that are words"),
        pytest.param("The march may be long", id="months that are words"),
        pytest.param("Read chapter 5 of 12", id="numbers"),
        pytest.param("24/7 support", id="a fraction that is no date"),
        pytest.param("Release 5.12.3", id="a version"),
        pytest.param("Mail ada@example.org", id="an address is not a person"),
        pytest.param("Buy gifts 1 day before Christmas", id="before something that is said"),
        pytest.param('Print "every day at 8"', id="words in quotes"),
        pytest.param("Pay today's bills", id="a possessive"),
        pytest.param("Bake at 180 degrees", id="a number that is no hour"),
        pytest.param("Put box on the 2nd floor", id="an ordinal of something else"),
        pytest.param("Everyone tidies everything", id="words that begin like every"),
        pytest.param("Choose between 8 and 17", id="a choice is not a time"),
        pytest.param("Plan for 2 weeks in Berlin", id="a length and a place"),
        pytest.param(
            "\N{FULLWIDTH LATIN CAPITAL LETTER T}omorrow \N{LATIN SMALL LETTER LONG S}unday",
            id="letters that only look like ASCII",
        ),
    ],
)
def test_a_text_without_a_schedule_is_a_title(text: str) -> None:
    assert said(text) == Understood(text)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=timezone.utc)


@pytest.mark.parametrize(
    ("text", "now", "zone", "expected"),
    [
        pytest.param(
            "on Monday at 9", "2026-11-23T09:00", BERLIN, "2026-11-30T08:00", id="Monday, on a Monday too late"
        ),
        pytest.param(
            "on Monday at 9", "2026-11-23T07:00", BERLIN, "2026-11-23T08:00", id="Monday, on a Monday in time"
        ),
        pytest.param("on Monday at 9", "2026-11-22T23:30", BERLIN, "2026-11-23T08:00", id="it is Monday in the zone"),
        pytest.param("tomorrow at 9", "2026-11-24T23:30", BERLIN, "2026-11-26T08:00", id="the zone's tomorrow"),
        pytest.param("in 20 minutes", "2026-11-24T11:00:30", BERLIN, "2026-11-24T11:21", id="the next whole minute"),
        pytest.param("in 20 minutes", "2027-03-28T00:50", BERLIN, "2027-03-28T01:10", id="past a skipped hour"),
        pytest.param("in 24 hours", "2027-03-27T11:00", BERLIN, "2027-03-28T11:00", id="hours over a clock change"),
        pytest.param("in 1 day", "2027-03-27T11:00", BERLIN, "2027-03-28T07:00", id="a day is a date, not 24 hours"),
        pytest.param("at 02:30", "2027-03-27T11:00", BERLIN, "2027-03-28T01:30", id="a time that the clocks skip"),
        pytest.param("5 January", "2026-12-31T23:30", BERLIN, "2027-01-05T08:00", id="new year in the zone"),
        pytest.param("1 January", "2026-12-31T11:00", BERLIN, "2027-01-01T08:00", id="the next year's date"),
        pytest.param("every month", "2027-01-31T11:00", BERLIN, "2027-02-28T08:00", id="monthly, said on a 31st"),
        pytest.param("every year", "2028-02-29T11:00", BERLIN, "2029-02-28T08:00", id="yearly, said on a leap day"),
    ],
)
def test_meaning_depends_on_when_and_where_it_is_said(text: str, now: str, zone: str, expected: str) -> None:
    schedule = said(text, now=utc(now), zone=zone).schedule
    assert schedule
    slot = next_after(schedule, utc(now))
    assert slot
    assert slot.at == utc(expected)


def test_a_moment_in_an_hour_that_repeats_cannot_be_said_in_local_time() -> None:
    understood = said("in 20 minutes", now=utc("2026-10-25T00:50"))
    assert understood.schedule is None
    assert understood.problems == ("The clocks repeat that hour: say another time.",)


def test_a_text_that_is_too_long_is_not_read() -> None:
    understood = said("every day at 8 " * 40)
    assert understood.schedule is None
    assert understood.parts == ()
    assert understood.problems == ("Use 500 characters at most.",)


def test_a_count_ends_the_series() -> None:
    schedule = said("Pill every day at 8 and 17:30, 3 times").schedule
    assert schedule
    assert len(between(schedule, NOW, NOW + timedelta(days=30))) == 3


def test_the_default_time_is_the_callers() -> None:
    schedule = understand("every day", zone=BERLIN, now=NOW, default_time=time(7, 15)).schedule
    assert schedule
    assert schedule.times == (time(7, 15),)


@pytest.mark.parametrize(
    ("text", "names", "people", "problems"),
    [
        pytest.param("@al and @alan", ["al", "alan"], ("al", "alan"), (), id="the longest name"),
        pytest.param("@Ada", ["ada", "ADA"], (), ("Several people are called @Ada.",), id="a name that two have"),
        pytest.param("@ada", ["ada", "ADA"], ("ada",), (), id="a name that two have, written exactly"),
        pytest.param("@zoë", ["Zoë"], ("Zoë",), (), id="a name that is not ASCII"),
        pytest.param("@ada @Ada", ["ada"], ("ada",), (), id="twice the same"),
        pytest.param("@ada.b", ["ada"], (), ("@ada.b is not in this team.",), id="a name that goes on"),
        pytest.param("@ada's desk", ["ada"], (), (), id="a possessive"),
    ],
)
def test_who_is_meant(text: str, names: list[str], people: tuple[str, ...], problems: tuple[str, ...]) -> None:
    understood = understand(text, zone=BERLIN, now=NOW, people=names)
    assert (understood.people, understood.problems) == (people, problems)


def test_parts_say_what_the_words_are_for() -> None:
    text = "Pay @ada every Friday at 9 from 1 Feb until 1 May except holidays in Asia/Tokyo, remind 1 day before"
    kinds = [(part.kind, part.words) for part in said(text).parts]
    assert kinds == [
        ("person", "@ada"),
        ("repeat", "every Friday"),
        ("time", "at 9"),
        ("start", "from 1 Feb"),
        ("end", "until 1 May"),
        ("days off", "except holidays"),
        ("zone", "in Asia/Tokyo"),
        ("lead", "remind 1 day before"),
    ]


TIMES = st.lists(
    st.builds(time, st.integers(0, 23), st.sampled_from(range(0, 60, 5))), min_size=1, max_size=4, unique=True
)
INTERVALS = st.sampled_from(["", "", ";INTERVAL=2", ";INTERVAL=3"])
WEEKS = st.lists(st.sampled_from(WEEKDAYS), min_size=1, max_size=6, unique=True).map(
    lambda days: ",".join(sorted(days, key=WEEKDAYS.index))
)
NUMBERED = st.builds("{}{}".format, st.sampled_from([1, 2, 3, 4, 5, -1, -2]), st.sampled_from(WEEKDAYS))
MONTH_DAYS = st.lists(st.sampled_from([1, 2, 15, 21, 28, 29, 30, 31, -1, -2, -3]), min_size=1, max_size=3, unique=True)
WORKING_WEEK = "MO,TU,WE,TH,FR"
RULES = st.one_of(
    st.just(""),
    st.builds("FREQ=DAILY{}".format, INTERVALS),
    st.builds("FREQ=WEEKLY{};BYDAY={}".format, INTERVALS, WEEKS),
    st.builds("FREQ=MONTHLY{};BYMONTHDAY={}".format, INTERVALS, MONTH_DAYS.map(lambda days: ",".join(map(str, days)))),
    st.builds("FREQ=MONTHLY{};BYDAY={}".format, INTERVALS, NUMBERED),
    st.builds(
        "FREQ=MONTHLY{};BYDAY={};BYSETPOS={}".format,
        INTERVALS,
        st.sampled_from([WORKING_WEEK, "SA,SU"]),
        st.sampled_from([1, 2, -1]),
    ),
    st.builds("FREQ=YEARLY{};BYMONTH={};BYMONTHDAY={}".format, INTERVALS, st.integers(1, 12), st.integers(1, 28)),
    st.builds("FREQ=YEARLY{};BYMONTH=2;BYMONTHDAY=29".format, INTERVALS),
    st.builds("FREQ=YEARLY{};BYMONTH={};BYDAY={}".format, INTERVALS, st.integers(1, 12), NUMBERED),
    st.builds("FREQ=YEARLY;BYMONTH=1,4,7,10;BYDAY={}{}".format, st.integers(1, 4), st.sampled_from(WEEKDAYS)),
)


@st.composite
def simple_schedules(draw: st.DrawFn) -> Schedule:
    """Schedules that begin with the first of their days that lies ahead, as a sentence has it."""
    rule = draw(RULES)
    times = tuple(sorted(draw(TIMES)))
    if not rule:
        return Schedule(BERLIN, draw(st.dates(date(2026, 11, 25), date(2037, 1, 1))), times)
    every = Schedule(BERLIN, date(2026, 11, 24), times, rule=rule.replace(";INTERVAL=2", "").replace(";INTERVAL=3", ""))
    ending = draw(st.sampled_from(["", "until", "count"]))
    day_off = draw(st.sampled_from([DayOff.STAY, DayOff.STAY, *DayOff]))
    every = replace(
        every,
        day_off=day_off,
        calendar=WorkCalendar() if day_off == DayOff.STAY else draw(st.sampled_from([WorkCalendar(), HOLIDAYS_ONLY])),
        month_end=draw(st.sampled_from(MonthEnd)) if max(parse(rule).month_days, default=0) > 28 else MonthEnd.LAST,
    )
    ahead = between(every, NOW - timedelta(days=1), NOW + timedelta(days=3000), limit=12)
    late = {slot.local.date() for slot in ahead if slot.at <= NOW} if ending == "count" else set()  # not a whole day
    first = [slot.local.date() for slot in ahead if slot.at > NOW and slot.local.date() not in late]
    assume(first)
    schedule = replace(every, rule=rule, start=first[0])
    if ending == "until":
        return replace(schedule, until=schedule.start + timedelta(days=draw(st.integers(0, 5000))))
    return bounded(replace(schedule, count=draw(st.integers(1, 40)))) if ending else schedule


@settings(max_examples=300, deadline=None)
@given(schedule=simple_schedules())
def test_what_describe_says_is_understood_as_the_same_schedule(schedule: Schedule) -> None:
    assume(accepted(schedule))
    words = describe(schedule)
    understood = said(words)
    assert understood.problems == ()
    assert understood.title == ""
    assert same(understood.schedule) == same(schedule)


def accepted(schedule: Schedule) -> bool:
    try:
        check(schedule)
    except ValueError:
        return False
    return next_after(schedule, NOW) is not None


def same(schedule: Schedule | None) -> tuple[object, Schedule]:
    """The schedule with its rule read, so that the order of its parts does not matter."""
    assert schedule
    return parse(schedule.rule) if schedule.rule else None, replace(schedule, rule="")


WORDS = """
    on at by in the every each other next this last first second 1st 2nd 15th 31st and , or of to from until till with
    monday tue fri. fridays weekdays weekend day days week weeks month quarter year working before after for between
    morning evening tonight noon midnight today tomorrow yesterday 1 2 9 10 20 25 9:00 9am 17:30 25:00 5pm half past
    5 december feb march 29 2026 2026-12-05 5.12. 03/04 25/12 minutes hours times time starting except holidays
    daily weekly monthly quarterly remind me notice @ada @bob utc cet tokyo Europe/Berlin cron: * 0 once leap years
    FREQ=DAILY;COUNT=3 RRULE:FREQ=MONTHLY;BYDAY=-1FR " a x buy milk - ( ) . : ; Ünï ☕ in months that have one
    if off unless also
"""
JOINED = st.lists(st.sampled_from(WORDS.split()), max_size=25).map(" ".join)


@settings(max_examples=600, deadline=None)
@given(text=st.one_of(JOINED, JOINED, st.text(max_size=510)))
@example(text="İ tomorrow")  # a letter that grows when it is made small
@example(text="\ud800 @\udc00 tomorrow")
@example(text="tomorrow" + "\N{COMBINING ACUTE ACCENT}")
@example(text="at 8, at 8, at 9")
@example(text="in 9999 years until in 9999 years for 9999 weeks every 9999 weeks")
@example(text="every day from 31 december 2199 until 31 december 2199 for 9999 years")
@example(text="every 1000 years on 29 february")
@example(text="every 0 days 0 times in 0 minutes for 0 weeks")
def test_nothing_raises_and_the_answer_holds_together(text: str) -> None:
    understood = said(text)
    position = 0
    for part in understood.parts:
        assert position <= part.start < part.end <= len(text)
        assert part.words == text[part.start : part.end]
        position = part.end
    assert bool(understood.problems) or not any(part.kind == "unknown" for part in understood.parts)
    if understood.schedule:
        check(understood.schedule)
        assert next_after(understood.schedule, NOW)
        assert describe(understood.schedule)


@settings(max_examples=300, deadline=None)
@given(text=JOINED)
def test_an_answer_is_said_back_as_it_was_understood(text: str) -> None:
    understood = said(text)
    schedule = understood.schedule
    # describe says neither when a series begins, nor cron in our words, nor "in months that have one" of an RRULE.
    assume(schedule and not schedule.cron and "RRULE" not in text and "FREQ" not in text)
    assume(not any(part.kind == "start" for part in understood.parts))
    assume(len(describe(schedule)) <= 500)
    again = said(describe(schedule), zone=schedule.zone)
    assert again.problems == ()
    assert again.schedule
    if "INTERVAL" in schedule.rule:
        # "every 2 weeks" counts from the day it is said, "every other week on Tuesday" from the next Tuesday.
        schedule = replace(schedule, start=again.schedule.start, until=again.schedule.until, last=again.schedule.last)
    assert same(again.schedule) == same(schedule)


def test_a_usual_sentence_takes_under_5_ms() -> None:
    for each in SENTENCES:
        said(each.values[0])  # dates are remembered, as while somebody types
    begun = stopwatch.process_time()
    for each in SENTENCES:
        said(each.values[0])
    assert (stopwatch.process_time() - begun) / len(SENTENCES) < pace.seconds(5)


@pytest.mark.parametrize(
    "piece",
    [
        *[
            "a ",
            "on ",
            "at 8 ",
            "1 ",
            "1, ",
            "1:",
            "the ",
            "every ",
            "monday, ",
            "mon-",
            "first ",
            "1st and ",
            "1 day ",
        ],
        *["1 day and ", "in 1 day 1 ", "@a ", "time ", "new york time ", '" ', "* ", " ", "a", "5 december ", "1/2 "],
        *[
            "5 and 6 and 7 december ",
            "from 1 to ",
            "FREQ=DAILY;",
            "cron: ",
            "half past ",
            "remind me ",
            "second to last ",
        ],
        *[
            "until 1 march from 2 march ",
            "except on monday, ",
            "every first and third monday and ",
            "31 february 2027 ",
        ],
    ],
)
def test_no_text_takes_longer_than_50_ms(piece: str) -> None:
    text = (piece * 500)[:500]
    said(text)
    taken = []
    for _attempt in range(3):
        begun = stopwatch.process_time()
        said(text)
        taken.append(stopwatch.process_time() - begun)
    assert min(taken) < pace.seconds(50)
