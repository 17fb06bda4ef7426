"""The sink as a process of its own, seen from outside, and the ledger that it keeps."""

import os
import signal
import smtplib
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from teamreminders.embedded.run import CHECKOUT

from .sink import OFFERED, Fault


class Entry(NamedTuple):
    """One line of the ledger; `what` is "message" or the value of a Fault."""

    what: str
    at: float
    message_id: str
    recipient: str
    size: int
    subject: str


class Sink:
    """Start it, kill it, tell it what to do, read its ledger."""

    def __init__(
        self, port: int, ledger: Path, *, seed: int = 0, pause: float = 0.0, offered: Sequence[str] = OFFERED
    ) -> None:
        self.port, self.ledger = port, ledger
        self._words = ["--port", str(port), "--ledger", str(ledger), "--seed", str(seed), "--pause", str(pause)]
        self._words += ["--offer", *offered]
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Returns once it answers. The ledger of an earlier process is continued."""
        command = [sys.executable, "-m", "teamreminders.testing.sink", *self._words]
        self._process = subprocess.Popen(command, cwd=CHECKOUT, stdin=subprocess.DEVNULL)
        deadline = time.monotonic() + 10
        while True:
            try:
                with smtplib.SMTP("127.0.0.1", self.port, timeout=5):
                    return
            except OSError:
                if time.monotonic() > deadline or self._process.poll() is not None:
                    raise
                time.sleep(0.02)

    @property
    def pid(self) -> int:
        assert self._process
        return self._process.pid

    def kill(self, sign: signal.Signals = signal.SIGKILL) -> None:
        """Send the signal; when it ends the process, wait for that."""
        assert self._process
        self._process.send_signal(sign)
        if sign in {signal.SIGKILL, signal.SIGTERM}:
            self._process.wait(10)

    def set(self, fault: Fault, share: float = 1.0, seconds: float = 0.0) -> None:
        """From now on `share` of the messages meet this fault."""
        with smtplib.SMTP("127.0.0.1", self.port, timeout=5) as line:
            code, words = line.docmd("XSINK", f"{fault.value} {share} {seconds}")
            assert code == 250, words

    def entries(self) -> list[Entry]:
        """The ledger so far; a line that is just being written is left out."""
        if not self.ledger.exists():
            return []
        complete = self.ledger.read_text().rpartition("\n")[0]
        found = (line.split(" ", 5) for line in complete.splitlines())
        return [Entry(what, float(at), name, to, int(size), subject) for what, at, name, to, size, subject in found]

    def accepted(self) -> list[Entry]:
        return [entry for entry in self.entries() if entry.what == "message"]

    def forget(self) -> None:
        """Empty the ledger, between two measurements."""
        os.truncate(self.ledger, 0)
