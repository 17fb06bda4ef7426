"""A team's own page: its reminders, found, sorted and chosen from."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.paginator import Page, Paginator
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.http import SignedInRequest
from reminders.access import reminders_of
from reminders.forms import ListForm
from reminders.lists import sorted_by, with_what_a_row_shows
from reminders.models import Label
from reminders.models.bulk import AT_MOST
from teamreminders.http import render_partial
from teams.access import visible_team
from teams.models import MANAGERS, WRITERS, Membership, Team
from teams.words import working_days_in_words

from .quick import line_of

REMINDERS_A_PAGE = 50


@require_safe
@login_required
def team(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """The team's reminders as the query string wants them; what waits and what comes next first."""
    return team_page(request, visible_team(request, uuid), timezone.now())


def team_page(request: SignedInRequest, team: Team, now: datetime, *, acted: bool = False) -> HttpResponse:
    """`acted`: after a change of what was chosen, so that the focus goes to the list again."""
    members, labels = _members(team), list(team.labels.listed())
    form = ListForm(request.GET, labels=labels)
    wanted = form.wanted()
    rows = wanted.of(reminders_of(request).filter(team=team), request.user, now)
    role = next((each.role for each in members if each.user_id == request.user.pk), None)
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    context = {
        "team": team,
        "query": query,
        "team_url": reverse("team", args=[team.uuid]) + query,
        "form": form,
        "filtered": not wanted.is_everything,
        "page": _page(request, team, sorted_by(with_what_a_row_shows(rows, request.user), form.order), labels),
        "at_most": AT_MOST,
        "labels": labels,
        "writers": [each.user for each in members if each.role in WRITERS and each.user.is_active],
        "working_days": working_days_in_words(team),
        "people_count": sum(each.user.is_active for each in members),
        "may_write": role in WRITERS,
        "may_manage": role in MANAGERS,
        "line": line_of(request, team) if role in WRITERS else None,
        "acted": acted,
        "now": now,
    }
    return render_partial(request, "teams/team.html", context, partial="reminders")


def _members(team: Team) -> list[Membership]:
    """What the page needs of everybody, in one query: the reader's role, how many, and who may be handed something."""
    theirs = team.memberships.select_related("user").order_by("user__name", "pk")
    return list(theirs.only("team", "role", "user__uuid", "user__name", "user__email", "user__is_active"))


def _page(request: SignedInRequest, team: Team, rows: Any, labels: list[Label]) -> Page:
    """`rows` are of `team`, which they get as it was read: each would read again what the list defers of it."""
    page = Paginator(rows, REMINDERS_A_PAGE).get_page(request.GET.get("page"))
    for row in page.object_list:
        row.team = team
        row.tags = [label for label in labels if label.pk in row.label_ids]
    return page
