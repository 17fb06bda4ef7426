"""One run: a population, processes, a schedule of faults, and the verdict."""

import heapq
import time
from collections.abc import Iterable
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from reminders.models import Delivery, Occurrence
from reminders.tests.invariants import assert_sound
from reminders.tests.scenes import rounded
from teamreminders.embedded.run import Run
from teamreminders.testing.stack import Stack

from .faults import Kind, Steps, draw
from .ledger import Outcome, compare, unanswered
from .population import Population
from .world import World, until

BEFORE = timedelta(seconds=5)  # for the processes to start
SECONDS = 20  # over which all comes due
PAUSE = 0.15  # that the mail server takes for a message at the most, so that there is nearly always one on its way
PATIENCE = 120  # until all is settled


class Report(NamedTuple):
    seed: int
    due: int
    forbidden: int
    accepted: int
    outcome: Outcome
    kills: int
    ahead: float
    took: float

    @property
    def is_good(self) -> bool:
        lost, doubled, early, unwanted = self.outcome
        return not (lost or early or unwanted) and len(doubled) <= self.kills

    def __str__(self) -> str:
        found = ", ".join(f"{len(messages)} {name}" for name, messages in self.outcome._asdict().items())
        ahead = f", a scheduler {self.ahead:.0f} s ahead" if self.ahead else ""
        words = f"seed {self.seed}: {self.due} due, {self.forbidden} not wanted any more, {self.accepted} accepted"
        return f"{words} in {self.took:.0f} s; {found}; {self.kills} duplicates allowed{ahead}"


class ChaosRun:
    def __init__(self, seed: int, stack: Stack, services: Run, folder: Path) -> None:
        self.seed = seed
        self.plan = draw(seed, SECONDS)
        self.world = World(stack, services, folder, seed=seed, pause=PAUSE)
        self._begin = rounded(timezone.now()) + BEFORE + timedelta(seconds=2)
        self.population = Population(seed, self._begin, SECONDS)
        self._taken: set[str] = set()

    def run(self) -> Report:
        """Returns once all is settled. Fails when it does not come to that, or the rows contradict each other."""
        self.population.write(rounded(timezone.now()))
        for _ in range(2):
            self.world.start_worker()
        self.world.start_scheduler()
        self._meet_what_comes()
        self.world.heal()
        self.population.mend(timezone.now())
        until(self._is_settled, seconds=PATIENCE, why_not=lambda: "\n".join(unsettled()[:10]))
        settled_at = timezone.now()
        self.world.end()
        assert_sound(settled_at)
        self._rows_say_what_the_server_says()
        return self._report((settled_at - self._begin).total_seconds())

    def _meet_what_comes(self) -> None:
        """Faults and visits, each at its time; faults that last longer than the run are cut short."""
        begin = self._begin.timestamp()
        end, number = begin + SECONDS, count()
        under_way = [(begin + after, next(number), self._fault(kind)) for after, kind in self.plan]
        under_way += [
            (each.at.timestamp(), next(number), each.steps(self.world, self.population.due))
            for each in self.population.visits
        ]
        heapq.heapify(under_way)
        while under_way:
            at, n, steps = heapq.heappop(under_way)
            time.sleep(max(0.0, min(at, max(end, time.time())) - time.time()))
            self.world.supervise()
            wait = next(steps, None)
            if wait is not None:
                heapq.heappush(under_way, (time.time() + wait, n, steps))

    def _fault(self, kind: Kind) -> Steps:
        if kind.of in self._taken:
            return
        self._taken |= {kind.of} - {""}
        yield from kind.fault(self.world)
        self._taken.discard(kind.of)

    def _is_settled(self) -> bool:
        self.world.supervise()
        refused = Delivery.objects.filter(state="failed")
        assert not refused.exclude(error__startswith="550"), list(refused.values_list("error", flat=True))
        refused.retry(timezone.now())  # as an operator would; a worker may have heard it just before all was well
        return not unsettled()

    def _rows_say_what_the_server_says(self) -> None:
        """But for what the server took without our hearing of it (a worker was killed, the line broke after DATA), and
        that somebody did not want any more when it was to be tried again: of that the row says both."""
        sent = {f"<delivery-{uuid}@localhost>" for uuid in self._sent_rows()}
        accepted = {entry.message_id for entry in self.world.sink.accepted()}
        unheard = Delivery.objects.filter(state="suppressed", tries__gt=0).exclude(error="")
        accepted -= {f"<delivery-{uuid}@localhost>" for uuid in unheard.values_list("uuid", flat=True)}
        assert sent == accepted, f"sent only: {sent - accepted}; accepted only: {accepted - sent}"

    def _sent_rows(self) -> Iterable[UUID]:
        """Without those that were there before the run, which nobody has sent."""
        return Delivery.objects.filter(state="sent", tries__gt=0).values_list("uuid", flat=True)

    def _report(self, took: float) -> Report:
        world, due = self.world, self.population.due
        entries = world.sink.entries()
        outcome = compare(due, entries, world.ahead)
        accepted, kills = len(world.sink.accepted()), world.kills + unanswered(entries)
        return Report(self.seed, len(due), due.forbidden, accepted, outcome, kills, world.ahead, took)


def unsettled() -> list[str]:
    """What is still to be done, or in trouble, by now."""
    now = timezone.now()
    deliveries = Delivery.objects.filter(state__in=["queued", "sending", "held", "failed"])
    due = Q(next_step_at__lte=now) | Q(next_step_at__isnull=False, state="open")
    occurrences = Occurrence.objects.filter(due | ~Q(error=""))
    return [f"delivery {row.pk}: {row.state}, {row.error}" for row in deliveries] + [
        f"occurrence {row.pk}: {row.state}, {row.error}" for row in occurrences
    ]
