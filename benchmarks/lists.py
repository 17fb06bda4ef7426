"""What the API's list of 50 reminders costs the server, beside the plainest list of 50 that Django gives.

    python -m benchmarks.api [--rounds 9] [--requests 100]

`benchmarks/bare.py` says what "plainest" means. Both are asked through the whole WSGI application of one process, in
turns, so that a busy machine slows both alike: the API with a personal access token, the page with a session. Server
time is from the request to the last byte of the answer, with the waiting for PostgreSQL and Redis; the processor's time
of the web process is told beside it. Results also go to benchmarks/results/api.json.
"""

import argparse
import time
from collections.abc import Callable
from datetime import timedelta
from statistics import median
from typing import Any, NamedTuple

from benchmarks import machine  # before anything of Django's

from django.conf import settings  # isort: skip
from django.test import Client, RequestFactory
from django.utils import timezone

from accounts.models import AccessToken, User
from benchmarks import bare
from benchmarks.population import NOTES, teams_of
from benchmarks.results import Goal, keep, told
from reminders.models import Reminder
from reminders.tests.factories import OccurrenceFactory, ReminderFactory
from teamreminders.wsgi import application
from teams.models import Role, Team
from teams.tests.factories import MembershipFactory, OutsideAddressFactory

AT_MOST = 1.5
TEAMS, PEOPLE, OF_A_TEAM = 4, 8, 50
LIST, PLAIN = f"/api/v1/reminders?size={bare.ROWS}", "/bare/"
# What teams write down, in turn.
SCHEDULES: list[dict[str, Any]] = [
    {"rule": "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"},
    {"rule": "FREQ=MONTHLY;BYMONTHDAY=-1", "day_off": "previous"},
    {},
    {"cron": "30 8 * * MON-FRI"},
    {"rule": "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", "lead_times": [1440, 60]},
    {"rule": "FREQ=YEARLY;BYMONTH=1,4,7,10;BYDAY=1TU"},
    {"rule": "FREQ=DAILY", "zone": "America/New_York"},
    {"rule": "FREQ=MONTHLY;BYMONTHDAY=31"},
]


class Spent(NamedTuple):
    """Seconds of one request: by the clock, and of the processor."""

    server: float
    cpu: float


def populate() -> User:
    """Some teams with reminders of all kinds; somebody who belongs to all of them but one."""
    teams = teams_of(PEOPLE, TEAMS)
    person = User.objects.create(email="ada@example.org", name="Ada Lovelace", zone="Europe/Berlin")
    for team in teams[1:]:
        MembershipFactory(team=team, user=person, role=Role.MEMBER)
    for n in range(TEAMS * OF_A_TEAM):
        _write(teams[n % TEAMS], n)
    return person


def _write(team: Team, n: int) -> None:
    """Of ten: two for chosen people, one for a role, one for an address outside too, one paused, one that waits."""
    members = list(team.members.order_by("pk"))
    title, author = f"Renew the certificate of host {n * 37 % 997}", members[n % PEOPLE]
    fields: dict[str, Any] = {"team": team, "author": author, "title": title, "notes": NOTES if n % 3 else ""}
    fields |= SCHEDULES[n % len(SCHEDULES)]
    if n % 10 in (1, 6):
        fields["people"] = members[:3]
    if n % 10 == 9:
        _waiting(fields)
        return
    reminder = ReminderFactory.create(paused=n % 10 == 4, **fields)
    if n % 10 == 7:
        reminder.outside.add(OutsideAddressFactory.create(team=team))
    if n % 10 == 2:
        Reminder.objects.filter(pk=reminder.pk).update(audience="roles", roles=[Role.OWNER, Role.ADMIN])


def _waiting(fields: dict[str, Any]) -> None:
    """It came due yesterday, and nobody has said that it is done."""
    reminder = ReminderFactory.create(now=timezone.now() - timedelta(days=2), **fields)
    reminder.occurrences.all().delete()
    OccurrenceFactory(reminder=reminder, due_at=timezone.now() - timedelta(days=1))
    reminder.arrange(timezone.now())


def asking(path: str, headers: dict[str, str]) -> Callable[[], Spent]:
    """One request to the application, as a server would hand it over."""

    def ask() -> Spent:
        environ = RequestFactory(SERVER_NAME="localhost").get(path, headers=headers).environ
        begun, cpu = time.perf_counter(), time.process_time()
        body = _answer(environ)
        spent = Spent(time.perf_counter() - begun, time.process_time() - cpu)
        assert body.count(b"Renew the certificate of host") == bare.ROWS, body[:500]
        return spent

    return ask


def _answer(environ: dict[str, Any]) -> bytes:
    answer = application(environ, lambda status, headers, *error: None)
    body = b"".join(answer)
    answer.close()  # type: ignore[attr-defined]
    return body


def one_round(api: Callable[[], Spent], plain: Callable[[], Spent], requests: int) -> dict[str, Spent]:
    """Medians."""
    machine.redis.flushall()  # a person may ask 600 times a minute
    spent: dict[str, list[Spent]] = {"bare": [], "api": []}
    for _ in range(requests):
        spent["bare"].append(plain())
        spent["api"].append(api())
    return {name: Spent(*(median(each) for each in zip(*found, strict=True))) for name, found in spent.items()}


def report(rounds: list[dict[str, Spent]]) -> list[Goal]:
    """Prints medians in milliseconds; the goals are medians of each round's own ratio."""
    for name in rounds[0]:
        server, cpu = (median(found[name][n] for found in rounds) * 1000 for n in range(2))
        print(f"{name:<5}{server:6.2f} ms of the server, {cpu:.2f} ms of them its processor's", flush=True)
    ratios = [median(found["api"][n] / found["bare"][n] for found in rounds) for n in range(2)]
    return [
        Goal("API list of 50, server time, times a bare list's", ratios[0], at_most=AT_MOST),
        Goal("API list of 50, processor's time, times a bare list's", ratios[1], at_most=AT_MOST),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--requests", type=int, default=100, help="of each, in a round; 500 at most")
    given = parser.parse_args()
    settings.ROOT_URLCONF = "benchmarks.bare"
    person, client = populate(), Client()
    secret = AccessToken.objects.make(person, name="benchmark")[1]
    client.force_login(person)
    api = asking(LIST, {"Authorization": f"Bearer {secret}"})
    plain = asking(PLAIN, {"Cookie": f"{settings.SESSION_COOKIE_NAME}={client.session.session_key}"})
    one_round(api, plain, 20)  # warm
    rounds = [one_round(api, plain, given.requests) for _ in range(given.rounds)]
    goals = told(report(rounds))
    keep(
        "api", {"rounds": [{name: each._asdict() for name, each in found.items()} for found in rounds], "goals": goals}
    )


if __name__ == "__main__":
    main()
