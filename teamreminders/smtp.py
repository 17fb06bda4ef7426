"""SMTP transactions in as few round trips as the server allows, and the e-mail backend that makes them."""

import smtplib
from email.errors import MessageError
from email.utils import parseaddr
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends import smtp
from django.core.mail.message import sanitize_address

from .answers import said
from .letter import Unwritable, as_sent


class _Transactions:
    """One transaction with as few round trips as the server allows, keeping what it said to the end of the message.

    smtplib waits for the answer to each command. A server that offers PIPELINING (RFC 2920: most do) takes MAIL, RCPT
    and DATA at once, and one that offers CHUNKING too (RFC 3030) takes the message with them: then a message costs one
    round trip, which is most of its time where the server is not next door. And smtplib throws the last answer away,
    which often names the queue id.
    """

    last_reply = ""

    def ehlo(self: Any, name: str = "") -> tuple[int, bytes]:
        answer: tuple[int, bytes] = super().ehlo(name)  # type: ignore[misc]
        for keyword in settings.EMAIL_DISCARD_EHLO:
            self.esmtp_features.pop(keyword, None)
        return answer

    def data(self, msg: Any) -> tuple[int, bytes]:
        code, words = super().data(msg)  # type: ignore[misc]
        self.last_reply = said(code, words)
        return code, words

    def transact(self: Any, sender: str, recipient: str, message: bytes) -> None:
        """Send one message to one recipient, over a line that has said EHLO. Raises what `smtplib.sendmail` raises."""
        if not self.has_extn("pipelining"):
            self.sendmail(sender, [recipient], message)
            return
        message = message if message.endswith(b"\r\n") else message + b"\r\n"
        size = f" size={len(message)}" if self.has_extn("size") else ""
        envelope = f"MAIL FROM:{_quoted(sender)}{size}", f"RCPT TO:{_quoted(recipient)}"
        if self.has_extn("chunking"):
            self._say_at_once(*envelope, f"BDAT {len(message)} LAST", message=message)
            self._hear_of_envelope(sender, recipient)
        else:
            self._say_at_once(*envelope, "DATA")
            self._hear_of_envelope(sender, recipient)
            data = self.getreply()
            if data[0] != 354:
                self._clear_away(data, replies=0)
                raise smtplib.SMTPDataError(*data)
            self.send(message.replace(b"\r\n.", b"\r\n..") + b".\r\n")  # RFC 5321, 4.5.2; no header begins with a dot
        self._hear_of_message()

    def _hear_of_envelope(self: Any, sender: str, recipient: str) -> None:
        mail = self.getreply()
        if mail[0] != 250:
            self._clear_away(mail, replies=2)
            raise smtplib.SMTPSenderRefused(mail[0], mail[1], sender)
        rcpt = self.getreply()
        if rcpt[0] not in {250, 251}:
            self._clear_away(rcpt, replies=1)
            raise smtplib.SMTPRecipientsRefused({recipient: rcpt})

    def _hear_of_message(self: Any) -> None:
        code, words = self.getreply()
        self.last_reply = said(code, words)
        if code != 250:
            self._clear_away((code, words), replies=0)
            raise smtplib.SMTPDataError(code, words)

    def _clear_away(self: Any, refusal: tuple[int, bytes], replies: int) -> None:
        """After a no: read what else was answered, begin afresh. Where the server hangs up, the no is what counts."""
        try:
            if refusal[0] == 421:  # it says nothing more
                self.close()
                return
            last = [self.getreply() for _ in range(replies)][-1:]
            if last and last[0][0] == 354:
                self.send(b".\r\n")  # it waits for a message that is for nobody (RFC 2920, 3.1)
                self.getreply()
            self._rset()
        except OSError:
            self.close()

    def _say_at_once(self: Any, *commands: str, message: bytes = b"") -> None:
        self.send("".join(f"{command}\r\n" for command in commands).encode(self.command_encoding) + message)


class _SMTP(_Transactions, smtplib.SMTP):
    pass


class _SMTP_SSL(_Transactions, smtplib.SMTP_SSL):
    pass


@lru_cache(maxsize=1000)
def _quoted(address: str) -> str:
    """Between < and >: for every message the sender, and over a day the same recipients.

    Raises ValueError for a line break: not every patch release of Python's smtplib takes it out of an address.
    """
    quoted = smtplib.quoteaddr(address)
    if not quoted.isprintable():
        raise ValueError("a control character in an address")
    return quoted


@lru_cache(maxsize=1000)
def _envelope(address: str) -> str:
    """The bare address, as the server gets it. Django and smtplib take each one apart for every message.

    Raises Unwritable.
    """
    try:
        bare = parseaddr(sanitize_address(address, "utf-8"))[1]
    except (ValueError, MessageError) as error:
        raise Unwritable(type(error).__name__) from error
    if not bare.isprintable():
        raise Unwritable("a control character in an address")
    return bare


class Backend(smtp.EmailBackend):
    """Django's SMTP backend, with the server's last words kept."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return _SMTP_SSL if self.use_ssl else _SMTP

    def send_over_open_line(self, message: EmailMessage) -> None:
        """What `send_messages` does with a message to one recipient, at a third of the price.

        Raises as smtplib; Unwritable before anything is said to the server.
        """
        assert isinstance(self.connection, _Transactions)
        [recipient] = message.recipients()
        written = as_sent(message)
        self.connection.transact(_envelope(message.from_email), _envelope(recipient), written)
