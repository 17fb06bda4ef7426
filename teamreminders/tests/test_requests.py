"""The name of a request: in the answer, in the log, on the page of an error, and nobody but a proxy gives it."""

import json
import logging
import re
from io import StringIO
from typing import Any

import pytest
from django.http import HttpRequest
from django.test import Client

from teamreminders.logs import JsonLine, WithRequest
from teamreminders.requests import HEADER
from teamreminders.shell import bad_request, server_error

OURS = re.compile(r"[0-9a-f]{32}")
THEIRS = "01HF2Z6W8V-of_the_proxy"


@pytest.fixture
def log() -> Any:
    """What is written about requests meanwhile, as JSON lines."""
    written, logger = StringIO(), logging.getLogger("django.request")
    handler = logging.StreamHandler(written)
    handler.setFormatter(JsonLine())
    handler.addFilter(WithRequest())
    logger.addHandler(handler)
    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    logger.removeHandler(handler)


@pytest.mark.django_db
def test_what_an_error_page_says_is_found_in_the_log(client: Client, log: Any) -> None:
    answer = client.get("/nothing/here/")
    name = answer.headers[HEADER]
    assert OURS.fullmatch(name)
    assert f"<code>{name}</code>" in answer.content.decode()
    assert [line["request_id"] for line in log()] == [name]


def test_two_requests_have_two_names(client: Client) -> None:
    assert client.get("/healthz").headers[HEADER] != client.get("/healthz").headers[HEADER]


def test_a_trusted_proxy_names_them(client: Client, settings: Any) -> None:
    settings.TRUST_PROXY = True
    assert client.get("/healthz", headers={HEADER: THEIRS}).headers[HEADER] == THEIRS


@pytest.mark.parametrize("name", ["short", "a b c d e f g h", "<script>alert(1)", "x" * 65, "line\nof-its-own"])
def test_what_could_not_stand_in_a_log_is_replaced(client: Client, settings: Any, name: str) -> None:
    settings.TRUST_PROXY = True
    assert OURS.fullmatch(client.get("/healthz", headers={HEADER: name}).headers[HEADER])


def test_without_a_proxy_nobody_chooses_the_name(client: Client) -> None:
    assert OURS.fullmatch(client.get("/healthz", headers={HEADER: THEIRS}).headers[HEADER])


def test_the_pages_that_need_nothing_say_it_too(rf: Any) -> None:
    request: HttpRequest = rf.get("/")
    request.request_id = THEIRS
    request.COOKIES["scheme"] = "dark"
    for answer in (server_error(request), bad_request(request, ValueError())):
        html = answer.content.decode()
        assert f"<code>{THEIRS}</code>" in html and 'data-scheme="dark"' in html
