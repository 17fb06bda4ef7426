"""What no program sends in good faith: every operation gets it, over a socket; none fails, and nothing changes."""

import json
import os
import random
import uuid
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from django.apps import apps

from accounts.models import AccessToken, Scope
from accounts.tests.factories import UserFactory

from .test_api_fuzz import no_quota
from .test_api_table import operations

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("redis")]

# `HOSTILE=10000 make test ARGS="-k hostile"` asks that often.
REQUESTS = int(os.environ.get("HOSTILE", "1500"))
# They take no body and no name of a row: there is nothing to get wrong, and asking them is doing it.
DO_AT_ONCE = {"exportMe", "signOut"}
# These change when a request is let in: who asked, when.
BOOKKEEPING = {"accounts.AccessToken", "sessions.Session"}
DEEP = 20_000
# What certainly fits into the buffers of a socket: a server that refuses more may hang up while it is still sent.
FITS = 50_000
BODIES = [
    b"", b"{", b"]", b'{"a": 1,}', b"nul", b"NaN", b'{"title": NaN}', b'"text"', b"[]", b"17", b"\x00", b"\xff\xfe{}",
    '{"name": "ä"}'.encode("latin-1"), '{"name": "x"}'.encode("utf-16"), b'{"name": "\\ud800"}',
    b'{"name": "a\\u0000b"}', b"{}{}",
    b"[" * DEEP, b'{"a":' * DEEP, b"[" * DEEP + b"]" * DEEP, b'{"a":' * 500 + b"1" + b"}" * 500, b"1" * 5000, b"-" * 9,
    b'{"name": "' + b"x" * 900_000 + b'"}', b" " * 10_000_000, b'{"a": "' + b"x" * 10_000_000 + b'"}',
    b"name=x&zone=UTC", b"<xml/>", b'{"__proto__": {}}', b'{"\\ud83d": 1}', b"1e999999", b"\xef\xbb\xbf{}",
]  # fmt: skip
QUERIES = ["", "", "?size=-1&cursor=%00", "?cursor=%ff&q=%ed%a0%80", "?team=x&sort=;", "?" + "a=1&" * 900]
NAMES = ["name", "zone", "title", "schedule", "said", "email", "emails", "token", "person", "confirm", "slot", "wanted"]
WRONG: list[Any] = [None, True, 0, -1, 2**70, 1.5, "", "x" * 10_000, "\u202e", [], [[]], {}, {"a": {}}, ["x"] * 5000]
Headers = dict[str, str]
HEADERS: list[Headers] = [
    {}, {"Content-Type": "text/plain"}, {"Content-Type": "application/json; charset=utf-7"}, {"Content-Type": ""},
    {"Content-Type": "multipart/form-data"}, {"Content-Encoding": "gzip"}, {"If-Match": '"\xff'}, {"If-Match": ",,,"},
    {"Idempotency-Key": "x" * 5000}, {"Idempotency-Key": "\xe4"}, {"Accept-Language": "x" * 3000},
    {"Cookie": "a=\xff;;"},
    {"Authorization": "Bearer tr_\xff"}, {"Authorization": "Bearer " + "a." * 900}, {"Authorization": "Basic x"},
    {"Host": "evil.example"}, {"X-Forwarded-For": "x" * 2000}, {"Accept": "\x7f"}, {"X-HTTP-Method-Override": "DELETE"},
]  # fmt: skip


def requests(dice: random.Random) -> Iterator[tuple[str, str, bytes, Headers]]:
    chosen = [(method, path) for name, method, path in operations() if name not in DO_AT_ONCE]
    while True:
        method, path = dice.choice(chosen)
        path = path.replace("{", "\0{").replace("}", "}\0")
        pieces = [name(dice) if piece.startswith("{") else piece for piece in path.split("\0")]
        query = dice.choice(
            ["", "", "?size=-1&cursor=%00", "?cursor=%ff&q=%ed%a0%80", "?team=x&sort=;", "?" + "a=1&" * 900]
        )
        yield method, "".join(pieces) + query, body(dice), dice.choice(HEADERS)


def name(dice: random.Random) -> str:
    """Of no row that there is."""
    return dice.choice([str(uuid.uuid4()), str(uuid.uuid4()), "x", "%00", "..%2f..", "%ff", "a" * 500])


def body(dice: random.Random) -> bytes:
    """Broken, or of the wrong types all through."""
    if dice.random() < 0.6:
        return dice.choice(BODIES)
    return json.dumps({name: dice.choice(WRONG) for name in dice.sample(NAMES, 3)} | {"no such field": 1}).encode()


def rows() -> dict[str, list[Any]]:
    models = [model for model in apps.get_models() if model._meta.managed and model._meta.label not in BOOKKEEPING]
    return {model._meta.label: list(model._base_manager.order_by("pk").values()) for model in models}


def test_no_request_however_hostile_fails_or_changes_anything(live: str) -> None:
    secret = AccessToken.objects.make(UserFactory(), name="hostile", scope=Scope.WRITE)[1]
    before, dice, failed = rows(), random.Random(7), {}
    with no_quota():
        for _, (method, path, sent, headers) in zip(range(REQUESTS), requests(dice), strict=False):
            status = ask(live, method, path, sent, {"Authorization": f"Bearer {secret}"} | headers)
            if status is None or status >= 500:
                failed[method, path[:80], sent[:40], str(headers)[:80]] = status
    assert failed == {}
    assert rows() == before


def test_the_longest_address_that_makes_sense_is_not_too_long(live: str) -> None:
    """gunicorn answers longer ones by itself, in HTML: it has a setting for the limit, none for the words."""
    longest = "/api/v1/reminders?mine=true&for_me=true&state=paused&sort=changed&size=200&"
    longest += urlencode({"team": uuid.uuid4(), "q": "🎂" * 100, "cursor": "x" * 1500})
    assert ask(live, "GET", longest, b"", {}) == 401
    assert ask(live, "GET", "/api/v1/reminders?q=" + "x" * 4094, b"", {}) == 414


def ask(live: str, method: str, path: str, sent: bytes, headers: Headers) -> int | None:
    """The status; 0 where the server hung up on a body that was too long, None where it hung up for nothing."""
    connection = HTTPConnection(urlsplit(live).netloc, timeout=30)
    try:
        connection.request(method, path, sent, {"Content-Type": "application/json"} | headers)
        return connection.getresponse().status
    except (ConnectionError, HTTPException):
        return 0 if len(sent) > FITS else None
    finally:
        connection.close()
