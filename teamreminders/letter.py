"""A mail of a text and an HTML part, put together without Django's MIME classes.

They cost a third of a message's price: two payloads are encoded and parsed again. Here the body is written as it goes
over the line; the headers are Django's, and every e-mail backend finds `body` and `alternatives` where it looks.
"""

import binascii
from email.generator import BytesGenerator
from email.message import Message
from functools import lru_cache
from io import BytesIO
from secrets import token_hex
from typing import Any

from django.core.mail import EmailMessage, EmailMultiAlternatives

CRLF = "\r\n"
# RFC 5321, 4.5.3.1.6: a line has at most 1,000 octets, its end included.
LONGEST_LINE = 998
SHORT_LINE = 78  # RFC 5322, 2.1.1: as long as a line should be, and where headers are folded


class Letter(EmailMultiAlternatives):
    """Text and HTML, nothing attached."""

    def __init__(self, *, subject: str, text: str, html: str, to: str, headers: dict[str, str]) -> None:
        super().__init__(subject, text, to=[to], headers=headers)
        self.html = html
        self.attach_alternative(html, "text/html")

    def message(self, *args: Any, **options: Any) -> Any:
        """Lines of the body end as SMTP wants it, whatever the generator is asked for.

        Raises BadHeaderError for a header with a line break, as Django does.
        """
        if self.attachments or len(self.alternatives) != 1:
            return super().message(*args, **options)
        head = EmailMessage(self.subject, "", self.from_email, self.to, headers=self.extra_headers)
        message: Message = head.message(*args, **options)
        # No line of ours begins like it, and quoted-printable has no "=_"; short, so that its header is not folded.
        boundary = f"=_{token_hex(10)}"
        message.replace_header("Content-Type", f'multipart/alternative; boundary="{boundary}"')
        del message["Content-Transfer-Encoding"]
        parts = (_part("plain", str(self.body)), _part("html", self.html))
        message.set_payload("".join(f"--{boundary}{CRLF}{part}{CRLF}" for part in parts) + f"--{boundary}--{CRLF}")
        return message


def as_sent(message: EmailMessage) -> bytes:
    """The message as it goes over the line."""
    composed: Message = message.message()
    body = composed.get_payload()
    if isinstance(message, Letter) and isinstance(body, str):
        head = "".join(_folded(composed, name, value) for name, value in composed.items())
        return f"{head}{CRLF}{body}".encode("ascii")
    written = BytesIO()
    BytesGenerator(written, mangle_from_=False).flatten(composed, linesep=CRLF)
    return written.getvalue()


def _folded(message: Message, name: str, value: str) -> str:
    """A header as the generator writes it, which takes its time also where there is nothing to fold."""
    if value.isascii() and len(name) + 2 + len(value) <= SHORT_LINE and "\n" not in value:
        return f"{name}: {value}{CRLF}"
    return message.policy.fold(name, value).replace("\n", CRLF)


@lru_cache(maxsize=32)
def _part(kind: str, content: str) -> str:
    """7-bit where that is possible, else quoted-printable (RFC 2045, 6.7)."""
    content = content.replace("\r\n", "\n").replace("\r", "\n")
    if content.isascii() and all(len(line) <= LONGEST_LINE for line in content.split("\n")):
        encoding = "7bit"
    else:
        encoding = "quoted-printable"
        content = binascii.b2a_qp(content.encode(errors="replace"), istext=True).decode("ascii")
    return (
        f'Content-Type: text/{kind}; charset="utf-8"{CRLF}'
        f"Content-Transfer-Encoding: {encoding}{CRLF}{CRLF}" + content.replace("\n", CRLF)
    )
