"""The days that a team works, and its end."""

from datetime import date, datetime, timedelta
from itertools import islice
from typing import NamedTuple
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.http import SignedInRequest
from reminders.closing import close, contents
from reminders.models import Reminder
from reminders.models.scheduled import work_calendar
from reminders.schedule.resolve import local_of
from reminders.schedule.working import is_known
from teamreminders.clock import zone_or_utc
from teamreminders.http import go, render_partial, tell
from teams.access import managed_team, visible_team
from teams.forms import CloseForm, WorkingDaysForm
from teams.models import Role, Team
from teams.places import place_name

DAYS_AHEAD, LOOK_AHEAD = 10, timedelta(days=5 * 366)


class DayOff(NamedTuple):
    """A holiday, or one of the team's own days, which has no `name`; `counts` where the team would work otherwise."""

    date: date
    name: str
    counts: bool


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
