"""The processes and services of one run, and the list of what was done to them."""

import os
import random
import resource
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from django.db import InterfaceError, OperationalError, connection
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from teamreminders.embedded.postgres import Postgres
from teamreminders.embedded.programs import free_port
from teamreminders.embedded.run import Run
from teamreminders.embedded.valkey import Valkey
from teamreminders.testing.sink import Fault
from teamreminders.testing.sink_process import Sink
from teamreminders.testing.stack import Handle, Stack, database_url

from .ledger import Key
from .process import DATABASE_OPTIONS

OFFERS = (("PIPELINING", "CHUNKING"), ("PIPELINING",), ())  # each is another way to send a message
PROCESS = "reminders.tests.chaos.process"
STANDSTILL = 1.5  # seconds; a read from the mail server may take 2.4
WORKER, SCHEDULER = (
    ("rqworker", "account", "default", "background", "--verbosity", "0"),
    ("rqscheduler", "--verbosity", "0"),
)


class World:
    """`pause`: seconds that the mail server takes for a message at the most."""

    def __init__(self, stack: Stack, services: Run, folder: Path, *, seed: int = 0, pause: float = 0.0) -> None:
        assert services.valkey and services.postgres
        self.valkey: Valkey = services.valkey
        self.postgres: Postgres = services.postgres
        self.random = random.Random(seed)
        self.workers: list[Handle] = []
        self.schedulers: list[Handle] = []
        self.timeline: list[str] = []
        self.kills = 0  # each may cost one duplicate
        self.ahead = 0.0  # seconds by which a scheduler's clock was ahead of ours at the most
        self._stack, self._folder = stack, folder
        self._clock_files: dict[Handle, Path] = {}
        self._started_at: dict[Handle, float] = {}
        self._begun_at = time.time()
        self.sink = self._start_sink(seed, pause)
        self._closed = threading.Event()
        threading.Thread(target=self._watch_the_machine, daemon=True).start()

    def _start_sink(self, seed: int, pause: float) -> Sink:
        offered = self.random.choice(OFFERS)
        self.note(f"the mail server offers {', '.join(offered) or 'nothing'}")
        sink = Sink(free_port(), self._folder / "sink.log", seed=seed, pause=pause, offered=offered)
        sink.start()
        return sink

    def note(self, words: str) -> None:
        self.timeline.append(f"{time.time() - self._begun_at:6.2f}  {words}")

    def arrived(self) -> Counter[Key]:
        """How many messages of each the mail server has accepted; a message is one Message-ID."""
        found = {(entry.recipient, entry.subject, entry.message_id) for entry in self.sink.accepted()}
        return Counter(Key(recipient, subject) for recipient, subject, _message in found)

    # --- Processes ---

    def start_worker(self) -> Handle:
        self.workers.append(self._start(WORKER))
        return self.workers[-1]

    def start_scheduler(self) -> Handle:
        self.schedulers.append(self._start(SCHEDULER))
        return self.schedulers[-1]

    def kill(self, handle: Handle) -> None:
        """Kill -9."""
        handle.kill(signal.SIGKILL)
        for handles in (self.workers, self.schedulers):
            if handle in handles:
                handles.remove(handle)

    def turn_clock(self, handle: Handle, seconds: float) -> None:
        """Set it that much ahead of ours, or back."""
        self._clock_files[handle].write_text(f"{seconds:+.1f}")

    def heal(self) -> None:
        self.sink.set(Fault.NONE)
        self.note("all is well again")

    def end(self) -> None:
        """Ask all processes to end; fails when one does not end well, and has it say where it stands."""
        for handle in self.workers + self.schedulers:
            handle.kill(signal.SIGTERM)
        for handle in self.workers + self.schedulers:
            if not _has_ended(handle, within=30):
                handle.kill(signal.SIGUSR1)
                time.sleep(0.5)
            ended_as = handle.stop(1)
            assert ended_as == 0, f"{handle.pid} ended as {ended_as}: {handle.log.read_text()[-4000:]}"
        self.sink.kill(signal.SIGTERM)

    def close(self) -> None:
        """Leave the services well to the next test, wherever this one broke off."""
        self._closed.set()
        self.sink.kill()
        for handle in self.workers + self.schedulers:
            handle.kill(signal.SIGCONT)
        for service in (self.valkey, self.postgres):
            if service.program.has_ended():
                service.start()
        limit_files(self.valkey.program.pid, None)

    def supervise(self) -> None:
        """Start again what has ended by itself, as it may when a service is away while it starts."""
        for handles, start in ((self.workers, self.start_worker), (self.schedulers, self.start_scheduler)):
            for handle in [each for each in handles if not each.is_running]:
                age = time.monotonic() - self._started_at[handle]
                assert age < 30, f"{handle.pid} has ended by itself: {handle.log.read_text()[-2000:]}"
                handles.remove(handle)
                self.note(f"{handle.pid}: ended while it started; started again as {start().pid}")

    def _watch_the_machine(self) -> None:
        """One that stands still, as guests do, freezes us all: an answer that was on its way then comes too late."""
        seen_at = time.monotonic()
        while not self._closed.wait(0.1):
            stood_still, seen_at = time.monotonic() - seen_at, time.monotonic()
            if stood_still > STANDSTILL:
                self.note(f"the whole machine stood still for {stood_still:.1f} s")
                self.kills += len(self.workers)

    def _start(self, words: tuple[str, ...]) -> Handle:
        address = f"{database_url()}?{urlencode({'options': DATABASE_OPTIONS}, quote_via=quote)}"
        environment = {"DATABASE_URL": address, "EMAIL_URL": f"smtp://127.0.0.1:{self.sink.port}"}
        clock = self._folder / f"clock-{len(self._clock_files)}"
        clock.write_text("+0")
        handle = self._stack.module(PROCESS, str(clock), *words, **environment)
        self._clock_files[handle] = clock
        self._started_at[handle] = time.monotonic()
        return handle

    # --- Services ---

    @property
    def redis(self) -> Any:
        """A client that fails at once."""
        return Redis.from_url(os.environ["REDIS_URL"], socket_timeout=2, retry=Retry(NoBackoff(), 0))

    def kill_postgres(self, seconds: float) -> None:
        """Kill -9, all of it; there is none for that long."""
        connection.close()
        self.postgres.program.kill()
        time.sleep(seconds)
        self.postgres.start()


def _has_ended(handle: Handle, within: float) -> bool:
    deadline = time.monotonic() + within
    while handle.is_running and time.monotonic() < deadline:
        time.sleep(0.02)
    return not handle.is_running


def limit_files(pid: int, size: int | None) -> None:
    """No file that the process writes may grow beyond this: what it sees of a full disk."""
    _, most = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (most if size is None else size, most))


def until(condition: Callable[[], Any], seconds: float = 30, why_not: Callable[[], Any] = str) -> Any:
    """The condition's value, once it has one; fails when it takes too long. A database that is away is asked again."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            value = condition()
        except (OperationalError, InterfaceError):
            connection.close()
            value = None
        if value:
            return value
        time.sleep(0.05)
    raise AssertionError(f"not true within {seconds} s: {why_not()}")
