"""What every page of a signed-in person shows beside its own content."""

from typing import Any

from django.conf import settings
from django.db.models import Count
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from teams.models import Team

from .models import Completion, Occurrence, OccurrenceState


def sidebar(request: HttpRequest) -> dict[str, Any]:
    """The person's teams with `open_count`, the occurrences that wait for somebody. Two queries, when looked at."""
    return {
        "sidebar_teams": SimpleLazyObject(lambda: _teams(request)),
        "local_inbox": bool(settings.LOCAL_INBOX),
    }


def _teams(request: HttpRequest) -> list[Team]:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return []
    teams = list(Team.objects.visible_to(user).order_by("name", "pk"))
    waiting = (
        Occurrence.objects.filter(state=OccurrenceState.OPEN, reminder__team__in=teams)
        .filter(reminder__deleted_at=None, reminder__completion=Completion.ANYONE)
        .values_list("reminder__team")
        .annotate(Count("pk"))
    )
    counts = dict(waiting)
    for team in teams:
        team.open_count = counts.get(team.pk, 0)  # type: ignore[attr-defined]
    return teams
