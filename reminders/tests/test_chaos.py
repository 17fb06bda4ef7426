"""Killing things in the middle of a burst, then a mail server that is away: what was due is compared with what arrived.

`make test ARGS="-m chaos"`. Takes about two minutes, most of them for the minute without a mail server, in which the
claims of the killed worker lapse as well.
"""

import signal
import time
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from reminders.models import Delivery, Occurrence, Reminder
from reminders.models.planning import Lane
from reminders.schedule import next_after
from teamreminders.testing.catcher import Catcher
from teamreminders.testing.stack import Stack
from teamreminders.tests.test_worker import SCHEDULER, WORKER, sent, until

from .scenes import rounded, team_of

pytestmark = [pytest.mark.chaos, pytest.mark.django_db(transaction=True)]

BURST = 2000
TEAMS = 20
AFTERWARDS = 60


def set_reminders(count: int, *, seconds_ahead: float) -> datetime:
    """`count` reminders of some teams with one member each, all due at one second; returns that second."""
    now = timezone.now()
    at = rounded(now) + timedelta(seconds=seconds_ahead)
    teams = [team_of(1) for _ in range(TEAMS)]
    fields = {"title": "Renew it", "zone": "UTC", "start": at.date(), "times": [at.time()]}
    reminders = Reminder.objects.bulk_create(Reminder(team=teams[n % TEAMS], **fields) for n in range(count))
    slot = next_after(reminders[0].schedule, now)
    assert slot and slot.at == at
    Occurrence.objects.bulk_create(Occurrence.of(Lane(each, each.zone), slot, now) for each in reminders)
    return at


def arrivals(smtp: Catcher) -> Counter[str]:
    return Counter(caught.message["Message-ID"] for caught in smtp.messages)


def test_nothing_is_lost_and_next_to_nothing_doubled(stack: Stack, smtp: Catcher, redis: Any, postgres: Any) -> None:
    at = set_reminders(BURST, seconds_ahead=6)
    kills = kill_in_the_middle_of_the_burst(stack, smtp, redis, postgres)
    until(lambda: sent() >= BURST - kills, seconds=60)  # the rest waits for its claim to lapse

    later = the_mail_server_refuses_connections_for_a_minute(smtp)
    until(lambda: sent() == BURST + AFTERWARDS, seconds=60)

    arrived = arrivals(smtp)
    doubled = arrived.total() - len(arrived)
    print(f"\n{len(arrived)} of {BURST + AFTERWARDS} arrived, {doubled} twice, after {kills} kills and a flush")
    assert len(arrived) == BURST + AFTERWARDS
    assert doubled <= kills
    assert min(caught.received_at for caught in smtp.messages) >= at
    assert not Delivery.objects.filter(state="sending").exists()
    for delivery in later:
        delivery.refresh_from_db()
        assert arrived[f"<delivery-{delivery.uuid}@localhost>"] == 1
        assert delivery.tries > 3 and "No connection" in delivery.error


def kill_in_the_middle_of_the_burst(stack: Stack, smtp: Catcher, redis: Any, postgres: Any) -> int:
    """A worker, the scheduler, all of Redis, PostgreSQL; returns how many processes were killed."""
    worker = stack.start(*WORKER)
    stack.start(*WORKER)
    scheduler = stack.start(*SCHEDULER)

    until(lambda: len(smtp.messages) > BURST * 0.15, seconds=60)
    worker.kill(signal.SIGKILL)
    stack.start(*WORKER)

    until(lambda: len(smtp.messages) > BURST * 0.3, seconds=60)
    scheduler.kill(signal.SIGKILL)
    stack.start(*SCHEDULER)

    until(lambda: len(smtp.messages) > BURST * 0.45, seconds=60)
    redis.flushall()

    until(lambda: len(smtp.messages) > BURST * 0.6, seconds=60)
    connection.close()
    postgres.restart()
    return 3


def the_mail_server_refuses_connections_for_a_minute(smtp: Catcher) -> list[Delivery]:
    """While more comes due; returns those deliveries."""
    smtp.down()
    up_at = time.monotonic() + 60
    at = set_reminders(AFTERWARDS, seconds_ahead=1)
    waiting = Delivery.objects.filter(planned_for=at)
    until(lambda: waiting.filter(error__contains="No connection").count() == AFTERWARDS, seconds=20)
    time.sleep(up_at - time.monotonic())
    assert not waiting.filter(state="sent").exists()
    smtp.up()
    return list(waiting)
