"""Who changed what, for everybody in the team."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.http import SignedInRequest
from reminders.access import visible_reminder
from reminders.activity import activity_of, history_of
from reminders.forms.activity import ActivityForm, instant
from teamreminders.http import render_partial
from teams.models import Team


@require_safe
@login_required
def activity(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Of the team, its people and its reminders; by whom and about what the query string says."""
    team = get_object_or_404(Team.objects.visible_to(request.user), uuid=uuid)
    form = ActivityForm(request.GET, team=team)
    chosen = form.chosen()
    context = {
        "team": team,
        "form": form,
        "filtered": bool(chosen.by or chosen.kinds),
        "before": chosen.before,
        "activity": activity_of(team, request.user, team.role_of(request.user), chosen),
        "now": timezone.now(),
    }
    return render_partial(request, "reminders/activity.html", context, partial="lines")


@require_safe
@login_required
def history(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Of one reminder."""
    reminder, before = visible_reminder(request, uuid), instant(request.GET.get("before", ""))
    activity = history_of(reminder, request.user, before)
    context = {"reminder": reminder, "before": before, "activity": activity, "now": timezone.now()}
    return render_partial(request, "reminders/history.html", context, partial="lines")
