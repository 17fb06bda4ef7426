"""What the engine counts and logs of a message on its way, from dispatch to the server's answer."""

import logging
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from accounts.jobs import send_account_mail
from accounts.models import AccountMail
from reminders.delivery import deliver
from reminders.dispatch import dispatch_due
from reminders.models import Delivery, Reminder
from reminders.simulation import simulate
from teamreminders import tally
from teamreminders.outbox import MAX_TRIES

from .scenes import opened, reminder_due, rounded, team_of

# Counts follow a commit.
pytestmark = pytest.mark.django_db(transaction=True)

LOGGERS = {"reminders.steps", "reminders.delivery", "teamreminders.sending"}


@pytest.fixture
def now() -> datetime:
    return rounded(timezone.now())


@pytest.fixture(autouse=True)
def empty(redis: Any, caplog: Any) -> None:
    tally.TALLY.write()  # what other tests have counted
    redis.flushall()
    caplog.set_level(logging.INFO)


def counted(redis: Any) -> dict[str, float]:
    """Counters that are not nought, without histograms."""
    tally.TALLY.write()
    names = tuple(counter.name for counter in tally.COUNTERS)
    return {field: n for field, n in tally.parsed(redis.hgetall(tally.KEY)).items() if field.startswith(names)}


def observed(redis: Any, histogram: tally.Histogram) -> int:
    tally.TALLY.write()
    fields = tally.parsed(redis.hgetall(tally.KEY))
    return int(sum(fields.get(histogram.field(bound), 0) for bound in (*histogram.bounds, tally.INFINITY)))


def said(caplog: Any) -> list[logging.LogRecord]:
    return [record for record in caplog.records if record.name in LOGGERS]


def ids() -> list[int]:
    return list(Delivery.objects.order_by("pk").values_list("pk", flat=True))


def test_a_message_is_followed_by_its_ids_from_dispatch_to_the_servers_answer(
    smtp: Any, redis: Any, caplog: Any, now: datetime
) -> None:
    occurrence = opened(team_of(1), now)
    deliver(ids())
    delivery = Delivery.objects.get()
    dispatched, accepted = said(caplog)
    assert (dispatched.message, dispatched.count) == ("dispatched", 1)
    for line in (dispatched, accepted):
        assert (line.occurrence, line.reminder) == (str(occurrence.uuid), str(occurrence.reminder.uuid))
    assert (accepted.delivery, getattr(accepted, "try"), accepted.outcome) == (str(delivery.uuid), 1, "accepted")
    assert 0 < accepted.smtp_seconds < 5
    assert accepted.lateness == pytest.approx(delivery.lateness.total_seconds(), abs=0.05)


def test_what_was_dispatched_and_accepted_is_counted(smtp: Any, redis: Any, now: datetime) -> None:
    opened(team_of(3), now)
    deliver(ids())
    assert counted(redis) == {
        "occurrences_dispatched": 1,
        "deliveries_dispatched": 3,
        "messages|delivery|accepted": 3,
    }
    assert observed(redis, tally.LATENESS) == observed(redis, tally.SMTP) == 3


@pytest.mark.parametrize(
    ("answer", "tries", "outcome"),
    [
        ("550 5.1.1 no such user", 0, "refused"),
        ("451 4.7.1 try again later", 0, "later"),
        ("451 4.7.1 try again later", MAX_TRIES - 1, "failed"),
    ],
)
def test_a_no_is_counted_by_its_kind_and_has_no_lateness(
    smtp: Any, redis: Any, caplog: Any, now: datetime, answer: str, tries: int, outcome: str
) -> None:
    opened(team_of(1), now)
    Delivery.objects.update(tries=tries)
    smtp.refuse(Delivery.objects.get().address, answer)
    deliver(ids())
    assert counted(redis)[f"messages|delivery|{outcome}"] == 1
    assert (observed(redis, tally.LATENESS), observed(redis, tally.SMTP)) == (0, 1)
    assert (said(caplog)[-1].outcome, hasattr(said(caplog)[-1], "lateness")) == (outcome, False)


def test_messages_that_found_no_connection_are_counted_together_and_named_one_by_one(
    smtp: Any, redis: Any, caplog: Any, now: datetime
) -> None:
    opened(team_of(4), now)
    smtp.down()
    deliver(ids())
    smtp.up()
    assert counted(redis)["messages|delivery|later"] == 4
    together, *each = said(caplog)[-5:]
    assert (together.count, together.outcome) == (4, "later")
    assert [line.delivery for line in each] == [str(row.uuid) for row in Delivery.objects.order_by("pk")]


def test_what_is_withdrawn_is_counted_once_it_is_committed(redis: Any, now: datetime) -> None:
    opened(team_of(2), now)
    with transaction.atomic():
        Delivery.objects.withdraw("done")
        assert "messages|delivery|suppressed" not in counted(redis)
        transaction.set_rollback(True)
    assert "messages|delivery|suppressed" not in counted(redis)
    Delivery.objects.withdraw("done")
    assert counted(redis)["messages|delivery|suppressed"] == 2


def test_what_is_not_wanted_at_the_last_moment_is_logged_with_its_reason(
    smtp: Any, redis: Any, caplog: Any, now: datetime
) -> None:
    team = team_of(1)
    opened(team, now)
    team.memberships.all().delete()
    deliver(ids())
    assert (said(caplog)[-1].message, said(caplog)[-1].outcome) == ("not sent: left", "suppressed")
    assert counted(redis)["messages|delivery|suppressed"] == 1


def test_rungs_that_came_too_late_are_counted_as_written_and_withdrawn(redis: Any, now: datetime) -> None:
    fields = {"lead_times": [60]}
    reminder_due(team_of(1), now, planned_at=now - timedelta(hours=3), **fields)
    dispatch_due(now)
    assert counted(redis) == {
        "occurrences_dispatched": 1,
        "deliveries_dispatched": 2,
        "messages|delivery|suppressed": 1,
    }


def test_what_is_only_simulated_is_neither_counted_nor_logged(redis: Any, caplog: Any, now: datetime) -> None:
    reminder = reminder_due(team_of(2), now + timedelta(hours=1), planned_at=now, rule="FREQ=DAILY")
    assert simulate(Reminder.objects.get(pk=reminder.pk), now, now + timedelta(days=2), now)
    assert counted(redis) == {}
    assert said(caplog) == []


def test_account_mail_is_counted_by_itself_and_is_never_late(smtp: Any, redis: Any, caplog: Any) -> None:
    mail = AccountMail.objects.write(to="ada@example.org", subject="Confirm", text="words")
    send_account_mail([mail.pk])
    assert counted(redis) == {"messages|accountmail|accepted": 1}
    assert observed(redis, tally.LATENESS) == 0
    assert said(caplog)[-1].accountmail == str(mail.uuid)


def test_a_redis_that_is_away_holds_up_no_message(smtp: Any, redis: Any, settings: Any, now: datetime) -> None:
    opened(team_of(2), now)
    settings.REDIS_URL = "redis://127.0.0.1:9/0"
    deliver(ids())
    assert len(smtp.messages) == 2
