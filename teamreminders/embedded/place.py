"""The folder of one run: its data, its lock, and the processes that belong to it."""

import contextlib
import fcntl
import os
import signal
import sys
import time
from pathlib import Path

from .fault import Fault

MARK = "TEAM_REMINDERS_PLACE"
PROC = Path("/proc")


class Place:
    """A folder that one run at a time owns.

    Every process of a run carries the folder's path in its environment, so that a run which was killed can be cleaned
    up by the next one: by process id, and only what carries the mark.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder.absolute()
        self._lock: int | None = None

    def create(self) -> None:
        """Make the folder. PostgreSQL's user may pass through it (0711) but not look into it."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self.folder.chmod(0o711)
        except OSError as error:
            raise Fault(f"The data folder {self.folder} cannot be used: {error.strerror}.") from error

    def mark(self) -> None:
        """Carry the folder's name in this process's environment from its start, which only an exec can do."""
        if os.environ.get(MARK) != str(self.folder):
            os.environ[MARK] = str(self.folder)
            os.execv(sys.executable, sys.orig_argv)

    def lock(self) -> bool:
        """Own the folder until this process ends; False when another process does.

        A record lock, not flock(): children of a fork must not keep it when this process is killed.
        """
        self._lock = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.lockf(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self.unlock()
            return False
        return True

    def unlock(self) -> None:
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def release(self) -> None:
        """Give the folder up and leave no lock file. Only for its owner."""
        (self.folder / "lock").unlink(missing_ok=True)
        self.unlock()

    def end_leftovers(self, patience: float = 3.0) -> int:
        """End what an earlier, killed run left behind; says how many processes. Only for the lock's owner."""
        found = self.marked()
        for sign in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):  # the first two end PostgreSQL well and quickly
            left = self.marked()
            if not left:
                break
            for pid in left:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, sign)
            self._wait_for_end(patience)
        return len(found)

    def _wait_for_end(self, patience: float) -> None:
        deadline = time.monotonic() + patience
        while self.marked() and time.monotonic() < deadline:
            time.sleep(0.05)

    def marked(self) -> list[int]:
        """The ids of running processes that carry this folder's mark, without this one and those above it."""
        wanted = f"{MARK}={self.folder}".encode()
        own = _lineage(os.getpid())
        pids = (int(entry.name) for entry in PROC.glob("[0-9]*"))
        return [pid for pid in pids if pid not in own and wanted in _environment(pid)]


def _environment(pid: int) -> list[bytes]:
    try:
        return (PROC / str(pid) / "environ").read_bytes().split(b"\0")
    except OSError:  # ended, or somebody else's
        return []


def _lineage(pid: int) -> set[int]:
    """`pid` and its parents."""
    found = set()
    while pid > 0 and pid not in found:
        found.add(pid)
        try:
            status = (PROC / str(pid) / "stat").read_text()
        except OSError:
            break
        pid = int(status.rpartition(")")[2].split()[1])
    return found
