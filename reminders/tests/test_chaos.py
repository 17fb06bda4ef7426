"""Real processes among faults: what was due is compared with what the mail server accepted.

`make test ARGS="-m chaos"`: some runs and the moments that chance would rarely hit, in about three minutes.
Random runs come from a seed each: CHAOS_SEED=7 runs that one again, CHAOS_RUNS=60 that many from there on.
"""

import os
import shutil
import signal
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import django_rq
import pytest
from django.db import connection, transaction
from django.utils import timezone

from reminders.models import Delivery
from teamreminders import heartbeat
from teamreminders.embedded.run import Run
from teamreminders.testing.sink import Fault
from teamreminders.testing.stack import Handle, Stack

from .chaos.process import HAND_OVER_AGAIN
from .chaos.run import ChaosRun
from .chaos.world import World, limit_files, until
from .scenes import reminder_due, rounded, team_of

pytestmark = [pytest.mark.chaos, pytest.mark.django_db(transaction=True)]

# Unless asked for others: between them they draw every kind of fault but one.
SEEDS: Iterable[int] = [609, 905]
if {"CHAOS_SEED", "CHAOS_RUNS"} & os.environ.keys():
    FIRST = int(os.environ.get("CHAOS_SEED", "1"))
    SEEDS = range(FIRST, FIRST + int(os.environ.get("CHAOS_RUNS", "1")))
PEOPLE = 3


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_due_arrives_once_whatever_happens(
    seed: int, stack: Stack, services: Run, tmp_path: Path, capsys: Any
) -> None:
    run = ChaosRun(seed, stack, services, tmp_path)
    try:
        report = run.run()
        with capsys.disabled():
            print(f"\n{report}")
        assert report.is_good, report.outcome
    except BaseException:
        kept = shutil.copytree(tmp_path, tempfile.mkdtemp(prefix=f"team-reminders-chaos-{seed}-"), dirs_exist_ok=True)
        print(f"To run it again: CHAOS_SEED={seed} make test ARGS='-m chaos -k whatever'. Its logs are in {kept}")
        raise
    finally:
        print("\n".join(run.world.timeline))
        run.world.close()


# --- Moments that chance would rarely hit ---


@pytest.fixture
def world(stack: Stack, services: Run, tmp_path: Path) -> Iterator[World]:
    world = World(stack, services, tmp_path)
    yield world
    world.close()


def something_is_due(*, in_seconds: float = 2, **fields: Any) -> None:
    at = rounded(timezone.now()) + timedelta(seconds=in_seconds)
    lead = timedelta(minutes=max(fields.get("lead_times", [0])))
    reminder_due(team_of(PEOPLE), at + lead, planned_at=timezone.now(), **fields)


def running_scheduler(world: World) -> Handle:
    scheduler = world.start_scheduler()
    until(lambda: heartbeat.age(world.redis, timezone.now()) is not None)
    return scheduler


def copies(world: World) -> list[int]:
    """How often each message has arrived, once all are settled."""
    until(lambda: Delivery.objects.filter(state="sent").count() == PEOPLE, seconds=60)
    world.end()
    return sorted(Counter(entry.message_id for entry in world.sink.accepted()).values())


@contextmanager
def deliveries_locked() -> Iterator[None]:
    """Nobody can write one meanwhile."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE reminders_delivery IN SHARE MODE")
        yield


def somebody_waits_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
        return cursor.fetchone() is not None


def test_a_worker_killed_between_acceptance_and_settling_costs_one_duplicate(world: World) -> None:
    world.sink.set(Fault.LINGER, 1, 30)
    something_is_due()
    world.start_scheduler()
    worker = world.start_worker()
    until(world.sink.accepted)
    world.kill(worker)
    world.sink.set(Fault.NONE)
    world.start_worker()
    assert copies(world) == [1, 1, 2]


def test_a_worker_killed_between_its_claim_and_the_message_costs_nothing(world: World) -> None:
    world.sink.set(Fault.STALL, 1, 30)
    something_is_due()
    world.start_scheduler()
    worker = world.start_worker()
    until(world.sink.entries)
    assert Delivery.objects.filter(state="sending").exists()
    world.kill(worker)
    world.sink.set(Fault.NONE)
    world.start_worker()
    assert copies(world) == [1, 1, 1]


def test_a_frozen_worker_whose_claim_lapses_costs_one_duplicate(world: World) -> None:
    world.sink.set(Fault.LINGER, 1, 1)
    something_is_due()
    world.start_scheduler()
    worker = world.start_worker()
    until(world.sink.accepted)
    worker.kill(signal.SIGSTOP)
    world.start_worker()
    until(lambda: len(world.sink.accepted()) == PEOPLE + 1)
    worker.kill(signal.SIGCONT)
    assert copies(world) == [1, 1, 2]


def test_postgresql_killed_between_acceptance_and_settling_costs_nothing(world: World) -> None:
    """The worker keeps the answer until it can be written."""
    world.sink.set(Fault.LINGER, 1, 1)
    something_is_due()
    world.start_scheduler()
    world.start_worker()
    until(world.sink.accepted)
    world.kill_postgres(0.5)
    assert copies(world) == [1, 1, 1]


def test_a_scheduler_killed_between_dispatch_and_hand_over_costs_nothing(world: World) -> None:
    scheduler = running_scheduler(world)
    something_is_due()
    os.kill(world.valkey.program.pid, signal.SIGSTOP)
    until(Delivery.objects.exists)
    world.kill(scheduler)
    os.kill(world.valkey.program.pid, signal.SIGCONT)
    assert not django_rq.get_queue("default").count
    world.start_scheduler()
    world.start_worker()
    assert copies(world) == [1, 1, 1]


def test_a_scheduler_killed_in_the_middle_of_a_hand_over_costs_nothing_but_time(world: World) -> None:
    """The rows say that they were handed over, and no job names them."""
    scheduler = running_scheduler(world)
    something_is_due()
    world.redis.client_pause(60_000, all=False)  # for writes only
    until(lambda: Delivery.objects.filter(next_try_at__gt=timezone.now() + HAND_OVER_AGAIN / 2).count() == PEOPLE)
    world.kill(scheduler)
    world.redis.client_unpause()
    assert not django_rq.get_queue("default").count
    world.start_scheduler()
    world.start_worker()
    assert copies(world) == [1, 1, 1]


def test_a_scheduler_killed_in_the_middle_of_an_advance_step_takes_it_again(world: World) -> None:
    scheduler = running_scheduler(world)
    something_is_due(lead_times=[30])
    with deliveries_locked():
        until(somebody_waits_for_a_lock)
        world.kill(scheduler)
    assert not Delivery.objects.exists()
    world.start_scheduler()
    world.start_worker()
    assert copies(world) == [1, 1, 1]


def test_a_scheduler_frozen_in_the_middle_of_a_dispatch_loses_its_locks_to_another(world: World) -> None:
    scheduler = running_scheduler(world)
    something_is_due()
    with deliveries_locked():
        until(somebody_waits_for_a_lock)
        scheduler.kill(signal.SIGSTOP)
    world.start_scheduler()
    world.start_worker()
    until(lambda: Delivery.objects.filter(state="sent").count() == PEOPLE)
    scheduler.kill(signal.SIGCONT)
    assert copies(world) == [1, 1, 1]


def test_a_full_disk_under_valkey_costs_nothing_but_time(world: World) -> None:
    running_scheduler(world)
    world.start_worker()
    limit_files(world.valkey.program.pid, 1)
    something_is_due()
    until(Delivery.objects.exists)
    assert not world.sink.accepted()
    limit_files(world.valkey.program.pid, None)
    assert copies(world) == [1, 1, 1]


@pytest.mark.parametrize("seconds", [-3, 3])
def test_a_worker_whose_clock_is_not_the_schedulers_sends_at_once(world: World, seconds: float) -> None:
    running_scheduler(world)
    world.turn_clock(world.start_worker(), seconds)
    something_is_due(in_seconds=4)
    until(Delivery.objects.exists)
    until(lambda: len(world.sink.accepted()) == PEOPLE, seconds=3)
    assert copies(world) == [1, 1, 1]
