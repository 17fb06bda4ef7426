"""The worker and the scheduler as real processes: what they survive, and how they end."""

import signal
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import django_rq
import pytest
from django.utils import timezone

from accounts.models import AccountMail
from reminders.models import Delivery
from reminders.tests.scenes import reminder_due, rounded, team_of
from teamreminders import heartbeat
from teamreminders.worker import running

pytestmark = pytest.mark.django_db(transaction=True)

WORKER = ("rqworker", "account", "default", "background", "--verbosity", "0")
SCHEDULER = ("rqscheduler", "--verbosity", "0")


def until(condition: Callable[[], Any], seconds: float = 20) -> Any:
    """Wait for a condition and return its value; the test fails when it does not come true in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        value = condition()
        if value:
            return value
        time.sleep(0.05)
    raise AssertionError(f"not true within {seconds} s")


def sent() -> int:
    return Delivery.objects.filter(state="sent").count()


def write_mail() -> AccountMail:
    return AccountMail.objects.write(to="ada@example.org", subject="Confirm", text="words")


def mail_is_out() -> bool:
    return not AccountMail.objects.exclude(state="sent").exists()


def test_a_reminder_goes_from_its_due_time_to_the_mail_server(stack: Any, smtp: Any, redis: Any) -> None:
    stack.start(*WORKER)
    stack.start(*SCHEDULER)
    until(lambda: heartbeat.age(redis, timezone.now()) is not None)
    at = rounded(timezone.now()) + timedelta(seconds=2)
    reminder_due(team_of(1), at, planned_at=timezone.now())
    until(sent)
    lateness = Delivery.objects.get().lateness
    assert timedelta(0) <= lateness < timedelta(seconds=2)  # on a machine that is busy with tests
    assert smtp.messages[0].received_at >= at


def test_the_worker_leaves_a_corrupt_payload_behind_and_goes_on(stack: Any, smtp: Any, redis: Any) -> None:
    worker = stack.start(*WORKER)
    queue = django_rq.get_queue("default")
    garbled = queue.enqueue("reminders.jobs.deliver", [1])
    redis.hset(f"rq:job:{garbled.id}", "data", b"\x80\x04 not a pickle")
    redis.rpush(queue.key, "no-such-job", garbled.id, b"\xff\xfe")
    queue.enqueue("no.such.function", [1])
    queue.enqueue("reminders.jobs.deliver", "not a list of ids")
    write_mail()
    until(mail_is_out)
    assert worker.is_running


def test_what_keeps_the_work_loop_from_starting_is_told_by_its_kind_and_place(stack: Any, redis: Any) -> None:
    redis.hset("rq:worker:twin", "birth", "a moment ago")
    worker = stack.start(*WORKER, "--burst", "--name", "twin")
    until(lambda: not worker.is_running)
    said = worker.log.read_text()
    assert "ValueError" in said and "register_birth" in said
    assert "active worker" not in said


def test_a_worker_is_counted_while_it_runs_also_after_a_flush_of_redis(stack: Any, smtp: Any, redis: Any) -> None:
    worker = stack.start(*WORKER)
    until(lambda: running(redis, timezone.now()) == 1)
    redis.flushall()
    until(lambda: running(redis, timezone.now()) == 1)
    worker.stop()
    assert running(redis, timezone.now()) == 0


def test_the_worker_survives_a_flush_of_redis(stack: Any, smtp: Any, redis: Any) -> None:
    worker = stack.start(*WORKER)
    write_mail()
    until(mail_is_out)
    redis.flushall()
    write_mail()
    until(mail_is_out)
    assert worker.is_running


def test_worker_and_scheduler_outlast_a_redis_that_locks_them_out_in_the_middle_of_a_job(
    stack: Any, smtp: Any, redis: Any
) -> None:
    """rq's own loop ends for good when Redis fails outside the wait for a job."""
    worker, scheduler = stack.start(*WORKER), stack.start(*SCHEDULER)
    smtp.hang(1)
    write_mail()
    until(lambda: AccountMail.objects.filter(state="sending").exists())
    password = redis.config_get("requirepass")["requirepass"]
    redis.config_set("requirepass", "another")
    redis.client_kill_filter(_type="normal", skipme=True)
    time.sleep(4)
    redis.config_set("requirepass", password)
    smtp.hang(0)
    until(mail_is_out)
    write_mail()
    until(mail_is_out)
    assert worker.is_running and scheduler.is_running


def test_the_scheduler_survives_a_flush_and_registers_again(stack: Any, redis: Any) -> None:
    scheduler = stack.start(*SCHEDULER)
    until(lambda: redis.keys("rq:scheduler_instance:*"))
    redis.flushall()
    until(lambda: redis.keys("rq:scheduler_instance:*"))
    until(lambda: heartbeat.age(redis, timezone.now()) is not None)
    assert scheduler.is_running


@pytest.mark.parametrize("process", [WORKER, SCHEDULER])
@pytest.mark.parametrize("signum", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_within_seconds_when_asked_to(stack: Any, redis: Any, process: tuple, signum: int) -> None:
    started = stack.start(*process)
    pattern = "rq:worker:*" if process is WORKER else "rq:scheduler_instance:*"
    until(lambda: redis.keys(pattern))
    started.kill(signum)
    until(lambda: not started.is_running, seconds=5)


def test_a_worker_that_is_asked_to_end_gives_back_what_it_has_not_begun(stack: Any, smtp: Any, redis: Any) -> None:
    smtp.hang(0.5)  # each message
    worker = stack.start(*WORKER)
    stack.start(*SCHEDULER)
    reminder_due(team_of(10), rounded(timezone.now()) - timedelta(seconds=1))
    until(sent)
    worker.kill(signal.SIGTERM)
    until(lambda: not worker.is_running, seconds=5)
    waiting = Delivery.objects.filter(state="queued")
    assert waiting.exists()
    assert not Delivery.objects.filter(state="sending").exists()
    stack.start(*WORKER)
    smtp.hang(0)
    until(lambda: sent() == 10)
    assert len({message.message["Message-ID"] for message in smtp.messages}) == len(smtp.messages) == 10


def test_account_mail_that_was_lost_in_redis_is_handed_over_again(stack: Any, smtp: Any, redis: Any) -> None:
    mail = write_mail()
    redis.flushall()
    AccountMail.objects.filter(pk=mail.pk).update(next_try_at=timezone.now())
    stack.start(*WORKER)
    stack.start(*SCHEDULER)
    until(mail_is_out)
