"""A fast SMTP server in a process of its own, which writes down every message it accepts and can be told to fail.

    python -m teamreminders.testing.sink --port 2525 --ledger sink.log

It speaks as much of RFC 5321 as smtplib needs and looks at nothing in a message but its Message-ID and its subject, so
that it takes next to nothing of the machine that it measures. One line of the ledger is one message or one fault:

    message <unix time> <message-id> <recipient> <bytes> <subject>
    <fault> <unix time> <message-id> <recipient> <bytes> <subject>

A message is written down before it is acknowledged: a sink that was killed in between has it, and its sender does not
know. `drop` and `half` do the same on purpose and write both lines; `linger` gives one time to kill the sender there.
With `--pause` every message takes up to that long, divided by chance into the time before and after it is written down.
"""

import argparse
import asyncio
import os
import random
import re
import signal
import socket
import time
from collections.abc import Callable
from enum import Enum
from pathlib import Path
from typing import Any

MESSAGE_ID = re.compile(rb"^message-id:\s*(\S+)", re.IGNORECASE | re.MULTILINE)
SUBJECT = re.compile(rb"^subject: *(.*?)\s*$", re.IGNORECASE | re.MULTILINE)
BIGGEST = 20_000_000
OFFERED = ("PIPELINING", "CHUNKING", "8BITMIME")


class Fault(Enum):
    """What the sink does instead of accepting; `share` of the messages meet it."""

    NONE = "none"
    REFUSE = "refuse"  # 550 to RCPT TO
    DEFER = "defer"  # 451 to RCPT TO
    BUSY = "busy"  # 421 to MAIL FROM, and the line is closed
    STALL = "stall"  # answers MAIL FROM after `seconds`
    DELAY = "delay"  # accepts after `seconds`
    LINGER = "linger"  # accepts, and says so after `seconds`
    HANG = "hang"  # takes the message, never answers and never accepts
    CUT = "cut"  # closes the line in the middle of DATA, without accepting
    DROP = "drop"  # accepts, then closes the line without saying so
    HALF = "half"  # accepts, says half of it, then closes the line


class Mood:
    """What the sink is to do, for all its connections."""

    def __init__(self, ledger: Path, seed: int, pause: float, offered: list[str]) -> None:
        self.offered = offered
        self.fault, self.share, self.seconds = Fault.NONE, 1.0, 0.0
        self._pause = pause
        self._random = random.Random(seed)
        self._ledger = os.open(ledger, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def set(self, words: list[str]) -> None:
        """`XSINK <fault> [share] [seconds]`. Raises ValueError."""
        fault = Fault(words[0])
        share, seconds = (float(word) for word in [*words[1:], "1", "0"][:2]) if len(words) > 1 else (1.0, 0.0)
        self.fault, self.share, self.seconds = fault, share, seconds

    def draw(self) -> Fault:
        """The fault that the next message meets."""
        if self.fault == Fault.NONE or (self.share < 1 and self._random.random() >= self.share):
            return Fault.NONE
        return self.fault

    def spans(self, fault: Fault) -> tuple[float, float]:
        """Seconds that a message takes before it is written down, and from there to the answer."""
        before = self._pause * self._random.random()
        after = (self._pause - before) * self._random.random()
        extra = self.seconds
        return before + extra * (fault == Fault.DELAY), after + extra * (fault == Fault.LINGER)

    def write(self, what: str, message_id: str, recipient: str, size: int, subject: str = "") -> None:
        os.write(self._ledger, f"{what} {time.time():.6f} {message_id} {recipient} {size} {subject}\n".encode())


class _Line(asyncio.Protocol):
    """One connection."""

    def __init__(self, mood: Mood) -> None:
        self._mood = mood
        self._got = bytearray()
        self._in_data = False
        self._chunk = 0  # octets of the message that are still to come, of BDAT (RFC 3030)
        self._fault = Fault.NONE
        self._recipient = ""
        self._refused = False
        self._stalled = False
        self._answers = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.write(b"220 sink.example ESMTP\r\n")

    def data_received(self, data: bytes) -> None:
        self._got += data
        if len(self._got) > BIGGEST:
            self._transport.abort()
        self._read()

    def _read(self) -> None:
        """What came at once is answered at once (PIPELINING, RFC 2920)."""
        while not (self._stalled or self._transport.is_closing()) and self._take():
            pass
        self._flush()

    def _take(self) -> bool:
        """A command, or the message. False: there is more to come."""
        if self._chunk:
            return self._end_of_chunk()
        if self._in_data:
            return self._end_of_data()
        line, end, rest = self._got.partition(b"\r\n")
        if end:
            self._got = rest
            self._command(bytes(line))
        return bool(end)

    def _say(self, answer: bytes) -> None:
        self._answers += answer

    def _flush(self) -> None:
        if self._answers and not self._transport.is_closing():
            self._transport.write(self._answers)
        self._answers = b""

    def _hang_up(self) -> None:
        self._flush()
        self._transport.close()

    def _end_of_data(self) -> bool:
        end = 0 if self._got.startswith(b".\r\n") else self._got.find(b"\r\n.\r\n") + 2
        if end == 1:
            return False
        body = bytes(self._got[:end])
        del self._got[: end + 3]
        self._in_data = False
        self._accept(body)
        return True

    def _end_of_chunk(self) -> bool:
        if len(self._got) < self._chunk:
            return False
        body = bytes(self._got[: self._chunk])
        del self._got[: self._chunk]
        self._chunk = 0
        if self._refused:
            self._say(b"554 5.5.1 nobody to send it to\r\n")
        else:
            self._accept(body)
        return True

    def _command(self, line: bytes) -> None:
        match line[:4].upper():
            case b"EHLO":
                offered = "".join(f"250-{keyword}\r\n" for keyword in self._mood.offered)
                self._say(f"250-sink.example\r\n{offered}250 SIZE 20000000\r\n".encode())
            case b"MAIL":
                self._fault = self._mood.draw()
                self._begin()
            case b"RCPT":
                self._recipient = line.decode("ascii", "replace").partition("<")[2].partition(">")[0] or "-"
                self._refused = self._fault in {Fault.REFUSE, Fault.DEFER}
                if self._fault == Fault.REFUSE:
                    self._answer_unless(Fault.REFUSE, b"", b"550 5.1.1 no such user\r\n")
                else:
                    self._answer_unless(Fault.DEFER, b"250 2.1.5 ok\r\n", b"451 4.3.0 later\r\n")
            case b"DATA":
                self._in_data = not self._refused
                self._say(b"354 go on\r\n" if self._in_data else b"554 5.5.1 nobody to send it to\r\n")
            case b"BDAT":
                self._begin_chunk(line)
            case b"QUIT":
                self._say(b"221 2.0.0 bye\r\n")
                self._hang_up()
            case b"XSIN":
                self._set_mood(line)
            case _:  # HELO, RSET, NOOP
                self._say(b"250 2.0.0 ok\r\n")

    def _begin_chunk(self, line: bytes) -> None:
        """A message in one piece; nobody here sends it in several."""
        match line.split():
            case [_, octets, last] if octets.isdigit() and last.upper() == b"LAST":
                self._chunk = int(octets)
            case _:
                self._say(b"501 5.5.4 BDAT octets LAST\r\n")

    def _begin(self) -> None:
        if self._fault == Fault.STALL:
            self._mood.write(Fault.STALL.value, "-", "-", 0)
            self._stalled = True
            asyncio.get_running_loop().call_later(self._mood.seconds, self._go_on)
            return
        self._answer_unless(Fault.BUSY, b"250 2.1.0 ok\r\n", b"421 4.3.2 too busy\r\n")
        if self._fault == Fault.BUSY:
            self._hang_up()

    def _go_on(self) -> None:
        self._stalled = False
        self._say(b"250 2.1.0 ok\r\n")
        self._read()

    def _answer_unless(self, fault: Fault, answer: bytes, instead: bytes) -> None:
        if self._fault == fault:
            self._mood.write(fault.value, "-", self._recipient or "-", 0)
            self._say(instead)
        else:
            self._say(answer)

    def _set_mood(self, line: bytes) -> None:
        try:
            self._mood.set(line.decode().split()[1:])
            self._say(b"250 2.0.0 as you like\r\n")
        except (ValueError, IndexError):
            self._say(b"501 5.5.4 XSINK fault [share] [seconds]\r\n")

    def _accept(self, body: bytes) -> None:
        message_id, subject = MESSAGE_ID.search(body), SUBJECT.search(body)
        message = (
            message_id[1].decode("ascii", "replace") if message_id else "-",
            self._recipient,
            len(body),
            subject[1].decode("ascii", "replace") if subject else "",
        )
        if self._fault not in {Fault.NONE, Fault.STALL, Fault.DELAY}:
            self._mood.write(self._fault.value, *message)
        if self._fault == Fault.HANG:
            return
        if self._fault == Fault.CUT:
            self._hang_up()
            return
        before, after = self._mood.spans(self._fault)
        _after(before, self._write_down, message, after)

    def _write_down(self, message: tuple[str, str, int, str], after: float) -> None:
        if self._transport.is_closing():
            return
        self._mood.write("message", *message)
        _after(after, self._say_accepted)

    def _say_accepted(self) -> None:
        if self._fault == Fault.HALF:
            self._say(b"25")
        if self._fault in {Fault.DROP, Fault.HALF}:
            self._hang_up()
            return
        self._say(b"250 2.0.0 accepted\r\n")
        self._flush()


def _after(seconds: float, act: Callable[..., None], *arguments: Any) -> None:
    if seconds > 0:
        asyncio.get_running_loop().call_later(seconds, act, *arguments)
    else:
        act(*arguments)


async def _serve(port: int, mood: Mood) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Line(mood), "127.0.0.1", port, family=socket.AF_INET)
    ended = asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, ended.set)
    loop.add_signal_handler(signal.SIGINT, ended.set)
    await ended.wait()
    server.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--ledger", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=0, help="for `share` and `--pause`")
    parser.add_argument("--pause", type=float, default=0.0, help="seconds that a message takes at the most")
    parser.add_argument("--offer", nargs="*", default=OFFERED, help="keywords that EHLO is answered with")
    given = parser.parse_args()
    asyncio.run(_serve(given.port, Mood(given.ledger, given.seed, given.pause, given.offer)))


if __name__ == "__main__":
    main()
