"""The API of what reaches from a team or a person into the reminders: the days a team works, and how they end."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from pydantic import Field

from accounts.access import WRITES, ApiRequest
from accounts.api import router as accounts
from accounts.models import User
from accounts.schemas import Strict
from reminders.closing import close
from reminders.goodbye import OwnsTeams, delete_and_tell
from reminders.models import Reminder
from teamreminders.problems import Problem, check
from teams.access import managed_team, visible_team
from teams.api.people import router as teams
from teams.forms import CloseForm, WorkingDaysForm
from teams.models import Role, Team
from teams.schemas import WorkingDaysWrite

# On their routers: an address has all its methods in one.


class Meant(Strict):
    """In the body: what is in an address ends up in logs."""

    confirm: str = Field(description="What is to go, by its name or address, to say that it is meant.", max_length=254)


@teams.patch(
    "/teams/{uuid:team_id}/working-days",
    response={204: None}, auth=WRITES, tags=["teams"], operation_id="setWorkingDays",
)  # fmt: skip
def set_working_days(request: ApiRequest, team_id: UUID, sent: WorkingDaysWrite) -> HttpResponse:
    """Which days the team works; its reminders follow at once."""
    now, team = timezone.now(), managed_team(request, team_id)
    form = WorkingDaysForm(_as_sent(team, sent), instance=team)
    check(form)
    with transaction.atomic():
        form.save()
        Reminder.objects.filter(team=team).by_working_days().recompute(now)
    return HttpResponse(status=204)


@teams.delete("/teams/{uuid:team_id}", response={204: None}, auth=WRITES, tags=["teams"], operation_id="deleteTeam")
def delete_team(request: ApiRequest, team_id: UUID, sent: Meant) -> HttpResponse:
    """End the team, with its reminders. Its owners may; nothing brings it back."""
    team = visible_team(request, team_id)
    if team.role_of(request.user) != Role.OWNER:
        raise PermissionDenied
    _meant(CloseForm({"name": sent.confirm}, team=team).is_valid())
    close(team, timezone.now())
    return HttpResponse(status=204)


@accounts.delete("/me", response={204: None}, auth=WRITES, tags=["me"], operation_id="deleteMe")
def delete_me(request: ApiRequest, sent: Meant) -> HttpResponse:
    """Leave every team and be erased. Only with a sign-in, not with a personal access token."""
    if request.auth.token:
        raise PermissionDenied
    person = User.objects.get(pk=request.user.pk)
    _meant(sent.confirm.strip().lower() == person.email.lower())
    try:
        delete_and_tell(person)
    except OwnsTeams as error:
        teams = ", ".join(str(team) for team in error.teams)
        raise Problem(409, _("Hand these teams over first, or delete them: %(teams)s.") % {"teams": teams}) from None
    return HttpResponse(status=204)


def _as_sent(team: Team, sent: WorkingDaysWrite) -> QueryDict:
    """What is stored with what was sent in its place, as a browser would send it. Another country has other regions."""
    stored = {name: getattr(team, name) for name in WorkingDaysForm.Meta.fields}
    changes = sent.model_dump(exclude_none=True)
    if "country" in changes:
        stored["region"] = ""
    values, data = stored | changes, QueryDict(mutable=True)
    data["country"], data["region"] = values["country"], values["region"]
    data.setlist("working_days", [str(day) for day in values["working_days"]])
    data.setlist("days_off_from", [day.isoformat() for day in values["days_off"]])
    return data


def _meant(confirmed: bool) -> None:
    if not confirmed:
        raise Problem(422, "", errors=[("/confirm", _("`confirm` has to be the name of the team, or your address."))])
