"""Handing queued deliveries to the workers through a real Redis."""

from datetime import datetime, timedelta, timezone
from typing import Any

import django_rq
import pytest
from time_machine import travel

from reminders import hand_over as module
from reminders.delivery import deliver
from reminders.dispatch import dispatch_due
from reminders.hand_over import BIGGEST_JOB, MOST_WAITING, SECONDS_WAITING, Pace, hand_over
from reminders.models import Delivery
from teamreminders import breaker
from teamreminders.outbox import HAND_OVER_AGAIN

from .scenes import reminder_due, team_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("redis")]


@pytest.fixture(autouse=True)
def at_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PACE", Pace())


NOON = datetime(2026, 11, 24, 12, 0, tzinfo=timezone.utc)


def handed_over() -> list[int]:
    """The ids in the queue, in order."""
    return [pk for job in django_rq.get_queue("default").jobs for pk in job.args[0]]


def test_a_delivery_is_handed_over_once_and_again_when_its_job_was_lost() -> None:
    """mini_scheduler #5, rq #2015: nothing ran after a flush, and jobs of a killed worker vanished."""
    reminder_due(team_of(1), NOON)
    dispatch_due(NOON)
    assert hand_over(NOON) == 1
    assert hand_over(NOON + timedelta(seconds=1)) == 0
    django_rq.get_connection("default").flushall()
    assert hand_over(NOON + HAND_OVER_AGAIN) == 1
    assert handed_over() == [Delivery.objects.get().pk]


def test_teams_take_turns_so_that_a_burst_of_one_does_not_hold_up_another() -> None:
    loud, quiet = team_of(40), team_of(1)
    reminder_due(loud, NOON)
    dispatch_due(NOON)
    reminder_due(quiet, NOON + timedelta(seconds=1))
    dispatch_due(NOON + timedelta(seconds=1))
    hand_over(NOON + timedelta(seconds=1))
    single = Delivery.objects.get(team=quiet)
    assert handed_over().index(single.pk) <= 1


def test_teams_take_turns_also_where_one_message_goes_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_room", lambda redis, now: 1)
    loud, quiet = team_of(20), team_of(1)
    reminder_due(loud, NOON)
    dispatch_due(NOON)
    reminder_due(quiet, NOON + timedelta(seconds=1))
    dispatch_due(NOON + timedelta(seconds=1))
    for _ in range(3):
        hand_over(NOON + timedelta(seconds=1))
    assert Delivery.objects.get(team=quiet).pk in handed_over()


def test_only_what_the_workers_will_have_done_soon_waits_in_redis(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module.PACE, "rate", 6 / SECONDS_WAITING + 0.1)
    monkeypatch.setattr(module, "FEWEST_WAITING", 1)
    reminder_due(team_of(20), NOON)
    dispatch_due(NOON)
    assert [hand_over(NOON) for _ in range(3)] == [6, 0, 0]
    assert len(handed_over()) == 6


def test_the_pace_follows_the_workers() -> None:
    pace, at = Pace(), 100.0
    for _ in range(40):  # a mail server that takes 40 messages a second
        at += 0.25
        room = pace.room
        pace.enqueued([5] * (room // 5))
        pace.look(len(pace._left) - 2, at)
    assert 30 < pace.rate < 50 and pace.room <= 40 * SECONDS_WAITING and pace.job_size < 15
    for _ in range(12):  # one that takes whatever comes
        at += 0.2
        pace.enqueued([pace.job_size] * (pace.room // pace.job_size))
        pace.look(0, at)
    assert pace.room == MOST_WAITING and pace.job_size == BIGGEST_JOB


def test_while_the_mail_server_is_away_one_message_at_a_time_asks_whether_it_is_back(redis: Any) -> None:
    reminder_due(team_of(20), NOON)
    dispatch_due(NOON)
    breaker.trip(redis, NOON)
    assert hand_over(NOON) == 0
    assert hand_over(NOON + timedelta(seconds=1)) == 1
    assert hand_over(NOON + timedelta(seconds=1.5)) == 0
    breaker.mend(redis)
    assert hand_over(NOON + timedelta(seconds=1.6)) == 19


def test_after_an_hour_without_a_mail_server_all_goes_out_at_once(smtp: Any, redis: Any) -> None:
    """What had been tried for an hour would wait for most of another, each row for itself."""
    reminder_due(team_of(20), NOON)
    dispatch_due(NOON)
    smtp.down()
    now = NOON
    for _ in range(150):
        now += timedelta(seconds=26)
        if hand_over(now):
            with travel(now, tick=False):
                deliver(handed_over())
            redis.delete("rq:queue:default")
    assert now - NOON > timedelta(hours=1)
    assert set(Delivery.objects.values_list("state", "tries")) == {("queued", 0)}
    smtp.up()
    for seconds in (31, 32):
        hand_over(now + timedelta(seconds=seconds))
        with travel(now + timedelta(seconds=seconds), tick=False):
            deliver(handed_over())
        redis.delete("rq:queue:default")
    assert len(smtp.messages) == 20


def test_redis_holds_ids_and_no_title_or_address() -> None:
    reminder = reminder_due(team_of(1), NOON)
    dispatch_due(NOON)
    hand_over(NOON)
    connection = django_rq.get_connection("default")
    stored = b""
    for key in connection.keys("*"):
        match connection.type(key):
            case b"hash":
                stored += b"".join(connection.hgetall(key).values())
            case b"list":
                stored += b"".join(connection.lrange(key, 0, -1))
    assert reminder.title.encode() not in stored
    assert Delivery.objects.get().address.encode() not in stored


def test_two_schedulers_hand_over_a_row_once() -> None:
    reminder_due(team_of(1), NOON)
    dispatch_due(NOON)
    ids = Delivery.objects.due_in_turn(NOON, 10)
    assert Delivery.objects.take(ids, NOON) == ids
    assert Delivery.objects.take(ids, NOON) == []
