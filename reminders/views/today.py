"""The home page of somebody who is signed in."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.http import SignedInRequest
from reminders.access import uuid_or_404
from reminders.agenda import SHOWN, SHOWN_IF_ASKED, agenda
from reminders.models import Reminder
from reminders.pulse import pulse
from teamreminders.clock import zone_or_utc
from teamreminders.http import render_partial, wants_partial
from teams.access import visible_team
from teams.models import Team

from .answer import with_counts
from .quick import line_of


@require_safe
@login_required
def today(request: SignedInRequest) -> HttpResponse:
    """What needs the person now, and what comes, of all their teams or of `team`."""
    now, zone = timezone.now(), zone_or_utc(request.user.zone)
    asked = request.GET.get("team")
    team = visible_team(request, uuid_or_404(asked)) if asked else None
    beat = pulse(request.user, now, zone, team)
    if wants_partial(request) and request.GET.get("seen") == beat.version:
        return HttpResponse(status=204)
    shown = SHOWN_IF_ASKED if "all" in request.GET else SHOWN
    day = agenda(request.user, now, zone, shown, team)
    context = {"agenda": day, "pulse": beat, "now": now, "only": team, "everything": shown == SHOWN_IF_ASKED}
    if not wants_partial(request):
        context["line"] = line_of(request, chosen=team)
    if day.is_empty:
        context["writable_team"] = Team.objects.writable_by(request.user).order_by("pk").first()
        context["has_reminders"] = Reminder.objects.visible_to(request.user).exists()
    return with_counts(request, render_partial(request, "today.html", context, partial="agenda"))
