"""What gunicorn is given."""

import http.client
from typing import Any
from urllib.parse import urlsplit

import pytest

pytestmark = pytest.mark.django_db(transaction=True)

PATHS = ["/", "/accounts/login/", "/nowhere/", "/favicon.ico", "/static/admin/css/base.css"]


def asked(method: str, site: str, path: str) -> tuple[int, str | None, bytes]:
    """Status, length as said, and all that came after the headers."""
    connection = http.client.HTTPConnection(str(urlsplit(site).netloc), timeout=10)
    connection.request(method, path, headers={"Connection": "close"})
    answer = connection.getresponse()
    return answer.status, answer.getheader("Content-Length"), answer.read()


def test_head_is_answered_like_get_without_a_body(stack: Any) -> None:
    web = stack.web()
    for path in PATHS:
        status, length, body = asked("GET", stack.site, path)
        assert length == str(len(body)) and (body or status == 302), path
        assert asked("HEAD", stack.site, path) == (status, length, b""), path
    assert asked("HEAD", stack.site, "/healthz")[0] == 405  # also a refusal has no body
    web.stop()
    assert "no-body response" not in web.log.read_text()
