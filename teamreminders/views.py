"""The front page and what machines ask."""

from io import StringIO

import django_rq
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST, require_safe
from prometheus_client import CONTENT_TYPE_LATEST
from redis.exceptions import RedisError

from reminders import reconciler

from . import heartbeat, vitals
from . import metrics as measured


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """What this is, for those who are signed out; Today for the others."""
    if request.user.is_authenticated:
        return redirect(settings.LOGIN_REDIRECT_URL)
    return render(request, "front.html")


@never_cache
@require_GET
@transaction.non_atomic_requests
def healthz(request: HttpRequest) -> HttpResponse:
    """The process is alive; touches nothing else."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
@require_GET
@transaction.non_atomic_requests
def readyz(request: HttpRequest) -> JsonResponse:
    """Whether the database and Redis answer: 200, or 503 with the reason."""
    checks = {"database": _database_fault(), "redis": _redis_fault()}
    faults = {name: fault for name, fault in checks.items() if fault}
    return JsonResponse({"ready": not faults, "faults": faults}, status=503 if faults else 200)


@never_cache
@require_GET
@transaction.non_atomic_requests
def scheduler_health(request: HttpRequest) -> JsonResponse:
    """Whether a scheduler's last good pass is younger than 15 s: 200, or 503 with the reason."""
    try:
        age = heartbeat.age(django_rq.get_connection("default"), timezone.now())
    except RedisError as error:
        return JsonResponse({"running": False, "fault": f"Redis: {type(error).__name__}"}, status=503)
    running = age is not None and age < heartbeat.STALE_AFTER_SECONDS
    seconds = None if age is None else round(age, 1)
    return JsonResponse({"running": running, "heartbeat_age_seconds": seconds}, status=200 if running else 503)


@never_cache
@require_GET
@transaction.non_atomic_requests
def metrics(request: HttpRequest) -> HttpResponse:
    """For Prometheus, with the token, and for operators. Who shows a wrong token is told so; others find nothing."""
    shown = request.headers.get("Authorization", "")
    right = settings.METRICS_TOKEN and constant_time_compare(shown, f"Bearer {settings.METRICS_TOKEN}")
    if settings.METRICS_TOKEN and shown and not right:
        return HttpResponse("The token is wrong.\n", status=401, headers={"WWW-Authenticate": "Bearer"})
    if not right and not request.user.is_staff:
        raise Http404
    return HttpResponse(measured.page(timezone.now()), content_type=CONTENT_TYPE_LATEST)


@never_cache
@require_safe
@login_required
def status(request: HttpRequest) -> HttpResponse:
    """How the installation is, for operators."""
    if not request.user.is_staff:
        raise Http404
    now = timezone.now()
    state = vitals.read(now)
    context = {"vitals": state, "alarms": vitals.alarms(state), "backlog": reconciler.backlog(now), "now": now}
    return render(request, "status.html", context)


@require_POST
@login_required
def demo(request: HttpRequest) -> HttpResponse:
    """Fill a local install with demo data in which the signed-in person takes part."""
    call_command("demo", email=request.user.email, stdout=StringIO())  # type: ignore[union-attr]
    return redirect(settings.LOGIN_REDIRECT_URL)


def _database_fault() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        connection.close()
        return type(error).__name__
    return ""


def _redis_fault() -> str:
    try:
        django_rq.get_connection("default").ping()
    except RedisError as error:
        return type(error).__name__
    return ""
