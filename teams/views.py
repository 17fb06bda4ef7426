"""Founding a team, changing it, and who is in it."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.http import SignedInRequest
from accounts.models import User
from teamreminders.http import go, render_partial, tell

from .forms import TeamForm
from .models import Team

MEMBERS_A_PAGE = 100


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
def rename(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Change the name and the zone that new reminders start with."""
    team = get_object_or_404(Team.objects.visible_to(request.user), uuid=uuid)
    if not _manages(request.user, team):
        raise PermissionDenied
    form = TeamForm(request.POST if request.method == "POST" else None, instance=team)
    if not form.is_valid():
        context = {"form": form, "team": Team.objects.get(pk=team.pk)}
        return render_partial(request, "teams/form.html", context, partial="form", status=_status(form))
    form.save()
    tell(request, _("The change is saved."))
    return go(request, "team", team.uuid)


@require_safe
@login_required
def members(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Who belongs to the team; only they see it."""
    team = get_object_or_404(Team.objects.visible_to(request.user), uuid=uuid)
    memberships = team.memberships.select_related("user").order_by("user__name", "pk")
    page = Paginator(memberships, MEMBERS_A_PAGE).get_page(request.GET.get("page"))
    context = {"team": team, "page": page, "may_manage": _manages(request.user, team)}
    return render_partial(request, "teams/members.html", context, partial="members")


def _manages(person: User, team: Team) -> bool:
    return Team.objects.managed_by(person).filter(pk=team.pk).exists()


def _status(form: TeamForm) -> int:
    return 422 if form.is_bound else 200
