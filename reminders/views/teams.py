"""A team's own page: its reminders."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.http import SignedInRequest
from reminders.forms import ListForm
from reminders.models import Reminder
from reminders.models.reminder import ReminderQuerySet
from teamreminders.http import render_partial
from teams.models import MANAGERS, WRITERS, Team

REMINDERS_A_PAGE = 50


@require_safe
@login_required
def team(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """The team's reminders, filtered by the query string, what waits and what comes next first."""
    team = get_object_or_404(Team.objects.visible_to(request.user), uuid=uuid)
    now, form = timezone.now(), ListForm(request.GET)
    reminders = Reminder.objects.visible_to(request.user).filter(team=team)
    if form.chosen().get("paused"):
        reminders = reminders.paused(now)
    reminders = _chosen(reminders, form.chosen(), request)
    role = team.role_of(request.user)
    context = {
        "team": team,
        "form": form,
        "filtered": any(form.chosen().values()),
        "page": Paginator(reminders, REMINDERS_A_PAGE).get_page(request.GET.get("page")),
        "people_count": team.members.filter(is_active=True).count(),
        "may_write": role in WRITERS,
        "may_manage": role in MANAGERS,
        "now": now,
    }
    return render_partial(request, "teams/team.html", context, partial="reminders")


def _chosen(reminders: ReminderQuerySet, chosen: dict[str, Any], request: SignedInRequest) -> ReminderQuerySet:
    if chosen.get("mine"):
        reminders = reminders.filter(author=request.user)
    if chosen.get("q"):
        reminders = reminders.filter(title__icontains=chosen["q"])
    return (
        reminders.select_related("team")
        .with_next_due()
        .with_open_since()
        .with_chosen_count()
        .order_by(Coalesce("open_since", "next_due").asc(nulls_last=True), "title", "pk")
    )
