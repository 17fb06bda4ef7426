"""What a list of 50 costs the server: the API's, Today and a team's page, beside the plainest that Django gives.

    python -m benchmarks.lists [--rounds 9] [--requests 100]

`benchmarks/bare.py` says what "plainest" means. The reader has 1,000 reminders in one team and 100 in another. All are
asked through the whole WSGI application of one process, in turns, so that a busy machine slows all alike: the API with
a personal access token, the pages with a session. Server time is from the request to the last byte of the answer, with
the waiting for PostgreSQL and Redis; the processor's time of the web process is told beside it. Results also go to
benchmarks/results/lists.json.
"""

import argparse
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from benchmarks import machine  # before anything of Django's

from django.conf import settings  # isort: skip
from django.db import connection
from django.test import Client, RequestFactory
from django.utils import timezone

from accounts.models import AccessToken, User
from benchmarks import bare
from benchmarks.population import NOTES, teams_of
from benchmarks.results import Goal, keep, told
from reminders.models import Reminder
from reminders.tests.factories import OccurrenceFactory, ReminderFactory
from teamreminders.testing.static import collect_static_files
from teamreminders.wsgi import application
from teams.models import Role, Team
from teams.tests.factories import MembershipFactory, OutsideAddressFactory

# Times the bare list.
AT_MOST = {"api": 1.5, "today": 2.0, "team": 2.0}
NAMES = {"api": "API list of 50", "today": "Today, 50 rows", "team": "Team, 50 rows"}
PEOPLE = 8
# Of the team whose page is asked for, of another one, and of one that the reader is not in.
REMINDERS = (1000, 100, 100)
ROW = b"Renew the certificate of host"
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


def populate() -> tuple[User, Team]:
    """Some teams with reminders of all kinds; somebody who belongs to all of them but one, and their largest."""
    teams = teams_of(PEOPLE, len(REMINDERS))
    person = User.objects.create(email="ada@example.org", name="Ada Lovelace", zone="Europe/Berlin")
    for team in teams[:-1]:
        MembershipFactory(team=team, user=person, role=Role.MEMBER)
    for team, count in zip(teams, REMINDERS, strict=True):
        for n in range(count):
            _write(team, n)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # as autovacuum would within a minute
    return person, teams[0]


def _write(team: Team, n: int) -> None:
    """Of ten: two for chosen people, one for a role, one with an address outside, one paused; one of 100 waits."""
    members = list(team.members.order_by("pk"))
    title, author = f"Renew the certificate of host {n * 37 % 997}", members[n % PEOPLE]
    fields: dict[str, Any] = {"team": team, "author": author, "title": title, "notes": NOTES if n % 3 else ""}
    fields |= SCHEDULES[n % len(SCHEDULES)]
    if n % 10 in (1, 6):
        fields["people"] = members[:3]
    if n % 100 == 9:
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


def asking(path: str, headers: dict[str, str], row: bytes = ROW) -> Callable[[], Spent]:
    """One request to the application, as a server would hand it over; `row`: what each row of the answer has once."""

    def ask() -> Spent:
        environ = RequestFactory(SERVER_NAME="localhost").get(path, headers=headers).environ
        begun, cpu = time.perf_counter(), time.process_time()
        body = _answer(environ)
        spent = Spent(time.perf_counter() - begun, time.process_time() - cpu)
        assert body.count(row) == bare.ROWS, (path, body.count(row), body[:500])
        return spent

    return ask


def _answer(environ: dict[str, Any]) -> bytes:
    answer = application(environ, lambda status, headers, *error: None)
    body = b"".join(answer)
    answer.close()  # type: ignore[attr-defined]
    return body


def the_lists() -> dict[str, Callable[[], Spent]]:
    """ "bare" first."""
    (person, team), client = populate(), Client()
    secret = AccessToken.objects.make(person, name="benchmark")[1]
    client.force_login(person)
    session = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={client.session.session_key}"}
    return {
        "bare": asking("/bare/", session),
        "api": asking(f"/api/v1/reminders?size={bare.ROWS}", {"Authorization": f"Bearer {secret}"}),
        "today": asking("/today/", session, row=b'<li class="row"'),
        "team": asking(f"/teams/{team.uuid}/", session, row=b'<li class="row"'),
    }


def one_round(lists: dict[str, Callable[[], Spent]], requests: int) -> dict[str, Spent]:
    """Medians."""
    machine.redis.flushall()  # a person may ask 600 times a minute
    spent: dict[str, list[Spent]] = {name: [] for name in lists}
    for _ in range(requests):
        for name, ask in lists.items():
            spent[name].append(ask())
    return {name: Spent(*(median(each) for each in zip(*found, strict=True))) for name, found in spent.items()}


def report(rounds: list[dict[str, Spent]]) -> list[Goal]:
    """Prints medians in milliseconds, and times the bare list; the goals are medians of each round's own ratio."""
    goals = []
    print(f"{'':<16}{'server':>10}{'times':>7}{'processor':>12}{'times':>7}")
    for name in rounds[0]:
        server, cpu = (median(found[name][n] for found in rounds) * 1000 for n in range(2))
        ratios = [median(found[name][n] / found["bare"][n] for found in rounds) for n in range(2)]
        said = NAMES.get(name, "bare list of 50")
        print(f"{said:<16}{server:>7.2f} ms{ratios[0]:>7.2f}{cpu:>9.2f} ms{ratios[1]:>7.2f}", flush=True)
        if name in AT_MOST:
            goals.append(Goal(f"{said}, server time, times a bare list's", ratios[0], at_most=AT_MOST[name]))
    return goals


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--requests", type=int, default=100, help="of each, in a round; 500 at most")
    given = parser.parse_args()
    settings.ROOT_URLCONF = "benchmarks.bare"
    collect_static_files(Path(settings.STATIC_ROOT))
    lists = the_lists()
    one_round(lists, 20)  # warm
    rounds = [one_round(lists, given.requests) for _ in range(given.rounds)]
    goals = told(report(rounds))
    found = [{name: each._asdict() for name, each in one.items()} for one in rounds]
    keep("lists", {"rounds": found, "goals": goals})


if __name__ == "__main__":
    main()
