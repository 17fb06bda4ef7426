"""`manage.py up` for real, in a copy of the checkout: what it starts, keeps, cleans up and says."""

import os
import re
import shutil
import socket
import stat
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from teamreminders.embedded.place import Place
from teamreminders.embedded.programs import free_port
from teamreminders.embedded.run import CHECKOUT, read_env_file

LEFT_OUT = shutil.ignore_patterns(".git", ".venv", "var", ".env", ".*_cache", ".hypothesis", "__pycache__")
EXPORTED = {"DATABASE_URL", "REDIS_URL", "EMAIL_URL", "LOCAL_INBOX", "SECRET_KEY", "SITE_URL"}
EXPORTED |= {"DEFAULT_FROM_EMAIL", "LOG_FORMAT"}


class Up:
    """One run of a copy of the checkout."""

    def __init__(self, checkout: Path, port: int) -> None:
        self.var = checkout / "var"
        self.port = port
        self._log = checkout.parent / f"up-{time.monotonic_ns()}.log"
        environment = {name: value for name, value in os.environ.items() if name not in EXPORTED}
        with self._log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "up"],
                cwd=checkout,
                env=environment | {"PORT": str(port)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def said(self) -> str:
        return self._log.read_text()

    def wait_for_page(self) -> None:
        self._wait_for(self._answers)

    def wait_for_words(self, words: str) -> None:
        self._wait_for(lambda: words in self.said())

    def _wait_for(self, condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 60
        while not condition():
            assert self.process.poll() is None and time.monotonic() < deadline, self.said()
            time.sleep(0.1)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://localhost:{self.port}/healthz", timeout=5):
                return True
        except (OSError, urllib.error.HTTPError):
            return False

    def wait_for_end(self, seconds: float = 60) -> int:
        return self.process.wait(seconds)

    def stop(self) -> float:
        """SIGTERM; returns the seconds that it took."""
        begun = time.monotonic()
        self.process.terminate()
        assert self.process.wait(20) == 0, self.said()
        return time.monotonic() - begun

    def left_behind(self) -> list[str]:
        """Processes of the run, and files that only a running one needs."""
        files = [path for path in self.var.rglob("*") if stat.S_ISSOCK(path.lstat().st_mode) or path.name in RUNNING]
        return [f"process {pid}" for pid in Place(self.var).marked()] + [str(path) for path in files]


RUNNING = {"lock", "postmaster.pid"}


def copied(folder: Path) -> Path:
    return Path(shutil.copytree(CHECKOUT, folder / "checkout", ignore=LEFT_OUT))


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that others may enter, which pytest's own temporary folders are not."""
    folder = Path(tempfile.mkdtemp(prefix="team-reminders-up-"))
    folder.chmod(0o755)
    yield folder
    Place(folder / "checkout" / "var").end_leftovers()
    link = folder / "checkout" / "var" / "postgres"
    if link.is_symlink():
        shutil.rmtree(link.readlink().parent)
    shutil.rmtree(folder)


def test_it_serves_ends_without_a_trace_and_keeps_the_data(folder: Path) -> None:
    checkout, port = copied(folder), free_port()
    up = Up(checkout, port)
    up.wait_for_page()
    assert {"web", "worker", "scheduler", "inbox"} <= set(re.findall(r"(\w+) +started \(pid", up.said()))
    with psycopg.connect(read_env_file(up.var / "local.env")["DATABASE_URL"]) as database:
        database.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    key = read_env_file(up.var / "local.env")["SECRET_KEY"]
    assert up.stop() < 5
    assert up.left_behind() == []

    up = Up(checkout, port)
    up.wait_for_page()
    with psycopg.connect(read_env_file(up.var / "local.env")["DATABASE_URL"]) as database:
        assert database.execute("SELECT answer FROM kept").fetchone() == (42,)
    assert read_env_file(up.var / "local.env")["SECRET_KEY"] == key
    assert up.stop() < 5
    assert up.left_behind() == []


def test_a_second_run_says_so_and_the_next_one_cleans_up_after_a_kill(folder: Path) -> None:
    checkout, port = copied(folder), free_port()
    first = Up(checkout, port)
    first.wait_for_page()
    second = Up(checkout, free_port())
    assert second.wait_for_end() == 1
    assert f"already running in this checkout at http://localhost:{port}" in one_sentence(second)

    first.process.kill()
    first.process.wait()
    assert first.left_behind()
    third = Up(checkout, port)
    third.wait_for_words("an earlier run had left behind")  # until then it is the orphan that answers
    third.wait_for_page()
    assert third.stop() < 5
    assert third.left_behind() == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to give PostgreSQL to another user")
def test_as_root_below_a_closed_folder_no_mode_changes(folder: Path) -> None:
    folder.chmod(0o700)
    checkout = copied(folder)
    before = modes_above(checkout)
    up = Up(checkout, free_port())
    up.wait_for_page()
    assert len(re.findall(r"^PostgreSQL's data is in /var/lib/.*$", up.said(), re.MULTILINE)) == 1
    assert up.stop() < 5
    assert up.left_behind() == []
    assert modes_above(checkout) == before
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_busy_port_is_one_sentence(folder: Path) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        up = Up(copied(folder), port)
        assert up.wait_for_end() == 1
    assert f"port {port} is in use by another program" in one_sentence(up)
    assert up.left_behind() == []


def test_a_broken_data_folder_is_one_sentence_and_is_not_touched(folder: Path) -> None:
    checkout = copied(folder)
    data = checkout / "var" / "postgres" / "data"
    data.mkdir(parents=True)
    (data / "notes.txt").write_text("somebody's")
    up = Up(checkout, free_port())
    assert up.wait_for_end() == 1
    assert "is broken (no data/PG_VERSION in it): move" in one_sentence(up)
    assert [path.name for path in data.iterdir()] == ["notes.txt"]
    assert up.left_behind() == []


def one_sentence(up: Up) -> str:
    """The sentence of a start that failed: one line, no traceback, nothing after it."""
    said = up.said()
    assert "Traceback" not in said
    lines = [line for line in said.splitlines() if line.startswith("Team Reminders cannot start: ")]
    assert len(lines) == 1 and said.rstrip().endswith(lines[0])
    return lines[0]


def modes_above(path: Path) -> list[int]:
    """Of the folders above the checkout and above the Python that runs it."""
    return [parent.stat().st_mode for parent in (*path.parents, *Path(sys.executable).parents)]
