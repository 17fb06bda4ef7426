"""The JSON API: one document, one way to say what went wrong."""

from typing import Any

from csp.constants import SELF, UNSAFE_INLINE
from csp.decorators import csp_update
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.parser import Parser
from ninja.renderers import BaseRenderer
from pydantic_core import to_json

from accounts.api import router as accounts
from accounts.signing import router as signing
from reminders.api import router as reminders
from teams.api import router as teams

from . import problems
from .document import complete
from .problems import FieldProblem, Problem, pointer
from .strict_json import parse

DESCRIPTION = """\
Everything that a person can do on the pages. Times are RFC 3339 with an offset, and the zone stands beside them; errors
are problem details (RFC 9457). A POST that creates takes an `Idempotency-Key`.
"""
PYDANTIC = "Value error, "  # which it puts before the words of our own validators


class StrictParser(Parser):
    def parse_body(self, request: HttpRequest) -> Any:
        return parse(request.body)


class Renderer(BaseRenderer):
    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:
        return to_json(data)


class Api(NinjaAPI):
    def get_openapi_schema(self, **options: Any) -> Any:
        document = super().get_openapi_schema(**options)
        complete(document, self)
        return document


api = Api(
    title="Team Reminders",
    version="1",
    description=DESCRIPTION,
    parser=StrictParser(),
    renderer=Renderer(),
    docs_url="docs/",
    # Swagger UI writes style attributes; its scripts and its sheet are files of ours.
    docs_decorator=csp_update({"style-src": [SELF, UNSAFE_INLINE]}),
)


@api.exception_handler(Problem)
def _problem(request: HttpRequest, error: Problem) -> HttpResponse:
    if error.takes_back:
        transaction.set_rollback(True)
    detail = error.detail or (_("Something that was sent is not as it has to be.") if error.errors else "")
    return problems.answer(error.status, detail, error.errors, error.headers)


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    found = [_field_problem(*each["loc"], detail=each["msg"].removeprefix(PYDANTIC)) for each in error.errors]
    return problems.answer(422, _("Something that was sent is not as it has to be."), found)


def _field_problem(source: Any, *where: str | int, detail: str) -> FieldProblem:
    """Of the body, the first name is that of our parameter."""
    places = where[1:] if source == "body" else where
    return FieldProblem(source=source, pointer=pointer(*places), detail=detail)


@api.exception_handler(Http404)
def _not_found(request: HttpRequest, error: Http404) -> HttpResponse:
    transaction.set_rollback(True)
    return problems.answer(404, _("There is no such thing, or it is not yours to see."))


@api.exception_handler(PermissionDenied)
def _forbidden(request: HttpRequest, error: PermissionDenied) -> HttpResponse:
    transaction.set_rollback(True)
    return problems.answer(403, _("You may see this, but not do that."))


@api.exception_handler(AuthenticationError)
def _unknown(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    challenge = {"WWW-Authenticate": 'Bearer realm="api"'}
    return problems.answer(401, _("Say who you are: the token is missing, wrong, or has ended."), headers=challenge)


@api.exception_handler(HttpError)
def _refused(request: HttpRequest, error: HttpError) -> HttpResponse:
    transaction.set_rollback(True)
    return problems.answer(error.status_code, error.message)


api.add_router("/auth", signing)
api.add_router("", accounts)
api.add_router("", teams)
api.add_router("", reminders)
