"""A worker's round: the rows of one job, over one line to the mail server."""

import logging
import time
from collections.abc import Sequence
from datetime import datetime
from typing import Generic, TypeVar

from django.core.mail import EmailMessage
from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone

from .logs import where
from .outbox import BATCH_TIME, OutboxQuerySet, OutboxRow, backoff
from .smtp import Answer, Line, Verdict, connection_words
from .worker import STOPPING

log = logging.getLogger(__name__)

# How long a worker tries to record an answer while the database is away; a claim outlasts it.
SETTLE_SECONDS = 20
# Lines that break one after the other before anything got through, until the server counts as away.
BROKEN_LINES = 3

Row = TypeVar("Row", bound=OutboxRow)


class Round(Generic[Row]):
    """Claim, compose, send and settle each row in turn. A kind of mail says how by overriding the first three.

    Without a connection all rows are put off together, instead of each finding out by itself. When a message breaks
    the line the rest go on over a new one; `BROKEN_LINES` in a row that nothing got through count as no connection.
    What there was no time for is given back at once. The clock is read before each step: a round lasts up to
    `BATCH_TIME`.
    """

    def __init__(self, rows: Sequence[Row]) -> None:
        self.rows = rows

    def sendable(self) -> OutboxQuerySet[Row]:
        """The rows of this kind that may be sent at this moment, apart from their state. Conditions, not joins."""
        raise NotImplementedError

    def compose(self, row: Row, now: datetime) -> EmailMessage:
        raise NotImplementedError

    def passed_over(self, row: Row) -> None:
        """A row that could not be claimed: somebody else has it, or it is not wanted any more."""

    def run(self) -> None:
        left, deadline, fruitless = list(self.rows), timezone.now() + BATCH_TIME, 0
        while left and timezone.now() < deadline and not STOPPING.is_set():
            line = self._open_line(left)
            if line is None:
                return
            try:
                broken_by, accepted = self._send_over(line, left, deadline)
            finally:
                line.close()
            fruitless = 0 if accepted else fruitless + 1
            if broken_by and left and fruitless == BROKEN_LINES:
                self._put_off(left, broken_by.words)
                return
        if left:
            self.sendable().give_back([row.pk for row in left], timezone.now())

    def _open_line(self, left: Sequence[Row]) -> Line | None:
        """None: there is no connection, and the rows have been put off."""
        line = Line()
        try:
            line.open()
        except Exception as error:  # whatever the backend raises, the rows must say why they wait
            line.close()
            self._put_off(left, connection_words(error))
            return None
        return line

    def _send_over(self, line: Line, left: list[Row], deadline: datetime) -> tuple[Answer | None, bool]:
        """Send and take away from `left` until it is empty, time is up or the line breaks.

        Returns the answer that broke it, if one did, and whether anything got through.
        """
        accepted = False
        while left and timezone.now() < deadline and not STOPPING.is_set():
            answer = self._send(left.pop(0), line)
            if answer and answer.line_lost:
                return answer, accepted
            accepted = accepted or bool(answer and answer.verdict == Verdict.ACCEPTED)
        return None, accepted

    def _send(self, row: Row, line: Line) -> Answer | None:
        """One message. None when nothing was sent."""
        if not row.claim(timezone.now(), among=self.sendable()):
            self.passed_over(row)
            return None
        try:
            message = self.compose(row, timezone.now())
        except Exception as error:  # one message that cannot be composed must not hold up the others
            log.error("%s %s could not be composed: %s", type(row).__name__, row.pk, where(error))
            row.postpone(timezone.now(), f"could not be composed: {type(error).__name__}")
            return None
        answer = line.send(message)
        _settle(row, answer, timezone.now())
        return answer

    def _put_off(self, rows: Sequence[Row], error: str) -> None:
        now = timezone.now()
        until = now + backoff(max(row.tries for row in rows) + 1)
        self.sendable().put_off([row.pk for row in rows], now=now, until=until, error=error)
        log.warning("%s messages put off, no connection to the mail server", len(rows))


def _settle(row: OutboxRow, answer: Answer, now: datetime) -> None:
    """Record the answer, also when PostgreSQL is away for a moment: the message is out, and only we know it."""
    deadline = time.monotonic() + SETTLE_SECONDS
    while True:
        try:
            _record(row, answer, now)
            break
        except (OperationalError, InterfaceError):
            if time.monotonic() > deadline or connection.in_atomic_block:
                raise
            connection.close()
            time.sleep(0.5)
    log.info("%s %s: %s at try %s", type(row).__name__, row.pk, answer.verdict.value, row.tries)


def _record(row: OutboxRow, answer: Answer, now: datetime) -> None:
    match answer.verdict:
        case Verdict.ACCEPTED:
            row.accept(now, answer.words)
        case Verdict.LATER:
            row.postpone(now, answer.words)
        case Verdict.REFUSED:
            row.refuse(answer.words)
