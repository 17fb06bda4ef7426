"""The schedule that programs send."""

from typing import Any

import pytest

from accounts.tests.factories import UserFactory
from accounts.tests.test_api import problem
from reminders.models import Reminder
from teams.models import Team
from teams.tests.factories import TeamFactory
from teams.tests.test_api import Program

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("redis")]

ON_THE_31ST = {"start": "2027-01-31", "times": ["09:00"], "rule": "FREQ=MONTHLY;BYMONTHDAY=31"}
DAILY = {"start": "2099-01-05", "times": ["09:00", "16:30"], "rule": "FREQ=DAILY"}
UNTIMED = {"start": "2099-01-05"}


@pytest.fixture
def team() -> Team:
    return TeamFactory(zone="Europe/Berlin", owner=UserFactory())


@pytest.fixture
def program(team: Team) -> Program:
    return Program(team.members.get())


def ask(program: Program, team: Team, schedule: dict[str, Any], more: str = "") -> Any:
    return program.ask("POST", f"/teams/{team.uuid}/reminders{more}", {"title": "Rent", "schedule": schedule})


def days(program: Program, team: Team, schedule: dict[str, Any]) -> list[str]:
    return [each["at"][:10] for each in ask(program, team, schedule, "/preview").json()["times"]]


@pytest.mark.parametrize("rule", ["FREQ=MONTHLY;BYMONTHDAY=31", "FREQ=MONTHLY"])
@pytest.mark.parametrize(
    ("sent", "stored", "following"),
    [
        ({"month_end": "last"}, "last", ["2027-01-31", "2027-02-28", "2027-03-31", "2027-04-30"]),
        ({}, "last", ["2027-01-31", "2027-02-28", "2027-03-31", "2027-04-30"]),
        ({"month_end": "skip"}, "skip", ["2027-01-31", "2027-03-31", "2027-05-31", "2027-07-31"]),
    ],
)
def test_a_month_that_lacks_the_day_of_a_rule_is_treated_as_it_was_asked(
    program: Program, team: Team, rule: str, sent: dict[str, str], stored: str, following: list[str]
) -> None:
    schedule = ON_THE_31ST | {"rule": rule} | sent
    assert days(program, team, schedule)[:4] == following
    assert ask(program, team, schedule).json()["schedule"]["month_end"] == stored


def test_a_changed_schedule_keeps_to_its_month_end_too(program: Program, team: Team) -> None:
    path = f"/reminders/{ask(program, team, {'start': '2099-01-05', 'times': ['09:00']}).json()['id']}"
    said = program.ask("PATCH", path, {"schedule": ON_THE_31ST}).json()["schedule"]
    assert (said["rule"], said["month_end"]) == ("FREQ=MONTHLY;BYMONTHDAY=31", "last")


@pytest.mark.parametrize(
    ("schedule", "rule", "times", "ends"),
    [
        (UNTIMED | {"rule": "FREQ=DAILY;BYHOUR=7,19;BYMINUTE=30"}, "FREQ=DAILY", ["07:30:00", "19:30:00"], {}),
        (UNTIMED | {"rule": "FREQ=HOURLY;INTERVAL=12"}, "FREQ=DAILY", ["00:00:00", "12:00:00"], {}),
        (DAILY | {"rule": "RRULE:FREQ=DAILY;COUNT=4"}, "FREQ=DAILY", DAILY["times"],
         {"count": 4, "last": "2099-01-06T16:30:00+01:00"}),
        (DAILY | {"rule": "FREQ=DAILY;UNTIL=20990107"}, "FREQ=DAILY", DAILY["times"], {"until": "2099-01-07"}),
        (DAILY | {"rule": "FREQ=DAILY;UNTIL=20990107T100000Z"}, "FREQ=DAILY", DAILY["times"],
         {"until": "2099-01-07", "last": "2099-01-07T11:00:00+01:00"}),
        (DAILY | {"count": 4}, "FREQ=DAILY", DAILY["times"], {"count": 4, "last": "2099-01-06T16:30:00+01:00"}),
        (DAILY | {"until": "2099-01-07"}, "FREQ=DAILY", DAILY["times"], {"until": "2099-01-07"}),
    ],
)  # fmt: skip
def test_a_rule_says_its_own_times_and_its_own_end(
    program: Program, team: Team, schedule: dict[str, Any], rule: str, times: list[str], ends: dict[str, Any]
) -> None:
    answer = ask(program, team, schedule)
    assert answer.status_code == 201, answer.content
    said = answer.json()["schedule"]
    assert (said["rule"], [at[:5] for at in said["times"]]) == (rule, [at[:5] for at in times])
    assert said["ends"] == {"until": None, "count": None, "last": None} | ends


@pytest.mark.parametrize(
    ("schedule", "pointer"),
    [
        (DAILY | {"times": [], "cron": "0 9 * * *"}, "/schedule/cron"),
        (UNTIMED | {"times": ["09:00"], "cron": "0 9 * * *"}, "/schedule/times"),
        (DAILY | {"rule": "FREQ=DAILY;BYHOUR=7"}, "/schedule/times"),
        (DAILY | {"rule": "FREQ=DAILY;BYMINUTE=7"}, "/schedule/times"),
        (DAILY | {"rule": "FREQ=HOURLY;INTERVAL=6"}, "/schedule/times"),
        (UNTIMED | {"rule": "FREQ=DAILY;BYMINUTE=30"}, "/schedule/rule"),
        (UNTIMED | {"rule": "FREQ=DAILY"}, "/schedule/times"),
        (DAILY | {"rule": "FREQ=DAILY;COUNT=4", "count": 4}, "/schedule/count"),
        (DAILY | {"rule": "FREQ=DAILY;UNTIL=20990107", "count": 4}, "/schedule/count"),
        (DAILY | {"rule": "FREQ=DAILY;COUNT=4", "until": "2099-02-01"}, "/schedule/until"),
        (DAILY | {"rule": "FREQ=DAILY;UNTIL=20990107", "until": "2099-01-07"}, "/schedule/until"),
        (DAILY | {"until": "2099-02-01", "count": 4}, "/schedule/count"),
        (DAILY | {"rule": "FREQ=DAILY;COUNT=4;UNTIL=20990107"}, "/schedule/rule"),
        (UNTIMED | {"times": ["09:00"], "count": 4}, "/schedule/count"),
        (UNTIMED | {"times": ["09:00"], "until": "2099-02-01"}, "/schedule/until"),
    ],
)
def test_what_is_said_twice_is_refused_where_it_was_said_again(
    program: Program, team: Team, schedule: dict[str, Any], pointer: str
) -> None:
    said = problem(ask(program, team, schedule), 422)
    assert [each["pointer"] for each in said["errors"]] == [pointer], said
    assert not Reminder.objects.exists()
