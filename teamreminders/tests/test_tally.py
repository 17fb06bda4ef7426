"""Counts that all processes share."""

import os
import subprocess
import sys
import time
from typing import Any

import pytest

from teamreminders import tally
from teamreminders.embedded.run import CHECKOUT
from teamreminders.tally import KEY, TALLY, Counter, Histogram
from teamreminders.tests.test_worker import until

APPLES = Counter("apples", "Apples", ("colour",))
WAITS = Histogram("waits", "Waits", (0.5, 1.0))
NOBODY_LISTENS = "redis://127.0.0.1:9/0"


@pytest.fixture
def empty(redis: Any) -> Any:
    TALLY.write()  # what other tests have counted
    redis.flushall()
    return redis


def counted(redis: Any) -> dict[str, float]:
    return tally.parsed(redis.hgetall(KEY))


def test_what_was_counted_is_added_to_what_others_have_counted(empty: Any) -> None:
    empty.hset(KEY, "apples|red", 40)
    APPLES.add(1, "red")
    APPLES.add(1, "red")
    APPLES.add(3, "green")
    TALLY.write()
    assert counted(empty) == {"apples|red": 42, "apples|green": 3}


def test_a_wait_is_counted_once_below_its_bound_and_summed_up(empty: Any) -> None:
    for seconds in (0.25, 0.5, 0.75, 7.0, -1.0):
        WAITS.observe(seconds)
    TALLY.write()
    assert counted(empty) == {"waits|0.5": 3, "waits|1.0": 1, "waits|inf": 1, "waits|sum": 8.5}


def test_it_is_written_within_a_second_or_two_without_being_asked(empty: Any) -> None:
    APPLES.add(1, "red")
    assert until(lambda: counted(empty), 5) == {"apples|red": 1}


def test_a_thousand_counts_are_one_round_trip(empty: Any) -> None:
    for _ in range(1000):
        APPLES.add(1, "red")
        WAITS.observe(0.1)
    before = empty.info("commandstats").get("cmdstat_hincrbyfloat", {}).get("calls", 0)
    TALLY.write()
    assert empty.info("commandstats")["cmdstat_hincrbyfloat"]["calls"] - before == 3


def test_counting_nothing_touches_nothing(empty: Any) -> None:
    APPLES.add(0, "red")
    TALLY.write()
    assert counted(empty) == {}


def test_what_redis_could_not_take_is_kept_for_later(empty: Any, settings: Any) -> None:
    there = settings.REDIS_URL
    settings.REDIS_URL = NOBODY_LISTENS
    APPLES.add(2, "red")
    TALLY.write()
    settings.REDIS_URL = there
    APPLES.add(1, "red")
    TALLY.write()
    assert counted(empty) == {"apples|red": 3}


def test_counting_never_waits_for_redis(empty: Any, settings: Any) -> None:
    settings.REDIS_URL = "redis://192.0.2.1:6379/0"  # swallows what is sent to it (RFC 5737)
    begun = time.monotonic()
    for _ in range(10_000):
        APPLES.add(1, "red")
    assert time.monotonic() - begun < 1.0


def run(code: str) -> None:
    """Another process of ours."""
    begin = "import os, django; django.setup(); from teamreminders.tally import OCCURRENCES, TALLY\n"
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "teamreminders.settings"}
    subprocess.run([sys.executable, "-c", begin + code], cwd=CHECKOUT, env=environment, check=True, timeout=60)


def test_a_process_writes_its_last_counts_when_it_ends(empty: Any) -> None:
    run("OCCURRENCES.add(7)")
    assert counted(empty) == {"occurrences_dispatched": 7}


def test_a_fork_writes_what_it_counts_and_leaves_the_rest_to_its_parent(empty: Any) -> None:
    run("OCCURRENCES.add(1); child = os.fork(); OCCURRENCES.add(0 if child else 10)\nif child: os.waitpid(child, 0)")
    assert counted(empty) == {"occurrences_dispatched": 11}


def test_fields_of_the_catalogue_are_told_apart() -> None:
    names = [metric.name for metric in (*tally.COUNTERS, *tally.HISTOGRAMS)]
    assert len(set(names)) == len(names)
    assert tally.MESSAGES.field("delivery", "later") == "messages|delivery|later"
