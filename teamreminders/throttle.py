"""The rate limit for the mail server: `EMAIL_RATE` messages a second, by all workers together.

A generic cell rate algorithm (ITU-T I.371) in Redis: one key holds when the next message may go out, and a worker asks
for its place before it claims a message. While Redis is away each worker keeps the rate by itself.
"""

import time
from typing import NamedTuple

from redis import Redis
from redis.exceptions import RedisError

KEY = "teamreminders:mail:next"
# By the clock of Redis, so that workers need not agree. Takes a place only if it comes soon enough. What lies further
# ahead than places are ever taken was written by a clock that has been put right since.
PLACE = """
local clock = redis.call('TIME')
local now = tonumber(clock[1]) + tonumber(clock[2]) / 1000000
local apart, within = tonumber(ARGV[1]), tonumber(ARGV[2])
local at = math.max(tonumber(redis.call('GET', KEYS[1]) or '0') or 0, now)
if at - now > tonumber(ARGV[3]) + apart then at = now end
local wait = string.format('%.6f', at - now)
if at - now > within then return {0, wait} end
redis.call('SET', KEYS[1], string.format('%.6f', at + apart), 'EX', math.ceil(at - now + apart) + 1)
return {1, wait}
"""
# No worker takes a place that is further ahead.
FURTHEST = 60.0


class Place(NamedTuple):
    """`is_taken`: it comes soon enough. `wait`: in so many seconds."""

    is_taken: bool
    wait: float


class Throttle:
    """`rate`: messages a second."""

    def __init__(self, redis: Redis, rate: float) -> None:
        self._seconds = 1 / rate
        self._place = redis.register_script(PLACE)
        self._own_next = 0.0  # of a monotonic clock

    def place(self, within: float) -> Place:
        """The place of the next message, which is taken if it comes within so many seconds (`FURTHEST` at most)."""
        try:
            taken, wait = self._place([KEY], [self._seconds, min(within, FURTHEST), FURTHEST])
            return Place(bool(taken), float(wait))
        except RedisError:
            return self._own_place(within)

    def _own_place(self, within: float) -> Place:
        now = time.monotonic()
        at = max(self._own_next, now)
        if at - now > within:
            return Place(False, at - now)
        self._own_next = at + self._seconds
        return Place(True, at - now)
