"""How late mail is: on an idle machine, at a steady rate, beside a burst of somebody else, and after an outage.

    python -m benchmarks.lateness [--runs 3] [--only single,steady,beside,outage]

Lateness is the acceptance by the mail server minus the instant at which the reminder was due. Results also go to
benchmarks/results/lateness.json.
"""

import argparse
import time
from datetime import timedelta
from statistics import median, quantiles
from typing import Any
from uuid import UUID

from benchmarks import machine  # before anything of Django's

from django.conf import settings  # isort: skip
from django.utils import timezone  # isort: skip

from benchmarks.population import clear, due_apart, due_together, in_whole_seconds, teams_of, waiting_since
from benchmarks.results import Goal, keep, told
from reminders.models import Delivery

Lateness = dict[str, float]  # seconds


def single() -> Lateness:
    """200 reminders, about two in a second, at no round instants, on a machine with nothing else to do."""
    return _apart(200, every=0.37)


def steady() -> Lateness:
    """20 a second for two minutes."""
    return _apart(2400, every=0.05)


def _apart(count: int, every: float) -> Lateness:
    teams = teams_of(1, 20)
    with machine.running(2):
        due_apart(teams, count, in_whole_seconds(ahead=2 + count / 1000), timedelta(seconds=every))
        machine.sink.forget()
        machine.accepted(count)
        time.sleep(1)  # the last answer is being written down
    late = _late()
    clear()
    return late


def _message_id(uuid: UUID) -> str:
    return f"<delivery-{uuid}@{settings.SITE.hostname}>"


def _late() -> Lateness:
    """Of all messages in the sink, by the instants in the deliveries' rows."""
    due = {_message_id(uuid): at for uuid, at in Delivery.objects.values_list("uuid", "planned_for")}
    late = sorted(each.at - due[each.message_id].timestamp() for each in machine.sink.accepted())
    assert len(late) == len(due), f"{len(late)} messages for {len(due)} deliveries"
    parts = quantiles(late, n=100)
    return {"least": late[0], "p50": parts[49], "p90": parts[89], "p99": parts[98], "most": late[-1]}


def beside() -> Lateness:
    """A reminder of another team, due half a second after 5,000 of one team."""
    loud, quiet = teams_of(1, 2)
    with machine.running(2):
        at = in_whole_seconds(ahead=5)
        due_together([loud], 5000, at)
        mine = at + timedelta(seconds=0.5)
        due_apart([quiet], 1, mine, timedelta())
        machine.sink.forget()
        machine.accepted(5001)
        time.sleep(1)
    name = _message_id(Delivery.objects.get(team=quiet).uuid)
    [arrived] = [each.at for each in machine.sink.accepted() if each.message_id == name]
    clear()
    return {"most": arrived - mine.timestamp()}


def outage() -> Lateness:
    """2,000 reminders of every quarter of an hour, after an hour without a scheduler: one mail each, the others missed.

    Seconds from the start of the scheduler, with the time that Python takes to start.
    """
    teams, count = teams_of(1, 20), 2000
    waiting_since(teams, count, timezone.now() - timedelta(hours=1, minutes=1))
    machine.sink.forget()
    begun = time.time()
    with machine.running(2):
        machine.accepted(count)
        time.sleep(1)
        ended = max(each.at for each in machine.sink.accepted())
    assert len(machine.sink.accepted()) == count == Delivery.objects.count()
    clear()
    return {"most": ended - begun}


CASES = {"single": single, "steady": steady, "beside": beside, "outage": outage}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--only", default=",".join(CASES), help="some of " + ", ".join(CASES))
    given = parser.parse_args()
    print(f"Lateness, seconds, {given.runs} runs")
    runs: dict[str, list[Lateness]] = {name: [] for name in given.only.split(",")}
    for _ in range(given.runs):
        for name in runs:
            runs[name].append(CASES[name]())
            figures = " ".join(f"{part} {seconds:.3f}" for part, seconds in runs[name][-1].items())
            print(f"  {name}: {figures}", flush=True)
    keep("lateness", {"runs": runs, "goals": told(_goals(runs))})


def _goals(runs: dict[str, list[Any]]) -> list[Goal]:
    def middle(name: str, part: str) -> float:
        return median(found[part] for found in runs[name])

    goals = []
    if "single" in runs:
        goals.append(Goal("single reminders, never early", min(found["least"] for found in runs["single"]), at_least=0))
        goals.append(Goal("single reminders, p50", middle("single", "p50"), at_most=0.25))
        goals.append(Goal("single reminders, p99", middle("single", "p99"), at_most=0.5))
    if "steady" in runs:
        goals.append(Goal("20 a second, p99", middle("steady", "p99"), at_most=0.5))
    if "beside" in runs:
        goals.append(Goal("one beside 5,000 of another team", middle("beside", "most"), at_most=2))
    return goals


if __name__ == "__main__":
    main()
