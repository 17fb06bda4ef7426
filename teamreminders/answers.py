"""What a mail server's answers mean.

Every SMTPException is an OSError and SMTPRecipientsRefused carries either kind of no, so answers are sorted by the
server's code (RFC 5321, 4.2.1): 5yz about the recipient or the message is final, everything else is "not now".
"""

import logging
import smtplib
from dataclasses import dataclass
from email.errors import MessageError
from enum import Enum

from .logs import where

log = logging.getLogger(__name__)

# A no to us, not to the recipient (RFC 4954, 4.7 and 6): the account is set up wrongly.
WANTS_SIGN_IN = {530, 534, 535, 538}
# What smtplib makes, under the code 500, of an answer that is longer than it reads: it may have been any answer.
UNREADABLE = "Line too long."


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

    @property
    def is_the_servers(self) -> bool:
        """Whether the server has said something of the message, be it "not now": it is there, and takes mail or not."""
        return self.verdict != Verdict.LATER or not self.line_lost


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
        case ValueError() | MessageError():  # another backend could not write a header or an address
            return Answer(Verdict.LATER, type(error).__name__)
        case _:
            log.error("sending failed in an unknown way: %s", where(error))
            return Answer(Verdict.LATER, type(error).__name__, line_lost=True)


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
    words = str(error) if isinstance(error, OSError) else ""  # others may quote a password
    return f"No connection to the mail server: {words or type(error).__name__}"[:500]
