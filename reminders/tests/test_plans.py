"""Every query of the engine and of the pages goes by an index, and looks at no more rows than it is about.

At this size a table that is read whole still answers at once: only the plan tells.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from reminders.delivery import DeliveryRound
from reminders.dispatch import AT_ONCE, dispatch_due
from reminders.models import Delivery, Occurrence, Reminder
from reminders.scheduler import SMALLEST_PORTION
from teamreminders.claims import accepted

from .big import BIG, Big, fill
from .pages import signed_in
from .paths import ENGINE, PATHS, TOUCHED_AT_MOST, Path
from .plans import Plan, plans_of

pytestmark = pytest.mark.usefixtures("big", "db", "smtp", "redis")

REMINDERS, TIMES = 10_000, 11


@pytest.fixture(scope="module")
def big(django_db_setup: None, django_db_blocker: Any) -> Iterator[Big]:
    """In a transaction of this module, around those of its tests."""
    now = timezone.now()
    begin = now.replace(second=0, microsecond=0) + timedelta(hours=1)
    with django_db_blocker.unblock(), transaction.atomic():
        yield fill(reminders=REMINDERS, times=TIMES, now=now, begin=begin)
        transaction.set_rollback(True)


@pytest.fixture
def client(big: Big) -> Client:
    return signed_in(big.operator)


def plans_along(path: Path, big: Big, client: Client) -> list[Plan]:
    with plans_of(BIG) as plans:
        path(big, client)
    assert plans
    return plans


@pytest.mark.parametrize("name", PATHS)
def test_it_goes_by_an_index(name: str, big: Big, client: Client) -> None:
    path, most = PATHS[name]
    plans = plans_along(path, big, client)
    bad = [plan for plan in plans if plan.scanned or plan.touched > most]
    assert not bad, "\n\n".join(map(str, bad))


def test_the_calendar_asks_as_often_about_ten_reminders_as_about_ten_thousand(big: Big, client: Client) -> None:
    pages = [f"/calendar/{asked}" for asked in ("", "?mine=1", "?view=agenda", f"?day={big.begin:%Y-%m-%d}")]

    def queries() -> list[int]:
        return [_queries(client, path) for path in pages]

    ten = Reminder.objects.filter(team=big.team).order_by("pk").values_list("pk", flat=True)[:10]
    Reminder.objects.filter(team=big.team).exclude(pk__in=list(ten)).update(deleted_at=big.begin)
    few = queries()
    Reminder.objects.update(team=big.team, deleted_at=None)
    assert queries() == few
    with plans_of(("reminders_occurrence",)) as plans:
        page = client.get("/calendar/").content.decode()
    assert "too many reminders" in page
    assert max(plan.touched for plan in plans if "booked" in plan.statement) < 2 * TOUCHED_AT_MOST


def _queries(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(path).status_code == 200
    return len(asked)


def test_an_idle_pass_touches_no_row(big: Big, client: Client) -> None:
    plans = plans_along(ENGINE["an idle pass"], big, client)
    assert [(plan.touched, plan.scanned) for plan in plans] == [(0, []), (0, [])]


def test_an_idle_pass_touches_no_row_while_statistics_still_know_of_a_backlog(big: Big, client: Client) -> None:
    """With a fifth of the rows waiting, reading the table seems to find one at once."""
    messages = Delivery.objects.annotate(fifth=F("pk") % 5).filter(fifth=0)
    steps = Occurrence.objects.annotate(fifth=F("pk") % 5).filter(fifth=0, state="done")
    messages.update(next_try_at=timezone.now())
    steps.update(next_step_at=timezone.now())
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE reminders_delivery, reminders_occurrence")
    messages.update(next_try_at=None)
    steps.update(next_step_at=None)
    plans = plans_along(ENGINE["an idle pass"], big, client)
    assert [(plan.touched, plan.scanned) for plan in plans] == [(0, []), (0, [])]


@pytest.mark.parametrize("portion", [SMALLEST_PORTION, AT_ONCE])
def test_a_backlog_is_read_a_portion_at_a_time(portion: int, big: Big) -> None:
    """Also when it has just come about, as after an outage: the statistics are of a time when nothing was due."""
    late = timedelta(days=8)
    upcoming = Occurrence.objects.filter(state="upcoming")
    upcoming.update(slot=F("slot") - late, due_at=F("due_at") - late, next_step_at=F("next_step_at") - late)
    with plans_of(BIG) as plans:
        assert dispatch_due(timezone.now(), portion) == portion
    assert max(plan.touched for plan in plans) <= TOUCHED_AT_MOST


def test_claims_are_looked_at_as_well(big: Big, client: Client) -> None:
    """They are prepared, and run on no cursor."""
    plans = plans_along(ENGINE["hand-over and delivery"], big, client)
    assert [plan for plan in plans if plan.statement.startswith("WITH settled") and plan.touched]


# A plan that is prepared once a connection must not depend on when the statistics were gathered.
STATISTICS = {
    "never": "DELETE FROM pg_statistic; UPDATE pg_class SET reltuples = -1 WHERE relkind = 'r'",
    "while no message waited": "SELECT",
    "while there was no message": """
        DELETE FROM pg_statistic WHERE starelid = 'reminders_delivery'::regclass;
        UPDATE pg_class SET reltuples = 0, relpages = 0 WHERE oid = 'reminders_delivery'::regclass""",
}


@pytest.mark.parametrize("gathered", STATISTICS)
def test_a_claim_looks_at_one_row_of_each_table_whatever_statistics_say(gathered: str, big: Big) -> None:
    now = timezone.now()
    open_ones = Delivery.objects.filter(occurrence__state="open").order_by("pk")
    waiting = Delivery.objects.filter(pk__in=list(open_ones.values_list("pk", flat=True)[:500]))
    waiting.update(state="queued", next_try_at=now, created_at=now, sent_at=None, tries=0)
    with connection.cursor() as cursor:
        cursor.execute(STATISTICS[gathered])
    first, second = waiting.order_by("pk")[250:252]
    with plans_of((*BIG, "teams_membership", "accounts_user")) as plans:
        assert DeliveryRound.claims.begin(first, now).won()
        assert DeliveryRound.claims.begin(second, now, accepted(first, now, "250 ok")).won()
    # Its own, its occurrence, reminder, membership and person; the one that is settled.
    assert [(plan.touched, plan.scanned) for plan in plans] == [(5, []), (6, [])]


def test_a_table_that_is_read_whole_is_found_out(big: Big) -> None:
    with plans_of(BIG) as plans, connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM reminders_occurrence WHERE error LIKE 'x%'")
        cursor.execute("SELECT 1 FROM reminders_delivery WHERE error = 'x' ORDER BY id LIMIT 1")
    assert [plan.touched for plan in plans] == [REMINDERS * (TIMES + 1), REMINDERS * TIMES]
