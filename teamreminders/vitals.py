"""How the installation is: what the scheduler, the workers and the reconciler have left in Redis, in one round trip."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from redis.exceptions import RedisError

from reminders import reconciler
from reminders.reconciler import Findings

from . import breaker, heartbeat, tally, throttle, worker
from .breaker import Circuit


@dataclass(frozen=True)
class Vitals:
    """Ages are in seconds; None: nothing was heard for so long that it was forgotten."""

    heartbeat_age: float | None
    findings: Findings | None
    findings_age: float | None
    workers: int
    queues: dict[str, int]  # jobs that wait, by queue
    counts: dict[str, float]  # see `tally`
    circuit: Circuit  # to the mail server
    rate_wait: float  # until the next message may go out, where there is a rate limit

    def alarms(self) -> list[str]:
        """What an operator has to do something about, the root of the trouble first."""
        running = self.heartbeat_age is not None and self.heartbeat_age < heartbeat.STALE_AFTER_SECONDS
        alarms = [] if running else [_("The scheduler is not running: nothing that comes due goes out.")]
        if not self.workers:
            alarms.append(_("No worker is running: no mail goes out."))
        if self.circuit != Circuit.CLOSED:
            alarms.append(_("The mail server does not answer: one message at a time asks whether it is back."))
        if self.findings_age is not None and self.findings_age > reconciler.STALE_AFTER.total_seconds():
            return [*alarms, _("Nobody has compared for minutes what came due with what went out.")]
        return alarms + (self.findings.faults if self.findings else [])


def read(now: datetime) -> Vitals | None:
    """None: Redis does not answer."""
    queues = list(settings.RQ_QUEUES)
    try:
        with tally.connection().pipeline(transaction=False) as pipeline:
            pipeline.mget(heartbeat.KEY, reconciler.KEY, throttle.KEY)
            worker.running(pipeline, now)
            pipeline.hgetall(tally.KEY)
            pipeline.hget(breaker.KEY, "until")
            for name in queues:
                pipeline.llen(f"rq:queue:{name}")
            (beat, found, turn), workers, counts, until, *lengths = pipeline.execute()
    except RedisError:
        return None
    findings = reconciler.found(found)
    return Vitals(
        heartbeat_age=heartbeat.age_of(beat, now),
        findings=findings,
        findings_age=max(now.timestamp() - findings.at, 0.0) if findings else None,
        workers=workers,
        queues=dict(zip(queues, lengths, strict=True)),
        counts=tally.parsed(counts),
        circuit=breaker.circuit_of(until, now),
        rate_wait=max(float(turn or 0) - now.timestamp(), 0.0),
    )


def alarms(vitals: Vitals | None) -> list[str]:
    """The same when Redis is away, which is the first thing to be told then."""
    return [_("Redis does not answer: nothing goes out until it does.")] if vitals is None else vitals.alarms()


def alarms_for_operators(request: HttpRequest) -> dict[str, Any]:
    """Context of every page: what operators are told on it. Read when a page shows it, which it does to them only."""
    return {"alarms": SimpleLazyObject(lambda: alarms(read(timezone.now())))}
