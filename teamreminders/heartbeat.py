"""The scheduler's heartbeat: when a pass last ended well. Kept in Redis, since losing it costs a second."""

from datetime import datetime

from redis import Redis

KEY = "teamreminders:scheduler:heartbeat"
# Older than this and the scheduler counts as not running.
STALE_AFTER_SECONDS = 15
CLOCKS_DIFFER_BY = 5


def beat(connection: Redis, now: datetime) -> None:
    connection.set(KEY, now.timestamp(), ex=3600)


def age(connection: Redis, now: datetime) -> float | None:
    """Seconds since the last good pass; None when there was none within the hour, or its clock is ahead of ours."""
    return age_of(connection.get(KEY), now)


def age_of(value: bytes | str | None, now: datetime) -> float | None:
    """The same, of what is stored below KEY."""
    try:
        seconds = now.timestamp() - float(value or "")
    except ValueError:  # nothing, or nothing of ours
        return None
    return max(seconds, 0.0) if seconds >= -CLOCKS_DIFFER_BY else None
