"""The API of reminders."""

import json
from base64 import urlsafe_b64encode
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import AccountMail, User
from accounts.tests.factories import UserFactory
from accounts.tests.test_api import problem
from reminders.models import Reminder
from teams.models import OutsideAddress, Role, Team
from teams.tests.factories import MembershipFactory, OutsideAddressFactory, TeamFactory
from teams.tests.test_api import Program, with_role

from .factories import ReminderFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("redis")]

SCHEDULE = {"start": "2099-01-05", "times": ["09:00", "16:30"], "rule": "FREQ=WEEKLY;BYDAY=MO", "zone": "Europe/Berlin"}
WEEKLY = {"title": "Renew the certificate", "schedule": SCHEDULE}


@pytest.fixture
def team() -> Team:
    return TeamFactory(name="Operations", zone="Europe/Berlin")


@pytest.fixture
def ada(team: Team) -> User:
    return MembershipFactory(team=team, user=UserFactory(name="Ada")).user


@pytest.fixture
def program(ada: User) -> Program:
    return Program(ada)


def create(program: Program, team: Team, body: Any = None, **headers: str) -> Any:
    return program.ask("POST", f"/teams/{team.uuid}/reminders", WEEKLY if body is None else body, **headers)


def test_a_reminder_is_set_with_a_rule(program: Program, team: Team) -> None:
    answer = create(program, team)
    assert answer.status_code == 201, answer.content
    said = answer.json()
    assert (said["title"], said["author"], said["state"]) == ("Renew the certificate", "Ada", "active")
    assert said["in_words"] == "every Monday at 09:00 and 16:30"
    assert (said["schedule"]["kind"], said["schedule"]["rule"]) == ("rule", "FREQ=WEEKLY;BYDAY=MO")
    assert said["next"] == {"at": "2099-01-05T09:00:00+01:00", "zone": "Europe/Berlin"}
    assert answer["ETag"]
    read = program.ask("GET", f"/reminders/{said['id']}")
    assert (read.json(), read["ETag"]) == (said, answer["ETag"])


def test_what_would_be_set_is_foreseen_and_nothing_is_saved(program: Program, team: Team) -> None:
    MembershipFactory(team=team, role=Role.VIEWER)
    path = f"/teams/{team.uuid}/reminders/preview"
    foreseen = program.ask("POST", path, WEEKLY).json()
    assert (foreseen["in_words"], foreseen["reaches"], len(foreseen["times"])) == (
        "every Monday at 09:00 and 16:30",
        2,
        20,
    )
    assert foreseen["times"][1] == {"at": "2099-01-05T16:30:00+01:00", "zone": "Europe/Berlin"}
    assert program.ask("POST", path, {"said": "Timesheets every Friday at 16:00"}).json()["times"]
    wrong = WEEKLY | {"schedule": SCHEDULE | {"rule": "FREQ=NEVER"}}
    assert problem(program.ask("POST", path, wrong), 422)["errors"][0]["pointer"] == "/schedule/rule"
    assert not Reminder.objects.exists()


def test_pages_follow_titles_of_whatever_letters(program: Program, team: Team) -> None:
    ReminderFactory.create_batch(2, team=team, title="🎂" * 200)
    first = program.ask("GET", "/reminders?size=1").json()
    second = program.ask("GET", f"/reminders?size=1&cursor={first['next']}").json()
    assert first["items"][0]["id"] != second["items"][0]["id"] and second["next"] is None


def test_a_pause_needs_no_body(program: Program, team: Team) -> None:
    path = f"/reminders/{create(program, team).json()['id']}/pause"
    assert program.ask("POST", path).json()["state"] == "paused"


def test_a_reminder_is_set_in_words(program: Program, team: Team) -> None:
    said = create(program, team, {"said": "Submit timesheets every Friday at 16:00, remind 1 day before"}).json()
    assert (said["title"], said["in_words"]) == ("Submit timesheets", "every Friday at 16:00")
    assert said["lead_times"] == [1440]


def test_a_reminder_is_set_by_cron_and_once(program: Program, team: Team) -> None:
    by_cron = create(program, team, {"title": "x", "schedule": {"cron": "30 8 * * MON-FRI"}}).json()
    assert by_cron["schedule"]["cron"] == "30 8 * * MON-FRI"
    once = create(program, team, {"title": "x", "schedule": {"start": "2099-01-05", "times": ["09:00"]}}).json()
    assert (once["schedule"]["kind"], once["schedule"]["zone"]) == ("once", "Europe/Berlin")


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"title": ""}, "/title"),
        ({"title": None}, "/title"),
        ({"lateness": [None]}, "/lateness"),
        ({"audience": []}, "/audience"),
        ({"schedule": SCHEDULE | {"rule": "FREQ=NEVER"}}, "/schedule/rule"),
        ({"schedule": SCHEDULE | {"zone": "Mars"}}, "/schedule/zone"),
        ({"schedule": SCHEDULE | {"times": []}}, "/schedule/times"),
        ({"schedule": SCHEDULE | {"times": ["09:00", "09:01"]}}, "/schedule/times"),
        ({"schedule": SCHEDULE | {"times": ["09:00+02:00"]}}, "/schedule/times/0"),
        ({"schedule": SCHEDULE | {"start": "1999-01-01"}}, "/schedule/start"),
        ({"schedule": {"start": "2020-01-01", "times": ["09:00"]}}, "/schedule/start"),
        ({"schedule": {"cron": "0 0 30 2 *"}}, "/schedule/cron"),
        ({"schedule": SCHEDULE | {"until": "2098-01-01"}}, "/schedule/until"),
        ({"audience": {"kind": "people"}}, "/audience/people"),
        ({"audience": {"kind": "roles"}}, "/audience/roles"),
        ({"audience": {"kind": "people", "people": ["00000000-0000-0000-0000-000000000000"]}}, "/audience/people/0"),
        ({"audience": {"outside": ["no address"]}}, "/audience/outside/0"),
        ({"lateness": {"hours": 0}}, "/lateness/hours"),
        ({"lead_times": [1, 2, 3, 4, 5, 6]}, "/lead_times"),
        ({"schedule": None}, "/schedule"),
        ({"said": "every Friday at 16:00"}, "/schedule"),
        ({"colour": "red"}, "/colour"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(
    program: Program, team: Team, change: dict[str, Any], pointer: str
) -> None:
    said = problem(create(program, team, WEEKLY | change), 422)
    assert pointer in [each["pointer"] for each in said["errors"]], said
    assert not Reminder.objects.exists()


def test_words_that_are_not_understood_are_refused(program: Program, team: Team) -> None:
    """And nothing else is, but what was sent beside them."""
    wrong = {"said": "Pay yesterday", "audience": {"kind": "people"}}
    said = {each["pointer"]: each["detail"] for each in problem(create(program, team, wrong), 422)["errors"]}
    assert said == {"/said": "“yesterday” is in the past.", "/audience/people": "Choose at least one person."}
    (only,) = problem(create(program, team, {"said": "Something, some day"}), 422)["errors"]
    assert only["pointer"] == "/said"


def test_words_without_a_time_are_refused_in_words_that_speak_of_no_page(program: Program, team: Team) -> None:
    (only,) = problem(create(program, team, {"said": "Buy milk"}), 422)["errors"]
    said = "These words do not say when. Add it, such as “every Friday at 16:00”."
    assert (only["pointer"], only["detail"]) == ("/said", said)


def test_a_title_beside_words_that_have_one_is_refused(program: Program, team: Team) -> None:
    (wrong,) = problem(create(program, team, {"said": "Pay tomorrow", "title": "Other"}), 422)["errors"]
    assert wrong["pointer"] == "/title"


def test_the_same_request_again_sets_nothing_new(program: Program, team: Team) -> None:
    first = create(program, team, Idempotency_Key="once")
    again = create(program, team, Idempotency_Key="once")
    assert (first.json(), first["ETag"]) == (again.json(), again["ETag"])
    assert Reminder.objects.count() == 1


def test_an_audience_of_people_and_addresses(program: Program, team: Team, ada: User) -> None:
    OutsideAddressFactory(team=team, email="known@example.net")
    audience = {"kind": "people", "people": [str(ada.uuid)], "outside": ["Known@example.net", "new@example.net"]}
    said = create(program, team, WEEKLY | {"audience": audience}).json()["audience"]
    assert [each["id"] for each in said["people"]] == [str(ada.uuid)]
    assert said["outside"] == ["known@example.net", "new@example.net"]
    assert AccountMail.objects.get().to == "new@example.net"
    assert OutsideAddress.objects.get(email="new@example.net").state == "asked"


def test_what_is_left_out_of_a_change_stays(program: Program, team: Team, ada: User) -> None:
    audience = {"kind": "people", "people": [str(ada.uuid)], "outside": ["new@example.net"]}
    body = WEEKLY | {"audience": audience, "notes": "All of them", "lead_times": [60], "completion": "nobody"}
    before = create(program, team, body).json()
    after = program.ask("PATCH", f"/reminders/{before['id']}", {"title": "Another"}).json()
    assert after.pop("changed") != before.pop("changed")
    assert after == before | {"title": "Another"}


def test_a_schedule_is_replaced_as_a_whole(program: Program, team: Team) -> None:
    before = create(program, team).json()
    schedule = {"start": "2099-02-01", "times": ["10:00"]}
    after = program.ask("PATCH", f"/reminders/{before['id']}", {"schedule": schedule}).json()["schedule"]
    assert (after["kind"], after["times"], after["rule"]) == ("once", ["10:00:00"], None)


def test_a_change_to_what_somebody_else_has_changed_is_refused(program: Program, team: Team) -> None:
    created = create(program, team)
    path, seen = f"/reminders/{created.json()['id']}", created["ETag"]
    changed = program.ask("PATCH", path, {"title": "Mine"}, If_Match=seen)
    assert changed.status_code == 200
    problem(program.ask("PATCH", path, {"title": "Theirs"}, If_Match=seen), 412)
    problem(program.ask("DELETE", path, If_Match=seen), 412)
    problem(program.ask("DELETE", path, If_Match="nonsense"), 412)
    assert program.ask("DELETE", path, If_Match=f"{seen}, {changed['ETag']}").status_code == 204


def test_a_reminder_is_deleted_and_restored(program: Program, team: Team) -> None:
    path = f"/reminders/{create(program, team).json()['id']}"
    assert program.ask("DELETE", path).status_code == 204
    problem(program.ask("GET", path), 404)
    problem(program.ask("DELETE", path), 404)
    assert program.ask("POST", f"{path}/restore").json()["state"] == "active"


def test_a_reminder_is_paused_and_resumed(program: Program, team: Team) -> None:
    path = f"/reminders/{create(program, team).json()['id']}"
    assert program.ask("POST", f"{path}/pause", {}).json()["state"] == "paused"
    problem(program.ask("POST", f"{path}/pause", {}), 409)
    assert program.ask("POST", f"{path}/resume").json()["state"] == "active"
    problem(program.ask("POST", f"{path}/resume"), 409)
    until = (timezone.now() + timedelta(days=3)).date().isoformat()
    paused = program.ask("POST", f"{path}/pause", {"until": until}).json()
    assert paused["paused_until"]["at"].startswith(until)
    problem(program.ask("POST", f"{path}/pause", {"until": "2020-01-01"}), 422)


def test_a_person_mutes_it_for_themselves(program: Program, team: Team) -> None:
    path = f"/reminders/{create(program, team).json()['id']}"
    for _twice in range(2):
        assert program.ask("PUT", f"{path}/mute").status_code == 204
    assert program.ask("GET", path).json()["muted"]
    assert not with_role(team).ask("GET", path).json()["muted"]
    assert program.ask("DELETE", f"{path}/mute").status_code == 204
    assert not program.ask("GET", path).json()["muted"]


def test_only_its_team_sees_it_and_only_editors_change_it(program: Program, team: Team) -> None:
    path = f"/reminders/{create(program, team).json()['id']}"
    stranger = Program(MembershipFactory(role=Role.OWNER).user)
    for method, more, body in (
        ("GET", "", None), ("PATCH", "", {"title": "x"}), ("POST", "/pause", {}), ("PUT", "/mute", None),
        ("DELETE", "", None),
    ):  # fmt: skip
        problem(stranger.ask(method, path + more, body), 404)
        if more != "/mute" and method != "GET":
            problem(with_role(team).ask(method, path + more, body), 403)
    problem(stranger.ask("POST", f"/teams/{team.uuid}/reminders", WEEKLY), 404)
    problem(with_role(team, Role.VIEWER).ask("POST", f"/teams/{team.uuid}/reminders", WEEKLY), 403)
    assert with_role(team, Role.ADMIN).ask("PATCH", path, {"title": "x"}).status_code == 200


def titles(program: Program, query: str = "") -> list[str]:
    return [each["title"] for each in program.ask("GET", f"/reminders{query}").json()["items"]]


def test_the_list_is_of_my_teams_and_can_be_narrowed(program: Program, team: Team, ada: User) -> None:
    ReminderFactory(team=team, title="Theirs")
    ReminderFactory(team=team, author=ada, title="Mine", paused=True)
    other = MembershipFactory(user=ada).team
    ReminderFactory(team=other, title="Elsewhere")
    ReminderFactory(title="Foreign")
    assert titles(program) == ["Elsewhere", "Mine", "Theirs"]
    assert titles(program, f"?team={team.uuid}") == ["Mine", "Theirs"]
    assert titles(program, "?mine=true") == titles(program, "?state=paused") == ["Mine"]
    assert titles(program, "?q=THEI") == ["Theirs"]
    assert titles(program, "?sort=created") == ["Elsewhere", "Mine", "Theirs"]
    problem(program.ask("GET", f"/reminders?team={TeamFactory().uuid}"), 404)


@pytest.mark.parametrize("sort", ["title", "created", "changed"])
def test_pages_follow_one_another_also_where_titles_are_the_same(program: Program, team: Team, sort: str) -> None:
    for n in range(7):
        ReminderFactory(team=team, title="Same" if n % 2 else f"Title {n}")
    seen, cursor = list[str](), ""
    while cursor is not None:
        page = program.ask("GET", f"/reminders?size=3&sort={sort}&cursor={cursor}").json()
        seen += [each["id"] for each in page["items"]]
        cursor = page["next"]
    assert len(seen) == len(set(seen)) == 7


@pytest.mark.parametrize(
    "query", ["cursor=x", "cursor=W10", "cursor=WyJ4IiwgIm5vIl0", "size=0", "size=999", "sort=colour", "team=x"]
)
def test_a_query_that_makes_no_sense_is_refused(program: Program, team: Team, query: str) -> None:
    ReminderFactory(team=team)
    problem(program.ask("GET", f"/reminders?{query}"), 422)


NOBODY = "00000000-0000-4000-8000-000000000000"


@pytest.mark.parametrize(
    ("sort", "said"),
    [
        ("title", json.dumps(["\0", NOBODY])),
        ("title", json.dumps(["\ud800", NOBODY])),
        ("title", "[" * 1000),
        ("title", json.dumps(["x", "no"])),
        ("created", json.dumps(["0001-01-01T00:00:00+23:59", NOBODY])),
        ("created", json.dumps(["9999-12-31T23:59:59-23:59", NOBODY])),
        ("created", json.dumps(["soon", NOBODY])),
        ("changed", json.dumps(["2026-11-24", "x" * 40])),
    ],
)
def test_a_cursor_that_is_not_ours_is_refused(program: Program, team: Team, sort: str, said: str) -> None:
    ReminderFactory(team=team)
    cursor = urlsafe_b64encode(said.encode()).decode().rstrip("=")
    refused = problem(program.ask("GET", f"/reminders?sort={sort}&cursor={cursor}"), 422)
    assert [(each["source"], each["pointer"]) for each in refused["errors"]] == [("query", "/cursor")]


def test_a_cursor_says_its_instant_by_any_clock(program: Program, team: Team) -> None:
    """Also by one that PostgreSQL would not take."""
    ReminderFactory(team=team, title="Before")
    cursor = urlsafe_b64encode(json.dumps(["2099-01-01T00:00:00+16:00", NOBODY]).encode()).decode().rstrip("=")
    assert titles(program, f"?sort=created&cursor={cursor}") == ["Before"]


def test_a_list_costs_the_same_however_long(program: Program, team: Team, ada: User) -> None:
    """One query for the token, one for all that is told of the reminders, and their transaction."""
    outside, counts = OutsideAddressFactory(team=team), []
    program.ask("GET", "/me")  # notes that the token was used
    for count in (10, 200):
        rows = [
            Reminder(team=team, author=ada, zone="UTC", start=date(2026, 1, 1), day_off="next") for _ in range(count)
        ]
        for each in Reminder.objects.bulk_create(rows[Reminder.objects.count() :]):
            each.people.add(ada)
            each.outside.add(outside)
        with CaptureQueriesContext(connection) as queries:
            assert len(titles(program, "?size=200")) == count
        counts.append(len(queries))
    assert counts == [4, 4], [each["sql"][:100] for each in queries]


@pytest.mark.parametrize("name", ["title", "notes", "lead_times", "schedule", "audience"])
def test_null_is_refused_since_it_would_change_nothing(program: Program, team: Team, name: str) -> None:
    path = f"/reminders/{create(program, team).json()['id']}"
    assert problem(program.ask("PATCH", path, {name: None}), 422)["errors"][0]["pointer"] == f"/{name}"


def test_pausing_changes_the_etag(program: Program, team: Team) -> None:
    path = f"/reminders/{create(program, team).json()['id']}"
    before = program.ask("GET", path)["ETag"]
    paused = program.ask("POST", f"{path}/pause")
    assert before != paused["ETag"] == program.ask("GET", path)["ETag"]
    problem(program.ask("PATCH", path, {"title": "New"}, If_Match=before), 412)
    assert program.ask("POST", f"{path}/resume")["ETag"] == before


def test_a_slot_with_seconds_can_be_left_out(program: Program, team: Team) -> None:
    schedule = {"start": "2099-01-05", "times": ["09:00:30"], "rule": "FREQ=DAILY"}
    path = f"/reminders/{create(program, team, {'title': 'x', 'schedule': schedule}).json()['id']}"
    skipped = program.ask("POST", f"{path}/slots/skip", {"slot": "2099-01-06T09:00:30"})
    assert skipped.json()["schedule"]["skipped"] == ["2099-01-06T09:00:30+01:00"]


def test_years_and_offsets_beyond_what_can_be_counted_are_refused(program: Program, team: Team) -> None:
    path = f"/reminders/{create(program, team).json()['id']}/pause"
    assert problem(program.ask("POST", path, {"until": "9999-12-31"}), 422)["errors"][0]["pointer"] == "/until"
    far = "2026-12-01T00:00:00%2B16:00"
    assert program.ask("GET", f"/calendar?from={far}&until=2026-12-03T00:00:00Z").status_code == 200
    problem(program.ask("GET", "/calendar?from=9999-12-31T23:59:59-23:59&until=2026-12-03T00:00:00Z"), 422)
