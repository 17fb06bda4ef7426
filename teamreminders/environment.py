"""Reading the environment, for `settings` alone: what a variable must look like, and the line that says so."""

import ipaddress
import re
import sys
from collections.abc import Callable, Collection
from email.utils import getaddresses
from typing import Any, NoReturn, TypeVar
from urllib.parse import SplitResult, urlsplit

import environ
from redis import ConnectionPool

T = TypeVar("T")

env = environ.Env()

EXAMPLES = {
    "DATABASE_URL": "postgres://reminders:secret@db.example.org:5432/reminders",
    "REDIS_URL": "redis://:secret@redis.example.org:6379/0",
    "EMAIL_URL": "smtp+tls://user:secret@mail.example.org:587",
    "SECRET_KEY": "(50 random characters: python3 -c 'import secrets; print(secrets.token_urlsafe(50))')",
    "SITE_URL": "https://reminders.example.org",
    "ALLOWED_HOSTS": "reminders.example.org,www.reminders.example.org",
    "DEFAULT_FROM_EMAIL": "Team Reminders <reminders@example.org>",
    "EMAIL_RATE": "14/s",
    "EMAIL_DISCARD_EHLO": "chunking",
    "DEBUG": "false",
    "TRUST_PROXY": "true",
    "LOG_FORMAT": "json",
    "METRICS_TOKEN": "(30 random characters: python3 -c 'import secrets; print(secrets.token_urlsafe(30))')",
    "LOCAL_INBOX": "",
}


def stop(name: str, why: str) -> NoReturn:
    """End the process with the one line an operator needs."""
    sys.exit(f"Team Reminders cannot start: {name} {why}. Example: {name}={EXAMPLES[name]}")


def read(name: str, reader: Callable[[str], T], check: Callable[[T], bool] = bool) -> T:
    """The required variable `name`; `check` says whether its value makes sense."""
    if not env.ENVIRON.get(name):
        stop(name, "is not set")
    try:
        value = reader(name)
        good = check(value)
    except Exception:
        good = False
    if not good:
        stop(name, "is set to something that cannot be used")
    return value


def read_database(name: str) -> dict[str, Any]:
    """PostgreSQL's address and options.

    Not with parameters that travel apart from their statement: it must then be alone, and `acting` puts one before it.
    """
    database = read(name, env.db, is_database)
    apart = str(database.get("OPTIONS", {}).get("server_side_binding", "false"))
    if apart.lower() not in {"false", "no", "off", "0"}:
        stop(name, "must leave out server_side_binding")
    return database


def read_flag(name: str) -> bool:
    """An optional yes or no; off when it is not set."""
    if not env.ENVIRON.get(name):
        return False
    if env.ENVIRON[name].lower() not in {"true", "false", "yes", "no", "on", "off", "1", "0"}:
        stop(name, "is neither true nor false")
    return bool(env.bool(name))


def read_choice(name: str, choices: Collection[str], default: str) -> str:
    """An optional word, one of a few."""
    value = str(env.ENVIRON.get(name) or default)
    if value not in choices:
        stop(name, f"is none of {', '.join(choices)}")
    return value


def read_rate(name: str) -> float | None:
    """An optional number of messages per second, minute or hour, as a number per second; None when it is not set."""
    given = env.ENVIRON.get(name, "").strip()
    if not given:
        return None
    found = re.fullmatch(r"(\d{1,7}(?:\.\d{1,3})?)/([smh])", given)
    rate = float(found[1]) / {"s": 1, "m": 60, "h": 3600}[found[2]] if found else 0
    if not rate:
        stop(name, "is not a number per second, minute or hour")
    return rate


def read_keywords(name: str) -> list[str]:
    """Optional keywords with commas between, in small letters."""
    keywords = [word.strip().lower() for word in env.ENVIRON.get(name, "").split(",") if word.strip()]
    if not all(re.fullmatch(r"[a-z0-9][a-z0-9-]*", word) for word in keywords):
        stop(name, "must be keywords with commas between")
    return keywords


def is_site(url: str) -> bool:
    """A scheme and a name; pages live at the root, and nobody signs in by the address."""
    site = urlsplit(url)
    root = not (site.path or site.query or site.fragment or site.username)
    return site.scheme in {"http", "https"} and _names_a_host(site) and root


def is_host(name: str) -> bool:
    """A name, an address, or one that begins with a dot for all below it (Django's ALLOWED_HOSTS)."""
    return _is_name(name.removeprefix(".")) or name == "*"


def is_sender(address: str) -> bool:
    """One mailbox, with or without a name before it."""
    addresses = getaddresses([address]) if address.isprintable() else []
    found = addresses[0][1] if len(addresses) == 1 else ""
    return bool(re.fullmatch(r"[^\s@]+@[^\s@]+", found)) and found in address


def is_database(database: dict[str, Any]) -> bool:
    """PostgreSQL, and which one; without a host it is the machine's own socket."""
    return "postgresql" in database["ENGINE"] and bool(database["NAME"])


def is_redis(url: str) -> bool:
    """What redis-py can make a connection of; it reads the port, the number and the options when asked for one."""
    where = urlsplit(url)
    names_it = bool(where.path) if where.scheme == "unix" else _names_a_host(where) and _is_number(where.path[1:])
    if where.scheme not in {"redis", "rediss", "unix"} or not names_it:
        return False
    ConnectionPool.from_url(url).make_connection()
    return True


def is_mail_server(email: dict[str, Any]) -> bool:
    """SMTP, and where: the other backends that an address can name keep or drop mail that would count as sent."""
    return email["EMAIL_BACKEND"].endswith("smtp.EmailBackend") and _is_name(email["EMAIL_HOST"] or "")


def _names_a_host(url: SplitResult) -> bool:
    """Raises ValueError for a port that is none."""
    return url.port != 0 and _is_name(url.hostname or "")


def _is_name(name: str) -> bool:
    if re.fullmatch(r"[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?", name):
        return True
    try:
        return bool(ipaddress.ip_address(name.strip("[]")))
    except ValueError:
        return False


def _is_number(text: str) -> bool:
    return not text or text.isdigit()
