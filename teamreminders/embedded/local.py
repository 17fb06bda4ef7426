"""The run of `manage.py up`: made before Django's settings are read, used by the command."""

import importlib.util
import sys

from .fault import Fault
from .place import Place
from .run import CHECKOUT, Run, read_env_file

NEEDED = ("honcho", "aiosmtpd", "gunicorn")

prepared: Run | None = None


def prepare() -> None:
    """Own the data folder, end what a killed run left, export the addresses. Ends the process when that fails."""
    global prepared
    try:
        prepared = _prepare()
    except Fault as fault:
        sys.exit(f"Team Reminders cannot start: {fault}")


def _prepare() -> Run:
    missing = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        raise Fault(
            f"{', '.join(missing)} is not installed: start it with `make run`, or install requirements-dev.txt."
        )
    place = Place(CHECKOUT / "var")
    place.create()
    place.mark()
    run = Run(place)
    if not place.lock():
        site = read_env_file(run.env_file).get("SITE_URL", "")
        raise Fault(f"it is already running in this checkout{site and ' at ' + site}; end that run first.")
    ended = place.end_leftovers()
    if ended:
        print(f"Ended {ended} processes that an earlier run had left behind.", flush=True)
    run.export()
    run.write_env_file()
    return run
