"""The Maildir: what the SMTP server writes and the pages read."""

import mailbox
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timezone
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

# What a Maildir names a message; an address of a page carries it.
KEY = re.compile(r"[\w.,=+-]{1,200}")


def open_maildir(path: str) -> mailbox.Maildir:
    """The Maildir there, created when it is missing; only its owner may look into it."""
    folder = Path(path)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for part in ("tmp", "new", "cur"):
        (folder / part).mkdir(mode=0o700, exist_ok=True)
    return mailbox.Maildir(path, create=False)


class Keeper:
    """What the SMTP server does with a message: keeps it."""

    def __init__(self, maildir: mailbox.Maildir) -> None:
        self._maildir = maildir

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self._maildir.add(envelope.original_content or b"")
        return "250 kept in the local inbox"


@dataclass(frozen=True)
class Mail:
    """One message of the Maildir."""

    key: str
    message: EmailMessage
    source: bytes
    received_at: datetime

    @property
    def sender(self) -> str:
        return str(self.message.get("From", ""))

    @property
    def recipient(self) -> str:
        return str(self.message.get("To", ""))

    @property
    def subject(self) -> str:
        return str(self.message.get("Subject", ""))

    @property
    def text(self) -> str:
        return self._part("plain")

    @property
    def html(self) -> str:
        return self._part("html")

    def _part(self, kind: str) -> str:
        part = self.message.get_body((kind,))
        return str(part.get_content()) if part else ""


class Box:
    """The messages of a Maildir, newest first; reads only those it is asked for."""

    def __init__(self, path: str) -> None:
        self._folder = Path(path)

    def keys(self) -> list[str]:
        """Maildir names begin with the second, and the files' times are finer: newest first."""
        files = [entry for part in ("new", "cur") for entry in _entries(self._folder / part)]
        return [entry.name for entry in sorted(files, key=lambda entry: entry.stat().st_mtime_ns, reverse=True)]

    def mails(self, keys: list[str]) -> Iterator[Mail]:
        found = (self.find(key) for key in keys)
        return (mail for mail in found if mail)

    def find(self, key: str) -> Mail | None:
        if not KEY.fullmatch(key):
            return None
        for part in ("new", "cur"):
            path = self._folder / part / key
            try:
                source, written = path.read_bytes(), path.stat().st_mtime
            except OSError:
                continue
            message = BytesParser(policy=policy.default).parsebytes(source)
            return Mail(key, message, source, datetime.fromtimestamp(written, timezone.utc))
        return None

    def empty(self) -> None:
        """Throw all messages away."""
        for part in ("new", "cur"):
            for entry in _entries(self._folder / part):
                Path(entry.path).unlink(missing_ok=True)


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        return [entry for entry in os.scandir(folder) if entry.is_file()]
    except FileNotFoundError:
        return []
