"""The line to the mail server that a process keeps, and its watch."""

import logging
import smtplib
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import replace

from django.core.mail import EmailMessage, get_connection
from rq.timeouts import BaseTimeoutException

from .answers import Answer, Verdict, sort
from .letter import Unwritable
from .smtp import Backend

log = logging.getLogger(__name__)

# One message may take this long in all. settings.EMAIL_TIMEOUT is for each read, and a server that drips its answer
# byte by byte would outlast the claim (outbox.LEASE), so that a second worker sent the message too.
SECONDS_FOR_ONE = 50
LOOK_EVERY = 1.0
# A line that was used so short a time ago is not asked whether it still stands.
SURELY_ALIVE = 1.0
# Then a new one, before the server says that it is enough (sendmail, Exim and the large relays have such limits).
MESSAGES_A_LINE = 100


class Line:
    """One connection through whatever Django e-mail backend is configured."""

    def __init__(self) -> None:
        self.backend = get_connection(fail_silently=False)
        self.used_at = time.monotonic()
        self.messages = 0

    @property
    def connection(self) -> smtplib.SMTP | None:
        """Of an SMTP backend; None of one of another make."""
        connection = getattr(self.backend, "connection", None)
        return connection if isinstance(connection, smtplib.SMTP) else None

    def open(self) -> None:
        """Connect and greet, so that a claim's time is spent on its message alone.

        Raises OSError when the server cannot be reached or will not let us in; a backend of another make may raise
        anything, and so does smtplib for a password it cannot encode.
        """
        self.backend.open()
        if self.connection:
            self.connection.ehlo_or_helo_if_needed()

    def close(self) -> None:
        try:
            self.backend.close()
        except OSError as error:
            log.info("closing the line to the mail server: %s", type(error).__name__)

    @property
    def is_used_up(self) -> bool:
        """Whether it has carried its share of messages."""
        return self.messages >= MESSAGES_A_LINE

    @property
    def is_alive(self) -> bool:
        """Whether a line that was not used for a while still stands: servers close theirs when they like."""
        if self.connection is None:
            return False
        try:
            return self.connection.noop()[0] == 250
        except OSError:
            return False

    def send(self, message: EmailMessage) -> Answer:
        """Send one message within `SECONDS_FOR_ONE`; never raises for what a mail server can do. Raises Unwritable."""
        until = time.monotonic() + SECONDS_FOR_ONE
        try:
            self._revive(until)
            connection = self.connection
            with WATCH.over(connection, until) if connection else nullcontext():
                accepted = self._send(message)
        except (BaseTimeoutException, Unwritable):  # the first is rq's, which ends the job
            raise
        except Exception as error:  # a backend of another make raises its own kinds
            return self._sorted(error)
        self.used_at, self.messages = time.monotonic(), self.messages + 1
        if not accepted:
            return Answer(Verdict.LATER, "the mail backend did not take it")
        return Answer(Verdict.ACCEPTED, getattr(connection, "last_reply", "") or "accepted")

    def _revive(self, until: float) -> None:
        """Another connection in place of one that the server closed while a message waited for its turn.

        Raises TimeoutError where that leaves no time for the message.
        """
        if self.connection and time.monotonic() - self.used_at > SURELY_ALIVE and not self.is_alive:
            self.close()
            self.open()
            self.used_at, self.messages = time.monotonic(), 0
        if time.monotonic() > until:
            raise TimeoutError("it took too long to greet")

    def _sorted(self, error: Exception) -> Answer:
        """What the error means; and the line is lost as well where the server hung up after its answer."""
        answer = sort(error)
        hung_up = self.connection is not None and self.connection.sock is None
        return replace(answer, line_lost=answer.line_lost or hung_up)

    def _send(self, message: EmailMessage) -> int:
        if isinstance(self.backend, Backend) and self.connection and len(message.recipients()) == 1:
            self.backend.send_over_open_line(message)
            return 1
        return self.backend.send_messages([message])


_kept: Line | None = None


def take_line() -> Line:
    """The line that this process has kept, if it still stands, or a new one; open. Raises as `Line.open`."""
    global _kept
    line, _kept = _kept, None
    if line:
        if time.monotonic() - line.used_at < SURELY_ALIVE or line.is_alive:
            return line
        line.close()
    line = Line()
    try:
        line.open()
    except BaseException:
        line.close()
        raise
    return line


def keep_line(line: Line) -> None:
    """Leave it open for the next round of this process; backends of another make decide for themselves."""
    global _kept
    if line.connection and not line.is_used_up:
        _kept = line
    else:
        line.close()


def close_idle_line(seconds: float = 0) -> None:
    """Say good-bye to the server when the kept line was not used for so long: others may be waiting for it."""
    global _kept
    if _kept and time.monotonic() - _kept.used_at >= seconds:
        _kept.close()
        _kept = None


class _Watch:
    """Hangs up on a server that takes longer than `SECONDS_FOR_ONE` for a message, from a thread of its own.

    One thread for the process, which looks once a second: a timer for each message costs more than a short message.
    """

    def __init__(self) -> None:
        self._thread: threading.Thread | None = None
        self._over: tuple[float, smtplib.SMTP] | None = None

    @contextmanager
    def over(self, connection: smtplib.SMTP, until: float) -> Iterator[None]:
        """While this lasts, the connection is watched, and hung up on at that time (of the monotonic clock)."""
        if self._thread is None or not self._thread.is_alive():  # also in a process that was forked
            self._thread = threading.Thread(target=self._look, daemon=True)
            self._thread.start()
        self._over = (until, connection)
        try:
            yield
        finally:
            self._over = None

    def _look(self) -> None:
        while True:
            time.sleep(LOOK_EVERY)
            watched = self._over
            if watched and time.monotonic() > watched[0] and watched is self._over:
                _hang_up(watched[1])
                self._over = None


WATCH = _Watch()


def _hang_up(connection: smtplib.SMTP) -> None:
    log.warning("a message took longer than %s s: hanging up", SECONDS_FOR_ONE)
    with suppress(OSError, AttributeError):  # it was closed in this moment
        connection.sock.shutdown(socket.SHUT_RDWR)  # type: ignore[union-attr]
