"""Errors of the API, as problem details (RFC 9457)."""

from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Any, Literal

from django.forms import BaseForm
from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from ninja import Schema
from pydantic import Field

PATHS = "/api/"
CONTENT_TYPE = "application/problem+json"
Source = Literal["body", "query", "path", "header"]


class FieldProblem(Schema):
    """What is wrong with one value that was sent."""

    source: Source = Field("body", description="Which part of the request it is in.")
    pointer: str = Field(description="Where in that part, as a JSON pointer (RFC 6901); empty: all of it.")
    detail: str = Field(description="What is wrong, for people to read.")


class ProblemDetails(Schema):
    """RFC 9457, section 3."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str = ""
    errors: list[FieldProblem] = Field(default=[], description="Value by value, where that is known.")


class Problem(Exception):
    """Answered as problem details, and what the request has changed is taken back, unless told otherwise.

    `errors`: a pointer into the body, or another `source`, and what is wrong there.
    """

    def __init__(
        self,
        status: int,
        detail: Any = "",
        *,
        errors: Sequence[tuple[str, Any]] = (),
        source: Source = "body",
        headers: Mapping[str, str] | None = None,
        takes_back: bool = True,
    ) -> None:
        super().__init__(status, detail)
        self.status, self.detail, self.headers, self.takes_back = status, str(detail), headers, takes_back
        self.errors = [FieldProblem(source=source, pointer=where, detail=str(wrong)) for where, wrong in errors]


def answer(
    status: int, detail: str = "", errors: Sequence[FieldProblem] = (), headers: Mapping[str, str] | None = None
) -> JsonResponse:
    details = ProblemDetails(title=HTTPStatus(status).phrase, status=status, detail=detail, errors=list(errors))
    return JsonResponse(details.model_dump(), status=status, content_type=CONTENT_TYPE, headers=headers)


def pointer(*parts: str | int) -> str:
    """RFC 6901."""
    return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in parts)


def check(form: BaseForm) -> None:
    """What a page's form finds wrong, said of the values that were sent. Raises Problem."""
    if form.is_valid():
        return
    found = [
        (pointer(name) if name in form.fields else "", wrong)
        for name, errors in form.errors.items()
        for wrong in errors
    ]
    raise Problem(422, _("Something that was sent is not as it has to be."), errors=found)


class ApiAnswers:
    """Whatever goes wrong below /api/ is answered as a problem, also where Django or a middleware says so."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(PATHS):
            return self.get_response(request)
        if "\0" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            return answer(400, "The address must not have NUL in it.")
        response = self.get_response(request)
        if response.status_code >= 400 and response.get("Content-Type", "") != CONTENT_TYPE:
            kept = {name: response[name] for name in ("Allow", "Retry-After", "WWW-Authenticate") if name in response}
            response = answer(self._status(request, response), headers=kept)
        if left := getattr(request, "quota", None):
            for name, value in left.headers.items():
                response.headers[name] = value
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    def _status(self, request: HttpRequest, response: HttpResponseBase) -> int:
        """Django says 400 of a body that is too large."""
        length = request.META.get("CONTENT_LENGTH") or "0"
        too_large = response.status_code == 400 and length.isdigit() and int(length) > MOST_BYTES
        return 413 if too_large else response.status_code


MOST_BYTES = 1_000_000
