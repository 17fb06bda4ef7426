"""The line to the mail server, and what its answers mean.

Every SMTPException is an OSError and SMTPRecipientsRefused carries either kind of no, so answers are sorted by the
server's code (RFC 5321, 4.2.1): 5yz about the recipient or the message is final, everything else is "not now".
"""

import logging
import smtplib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import Enum
from typing import Any

from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends import smtp

from .logs import where

log = logging.getLogger(__name__)


# A no to us, not to the recipient (RFC 4954, 4.7 and 6): the account is set up wrongly.
WANTS_SIGN_IN = {530, 534, 535, 538}
# What smtplib makes, under the code 500, of an answer that is longer than it reads: it may have been any answer.
UNREADABLE = "Line too long."


# One message may take this long in all. settings.EMAIL_TIMEOUT is for each read, and a server that drips its answer
# byte by byte would outlast the claim (outbox.LEASE), so that a second worker sent the message too.
SECONDS_FOR_ONE = 50


class Verdict(Enum):
    ACCEPTED = "accepted"
    LATER = "later"
    REFUSED = "refused"


@dataclass(frozen=True)
class Answer:
    """What became of one message. `words` are the server's own; `line_lost`: the next message needs a new line."""

    verdict: Verdict
    words: str
    line_lost: bool = False


class _Remembering:
    """Keeps what the server said to the end of DATA, which smtplib throws away: it often names the queue id."""

    last_reply = ""

    def data(self, msg: Any) -> tuple[int, bytes]:
        code, words = super().data(msg)  # type: ignore[misc]
        self.last_reply = said(code, words)
        return code, words


class _SMTP(_Remembering, smtplib.SMTP):
    pass


class _SMTP_SSL(_Remembering, smtplib.SMTP_SSL):
    pass


class Backend(smtp.EmailBackend):
    """Django's SMTP backend, with the server's last words kept."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return _SMTP_SSL if self.use_ssl else _SMTP


class Line:
    """One connection through whatever Django e-mail backend is configured."""

    def __init__(self) -> None:
        self.backend = get_connection(fail_silently=False)

    def open(self) -> None:
        """Connect and greet, so that a claim's time is spent on its message alone.

        Raises OSError when the server cannot be reached or will not let us in; a backend of another make may raise
        anything, and so does smtplib for a password it cannot encode.
        """
        self.backend.open()
        connection = getattr(self.backend, "connection", None)
        if isinstance(connection, smtplib.SMTP):
            connection.ehlo_or_helo_if_needed()

    def close(self) -> None:
        try:
            self.backend.close()
        except OSError as error:
            log.info("closing the line to the mail server: %s", error)

    @contextmanager
    def _hung_up_in_time(self) -> Iterator[None]:
        """Ends what lasts longer than `SECONDS_FOR_ONE` by closing the socket under it."""
        connection = getattr(self.backend, "connection", None)
        if not isinstance(connection, smtplib.SMTP):
            yield
            return
        timer = threading.Timer(SECONDS_FOR_ONE, _hang_up, [connection])
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def send(self, message: EmailMessage) -> Answer:
        """Send one message; never raises for what a mail server can do."""
        try:
            with self._hung_up_in_time():
                accepted = self.backend.send_messages([message])
        except Exception as error:  # a backend of another make raises its own kinds
            return sort(error)
        if not accepted:
            return Answer(Verdict.LATER, "the mail backend did not take it")
        connection = getattr(self.backend, "connection", None)
        return Answer(Verdict.ACCEPTED, getattr(connection, "last_reply", "") or "accepted")


def _hang_up(connection: smtplib.SMTP) -> None:
    log.warning("a message took longer than %s s: hanging up", SECONDS_FOR_ONE)
    with suppress(OSError, AttributeError):  # it was closed in this moment
        connection.sock.shutdown(socket.SHUT_RDWR)  # type: ignore[union-attr]


def sort(error: Exception) -> Answer:
    """The answer that an exception of a send stands for."""
    match error:
        case smtplib.SMTPRecipientsRefused():
            code, words = next(iter(error.recipients.values()))
            return _by_code(code, words)
        case smtplib.SMTPSenderRefused():
            # A no to us, not to the recipient: the account or the sender address is set up wrongly.
            return Answer(Verdict.LATER, said(error.smtp_code, error.smtp_error), line_lost=True)
        case smtplib.SMTPResponseException():
            return _by_code(error.smtp_code, error.smtp_error)
        case OSError():
            return Answer(Verdict.LATER, connection_words(error), line_lost=True)
        case _:
            log.error("sending failed in an unknown way: %s", where(error))
            return Answer(Verdict.LATER, type(error).__name__)


def _by_code(code: int, words: bytes | str) -> Answer:
    if code in WANTS_SIGN_IN or words == UNREADABLE:
        return Answer(Verdict.LATER, said(code, words), line_lost=True)
    if 500 <= code < 600:
        return Answer(Verdict.REFUSED, said(code, words))
    return Answer(Verdict.LATER, said(code, words), line_lost=code in {421, -1})


def said(code: int, words: bytes | str) -> str:
    """The server's reply as one line of at most 500 characters."""
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return " ".join(f"{code} {text}".replace("\x00", "").split())[:500]


def connection_words(error: Exception) -> str:
    """Why there is no connection, for a person."""
    if isinstance(error, smtplib.SMTPResponseException):
        return said(error.smtp_code, error.smtp_error)
    return f"No connection to the mail server: {error or type(error).__name__}"[:500]
