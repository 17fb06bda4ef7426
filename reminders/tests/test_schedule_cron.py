"""Cron, held against cronsim's own walk through time."""

from datetime import date, datetime, timedelta, timezone
from itertools import islice
from zoneinfo import ZoneInfo

import pytest
from cronsim import CronSim

from reminders.schedule import Schedule, between, next_after

EXPRESSIONS = """
0 9 * * *            | 0 9 * * MON-FRI      | 0 9 * * 1-5          | 0 9 * * 0            | 0 9 * * 7
0 9 * * 5-7          | 0 9 * * 0-7          | 0 9 * * SUN,SAT      | 30 8 * * MON,WED,FRI | 0 0 * * *
59 23 * * *          | */15 * * * *         | */25 * * * *         | 5/20 * * * *         | 10-50/20 * * * *
0 */6 * * *          | 0 */5 * * *          | 0 3/7 * * *          | 0 9-17 * * *         | 0 9-17/4 * * *
0,30 8-9,12 * * *    | 15 2 * * *           | 45 1,2,3 * * *       | 0 9 1 * *            | 0 9 15,30 * *
0 9 31 * *           | 0 9 29 2 *           | 0 9 */10 * *         | 0 9 1-7 * *          | 0 9 10/5 * *
0 9 L * *            | 0 9 LW * *           | 0 9 L,15 * *         | 0 9 1,LW * *         | 0 9 L 2 *
0 9 * * MON#1        | 0 9 * * 2#2          | 0 9 * * SUN#5        | 0 9 * * 7#1          | 0 9 * * MON#1,MON#3
0 9 * * 5L           | 0 9 * * 0L           | 0 9 * * 7L           | 0 9 * * MON#1,5L     | 0 9 * 2 4L
0 9 13 * FRI         | 0 9 1 * MON          | 0 9 L * FRI          | 0 9 LW * 1-5         | 0 9 1,15 * MON#1
0 9 */2 * MON        | 0 9 */3 * 1-5        | 0 9 1 * */2          | 0 9 */7 * */3        | 0 9 *,5 * MON
0 9 1 1 *            | 0 9 1 */3 *          | 0 9 1 JAN,JUL *      | 0 9 * 2/4 *          | 0 9 31 1-6 *
0 9 * 6-8 MON-FRI    | */30 9-17 1-7 * MON  | 0 9 24,31 DEC *      | 0 9 29 2 MON         | 0 12 4 7 *
"""
EACH = [each.strip() for each in EXPRESSIONS.strip().replace("\n", "|").split("|")]
# Where the clocks change in Berlin, cronsim does as Debian's cron: these are its instants and ours, in UTC.
SPRING, AUTUMN = "2026-03-29", "2026-10-25"
DIFFERENCES = [
    # (expression, the day, only cronsim's, only ours, why)
    ("30 2 * * *", SPRING, ["01:00"], ["01:30"], "it fires when the gap ends; we move by the gap, as with every rule"),
    ("15,45 2 * * *", SPRING, ["01:00"], ["01:15", "01:45"], "it fires both when the gap ends; we move each"),
    ("30 2 * * *", AUTUMN, [], [], "once, at the first: no difference"),
    ("0 2-3 * * *", SPRING, [], [], "02:00 moves to 03:00, which is there already: no difference"),
    ("30 * * * *", SPRING, [], [], "02:30 moves to 03:30, which is there already: no difference"),
    ("30 * * * *", AUTUMN, ["01:30"], [], "with a star for the hour it fires in both passes; we in the first"),
    ("*/30 * * * *", AUTUMN, ["01:00", "01:30"], [], "stars: it fires in both passes; we in the first"),
    ("*/30 2 * * *", SPRING, [], ["01:00", "01:30"], "it leaves out an hour that is not there; we move by the gap"),
    ("*/30 2 * * *", AUTUMN, ["01:00", "01:30"], [], "a star for the minute: it fires in both passes"),
    ("30 */2 * * *", SPRING, [], ["01:30"], "it leaves out 02:30, a star for the hour; we move by the gap"),
    ("30 */2 * * *", AUTUMN, ["01:30"], [], "it fires at both 02:30s; we at the first"),
]


def test_there_are_many() -> None:
    assert len(set(EACH)) == len(EACH) >= 60


@pytest.mark.parametrize("expression", EACH)
def test_on_clocks_that_never_change_it_says_what_cronsim_says(expression: str) -> None:
    start = datetime(2026, 11, 24, 9)
    expected = list(islice(CronSim(expression, start), 120))
    found, after = [], start.replace(tzinfo=timezone.utc)
    end = min(expected[-1], datetime(2040, 1, 1))
    for slot in between(Schedule("UTC", date(2026, 1, 1), cron=expression), after, end.replace(tzinfo=timezone.utc)):
        assert slot.at.replace(tzinfo=None) == slot.local
        found.append(slot.local)
    assert found == [each for each in expected if each <= end]


@pytest.mark.parametrize("expression", EACH)
@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe"])
def test_away_from_clock_changes_it_says_what_cronsim_says(expression: str, zone: str) -> None:
    there = ZoneInfo(zone)
    for begin in (datetime(2026, 1, 10, tzinfo=timezone.utc), datetime(2026, 6, 10, tzinfo=timezone.utc)):
        end = begin + timedelta(days=6)
        theirs = []
        for instant in CronSim(expression, begin.astimezone(there)):
            if instant.astimezone(timezone.utc) > end:
                break
            theirs.append(instant.astimezone(timezone.utc))
        ours = between(Schedule(zone, date(2020, 1, 1), cron=expression), begin, end, limit=10_000)
        assert [slot.at for slot in ours] == theirs


@pytest.mark.parametrize(("expression", "day", "only_theirs", "only_ours", "why"), DIFFERENCES)
def test_where_clocks_change_it_differs_with_a_reason(
    expression: str, day: str, only_theirs: list[str], only_ours: list[str], why: str
) -> None:
    begin = datetime.fromisoformat(day).replace(tzinfo=timezone.utc) - timedelta(hours=2)
    end = begin + timedelta(hours=10)
    theirs = set()
    for instant in CronSim(expression, begin.astimezone(ZoneInfo("Europe/Berlin"))):
        if instant.astimezone(timezone.utc) > end:
            break
        theirs.add(f"{instant.astimezone(timezone.utc):%H:%M}")
    slots = between(Schedule("Europe/Berlin", date(2020, 1, 1), cron=expression), begin, end)
    ours = {f"{slot.at:%H:%M}" for slot in slots}
    assert (sorted(theirs - ours), sorted(ours - theirs)) == (only_theirs, only_ours), why


def test_a_pause_of_decades_is_waited_for_as_long_as_cronsim_waits() -> None:
    schedule = Schedule("UTC", date(2026, 1, 1), cron="0 9 29 2 */7")  # 29 February on a Sunday
    slot = next_after(schedule, datetime(2088, 3, 1, tzinfo=timezone.utc))
    assert slot is not None and slot.local == next(CronSim("0 9 29 2 */7", datetime(2088, 3, 1)))
