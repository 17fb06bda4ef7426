"""How a view answers htmx and a browser without it: one view, one context, two shapes of the same page."""

import re
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import quote, urlencode, urlsplit

from csp.constants import SELF, UNSAFE_INLINE
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.core.exceptions import RequestDataTooBig
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render, resolve_url
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.defaults import page_not_found
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails
from psycopg.errors import ForeignKeyViolation

Next = Callable[[HttpRequest], HttpResponseBase]
File = TypeVar("File", bound=HttpResponseBase)


class HtmxHttpRequest(HttpRequest):
    """A request after HtmxMiddleware; for annotations only."""

    htmx: HtmxDetails


def wants_partial(request: HttpRequest) -> bool:
    """htmx asked for a piece; not for a whole page through a boosted link or the Back button."""
    htmx: HtmxDetails = request.htmx  # type: ignore[attr-defined]
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request


def render_partial(
    request: HttpRequest, template: str, context: dict[str, Any] | None = None, *, partial: str, status: int = 200
) -> HttpResponse:
    """The page, or for htmx only its piece `partial`, with waiting messages put into the live region.

    Pass `status=422` with an invalid form: htmx swaps it in, a browser shows the page.
    """
    if wants_partial(request):
        response = render(request, f"{template}#{partial}", context, status=status)
        response.write(render_to_string("_messages.html#out-of-band", request=request))
    else:
        response = render(request, template, context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    patch_cache_control(response, private=True)
    return response


def go(request: HttpRequest, to: Any, *args: Any, **kwargs: Any) -> HttpResponse:
    """To another page after a change: a plain redirect, or one that htmx follows with the whole window."""
    if request.htmx:  # type: ignore[attr-defined]
        return HttpResponseClientRedirect(resolve_url(to, *args, **kwargs))
    return redirect(to, *args, **kwargs)


def came_from(request: HttpRequest) -> str:
    """The page of ours that the form was on, from the browser's Referer; empty where it does not say."""
    page = request.headers.get("Referer", "")
    allowed = {request.get_host()}
    if not url_has_allowed_host_and_scheme(page, allowed, require_https=request.is_secure()):
        return ""
    parts = urlsplit(page)
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    # A path of two slashes would be read as another host.
    return path if url_has_allowed_host_and_scheme(path, None) else ""


def tell(request: HttpRequest, text: str, *, undo_url: str = "", level: int = messages.SUCCESS) -> None:
    """Say what happened, on this answer or on the next page. `undo_url` takes a POST that takes it back."""
    messages.add_message(request, level, text, extra_tags=undo_url)


def name_file(response: File, name: str) -> File:
    """Have the browser keep it as a file of this name, and nobody else keep it at all.

    A name is what somebody typed: for browsers that know no other letters it also stands in ASCII, and neither has
    anything that a file system or a header could mistake.
    """
    name = re.sub(r"[\x00-\x1f\x7f/\\:*?\"<>|%]+", "-", name).strip(" .-")
    stem, _dot, ending = name.rpartition(".")
    plain = f"{slugify(stem) or 'export'}.{ending}"
    response["Content-Disposition"] = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
    patch_cache_control(response, private=True, no_store=True)
    return response


class HtmxAnswers:
    """Nothing that belongs to a whole page lands inside a piece of one, neither from us nor from a cache."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        patch_vary_headers(response, ["HX-Request"])
        if request.htmx and self._asks_to_sign_in(response):  # type: ignore[attr-defined]
            # What was typed into a form stays on the page; app.js says what happened.
            return HttpResponse(status=401) if request.method == "POST" else self._sign_in(request)
        if request.method == "POST" and self._asks_to_sign_in(response) and "?" in response["Location"]:
            return redirect(self._back_to_the_page(request))
        return response

    def _back_to_the_page(self, request: HttpRequest) -> str:
        """Where the form was; its own address may take nothing but forms."""
        referer = urlsplit(request.headers.get("Referer", ""))
        here = referer.netloc == request.get_host()
        page = f"{referer.path}?{referer.query}".rstrip("?") if here else resolve_url(settings.LOGIN_REDIRECT_URL)
        tell(request, _("You were signed out in the meantime. Nothing was changed."), level=messages.INFO)
        return f"{resolve_url(settings.LOGIN_URL)}?{urlencode({REDIRECT_FIELD_NAME: page})}"

    def _asks_to_sign_in(self, response: HttpResponseBase) -> bool:
        path = response.get("Location", "").partition("?")[0]
        return response.status_code == 302 and path == resolve_url(settings.LOGIN_URL)

    def _sign_in(self, request: HttpRequest) -> HttpResponse:
        """Back to the page that the person was on, since the address that was asked for may be a piece."""
        tell(request, _("You were signed out in the meantime. Sign in to go on where you were."), level=messages.INFO)
        page = request.htmx.current_url_abs_path or resolve_url(settings.LOGIN_REDIRECT_URL)  # type: ignore[attr-defined]
        query = urlencode({REDIRECT_FIELD_NAME: page})
        return HttpResponseClientRedirect(f"{resolve_url(settings.LOGIN_URL)}?{query}")


class GoneMeanwhile:
    """What a row was to belong to was removed while the request was at work: it is not there, and that is no fault."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The transaction of the request has been rolled back by now."""
        if isinstance(error, IntegrityError) and isinstance(error.__cause__, ForeignKeyViolation):
            return page_not_found(request, error)
        return None


# Files with a team's reminders, and a form around one.
IMPORTS = re.compile(r"(?:/api/v1)?/teams/[0-9a-f-]{36}/import/?")
MOST_IMPORTED = 5_000_000
AROUND_A_FILE = 10_000


class LimitBody:
    """Refuses a body above the limit before anything reads it; Django itself counts neither files nor the admin's.

    A body whose length is not said counts as empty with every WSGI server.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        length = request.META.get("CONTENT_LENGTH") or "0"
        large = IMPORTS.fullmatch(request.path_info)
        most = MOST_IMPORTED + AROUND_A_FILE if large else settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        if length.isdigit() and int(length) > most:
            raise RequestDataTooBig("The body is larger than DATA_UPLOAD_MAX_MEMORY_SIZE.")
        return self.get_response(request)


class RelaxPolicyOfAdminPages:
    """Inline style for /admin/, where django-rq's own pages carry some.

    Their inline scripts stay forbidden: they call a jQuery plugin that Django's admin lost long ago.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.path_info.startswith(self._admin_path()):
            response._csp_update = {"style-src": [SELF, UNSAFE_INLINE]}  # type: ignore[attr-defined]
        return response

    def _admin_path(self) -> str:
        try:
            return reverse("admin:index")
        except NoReverseMatch:
            return "/admin/"
