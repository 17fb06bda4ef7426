"""Limits on time that hold on a busy machine too: they stretch with what a fixed piece of work takes just then."""

from datetime import date, timedelta
from time import process_time

# What `_work` takes on an idle core of the kind that the limits were set on.
USUAL = 0.0125


def seconds(milliseconds: float) -> float:
    """A limit on CPU time in seconds, longer by as much as this machine is slower just now."""
    return milliseconds / 1000 * max(1.0, min(_work() for _ in range(3)) / USUAL)


def _work() -> float:
    begun, day, total = process_time(), date(2026, 1, 1), 0
    for n in range(20_000):
        total += (day + timedelta(days=n % 3000)).weekday()
    return process_time() - begun
