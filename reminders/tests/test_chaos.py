"""Killing things in the middle of a burst, and a mail server that is away: what was due is compared with what arrived.

`make test ARGS="-m chaos"`. Takes about two and a half minutes, most of it spent waiting for a killed worker's claim to
lapse and for a refusing mail server to come back.
"""

import signal
import time
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from reminders.models import Delivery
from teamreminders.outbox import LEASE
from teamreminders.tests.test_worker import SCHEDULER, WORKER, sent, until

from .scenes import reminder_due, rounded, team_of

pytestmark = [pytest.mark.chaos, pytest.mark.django_db(transaction=True)]

BURST = 2000
TEAMS = 20


def burst(count: int, seconds_ahead: float) -> Any:
    """`count` reminders of 20 teams, due at one second; returns that second."""
    teams = [team_of(1) for _ in range(TEAMS)]
    now = timezone.now()
    at = rounded(now) + timedelta(seconds=seconds_ahead)
    for number in range(count):
        reminder_due(teams[number % TEAMS], at, planned_at=now)
    return at


def test_a_burst_with_kills_a_flush_and_a_restart_of_postgresql_loses_nothing(
    stack: Any, smtp: Any, redis: Any, postgres: Any
) -> None:
    at = burst(BURST, seconds_ahead=40)
    workers = [stack.start(*WORKER), stack.start(*WORKER)]
    scheduler = stack.start(*SCHEDULER)
    kills = 0

    until(lambda: len(smtp.messages) > BURST * 0.15, seconds=90)
    workers[0].kill(signal.SIGKILL)
    kills += 1
    stack.start(*WORKER)

    until(lambda: len(smtp.messages) > BURST * 0.3, seconds=60)
    scheduler.kill(signal.SIGKILL)
    kills += 1
    stack.start(*SCHEDULER)

    until(lambda: len(smtp.messages) > BURST * 0.45, seconds=60)
    redis.flushall()

    until(lambda: len(smtp.messages) > BURST * 0.6, seconds=60)
    connection.close()
    postgres.restart()
    kills += 1

    until(lambda: sent() == BURST, seconds=LEASE.total_seconds() + 60)
    arrived = Counter(message.message["Message-ID"] for message in smtp.messages)
    doubled = sum(arrived.values()) - len(arrived)
    print(f"{len(arrived)} of {BURST} arrived, {doubled} twice, after {kills} kills and a flush")
    assert len(arrived) == BURST
    assert doubled <= kills
    assert min(message.received_at for message in smtp.messages) >= at
    assert not Delivery.objects.filter(state="sending").exists()


def test_a_mail_server_that_refuses_connections_for_a_minute_loses_and_doubles_nothing(
    stack: Any, smtp: Any, redis: Any
) -> None:
    smtp.down()
    stack.start(*WORKER)
    stack.start(*SCHEDULER)
    burst(60, seconds_ahead=1)
    down_until = time.monotonic() + 60
    until(lambda: Delivery.objects.filter(tries__gte=3, error__contains="No connection").count() == 60, seconds=60)
    time.sleep(max(0, down_until - time.monotonic()))
    assert sent() == 0
    smtp.up()
    until(lambda: sent() == 60, seconds=60)
    arrived = Counter(message.message["Message-ID"] for message in smtp.messages)
    assert set(arrived.values()) == {1} and len(arrived) == 60
    assert set(Delivery.objects.values_list("tries", flat=True)) <= {4, 5, 6, 7}
