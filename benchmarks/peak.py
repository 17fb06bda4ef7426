"""Nine o'clock: a fifth of a million reminders a day become due together. How long does the last one wait?

    python -m benchmarks.peak [--sample 20000] [--workers 1,2,4,8] [--whole 200000]

Measured: a sample of that peak with each number of workers, how fast one scheduler dispatches while nobody sends, and
the whole peak with two workers. All of it shares the processors of this machine, PostgreSQL and the mail server's
stand-in too. Computed, and marked so: the whole peak from the rate of the sample; and on machines with a core for each
process, from the seconds of the processors that a message takes. Results also go to benchmarks/results/peak.json.
"""

import argparse
import os
import time
from typing import Any

from benchmarks import machine  # before anything of Django's

from django.utils import timezone  # isort: skip

from benchmarks.future import disk, empty
from benchmarks.population import due_together, in_whole_seconds, teams_of
from benchmarks.results import keep
from reminders.models import Occurrence

PEAK = 200_000
TEAMS = 200
# Reminders that are written in a second before they come due.
WRITTEN = 1500


def sent(reminders: int, workers: int) -> dict[str, Any]:
    """So many reminders to one person each, due at one second: rate, lateness in seconds, and the processors' time."""
    teams, before = teams_of(1, TEAMS), disk()
    with machine.running(workers):
        at = in_whole_seconds(ahead=5 + reminders / WRITTEN)
        due_together(teams, reminders, at)
        machine.sink.forget()
        time.sleep(max(0.0, (at - timezone.now()).total_seconds() - 0.5))
        cpu = machine.cpu_seconds()
        machine.accepted(reminders, seconds=3600)
        used = {kind: seconds - cpu.get(kind, 0) for kind, seconds in machine.cpu_seconds().items()}
    late = sorted(entry.at - at.timestamp() for entry in machine.sink.accepted())
    assert len(late) == reminders
    grown = disk() - before
    empty()
    return {
        "workers": workers,
        "messages": reminders,
        "rate": reminders / late[-1],
        "last": late[-1],
        "median": late[reminders // 2],
        "bytes_a_reminder": grown / reminders,
        "cpu_seconds_a_message": {kind: seconds / reminders for kind, seconds in used.items()},
    }


def dispatched(reminders: int, schedulers: int) -> float:
    """Occurrences a second that so many schedulers dispatch while nobody sends."""
    teams = teams_of(1, TEAMS)
    with machine.running(0) as handles:
        handles += [machine.stack.start("rqscheduler", *machine.QUIET) for _ in range(schedulers - 1)]
        at = in_whole_seconds(ahead=5 + reminders / WRITTEN)
        due_together(teams, reminders, at)
        machine.wait_until(lambda: not Occurrence.objects.filter(state="upcoming").exists(), seconds=600)
        rate = reminders / (timezone.now() - at).total_seconds()
    empty()
    return rate


def with_a_core_each(workers: int, cpu: dict[str, float], dispatch_rate: float) -> float:
    """Messages a second if nothing has to share: the workers' own time, or one scheduler's, whichever is less."""
    return min(workers / cpu["workers"], 1 / cpu["scheduler"], dispatch_rate)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sample", type=int, default=20_000)
    parser.add_argument("--workers", default="1,2,4,8")
    parser.add_argument("--whole", type=int, default=PEAK, help="0 leaves it out")
    given = parser.parse_args()
    dispatch_rates = {schedulers: dispatched(given.sample, schedulers) for schedulers in (1, 2)}
    for schedulers, rate in dispatch_rates.items():
        print(f"measured: schedulers {schedulers}, {rate:,.0f} dispatched a second while nobody sends", flush=True)
    found = [sent(given.sample, int(workers)) for workers in given.workers.split(",")]
    one = found[0]["cpu_seconds_a_message"]
    for each in found:
        wait, apart = PEAK / each["rate"], PEAK / with_a_core_each(each["workers"], one, dispatch_rates[1])
        print(
            f"{each['workers']} workers: measured {each['rate']:,.0f} a second on {os.cpu_count()} shared cores "
            f"({each['messages']:,} messages); computed: the last of {PEAK:,} waits {wait:,.0f} s here, "
            f"{apart:,.0f} s with a core for each process",
            flush=True,
        )
    for kind, seconds in sorted(one.items()):
        print(f"{kind}: {seconds * 1e6:,.0f} s of the processors for a million messages")
    print(f"disk: {found[0]['bytes_a_reminder']:,.0f} bytes for a reminder, its occurrence and its message")
    whole = sent(given.whole, 2) if given.whole else None
    if whole:
        print(
            f"measured, {given.whole:,} with 2 workers: {whole['rate']:,.0f} a second, "
            f"the last waits {whole['last']:,.0f} s"
        )
    keep("peak", {"dispatch_rates": dispatch_rates, "samples": found, "whole": whole})


if __name__ == "__main__":
    main()
