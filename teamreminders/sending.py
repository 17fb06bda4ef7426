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
from django.db import Error, connection
from django.utils import timezone
from redis import Redis

from . import breaker
from .answers import Answer, Verdict, connection_words
from .claims import Claim, Claims, Settlement, accepted, given_back, postponed, refused
from .letter import Unwritable
from .line import Line, keep_line, take_line
from .logs import where
from .outbox import BATCH_TIME, OutboxQuerySet, OutboxRow, OutboxState, Row
from .tally import LATENESS, MESSAGES, SMTP
from .throttle import Throttle
from .worker import STOPPING

log = logging.getLogger(__name__)

# How long a worker tries to record an answer while the database is away; a claim outlasts it.
SETTLE_SECONDS = 20
# Lines that break one after the other without an answer, until the server counts as away.
BROKEN_LINES = 3
# A message is claimed while the one before it is sent. When that took longer, the claim is given back.
FRESH = timedelta(seconds=2)
# A worker that finds no connection while others do takes no job for so long, or it would take most of them.
WITHOUT_CONNECTION_SECONDS = 10.0


class Round(Generic[Row]):
    """Claim, compose and send each row in turn. A kind of mail says how by `claims` and the first two methods.

    The answer to one message is written down together with the claim of the next. Without a connection all rows are
    put off together, instead of each finding out by itself. When a message breaks the line the rest go on over a new
    one; `BROKEN_LINES` in a row without an answer count as no connection. What there was no time for is given back.
    The clock is read before each step: a round lasts up to `BATCH_TIME`.
    """

    claims: Claims[Row]

    def __init__(self, rows: Sequence[Row], outbox: OutboxQuerySet[Row]) -> None:
        self._left = deque(rows)
        self._outbox = outbox
        self._claim: Claim[Row] | None = None  # of the next row, begun
        self._writing: Settlement | None = None  # the answer that goes with it
        self._answered: Settlement | None = None  # the answer that comes after it
        self._stale: list[Row] = []  # claimed, and not to be sent
        self._turn_in: float | None = None  # seconds, where the rate limit ended the round
        self._is_slow = False  # the last message took longer than a claim is fresh

    def compose(self, row: Row, now: datetime) -> EmailMessage:
        """The message. All that it says must have been read before: the connection is busy with the next claim."""
        raise NotImplementedError

    def passed_over(self, row: Row) -> None:
        """A row that could not be claimed: somebody else has it, or it is not wanted any more."""

    def run(self) -> None:
        self._deadline, unheard = timezone.now() + BATCH_TIME, 0
        try:
            while self._claim or self._has_more():
                line = self._open_line()
                if line is None:
                    return
                broken_by, heard = self._send_over(line)
                if heard:
                    breaker.mend(_redis())
                unheard = 0 if heard else unheard + 1
                if broken_by and unheard == BROKEN_LINES:
                    self._put_off(broken_by.words)
                    return
        finally:
            self._finish()
        if self._left:
            at = timezone.now() + timedelta(seconds=self._turn_in or 0)
            self._outbox.give_back([row.pk for row in self._left], at)

    def _has_more(self) -> bool:
        return bool(self._left) and self._has_time()

    def _has_time(self) -> bool:
        return self._turn_in is None and timezone.now() < self._deadline and not STOPPING.is_set()

    def _open_line(self) -> Line | None:
        """None: there is no connection, and the rows have been put off."""
        try:
            return take_line()
        except Exception as error:  # whatever the backend raises, the rows must say why they wait
            self._put_off(connection_words(error))
            return None

    def _send_over(self, line: Line) -> tuple[Answer | None, bool]:
        """Send until nothing is left, time is up, or the line breaks or has had its share.

        Returns the answer that broke it, if one did, and whether the server has said anything of a message.
        """
        heard = False
        try:
            while not line.is_used_up and (row := self._next()):
                answer = self._send(row, line)
                heard = heard or bool(answer and answer.is_the_servers)
                if answer and answer.line_lost:
                    line.close()
                    return answer, heard
        except BaseException:
            line.close()
            raise
        keep_line(line)
        return None, heard

    def _send(self, row: Row, line: Line) -> Answer | None:
        """One message. None when it could not be composed or written, of which the server has heard nothing."""
        try:
            message = self.compose(row, timezone.now())
        except Exception as error:  # one message that cannot be composed must not hold up the others
            self._not_composed(row, error)
            return None
        begun = time.perf_counter()
        try:
            answer = line.send(message)
        except Unwritable as error:
            self._not_composed(row, error.__cause__ or error)
            return None
        seconds, now = time.perf_counter() - begun, timezone.now()
        self._is_slow = seconds > FRESH.total_seconds()
        self._answered = settlement(row, answer, now)
        _tell(row, answer, given_up=self._answered.state == OutboxState.FAILED, seconds=seconds, now=now)
        return answer

    def _not_composed(self, row: Row, error: BaseException) -> None:
        log.error("could not be composed: %s", where(error), extra=row.ids)
        MESSAGES.add(1, row.kind, "later")
        self._answered = postponed(row, timezone.now(), f"could not be composed: {type(error).__name__}")

    def _next(self) -> Row | None:
        """A row that is ours and fresh; before it is sent, the last answer and the next claim are on their way.

        None: nothing is left, or no time.
        """
        while claim := self._claim or self._begin():
            won = self._won(claim)
            self._give_back_stale()
            if not won:
                self._write_down()
                self._pass_over(claim.row)
                continue
            self._work_ahead()
            if self._is_fresh(claim):
                return claim.row
            self._stale.append(claim.row)
        return None

    def _pass_over(self, row: Row) -> None:
        """What hinders this one must not hold up the others; a row that is still queued comes round again."""
        try:
            self.passed_over(row)
        except Error as error:
            log.warning("passed over: %s", where(error), extra=row.ids)
            _hang_up(error)

    def _is_fresh(self, claim: Claim[Row]) -> bool:
        """Whether what was true when it was claimed can be taken for true: the message before may have taken long."""
        return self._has_time() and timezone.now() - claim.at < FRESH

    def _work_ahead(self) -> None:
        """Before a message is sent no answer may be unwritten, or a kill would double two.

        With a rate, no claim waits for its turn; with a server that takes long, none would be fresh.
        """
        if not settings.EMAIL_RATE and not self._is_slow:
            try:
                self._begin()
            except Error as error:
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
        """Wait for it where there is a rate limit. False: it does not come in time, and the round ends."""
        if not settings.EMAIL_RATE:
            return True
        self._write_down()
        place = _throttle(settings.EMAIL_RATE).place(within=(self._deadline - timezone.now()).total_seconds())
        if not place.is_taken:
            self._turn_in = place.wait
        return place.is_taken and not STOPPING.wait(place.wait)

    def _won(self, claim: Claim[Row]) -> bool:
        """When PostgreSQL failed, the answer that went with the claim is what has to be saved; the row comes round
        again by itself."""
        self._claim = None
        try:
            won = claim.won()
        except Error as error:
            _hang_up(error)
            self._save_writing()
            return False
        except BaseException as error:  # rq's time-out: nobody will hear the answer that is still to come
            _hang_up(error)
            raise
        self._writing = None
        return won

    def _finish(self) -> list[Row]:
        """Write down every answer and give back what was claimed and will not be sent, which is returned."""
        try:
            if (claim := self._claim) and self._won(claim):
                self._stale.append(claim.row)
        finally:
            self._save_writing()
            self._write_down()
        return self._give_back_stale()

    def _give_back_stale(self) -> list[Row]:
        """One try: a claim that cannot be given back lapses. Not while a claim is under way."""
        stale, self._stale = self._stale, []
        for row in stale:
            try:
                self.claims.settle(given_back(row, timezone.now()))
            except Error as error:
                _hang_up(error)
        return stale

    def _write_down(self) -> None:
        if self._answered:
            self._save(self._answered)
            self._answered = None

    def _save_writing(self) -> None:
        if self._writing:
            self._save(self._writing)
            self._writing = None

    def _save(self, answer: Settlement) -> None:
        """Also when PostgreSQL is away for a moment: the message is out, and only we know it."""
        deadline = time.monotonic() + SETTLE_SECONDS
        while True:
            try:
                self.claims.settle(answer)
                return
            except Error as error:
                if time.monotonic() > deadline:
                    raise
                _hang_up(error)
                time.sleep(0.5)

    def _put_off(self, error: str) -> None:
        """All that is left, and what was claimed and not sent. Where the server answers others, we wait ourselves."""
        self._left.extend(self._finish())
        if not self._left:
            return
        now = timezone.now()
        until = breaker.trip(_redis(), now)
        ids = [row.pk for row in self._left]
        count = self._outbox.put_off(ids, now=now, until=until or now, error=error)
        MESSAGES.add(count, self._left[0].kind, "later")
        log.warning("put off, no connection to the mail server", extra={"outcome": "later", "count": count})
        for row in self._left:
            log.info("later", extra=row.ids | {"outcome": "later"})
        if until is None:
            STOPPING.wait(WITHOUT_CONNECTION_SECONDS)


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
