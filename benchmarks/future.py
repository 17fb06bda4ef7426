"""Reminders that lie ahead, by the million: loaded by COPY, as a dump would be."""

import random
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from itertools import chain
from typing import Any, NamedTuple

from django.db import connection

from accounts.models import User
from reminders.models import Reminder
from teams.models import Membership, Role, Team

OF_A_TEAM = 200
YEAR, LONG_AGO = 365 * 24 * 3600, timedelta(days=200)
TABLES = ("reminders_reminder", "reminders_occurrence", "reminders_delivery")
# What all rows share.
REMINDER: dict[str, Any] = {
    "notes": "The old one ends at midnight.",
    "zone": "UTC",
    "cron": "",
    "month_end": "last",
    "day_off": "stay",
    "holidays_only": False,
    "skipped": "{}",
    "moved": "{}",
    "planned_zones": "{UTC}",
    "lead_times": "{}",
    "lateness": "late",
    "late_hours": 24,
    "audience": "team",
    "completion": "anyone",
}
OCCURRENCE: dict[str, Any] = {
    "zone": "UTC",
    "state": "upcoming",
    "round": 0,
    "next_step": "due",
    "missed_before": 0,
    "settled_from": "",
    "error": "",
}


class Load(NamedTuple):
    """How long it took, in seconds, and what the tables and their indexes take on disk by now, in bytes."""

    seconds: float
    disk: int


def load(count: int, now: datetime) -> Load:
    """So many more reminders, each with its next occurrence in the year that begins a month from now."""
    begun, teams = time.perf_counter(), _teams(-(-count // OF_A_TEAM))
    first = 1 + (Reminder.objects.order_by("-pk").values_list("pk", flat=True).first() or 0)
    begin, dice = (now + timedelta(days=30)).replace(microsecond=0), random.Random(first)
    dues = [begin + timedelta(seconds=dice.randrange(YEAR)) for _ in range(count)]
    _copy("reminders_reminder", (_reminder(first + n, teams[n % len(teams)], dues[n], now) for n in range(count)))
    _copy("reminders_occurrence", (_occurrence(first + n, dues[n], now) for n in range(count)))
    with connection.cursor() as cursor:
        cursor.execute("SELECT setval('reminders_reminder_id_seq', (SELECT max(id) FROM reminders_reminder))")
        cursor.execute(f"VACUUM ANALYZE {', '.join(TABLES)}")
        cursor.execute("CHECKPOINT")
    return Load(time.perf_counter() - begun, disk())


def disk() -> int:
    """Bytes of the tables that grow, with their indexes."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sum(pg_total_relation_size(name::regclass)) FROM unnest(%s::text[]) AS name", [list(TABLES)]
        )
        return int(cursor.fetchone()[0])


def new_database(name: str) -> None:
    """A fresh one beside the others, to be used from now on."""
    use("template1")
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name} TEMPLATE postgres")
    use(name)


def use(name: str) -> None:
    """Go on with this database, in this process."""
    connection.close()
    connection.settings_dict["NAME"] = name


def empty() -> None:
    """No teams, nobody, nothing of theirs; at once, however much there was."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE teams_team, accounts_user CASCADE")


def median_seconds(times: int, act: Callable[[], object]) -> float:
    """Of one call."""
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        act()
        taken.append(time.perf_counter() - begun)
    return sorted(taken)[times // 2]


def _teams(count: int) -> list[int]:
    """Each with one person; their ids."""
    teams = Team.objects.bulk_create([Team(name=f"Team {n}", zone="UTC") for n in range(count)], batch_size=5000)
    people = User.objects.bulk_create(
        [User(email=f"owner{team.pk}@example.org", name="Owner", zone="UTC") for team in teams], batch_size=5000
    )
    pairs = zip(teams, people, strict=True)
    Membership.objects.bulk_create(
        [Membership(team=team, user=user, role=Role.OWNER) for team, user in pairs], batch_size=5000
    )
    return [team.pk for team in teams]


def _reminder(pk: int, team: int, due: datetime, now: datetime) -> dict[str, Any]:
    own = {
        "id": pk,
        "uuid": uuid.uuid4(),
        "team_id": team,
        "title": f"Renew the certificate of host {pk}",
        "start": due.date(),
        "times": f"{{{due.time()}}}",
        "rule": "" if pk % 2 else "FREQ=YEARLY",
        "zone_mode": "fixed" if pk % 20 else "recipient",
        "created_at": now - LONG_AGO,
        "changed_at": now - LONG_AGO,
    }
    return REMINDER | own


def _occurrence(reminder: int, due: datetime, now: datetime) -> dict[str, Any]:
    own = {
        "uuid": uuid.uuid4(),
        "reminder_id": reminder,
        "slot": due.astimezone(timezone.utc).replace(tzinfo=None),
        "due_at": due,
        "next_step_at": due,
        "created_at": now - LONG_AGO,
    }
    return OCCURRENCE | own


def _copy(table: str, rows: Iterator[dict[str, Any]]) -> None:
    first = next(rows)
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({', '.join(first)}) FROM STDIN") as copy:
        for row in chain([first], rows):
            copy.write_row(list(row.values()))
