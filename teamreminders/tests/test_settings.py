"""Starting with wrong settings ends in one line that names the variable."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
GOOD = {
    "DATABASE_URL": "postgres://reminders:secret@db.example.org:5432/reminders",
    "REDIS_URL": "redis://redis.example.org:6379/0",
    "EMAIL_URL": "smtp+tls://user:secret@mail.example.org:587",
    "SECRET_KEY": "kL3-vR9_xQ2wTz7YbN5mH8pJ4sD6fG1aXcEoUiWqZrByVnMt0K",
    "SITE_URL": "https://reminders.example.org",
    "ALLOWED_HOSTS": "reminders.example.org",
    "DEFAULT_FROM_EMAIL": "Team Reminders <reminders@example.org>",
    "EMAIL_RATE": "14/s",
    "EMAIL_DISCARD_EHLO": "chunking, PIPELINING",
    "DEBUG": "false",
    "TRUST_PROXY": "true",
    "LOG_FORMAT": "json",
    "METRICS_TOKEN": "kL3-vR9_xQ2wTz7YbN5mH8pJ",
    "LOCAL_INBOX": "",
}
REQUIRED = ["DATABASE_URL", "REDIS_URL", "EMAIL_URL", "SECRET_KEY", "SITE_URL", "DEFAULT_FROM_EMAIL"]
MALFORMED = {
    "DATABASE_URL": ["sqlite:///reminders.db", "mysql://db.example.org/reminders", "nonsense", "postgres://db.org"],
    "REDIS_URL": [
        "redis.example.org:6379",
        "http://redis.example.org",
        "redis://",
        "redis://h:notaport/0",
        "redis://h:99999",
        "redis://h/abc",
        "redis://h?socket_timeout=abc",
        "redis://h?bogus=1",
    ],
    "EMAIL_URL": ["mail.example.org", "pigeon://mail.example.org", "consolemail://", "dummymail://", "smtp://"],
    "SECRET_KEY": ["short", "python3 -c 'a command that was pasted instead of its answer'"],
    "SITE_URL": [
        "reminders.example.org",
        "ftp://reminders.example.org",
        "https://",
        "https://example.org/app",
        "https://a:b@c.example",
        "https://exa mple",
        "https://x:99999",
        "https://x:abc",
        "https://*",
    ],
    "ALLOWED_HOSTS": ["https://reminders.example.org", "reminders.example.org:8000", "a b"],
    "DEFAULT_FROM_EMAIL": [
        "reminders",
        "@",
        "a@example.org\nBcc: b@example.org",
        "a@b\rX",
        "a@b c",
        "A B a@example.org",
        "A <a@example.org>, B <b@example.org>",
    ],
    "EMAIL_DISCARD_EHLO": ["chunking pipelining", "250-CHUNKING,-"],
    "EMAIL_RATE": ["fast", "10", "0/s", "-1/s", "10/d", "1e9/s"],
    "DEBUG": ["perhaps"],
    "TRUST_PROXY": ["2"],
    "LOG_FORMAT": ["xml", "JSON"],
    "METRICS_TOKEN": ["short", "a sentence of more than twenty letters"],
    "LOCAL_INBOX": ["/var/mail"],
}


def python(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """Run Python in a good environment but for these variables; an empty one is unset, also where there is a .env."""
    bare = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-W", "ignore", *arguments],
        env=bare | GOOD | {"PYTHONDONTWRITEBYTECODE": "1"} | environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def start(**environment: str) -> "subprocess.CompletedProcess[str]":
    return python("-c", "import teamreminders.settings", **environment)


def test_it_starts_with_good_settings() -> None:
    started = start()
    assert (started.returncode, started.stderr) == (0, "")


@pytest.mark.parametrize("name", REQUIRED)
def test_a_missing_variable_is_named_with_an_example(name: str) -> None:
    _assert_it_names(name, start(**{name: ""}), "is not set")


@pytest.mark.parametrize(("name", "value"), [(name, value) for name in MALFORMED for value in MALFORMED[name]])
def test_a_malformed_variable_is_named_with_an_example_but_not_shown(name: str, value: str) -> None:
    started = start(**{name: value})
    why = {
        "LOCAL_INBOX": "would show",
        "ALLOWED_HOSTS": "without scheme and port",
        "LOG_FORMAT": "is none of json, line",
        "EMAIL_DISCARD_EHLO": "must be keywords",
        "EMAIL_RATE": "is not a number per second",
        "METRICS_TOKEN": "must be 20 characters or more",
    }
    _assert_it_names(
        name, started, "cannot be used" if name in REQUIRED else why.get(name, "is neither true nor false")
    )
    assert value not in started.stderr.partition("Example")[0]


@pytest.mark.parametrize("name", sorted(GOOD.keys() - {*REQUIRED, "LOCAL_INBOX"}))
def test_the_others_may_be_left_out(name: str) -> None:
    assert start(**{name: ""}).returncode == 0


@pytest.mark.parametrize(("given", "rate"), [("14/s", "14.0"), ("90/m", "1.5"), ("1800/h", "0.5"), ("", "None")])
def test_a_rate_is_a_number_per_second_minute_or_hour(given: str, rate: str) -> None:
    shown = "from teamreminders.settings import *; print(EMAIL_RATE)"
    assert python("-c", shown, EMAIL_RATE=given).stdout.strip() == rate


@pytest.mark.parametrize(("given", "keywords"), [(" Chunking,PIPELINING,", "['chunking', 'pipelining']"), ("", "[]")])
def test_what_to_disregard_of_the_mail_servers_offer(given: str, keywords: str) -> None:
    shown = "from teamreminders.settings import *; print(EMAIL_DISCARD_EHLO)"
    assert python("-c", shown, EMAIL_DISCARD_EHLO=given).stdout.strip() == keywords


@pytest.mark.parametrize("value", ["true", "True", "1", "on"])
def test_parameters_are_bound_here_and_not_by_the_server(value: str) -> None:
    """What says who acts goes before each statement, in the same round trip: two statements, which a server that binds
    parameters refuses."""
    started = start(DATABASE_URL=f"{GOOD['DATABASE_URL']}?server_side_binding={value}")
    _assert_it_names("DATABASE_URL", started, "server_side_binding")
    assert start(DATABASE_URL=f"{GOOD['DATABASE_URL']}?server_side_binding=false").returncode == 0


def test_production_passes_djangos_deployment_checks() -> None:
    checked = python("manage.py", "check", "--deploy", "--fail-level", "WARNING")
    assert checked.returncode == 0, checked.stderr
    assert "no issues" in checked.stdout


def test_cookies_and_redirects_follow_from_the_address_of_the_site() -> None:
    shown = "from teamreminders.settings import *; print(SESSION_COOKIE_SECURE, SECURE_SSL_REDIRECT, ALLOWED_HOSTS)"
    assert python("-c", shown).stdout.split() == ["True", "True", "['reminders.example.org']"]
    local = python("-c", shown, SITE_URL="http://localhost:8000/", ALLOWED_HOSTS="")
    assert local.stdout.split() == ["False", "False", "['localhost']"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", "-c idle_in_transaction_session_timeout=30s -c lock_timeout=10s"),
        ("?options=-c%20lock_timeout%3D3s", "-c lock_timeout=3s"),
        ("?options=", "None"),  # a pooler may refuse the parameter, even an empty one
        ("?sslmode=require&options=", "None"),
    ],
)
def test_sessions_have_time_limits_unless_the_address_says_otherwise(query: str, expected: str) -> None:
    shown = "from teamreminders.settings import *; print(DATABASES['default']['OPTIONS'].get('options'))"
    assert python("-c", shown, DATABASE_URL=GOOD["DATABASE_URL"] + query).stdout.strip() == expected


def _assert_it_names(name: str, started: "subprocess.CompletedProcess[str]", why: str) -> None:
    assert started.returncode == 1
    assert len(started.stderr.splitlines()) == 1
    assert f"{name} " in started.stderr
    assert why in started.stderr
    assert f"Example: {name}=" in started.stderr
