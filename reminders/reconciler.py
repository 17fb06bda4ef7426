"""The reconciler: what came due, held against what is accounted for. The scheduler asks it once a minute.

Every query is bounded and on an index. What must never be there (a row that nobody would look at again, a message that
was not sent for no reason) has an index of its own, which is empty as long as all is well: so all rows are looked at
every minute, however many there are, and it costs nothing.
"""

import json
import logging
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Min, Q, QuerySet
from django.utils.translation import gettext as _
from redis import Redis

from teamreminders import breaker, tally
from teamreminders.breaker import Circuit
from teamreminders.outbox import OutboxState

from .models import Delivery, Occurrence
from .models.delivery import UNACCOUNTED
from .models.occurrence import LOST

log = logging.getLogger(__name__)

KEY = "teamreminders:reconciler"
ACCEPTED = tally.MESSAGES.field("delivery", "accepted")
# Older than this, and nobody is comparing.
STALE_AFTER = timedelta(minutes=3)
# A step may have come this long ago before it counts as overlooked.
GRACE = timedelta(seconds=30)
# A message may wait this long for its first try.
PATIENCE = timedelta(minutes=2)
# With nothing sent for an hour, what came due this long ago should have been.
SETTLED_AFTER = timedelta(minutes=5)
HOUR = timedelta(hours=1)
# The mail server may put everything off for so long, or one message, before it is a matter for an operator.
ALL_PUT_OFF = timedelta(minutes=5)
ONE_PUT_OFF = timedelta(hours=6)
# More than this in an hour, and a tenth of all, is refused: not single wrong addresses.
MANY_REFUSED = 5
# Rows that are looked at one by one at the most; figures beyond it are "at least".
COUNTED = 50_000


@dataclass(frozen=True)
class Backlog:
    """What is due at this moment and not out yet. Seconds are of the one that waits longest, 0 without any."""

    occurrences: int  # whose step has come, not dispatched
    overlooked: int  # of those, longer than GRACE ago
    messages: int  # queued, or being sent
    stuck: int  # of those, waiting for their first try longer than PATIENCE
    overdue: int  # of both, what should have gone out SETTLED_AFTER ago
    untried_seconds: float  # that a step has not been dispatched, or a message not been tried
    put_off_seconds: float  # that a message waits which was tried in vain


@dataclass(frozen=True)
class LastHour:
    """Messages that were written in the last hour and what became of them; `sent`: all that the server took in it.

    Of the newest COUNTED: where more wait, what goes out is older than they are.
    """

    due: int
    sent: int
    failed: int
    withdrawn: int
    waiting: int


@dataclass(frozen=True)
class Findings:
    """What the reconciler found at `at` (seconds since 1970)."""

    at: float
    backlog: Backlog
    hour: LastHour
    set_aside: int  # occurrences whose dispatch failed
    lost: int  # rows that nobody would look at again, or that do not say why nothing was sent
    failed: int  # messages that were refused or given up: dead letters
    accepted: float = 0.0  # messages that the server took, as counted since Redis was last emptied
    accepted_at: float = 0.0  # when that was last seen to have grown

    @property
    def unaccounted(self) -> dict[str, int]:
        """What is not accounted for, by kind; all nought while all is well."""
        return {
            "silence": self.backlog.overdue + self.hour.failed if self._is_silent else 0,
            "overlooked": self.backlog.overlooked,
            "stuck": self.backlog.stuck,
            "set-aside": self.set_aside,
            "lost": self.lost,
        }

    @property
    def _is_silent(self) -> bool:
        return not self.hour.sent and self.at - self.accepted_at >= HOUR.total_seconds()

    @property
    def faults(self) -> list[str]:
        """The same in sentences, without what is nought."""
        sentences = {
            "silence": _("Nothing went out in the last hour, although %(n)s came due."),
            "overlooked": _("Due, but not dispatched: %(n)s."),
            "stuck": _("Waiting for a first try for more than two minutes: %(n)s."),
            "set-aside": _("Could not be dispatched, and set aside: %(n)s."),
            "lost": _("Rows that nothing accounts for: %(n)s."),
        }
        return [sentences[kind] % {"n": n} for kind, n in self.unaccounted.items() if n] + self._complaints

    @property
    def _complaints(self) -> list[str]:
        """What the mail server does to what is accounted for."""
        put_off, quiet_for = self.backlog.put_off_seconds, self.at - self.accepted_at
        complaints = []
        if not self._is_silent and min(put_off, quiet_for) > ALL_PUT_OFF.total_seconds():
            complaints.append(_("The mail server puts everything off: it has taken nothing for minutes."))
        if put_off > ONE_PUT_OFF.total_seconds():
            complaints.append(_("The mail server has been putting a message off for more than six hours."))
        if self.hour.failed > max(MANY_REFUSED, (self.hour.sent + self.hour.failed) / 10):
            complaints.append(_("Refused or given up in the last hour: %(n)s.") % {"n": self.hour.failed})
        return complaints


def reconcile(client: Redis, now: datetime) -> Findings:
    """Look, say what is not accounted for, and leave the findings for whoever asks. Seven queries."""
    findings = _with_accepted(look(now), client)
    is_away = breaker.circuit(client, now) != Circuit.CLOSED  # that is why nobody tries, and an alarm of its own
    if is_away or _wait_for_their_turn(findings):
        findings = replace(findings, backlog=replace(findings.backlog, stuck=0))
    client.set(KEY, json.dumps(asdict(findings)), ex=int(timedelta(days=1).total_seconds()))
    for kind, count in findings.unaccounted.items():
        if count:
            log.error("not accounted for: %s", kind, extra={"outcome": kind, "count": count})
    return findings


def look(now: datetime) -> Findings:
    return Findings(
        at=now.timestamp(),
        backlog=backlog(now),
        hour=last_hour(now),
        set_aside=_count(Occurrence.objects.in_trouble()),
        lost=_count(Occurrence.objects.filter(LOST)) + _count(Delivery.objects.filter(UNACCOUNTED)),
        failed=_count(Delivery.objects.filter(state=OutboxState.FAILED)),
    )


def _with_accepted(findings: Findings, client: Redis) -> Findings:
    """By the counter, which sees what is sent however much waits."""
    with client.pipeline(transaction=False) as pipeline:
        pipeline.get(KEY)
        pipeline.hgetall(tally.KEY)
        left, counts = pipeline.execute()
    before, accepted = found(left), tally.parsed(counts).get(ACCEPTED, 0.0)
    if before is None:
        return replace(findings, accepted=accepted)
    grown = accepted > before.accepted
    return replace(findings, accepted=accepted, accepted_at=findings.at if grown else before.accepted_at)


def _wait_for_their_turn(findings: Findings) -> bool:
    """Whether there is a rate limit and mail goes out: then what waits does so because it was told to."""
    if not settings.EMAIL_RATE:
        return False
    return findings.at - findings.accepted_at < max(PATIENCE.total_seconds(), 2 / settings.EMAIL_RATE)


def found(value: bytes | None) -> Findings | None:
    """What `reconcile` has left below KEY; None when nobody has looked for a day, or another version did."""
    try:
        fields = json.loads(value or b"")
        fields["at"] = float(fields["at"])
        return Findings(**fields | {"backlog": Backlog(**fields["backlog"]), "hour": LastHour(**fields["hour"])})
    except (ValueError, TypeError, KeyError):
        return None


def backlog(now: datetime) -> Backlog:
    """Two queries, whose cost grows with what is waiting, up to COUNTED rows each."""
    steps = Occurrence.objects.due(now)[:COUNTED].aggregate(
        count=Count("pk"),
        overlooked=Count("pk", filter=Q(next_step_at__lte=now - GRACE)),
        overdue=Count("pk", filter=Q(next_step_at__lte=now - SETTLED_AFTER)),
        since=Min("next_step_at"),
    )
    untried = Q(tries=0, error="")  # one that was queued again by hand keeps the error of before
    messages = (
        Delivery.objects.filter(next_try_at__isnull=False)
        .order_by("next_try_at")[:COUNTED]
        .aggregate(
            count=Count("pk"),
            stuck=Count("pk", filter=untried & Q(created_at__lte=now - PATIENCE)),
            overdue=Count("pk", filter=Q(created_at__lte=now - SETTLED_AFTER)),
            untried=Min("created_at", filter=untried),
            put_off=Min("created_at", filter=~untried),
        )
    )
    return Backlog(
        occurrences=steps["count"],
        overlooked=steps["overlooked"],
        messages=messages["count"],
        stuck=messages["stuck"],
        overdue=steps["overdue"] + messages["overdue"],
        untried_seconds=max(_seconds(steps["since"], now), _seconds(messages["untried"], now)),
        put_off_seconds=_seconds(messages["put_off"], now),
    )


def last_hour(now: datetime) -> LastHour:
    """Of the newest COUNTED messages. One query, down the primary key: rows are written in the order of time."""
    hour = now - HOUR
    written = Q(created_at__gt=hour)
    return LastHour(
        **Delivery.objects.order_by("-pk")[:COUNTED].aggregate(
            due=Count("pk", filter=written),
            sent=Count("pk", filter=Q(sent_at__gt=hour)),
            failed=Count("pk", filter=written & Q(state=OutboxState.FAILED)),
            withdrawn=Count("pk", filter=written & Q(state=OutboxState.SUPPRESSED)),
            waiting=Count("pk", filter=written & Q(next_try_at__isnull=False)),
        )
    )


def _count(rows: QuerySet) -> int:
    return rows[:COUNTED].count()


def _seconds(since: datetime | None, now: datetime) -> float:
    return max((now - since).total_seconds(), 0.0) if since else 0.0
