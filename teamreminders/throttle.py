"""The rate limit for the mail server: `EMAIL_RATE` messages a second, by all workers together.

A generic cell rate algorithm (ITU-T I.371) in Redis: one key holds when the next message may go out, and a worker asks
for its place before it claims a message. While Redis is away each worker keeps the rate by itself.
"""

import time

from redis import Redis
from redis.exceptions import RedisError

KEY = "teamreminders:mail:next"
# By the clock of Redis, so that workers need not agree. Takes a place only if it comes soon enough; -1 where not.
PLACE = """
local clock = redis.call('TIME')
local now = tonumber(clock[1]) + tonumber(clock[2]) / 1000000
local at = math.max(tonumber(redis.call('GET', KEYS[1]) or '0'), now)
if at - now > tonumber(ARGV[2]) then return '-1' end
redis.call('SET', KEYS[1], string.format('%.6f', at + ARGV[1]), 'EX', math.ceil(at - now + ARGV[1]) + 1)
return string.format('%.6f', at - now)
"""


class Throttle:
    """`rate`: messages a second."""

    def __init__(self, redis: Redis, rate: float) -> None:
        self._seconds = 1 / rate
        self._place = redis.register_script(PLACE)
        self._own_next = 0.0  # of a monotonic clock

    def place(self, within: float) -> float | None:
        """Seconds until this message's turn, which is taken then; None when it does not come within so many seconds."""
        try:
            wait = float(self._place([KEY], [self._seconds, within]))
        except RedisError:
            return self._own_place(within)
        return wait if wait >= 0 else None

    def _own_place(self, within: float) -> float | None:
        now = time.monotonic()
        at = max(self._own_next, now)
        if at - now > within:
            return None
        self._own_next = at + self._seconds
        return at - now
