"""Restoring a dump as docs/operations.md says, with PostgreSQL's own programs: triggers must not write on top of it."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from reminders.models import Reminder
from reminders.tests.factories import ReminderFactory
from teamreminders.embedded.run import Run
from teamreminders.testing.stack import database_url

pytestmark = pytest.mark.django_db(transaction=True)
TABLES = ("teams_change", "teams_team", "teams_membership", "reminders_reminder")


@pytest.fixture
def restored() -> Iterator[str]:
    """The address of an empty database."""
    with psycopg.connect(database_url(), autocommit=True) as line:
        line.execute("CREATE DATABASE restored")
        yield database_url().rpartition("/")[0] + "/restored"
        line.execute("DROP DATABASE restored WITH (FORCE)")


@pytest.fixture
def programs(services: Run) -> Path:
    assert services.postgres
    return Path(f"/proc/{services.postgres.program.pid}/exe").readlink().parent


@pytest.fixture
def dump(programs: Path, tmp_path: Path) -> str:
    """Of a reminder and its history."""
    reminder = ReminderFactory()
    Reminder.objects.filter(pk=reminder.pk).update(title="Another")
    path = tmp_path / "dump"
    subprocess.run([programs / "pg_dump", "--format=custom", f"--file={path}", database_url()], check=True)
    return str(path)


def rows(address: str) -> list[list[str]]:
    with psycopg.connect(address) as line:
        return [[str(row) for row in line.execute(f"SELECT * FROM {name} ORDER BY id")] for name in TABLES]


def test_a_dump_that_is_restored_whole_has_every_row_once(programs: Path, dump: str, restored: str) -> None:
    for _once_more in range(2):
        command = [programs / "pg_restore", "--clean", "--if-exists", "--dbname", restored, dump]
        subprocess.run(command, check=True)
        assert rows(restored) == rows(database_url())


def test_rows_alone_are_restored_with_triggers_disabled(programs: Path, dump: str, restored: str) -> None:
    subprocess.run([programs / "pg_restore", "--schema-only", "--dbname", restored, dump], check=True)
    command = [programs / "pg_restore", "--data-only", "--disable-triggers", "--exit-on-error", "--dbname", restored]
    subprocess.run([*command, dump], check=True)
    assert rows(restored) == rows(database_url())
    with psycopg.connect(restored) as line:  # they are on again
        line.execute("UPDATE teams_team SET name = 'Another'")
    assert len(rows(restored)[0]) == len(rows(database_url())[0]) + 1
