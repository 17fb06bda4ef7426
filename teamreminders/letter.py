"""A mail of a text and an HTML part, put together without Django's MIME classes.

They cost a third of a message's price: two payloads and every header are encoded and parsed again. Here the body is
written as it goes over the line, and a head that Django wrote once is filled in for each message. Every e-mail backend
finds `body` and `alternatives` where it looks, and the same message in `message()`.
"""

import binascii
import re
from email.errors import MessageError
from email.generator import BytesGenerator
from email.message import Message
from email.utils import formatdate
from functools import lru_cache
from io import BytesIO
from secrets import token_hex
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives

CRLF = "\r\n"
# RFC 5321, 4.5.3.1.6: a line has at most 1,000 octets, its end included.
LONGEST_LINE = 998
SHORT_LINE = 78  # RFC 5322, 2.1.1: as long as a line should be, and where headers are folded
# One word: folded, its first line would be empty, which some servers and readers take for no id.
NEVER_FOLDED = {"Message-ID", "References", "List-Unsubscribe"}
CONTENT_TYPE = 'multipart/alternative; boundary="{}"'
# Values that no encoding or folding changes: printable ASCII without what begins an encoded word (RFC 2047), and an
# address that needs no quotes.
PLAIN = re.compile(r"[!-<>-~](?:[ -<>-~]*[!-<>-~])?")
ADDRESS = re.compile(r"[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*")
MARKS = re.compile(r"mark\.(\d+)@mark")


class Letter(EmailMultiAlternatives):
    """Text and HTML, nothing attached."""

    def __init__(self, *, subject: str, text: str, html: str, to: str, headers: dict[str, str]) -> None:
        dated = {"Date": formatdate(localtime=settings.EMAIL_USE_LOCALTIME), **headers}
        super().__init__(subject, text, to=[to], headers=dated)
        self.html = html
        self.attach_alternative(html, "text/html")

    @property
    def is_plain(self) -> bool:
        """Whether it is what it was made as: one text, one HTML part, nothing attached, no copies."""
        return not (self.attachments or self.cc or self.bcc or self.reply_to) and len(self.alternatives) == 1

    def message(self, *args: Any, **options: Any) -> Any:
        """Lines of the body end as SMTP wants it, whatever the generator is asked for.

        Raises BadHeaderError for a header with a line break, as Django does.
        """
        if not self.is_plain:
            return super().message(*args, **options)
        head = EmailMessage(self.subject, "", self.from_email, self.to, headers=self.extra_headers)
        message: Message = head.message(*args, **options)
        boundary = _boundary()
        message.replace_header("Content-Type", CONTENT_TYPE.format(boundary))
        del message["Content-Transfer-Encoding"]
        message.set_payload(self._parts(boundary))
        return message

    def written(self) -> str:
        """`message` as the generator writes it. Raises BadHeaderError.

        Headers whose values stand in the message as they are go into a head that Django wrote once; where one of them
        has to be encoded or folded, Django writes the whole head.
        """
        values = {"Subject": str(self.subject), "To": ", ".join(self.to), **self.extra_headers}
        if not all(_stands_as_it_is(name, value) for name, value in values.items()):
            return _written(self.message())
        boundary = _boundary()
        values["Content-Type"] = CONTENT_TYPE.format(boundary)
        pieces = _head(self.from_email, tuple(values))
        head = "".join(values[piece] if n % 2 else piece for n, piece in enumerate(pieces))
        return f"{head}{CRLF}{self._parts(boundary)}"

    def _parts(self, boundary: str) -> str:
        parts = (_part("plain", str(self.body)), _part("html", self.html))
        return "".join(f"--{boundary}{CRLF}{part}{CRLF}" for part in parts) + f"--{boundary}--{CRLF}"


class Unwritable(Exception):
    """A message that cannot be put into bytes, for what it says or to whom: no fault of the mail server."""


def as_sent(message: EmailMessage) -> bytes:
    """The message as it goes over the line. Raises Unwritable."""
    try:
        if isinstance(message, Letter) and message.is_plain:
            return message.written().encode("ascii")
        written = BytesIO()
        BytesGenerator(written, mangle_from_=False).flatten(message.message(), linesep=CRLF)
    except (ValueError, MessageError) as error:
        raise Unwritable(type(error).__name__) from error
    return written.getvalue()


def _boundary() -> str:
    """No line of ours begins like it, and quoted-printable has no "=_"; short, so that its header is not folded."""
    return f"=_{token_hex(10)}"


def _stands_as_it_is(name: str, value: str) -> bool:
    longest = LONGEST_LINE if name in NEVER_FOLDED else SHORT_LINE
    return len(name) + 2 + len(value) <= longest and bool((ADDRESS if name == "To" else PLAIN).fullmatch(value))


@lru_cache(maxsize=32)
def _head(sender: str, names: tuple[str, ...]) -> list[str]:
    """What Django writes from this sender with headers of these names: literal, name, literal, name, …, literal."""
    marks = {name: f"mark.{n}@mark" for n, name in enumerate(names)}
    given = {name: mark for name, mark in marks.items() if name not in {"Subject", "To", "Content-Type"}}
    message = EmailMessage(marks["Subject"], "", sender, [marks["To"]], headers=given).message()
    message.replace_header("Content-Type", marks["Content-Type"])
    del message["Content-Transfer-Encoding"]
    return [names[int(piece)] if n % 2 else piece for n, piece in enumerate(MARKS.split(_written_head(message)))]


def _written(message: Message) -> str:
    return f"{_written_head(message)}{CRLF}{message.get_payload()}"


def _written_head(message: Message) -> str:
    """As the generator writes it, but for the ids."""
    return "".join(_header(message, name, value) for name, value in message.items())


def _header(message: Message, name: str, value: Any) -> str:
    if name in NEVER_FOLDED and PLAIN.fullmatch(str(value)):
        return f"{name}: {value}{CRLF}"
    return message.policy.fold(name, value).replace("\n", CRLF)


@lru_cache(maxsize=32)
def _part(kind: str, content: str) -> str:
    """7-bit where that is possible, else quoted-printable (RFC 2045, 6.7)."""
    content = content.replace("\r\n", "\n").replace("\r", "\n")
    if content.isascii() and max(map(len, content.split("\n"))) <= LONGEST_LINE:
        encoding = "7bit"
    else:
        encoding = "quoted-printable"
        content = binascii.b2a_qp(content.encode(errors="replace"), istext=True).decode("ascii")
    return (
        f'Content-Type: text/{kind}; charset="utf-8"{CRLF}'
        f"Content-Transfer-Encoding: {encoding}{CRLF}{CRLF}" + content.replace("\n", CRLF)
    )
