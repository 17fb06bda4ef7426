"""A person has all that we know of them: asked for on a page, made in the background, downloaded by them alone."""

import io
import json
import time
from datetime import timedelta
from typing import Any
from zipfile import ZipFile

import django_rq
import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import AccessToken, User
from accounts.tests.factories import UserFactory
from reminders.exports import making
from reminders.exports.own import PARTS
from reminders.goodbye import delete_account
from reminders.jobs import make_export
from reminders.models import DataExport, Delivery
from reminders.models.data_export import HAND_OVER_AGAIN, LEASE, MAX_TRIES, STALE_AFTER
from reminders.pruning import prune_data_exports
from teamreminders.acting import Channel, acting
from teams.models import Membership, Role, Team
from teams.tests.factories import InvitationFactory, MembershipFactory, OutsideAddressFactory, TeamFactory

from .factories import DataExportFactory, DeliveryFactory, OccurrenceFactory, ReminderFactory
from .pages import HTMX, outsider, person_in, signed_in

pytestmark = pytest.mark.django_db

PAGE = "/me/export/"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def team() -> Team:
    return TeamFactory(name="Operations")


@pytest.fixture
def ana(team: Team) -> User:
    return person_in(team, name="Ana Lopez", email="ana@example.org", zone="America/New_York")


@pytest.fixture
def client(ana: User, redis: Any) -> Client:
    return signed_in(ana)


def asked(person: User, **fields: Any) -> DataExport:
    return DataExportFactory(user=person, **fields)


def jobs() -> list[int]:
    """The exports for which a job waits."""
    return [job.args[0] for job in django_rq.get_queue("background").jobs]


def made(export: DataExport) -> DataExport:
    """After as many jobs as it takes."""
    for _n in range(500):
        make_export(export.pk)
        export.refresh_from_db()
        if not export.is_open:
            return export
    raise AssertionError("it goes on for ever")


def files(export: DataExport) -> dict[str, Any]:
    archive = ZipFile(io.BytesIO(export.content))
    assert archive.testzip() is None
    texts = {name: archive.read(name).decode() for name in archive.namelist()}
    return {name: json.loads(text) if name.endswith(".json") else text for name, text in texts.items()}


def answered(team: Team, person: User) -> Any:
    occurrence = OccurrenceFactory(reminder__team=team)
    assert occurrence.finish(person, timezone.now())
    return occurrence


# --- What is in it ----------------------------------------------------------------------------------------------


def test_it_has_what_belongs_to_the_person(team: Team, ana: User, redis: Any) -> None:
    reminder = ReminderFactory(team=team, author=ana, title="Water the plants", daily=True)
    DeliveryFactory(occurrence=answered(team, ana), user=ana, sent=True)
    InvitationFactory(team=team, invited_by=ana, email="new@example.org")
    reminder.mute(ana)
    OutsideAddressFactory(team=team, asked_by=ana, email="caretaker@example.net")
    OutsideAddressFactory(asked_by=ana, email="of-a-former-team@example.net")
    with acting(Channel.PAGE, ana.pk):
        Team.objects.filter(pk=team.pk).update(subject_prefix="Ops")
    token, _secret = AccessToken.objects.make(ana, name="backup script")
    found = files(made(asked(ana)))
    assert [each["name"] for each in found["access-tokens.json"]] == ["backup script"]
    assert token.token_hash not in str(found)
    assert list(found) == [
        "README.txt", "profile.json", "addresses.json", "memberships.json", "access-tokens.json", "join-requests.json",
        "invitations.json", "reminders.json", "muted.json", "outside-addresses.json", "changes.json", "answers.json",
        "messages.json",
    ]  # fmt: skip
    (profile,) = found["profile.json"]
    assert (profile["name"], profile["email"], profile["zone"]) == ("Ana Lopez", "ana@example.org", "America/New_York")
    assert [each["email"] for each in found["addresses.json"]] == ["ana@example.org"]
    assert [(each["team"], each["role"]) for each in found["memberships.json"]] == [("Operations", "member")]
    assert [(each["key"], each["title"]) for each in found["reminders.json"]] == [
        (str(reminder.uuid), "Water the plants")
    ]
    assert [each["title"] for each in found["muted.json"]] == ["Water the plants"]
    assert [(each["email"], each["team"]) for each in found["outside-addresses.json"]] == [
        ("caretaker@example.net", "Operations")
    ]
    assert [(each["team"], each["kind"], each["action"]) for each in found["changes.json"]] == [
        ("Operations", "team", "changed")
    ]
    assert [(each["answer"], each["team"]) for each in found["answers.json"]] == [("done", "Operations")]
    (message,) = found["messages.json"]
    assert (message["state"], message["address"], message["reply"][:3]) == ("sent", "ana@example.org", "250")
    assert message["sent_at"].endswith(("-05:00", "-04:00"))
    assert all(name in found["README.txt"] for name in found if name != "README.txt")


def test_nothing_secret_and_nobody_else_is_in_it(team: Team, ana: User, redis: Any) -> None:
    bob = person_in(team, name="Bob", email="bob@example.org")
    ReminderFactory(team=team, author=bob, title="Of Bob")
    DeliveryFactory(occurrence=answered(team, bob), user=bob, sent=True)
    InvitationFactory(team=team, invited_by=bob, email="carol@example.org")
    InvitationFactory(team=team, invited_by=ana, email="dan@example.org")  # whom a plain member does not see
    for person in (ana, bob):
        AccessToken.objects.make(person, name=f"script of {person.name}")
    export = made(asked(ana))
    text = "".join(json.dumps(each) for each in files(export).values())
    for word in (
        "bob@example.org",
        "Of Bob",
        "carol@example.org",
        "dan@example.org",
        ana.password,
        '"token',
        "script of Bob",
    ):
        assert word not in text
    assert len(files(export)["invitations.json"]) == 1


def test_a_manager_finds_the_addresses_that_the_page_shows(team: Team, redis: Any) -> None:
    eve = person_in(team, Role.ADMIN)
    InvitationFactory(team=team, invited_by=eve, email="dan@example.org")
    gone = InvitationFactory(team=team, invited_by=eve, email="gone@example.org")
    gone.withdraw(timezone.now())
    assert [each["address"] for each in files(made(asked(eve)))["invitations.json"]] == ["dan@example.org", None]


def test_of_a_team_that_was_left_only_what_happened_is_in_it(team: Team, ana: User, redis: Any) -> None:
    ReminderFactory(team=team, author=ana, title="Secret plan")
    DeliveryFactory(occurrence=answered(team, ana), user=ana, sent=True)
    Membership.objects.get(user=ana).delete()
    found = files(made(asked(ana)))
    assert (found["memberships.json"], found["reminders.json"]) == ([], [])
    (message,), (answer,) = found["messages.json"], found["answers.json"]
    assert (message["team"], message["title"], answer["team"], answer["title"]) == (None, None, None, None)
    assert (message["state"], answer["answer"]) == ("sent", "done")


def test_the_number_of_queries_does_not_grow_with_the_number_of_rows(team: Team, ana: User, redis: Any) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            made(asked(ana))
        DataExport.objects.all().delete()
        return len(captured)

    DeliveryFactory(occurrence=answered(team, ana), user=ana, sent=True)
    ReminderFactory(team=team, author=ana)
    few = queries()
    for _n in range(10):
        DeliveryFactory(occurrence=answered(team, ana), user=ana, sent=True)
        ReminderFactory(team=team, author=ana)
    assert queries() == few


# --- How it is made ---------------------------------------------------------------------------------------------


def test_it_is_made_a_slice_at_a_time_and_loses_nothing_between_two(
    team: Team, ana: User, redis: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "SLICE_SECONDS", 0.0)  # a row each
    occurrence = answered(team, ana)
    sent = [DeliveryFactory(occurrence=occurrence, user=ana, sent=True, step=f"nag-{n}") for n in range(7)]
    export, steps = asked(ana), []
    for _n in range(50):
        make_export(export.pk)
        export.refresh_from_db()
        steps.append(export.done)
    assert export.state == "ready"
    assert len(set(steps)) > 10
    assert steps == sorted(steps)
    found = files(export)
    rows = [row for name, each in found.items() if name.startswith("messages") for row in each]
    assert [row["step"] for row in rows] == [each.step for each in sent]
    assert {"messages.json", "messages-2.json", "messages-7.json"} < set(found)
    assert "messages-8.json" not in found
    assert export.done == export.total == sum(len(each) for name, each in found.items() if name.endswith(".json"))


def test_after_each_slice_the_next_waits_behind_the_mail(
    ana: User, redis: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "SLICE_SECONDS", 0.0)
    export = asked(ana)
    make_export(export.pk)
    assert jobs() == [export.pk]
    assert list(django_rq.settings.QUEUES) == ["account", "default", "background"]


def test_a_job_that_runs_twice_at_once_changes_nothing(ana: User, redis: Any) -> None:
    export = asked(ana)
    claim = DataExport.objects.claim(export.pk, timezone.now())
    assert claim
    make_export(export.pk)
    export.refresh_from_db()
    assert (export.state, export.done, export.part, jobs()) == ("working", 0, "", [])


def test_a_job_after_the_end_changes_nothing(ana: User, redis: Any) -> None:
    export = made(asked(ana))
    before = DataExport.objects.values().get()
    make_export(export.pk)
    assert DataExport.objects.values().get() == before
    assert jobs() == []


def test_a_killed_worker_costs_a_slice_and_the_export_is_finished_later(ana: User, redis: Any) -> None:
    export, now = asked(ana), timezone.now()
    assert DataExport.objects.claim(export.pk, now)  # and then nothing is heard any more
    assert DataExport.objects.hand_over_due(now + LEASE / 2) == 0
    assert DataExport.objects.hand_over_due(now + LEASE) == 1
    assert jobs() == [export.pk]
    making.make_slice(export.pk, now + LEASE)
    export.refresh_from_db()
    assert export.state == "ready"
    assert len(files(export)) == 1 + len(PARTS)


def test_who_comes_too_late_writes_nothing(ana: User, redis: Any) -> None:
    """A worker that slept through its lease; another has gone on since."""
    export, now = asked(ana), timezone.now()
    late = DataExport.objects.claim(export.pk, now)
    making.make_slice(export.pk, now + LEASE)
    before = DataExport.objects.values().get()
    assert late
    assert not late.keep(now, done=0, content=b"")
    assert not late.finish(now, content=b"")
    assert DataExport.objects.values().get() == before


def test_a_job_that_was_lost_in_redis_comes_again(ana: User, redis: Any) -> None:
    export, now = asked(ana), timezone.now()
    assert DataExport.objects.hand_over([export.pk], now) == 1
    redis.flushall()
    assert DataExport.objects.hand_over_due(now + HAND_OVER_AGAIN - timedelta(seconds=1)) == 0
    assert DataExport.objects.hand_over_due(now + HAND_OVER_AGAIN) == 1
    assert jobs() == [export.pk]


def test_what_takes_the_worker_down_each_time_is_given_up(client: Client, ana: User) -> None:
    export, now = asked(ana), timezone.now()
    for _n in range(MAX_TRIES):
        assert DataExport.objects.hand_over_due(now)
        assert DataExport.objects.claim(export.pk, now)
        now += LEASE
    assert DataExport.objects.hand_over_due(now) == 0
    export.refresh_from_db()
    assert (export.state, export.why_failed, export.next_try_at) == ("failed", "gave-up", None)
    assert "Start again" in client.get(PAGE).content.decode()


def test_one_that_is_too_large_says_so(client: Client, ana: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "MOST_BYTES", 100)
    export = made(asked(ana))
    assert (export.state, export.why_failed, bytes(export.content)) == ("failed", "too-large", b"")
    assert "larger than this site can make" in client.get(PAGE).content.decode()


def test_a_second_open_one_is_refused_by_the_database(ana: User) -> None:
    asked(ana)
    with pytest.raises(IntegrityError, match="one_open_data_export_per_person"):
        asked(ana)


@pytest.mark.django_db(transaction=True)
def test_a_real_worker_and_scheduler_make_it_between_mails(stack: Any, smtp: Any, redis: Any) -> None:
    ana = UserFactory()
    membership = MembershipFactory(user=ana)
    for _n in range(3):
        DeliveryFactory(occurrence=answered(membership.team, ana), user=ana, sent=True)
    export = asked(ana)
    stack.worker()
    stack.scheduler()
    _wait_for(export)
    assert len(files(export)["messages.json"]) == 3


def _wait_for(export: DataExport) -> None:
    deadline = time.monotonic() + 30
    while export.is_open and time.monotonic() < deadline:
        time.sleep(0.1)
        export.refresh_from_db()
    assert export.state == "ready"


# --- The page ---------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_asking_hands_it_to_the_workers_and_the_page_says_how_far_it_is(client: Client, ana: User) -> None:
    assert "Ask for my data" in client.get(PAGE).content.decode()
    assert client.post(PAGE).status_code == 302
    export = DataExport.objects.get()
    assert (export.user, jobs()) == (ana, [export.pk])
    assert "It begins in a moment" in client.get(PAGE).content.decode()
    DataExport.objects.update(state="working", part="messages", done=20, total=80)
    piece = client.get(PAGE, headers=HTMX).content.decode()
    assert "20 of 80 entries" in piece
    assert 'hx-trigger="every 2s"' in piece
    assert "<html" not in piece
    made(export)
    page = client.get(PAGE).content.decode()
    assert "It is ready." in page
    assert "every 2s" not in page
    answer = client.get(f"{PAGE}{export.uuid}/")
    assert answer.getvalue() == bytes(export.content)
    assert answer["Content-Length"] == str(len(export.content))
    assert "no-store" in answer["Cache-Control"]
    assert answer["Content-Disposition"].startswith('attachment; filename="localhost-all-my-data-20')


def test_asking_again_while_it_is_made_begins_nothing(client: Client, ana: User) -> None:
    export = asked(ana)
    client.post(PAGE)
    assert DataExport.objects.get().uuid == export.uuid


def test_asking_again_replaces_what_is_settled(client: Client, ana: User) -> None:
    export = asked(ana, ready=True)
    client.post(PAGE)
    assert DataExport.objects.get().uuid != export.uuid


def test_a_stuck_one_can_be_started_again_and_its_old_job_finds_nothing(client: Client, ana: User) -> None:
    old = timezone.now() - STALE_AFTER
    export = asked(ana, progressed_at=old, state="working", claimed_until=timezone.now() + MINUTE, part="messages")
    page = client.get(PAGE).content.decode()
    assert "Nothing has moved" in page
    assert "Start again" in page
    assert client.post(PAGE).status_code == 302
    again = DataExport.objects.get()
    assert (again.uuid != export.uuid, again.state, again.part) == (True, "asked", "")
    make_export(export.pk)
    assert DataExport.objects.get().done == 0


def test_an_expired_one_is_gone_for_the_person_and_soon_for_good(client: Client, ana: User) -> None:
    now = timezone.now()
    export, other = asked(ana, ready=True, expires_at=now), asked(UserFactory(), ready=True)
    assert client.get(f"{PAGE}{export.uuid}/").status_code == 404
    page = client.get(PAGE).content.decode()
    assert "has expired" in page
    assert "Ask again" in page
    assert sum(prune_data_exports(now, dry_run=True)) == 1
    assert DataExport.objects.count() == 2
    call_command("prune", verbosity=0, stdout=io.StringIO())
    assert DataExport.objects.get() == other


def test_a_download_of_several_pieces_is_whole(client: Client, ana: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reminders.models.data_export.PIECE", 7)
    export = made(asked(ana))
    assert client.get(f"{PAGE}{export.uuid}/").getvalue() == bytes(export.content)


def test_nobody_else_finds_it(ana: User, team: Team) -> None:
    export = asked(ana, ready=True)
    for person in (outsider(), person_in(team, Role.OWNER), UserFactory(superuser=True)):
        theirs = signed_in(person)
        assert theirs.get(f"{PAGE}{export.uuid}/").status_code == 404
        assert "It is ready" not in theirs.get(PAGE).content.decode()


def test_one_that_is_being_made_cannot_be_downloaded(client: Client, ana: User) -> None:
    assert client.get(f"{PAGE}{asked(ana).uuid}/").status_code == 404


def test_it_goes_with_the_account(ana: User) -> None:
    asked(ana, ready=True)
    delete_account(ana)
    assert not DataExport.objects.exists()
    assert Delivery.objects.filter(user=ana.pk).count() == 0


def test_operators_see_that_there_is_one_and_nothing_of_what_is_in_it(ana: User) -> None:
    export = made(asked(ana))
    operator = signed_in(UserFactory(superuser=True))
    with CaptureQueriesContext(connection) as captured:
        pages = [
            operator.get(f"/admin/reminders/dataexport/{rest}").content.decode()
            for rest in ("", f"?q={export.uuid}", f"{export.pk}/change/")
        ]
    assert all(str(export.done) in page for page in pages)
    assert "download" not in pages[2].lower()
    assert not [query for query in captured if '"reminders_dataexport"."content"' in query["sql"]]


def test_the_settings_lead_to_it(client: Client) -> None:
    assert PAGE in client.get("/me/").content.decode()
