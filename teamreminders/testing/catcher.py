"""A real SMTP server for tests, which can be told to misbehave."""

import asyncio
import socket
import threading
import time
from dataclasses import dataclass
from datetime import datetime, timezone
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.smtp import SMTP, Envelope, Session

DROP = "close the connection"


@dataclass(frozen=True)
class Caught:
    """One message as it arrived."""

    received_at: datetime
    sender: str
    recipients: list[str]
    message: EmailMessage


class Catcher:
    """Listens on one port of 127.0.0.1 from `up()` to `down()`, in a thread of its own, any number of times."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.messages: list[Caught] = []
        self.deferred = 0  # answers to RCPT TO that were not an acceptance
        self._answers: dict[str, tuple[str, int]] = {}
        self._pause = 0.0
        self._drips = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None

    # --- What a test asks ---

    def to(self, address: str) -> list[Caught]:
        """The messages to this address."""
        return [caught for caught in self.messages if address in caught.recipients]

    def wait_for(self, count: int, seconds: float = 10) -> list[Caught]:
        """The messages, once there are `count` of them; fails after `seconds`."""
        deadline = time.monotonic() + seconds
        while len(self.messages) < count:
            assert time.monotonic() < deadline, f"{len(self.messages)} of {count} messages after {seconds} s"
            time.sleep(0.02)
        return self.messages

    # --- What a test tells it ---

    def refuse(self, address: str, answer: str = "550 5.1.1 no such user") -> None:
        """Answer this to every RCPT TO of the address."""
        self._answers[address] = (answer, -1)

    def defer(self, address: str, answer: str = "451 4.3.0 try later", times: int = 1) -> None:
        """Answer this to the next `times` RCPT TO of the address, then accept."""
        self._answers[address] = (answer, times)

    def hang(self, seconds: float) -> None:
        """Wait that long before the answer to every DATA."""
        self._pause = seconds

    def drop(self, address: str) -> None:
        """Close the connection at every RCPT TO of the address, without an answer."""
        self._answers[address] = (DROP, -1)

    def drip(self) -> None:
        """Send the answer to DATA byte by byte, for ever."""
        self._drips = True

    def forget(self) -> None:
        """No messages, no misbehaviour, listening."""
        self.messages = []
        self.deferred = 0
        self._answers = {}
        self._pause = 0.0
        self._drips = False
        self.up()

    def up(self) -> None:
        if self._thread:
            return
        ready = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._serve, args=(self._loop, ready), daemon=True)
        self._thread.start()
        assert ready.wait(5), f"the mail catcher cannot listen on port {self.port}"

    def down(self) -> None:
        """Drop all connections and stop listening: the next one is refused."""
        if self._thread and self._loop:
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
            self._thread = self._loop = None

    # --- The server ---

    def _serve(self, loop: asyncio.AbstractEventLoop, ready: threading.Event) -> None:
        lines: list[_Line] = []
        server = loop.run_until_complete(
            loop.create_server(lambda: _Line(self, lines, loop=loop), "127.0.0.1", self.port, family=socket.AF_INET)
        )
        loop.call_soon(ready.set)
        loop.run_forever()
        server.close()
        for line in lines:
            if line.transport:
                line.transport.close()
        tasks = asyncio.all_tasks(loop)
        for task in tasks:
            task.cancel()
        if tasks:  # without any, gather() asks for a current event loop
            loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
        loop.close()

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer, times = self._answers.get(address, ("", 0))
        if times:
            self._answers[address] = (answer, times - 1)
            self.deferred += 1
            if answer == DROP and server.transport:
                server.transport.close()
            return answer
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 recipient ok"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        received_at = datetime.now(timezone.utc)
        await asyncio.sleep(self._pause)
        message = message_from_bytes(envelope.original_content or b"", policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.messages.append(Caught(received_at, envelope.mail_from or "", list(envelope.rcpt_tos), message))
        while self._drips and isinstance(server.transport, asyncio.Transport) and not server.transport.is_closing():
            server.transport.write(b"2")
            await asyncio.sleep(0.1)
        return f"250 2.0.0 caught as {len(self.messages)}"


class _Line(SMTP):
    """One connection, remembered so that `down()` can drop it."""

    def __init__(self, catcher: Catcher, lines: list["_Line"], *, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(catcher, loop=loop, hostname="catcher.example", decode_data=False)
        lines.append(self)
