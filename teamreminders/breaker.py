"""The breaker between us and a mail server that is away: one message at a time asks whether it is back.

Without it every row would find out by itself, each after its own growing pause, and what had waited for an hour would
go on waiting for most of another. Kept in Redis, for all workers and schedulers: losing it costs one more try.
"""

import logging
from datetime import datetime, timedelta
from enum import Enum

from redis import Redis
from redis.exceptions import RedisError

log = logging.getLogger(__name__)

KEY = "teamreminders:mail:breaker"
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0
FORGOTTEN_AFTER = timedelta(hours=1)


class Circuit(Enum):
    CLOSED = "closed"  # mail goes out
    OPEN = "open"  # the server was away a moment ago
    HALF_OPEN = "half-open"  # the pause is over: one message may try


def circuit(redis: Redis, now: datetime) -> Circuit:
    """How it stands. Raises RedisError."""
    return circuit_of(redis.hget(KEY, "until"), now)


def circuit_of(until: bytes | str | None, now: datetime) -> Circuit:
    """The same, of what is stored below KEY."""
    try:
        ends = float(until or "")
    except ValueError:  # nothing, or nothing of ours
        return Circuit.CLOSED
    return Circuit.OPEN if ends > now.timestamp() else Circuit.HALF_OPEN


def trip(redis: Redis, now: datetime) -> datetime:
    """No connection could be had. Returns until when nobody is to try; the pause doubles each time."""
    pause = FIRST_PAUSE
    try:
        pause = min(float(redis.hget(KEY, "pause") or FIRST_PAUSE / 2) * 2, LONGEST_PAUSE)
        _write(redis, now, pause)
    except RedisError as error:
        log.info("the breaker cannot be tripped: %s", type(error).__name__)
    return now + timedelta(seconds=pause)


def probe(redis: Redis, now: datetime) -> None:
    """Somebody tries: the others wait as long as before. Raises RedisError."""
    _write(redis, now, float(redis.hget(KEY, "pause") or FIRST_PAUSE))


def mend(redis: Redis) -> None:
    """A message got through."""
    try:
        if redis.delete(KEY):
            log.info("the mail server is back")
    except RedisError as error:
        log.info("the breaker cannot be mended: %s", type(error).__name__)


def _write(redis: Redis, now: datetime, pause: float) -> None:
    with redis.pipeline() as together:
        together.hset(KEY, mapping={"until": now.timestamp() + pause, "pause": pause})
        together.expire(KEY, FORGOTTEN_AFTER)
        together.execute()
