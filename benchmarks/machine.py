"""What the engine's benchmarks run on: PostgreSQL and Valkey of their own, as `make run` has them, and the SMTP sink.

Import this before anything of Django's: it exports the addresses and sets Django up. Everything is in a temporary
folder and ends with the process. PostgreSQL writes as in production: fsync on, every commit synchronous.
"""

import atexit
import os
import shutil
import signal
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import django
from redis import Redis

from teamreminders.embedded.place import MARK, Place
from teamreminders.embedded.programs import free_port
from teamreminders.embedded.run import Run
from teamreminders.testing.sink_process import Sink

PREFIX = "team-reminders-bench-"
QUIET = ("--verbosity", "0")
# As long as a name that somebody has: it is in every mail.
SITE_URL = "http://reminders.example.org"

_port = free_port()
_run = Run(Place(Path(tempfile.mkdtemp(prefix=PREFIX))))
FOLDER = _run.place.folder


def _set_up() -> Redis:
    os.environ |= {
        "EMAIL_URL": f"smtp://127.0.0.1:{_port}",
        "SITE_URL": SITE_URL,
        "ALLOWED_HOSTS": "localhost",
        "DJANGO_SETTINGS_MODULE": "teamreminders.settings",
        "TZ": "UTC",
    }
    for name in ("DATABASE_URL", "REDIS_URL"):  # never somebody's own
        os.environ.pop(name, None)
    _run.export()
    os.environ[MARK] = str(FOLDER)
    atexit.register(_tear_down)
    signal.signal(signal.SIGTERM, _interrupt)
    _run.place.create()
    _run.place.lock()
    _run.start()
    django.setup()
    return Redis.from_url(os.environ["REDIS_URL"])


def _interrupt(signum: int, frame: FrameType | None) -> None:
    sys.exit(128 + signum)


def _tear_down() -> None:
    stack.stop()
    sink.kill(signal.SIGTERM)
    _run.stop()
    _run.place.end_leftovers()
    _run.place.release()
    shutil.rmtree(FOLDER, ignore_errors=True)


redis = _set_up()

from django.core.management import call_command  # noqa: E402

from teamreminders.testing.stack import Handle, Stack  # noqa: E402

stack = Stack(FOLDER, site=SITE_URL)
sink = Sink(_port, FOLDER / "sink.log")
sink.start()
call_command("migrate", verbosity=0)
call_command("createcachetable", verbosity=0)


@contextmanager
def running(workers: int) -> Iterator[list[Handle]]:
    """The scheduler and some workers, warm; ended by SIGTERM. Yields their handles, the scheduler's first."""
    redis.flushall()
    handles = [stack.start("rqscheduler", *QUIET)]
    handles += [stack.worker() for _ in range(workers)]
    wait_until(lambda: len(redis.keys("rq:worker:*")) == workers and redis.keys("teamreminders:scheduler:*"))
    time.sleep(1)
    try:
        yield handles
    finally:
        for handle in handles:
            handle.kill(signal.SIGTERM)
        for handle in handles:
            handle.stop()


def wait_until(condition: Callable[[], object], seconds: float = 120, every: float = 0.05) -> None:
    """Raises TimeoutError."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            logs = "\n".join(path.read_text()[-2000:] for path in FOLDER.glob("*.log") if path != sink.ledger)
            raise TimeoutError(f"not true within {seconds} s\n{logs}")
        time.sleep(every)


def accepted(count: int, seconds: float = 300) -> None:
    """Wait until the sink has accepted `count` messages since it last forgot."""
    wait_until(lambda: count_accepted() >= count, seconds)


def count_accepted() -> int:
    """How many messages the sink has accepted since it last forgot, if it was told no mischief."""
    with sink.ledger.open("rb") as file:
        return sum(block.count(b"\n") for block in iter(lambda: file.read(1 << 20), b""))


def cpu_seconds() -> dict[str, float]:
    """What each kind of process of this run has used of the processors so far, with its children that have ended."""
    used: dict[str, float] = defaultdict(float)
    ours: dict[int, str] = {}
    for pid in sorted(int(path.name) for path in Path("/proc").glob("[0-9]*")):
        try:
            command = Path(f"/proc/{pid}/cmdline").read_bytes()
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
        except OSError:  # it has ended
            continue
        kind = ours.get(int(fields[1])) or _kind(command, int(fields[1]))
        if kind:
            ours[pid] = kind
            used[kind] += sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")
    return dict(used)


def _kind(command: bytes, parent: int) -> str:
    """By what its command line says; empty for what is not of this run."""
    if b"/postgres" in command and str(FOLDER).encode() in command:
        return "PostgreSQL"
    if parent != os.getpid():
        return ""
    kinds = {b"rqworker": "workers", b"rqscheduler": "scheduler", b"job_per_reminder": "scheduler"}
    kinds |= {b"testing.sink": "sink", b"valkey": "Valkey"}
    return next((kind for sign, kind in kinds.items() if sign in command), "")
