"""Many reminders due at one second: how many messages a second the mail server gets, and how late the last one is.

    python -m benchmarks.burst [--runs 3]

Beside the engine, by turns in the same run: the SMTP limit (two smtplib connections that send messages composed before)
and what people build first (a job for each reminder). Results also go to benchmarks/results/burst.json.
"""

import argparse
import time
from collections.abc import Callable
from datetime import datetime
from statistics import median, quantiles
from typing import Any, NamedTuple

from benchmarks import machine  # before anything of Django's

from django.utils import timezone  # isort: skip

from benchmarks.job_per_reminder import schedule_all
from benchmarks.population import clear, due_together, in_whole_seconds, teams_of
from benchmarks.results import Goal, keep, told
from benchmarks.smtp_limit import raw_connections
from reminders.channels.email import Drafts
from reminders.dispatch import dispatch_due
from reminders.facts import with_facts
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
    percentiles: list[float]  # of lateness, 1 to 99


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
    percentiles = quantiles(late, n=100)
    return Burst(expected / late[-1], late[0], median(late), percentiles[98], late[-1], cpu, percentiles)


def a_message() -> bytes:
    """One of the engine's own, as it goes over the line."""
    at = timezone.now().replace(microsecond=0)
    due_together(teams_of(1, 1), 1, in_whole_seconds(ahead=1))
    time.sleep(2.1)
    dispatch_due(timezone.now())
    delivery = with_facts([Delivery.objects.get().pk])[0]
    message = as_sent(Drafts().letter(delivery, at))
    clear()
    return message


CASES = {
    "raw": "two smtplib connections, prebuilt messages",
    "burst": "5,000 reminders, one recipient each, two workers",
    "audience": "500 reminders, 20 recipients each, two workers",
    "one": "5,000 reminders, one recipient each, one worker",
    "first": "5,000 reminders, a job each, two SimpleWorkers",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--only", default=",".join(CASES), help="some of " + ", ".join(CASES))
    given = parser.parse_args()
    prebuilt = a_message()
    print(f"Bursts, messages of {len(prebuilt):,} bytes, {given.runs} runs; messages a second, seconds late")
    cases: dict[str, Callable[[], Any]] = {
        "raw": lambda: raw_connections(2, REMINDERS, prebuilt),
        "burst": lambda: burst(REMINDERS, 1),
        "audience": lambda: burst(500, 20),
        "one": lambda: burst(REMINDERS, 1, workers=1),
        "first": lambda: first_try(REMINDERS),
    }
    runs: dict[str, list[Any]] = {name: [] for name in given.only.split(",")}
    for _ in range(given.runs):
        for name in runs:
            runs[name].append(cases[name]())
            _tell(name, runs[name][-1])
    goals = told(_goals(runs))
    kept = {
        name: [each._asdict() if isinstance(each, Burst) else each for each in found] for name, found in runs.items()
    }
    keep("burst", {"bytes": len(prebuilt), "runs": kept, "goals": goals})


def _tell(name: str, found: Any) -> None:
    if isinstance(found, float):
        print(f"  {found:7,.0f}/s {CASES[name]}", flush=True)
        return
    cpu = ", ".join(f"{kind} {used:.2f}" for kind, used in sorted(found.cpu.items()))
    late = f"first {found.first:.2f} p50 {found.p50:.2f} p99 {found.p99:.2f}"
    print(f"  {found.rate:7,.0f}/s {CASES[name]}: {late}; ms of processor a message: {cpu}", flush=True)


def _goals(runs: dict[str, list[Any]]) -> list[Goal]:
    """Ratios of medians, of what was measured."""
    middle = {
        name: median(each if isinstance(each, float) else each.rate for each in found) for name, found in runs.items()
    }
    late = {
        name: {field: median(getattr(each, field) for each in found) for field in ("first", "p99")}
        for name, found in runs.items()
        if name != "raw"
    }
    goals = []
    if {"raw", "burst"} <= runs.keys():
        goals.append(Goal("burst over two raw connections", middle["burst"] / middle["raw"], at_least=0.2))
    if {"raw", "audience"} <= runs.keys():
        goals.append(Goal("20 recipients over two raw connections", middle["audience"] / middle["raw"], at_least=0.35))
    if {"first", "burst"} <= runs.keys():
        goals.append(Goal("burst over a job per reminder", middle["burst"] / middle["first"], at_least=6))
        goals.append(Goal("p99 lateness over that", late["burst"]["p99"] / late["first"]["p99"], at_most=1 / 6))
    if "burst" in runs:
        goals.append(Goal("first mail of the burst, seconds late", late["burst"]["first"], at_most=1))
    if {"one", "burst"} <= runs.keys():
        goals.append(Goal("two workers over one", middle["burst"] / middle["one"], at_least=1.5))
    return goals


if __name__ == "__main__":
    main()
