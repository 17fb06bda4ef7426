"""What can be done to a run. Each fault is a generator: it yields how many seconds pass until it goes on, and at its
end all is as before. `draw` makes a schedule of them.

What a fault may cost is added to `world.kills`: the duplicates that are allowed. Killing a scheduler or Valkey,
emptying Redis and a full disk may cost none.
"""

import random
import signal
import time
from collections.abc import Callable, Generator
from typing import NamedTuple

import django_rq

from reminders.models import Delivery
from teamreminders.testing.sink import Fault as Mood
from teamreminders.testing.stack import Handle

from .ledger import UNANSWERED
from .process import LEASE, SPANS
from .world import World, limit_files

Steps = Generator[float, None, None]
LONGER_THAN_A_LEASE = LEASE.total_seconds() + 2
# From here on the answer to a message that was being sent may be lost: the sender hangs up when it wakes.
TOO_LONG_FOR_ONE = SPANS["SECONDS_FOR_ONE"] - 1
TURNS = [-20, -8, -3, 3, 8, 20]


def kill_worker(world: World) -> Steps:
    yield from _kill(world, world.workers, "worker", world.start_worker, cost=1)


def kill_scheduler(world: World) -> Steps:
    yield from _kill(world, world.schedulers, "scheduler", world.start_scheduler, cost=0)


def kill_sink(world: World) -> Steps:
    """Every line may have carried a message that was accepted and not answered yet."""
    world.note("mail server: kill -9")
    world.sink.kill()
    world.kills += len(world.workers)
    yield world.random.uniform(0, 4)
    world.sink.start()
    world.note("mail server: started")


def kill_valkey(world: World) -> Steps:
    world.note("Valkey: kill -9")
    world.valkey.program.kill()
    yield world.random.uniform(0, 3)
    world.valkey.start()
    world.note("Valkey: started")


def kill_postgres(world: World) -> Steps:
    world.note("PostgreSQL: kill -9")
    world.kills += 1
    world.kill_postgres(world.random.uniform(0, 2))
    world.note("PostgreSQL: started")
    yield 0


def freeze_worker(world: World) -> Steps:
    yield from _freeze(world, world.workers, "worker", cost=1)


def freeze_scheduler(world: World) -> Steps:
    yield from _freeze(world, world.schedulers, "scheduler", cost=0)


def freeze_sink(world: World) -> Steps:
    """The answers that are on their way come too late, one on each line."""
    world.note("mail server: frozen")
    world.sink.kill(signal.SIGSTOP)
    world.kills += len(world.workers)
    yield world.random.uniform(1, 5)
    world.sink.kill(signal.SIGCONT)
    world.note("mail server: goes on")


def flush_redis(world: World) -> Steps:
    world.note("FLUSHALL")
    with world.redis as redis:
        redis.flushall()
    yield 0


def fill_disk(world: World) -> Steps:
    """Valkey cannot write to its log any more, which it answers writes with, and then it can."""
    world.note("Valkey: disk full")
    limit_files(world.valkey.program.pid, max(path.stat().st_size for path in world.valkey.data.rglob("*.aof")))
    yield world.random.uniform(2, 5)
    limit_files(world.valkey.program.pid, None)
    world.note("Valkey: disk free")


def garble_queue(world: World) -> Steps:
    """Payloads that nobody can read, jobs of no function, and one that names what others have sent already."""
    world.note("queue: garbled")
    queue = django_rq.get_queue("default")
    garbled = queue.enqueue("reminders.jobs.deliver", [1])
    queue.connection.hset(f"rq:job:{garbled.id}", "data", b"\x80\x04 not a pickle")
    queue.connection.rpush(queue.key, "no-such-job", garbled.id, b"\xff\xfe")
    queue.enqueue("no.such.function", [1])
    queue.enqueue("reminders.jobs.deliver", "not a list of ids")
    queue.enqueue("reminders.jobs.deliver", list(Delivery.objects.order_by("?").values_list("pk", flat=True)[:25]))
    yield 0


def add_workers(world: World) -> Steps:
    """Twice as many, for a while."""
    yield from _add(world, world.workers, "worker", [world.start_worker() for _ in list(world.workers)])


def add_scheduler(world: World) -> Steps:
    yield from _add(world, world.schedulers, "scheduler", [world.start_scheduler()])


def turn_workers_clock(world: World) -> Steps:
    yield from _turn(world, world.workers, "worker", world.random.choice(TURNS))


def turn_schedulers_clock(world: World) -> Steps:
    """One that is ahead sends early, and takes what is being sent for lapsed: one message on each line."""
    seconds = world.random.choice(TURNS)
    world.ahead = max(world.ahead, seconds)
    if seconds >= TOO_LONG_FOR_ONE:
        world.kills += len(world.workers)
    yield from _turn(world, world.schedulers, "scheduler", seconds)


def unwell_server(world: World) -> Steps:
    """The mail server refuses, defers, is busy, hangs, cuts a message short, or its answer gets lost."""
    mood = world.random.choice([mood for mood in Mood if mood != Mood.NONE])
    share = 0.1 if mood.value in UNANSWERED else world.random.choice([0.1, 0.3, 1.0])
    world.note(f"mail server: {mood.value} for {share:.0%}")
    yield from _in_mood(world, mood, share)


def _kill(world: World, handles: list[Handle], name: str, start: Callable[[], Handle], cost: int) -> Steps:
    if handles:
        handle = world.random.choice(handles)
        world.note(f"{name} {handle.pid}: kill -9")
        world.kill(handle)
        world.kills += cost
        yield world.random.uniform(0, 3)
        world.note(f"{name} {start().pid}: started")


def _freeze(world: World, handles: list[Handle], name: str, cost: int) -> Steps:
    if not handles:
        return
    handle, begun = world.random.choice(handles), time.monotonic()
    world.note(f"{name} {handle.pid}: frozen")
    handle.kill(signal.SIGSTOP)
    yield LONGER_THAN_A_LEASE
    world.note(f"{name} {handle.pid}: goes on")
    handle.kill(signal.SIGCONT)
    if time.monotonic() - begun > TOO_LONG_FOR_ONE:
        world.kills += cost


def _add(world: World, handles: list[Handle], name: str, added: list[Handle]) -> Steps:
    """They are asked to end; one that has to be killed instead counts as that."""
    world.note(f"{name}: {len(added)} more")
    yield world.random.uniform(6, 12)
    for handle in [each for each in added if each in handles]:
        handles.remove(handle)
        handle.kill(signal.SIGCONT)  # it may be frozen
        ended_as = handle.stop()
        world.note(f"{name} {handle.pid}: ended as {ended_as}")
        world.kills += ended_as != 0


def _turn(world: World, handles: list[Handle], name: str, seconds: float) -> Steps:
    if handles:
        handle = world.random.choice(handles)
        world.note(f"{name} {handle.pid}: its clock jumps by {seconds:+} s")
        world.turn_clock(handle, seconds)
        yield world.random.uniform(5, 9)
        world.note(f"{name} {handle.pid}: its clock is right again")
        world.turn_clock(handle, 0)


def _in_mood(world: World, mood: Mood, share: float) -> Steps:
    try:
        world.sink.set(mood, share, world.random.choice([0.5, 4.0]))
        yield world.random.uniform(2, 6)
        world.sink.set(Mood.NONE)
    except OSError:  # it hangs up on everybody, or is just being killed
        world.note("mail server: does not listen")
    else:
        world.note("mail server: well again")


class Kind(NamedTuple):
    """`of`: one fault at a time has the same; those of workers and schedulers exclude nothing. `lasts`: seconds that it
    needs to tell anything."""

    fault: Callable[[World], Steps]
    weight: int
    of: str = ""
    lasts: float = 0.0


KINDS = [
    Kind(kill_worker, 5),
    Kind(kill_scheduler, 3),
    Kind(kill_sink, 2, of="sink"),
    Kind(kill_valkey, 2, of="valkey"),
    Kind(kill_postgres, 2),
    Kind(freeze_worker, 2, lasts=LONGER_THAN_A_LEASE),
    Kind(freeze_scheduler, 2, lasts=LONGER_THAN_A_LEASE),
    Kind(freeze_sink, 1, of="sink"),
    Kind(flush_redis, 2, of="valkey"),
    Kind(fill_disk, 1, of="valkey"),
    Kind(garble_queue, 1, of="valkey"),
    Kind(add_workers, 1),
    Kind(add_scheduler, 1),
    Kind(unwell_server, 6, of="sink"),
    Kind(turn_workers_clock, 1, of="clock"),
    Kind(turn_schedulers_clock, 1, of="clock"),
]


def draw(seed: int, seconds: float) -> list[tuple[float, Kind]]:
    """Which faults begin how many seconds after the start."""
    chosen = random.Random(seed)
    drawn = chosen.choices(KINDS, [kind.weight for kind in KINDS], k=chosen.randint(4, 9))
    begins = [chosen.uniform(0, seconds - kind.lasts) for kind in drawn]
    return sorted(zip(begins, drawn, strict=True), key=lambda pair: pair[0])
