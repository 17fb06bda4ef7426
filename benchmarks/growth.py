"""What an idle pass, and creating, editing and deleting a reminder cost among 10,000, 1,000,000 and 5,000,000 others.

    python -m benchmarks.growth [--sizes 10000,1000000,5000000] [--runs 3]

Each size is reached by COPY from the one before. At the last, every query of the engine and of the pages is explained
(`reminders/tests/paths.py`). Results also go to benchmarks/results/growth.json.
"""

import argparse
import logging
import sys
from datetime import timedelta
from itertools import count
from statistics import median
from typing import Any
from uuid import uuid4

from benchmarks import machine  # noqa: F401 - before anything of Django's

import django_rq  # isort: skip
from django.db import transaction
from django.http import QueryDict
from django.test import Client
from django.utils import timezone

from accounts.models import User
from benchmarks.future import load, median_seconds
from benchmarks.results import keep
from reminders.forms import ReminderForm
from reminders.models import Reminder
from reminders.tests.big import BIG, fill
from reminders.tests.paths import ENGINE, LISTS, PEOPLE
from reminders.tests.plans import plans_of
from teams.models import Team

PASSES, VERBS = 500, 100
# A person's list counts 10,000 rows at the most, everything else is about less.
TOUCHED_AT_MOST = 10_500
GOALS = {"idle pass": 1.3, "create": 1.5, "edit": 1.5, "delete": 1.5}


class Verbs:
    """What the views do when somebody sends the form, in a transaction as a request is one."""

    def __init__(self) -> None:
        self.team = Team.objects.order_by("pk")[0]
        self.author = User.objects.get(teams=self.team)
        self.written: list[int] = []
        self._hours = count()

    @transaction.atomic
    def create(self) -> None:
        self.written.append(self._save(Reminder(team=self.team, author=self.author), "Renew the certificate").pk)

    @transaction.atomic
    def edit(self) -> None:
        pk = self.written[next(self._hours) % len(self.written)]
        self._save(Reminder.objects.lock(pk), "Renew the certificate of the shop")

    @transaction.atomic
    def delete(self) -> None:
        assert Reminder.objects.get(pk=self.written.pop()).discard(timezone.now())

    def _save(self, reminder: Reminder, title: str) -> Reminder:
        now = timezone.now()
        at = now + timedelta(days=2, hours=next(self._hours) % 20)
        values = {"title": title, "repeat": "once", "start": f"{at:%Y-%m-%d}", "at": f"{at:%H:%M}", "zone": "UTC"}
        values |= {"month_end": "last", "audience": "team", "completion": "anyone", "token": str(uuid4())}
        if reminder.pk:
            values["stored_at"] = reminder.changed_at.isoformat()
        data = QueryDict(mutable=True)
        data.update(values)
        form = ReminderForm(data, instance=reminder, team=self.team, now=now)
        assert form.is_valid(), form.errors
        return form.save()


def measured(runs: int) -> dict[str, list[float]]:
    """Milliseconds, the median of each run. New clocks: what the scheduler asks once a second at the most."""
    scheduler, verbs = django_rq.get_scheduler("default"), Verbs()
    found: dict[str, list[float]] = {name: [] for name in (*GOALS, "new clocks")}
    scheduler.one_pass()
    for _ in range(runs):
        found["new clocks"].append(median_seconds(5, _look_for_new_clocks) * 1000)
        found["idle pass"].append(median_seconds(PASSES, scheduler.one_pass) * 1000)
        for name in ("create", "edit", "delete"):
            found[name].append(median_seconds(VERBS, getattr(verbs, name)) * 1000)
    return found


def _look_for_new_clocks() -> None:
    some, _last = Reminder.objects.some_by_own_clocks(after=0)
    assert some.with_new_zones().recompute(timezone.now()) == 0


def explained() -> list[str]:
    """What goes by no index, or touches too much, along every path of the tests: some teams with history, due soon,
    among those millions."""
    bad, now = [], timezone.now()
    with transaction.atomic():
        begin = now.replace(second=0, microsecond=0) + timedelta(hours=1)
        big = fill(reminders=5000, times=11, now=now, begin=begin)
        client = Client(SERVER_NAME="localhost")
        client.force_login(big.operator)
        for name, path in (ENGINE | PEOPLE | LISTS).items():
            with transaction.atomic(), plans_of(BIG) as plans:
                path(big, client)
                transaction.set_rollback(True)
            worst = max(plan.touched for plan in plans)
            print(f"  {name:<42}{len(plans):>4} statements, {worst:>6} rows touched by one at the most", flush=True)
            bad += [f"{name}: {plan}" for plan in plans if plan.scanned or plan.touched > TOUCHED_AT_MOST]
        transaction.set_rollback(True)
    return bad


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="10000,1000000,5000000")
    parser.add_argument("--runs", type=int, default=3)
    given = parser.parse_args()
    logging.disable(logging.INFO)
    sizes = [int(size) for size in given.sizes.split(",")]
    there, results = 0, dict[int, dict[str, Any]]()
    for size in sizes:
        loaded = load(size - there, timezone.now())
        there = size
        print(
            f"{size:,} reminders ahead: loaded in {loaded.seconds:.0f} s, {loaded.disk / 1e6:,.0f} MB on disk",
            flush=True,
        )
        found = measured(given.runs)
        for name, medians in found.items():
            print(
                f"  {name:<12}{median(medians):>8.2f} ms   ({', '.join(f'{each:.2f}' for each in medians)})", flush=True
            )
        results[size] = {"load_seconds": loaded.seconds, "disk_bytes": loaded.disk, "milliseconds": found}
    ratios = _ratios(results[sizes[0]]["milliseconds"], results[sizes[-1]]["milliseconds"])
    for name, ratio in ratios.items():
        print(f"{name}: {ratio:.2f} times what it takes among {sizes[0]:,} (goal: at most {GOALS[name]})")
    bad = explained()
    keep("growth", {"sizes": results, "ratios": ratios, "bad_plans": bad})
    sys.exit("\n\n".join(bad) if bad else 0)


def _ratios(few: dict[str, list[float]], many: dict[str, list[float]]) -> dict[str, float]:
    return {name: median(many[name]) / median(few[name]) for name in GOALS}


if __name__ == "__main__":
    main()
