"""What all processes count together: counters and histograms in one Redis hash, read by `/metrics`.

Counting is adding to a dictionary. A thread of the process writes what has gathered once a second, in one round trip;
nothing that sends ever waits for it. While Redis is away the counts are kept and written later; emptying Redis is a
counter reset, which Prometheus understands. A killed process loses at most its last second, and an answer of Redis
that was lost may count a second twice: these are figures for graphs and alarms, the rows in PostgreSQL are the truth.
"""

import atexit
import logging
import os
import threading
import time
from bisect import bisect_left
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import ClassVar

from django.conf import settings
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError, RedisError
from redis.retry import Retry

log = logging.getLogger(__name__)

KEY = "teamreminders:tally"
WRITE_EVERY = 1.0
INFINITY = float("inf")


class Tally:
    """What this process has counted since it last wrote."""

    def __init__(self) -> None:
        self._begin()
        atexit.register(self.write)
        os.register_at_fork(after_in_child=self._begin)  # what the parent has counted, the parent writes

    def _begin(self) -> None:
        self._lock = threading.Lock()
        self._counts: dict[str, float] = defaultdict(float)
        self._writer: threading.Thread | None = None

    def add(self, counts: dict[str, float]) -> None:
        with self._lock:
            for field, by in counts.items():
                self._counts[field] += by
            if self._writer is None:
                self._writer = threading.Thread(target=self._keep_writing, name="tally", daemon=True)
                self._writer.start()

    def write(self) -> None:
        """Add to the hash what has gathered; keep it when Redis does not answer."""
        with self._lock:
            counts, self._counts = self._counts, defaultdict(float)
        if not counts:
            return
        try:
            with connection().pipeline() as pipeline:
                for field, by in counts.items():
                    pipeline.hincrbyfloat(KEY, field, by)
                pipeline.execute(raise_on_error=False)  # a field that somebody else wrote into stays as it is
        except RedisError as error:
            log.info("counts are kept until Redis answers: %s", type(error).__name__)
            self.add(counts)

    def _keep_writing(self) -> None:
        while True:
            time.sleep(WRITE_EVERY)
            self.write()


TALLY = Tally()


@dataclass(frozen=True)
class Counter:
    """Something that only grows. `labels` are the names of its dimensions."""

    name: str
    help: str
    labels: tuple[str, ...] = ()

    def add(self, by: int, *values: str) -> None:
        """Count, for these values of the labels."""
        if by:
            TALLY.add({self.field(*values): by})

    def field(self, *values: str) -> str:
        return "|".join((self.name, *values))


@dataclass(frozen=True)
class Histogram:
    """How often something took how long, in seconds. `bounds` are upper ends, ascending; above the last is infinity."""

    name: str
    help: str
    bounds: tuple[float, ...]

    SUM: ClassVar[str] = "sum"

    def observe(self, seconds: float) -> None:
        seconds = max(seconds, 0.0)
        TALLY.add({self.field(self._bound(seconds)): 1, self.field(self.SUM): seconds})

    def field(self, bound: float | str) -> str:
        return f"{self.name}|{bound}"

    def _bound(self, seconds: float) -> float:
        place = bisect_left(self.bounds, seconds)
        return self.bounds[place] if place < len(self.bounds) else INFINITY


OCCURRENCES = Counter("occurrences_dispatched", "Occurrences whose step has come and was dispatched")
DELIVERIES = Counter("deliveries_dispatched", "Messages that dispatch has written into the outbox")
MESSAGES = Counter("messages", "Messages by what became of them: one for each try", ("kind", "outcome"))
LATENESS = Histogram(
    "lateness_seconds",
    "Accepted by the mail server minus due",
    (0.5, 1.0, 2.0, 3.0, 5.0, 10.0, 30.0, 60.0, 300.0, 900.0, 3600.0, 21600.0, 86400.0),
)
SMTP = Histogram(
    "smtp_seconds",
    "What one message took from MAIL FROM to the server's answer",
    (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0),
)
COUNTERS = (OCCURRENCES, DELIVERIES, MESSAGES)
HISTOGRAMS = (LATENESS, SMTP)

KINDS = ("delivery", "accountmail")
OUTCOMES = ("accepted", "later", "refused", "failed", "suppressed")


def parsed(counts: dict[bytes, bytes]) -> dict[str, float]:
    """What is stored below KEY: all that was counted, by field."""
    found = {}
    for field, value in counts.items():
        with suppress(ValueError):  # not ours
            found[field.decode()] = float(value)
    return found


def connection() -> Redis:
    """A client for glances: a Redis that hangs is waited for a second, and asked nothing more.

    What fails at once is tried again, such as over a line that Redis has closed since.
    """
    return _client(settings.REDIS_URL)


@cache
def _client(url: str) -> Redis:
    retry = Retry(NoBackoff(), 1, supported_errors=(ConnectionError,))
    return Redis.from_url(url, socket_connect_timeout=1, socket_timeout=1, retry=retry)
