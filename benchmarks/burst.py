"""Many reminders due at one second: how many messages a second the mail server gets, and how late the last one is.

    python -m benchmarks.burst [--runs 3] [--only burst,audience,first,one]

Beside the engine, in the same run: the SMTP limit and what people build first.
"""

import argparse
import json
import time
from collections.abc import Callable
from datetime import datetime
from statistics import median, quantiles
from typing import Any, NamedTuple

from benchmarks import machine  # before anything of Django's

from django.utils import timezone  # isort: skip

from benchmarks.job_per_reminder import schedule_all
from benchmarks.population import clear, due_together, in_whole_seconds, teams_of
from benchmarks.smtp_limit import raw_connections
from reminders.channels.email import Drafts
from reminders.dispatch import dispatch_due
from reminders.models import Delivery
from teamreminders.letter import as_sent

REMINDERS = 5000
TEAMS = 20


class Burst(NamedTuple):
    """Messages a second from the due second to the last acceptance; lateness in seconds."""

    rate: float
    first: float
    p50: float
    p99: float
    last: float
    cpu: dict[str, float]  # milliseconds of processor for each message, by kind of process


def burst(reminders: int, people: int, workers: int = 2) -> Burst:
    """The engine: `reminders` due at one second, `people` in each team."""
    teams = teams_of(people, TEAMS)
    with machine.running(workers):
        at = in_whole_seconds(ahead=1 + reminders / 1500)
        due_together(teams, reminders, at)
        machine.sink.forget()
        before = machine.cpu_seconds()
        machine.accepted(reminders * people)
        after = machine.cpu_seconds()
    return _finish(at, reminders * people, before, after)


def first_try(reminders: int) -> Burst:
    """A job for each reminder and two of rq's SimpleWorkers."""
    teams = teams_of(1, TEAMS)
    machine.redis.flushall()
    at = in_whole_seconds(ahead=4 + reminders / 400)
    due_together(teams, reminders, at)
    schedule_all(at, machine.redis)
    machine.sink.forget()
    worker = ("rqworker", "default", "--worker-class", "rq.SimpleWorker", *machine.QUIET)
    handles = [machine.stack.start(*worker) for _ in range(2)]
    handles.append(machine.stack.module("benchmarks.job_per_reminder"))
    assert timezone.now() < at, "it took too long to write them into Redis"
    before = machine.cpu_seconds()
    machine.accepted(reminders)
    after = machine.cpu_seconds()
    for handle in handles:
        handle.stop()
    return _finish(at, reminders, before, after)


def _finish(at: datetime, expected: int, before: dict[str, float], after: dict[str, float]) -> Burst:
    arrived = machine.sink.accepted()
    assert len(arrived) == expected == len({each.message_id for each in arrived}), f"{len(arrived)} of {expected}"
    late = sorted(each.at - at.timestamp() for each in arrived)
    assert late[0] >= 0, f"the first came {-late[0]:.3f} s early"
    clear()
    cpu = {kind: (used - before.get(kind, 0)) / expected * 1000 for kind, used in after.items()}
    return Burst(expected / late[-1], late[0], median(late), quantiles(late, n=100)[98], late[-1], cpu)


def a_message() -> bytes:
    """One of the engine's own, as it goes over the line."""
    at = timezone.now().replace(microsecond=0)
    due_together(teams_of(1, 1), 1, in_whole_seconds(ahead=1))
    time.sleep(2.1)
    dispatch_due(timezone.now())
    delivery = Delivery.objects.with_facts([Delivery.objects.get().pk])[0]
    message = as_sent(Drafts().letter(delivery, at))
    clear()
    return message


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--only", default="raw,burst,audience,one,first")
    given = parser.parse_args()
    prebuilt = a_message()
    print(f"a message has {len(prebuilt)} bytes")
    cases: dict[str, Callable[[], Any]] = {
        "raw": lambda: raw_connections(2, REMINDERS, prebuilt),
        "burst": lambda: burst(REMINDERS, 1),
        "audience": lambda: burst(500, 20),
        "one": lambda: burst(REMINDERS, 1, workers=1),
        "first": lambda: first_try(REMINDERS),
    }
    results: dict[str, list[Any]] = {}
    for run in range(given.runs):
        for name in given.only.split(","):
            results.setdefault(name, []).append(cases[name]())
            print(run + 1, name, json.dumps(results[name][-1]), flush=True)


if __name__ == "__main__":
    main()
