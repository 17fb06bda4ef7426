"""The calendar of one team, or of all teams that a person belongs to."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.http import SignedInRequest
from reminders.calendar import Month, page_of, read_day, read_month
from reminders.models import Reminder
from reminders.models.reminder import ReminderQuerySet
from reminders.schedule.resolve import local_of
from teamreminders.clock import zone_or_utc
from teamreminders.http import render_partial, wants_partial
from teams.access import teams_of, visible_team
from teams.models import Team


@require_safe
@login_required
def calendar(request: SignedInRequest) -> HttpResponse:
    """Everything of the person's teams."""
    return _calendar(request, list(teams_of(request).order_by("name", "pk")))


@require_safe
@login_required
def team_calendar(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    team = visible_team(request, uuid)
    return _calendar(request, [team], team)


def _calendar(request: SignedInRequest, teams: Sequence[Team], team: Team | None = None) -> HttpResponse:
    """What the address asks for; what it says wrongly counts as not said."""
    now, zone, chosen = timezone.now(), zone_or_utc(request.user.zone), read_day(request.GET.get("day", ""))
    context = {
        "calendar": page_of(_month(request, chosen, now), chosen, _shown(request, team), teams, now, zone),
        "now": now,
        "team": team,
        "is_agenda": request.GET.get("view") == "agenda",
        "is_mine": "mine" in request.GET,
        "is_chosen": bool(chosen),
        "is_piece": wants_partial(request),
        "writable": [each for each in Team.objects.writable_by(request.user).order_by("name", "pk") if each in teams],
    }
    return render_partial(request, "reminders/calendar/page.html", context, partial="calendar")


def _month(request: SignedInRequest, chosen: date | None, now: datetime) -> Month:
    """That of the chosen day, else the one that is named, else the present one."""
    named = Month.of(chosen) if chosen else read_month(request.GET.get("month", ""))
    return named or Month.of(local_of(now, zone_or_utc(request.user.zone)).date())


def _shown(request: SignedInRequest, team: Team | None) -> ReminderQuerySet:
    """All that the person sees, or with "mine" what is for them."""
    every = Reminder.objects
    seen = every.addressed_to(request.user) if "mine" in request.GET else every.visible_to(request.user)
    return seen.filter(team=team) if team else seen
