"""Starting, watching and ending one server process."""

import importlib.util
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from .fault import Fault
from .place import PROC


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_taken(port: int) -> bool:
    """Whether a server of ours could not listen on this port of 127.0.0.1."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def wheel(package: str, distribution: str, variable: str) -> Path:
    """The folder of an installed wheel, found without importing it."""
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise Fault(
            f"The package {distribution} is not installed (it may not exist for this platform): "
            f"set {variable} to a server of your own, or install requirements-dev.txt."
        )
    return Path(spec.submodule_search_locations[0])


class Program:
    """One server process in its own session, so that Ctrl-C in the terminal reaches it only through us."""

    def __init__(self, name: str, log: Path, *, quick_end: signal.Signals, at_once: signal.Signals) -> None:
        self.name = name
        self.log = log
        self._quick_end = quick_end
        self._at_once = at_once
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, command: list[str], *, given: str = "", **options: Any) -> None:
        """Start it; `given` goes to its standard input (what must not show in the list of processes)."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=log, stderr=log, cwd="/", start_new_session=True, **options
            )
        assert self._process.stdin
        try:
            self._process.stdin.write(given.encode())
            self._process.stdin.close()
        except BrokenPipeError:  # it ended already: wait_until() says why
            pass

    def wait_until(self, ready: Callable[[], bool], seconds: float = 60) -> None:
        """Return once `ready`; raise Fault with the last words of its log when it ends or takes too long."""
        deadline = time.monotonic() + seconds
        while not ready():
            if self.has_ended():
                raise Fault(f"{self.name} does not start: {self.last_words()} (see {self.log}).")
            if time.monotonic() > deadline:
                raise Fault(f"{self.name} is not ready after {seconds:.0f} seconds (see {self.log}).")
            time.sleep(0.03)

    def has_ended(self) -> bool:
        return self._process is not None and self._process.poll() is not None

    def ask_to_end(self) -> None:
        if self._process and self._process.poll() is None:
            self._process.send_signal(self._quick_end)

    def end(self, patience: float = 1.5, *, at_once: bool = False) -> None:
        """End it, its data safe; after `patience` seconds (or `at_once`) the hard way, which its journal survives."""
        if self._process is None:
            return
        signs = [self._at_once, signal.SIGKILL] if at_once else [self._quick_end, self._at_once, signal.SIGKILL]
        for sign in signs:
            if self._process.poll() is None:
                self._process.send_signal(sign)
            try:
                self._process.wait(patience)
                return
            except subprocess.TimeoutExpired:
                continue

    @property
    def pid(self) -> int:
        assert self._process
        return self._process.pid

    def kill(self) -> None:
        """Kill it and its children the hard way; return once they are gone, so that another may open their data."""
        assert self._process
        self._process.send_signal(signal.SIGSTOP)  # it begets no more
        children = [int(pid) for pid in (PROC / f"{self.pid}/task/{self.pid}/children").read_text().split()]
        for pid in [self.pid, *children]:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._process.wait()
        while any(map(_is_alive, children)):
            time.sleep(0.02)

    def last_words(self) -> str:
        """The last telling line of its log."""
        lines = [line.strip() for line in self.log.read_text(errors="replace").splitlines() if line.strip()]
        telling = [line for line in lines if any(word in line for word in ("FATAL", "PANIC", "ERROR", "error", "Bad"))]
        words = (telling or lines or ["it said nothing"])[-1]
        return words.rpartition(" # ")[2].rpartition("FATAL:")[2].strip().rstrip(".")


def _is_alive(pid: int) -> bool:
    """A killed child that nobody has asked about stays in the list of processes, as a Z."""
    try:
        return (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def is_root() -> bool:
    return os.geteuid() == 0
