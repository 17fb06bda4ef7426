"""Reminders come in from a file: what it has becomes the same here, and the same file again changes nothing."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import AccountMail, User
from reminders.models import Label, Reminder
from reminders.schedule import Schedule, bounded
from teams.models import Change, OutsideAddress, Role, Team
from teams.tests.factories import MembershipFactory, OutsideAddressFactory, TeamFactory

from .connections import connections
from .exported import SCHEDULES, ZONES, downloaded, instants_of, schedule_of
from .factories import ReminderFactory
from .pages import NOW, outsider, person_in, signed_in

pytestmark = pytest.mark.django_db

JSON = "application/json"
# They have nothing to come.
OVER = {"ended before"}


@pytest.fixture(autouse=True)
def clock() -> Any:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def here() -> Team:
    """Where reminders come from."""
    return TeamFactory(name="Operations", zone="Europe/Berlin", country="DE", region="BE")


@pytest.fixture
def there() -> Team:
    """Where they go."""
    return TeamFactory(name="Backup", zone="Europe/Berlin", country="DE", region="BE")


@pytest.fixture
def ana(here: Team, there: Team) -> User:
    person = person_in(here, Role.ADMIN, name="Ana Lopez", email="ana@example.org", zone="Europe/Berlin")
    MembershipFactory(team=there, user=person, role=Role.ADMIN)
    return person


@pytest.fixture
def client(ana: User) -> Client:
    return signed_in(ana)


def sent(client: Client, team: Team, content: Any, *, dry_run: bool = False, kind: str = JSON) -> dict[str, Any]:
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    answer = client.post(f"/api/v1/teams/{team.uuid}/import?dry_run={str(dry_run).lower()}", body, content_type=kind)
    assert answer.status_code == 200, answer.content
    return answer.json()


def outcomes(answer: dict[str, Any]) -> dict[str, int]:
    return {outcome: count for outcome, count in answer["counts"].items() if count}


def record(**changes: Any) -> dict[str, Any]:
    return {
        "key": "water",
        "title": "Water the plants",
        "schedule": {"zone": "Europe/Berlin", "start": "2026-11-25", "times": ["09:00"], "rule": "FREQ=DAILY"},
    } | changes


def file_of(*records: dict[str, Any]) -> dict[str, Any]:
    return {"format": "team-reminders/1", "reminders": list(records)}


def written(team: Team, schedule: Schedule, **fields: Any) -> Reminder:
    reminder = ReminderFactory(team=team, **fields)
    reminder.schedule = bounded(schedule)
    reminder.save()
    return reminder


def everything(team: Team) -> list[Any]:
    """All rows of the team's reminders, and of what is planned for them."""
    rows = Reminder.objects.filter(team=team).order_by("pk")
    booked = [list(row.occurrences.order_by("pk").values()) for row in rows]
    return [*rows.values(), *booked]


@pytest.mark.parametrize("zone", ZONES)
def test_every_schedule_of_an_export_comes_due_at_the_same_instants_in_another_team(
    client: Client, here: Team, there: Team, zone: str
) -> None:
    stored = {name: written(here, schedule_of(name, zone), title=name) for name in SCHEDULES}
    answer = sent(client, there, downloaded(client, here, "json"))
    assert outcomes(answer) == {"new": len(SCHEDULES) - len(OVER), "left_out": len(OVER)}
    for row in Reminder.objects.filter(team=there):
        assert instants_of(row.schedule) == instants_of(stored[row.title].schedule), row.title
        assert row.occurrences.filter(state="upcoming").exists(), row.title


def test_what_was_imported_exports_as_what_it_came_from(client: Client, here: Team, there: Team, ana: User) -> None:
    bob = person_in(here, email="bob@example.org")
    MembershipFactory(team=there, user=bob)
    OutsideAddressFactory(team=there, email="caretaker@example.net", state="agreed", agreed_at=NOW)
    reminder = written(
        here, schedule_of("with some left out and moved", "Europe/Berlin"), title="Water “the” plants",
        notes="All\nten", author=ana, audience="people", people=[bob], completion="nobody", lateness="skip",
        late_hours=7, lead_times=[1440, 60],
    )  # fmt: skip
    reminder.outside.add(OutsideAddressFactory(team=here, email="caretaker@example.net", state="agreed", agreed_at=NOW))
    reminder.pause(NOW)
    sent(client, there, downloaded(client, here, "json"))
    one, other = (json.loads(downloaded(client, team, "json"))["reminders"][0] for team in (here, there))
    own = {"key", "url", "author", "created", "changed"}
    assert {name: one[name] for name in one.keys() - own} == {name: other[name] for name in other.keys() - own}


def test_the_same_file_a_second_time_changes_nothing(client: Client, here: Team, there: Team) -> None:
    for name in SCHEDULES:
        written(here, schedule_of(name, "Europe/Berlin"), title=name)
    for ending, kind in (("json", JSON), ("ics", "text/calendar")):
        file = downloaded(client, here, ending)
        sent(client, there, file, kind=kind)
        before, changes = everything(there), Change.objects.count()
        assert not {"new", "changed", "refused"} & outcomes(sent(client, there, file, kind=kind)).keys()
        assert everything(there) == before
        assert Change.objects.count() == changes


def test_a_team_finds_its_own_export_unchanged(client: Client, here: Team) -> None:
    for name in SCHEDULES:
        written(here, schedule_of(name, "Europe/Berlin"), title=name)
    file = downloaded(client, here, "json")
    assert outcomes(sent(client, here, file)) == {"same": len(SCHEDULES)}
    assert outcomes(sent(client, here, downloaded(client, here, "ics"), kind="text/calendar")).keys() == {"left_out"}


def test_a_backup_brings_back_what_was_changed_and_what_was_deleted_since(client: Client, here: Team) -> None:
    kept = written(here, schedule_of("every day", "Europe/Berlin"), title="Kept")
    gone = written(here, schedule_of("every day", "Europe/Berlin"), title="Gone")
    backup = downloaded(client, here, "json")
    Reminder.objects.filter(pk=kept.pk).update(title="Changed", notes="More")
    gone.discard(NOW)
    answer = sent(client, here, backup)
    assert [(line["title"], line["outcome"], line["changes"]) for line in answer["lines"]] == [
        ("Kept", "changed", ["title", "notes"]), ("Gone", "new", [])]  # fmt: skip
    assert sorted(Reminder.objects.filter(team=here, deleted_at=None).values_list("title", flat=True)) == [
        "Gone", "Kept"]  # fmt: skip
    assert outcomes(sent(client, here, backup)) == {"same": 2}


def test_what_was_deleted_and_imported_again_can_be_restored_beside_it(client: Client, there: Team) -> None:
    sent(client, there, file_of(record()))
    first = Reminder.objects.get(team=there)
    first.discard(NOW)
    assert outcomes(sent(client, there, file_of(record()))) == {"new": 1}
    first.restore(NOW)
    assert Reminder.objects.filter(team=there, deleted_at=None).count() == 2
    assert outcomes(sent(client, there, file_of(record()))) == {"same": 1}


def test_a_dry_run_says_what_would_change_and_changes_nothing(client: Client, there: Team) -> None:
    sent(client, there, file_of(record(), record(key="b", title="Stays")))
    before = everything(there)
    later = record(title="Water them", schedule=record()["schedule"] | {"times": ["10:00"]}, lead_times=[60])
    file = file_of(later, record(key="b", title="Stays"), record(key="c", title="Comes"))
    dry = sent(client, there, file, dry_run=True)
    assert dry["dry_run"] is True
    assert [(line["key"], line["outcome"], line["changes"]) for line in dry["lines"]] == [
        ("water", "changed", ["title", "lead_times", "schedule"]), ("b", "same", []), ("c", "new", [])]  # fmt: skip
    assert everything(there) == before
    real = sent(client, there, file)
    assert real["counts"] == dry["counts"]


@pytest.mark.parametrize(
    ("change", "outcome", "why"),
    [
        ({"schedule": {"zone": "Mars/Base", "start": "2026-11-25", "times": ["09:00"]}}, "refused", "Mars/Base"),
        ({"schedule": {"zone": "UTC", "start": "2026-11-25", "times": ["09:00"], "rule": "FREQ=FOO"}}, "refused", ""),
        ({"schedule": {"zone": "UTC", "start": "2026-11-25", "times": ["09:00"],
                       "rule": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "month_end": "skip"}}, "refused", "never"),
        ({"schedule": {"zone": "UTC", "start": "2026-11-25", "times": ["09:00", "09:01"]}}, "refused", "5 minutes"),
        ({"schedule": {"zone": "UTC", "start": "2026-11-25"}}, "refused", "time"),
        ({"schedule": {"zone": "UTC", "start": "2026-11-25", "rule": "FREQ=DAILY", "cron": "0 9 * * *"}},
         "refused", "not both"),
        ({"schedule": {"zone": "UTC", "start": "2020-01-01", "times": ["09:00"]}}, "left_out", "come due"),
        ({"lead_times": [1]}, "refused", "5 minutes"),
        ({"audience": {"kind": "people", "people": ["nobody@example.org"]}}, "refused", "Invite"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused_by_itself_and_the_rest_comes_in(
    client: Client, there: Team, change: dict[str, Any], outcome: str, why: str
) -> None:
    answer = sent(client, there, file_of(record(key="a") | change, record(key="b", title="Good")))
    assert [line["outcome"] for line in answer["lines"]] == [outcome, "new"]
    assert why in answer["lines"][0]["why"]
    assert [row.title for row in Reminder.objects.filter(team=there)] == ["Good"]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        (b"hello", None),
        (b"\xff\xfe", None),
        (b"[]", None),
        (b'{"format": "other"}', None),
        (b"[" * 100_000, None),
        (b'{"format": "team-reminders/1"}', "/reminders"),
        (json.dumps(file_of(record(title=3))).encode(), "/reminders/0/title"),
        (json.dumps(file_of(record(), record(schedule={"zone": "UTC"}))).encode(), "/reminders/1/schedule/start"),
        (json.dumps(file_of(record(notes="x" * 10_001))).encode(), "/reminders/0/notes"),
        (json.dumps(file_of(*[record()] * 1001)).encode(), "/reminders"),
        (json.dumps(file_of(record(paused={"until": {"at": "2026-12-01T09:00:00"}}))).encode(),
         "/reminders/0/paused/until/at"),
        (json.dumps(file_of(record(paused={"until": {"at": 0}}))).encode(), "/reminders/0/paused/until/at"),
        (json.dumps(file_of(record(schedule={"zone": "UTC", "start": 0}))).encode(), "/reminders/0/schedule/start"),
        (json.dumps(file_of(record(key=" "))).encode(), "/reminders/0/key"),
        (json.dumps(file_of(record(key="a\nb"))).encode(), "/reminders/0/key"),
        (json.dumps(file_of(record(paused={"until": {"at": "9999-12-31T23:59:59Z"}}))).encode(),
         "/reminders/0/paused/until/at"),
        (json.dumps(file_of(record(paused=[None, None]))).encode(), "/reminders/0/paused"),
    ],
)  # fmt: skip
def test_a_document_that_is_none_is_refused_as_a_whole_with_the_place(
    client: Client, there: Team, body: bytes, pointer: str | None
) -> None:
    answer = client.post(f"/api/v1/teams/{there.uuid}/import", body, content_type=JSON)
    assert answer.status_code == 422
    assert [each["pointer"] for each in answer.json()["errors"]] == ([pointer] if pointer else [])
    assert not Reminder.objects.filter(team=there).exists()


def test_another_kind_of_body_and_one_too_large_are_refused(client: Client, there: Team) -> None:
    address = f"/api/v1/teams/{there.uuid}/import"
    assert client.post(address, b"a,b", content_type="text/csv").status_code == 415
    assert client.post(address, b" " * 5_000_001, content_type=JSON).status_code == 413
    assert client.post(address, b" " * 6_000_000, content_type=JSON).status_code == 413
    assert client.post("/api/v1/teams", b" " * 1_000_001, content_type=JSON).status_code == 413


def test_a_file_larger_than_any_form_comes_in(client: Client, there: Team) -> None:
    records = [record(key=str(n), title=f"Number {n}", notes="x" * 9_000) for n in range(150)]
    assert len(json.dumps(file_of(*records))) > 1_200_000
    assert outcomes(sent(client, there, file_of(*records))) == {"new": 150}


def test_a_key_that_stands_twice_is_refused_both_times(client: Client, there: Team) -> None:
    answer = sent(client, there, file_of(record(), record(title="Again")))
    assert outcomes(answer) == {"refused": 2}


def test_one_reminder_that_two_lines_are_about_is_left_as_it_is(client: Client, there: Team) -> None:
    sent(client, there, file_of(record()))
    own = str(Reminder.objects.get(team=there).uuid)
    answer = sent(client, there, file_of(record(title="One"), record(key=own, title="Other")))
    assert outcomes(answer) == {"refused": 2}
    assert Reminder.objects.get(team=there).title == "Water the plants"


def test_keys_of_another_team_are_not_found(client: Client, here: Team, there: Team) -> None:
    """A team's file says nothing of what other teams have."""
    foreign = ReminderFactory(title="Secret")
    sent(client, there, file_of(record(key=str(foreign.uuid), title="Mine")))
    foreign.refresh_from_db()
    assert foreign.title == "Secret"
    assert Reminder.objects.get(team=there).title == "Mine"


def test_who_may_not_edit_a_reminder_cannot_change_it_by_a_file(here: Team, ana: User) -> None:
    reminder = written(here, schedule_of("every day", "Europe/Berlin"), title="Ana's", author=ana)
    bob = signed_in(person_in(here))
    file = json.loads(downloaded(bob, here, "json"))
    file["reminders"][0]["title"] = "Bob's"
    answer = sent(bob, here, file)
    assert outcomes(answer) == {"refused": 1}
    assert "author" in answer["lines"][0]["why"]
    reminder.refresh_from_db()
    assert reminder.title == "Ana's"


@pytest.mark.parametrize("role", [None, Role.VIEWER])
def test_strangers_and_viewers_import_nothing(there: Team, role: Role | None) -> None:
    person = person_in(there, role) if role else outsider()
    body = json.dumps(file_of(record())).encode()
    answer = signed_in(person).post(f"/api/v1/teams/{there.uuid}/import", body, content_type=JSON)
    assert answer.status_code == (403 if role else 404)
    assert not Reminder.objects.filter(team=there).exists()


def test_people_who_are_not_in_the_team_are_named_and_left_out(client: Client, there: Team, ana: User) -> None:
    audience = {"kind": "people", "people": ["ANA@example.org", "gone@example.org"]}
    answer = sent(client, there, file_of(record(audience=audience)))
    assert answer["lines"][0]["notes"] == ["Not in the team, and left out: gone@example.org."]
    assert list(Reminder.objects.get(team=there).people.all()) == [ana]
    assert outcomes(sent(client, there, file_of(record(audience=audience)))) == {"same": 1}


def test_outside_addresses_are_asked_once_and_only_when_it_is_carried_out(client: Client, there: Team) -> None:
    file = file_of(*[record(key=key, audience={"outside": ["Caretaker@example.net"]}) for key in "ab"])
    sent(client, there, file, dry_run=True)
    assert not OutsideAddress.objects.exists()
    sent(client, there, file)
    address = OutsideAddress.objects.get()
    assert (address.email, address.state, address.reminders.count()) == ("caretaker@example.net", "asked", 2)
    assert AccountMail.objects.filter(to="caretaker@example.net").count() == 1
    assert outcomes(sent(client, there, file)) == {"same": 2}
    assert AccountMail.objects.filter(to="caretaker@example.net").count() == 1


def test_as_many_labels_and_addresses_come_in_as_a_team_may_have(client: Client, here: Team, there: Team) -> None:
    reminder = written(here, schedule_of("every day", "Europe/Berlin"))
    reminder.labels.set(Label.objects.create(team=here, name=f"Shelf {n}", hue=n) for n in range(60))
    reminder.outside.set(OutsideAddressFactory.create_batch(30, team=here, state="agreed", agreed_at=NOW))
    assert outcomes(sent(client, there, downloaded(client, here, "json"), dry_run=True)) == {"new": 1}


def test_an_address_that_wants_no_mail_is_not_asked_again(client: Client, there: Team) -> None:
    OutsideAddressFactory(team=there, email="no@example.net", state="stopped")
    sent(client, there, file_of(record(audience={"outside": ["no@example.net"]})))
    assert OutsideAddress.objects.get().state == "stopped"
    assert not AccountMail.objects.filter(to="no@example.net").exists()


def test_pauses_come_along(client: Client, there: Team) -> None:
    tomorrow = {"at": "2026-12-01T00:00:00+01:00", "zone": "Europe/Berlin"}
    endless = {"since": {"at": "2026-11-01T00:00:00+01:00", "zone": "Europe/Berlin"}, "until": None}
    file = file_of(
        record(key="for ever", paused=endless),
        record(key="for a week", paused={"since": None, "until": tomorrow}),
        record(key="over", paused={"until": {"at": "2026-11-01T00:00:00+01:00"}}),
    )
    sent(client, there, file)
    rows = {row.import_key: row for row in Reminder.objects.filter(team=there)}
    assert rows["for ever"].paused_at == NOW
    assert not rows["for ever"].occurrences.filter(state="upcoming").exists()
    assert rows["for a week"].paused_until == datetime.fromisoformat(tomorrow["at"])
    assert rows["for a week"].occurrences.earliest("due_at").due_at == datetime.fromisoformat("2026-12-01T09:00+01:00")
    assert not rows["over"].is_paused(NOW)
    assert outcomes(sent(client, there, file)) == {"same": 3}
    file["reminders"][0]["paused"] = None
    assert sent(client, there, file)["lines"][0]["changes"] == ["paused"]
    assert Reminder.objects.get(import_key="for ever").occurrences.filter(state="upcoming").exists()


def test_labels_come_along_by_name_and_are_made_where_they_are_missing(client: Client, there: Team) -> None:
    kept = Label.objects.create(team=there, name="Garden", hue=3)
    gone = Label.objects.create(team=there, name="Gone", hue=2)
    file = file_of(record(labels=["garden", "Summer"]), record(key="b", labels=["summer"]))
    sent(client, there, file)
    row = Reminder.objects.get(import_key="water")
    assert list(row.labels.values_list("name", flat=True).order_by("name")) == ["Garden", "Summer"]
    assert Label.objects.filter(team=there).count() == 3
    row.labels.add(gone)
    gone.discard(NOW)
    assert outcomes(sent(client, there, file)) == {"same": 2}
    file["reminders"][0]["labels"] = []
    assert sent(client, there, file)["lines"][0]["changes"] == ["labels"]
    assert list(row.labels.all()) == [gone]
    assert Label.objects.get(pk=kept.pk).deleted_at is None
    del file["reminders"][0]["labels"]
    assert outcomes(sent(client, there, file)) == {"same": 2}


def test_an_import_never_fires_anything_in_the_past(client: Client, there: Team) -> None:
    begun_long_ago = record()["schedule"] | {"start": "2020-01-01"}
    sent(client, there, file_of(record(schedule=begun_long_ago)))
    assert list(Reminder.objects.get(team=there).occurrences.filter(due_at__lte=NOW)) == []


def test_exceptions_that_have_passed_are_dropped_and_no_difference(
    client: Client, there: Team, ana: User, clock: Any
) -> None:
    schedule = record()["schedule"] | {"start": "2026-01-01", "skipped": ["2026-02-01T09:00:00+01:00",
                                                                         "2026-12-24T09:00:00+01:00"]}  # fmt: skip
    sent(client, there, file_of(record(schedule=schedule)))
    assert Reminder.objects.get(team=there).skipped == [datetime(2026, 12, 24, 9)]
    clock.shift(timedelta(days=200))
    assert outcomes(sent(signed_in(ana), there, file_of(record(schedule=schedule)))) == {"same": 1}


def test_a_thousand_reminders_take_as_many_queries_as_a_hundred_but_for_planning(client: Client, there: Team) -> None:
    """Planning goes by hundreds; comparing and writing do not go one by one."""

    def queries(n: int, dry_run: bool) -> int:
        file = file_of(*[record(key=f"{n}-{key}") for key in range(n)])
        with CaptureQueriesContext(connection) as captured:
            sent(client, there, file, dry_run=dry_run)
        return len(captured)

    assert queries(10, True) == queries(300, True)
    assert queries(300, False) - queries(100, False) <= 2 * 12


def test_rules_that_take_long_to_look_at_do_not_hold_up_the_site(
    client: Client, there: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reminders.imports.lines.BUDGET", 0.0)
    answer = client.post(f"/api/v1/teams/{there.uuid}/import", json.dumps(file_of(record())), content_type=JSON)
    assert answer.status_code == 422
    assert "Divide" in answer.json()["detail"]


def test_titles_come_in_as_one_line(client: Client, there: Team) -> None:
    sent(client, there, file_of(record(title="Water\nthe \u202eplants")))
    assert Reminder.objects.get(team=there).title == "Water the plants"


def test_the_history_says_who_imported(client: Client, there: Team, ana: User) -> None:
    sent(client, there, file_of(record()))
    change = Change.objects.get(team=there, kind="reminder", action="added")
    assert (change.who, change.channel) == (ana, "api")


@pytest.mark.django_db(transaction=True)
def test_the_same_file_twice_at_the_same_moment_comes_in_once(client: Client, there: Team) -> None:
    file = file_of(*[record(key=str(n)) for n in range(30)])
    with connections() as one, connections() as two:
        answers = [start(lambda: sent(client, there, file)) for start in (one, two)]
        found = [outcomes(answer.result(30)) for answer in answers]
    assert sorted(found, key=str) == [{"new": 30}, {"same": 30}]
    assert Reminder.objects.filter(team=there).count() == 30
