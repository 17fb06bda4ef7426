"""Every request has a name: what somebody reads off a page that failed is found in the log."""

import re
import uuid
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from .logs import REQUEST

Next = Callable[[HttpRequest], HttpResponseBase]
HEADER = "X-Request-ID"
# What proxies send: UUIDs, hex digits, ULIDs. It stands in a log line and on a page.
SANE = re.compile(r"[A-Za-z0-9_-]{8,64}")


class NamedRequests:
    """Names each request, its log lines and its answer: as the proxy did, where one is trusted, else anew."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        name = request.request_id = given(request) or uuid.uuid4().hex  # type: ignore[attr-defined]
        token = REQUEST.set(name)
        try:
            response = self.get_response(request)
        finally:
            REQUEST.reset(token)
        response.headers[HEADER] = name
        return response


def given(request: HttpRequest) -> str:
    """The name that a trusted proxy gave it; empty without one."""
    name = request.headers.get(HEADER, "")
    return name if settings.TRUST_PROXY and SANE.fullmatch(name) else ""
