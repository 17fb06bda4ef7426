"""The API of one of a series, of working days, and of the end of teams and accounts."""

from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.db.models import F
from django.utils import timezone

from accounts.models import Scope, User
from accounts.tests.factories import PASSWORD
from accounts.tests.test_api import bearer, problem
from accounts.tests.test_api_signing import signed_in
from reminders.models import DataExport, Reminder
from reminders.models.data_export import STALE_AFTER
from teams.models import Team
from teams.tests.test_api import Program, ada, owner, team, with_role

from .factories import DataExportFactory, ReminderFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("redis")]
assert ada and team and owner  # fixtures

LONG_AGO, SLOT = datetime(2026, 1, 1, 9, tzinfo=UTC), "2030-01-07T09:00"


@pytest.fixture
def daily(team: Team, ada: User) -> Reminder:
    return ReminderFactory(team=team, author=ada, daily=True, due=LONG_AGO, zone="UTC")


def test_one_of_a_series_is_left_out_and_comes_after_all(owner: Program, daily: Reminder) -> None:
    path, slot = f"/reminders/{daily.uuid}/slots", {"slot": SLOT}
    assert owner.ask("POST", f"{path}/skip", slot).json()["schedule"]["skipped"] == [f"{SLOT}:00+00:00"]
    problem(owner.ask("POST", f"{path}/skip", slot), 409)
    as_told = {"slot": "2030-01-07T10:00:00+01:00"}
    assert owner.ask("POST", f"{path}/unskip", as_told).json()["schedule"]["skipped"] == []


@pytest.mark.parametrize("day", ["2030-03-30", "2030-03-31", "2030-10-27"])
def test_one_is_left_out_by_the_slot_that_was_told(owner: Program, team: Team, ada: User, day: str) -> None:
    """Also in the night when its clock has no such hour, and in the one when it has it twice."""
    due = datetime(2026, 1, 1, 1, 30, tzinfo=UTC)
    nightly = ReminderFactory(team=team, author=ada, daily=True, due=due, zone="Europe/Berlin")
    told = owner.ask("GET", f"/calendar?from={day}T00:00Z&until={day}T12:00Z").json()["items"][0]["slot"]
    assert told[:16] == f"{day}T02:30" and told[-6] == "+"
    for verb, left_out in (("skip", [told]), ("unskip", [])):
        answer = owner.ask("POST", f"/reminders/{nightly.uuid}/slots/{verb}", {"slot": told})
        assert answer.json()["schedule"]["skipped"] == left_out


def test_one_of_a_series_is_moved_and_back(owner: Program, daily: Reminder) -> None:
    path = f"/reminders/{daily.uuid}/slots/move"
    moved = owner.ask("POST", path, {"slot": SLOT, "to": "2030-01-07T11:30"})
    assert moved.json()["schedule"]["moved"] == [{"slot": f"{SLOT}:00+00:00", "to": "2030-01-07T11:30:00+00:00"}]
    assert moved["ETag"]
    assert owner.ask("POST", path, {"slot": SLOT, "to": SLOT}).json()["schedule"]["moved"] == []


@pytest.mark.parametrize(
    ("sent", "where"),
    [
        ({"slot": "2030-02-30T09:00", "to": SLOT}, "/slot"),
        ({"slot": SLOT, "to": "2020-01-01T09:00"}, "/to"),
        ({"slot": SLOT, "to": "tomorrow"}, "/to"),
        ({"slot": SLOT, "to": "9999-12-31T09:00"}, "/to"),
        ({"slot": SLOT, "to": "2100-01-01T00:00"}, "/to"),
        ({"slot": SLOT, "to": "0001-01-01T00:00"}, "/to"),
    ],
)
def test_a_time_that_cannot_be_is_said_of_its_place(
    owner: Program, daily: Reminder, sent: dict[str, str], where: str
) -> None:
    wrong = problem(owner.ask("POST", f"/reminders/{daily.uuid}/slots/move", sent), 422)
    assert wrong["errors"][0]["pointer"] == where


def test_a_series_ends_and_goes_on_with_another_schedule(owner: Program, daily: Reminder) -> None:
    path = f"/reminders/{daily.uuid}"
    assert owner.ask("POST", f"{path}/end").json()["next"] is None
    schedule = {"rule": "FREQ=DAILY", "times": ["09:00"], "zone": "UTC"}
    assert owner.ask("PATCH", path, {"schedule": schedule}).json()["next"] is not None


def test_a_series_that_has_not_begun_is_not_ended(owner: Program, team: Team, ada: User) -> None:
    later = ReminderFactory(team=team, author=ada, daily=True)
    problem(owner.ask("POST", f"/reminders/{later.uuid}/end"), 409)


def test_the_days_a_team_works_change_and_what_is_left_out_stays(owner: Program, team: Team) -> None:
    path = f"/teams/{team.uuid}/working-days"
    everything = {"working_days": [0, 1, 2], "country": "DE", "region": "BY", "days_off": ["2026-12-24", "2026-12-25"]}
    assert owner.ask("PATCH", path, everything).status_code == 204
    assert owner.ask("PATCH", path, {"working_days": [4]}).status_code == 204
    told = owner.ask("GET", f"/teams/{team.uuid}").json()
    assert {name: told[name] for name in everything} == everything | {"working_days": [4]}
    assert owner.ask("PATCH", path, {"country": "FR"}).status_code == 204
    assert owner.ask("GET", f"/teams/{team.uuid}").json()["region"] == ""


def test_a_country_that_is_none_is_refused(owner: Program, team: Team) -> None:
    wrong = problem(owner.ask("PATCH", f"/teams/{team.uuid}/working-days", {"country": "ZZ"}), 422)
    assert wrong["errors"][0]["pointer"] == "/country"


def test_a_team_is_deleted_by_its_name_only(owner: Program, team: Team) -> None:
    path = f"/teams/{team.uuid}"
    problem(owner.ask("DELETE", path), 422)
    problem(owner.ask("DELETE", path, {"confirm": "Other"}), 422)
    assert owner.ask("GET", path).status_code == 200
    assert owner.ask("DELETE", path, {"confirm": "operations"}).status_code == 204
    problem(owner.ask("GET", path), 404)


def test_an_account_is_deleted_by_who_has_signed_in_and_owns_no_team(team: Team, ada: User) -> None:
    program = Program(ada)
    problem(program.ask("DELETE", "/me", {"confirm": ada.email}), 403)
    program.headers = bearer(signed_in(ada.email, PASSWORD)["access_token"])
    assert "Operations" in problem(program.ask("DELETE", "/me", {"confirm": ada.email}), 409)["detail"]
    assert program.ask("DELETE", f"/teams/{team.uuid}", {"confirm": "Operations"}).status_code == 204
    problem(program.ask("DELETE", "/me", {"confirm": "somebody@example.org"}), 422)
    assert program.ask("DELETE", "/me", {"confirm": ada.email}).status_code == 204
    assert not User.objects.filter(pk=ada.pk).exists()
    problem(program.ask("GET", "/me"), 401)


def test_a_team_is_taken_away_as_files(owner: Program, team: Team, daily: Reminder) -> None:
    as_json = owner.ask("GET", f"/teams/{team.uuid}/reminders.json")
    assert as_json["Content-Type"] == "application/json"
    assert [reminder["title"] for reminder in as_json.json()["reminders"]] == [daily.title]
    calendar = owner.ask("GET", f"/teams/{team.uuid}/reminders.ics")
    assert calendar["Content-Type"].startswith("text/calendar") and daily.title in calendar.content.decode()


def test_all_that_is_known_of_one_is_asked_for_once(owner: Program) -> None:
    problem(owner.ask("GET", "/me/export"), 404)
    answers = [owner.ask("POST", "/me/export") for _ in range(2)]
    assert [(answer.status_code, answer.json()["state"]) for answer in answers] == [(202, "waiting")] * 2
    assert DataExport.objects.count() == 1
    assert owner.ask("GET", "/me/export").json() == {"state": "waiting", "url": None}
    problem(owner.ask("GET", "/me/export.zip"), 404)
    DataExport.objects.update(progressed_at=F("progressed_at") - STALE_AFTER)
    assert owner.ask("GET", "/me/export").json()["state"] == "failed"


def test_what_is_ready_is_downloaded_by_its_person_alone(owner: Program, team: Team) -> None:
    export = DataExportFactory(user=owner.person, ready=True)
    told = owner.ask("GET", "/me/export").json()
    assert told == {"state": "ready", "url": f"{settings.SITE_URL}/api/v1/me/export.zip"}
    reader = Program(owner.person, Scope.READ)
    for program in (owner, reader):
        answer = program.ask("GET", "/me/export.zip")
        assert (answer["Content-Type"], answer.getvalue()) == ("application/zip", export.content)
        assert 'filename="' in answer["Content-Disposition"] and "no-store" in answer["Cache-Control"]
    problem(with_role(team).ask("GET", "/me/export.zip"), 404)
    DataExport.objects.update(expires_at=timezone.now())
    for path in ("/me/export", "/me/export.zip"):
        problem(owner.ask("GET", path), 404)


def test_a_token_for_some_teams_does_not_take_everything_along(owner: Program, team: Team) -> None:
    narrow = Program(owner.person, all_teams=False)
    narrow.token.teams.add(team)
    problem(narrow.ask("POST", "/me/export"), 403)
    assert not DataExport.objects.exists()
    DataExportFactory(user=owner.person, ready=True)
    for path in ("/me/export", "/me/export.zip"):
        problem(narrow.ask("GET", path), 403)
