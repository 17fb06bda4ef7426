"""The breaker: what happens while the mail server is away, and when it is back."""

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from redis import Redis

from teamreminders import breaker
from teamreminders.breaker import LONGEST_PAUSE, Circuit

NOON = datetime(2026, 11, 24, 12, tzinfo=timezone.utc)


def pauses(redis: Any, count: int) -> list[float]:
    return [(breaker.trip(redis, NOON) - NOON).total_seconds() for _ in range(count)]


def test_the_pause_doubles_up_to_half_a_minute(redis: Any) -> None:
    assert pauses(redis, 7) == [1, 2, 4, 8, 16, LONGEST_PAUSE, LONGEST_PAUSE]


def test_after_the_pause_one_may_try_and_the_others_wait_for_it(redis: Any) -> None:
    pauses(redis, 3)
    assert breaker.circuit(redis, NOON + timedelta(seconds=3.9)) == Circuit.OPEN
    assert breaker.circuit(redis, NOON + timedelta(seconds=4)) == Circuit.HALF_OPEN
    assert breaker.probe(redis, NOON + timedelta(seconds=4))
    assert breaker.circuit(redis, NOON + timedelta(seconds=7.9)) == Circuit.OPEN


def test_of_two_schedulers_that_see_the_pause_end_one_may_try(redis: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    pauses(redis, 1)
    at, faster = NOON + timedelta(seconds=1), Redis(connection_pool=redis.connection_pool)

    def overtaken(*words: Any) -> Any:
        seen = faster.hmget(*words)
        assert breaker.probe(faster, at)
        return seen

    monkeypatch.setattr(redis, "hmget", overtaken)
    assert not breaker.probe(redis, at)


def test_nobody_tries_on_account_of_a_pause_that_was_mended_meanwhile(redis: Any) -> None:
    pauses(redis, 1)
    breaker.mend(redis)
    assert not breaker.probe(redis, NOON + timedelta(seconds=1))
    assert breaker.circuit(redis, NOON + timedelta(seconds=1)) == Circuit.CLOSED


def test_a_message_that_gets_through_mends_it(redis: Any) -> None:
    pauses(redis, 5)
    breaker.mend(redis)
    assert breaker.circuit(redis, NOON) == Circuit.CLOSED
    assert pauses(redis, 1) == [1]


def test_a_worker_that_alone_finds_no_connection_does_not_open_it(redis: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    breaker.mend(redis)
    monkeypatch.setattr(breaker, "OURS", b"another process")
    assert breaker.trip(redis, NOON) is None
    assert breaker.circuit(redis, NOON) == Circuit.CLOSED
    redis.delete(breaker.HEARD_KEY)
    assert breaker.trip(redis, NOON) is not None


@pytest.mark.parametrize("ahead", [3600, 10**10, 1e300])
def test_a_pause_that_a_wrong_clock_has_written_is_over(redis: Any, ahead: float) -> None:
    redis.hset(breaker.KEY, mapping={"until": NOON.timestamp() + ahead, "pause": "nonsense"})
    assert breaker.circuit(redis, NOON) in {Circuit.HALF_OPEN, Circuit.CLOSED}
    breaker.probe(redis, NOON)
    assert breaker.trip(redis, NOON) is not None


def test_it_is_forgotten_after_an_hour_without_mail(redis: Any) -> None:
    pauses(redis, 1)
    assert 3500 < redis.ttl(breaker.KEY) <= 3600


def test_without_redis_there_is_a_pause_all_the_same() -> None:
    nowhere = Redis(port=9, socket_connect_timeout=0.2)
    assert breaker.trip(nowhere, NOON) == NOON + timedelta(seconds=1)
    breaker.mend(nowhere)


@pytest.mark.parametrize("value", [b"", b"soon"])
def test_what_somebody_else_wrote_there_counts_as_closed(redis: Any, value: bytes) -> None:
    redis.hset(breaker.KEY, "until", value)
    assert breaker.circuit(redis, NOON) == Circuit.CLOSED
