"""What `/metrics` says, in Prometheus' words. It answers also while Redis or PostgreSQL is away, without their part.

Counters and histograms are those of all processes together (see `tally`); gauges are asked for at each scrape, by
queries that are bounded and on an index at any size.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime

from django.conf import settings
from django.db import Error, connection
from django.db.models import Count, Min
from prometheus_client import CollectorRegistry, Metric, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.registry import Collector
from prometheus_client.utils import floatToGoString

from accounts.models import AccountMail
from reminders import reconciler

from . import tally, vitals
from .breaker import Circuit
from .tally import INFINITY, Counter, Histogram

PREFIX = "team_reminders_"
# Of account mail that is looked at one by one.
COUNTED = 10_000
# Label values that are there from the first scrape on, so that the first count is an increase.
VALUES = {tally.MESSAGES: [(kind, outcome) for kind in tally.KINDS for outcome in tally.OUTCOMES]}


def page(now: datetime) -> bytes:
    """All metrics as text."""
    registry = CollectorRegistry()
    registry.register(_Installation(now))
    return generate_latest(registry)


class _Installation(Collector):
    def __init__(self, now: datetime) -> None:
        self._now = now

    def collect(self) -> Iterator[Metric]:
        state = vitals.read(self._now)
        yield _gauge("redis_up", "Whether Redis answers", float(state is not None))
        if state:
            yield from _shared(state.counts)
            yield from _running(state)
        yield from self._waiting()

    def _waiting(self) -> Iterator[Metric]:
        try:
            backlog = reconciler.backlog(self._now)
            waiting = AccountMail.objects.filter(next_try_at__isnull=False)[:COUNTED]
            mail = waiting.aggregate(count=Count("pk"), since=Min("created_at"))
        except Error:
            connection.close()
            yield _gauge("database_up", "Whether PostgreSQL answers", 0.0)
            return
        yield _gauge("database_up", "Whether PostgreSQL answers", 1.0)
        yield _gauge("occurrences_due", "Occurrences whose step has come, not dispatched", backlog.occurrences)
        yield _gauge("messages_waiting", "Messages queued or being sent", backlog.messages)
        yield _gauge_by(
            "oldest_undelivered_seconds",
            "How long the oldest waits that is due and not out: never tried to send, or put off by the mail server",
            {"no": backlog.untried_seconds, "yes": backlog.put_off_seconds},
            label="tried",
        )
        yield _gauge("account_mail_waiting", "Account mails queued or being sent", mail["count"])
        age = (self._now - mail["since"]).total_seconds() if mail["since"] else 0.0
        yield _gauge("account_mail_oldest_seconds", "Age of the oldest account mail that waits", max(age, 0.0))


def _running(state: vitals.Vitals) -> Iterator[Metric]:
    age = state.heartbeat_age
    yield _gauge(
        "scheduler_heartbeat_age_seconds",
        "Since the last good pass of a scheduler; infinite: none within the hour",
        INFINITY if age is None else age,
    )
    yield _gauge("workers", "Workers that were seen within 90 seconds", state.workers)
    yield _gauge_by("queue_depth", "Jobs that wait for a worker", state.queues, label="queue")
    yield _gauge("mail_circuit_open", "1 while the mail server counts as away", float(state.circuit != Circuit.CLOSED))
    yield _gauge("mail_rate_limit", "Messages a second by the rate limit; 0: none", settings.EMAIL_RATE or 0)
    yield _gauge("mail_rate_wait_seconds", "Until a message has its turn by the rate limit", state.rate_wait)
    age = state.findings_age
    yield _gauge(
        "reconciler_age_seconds",
        "Since the reconciler last compared; infinite: not within the day",
        INFINITY if age is None else age,
    )
    if findings := state.findings:
        yield _gauge_by(
            "unaccounted",
            "What came due and is not accounted for, by the reconciler",
            findings.unaccounted,
            label="kind",
        )
        yield _gauge("dead_letters", "Messages that were refused or given up", findings.failed)
        yield _gauge_by(
            "last_hour_messages", "Messages of the last hour, by the reconciler", vars(findings.hour), label="state"
        )


def _shared(counts: dict[str, float]) -> Iterator[Metric]:
    for counter in tally.COUNTERS:
        yield _counter(counter, counts)
    for histogram in tally.HISTOGRAMS:
        yield _histogram(histogram, counts)


def _counter(counter: Counter, counts: dict[str, float]) -> Metric:
    family = CounterMetricFamily(PREFIX + counter.name, counter.help, labels=counter.labels)
    for values in VALUES.get(counter, [()]):
        family.add_metric(values, counts.get(counter.field(*values), 0.0))
    return family


def _histogram(histogram: Histogram, counts: dict[str, float]) -> Metric:
    """Stored are those of each bucket alone; Prometheus wants those of all below as well."""
    total, buckets = 0.0, []
    for bound in (*histogram.bounds, INFINITY):
        total += counts.get(histogram.field(bound), 0.0)
        buckets.append((floatToGoString(bound), total))
    family = HistogramMetricFamily(PREFIX + histogram.name, histogram.help)
    family.add_metric([], buckets, sum_value=counts.get(histogram.field(Histogram.SUM), 0.0))
    return family


def _gauge(name: str, help: str, value: float) -> Metric:
    return GaugeMetricFamily(PREFIX + name, help, value=value)


def _gauge_by(name: str, help: str, values: Mapping[str, float], *, label: str) -> Metric:
    family = GaugeMetricFamily(PREFIX + name, help, labels=[label])
    for value, figure in values.items():
        family.add_metric([value], figure)
    return family
