"""How often one person's programs may ask: counted in Redis, by the minute."""

import logging
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

import django_rq
from django.conf import settings
from limits import RateLimitItemPerMinute
from limits.storage import RedisStorage
from limits.strategies import FixedWindowRateLimiter
from redis.exceptions import RedisError

log = logging.getLogger(__name__)

A_MINUTE = RateLimitItemPerMinute(600, namespace="teamreminders:api")


@dataclass(frozen=True)
class Quota:
    """What is left of the minute; `exceeded`: this request is one too many."""

    exceeded: bool
    left: int
    seconds: int  # until the next one

    @property
    def headers(self) -> dict[str, str]:
        """draft-ietf-httpapi-ratelimit-headers-10."""
        window = A_MINUTE.get_expiry()
        return {
            "RateLimit-Policy": f'"minute";q={A_MINUTE.amount};w={window}',
            "RateLimit": f'"minute";r={self.left};t={self.seconds}',
        }


def take(key: str, now: datetime) -> Quota | None:
    """Count one request. None where Redis is away: then nobody is limited, rather than everybody refused."""
    try:
        allowed = _limiter().hit(A_MINUTE, key)
        stats = _limiter().get_window_stats(A_MINUTE, key)
    except RedisError as error:
        log.warning("requests are not counted: %s", type(error).__name__)
        return None
    return Quota(not allowed, stats.remaining, max(int(stats.reset_time - now.timestamp()), 1))


@lru_cache(maxsize=1)
def _limiter() -> FixedWindowRateLimiter:
    """Over the connections that the queues use, with their time-outs."""
    pool = django_rq.get_connection("default").connection_pool
    return FixedWindowRateLimiter(RedisStorage(settings.REDIS_URL, connection_pool=pool))
