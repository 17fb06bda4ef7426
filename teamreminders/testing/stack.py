"""Real processes on the test database, for tests that kill them or look at them from outside."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import quote, urlsplit

from django.db import connection

from teamreminders.embedded.run import CHECKOUT


class Handle:
    """One running process; its output is in `log`."""

    def __init__(self, process: subprocess.Popen[bytes], log: Path) -> None:
        self._process = process
        self.log = log

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def is_running(self) -> bool:
        return self._process.poll() is None

    def kill(self, sign: signal.Signals = signal.SIGKILL) -> None:
        """Send a signal and, when it is SIGKILL, see the process gone."""
        self._process.send_signal(sign)
        if sign == signal.SIGKILL:
            self._process.wait(10)

    def stop(self, seconds: float = 10) -> int:
        """End it by SIGTERM; its exit code. Killed when it takes too long."""
        if self.is_running:
            self._process.terminate()
        try:
            return self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self._process.kill()
            return self._process.wait()


class Stack:
    """Starts processes that share this test's database, Redis, mail catcher and SITE_URL."""

    def __init__(self, folder: Path, *, site: str) -> None:
        self.site = site
        self._folder = folder
        self._handles: list[Handle] = []

    def start(self, *arguments: str, **environment: str) -> Handle:
        """`manage.py` with these arguments."""
        return self._start([sys.executable, "manage.py", *arguments], environment)

    def module(self, name: str, *arguments: str, **environment: str) -> Handle:
        """`python -m` this module."""
        return self._start([sys.executable, "-m", name, *arguments], environment)

    def worker(self, **environment: str) -> Handle:
        return self.start("rqworker", "account", "default", "background", **environment)

    def scheduler(self, **environment: str) -> Handle:
        return self.start("rqscheduler", **environment)

    def web(self, **environment: str) -> Handle:
        """The web process at `site`; returns once it answers."""
        address = urlsplit(self.site)
        command = [sys.executable, "-m", "gunicorn", "teamreminders.wsgi", "--bind", f"127.0.0.1:{address.port}"]
        handle = self._start([*command, "--threads", "4", "--no-control-socket"], environment)
        self._wait_for_answer(handle)
        return handle

    def stop(self) -> None:
        """End them all."""
        for handle in self._handles:
            if handle.is_running:
                handle.kill(signal.SIGTERM)
        for handle in self._handles:
            handle.stop()

    def _start(self, command: list[str], environment: dict[str, str]) -> Handle:
        log = self._folder / f"{len(self._handles)}-{'-'.join(Path(part).name for part in command[1:4])}.log"
        everything = os.environ | {"DATABASE_URL": database_url(), "PYTHONUNBUFFERED": "1"} | environment
        with log.open("wb") as output:
            process = subprocess.Popen(
                command, cwd=CHECKOUT, env=everything, stdin=subprocess.DEVNULL, stdout=output, stderr=output
            )
        self._handles.append(Handle(process, log))
        return self._handles[-1]

    def _wait_for_answer(self, handle: Handle, seconds: float = 30) -> None:
        deadline = time.monotonic() + seconds
        while not self._answers():
            assert handle.is_running and time.monotonic() < deadline, handle.log.read_text()[-4000:]
            time.sleep(0.05)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.site}/healthz", timeout=5):
                return True
        except urllib.error.HTTPError:
            return False
        except OSError:
            return False


def database_url() -> str:
    """The address of the database that pytest-django made."""
    database = connection.settings_dict
    login = f"{quote(database['USER'])}:{quote(database['PASSWORD'])}"
    return f"postgres://{login}@{database['HOST']}:{database['PORT']}/{database['NAME']}"
