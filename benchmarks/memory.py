"""What stays and what grows: Redis with 100,000 reminders ahead, worker and scheduler over 100,000 messages.

    python -m benchmarks.memory [--messages 100000]

Also what those messages cost: seconds of the processors, rows and bytes on disk, and what pruning them takes. Results
also go to benchmarks/results/memory.json.
"""

import argparse
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks import machine  # before anything of Django's

import django_rq  # isort: skip
from django.db import connection
from django.utils import timezone

from benchmarks.future import TABLES, disk, empty, load, median_seconds
from benchmarks.population import due_together, in_whole_seconds, teams_of
from benchmarks.results import keep
from reminders.models import Delivery, Occurrence
from reminders.pruning import prune_history

AHEAD = 100_000
PEOPLE, TEAMS = 20, 20
# So many messages become due together.
PORTION = 2000
SECONDS_BETWEEN = 2.5
REDIS_AT_MOST, FLAT_WITHIN = 1.1, 1.1
Samples = list[tuple[int, int]]


def redis_memory() -> dict[str, float]:
    """Bytes without reminders and with `AHEAD` of them, while scheduler and workers run."""
    with machine.running(2):
        without = _redis_bytes()
        load(AHEAD, timezone.now())
        time.sleep(5)
        with_them = _redis_bytes()
    empty()
    return {"without": without, "with": with_them, "ratio": with_them / without}


def _redis_bytes() -> float:
    samples = []
    for _ in range(10):
        samples.append(machine.redis.info("memory")["used_memory"])
        time.sleep(0.5)
    return median(samples)


def over_many(messages: int) -> dict[str, Any]:
    """Memory, processors and disk over so many messages to teams of `PEOPLE`."""
    teams = teams_of(PEOPLE, TEAMS)
    with machine.running(2) as handles:
        before, cpu = disk(), machine.cpu_seconds()
        begun = in_whole_seconds(ahead=3 + messages / 15_000)
        for n in range(messages // PORTION):
            due_together(teams, PORTION // PEOPLE, in_whole_seconds(ahead=_ahead(begun, n)))
        machine.sink.forget()
        names = ["scheduler", *(f"worker {n + 1}" for n in range(len(handles) - 1))]
        with _sampled({name: handle.pid for name, handle in zip(names, handles, strict=True)}) as samples:
            machine.accepted(messages, seconds=1800)
        time.sleep(1)
        used = {kind: seconds - cpu.get(kind, 0) for kind, seconds in machine.cpu_seconds().items()}
    assert Delivery.objects.filter(state="sent").count() == messages
    idle = median_seconds(500, django_rq.get_scheduler("default").one_pass)
    memory = {name: _flatness(each, messages) for name, each in samples.items()}
    return {"memory": memory, "cpu_seconds": used, "disk_bytes": disk() - before, "idle_pass": idle, "samples": samples}


def _ahead(begun: Any, n: int) -> float:
    return (begun - timezone.now()).total_seconds() + n * SECONDS_BETWEEN - 1


@contextmanager
def _sampled(pids: dict[str, int]) -> Iterator[dict[str, Samples]]:
    """Twice a second: how many messages were accepted so far, and the resident bytes of each process."""
    samples: dict[str, Samples] = {name: [] for name in pids}
    ended = threading.Event()

    def sample() -> None:
        while not ended.wait(0.5):
            accepted = machine.count_accepted()
            for name, pid in pids.items():
                samples[name].append((accepted, _resident(pid)))

    thread = threading.Thread(target=sample)
    thread.start()
    try:
        yield samples
    finally:
        ended.set()
        thread.join()


def _resident(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmRSS"))


def _flatness(samples: Samples, messages: int) -> dict[str, float]:
    """After a tenth of the messages, and over the last tenth."""
    early = median(size for count, size in samples if messages * 0.1 <= count < messages * 0.2)
    late = median(size for count, size in samples if count >= messages * 0.9)
    return {"early": early, "late": late, "most": max(size for _count, size in samples), "ratio": late / early}


def pruning() -> dict[str, float]:
    """Removing all of it, as if it were of a year and a half ago."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE reminders_occurrence SET state = 'done', next_step_at = NULL, slot = slot - interval '500 days',"
            " due_at = due_at - interval '500 days', created_at = created_at - interval '500 days'"
        )
        cursor.execute("UPDATE reminders_delivery SET created_at = created_at - interval '500 days'")
        cursor.execute(f"VACUUM ANALYZE {', '.join(TABLES)}")
    rows, begun, cpu = Delivery.objects.count(), time.perf_counter(), machine.cpu_seconds()
    longest, last = 0.0, begun
    for _pruned in prune_history(timezone.now()):
        longest, last = max(longest, time.perf_counter() - last), time.perf_counter()
    assert not Occurrence.objects.exists()
    used = machine.cpu_seconds()["PostgreSQL"] - cpu["PostgreSQL"]
    return {"messages": rows, "seconds": last - begun, "longest_transaction": longest, "postgres_cpu_seconds": used}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--messages", type=int, default=100_000)
    messages = parser.parse_args().messages
    in_redis = redis_memory()
    print(f"Redis: {in_redis['without']:,.0f} bytes without reminders, {in_redis['with']:,.0f} with {AHEAD:,} ahead:")
    print(f"  {in_redis['ratio']:.3f} times (goal: at most {REDIS_AT_MOST})", flush=True)
    found = over_many(messages)
    for name, each in found["memory"].items():
        print(
            f"{name}: {each['early'] / 1e6:.1f} MB after a tenth of {messages:,} messages, {each['late'] / 1e6:.1f} MB "
            f"over the last: {each['ratio']:.3f} times (goal: at most {FLAT_WITHIN})"
        )
    million = 1_000_000 / messages
    for kind, seconds in sorted(found["cpu_seconds"].items()):
        print(f"{kind}: {seconds:.1f} s of the processors, {seconds * million:,.0f} for a million messages")
    print(f"disk: {found['disk_bytes'] / messages:,.0f} bytes for each message")
    print(f"an idle pass just afterwards: {found['idle_pass'] * 1000:.2f} ms", flush=True)
    removed = pruning()
    print(
        f"pruning {removed['messages']:,} messages: {removed['seconds']:.1f} s, the longest transaction "
        f"{removed['longest_transaction']:.2f} s, PostgreSQL {removed['postgres_cpu_seconds']:.1f} s of the processors"
    )
    keep("memory", {"redis": in_redis, "pruning": removed, **found})


if __name__ == "__main__":
    main()
