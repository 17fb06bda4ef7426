"""What an idle pass, and creating, editing and deleting a reminder cost among 10,000, 1,000,000 and 5,000,000 others.

    python -m benchmarks.growth [--sizes 10000,1000000,5000000] [--runs 3]

Each size is a database of its own, filled by COPY; they are measured by turns, so that a busy machine slows all alike.
In the last, every query of the engine and of the pages is explained (`reminders/tests/paths.py`). Results also go to
benchmarks/results/growth.json.
"""

import argparse
import logging
import sys
from datetime import timedelta
from itertools import count
from pathlib import Path
from statistics import median
from uuid import uuid4

from benchmarks import machine  # noqa: F401 - before anything of Django's

import django_rq  # isort: skip
from django.conf import settings
from django.db import transaction
from django.http import QueryDict
from django.test import Client
from django.utils import timezone

from accounts.models import User
from benchmarks.future import Load, load, median_seconds, new_database, use
from benchmarks.results import keep
from reminders.forms import ReminderForm
from reminders.models import Occurrence, Reminder
from reminders.pruning import prune_history
from reminders.tests.big import BIG, fill
from reminders.tests.paths import PATHS
from reminders.tests.plans import plans_of
from teamreminders.testing.static import collect_static_files
from teams.models import Team

PASSES, VERBS = 500, 100
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


def measured() -> dict[str, float]:
    """Milliseconds, each a median. Pruning: a walk that finds nothing old. New clocks: what the scheduler asks once a
    second at the most."""
    scheduler, verbs = django_rq.get_scheduler("default"), Verbs()
    scheduler.one_pass()
    return {
        "idle pass": median_seconds(PASSES, scheduler.one_pass) * 1000,
        "create": median_seconds(VERBS, verbs.create) * 1000,
        "edit": median_seconds(VERBS, verbs.edit) * 1000,
        "delete": median_seconds(VERBS, verbs.delete) * 1000,
        "new clocks": median_seconds(5, _look_for_new_clocks) * 1000,
        "pruning": median_seconds(1, _prune_nothing) * 1000,
    }


def _look_for_new_clocks() -> None:
    some, _last = Reminder.objects.some_by_own_clocks(after=0)
    assert some.with_new_zones().recompute(timezone.now()) == 0


def _prune_nothing() -> None:
    assert list(prune_history(timezone.now() - timedelta(days=100))) == []


def explained() -> list[str]:
    """What goes by no index, or touches too much, along every path of the tests: some teams with history, due soon,
    among those millions."""
    bad, now = [], timezone.now()
    collect_static_files(Path(settings.STATIC_ROOT))
    with transaction.atomic():
        begin = now.replace(second=0, microsecond=0) + timedelta(hours=1)
        Occurrence.objects.filter(created_at__gt=now - timedelta(days=1)).update(
            created_at=None
        )  # ours; fill's are older
        big = fill(reminders=5000, times=11, now=now, begin=begin)
        client = Client(SERVER_NAME="localhost")
        client.force_login(big.operator)
        for name, (path, most) in PATHS.items():
            with transaction.atomic(), plans_of(BIG) as plans:
                path(big, client)
                transaction.set_rollback(True)
            worst = max(plan.touched for plan in plans)
            print(f"  {name:<42}{len(plans):>4} statements, {worst:>6} rows touched by one at the most", flush=True)
            bad += [f"{name}: {plan}" for plan in plans if plan.scanned or plan.touched > most]
        transaction.set_rollback(True)
    return bad


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="10000,1000000,5000000")
    parser.add_argument("--runs", type=int, default=3)
    given = parser.parse_args()
    logging.disable(logging.INFO)
    sizes = [int(size) for size in given.sizes.split(",")]
    loads = {size: _loaded(size) for size in sizes}
    found: dict[int, list[dict[str, float]]] = {size: [] for size in sizes}
    for _ in range(given.runs):
        for size in sizes:
            use(f"with_{size}")
            found[size].append(measured())
    medians = {size: {name: median(run[name] for run in found[size]) for name in found[size][0]} for size in sizes}
    print(f"{'milliseconds among':<20}{''.join(f'{size:>12,}' for size in sizes)}{'ratio':>8}")
    for name in medians[sizes[0]]:
        goal = f"   (goal: at most {GOALS[name]})" if name in GOALS else ""
        row = "".join(f"{medians[size][name]:>12.2f}" for size in sizes)
        print(f"{name:<20}{row}{medians[sizes[-1]][name] / medians[sizes[0]][name]:>8.2f}{goal}", flush=True)
    bad = explained()
    keep("growth", {"loads": loads, "runs": found, "bad_plans": bad})
    sys.exit("\n\n".join(bad) if bad else 0)


def _loaded(size: int) -> Load:
    new_database(f"with_{size}")
    loaded = load(size, timezone.now())
    megabytes = loaded.disk / 1e6
    print(f"{size:,} reminders ahead: loaded in {loaded.seconds:.0f} s, {megabytes:,.0f} MB on disk", flush=True)
    return loaded


if __name__ == "__main__":
    main()
