"""The breaker between us and a mail server that is away: while it is open, single messages ask whether it is back.

Without it every row would find out by itself, each after its own growing pause, and what had waited for an hour would
go on waiting for most of another. Kept in Redis, for all workers and schedulers: losing it costs one more try. A worker
that alone finds no connection, while others get mail through, does not open it.
"""

import logging
from datetime import datetime, timedelta
from enum import Enum
from secrets import token_hex

from redis import Redis
from redis.exceptions import RedisError, ResponseError

log = logging.getLogger(__name__)

KEY = "teamreminders:mail:breaker"
HEARD_KEY = "teamreminders:mail:heard"  # by which process the server was heard a moment ago
OURS = token_hex(8).encode()
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0
HEARD_FOR = timedelta(seconds=10)
FORGOTTEN_AFTER = timedelta(hours=1)
# Only if it stands as it was read: of several that saw the pause end, one tries.
TAKE_THE_TRY = """
if redis.call('HGET', KEYS[1], 'until') ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'until', ARGV[2], 'pause', ARGV[3])
redis.call('EXPIRE', KEYS[1], ARGV[4])
return 1
"""


class Circuit(Enum):
    CLOSED = "closed"  # mail goes out
    OPEN = "open"  # the server was away a moment ago
    HALF_OPEN = "half-open"  # the pause is over: a message may try


def circuit(redis: Redis, now: datetime) -> Circuit:
    """How it stands. Raises RedisError."""
    try:
        return circuit_of(redis.hget(KEY, "until"), now)
    except ResponseError:  # the key is of another kind: nothing of ours
        redis.delete(KEY)
        return Circuit.CLOSED


def circuit_of(until: bytes | str | None, now: datetime) -> Circuit:
    """The same, of what is stored below KEY. A pause that no clock of ours can have set is over."""
    ends = _number(until)
    if ends is None:
        return Circuit.CLOSED
    return Circuit.OPEN if 0 < ends - now.timestamp() <= 2 * LONGEST_PAUSE else Circuit.HALF_OPEN


def trip(redis: Redis, now: datetime) -> datetime | None:
    """No connection could be had. Returns until when nobody is to try; the pause doubles each time.

    None: the server answers others, so that it is this worker that has to wait.
    """
    pause = FIRST_PAUSE
    try:
        if (redis.get(HEARD_KEY) or OURS) != OURS:
            return None
        before = _number(redis.hget(KEY, "pause"))
        pause = FIRST_PAUSE if before is None else min(max(before * 2, FIRST_PAUSE), LONGEST_PAUSE)
        _write(redis, now, pause)
    except RedisError as error:
        log.info("the breaker cannot be tripped: %s", type(error).__name__)
    return now + timedelta(seconds=pause)


def probe(redis: Redis, now: datetime) -> bool:
    """Be the one who tries; the others wait as long as before. False: another was first. Raises RedisError."""
    until, before = redis.hmget(KEY, "until", "pause")
    if until is None or circuit_of(until, now) != Circuit.HALF_OPEN:
        return False
    pause = min(max(_number(before) or FIRST_PAUSE, FIRST_PAUSE), LONGEST_PAUSE)
    lasts = int(FORGOTTEN_AFTER.total_seconds())
    return bool(redis.eval(TAKE_THE_TRY, 1, KEY, until, now.timestamp() + pause, pause, lasts))


def mend(redis: Redis) -> None:
    """The server has answered."""
    try:
        with redis.pipeline() as together:
            together.delete(KEY)
            together.set(HEARD_KEY, OURS, ex=HEARD_FOR)
            was_open, _ = together.execute()
        if was_open:
            log.info("the mail server is back")
    except RedisError as error:
        log.info("the breaker cannot be mended: %s", type(error).__name__)


def _write(redis: Redis, now: datetime, pause: float) -> None:
    with redis.pipeline() as together:
        together.hset(KEY, mapping={"until": now.timestamp() + pause, "pause": pause})
        together.expire(KEY, FORGOTTEN_AFTER)
        together.execute()


def _number(value: bytes | str | None) -> float | None:
    """None: nothing, or nothing of ours."""
    try:
        number = float(value or "")
    except ValueError:
        return None
    return number if abs(number) < 1e12 else None
