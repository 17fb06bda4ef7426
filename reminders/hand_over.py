"""Hand-over: queued deliveries go to the workers, the teams taking turns, as fast as the workers take them."""

import time
from datetime import datetime

import django_rq
from django.conf import settings
from redis import Redis
from redis.exceptions import RedisError
from rq import Queue

from teamreminders import breaker
from teamreminders.breaker import Circuit

from .models import Delivery

# About so much work waits in Redis: what is handed over next, of whichever team, waits no longer.
SECONDS_WAITING = 0.7
# How long a worker has for one job: between two it looks for account mail.
SECONDS_A_JOB = 0.25
BIGGEST_JOB = 200
FEWEST_WAITING, MOST_WAITING = 4, 5000
# Before it is known how fast the workers are, in messages a second.
RATE_AT_FIRST = 100.0
SLOWEST, FASTEST = 0.1, 10_000.0
# How much faster the workers may be than was thought, when they have emptied the queue.
LEAP = 4
# How quickly what is seen now outweighs what was seen before.
MEMORY_SECONDS = 2.0


class Pace:
    """How fast the workers take what was handed over, in messages a second, seen from the length of their queue."""

    def __init__(self) -> None:
        self.rate = min(RATE_AT_FIRST, settings.EMAIL_RATE or FASTEST)
        self._seen_at = 0.0
        self.last_team = 0
        self._left: list[int] = []  # the sizes of the jobs that were waiting, the oldest first

    def look(self, waiting: int, at: float) -> None:
        """`waiting` jobs are in the queue at this moment (seconds of a monotonic clock).

        Workers that emptied it are at least so fast: then the next portion is bigger. Otherwise every look counts, also
        those where they took nothing, or a job that took them long would look like many messages at once.
        """
        gone, self._left = self._left[: max(len(self._left) - waiting, 0)], self._left[-waiting:] if waiting else []
        elapsed, self._seen_at = at - self._seen_at, at
        if self._left:
            weight = min(elapsed / MEMORY_SECONDS, 1.0)
            self.rate += (sum(gone) / max(elapsed, 0.001) - self.rate) * weight
        elif gone:
            self.rate *= LEAP
        self.rate = min(max(self.rate, SLOWEST), settings.EMAIL_RATE or FASTEST)

    def enqueued(self, sizes: list[int]) -> None:
        self._left += sizes

    @property
    def room(self) -> int:
        """How many messages may be handed over now."""
        wanted = min(max(int(self.rate * SECONDS_WAITING), FEWEST_WAITING), MOST_WAITING)
        return max(wanted - sum(self._left), 0)

    @property
    def job_size(self) -> int:
        return min(max(int(self.rate * SECONDS_A_JOB), 1), BIGGEST_JOB)


PACE = Pace()


def hand_over(now: datetime) -> int:
    """Enqueue due deliveries, the teams taking turns, as far as the workers' queue has room. Idle: one query.

    Returns how many were enqueued. Raises RedisError; what had been marked as handed over is given back then.
    """
    if not Delivery.objects.any_due(now):
        return 0
    queue = django_rq.get_queue("default")
    PACE.look(queue.count, time.monotonic())
    room = _room(queue.connection, now)
    if not room:
        return 0
    taken = Delivery.objects.take(Delivery.objects.due_in_turn(now, room, after=PACE.last_team), now)
    try:
        _enqueue(queue, taken, PACE.job_size)
    except RedisError:
        Delivery.objects.give_back(taken, now)
        raise
    PACE.last_team = Delivery.objects.filter(pk__in=taken[-1:]).values_list("team_id", flat=True).first() or 0
    return len(taken)


def _room(redis: Redis, now: datetime) -> int:
    """What the pace allows; nothing while the mail server is away; one message of one scheduler when it may be back."""
    match breaker.circuit(redis, now):
        case Circuit.OPEN:
            return 0
        case Circuit.HALF_OPEN:
            return int(breaker.probe(redis, now))
    return PACE.room


def _enqueue(queue: Queue, ids: list[int], size: int) -> None:
    """In one round trip."""
    jobs = [ids[start : start + size] for start in range(0, len(ids), size)]
    queue.enqueue_many(
        [Queue.prepare_data("reminders.jobs.deliver", (job,), result_ttl=0, failure_ttl=86400) for job in jobs]
    )
    PACE.enqueued([len(job) for job in jobs])
