"""`make run`: everything on this machine, ended by Ctrl-C."""

import http.client
import os
import shlex
import signal
import sys
import time
from io import StringIO
from types import FrameType
from typing import Any, NoReturn

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import OperationalError, connections

from teamreminders.embedded import local
from teamreminders.embedded.fault import Fault
from teamreminders.embedded.programs import is_taken
from teamreminders.embedded.run import CHECKOUT, Run
from teamreminders.management.processes import Processes

SLOW_AFTER = 30
ASK_A_BROKEN_PAGE_EVERY = 5


class Command(BaseCommand):
    help = "Run everything on this machine: database, queue, web, worker, scheduler and a local inbox."
    requires_system_checks: list[str] = []  # of the database: it does not run yet

    def handle(self, *args: Any, **options: Any) -> None:
        run = local.prepared
        if run is None:
            sys.exit("Start it as `python manage.py up`.")
        signal.signal(signal.SIGTERM, _leave)
        try:
            self._prepare(run)
            why = self._run_processes(run)
        except Fault as fault:
            why = f"Team Reminders cannot start: {fault}"
        except KeyboardInterrupt:
            why = ""
        finally:
            for sign in (signal.SIGINT, signal.SIGTERM):
                signal.signal(sign, signal.SIG_IGN)  # the databases are being ended already
            run.stop()
            run.place.release()
        if why:
            sys.exit(why)
        self._say("Team Reminders has ended; its data are kept for the next start.")

    def _prepare(self, run: Run) -> None:
        if not run.port.isdigit() or not 0 < int(run.port) < 65536:
            raise Fault(f"PORT is {run.port}, which is not a port. Example: make run PORT=8001")
        if is_taken(int(run.port)):
            raise Fault(
                f"port {run.port} is in use by another program. Choose another: make run PORT={_next(run.port)}"
            )
        if run.services:
            self._say("Starting " + " and ".join(service.program.name for service in run.services) + " ...")
        run.start()
        if run.postgres:
            for note in run.postgres.notes:
                self._say(note)
        self._say("Preparing the database and the static files ...")
        try:
            call_command("migrate", interactive=False, verbosity=0)
            call_command("createcachetable", verbosity=0)
            call_command("recompute_schedules", stdout=StringIO())
        except OperationalError as error:
            raise Fault(f"the database does not answer: {' '.join(str(error).split())}.") from error
        call_command("collectstatic", interactive=False, verbosity=0)
        connections.close_all()

    def _run_processes(self, run: Run) -> str:
        """Run until one ends or a signal comes. Says why they ended, unless it was asked for."""
        processes = Processes(_Watch(run, self._say))
        environment = os.environ | {"PYTHONUNBUFFERED": "1"}
        for name, command in _commands(run).items():
            processes.add_process(name, f"exec {shlex.join(command)}", env=environment, cwd=str(CHECKOUT))
        processes.loop()
        return processes.why

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()


class _Watch:
    """Says the address once the page answers; notices a database that ended."""

    def __init__(self, run: Run, say: Any) -> None:
        self._run = run
        self._say = say
        self._slow_at = time.monotonic() + SLOW_AFTER
        self._ask_at = 0.0
        self._announced = False

    def __call__(self) -> str:
        for service in self._run.services:
            if service.program.has_ended():
                return f"{service.program.name} ended by itself: {service.program.last_words()}."
        if not self._announced and time.monotonic() >= self._ask_at:
            self._announce()
        return ""

    def _announce(self) -> None:
        status = _status_of_front_page(int(self._run.port))
        if status and status < 500:
            self._announced = True
            self._say(f"\nTeam Reminders is running: {settings.SITE_URL}")
            if settings.LOCAL_INBOX:
                self._say(f"Mail that it sends:        {settings.SITE_URL}/inbox/")
            self._say("Demo data: `make demo` in another terminal. Ctrl-C ends everything.\n")
            return
        if status:  # an error: each question may write a page of its log
            self._ask_at = time.monotonic() + ASK_A_BROKEN_PAGE_EVERY
        if time.monotonic() > self._slow_at:
            self._slow_at = float("inf")
            self._say(f"The front page answers with {status or 'nothing'}: see the lines of web above.")


def _commands(run: Run) -> dict[str, list[str]]:
    python, manage = sys.executable, "manage.py"
    web = [python, "-m", "gunicorn", "teamreminders.wsgi", "--bind", f"127.0.0.1:{run.port}", "--threads", "8"]
    web += ["--graceful-timeout", "1", "--no-control-socket"]
    commands = {
        "web": web + (["--reload"] if settings.DEBUG else []),
        "worker": [python, manage, "rqworker", "account", "default", "background", "--verbosity", "0"],
        "scheduler": [python, manage, "rqscheduler", "--verbosity", "0"],
    }
    if "LOCAL_INBOX" in run.exported:
        commands["inbox"] = [python, manage, "inbox"]
    return commands


def _status_of_front_page(port: int) -> int:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        line.request("GET", "/", headers={"Host": settings.SITE.netloc})
        return line.getresponse().status
    except OSError:
        return 0
    finally:
        line.close()


def _next(port: str) -> int:
    return int(port) + 1


def _leave(signum: int, frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt
