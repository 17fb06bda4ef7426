"""A team's own page with its reminders, the days that it works, and its end."""

from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any, NamedTuple
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import SignedInRequest
from reminders.closing import close, contents
from reminders.forms import ListForm
from reminders.models import Reminder
from reminders.models.reminder import ReminderQuerySet
from reminders.models.scheduled import work_calendar
from reminders.schedule.resolve import local_of
from reminders.schedule.working import is_known
from teamreminders.clock import zone_or_utc
from teamreminders.http import go, render_partial, tell
from teams.access import managed_team, visible_team
from teams.forms import CloseForm, WorkingDaysForm
from teams.models import MANAGERS, WRITERS, Role, Team
from teams.places import place_name
from teams.words import working_days_in_words

from .quick import line_of

REMINDERS_A_PAGE = 50
DAYS_AHEAD, LOOK_AHEAD = 10, timedelta(days=5 * 366)


class DayOff(NamedTuple):
    """A holiday, or one of the team's own days, which has no `name`; `counts` where the team would work otherwise."""

    date: date
    name: str
    counts: bool


@require_safe
@login_required
def team(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """The team's reminders, filtered by the query string, what waits and what comes next first."""
    team = visible_team(request, uuid)
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
        "working_days": working_days_in_words(team),
        "people_count": team.members.filter(is_active=True).count(),
        "may_write": role in WRITERS,
        "may_manage": role in MANAGERS,
        "line": line_of(request, team) if role in WRITERS else None,
        "now": now,
    }
    return render_partial(request, "teams/team.html", context, partial="reminders")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def working_days(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Which days the team works; its reminders follow at once."""
    now, team = timezone.now(), managed_team(request, uuid)
    form = WorkingDaysForm(request.POST if request.method == "POST" else None, instance=team)
    if not form.is_valid():
        return _working_days_page(request, form, now, status=422 if form.is_bound else 200)
    with transaction.atomic():
        form.save()
        Reminder.objects.filter(team=team).by_working_days().recompute(now)
    tell(request, _("The change is saved."))
    return go(request, "team", team.uuid)


@require_POST
@login_required
def working_days_preview(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """The form as it stands, with the days off that follow from it; nothing is saved."""
    form = WorkingDaysForm.looked_at(request.POST, instance=managed_team(request, uuid))
    form.is_valid()
    return _working_days_page(request, form, timezone.now())


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def close_team(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Say what goes, ask for the name, and end the team. Its owners may."""
    team = visible_team(request, uuid)
    if team.role_of(request.user) != Role.OWNER:
        raise PermissionDenied
    form = CloseForm(request.POST if request.method == "POST" else None, team=team)
    if not form.is_valid():
        context = {"team": team, "form": form, "contents": contents(team)}
        status = 422 if form.is_bound else 200
        return render_partial(request, "teams/close.html", context, partial="form", status=status)
    close(team, timezone.now())
    tell(request, _("The team %(team)s is deleted.") % {"team": team})
    return go(request, "today")


def _working_days_page(
    request: SignedInRequest, form: WorkingDaysForm, now: datetime, status: int = 200
) -> HttpResponse:
    """`form.instance` has what of the form is valid."""
    team = form.instance
    context = {
        "team": team,
        "form": form,
        "ahead": _days_off_of(team, local_of(now, zone_or_utc(team.zone)).date()),
        "nowhere": team.country and not is_known(team.country, team.region) and place_name(team.country, team.region),
        "rows_changed": {"days_off_add", "days_off_remove"} & set(request.POST),
    }
    return render_partial(request, "teams/working_days.html", context, partial="form", status=status)


def _days_off_of(team: Team, today: date) -> list[DayOff]:
    calendar = work_calendar(team)
    ahead = islice(calendar.closed_days(today, today + LOOK_AHEAD), DAYS_AHEAD)
    return [DayOff(day, calendar.holiday_name(day), day.weekday() in calendar.weekdays) for day in ahead]


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
