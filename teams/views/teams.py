"""Founding a team, and changing it."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.http import SignedInRequest
from teamreminders.http import go, render_partial, tell
from teams.access import managed_team
from teams.forms import TeamForm, TeamSettingsForm
from teams.models import Role, Team


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def new(request: SignedInRequest) -> HttpResponse:
    """Found a team; who does so owns it."""
    form = TeamForm(request.POST if request.method == "POST" else None, initial={"zone": request.user.zone})
    if not form.is_valid():
        return render_partial(request, "teams/form.html", {"form": form}, partial="form", status=_status(form))
    team = Team.objects.found(**form.cleaned_data, by=request.user)
    tell(request, _("The team %(team)s is there.") % {"team": team})
    return go(request, "team", team.uuid)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def settings(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Name, the zone that new reminders start with, and the prefix of their subjects."""
    team = managed_team(request, uuid)
    form = TeamSettingsForm(request.POST if request.method == "POST" else None, instance=team)
    if not form.is_valid():
        may_close = team.role_of(request.user) == Role.OWNER
        context = {"form": form, "team": Team.objects.get(pk=team.pk), "may_close": may_close}
        return render_partial(request, "teams/form.html", context, partial="form", status=_status(form))
    form.save()
    tell(request, _("The change is saved."))
    return go(request, "team", team.uuid)


def _status(form: TeamForm) -> int:
    return 422 if form.is_bound else 200
