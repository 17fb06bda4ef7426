"""The API of addresses outside a team."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import Router
from ninja.decorators import decorate_view

from accounts.access import READS, WRITES, ApiRequest
from accounts.once import keep_answer, once
from teamreminders.clock import moment, moment_or_none
from teamreminders.problems import Problem, check
from teams.access import managed_outside_address, visible_team, writable_team
from teams.asking import ask
from teams.forms import OutsideForm
from teams.models import OutsideAddress, Team
from teams.schemas import Asked, Outside, OutsideCreate

router = Router(tags=["people"])


@router.get("/teams/{uuid:team_id}/outside", response=list[Outside], auth=READS, operation_id="listOutsideAddresses")
def list_outside(request: ApiRequest, team_id: UUID) -> list[dict[str, Any]]:
    """Addresses outside the team to which its reminders may go, or that were asked."""
    team = visible_team(request, team_id)
    return [_outside(address, team) for address in team.outside_addresses.listed().order_by("email")]


@router.post("/teams/{uuid:team_id}/outside", response=Asked, auth=WRITES, operation_id="askOutsideAddresses")
@decorate_view(keep_answer)
@once(writable_team)
def ask_outside(request: ApiRequest, team_id: UUID, sent: OutsideCreate) -> dict[str, list]:
    """Ask them by mail. Nothing else goes there before they agree."""
    team = writable_team(request, team_id)
    form = OutsideForm({"emails": ", ".join(sent.emails)})
    check(form)
    asked = ask(request, team, form.cleaned_data["emails"])
    return {"addresses": [_outside(address, team) for address in asked.addresses], "refused": asked.refused}


@router.delete(
    "/outside/{uuid:address_id}", response={204: None}, auth=WRITES, operation_id="removeOutsideAddress"
)  # fmt: skip
def remove_outside(request: ApiRequest, address_id: UUID) -> HttpResponse:
    """Nothing more goes there from this second on."""
    if not managed_outside_address(request, address_id).remove():
        raise Problem(409, _("That address is off the list already."))
    return HttpResponse(status=204)


def _outside(address: OutsideAddress, team: Team) -> dict[str, Any]:
    return {
        "uuid": address.uuid,
        "email": address.email,
        "state": address.state,
        "asked_at": moment(address.asked_at, team.zone),
        "agreed_at": moment_or_none(address.agreed_at, team.zone),
    }
