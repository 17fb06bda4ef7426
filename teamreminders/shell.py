"""What is around every page: light or dark, what a device installs, and the page of an error."""

from typing import Any
from zlib import crc32

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import trigger_client_event

from .http import came_from, wants_partial

SCHEME = "scheme"  # the cookie; without one it is as the device says
SCHEMES = ("light", "dark")
YEAR = 365 * 24 * 3600


def around(request: HttpRequest) -> dict[str, Any]:
    """Context of every page."""
    return {"scheme": scheme_of(request), "site_url": settings.SITE_URL, "keeps_files": not settings.DEBUG}


def scheme_of(request: HttpRequest) -> str:
    """Light or dark, as somebody chose in this browser; empty: as the device says."""
    chosen = request.COOKIES.get(SCHEME, "")
    return chosen if chosen in SCHEMES else ""


@require_POST
def scheme(request: HttpRequest) -> HttpResponse:
    """Light, dark, or as the device says, for this browser: it is the screen that is too bright, not the person."""
    chosen = request.POST.get(SCHEME, "")
    if chosen not in {"", *SCHEMES}:
        raise Http404
    if wants_partial(request):
        request.COOKIES[SCHEME] = chosen
        response = trigger_client_event(render(request, "_scheme.html"), "scheme:changed", {"value": chosen})
    else:
        response = redirect(came_from(request) or "front")
        response.status_code = 303  # which may lead to the sign-in without asking for it
    if chosen:
        response.set_cookie(SCHEME, chosen, max_age=YEAR, secure=settings.HTTPS, samesite="Lax", httponly=True)
    else:
        response.delete_cookie(SCHEME, samesite="Lax")
    return response


@require_safe
@cache_control(max_age=3600)
def manifest(request: HttpRequest) -> HttpResponse:
    """What a device installs."""
    return render(request, "manifest.webmanifest", content_type="application/manifest+json")


@require_safe
@never_cache
def service_worker(request: HttpRequest) -> HttpResponse:
    """For the whole site, hence at its root. It changes with what it keeps, so that old copies go."""
    words = crc32(render_to_string("offline.html").encode())
    version = f"{getattr(staticfiles_storage, 'manifest_hash', '')}-{words:08x}"
    context = {"version": version, "prefix": settings.STATIC_URL}
    return render(request, "service-worker.js", context, content_type="text/javascript")


@require_safe
@cache_control(max_age=3600)
def offline(request: HttpRequest) -> HttpResponse:
    """What the service worker keeps for a time without a network: the same for everybody."""
    return render(request, "offline.html")


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """For whoever does not read the page first."""
    return redirect(static("icons/favicon.ico"))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return HttpResponse(_alone(request, "400.html"), status=400)


def server_error(request: HttpRequest) -> HttpResponse:
    return HttpResponse(_alone(request, "500.html"), status=500)


def _alone(request: HttpRequest, template: str) -> str:
    """A page that asks neither the database nor the session, whatever has failed."""
    named = getattr(request, "request_id", "")
    return render_to_string(template, {"request_id": named, "scheme": scheme_of(request)})
