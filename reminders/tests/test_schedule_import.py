"""What becomes of an RRULE from elsewhere, and what is refused. When it comes due is in schedule_rows/ends.py."""

import time as stopwatch
from datetime import date, datetime, time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reminders.schedule import MonthEnd, Schedule, ScheduleError, bounded, check, import_rule
from reminders.tests import pace

ANCHOR = Schedule("Europe/Berlin", date(2026, 11, 24), (time(9),), cron="", until=date(2030, 1, 1))
QUARTERS_OF_AN_HOUR = tuple(time(hour, minute) for hour in range(24) for minute in (0, 15, 30, 45))

ACCEPTED = [
    # (text, the rule, what else the schedule says)
    ("FREQ=DAILY", "FREQ=DAILY", {"times": (time(9),), "until": None, "last": None, "count": None}),
    ("RRULE:FREQ=DAILY", "FREQ=DAILY", {}),
    ("rrule:freq=weekly;byday=mo", "FREQ=WEEKLY;BYDAY=MO", {}),
    (" FREQ=DAILY; ", "FREQ=DAILY", {}),
    ("FREQ=MONTHLY;BYMONTHDAY=31", "FREQ=MONTHLY;BYMONTHDAY=31", {"month_end": MonthEnd.SKIP}),
    ("FREQ=DAILY;COUNT=3", "FREQ=DAILY", {"count": 3, "last": datetime(2026, 11, 26, 9), "until": None}),
    ("FREQ=DAILY;UNTIL=20261231", "FREQ=DAILY", {"until": date(2026, 12, 31), "last": None}),
    ("FREQ=DAILY;UNTIL=20261231T120000", "FREQ=DAILY", {"last": datetime(2026, 12, 31, 12)}),
    (
        "FREQ=DAILY;UNTIL=20261231T233000Z",
        "FREQ=DAILY",
        {"until": date(2027, 1, 1), "last": datetime(2027, 1, 1, 0, 30)},
    ),
    ("UNTIL=20261231;FREQ=DAILY;INTERVAL=2", "FREQ=DAILY;INTERVAL=2", {"until": date(2026, 12, 31)}),
    ("FREQ=DAILY;BYHOUR=17,8", "FREQ=DAILY", {"times": (time(8), time(17))}),
    ("FREQ=DAILY;BYHOUR=8,8,08", "FREQ=DAILY", {"times": (time(8),)}),
    ("FREQ=DAILY;BYHOUR=8,9;BYMINUTE=0,30", "FREQ=DAILY", {"times": (time(8), time(8, 30), time(9), time(9, 30))}),
    ("FREQ=DAILY;BYMINUTE=20;BYSECOND=5", "FREQ=DAILY", {"times": (time(9, 20, 5),)}),
    ("FREQ=DAILY;BYHOUR=8;BYSETPOS=1;BYDAY=MO", "FREQ=DAILY;BYSETPOS=1;BYDAY=MO", {"times": (time(8),)}),
    ("FREQ=HOURLY", "FREQ=DAILY", {"times": tuple(time(hour) for hour in range(24))}),
    ("FREQ=HOURLY;INTERVAL=24", "FREQ=DAILY", {"times": (time(9),)}),
    ("FREQ=HOURLY;INTERVAL=8", "FREQ=DAILY", {"times": (time(1), time(9), time(17))}),
    ("FREQ=HOURLY;INTERVAL=3;BYHOUR=9,10,12", "FREQ=DAILY", {"times": (time(9), time(12))}),
    ("FREQ=HOURLY;BYDAY=SA;BYMINUTE=0,15,30,45", "FREQ=DAILY;BYDAY=SA", {"times": QUARTERS_OF_AN_HOUR}),
    ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=SU", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=SU", {}),
]

REFUSED = [
    ("", "not a rule"),
    ("every day", "not a rule"),
    ("COUNT=3", "not a rule"),
    ("INTERVAL=2", "FREQ must be"),
    ("FREQ=", "not a rule"),
    ("FREQ=DAILY;;COUNT=3", "not a rule"),
    ("FREQ=DAILY\nDTSTART:20260101", "not a rule"),
    ("DTSTART:20260101T090000\nRRULE:FREQ=DAILY", "not a rule"),
    ("FREQ=DAILY;COUNT=3;COUNT=4", "given twice"),
    ("FREQ=MINUTELY", "FREQ must be"),
    ("FREQ=SECONDLY;INTERVAL=10", "FREQ must be"),
    ("FREQ=HOURLY;INTERVAL=5", "INTERVAL divides the 24 hours"),
    ("FREQ=HOURLY;INTERVAL=0", "INTERVAL divides the 24 hours"),
    ("FREQ=HOURLY;INTERVAL=48", "INTERVAL divides the 24 hours"),
    ("FREQ=HOURLY;INTERVAL=-1", "INTERVAL divides the 24 hours"),
    ("FREQ=HOURLY;INTERVAL=1,2", "INTERVAL divides the 24 hours"),
    ("FREQ=HOURLY;INTERVAL=2;BYHOUR=8,10", "never comes due"),
    ("FREQ=HOURLY;BYDAY=MO;BYSETPOS=1", "BYSETPOS with several times"),
    ("FREQ=HOURLY;BYDAY=1MO", "needs FREQ=MONTHLY"),
    ("FREQ=HOURLY;BYMINUTE=0,10,20,30,40", "More than 96 times"),
    ("FREQ=DAILY;BYHOUR=8,9;BYDAY=MO;BYSETPOS=-1", "BYSETPOS with several times"),
    ("FREQ=DAILY;BYHOUR=24", "BYHOUR must be from 0 to 23"),
    ("FREQ=DAILY;BYHOUR=-1", "BYHOUR must be from 0 to 23"),
    ("FREQ=DAILY;BYHOUR=8,,9", "BYHOUR must be from 0 to 23"),
    ("FREQ=DAILY;BYMINUTE=60", "BYMINUTE must be from 0 to 59"),
    ("FREQ=DAILY;BYMINUTE=XX", "BYMINUTE must be from 0 to 59"),
    ("FREQ=DAILY;BYSECOND=60", "BYSECOND must be from 0 to 59"),
    ("FREQ=DAILY;COUNT=3;UNTIL=20261231", "not by both"),
    ("FREQ=DAILY;COUNT=0", "COUNT must be a whole number"),
    ("FREQ=DAILY;COUNT=-3", "COUNT must be a whole number"),
    ("FREQ=DAILY;COUNT=1,2", "COUNT must be a whole number"),
    ("FREQ=DAILY;COUNT=12345678", "COUNT must be a whole number"),
    ("FREQ=DAILY;UNTIL=2026", "UNTIL must be a date"),
    ("FREQ=DAILY;UNTIL=20261301", "UNTIL must be a date"),
    ("FREQ=DAILY;UNTIL=20260230T090000Z", "UNTIL must be a date"),
    ("FREQ=DAILY;UNTIL=20261231T0900", "UNTIL must be a date"),
    ("FREQ=DAILY;UNTIL=20261231T250000", "UNTIL must be a date"),
    ("FREQ=DAILY;UNTIL=20261231T090000+01", "UNTIL must be a date"),
    ("FREQ=DAILY;BYEASTER=0", "BYEASTER cannot be used"),
    ("FREQ=MONTHLY;RSCALE=CHINESE;SKIP=FORWARD", "RSCALE, SKIP cannot be used"),
    ("FREQ=YEARLY;BYMONTH=5L", "whole numbers"),
    ("FREQ=YEARLY;BYMONTH=" + ",".join(["1"] * 300), "500 characters"),
]

AT_SAVING = [
    ("FREQ=DAILY;COUNT=1001", "from 1 to 1000 times"),
    ("FREQ=DAILY;UNTIL=20261001", "before the start"),
    ("FREQ=DAILY;UNTIL=20261124T080000Z;BYHOUR=9;BYMINUTE=30", "never comes due"),
    ("FREQ=DAILY;BYSECOND=0,30", "at least 5 minutes apart"),
    ("FREQ=HOURLY;BYMINUTE=0,58", "at least 5 minutes apart"),
    ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "never comes due"),
]


@pytest.mark.parametrize(("text", "rule", "said"), ACCEPTED, ids=[text for text, *_rest in ACCEPTED])
def test_it_becomes_a_schedule(text: str, rule: str, said: dict[str, object]) -> None:
    schedule = import_rule(text, ANCHOR)
    assert (schedule.zone, schedule.start, schedule.rule, schedule.cron) == ("Europe/Berlin", ANCHOR.start, rule, "")
    assert {name: getattr(schedule, name) for name in said} == said
    assert bounded(schedule) == schedule


@pytest.mark.parametrize(("text", "sentence"), REFUSED, ids=[text[:60] for text, _sentence in REFUSED])
def test_it_is_refused_with_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(ScheduleError, match=sentence):
        import_rule(text, ANCHOR)


@pytest.mark.parametrize(("text", "sentence"), AT_SAVING, ids=[text for text, _sentence in AT_SAVING])
def test_it_can_be_read_but_not_saved(text: str, sentence: str) -> None:
    schedule = import_rule(text, ANCHOR)
    with pytest.raises(ScheduleError, match=sentence):
        check(schedule)


def test_exceptions_of_another_rule_are_not_taken_over() -> None:
    moved = ((datetime(2026, 11, 25, 9), datetime(2026, 11, 25, 10)),)
    old = Schedule(
        "UTC",
        date(2026, 11, 24),
        (time(9),),
        rule="FREQ=DAILY",
        skipped=frozenset({datetime(2026, 11, 26, 9)}),
        moved=moved,
    )
    schedule = import_rule("FREQ=WEEKLY", old, [datetime(2026, 12, 1, 9)])
    assert (schedule.skipped, schedule.moved) == (frozenset({datetime(2026, 12, 1, 9)}), ())


WORDS = st.sampled_from(
    [
        *("FREQ=DAILY", "FREQ=HOURLY", "FREQ=YEARLY", "FREQ=MONTHLY", "COUNT=9", "UNTIL=20270101T000000Z"),
        *("INTERVAL=1000", "BYHOUR=1,2", "BYMINUTE=5", "BYSETPOS=-1", "BYDAY=-53MO", "BYDAY=MO", "BYMONTHDAY=-31"),
        *("BYWEEKNO=53", "BYYEARDAY=-366", "BYMONTH=2", "WKST=SU", "=", "BYDAY", "X-FOO=1", "UNTIL=00010101T000000Z"),
    ]
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(WORDS | st.text(max_size=12), max_size=6).map(";".join))
def test_whatever_is_written_it_is_read_or_refused_within_50_ms(text: str) -> None:
    def decide() -> float:
        begun = stopwatch.process_time()
        try:
            check(import_rule(text, ANCHOR))
        except ScheduleError as error:
            assert str(error).endswith(".")
        return stopwatch.process_time() - begun

    assert decide() < 0.05 or min(decide() for _ in range(3)) < pace.seconds(50)
