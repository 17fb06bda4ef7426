"""What one run needs: the services that nobody configured, and the addresses it exports."""

import os
import re
import secrets
import shlex
from collections.abc import Mapping
from pathlib import Path

from .place import Place
from .postgres import Postgres
from .programs import free_port
from .valkey import Valkey

CHECKOUT = Path(__file__).resolve().parent.parent.parent
SENDER = "Team Reminders <reminders@localhost>"


class Run:
    """Exports an address for every variable that is not set, and starts the services behind those addresses.

    What is set already (in the environment or in `.env`) is used, and its service is not started.
    """

    def __init__(self, place: Place, *, quick: bool = False) -> None:
        self.place = place
        self.port = os.environ.get("PORT") or "8000"
        self.exported: dict[str, str] = {}
        self.postgres: Postgres | None = None
        self.valkey: Valkey | None = None
        self._quick = quick

    @property
    def env_file(self) -> Path:
        return self.place.folder / "local.env"

    def export(self) -> None:
        """Choose ports and set the variables; starts nothing. Call it once, before Django's settings are read."""
        configured = _configured()
        folder = self.place.folder
        if "DATABASE_URL" not in configured:
            self.postgres = Postgres(folder / "postgres", folder / "log" / "postgres.log", quick=self._quick)
            self._set("DATABASE_URL", self.postgres.url)
        if "REDIS_URL" not in configured:
            self.valkey = Valkey(folder / "valkey", folder / "log" / "valkey.log")
            self._set("REDIS_URL", self.valkey.url)
        if "EMAIL_URL" not in configured:
            self._set("EMAIL_URL", f"smtp://127.0.0.1:{free_port()}")
            self._set("LOCAL_INBOX", str(folder / "mail"))
        defaults = {
            "SECRET_KEY": self._kept_key,
            "SITE_URL": lambda: f"http://localhost:{self.port}",
            "DEFAULT_FROM_EMAIL": lambda: SENDER,
            "LOG_FORMAT": lambda: "line",  # a person reads it
        }
        if "SITE_URL" not in configured:  # gunicorn's own log names 127.0.0.1
            defaults["ALLOWED_HOSTS"] = lambda: "localhost,127.0.0.1"
        for name, value in defaults.items():
            if name not in configured:
                self._set(name, value())

    def _set(self, name: str, value: str) -> None:
        os.environ[name] = self.exported[name] = value

    def _kept_key(self) -> str:
        return read_env_file(self.env_file).get("SECRET_KEY") or secrets.token_urlsafe(50)

    def write_env_file(self) -> None:
        """Keep what was exported, for `make demo` and the like; only its owner may read it."""
        lines = [f"{name}={shlex.quote(value)}\n" for name, value in self.exported.items()]
        new = self.env_file.with_suffix(".new")
        new.unlink(missing_ok=True)
        with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.writelines(lines)
        new.rename(self.env_file)

    @property
    def services(self) -> list[Postgres | Valkey]:
        return [service for service in (self.postgres, self.valkey) if service]

    def start(self) -> None:
        """Start the services and return once they answer. Raises Fault."""
        for service in self.services:
            service.start()

    def stop(self) -> None:
        """End them, all at the same time."""
        for service in self.services:
            service.program.ask_to_end()
        for service in self.services:
            service.program.end()


def read_env_file(path: Path) -> dict[str, str]:
    """The variables of a file written by `write_env_file`; none when there is no file."""
    try:
        words = shlex.split(path.read_text())
    except (OSError, ValueError):
        return {}
    return dict(word.split("=", 1) for word in words if "=" in word)


def _configured() -> Mapping[str, str]:
    """What the environment and `.env` set to something."""
    found = {name: value for name, value in os.environ.items() if value}
    dotenv = CHECKOUT / ".env"
    if dotenv.is_file():
        lines = re.findall(
            r"^[ \t]*(?:export[ \t]+)?([A-Z_]+)[ \t]*=[ \t]*(?!(?:\"\"|'')?[ \t]*$)(\S+)",
            dotenv.read_text(),
            re.MULTILINE,
        )
        found |= {name: value for name, value in lines if name not in found}
    return found
