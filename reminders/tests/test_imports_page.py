"""Importing by hand: upload, look, import, undo."""

import json
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import User
from reminders.models import Import, Reminder
from reminders.pruning import prune_imports
from teams.models import Membership, Role, Team
from teams.tests.factories import TeamFactory

from .factories import ImportFactory
from .pages import NOW, person_in, signed_in
from .test_imports import file_of, record
from .test_imports_calendar import calendar_of, event

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock() -> Any:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def team() -> Team:
    return TeamFactory(name="Operations", zone="Europe/Berlin")


@pytest.fixture
def ana(team: Team) -> User:
    return person_in(team, Role.MEMBER, zone="Europe/Berlin")


@pytest.fixture
def client(ana: User) -> Client:
    return signed_in(ana)


def uploaded(client: Client, team: Team, content: bytes | dict[str, Any], name: str = "a.json", **fields: str) -> Any:
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    return client.post(f"/teams/{team.uuid}/import/", {"file": SimpleUploadedFile(name, body), **fields})


def looked_at(client: Client, team: Team, content: bytes | dict[str, Any], **fields: str) -> tuple[str, str]:
    """The address of the page that says what would change, and its text."""
    answer = uploaded(client, team, content, **fields)
    assert answer.status_code == 302, answer.content.decode()
    return answer["Location"], client.get(answer["Location"]).content.decode()


def test_a_file_is_looked_at_imported_and_undone(client: Client, team: Team) -> None:
    address, page = looked_at(client, team, file_of(record(), record(key="b", title="Call the bank")))
    assert "Import 2 reminders" in page
    assert "every day at 09:00" in page
    assert not Reminder.objects.exists()
    assert client.post(f"{address}run/").status_code == 302
    assert Reminder.objects.filter(team=team).count() == 2
    page = client.get(address).content.decode()
    assert "2 new reminders" in page
    assert "Call the bank" in page
    client.post(f"{address}undo/")
    assert not Reminder.objects.visible_to(Import.objects.get().user).exists()
    assert "Import undone" in client.get(address).content.decode()


def test_the_bytes_are_forgotten_once_they_are_imported(client: Client, team: Team) -> None:
    address, _page = looked_at(client, team, file_of(record()))
    assert Import.objects.get().content
    client.post(f"{address}run/")
    assert Import.objects.get().content is None


def test_a_double_click_imports_once(client: Client, team: Team) -> None:
    address, _page = looked_at(client, team, file_of(record()))
    client.post(f"{address}run/")
    answer = client.post(f"{address}run/", follow=True)
    assert "imported already" in answer.content.decode()
    assert Reminder.objects.count() == 1
    client.post(f"{address}undo/")
    assert "cannot be undone" in client.post(f"{address}undo/", follow=True).content.decode()


def test_the_page_says_what_would_change_and_why_something_is_not(client: Client, team: Team) -> None:
    address, _page = looked_at(client, team, file_of(record()))
    client.post(f"{address}run/")
    moved = record()["schedule"] | {"times": ["10:00"]}
    _address, page = looked_at(
        client,
        team,
        file_of(
            record(schedule=moved, lead_times=[60]),
            record(key="bad", title="Bad", schedule={"zone": "Mars/Base", "start": "2026-12-01", "times": ["09:00"]}),
            record(key="past", title="Past", schedule={"zone": "UTC", "start": "2020-01-01", "times": ["09:00"]}),
        ),
    )
    assert "<del>every day at 09:00</del>" in page
    assert "<ins>every day at 10:00</ins>" in page
    assert "advance notices" in page
    assert "Mars/Base" in page
    assert "would not come due any more" in page


def test_a_file_that_is_here_already_has_nothing_to_import(client: Client, team: Team) -> None:
    address, _page = looked_at(client, team, file_of(record()))
    client.post(f"{address}run/")
    _address, page = looked_at(client, team, file_of(record()))
    assert "Nothing to import" in page
    assert "Import 1 reminder" not in page


def test_events_without_a_time_come_at_the_time_that_was_asked_for(client: Client, team: Team) -> None:
    content = calendar_of(event("SUMMARY:Birthday", "DTSTART;VALUE=DATE:20261201", "RRULE:FREQ=YEARLY"))
    address, page = looked_at(client, team, content, name="a.ics", all_day_at="07:30")
    assert "07:30" in page
    client.post(f"{address}run/")
    assert [f"{at:%H:%M}" for at in Reminder.objects.get().times] == ["07:30"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "This file is empty."),
        (b"hello", "This is no calendar"),
        (b"{", "This is no JSON"),
        (b"\xef\xbb\xbf{}", "This is no export of a team"),
        (json.dumps(file_of(record(title=3))).encode(), "/reminders/0/title"),
        (b" " * 5_000_001, "too large"),
    ],
)
def test_a_file_that_cannot_be_read_is_said_at_the_field(
    client: Client, team: Team, content: bytes, words: str
) -> None:
    answer = uploaded(client, team, content)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Import.objects.exists()


def test_no_file_is_said_at_the_field(client: Client, team: Team) -> None:
    answer = client.post(f"/teams/{team.uuid}/import/", {})
    assert answer.status_code == 422
    assert "Choose a file." in answer.content.decode()


def test_an_upload_is_nobody_elses(client: Client, team: Team) -> None:
    address, _page = looked_at(client, team, file_of(record()))
    colleague = signed_in(person_in(team, Role.OWNER))
    assert colleague.get(address).status_code == 404
    assert colleague.post(f"{address}run/").status_code == 404
    assert not Reminder.objects.exists()


def test_who_has_left_the_team_or_only_reads_now_imports_nothing(client: Client, team: Team, ana: User) -> None:
    address, _page = looked_at(client, team, file_of(record()))
    Membership.objects.filter(user=ana).update(role=Role.VIEWER)
    assert client.post(f"{address}run/").status_code == 404
    Membership.objects.filter(user=ana).delete()
    assert client.post(f"{address}run/").status_code == 404
    assert not Reminder.objects.exists()


def test_uploads_that_were_left_and_imports_that_nobody_can_undo_are_pruned(team: Team, ana: User) -> None:
    fields = {"team": team, "user": ana}
    ImportFactory(**fields, created_at=NOW - timedelta(days=2), name="left")
    ImportFactory(**fields, created_at=NOW - timedelta(hours=2), name="new")
    ImportFactory(**fields, created_at=NOW - timedelta(days=6), done_at=NOW - timedelta(days=6), name="can be undone")
    ImportFactory(**fields, created_at=NOW - timedelta(days=8), done_at=NOW - timedelta(days=8), name="cannot")
    assert list(prune_imports(NOW, dry_run=True)) == [2]
    assert list(prune_imports(NOW)) == [2]
    assert set(Import.objects.values_list("name", flat=True)) == {"new", "can be undone"}


def test_reminders_stay_when_their_import_is_pruned(client: Client, team: Team, clock: Any) -> None:
    address, _page = looked_at(client, team, file_of(record()))
    client.post(f"{address}run/")
    clock.shift(timedelta(days=8))
    list(prune_imports(NOW + timedelta(days=8)))
    assert Reminder.objects.get().imported_by is None
