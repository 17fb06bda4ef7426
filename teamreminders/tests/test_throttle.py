"""The rate limit: so many messages a second, by all workers together."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from accounts.jobs import send_account_mail
from accounts.models import AccountMail
from teamreminders.throttle import KEY, Throttle


def test_places_are_as_far_apart_as_the_rate_says_whoever_asks(redis: Any) -> None:
    begun = time.time()
    throttles = [Throttle(redis, rate=100) for _ in range(4)]
    with ThreadPoolExecutor(4) as workers:
        at = sorted(workers.map(lambda throttle: time.time() + throttle.place(within=10).wait, throttles * 25))
    assert len(at) == 100
    assert at[-1] - begun >= 0.98
    assert at[-1] - begun < 5


def test_a_place_that_comes_too_late_is_not_taken(redis: Any) -> None:
    throttle = Throttle(redis, rate=1)
    assert throttle.place(within=0.5) == (True, 0)
    assert not any(throttle.place(within=0.5).is_taken for _ in range(20))
    taken, wait = throttle.place(within=1.5)
    assert taken and 0.8 < wait <= 1


def test_what_a_wrong_clock_has_written_is_not_waited_for(redis: Any) -> None:
    redis.set(KEY, time.time() + 3600)
    assert Throttle(redis, rate=1).place(within=0.5) == (True, 0)
    redis.set(KEY, "nonsense")
    assert Throttle(redis, rate=1).place(within=0.5) == (True, 0)


def test_without_redis_each_keeps_the_rate_by_itself() -> None:
    throttle = Throttle(Redis(port=9, retry=Retry(NoBackoff(), 0)), rate=10)
    waits = [throttle.place(within=1) for _ in range(3)]
    assert [round(place.wait, 1) for place in waits] == [0.0, 0.1, 0.2]


@pytest.mark.django_db
def test_a_worker_sends_no_faster_and_gives_back_what_it_has_no_time_for(
    smtp: Any, redis: Any, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.EMAIL_RATE = 10
    monkeypatch.setattr("teamreminders.sending.BATCH_TIME", timedelta(seconds=0.65))
    mails = [AccountMail.objects.write(to=f"p{n}@example.org", subject="Hello", text="words") for n in range(12)]
    send_account_mail([mail.pk for mail in mails])
    assert 4 <= len(smtp.messages) <= 7
    gaps = [(b.received_at - a.received_at).total_seconds() for a, b in pairwise(smtp.messages)]
    assert sum(gaps) / len(gaps) > 0.08
    assert AccountMail.objects.filter(state="queued", tries=0).count() == 12 - len(smtp.messages)
