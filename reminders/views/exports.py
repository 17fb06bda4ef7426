"""What a team, or a person, takes away: a team's reminders as files, and all that we know of a person."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.http import SignedInRequest
from reminders.exports.calendar import MOST_DATES
from reminders.files import calendar_file, export_file, json_file
from reminders.models import DataExport, Reminder
from reminders.models.data_export import KEPT_FOR
from teamreminders.http import go, render_partial
from teams.access import visible_team
from teams.models import WRITERS


@require_safe
@login_required
def export_team(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Which files there are, and what is in them."""
    team = visible_team(request, uuid)
    count = Reminder.objects.visible_to(request.user).filter(team=team).count()
    may_import = team.role_of(request.user) in WRITERS
    context = {"team": team, "count": count, "most_dates": MOST_DATES, "may_import": may_import}
    return render(request, "teams/export.html", context)


@require_safe
@login_required
def team_json(request: SignedInRequest, uuid: UUID) -> HttpResponseBase:
    team, now = visible_team(request, uuid), timezone.now()
    return json_file(team, request.user, now)


@require_safe
@login_required
def team_calendar(request: SignedInRequest, uuid: UUID) -> HttpResponseBase:
    team, now = visible_team(request, uuid), timezone.now()
    return calendar_file(team, request.user, now)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def export_me(request: SignedInRequest) -> HttpResponse:
    """Ask for all that we know of one, see how far it is, and find it."""
    now = timezone.now()
    if request.method == "POST":
        DataExport.objects.ask(request.user, now)
        return go(request, "reminders:export-me")
    export = DataExport.objects.visible_to(request.user).first()
    context = {
        "export": export,
        "stuck": export and export.is_stuck(now),
        "ready": export and export.is_ready(now),
        "kept_for": KEPT_FOR.days,
        "now": now,
    }
    return render_partial(request, "accounts/export.html", context, partial="export")


@require_safe
@login_required
def download_export(request: SignedInRequest, uuid: UUID) -> HttpResponseBase:
    """Nobody else's, and not when it has expired."""
    now = timezone.now()
    export = get_object_or_404(DataExport.objects.visible_to(request.user), uuid=uuid)
    if not export.is_ready(now):
        raise Http404
    return export_file(export)
