"""From local time to UTC: the one place that knows about clock changes."""

from datetime import datetime, timezone
from enum import Enum
from zoneinfo import ZoneInfo


class Oddity(Enum):
    """What a clock change does to a local time."""

    SKIPPED = "skipped"
    REPEATED = "repeated"


def resolve(local: datetime, zone: ZoneInfo) -> datetime:
    """The UTC instant of a naive local date-time.

    A time that the clocks skip moves forward by the gap (02:30 -> 03:30); one that happens twice means the first. Both
    are what PEP 495 gives for fold=0, and RFC 5545 (3.3.5) asks for.
    """
    return local.replace(tzinfo=zone, fold=0).astimezone(timezone.utc)


def local_of(instant: datetime, zone: ZoneInfo) -> datetime:
    """The naive local date-time of an instant, as a clock on the wall shows it."""
    return instant.astimezone(zone).replace(tzinfo=None, fold=0)


def oddity(local: datetime, zone: ZoneInfo) -> Oddity | None:
    """Whether the clocks skip or repeat this local time."""
    first, second = local.replace(tzinfo=zone, fold=0).utcoffset(), local.replace(tzinfo=zone, fold=1).utcoffset()
    if first == second or first is None or second is None:
        return None
    return Oddity.SKIPPED if first < second else Oddity.REPEATED
