"""`manage.py` with the engine's time spans cut to a fifth: python -m reminders.tests.chaos.process CLOCK rqscheduler

A claim of 60 s would make a run of some minutes of every kill. Cut are all the spans that depend on each other, so
that their order stays: a message ends before its claim lapses, a batch before it is handed over again. CHAOS_PACE=1
leaves them as they are in production.

CLOCK is a file: the process's clock is ahead by as many seconds as it says. SIGUSR1 has the process log its stack.
Nothing else differs from `manage.py`.
"""

import faulthandler
import importlib
import os
import signal
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import django
import time_machine
from django.conf import settings
from django.core.management import execute_from_command_line

PACE = int(os.environ.get("CHAOS_PACE", "5"))
LEASE, HAND_OVER_AGAIN = timedelta(seconds=60) / PACE, timedelta(seconds=30) / PACE
SPANS: dict[str, Any] = {
    "LEASE": LEASE,
    "SECOND_LOOK": timedelta(seconds=10) / PACE,
    "HAND_OVER_AGAIN": HAND_OVER_AGAIN,
    "BATCH_TIME": timedelta(seconds=25) / PACE,
    "SECONDS_FOR_ONE": 50 / PACE,
    "FRESH": timedelta(seconds=5) / PACE,
    "SETTLE_SECONDS": 45 / PACE if PACE > 1 else 20,  # a crash of PostgreSQL takes as long to mend as ever
    "SET_ASIDE_FOR": timedelta(minutes=5) / PACE**2,
}
# For `?options=` of DATABASE_URL; see settings.DATABASE.
LOCK_SECONDS = 10 // PACE
DATABASE_OPTIONS = f"-c idle_in_transaction_session_timeout={30 // PACE}s -c lock_timeout={LOCK_SECONDS}s"


def main() -> None:
    faulthandler.register(signal.SIGUSR1, all_threads=True)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "teamreminders.settings")
    django.setup()
    for name in ("reminders.jobs", "reminders.scheduler"):
        importlib.import_module(name)
    if PACE > 1:
        hasten([module for name, module in sys.modules.items() if name.startswith(("reminders.", "teamreminders."))])
    threading.Thread(target=go_by, args=(Path(sys.argv.pop(1)),), daemon=True).start()
    execute_from_command_line(sys.argv)


def go_by(clock: Path) -> None:
    """Turn the clock as the file says, whenever that changes; time that only passes is left alone."""
    ahead, turned = 0.0, None
    while True:
        wanted = float(clock.read_text() or ahead)
        if wanted != ahead:
            if turned:
                turned.stop()
            turned = time_machine.travel(time.time() + wanted, tick=True) if wanted else None
            if turned:
                turned.start()
            ahead = wanted
        time.sleep(0.2)


def hasten(modules: list[ModuleType]) -> None:
    """Cut the spans wherever a module has one, also by importing its name. Fails when one is not there any more."""
    settings.EMAIL_TIMEOUT /= PACE
    backoff = sys.modules["teamreminders.outbox"].backoff
    names = SPANS | {"backoff": lambda tries: backoff(tries) / PACE}
    missing = set(names)
    for module in modules:
        for name in vars(module).keys() & names.keys():
            setattr(module, name, names[name])
            missing.discard(name)
    if missing:
        sys.exit(f"the engine has no {', '.join(sorted(missing))} any more: mend {__name__}")


if __name__ == "__main__":
    main()
