"""The line to the mail server, and what its answers mean.

Every SMTPException is an OSError and SMTPRecipientsRefused carries either kind of no, so answers are sorted by the
server's code (RFC 5321, 4.2.1): 5yz about the recipient or the message is final, everything else is "not now".
"""

import logging
import smtplib
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from email.utils import parseaddr
from enum import Enum
from functools import lru_cache
from typing import Any

from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends import smtp
from django.core.mail.message import sanitize_address

from .letter import as_sent
from .logs import where

log = logging.getLogger(__name__)


# A no to us, not to the recipient (RFC 4954, 4.7 and 6): the account is set up wrongly.
WANTS_SIGN_IN = {530, 534, 535, 538}
# What smtplib makes, under the code 500, of an answer that is longer than it reads: it may have been any answer.
UNREADABLE = "Line too long."


# One message may take this long in all. settings.EMAIL_TIMEOUT is for each read, and a server that drips its answer
# byte by byte would outlast the claim (outbox.LEASE), so that a second worker sent the message too.
SECONDS_FOR_ONE = 50
LOOK_EVERY = 1.0
# A line that was used so short a time ago is not asked whether it still stands.
SURELY_ALIVE = 1.0
# Then a new one, before the server says that it is enough (sendmail, Exim and the large relays have such limits).
MESSAGES_A_LINE = 100


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


class _Transactions:
    """One transaction with as few round trips as the server allows, keeping what it said to the end of DATA.

    smtplib waits for the answer to each command. A server that offers PIPELINING (RFC 2920: most do) takes MAIL, RCPT
    and DATA at once. And smtplib throws the last answer away, which often names the queue id.
    """

    last_reply = ""

    def data(self, msg: Any) -> tuple[int, bytes]:
        code, words = super().data(msg)  # type: ignore[misc]
        self.last_reply = said(code, words)
        return code, words

    def transact(self: Any, sender: str, recipient: str, message: bytes) -> None:
        """Send one message to one recipient, over a line that has said EHLO. Raises what `smtplib.sendmail` raises."""
        if not self.has_extn("pipelining"):
            self.sendmail(sender, [recipient], message)
            return
        size = f" size={len(message)}" if self.has_extn("size") else ""
        self._say_at_once(f"MAIL FROM:{_quoted(sender)}{size}", f"RCPT TO:{_quoted(recipient)}", "DATA")
        mail = self._answer(sender)
        rcpt, data = self.getreply(), self.getreply()
        if data[0] == 354 and (mail[0] != 250 or rcpt[0] not in {250, 251}):
            self.send(b".\r\n")  # it waits for a message that is for nobody (RFC 2920, 3.1)
            self.getreply()
        if mail[0] != 250:
            self._rset()
            raise smtplib.SMTPSenderRefused(mail[0], mail[1], sender)
        if rcpt[0] not in {250, 251}:
            self._give_up(rcpt[0])
            raise smtplib.SMTPRecipientsRefused({recipient: rcpt})
        if data[0] != 354:
            self._give_up(data[0])
            raise smtplib.SMTPDataError(*data)
        self._send_message(message)

    def _say_at_once(self: Any, *commands: str) -> None:
        if any(sign in command for command in commands for sign in "\r\n"):
            raise ValueError("a line break in an address")
        self.send("".join(f"{command}\r\n" for command in commands))

    def _answer(self: Any, sender: str) -> tuple[int, bytes]:
        """To MAIL. A server that says good-bye says nothing more."""
        code, words = self.getreply()
        if code == 421:
            self.close()
            raise smtplib.SMTPSenderRefused(code, words, sender)
        return code, words

    def _send_message(self: Any, message: bytes) -> None:
        stuffed = message.replace(b"\r\n.", b"\r\n..")  # RFC 5321, 4.5.2; no header begins with a dot
        self.send(stuffed + (b".\r\n" if stuffed.endswith(b"\r\n") else b"\r\n.\r\n"))
        code, words = self.getreply()
        self.last_reply = said(code, words)
        if code != 250:
            self._give_up(code)
            raise smtplib.SMTPDataError(code, words)

    def _give_up(self: Any, code: int) -> None:
        if code == 421:
            self.close()
        else:
            self._rset()


class _SMTP(_Transactions, smtplib.SMTP):
    pass


class _SMTP_SSL(_Transactions, smtplib.SMTP_SSL):
    pass


# For every message the sender, and over a day the same recipients.
_quoted = lru_cache(maxsize=1000)(smtplib.quoteaddr)


@lru_cache(maxsize=1000)
def _envelope(address: str) -> str:
    """The bare address, as the server gets it. Django and smtplib take each one apart for every message."""
    return parseaddr(sanitize_address(address, "utf-8"))[1]


class Backend(smtp.EmailBackend):
    """Django's SMTP backend, with the server's last words kept."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return _SMTP_SSL if self.use_ssl else _SMTP

    def send_over_open_line(self, message: EmailMessage) -> None:
        """What `send_messages` does with a message to one recipient, at a third of the price. Raises as smtplib."""
        assert isinstance(self.connection, _Transactions)
        [recipient] = message.recipients()
        self.connection.transact(_envelope(message.from_email), _envelope(recipient), as_sent(message))


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
            log.info("closing the line to the mail server: %s", error)

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
        """Send one message; never raises for what a mail server can do."""
        connection = self.connection
        try:
            with WATCH.over(connection) if connection else nullcontext():
                accepted = self._send(message)
        except Exception as error:  # a backend of another make raises its own kinds
            return sort(error)
        self.used_at, self.messages = time.monotonic(), self.messages + 1
        if not accepted:
            return Answer(Verdict.LATER, "the mail backend did not take it")
        return Answer(Verdict.ACCEPTED, getattr(connection, "last_reply", "") or "accepted")

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
    if line.connection and line.messages < MESSAGES_A_LINE:
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
    def over(self, connection: smtplib.SMTP) -> Iterator[None]:
        """While this lasts, the connection is watched."""
        if self._thread is None or not self._thread.is_alive():  # also in a process that was forked
            self._thread = threading.Thread(target=self._look, daemon=True)
            self._thread.start()
        self._over = (time.monotonic() + SECONDS_FOR_ONE, connection)
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
    # A code that is neither a no nor a "not now" is what was left of an answer when the line broke off.
    return Answer(Verdict.LATER, said(code, words), line_lost=code == 421 or not 400 <= code < 500)


def said(code: int, words: bytes | str) -> str:
    """The server's reply as one line of at most 500 characters."""
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return " ".join(f"{code} {text}".replace("\x00", "").split())[:500]


def connection_words(error: Exception) -> str:
    """Why there is no connection, for a person."""
    if isinstance(error, smtplib.SMTPResponseException):
        return said(error.smtp_code, error.smtp_error)
    return f"No connection to the mail server: {error or type(error).__name__}"[:500]
