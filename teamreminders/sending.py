"""A worker's round: the rows of one job, over one line to the mail server."""

import logging
import time
from collections import deque
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Generic

import django_rq
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone
from redis import Redis

from . import breaker
from .claims import Claim, Claims, Settlement, accepted, given_back, postponed, refused
from .logs import where
from .outbox import BATCH_TIME, OutboxQuerySet, OutboxRow, OutboxState, Row
from .smtp import Answer, Line, Verdict, connection_words, keep_line, take_line
from .tally import LATENESS, MESSAGES, SMTP
from .throttle import Throttle
from .worker import STOPPING

log = logging.getLogger(__name__)

# How long a worker tries to record an answer while the database is away; a claim outlasts it.
SETTLE_SECONDS = 20
# Lines that break one after the other before anything got through, until the server counts as away.
BROKEN_LINES = 3
# A message is claimed while the one before it is sent. When that took longer, the claim is given back.
FRESH = timedelta(seconds=5)


class Round(Generic[Row]):
    """Claim, compose and send each row in turn. A kind of mail says how by `claims` and the first two methods.

    The answer to one message is written down together with the claim of the next. Without a connection all rows are
    put off together, instead of each finding out by itself. When a message breaks the line the rest go on over a new
    one; `BROKEN_LINES` in a row that nothing got through count as no connection. What there was no time for is given
    back at once. The clock is read before each step: a round lasts up to `BATCH_TIME`.
    """

    claims: Claims[Row]

    def __init__(self, rows: Sequence[Row], outbox: OutboxQuerySet[Row]) -> None:
        self._left = deque(rows)
        self._outbox = outbox
        self._claim: Claim[Row] | None = None  # of the next row, begun
        self._writing: Settlement | None = None  # the answer that goes with it
        self._answered: Settlement | None = None  # the answer that comes after it

    def compose(self, row: Row, now: datetime) -> EmailMessage:
        """The message. All that it says must have been read before: the connection is busy with the next claim."""
        raise NotImplementedError

    def passed_over(self, row: Row) -> None:
        """A row that could not be claimed: somebody else has it, or it is not wanted any more."""

    def run(self) -> None:
        self._deadline, fruitless = timezone.now() + BATCH_TIME, 0
        try:
            while self._claim or self._has_more():
                line = self._open_line()
                if line is None:
                    return
                broken_by, got_through = self._send_over(line)
                if got_through:
                    breaker.mend(_redis())
                fruitless = 0 if got_through else fruitless + 1
                if broken_by and fruitless == BROKEN_LINES:
                    self._put_off(broken_by.words)
                    return
        finally:
            self._unclaim()
        if self._left:
            self._outbox.give_back([row.pk for row in self._left], timezone.now())

    def _has_more(self) -> bool:
        return bool(self._left) and self._has_time()

    def _has_time(self) -> bool:
        return timezone.now() < self._deadline and not STOPPING.is_set()

    def _open_line(self) -> Line | None:
        """None: there is no connection, and the rows have been put off."""
        try:
            return take_line()
        except Exception as error:  # whatever the backend raises, the rows must say why they wait
            self._put_off(connection_words(error))
            return None

    def _send_over(self, line: Line) -> tuple[Answer | None, bool]:
        """Send until nothing is left, time is up or the line breaks.

        Returns the answer that broke it, if one did, and whether anything got through.
        """
        got_through = False
        try:
            while row := self._next():
                answer = self._send(row, line)
                if answer and answer.line_lost:
                    line.close()
                    return answer, got_through
                got_through = got_through or bool(answer and answer.verdict == Verdict.ACCEPTED)
        except BaseException:
            line.close()
            raise
        keep_line(line)
        return None, got_through

    def _send(self, row: Row, line: Line) -> Answer | None:
        """One message. None when it could not be composed."""
        try:
            message = self.compose(row, timezone.now())
        except Exception as error:  # one message that cannot be composed must not hold up the others
            log.error("could not be composed: %s", where(error), extra=row.ids)
            MESSAGES.add(1, row.kind, "later")
            self._answered = postponed(row, timezone.now(), f"could not be composed: {type(error).__name__}")
            return None
        begun = time.perf_counter()
        answer = line.send(message)
        seconds, now = time.perf_counter() - begun, timezone.now()
        self._answered = settlement(row, answer, now)
        _tell(row, answer, given_up=self._answered.state == OutboxState.FAILED, seconds=seconds, now=now)
        return answer

    def _next(self) -> Row | None:
        """A row that is ours and fresh; before it is sent, the last answer and the next claim are on their way.

        None: nothing is left, or no time.
        """
        while claim := self._claim or self._begin():
            won = self._won(claim)
            if won and self._is_fresh(claim):
                self._work_ahead()
                return claim.row
            self._write_down()
            if won:
                self._answered = given_back(claim.row, timezone.now())
            else:
                self.passed_over(claim.row)
        return None

    def _work_ahead(self) -> None:
        """Before a message is sent no answer may be unwritten, or a kill would double two."""
        if not settings.EMAIL_RATE:  # with a rate, no claim waits for its turn
            try:
                self._begin()
            except (OperationalError, InterfaceError) as error:
                _hang_up(error)
        self._write_down()

    def _begin(self) -> Claim[Row] | None:
        """Have PostgreSQL write down the last answer and claim the next row. None: nothing is left, or no time."""
        if not self._has_more() or not self._has_its_turn():
            return None
        claim = self.claims.begin(self._left[0], timezone.now(), self._answered)
        self._left.popleft()
        self._claim, self._writing, self._answered = claim, self._answered, None
        return claim

    def _has_its_turn(self) -> bool:
        """Wait for it where there is a rate limit. False: it does not come in time."""
        if not settings.EMAIL_RATE:
            return True
        self._write_down()
        wait = _throttle(settings.EMAIL_RATE).place(within=(self._deadline - timezone.now()).total_seconds())
        return wait is not None and not STOPPING.wait(wait)

    def _won(self, claim: Claim[Row]) -> bool:
        """When PostgreSQL failed, the answer that went with the claim is what has to be saved; the row comes round
        again by itself."""
        written, self._claim, self._writing = self._writing, None, None
        try:
            return claim.won()
        except (OperationalError, InterfaceError) as error:
            _hang_up(error)
            if written:
                self._save(written)
            return False
        except BaseException as error:  # rq's time-out: nobody will hear the answer that is still to come
            _hang_up(error)
            raise

    def _is_fresh(self, claim: Claim[Row]) -> bool:
        """Whether what was true when it was claimed can be taken for true: the message before may have taken long."""
        return self._has_time() and timezone.now() - claim.at < FRESH

    def _unclaim(self) -> Row | None:
        """Give back what was claimed and will not be sent, and write down the last answer. Returns the row."""
        claim, row = self._claim, None
        try:
            if claim and self._won(claim):
                row = claim.row
                self._write_down()
                self._answered = given_back(row, timezone.now())
        finally:
            self._write_down()
        return row

    def _write_down(self) -> None:
        if self._answered:
            self._save(self._answered)
            self._answered = None

    def _save(self, answer: Settlement) -> None:
        """Also when PostgreSQL is away for a moment: the message is out, and only we know it."""
        deadline = time.monotonic() + SETTLE_SECONDS
        while True:
            try:
                self.claims.settle(answer)
                return
            except (OperationalError, InterfaceError):
                if time.monotonic() > deadline or connection.in_atomic_block:
                    raise
                connection.close()
                time.sleep(0.5)

    def _put_off(self, error: str) -> None:
        """All that is left, and what was claimed and not sent."""
        if claimed := self._unclaim():
            self._left.append(claimed)
        now = timezone.now()
        if not self._left:
            return
        until = breaker.trip(_redis(), now)
        self._outbox.put_off([row.pk for row in self._left], now=now, until=until, error=error)
        MESSAGES.add(len(self._left), self._left[0].kind, "later")
        log.warning("put off, no connection to the mail server", extra={"outcome": "later", "count": len(self._left)})


def _hang_up(error: BaseException) -> None:
    """On PostgreSQL, to begin afresh; raises the error where a transaction is open that would be lost."""
    if connection.in_atomic_block:
        raise error
    connection.close()


def _redis() -> Redis:
    return django_rq.get_connection("default")


@lru_cache
def _throttle(rate: float) -> Throttle:
    return Throttle(_redis(), rate)


def _tell(row: OutboxRow, answer: Answer, *, given_up: bool, seconds: float, now: datetime) -> None:
    """Count and log what became of one try."""
    outcome = "failed" if given_up and answer.verdict == Verdict.LATER else answer.verdict.value
    facts = {"try": row.tries, "outcome": outcome, "smtp_seconds": round(seconds, 4)}
    late_by = row.late_by(now)
    if late_by is not None and answer.verdict == Verdict.ACCEPTED:
        LATENESS.observe(late_by.total_seconds())
        facts["lateness"] = round(late_by.total_seconds(), 3)
    MESSAGES.add(1, row.kind, outcome)
    SMTP.observe(seconds)
    log.info(outcome, extra=row.ids | facts)


def settlement(row: OutboxRow, answer: Answer, now: datetime) -> Settlement:
    """What to write down for the server's answer."""
    match answer.verdict:
        case Verdict.ACCEPTED:
            return accepted(row, now, answer.words)
        case Verdict.LATER:
            return postponed(row, now, answer.words)
        case Verdict.REFUSED:
            return refused(row, answer.words)
