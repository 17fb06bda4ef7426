"""What `next_after` costs for a rule that began 20 years ago, beside one that begins today: `make bench`.

No database, no services. Prints the median of some repetitions for each and their ratio; judges nothing.
"""

import argparse
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta, timezone
from statistics import median
from time import perf_counter

from django.conf import settings

from reminders.schedule import DayOff, Schedule, WorkCalendar, bounded, next_after

TODAY = date(2026, 11, 24)
LONG_AGO = date(2006, 11, 24)
CALLS = 200
RULES = [
    "FREQ=DAILY",
    "FREQ=DAILY;INTERVAL=3",
    "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU",
    "FREQ=MONTHLY;BYMONTHDAY=31",
    "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
    "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29",
    "FREQ=YEARLY;BYMONTH=1,4,7,10;BYDAY=1TU",
    "FREQ=YEARLY;BYWEEKNO=53;BYDAY=MO",
]
CRONS = ["0 9 * * MON-FRI", "*/15 9-17 * * *", "0 9 29 2 *"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repetitions", type=int, default=7, help="3 at least")
    repetitions = max(3, parser.parse_args().repetitions)
    settings.configure(USE_I18N=False)
    print(f"next_after, µs a call: medians of {repetitions} x {CALLS} calls")
    print(f"{'schedule':<58}{'from today':>12}{'20 years old':>14}{'ratio':>8}")
    for name, schedule in _schedules():
        young, old = _medians(schedule, repetitions)
        print(f"{name:<58}{young:>12.1f}{old:>14.1f}{old / young:>8.2f}")


def _schedules() -> Iterator[tuple[str, Schedule]]:
    berlin = Schedule("Europe/Berlin", TODAY, (time(9),))
    bavaria = WorkCalendar(country="DE", region="BY")
    for rule in RULES:
        yield rule, _with(berlin, rule=rule)
    for cron in CRONS:
        yield f"cron {cron}", _with(berlin, cron=cron, times=())
    for day_off in (DayOff.NEXT, DayOff.PREVIOUS, DayOff.SKIP):
        name = f"FREQ=MONTHLY;BYMONTHDAY=1, days off: {day_off.value}"
        yield name, _with(berlin, rule="FREQ=MONTHLY;BYMONTHDAY=1", day_off=day_off, calendar=bavaria)
    yield "FREQ=WEEKLY;INTERVAL=2, 1,000 times", _with(berlin, rule="FREQ=WEEKLY;INTERVAL=2", count=1000)


def _with(schedule: Schedule, **parts: object) -> Schedule:
    return Schedule(**{**vars(schedule), **parts})


def _medians(schedule: Schedule, repetitions: int) -> tuple[float, float]:
    """Microseconds a call, young and old; by turns, so that a busy machine slows both alike."""
    ages = [bounded(_with(schedule, start=begun)) for begun in (TODAY, LONG_AGO)]
    now = datetime.combine(TODAY, time(), tzinfo=timezone.utc) + timedelta(days=40)
    instants = [now + timedelta(hours=n) for n in range(CALLS)]
    for each in ages:
        next_after(each, now)
    young, old = zip(*([_once(each, instants) for each in ages] for _repetition in range(repetitions)), strict=True)
    return median(young), median(old)


def _once(schedule: Schedule, instants: list[datetime]) -> float:
    begun = perf_counter()
    for instant in instants:
        next_after(schedule, instant)
    return (perf_counter() - begun) / len(instants) * 1_000_000


if __name__ == "__main__":
    main()
