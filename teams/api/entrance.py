"""The API of a team's join link, and of who asks to come in by it."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Router

from accounts.access import READS, WRITES, ApiRequest
from teamreminders.clock import moment
from teamreminders.problems import Problem, check
from teams.access import managed_team, teams_of
from teams.emails import send_welcome
from teams.forms import JoinLinkForm
from teams.models import JoinLink, JoinRequest, Role
from teams.schemas import Approval, Asker, Link, LinkWrite

router = Router(tags=["people"])


@router.get("/teams/{uuid:team_id}/link", response=Link, auth=READS, operation_id="readJoinLink")
def read_link(request: ApiRequest, team_id: UUID) -> JoinLink:
    """For managers; 404 while it is off."""
    return get_object_or_404(JoinLink.objects.select_related("team"), team=managed_team(request, team_id))


@router.put("/teams/{uuid:team_id}/link", response=Link, auth=WRITES, operation_id="setJoinLink")
def set_link(request: ApiRequest, team_id: UUID, sent: LinkWrite) -> JoinLink:
    """Turn it on, or change to whom it is open."""
    team = managed_team(request, team_id)
    with transaction.atomic():
        link = JoinLink.objects.locked(team) or JoinLink(team=team)
        form = JoinLinkForm(sent.model_dump() | {"domains": ", ".join(sent.domains)}, instance=link)
        check(form)
        saved: JoinLink = form.save()
    return saved


@router.post("/teams/{uuid:team_id}/link/renew", response=Link, auth=WRITES, operation_id="renewJoinLink")
def renew_link(request: ApiRequest, team_id: UUID) -> JoinLink:
    """The old one leads nowhere from this second on."""
    link = JoinLink.objects.renew(managed_team(request, team_id))
    if link is None:
        raise Http404
    return link


@router.delete("/teams/{uuid:team_id}/link", response={204: None}, auth=WRITES, operation_id="endJoinLink")
def end_link(request: ApiRequest, team_id: UUID) -> HttpResponse:
    """Who has asked still waits for an answer."""
    if not JoinLink.objects.end(managed_team(request, team_id)):
        raise Http404
    return HttpResponse(status=204)


@router.get("/teams/{uuid:team_id}/requests", response=list[Asker], auth=READS, operation_id="listJoinRequests")
def list_requests(request: ApiRequest, team_id: UUID) -> list[dict[str, Any]]:
    """Who waits for a manager, the longest first."""
    waiting = managed_team(request, team_id).join_requests.waiting().select_related("user").order_by("pk")
    return [_asker(asked) for asked in waiting]


@router.post("/requests/{uuid:request_id}/approve", response={204: None}, auth=WRITES, operation_id="approveRequest")
def approve(request: ApiRequest, request_id: UUID, sent: Approval | None = None) -> HttpResponse:
    """Let somebody in; they are told by mail."""
    asked = _asked(request, request_id)
    with transaction.atomic():
        if not asked.approve(Role((sent or Approval()).role)):
            raise Problem(409, _("Somebody else has answered that meanwhile."))
        send_welcome(asked)
    return HttpResponse(status=204)


@router.post("/requests/{uuid:request_id}/decline", response={204: None}, auth=WRITES, operation_id="declineRequest")
def decline(request: ApiRequest, request_id: UUID) -> HttpResponse:
    """The link does not let them in again."""
    if not _asked(request, request_id).decline(timezone.now()):
        raise Problem(409, _("Somebody else has answered that meanwhile."))
    return HttpResponse(status=204)


def _asked(request: ApiRequest, request_id: UUID) -> JoinRequest:
    requests = JoinRequest.objects.select_related("team", "user").filter(team__in=teams_of(request))
    asked = get_object_or_404(requests, uuid=request_id)
    managed_team(request, asked.team.uuid)
    return asked


def _asker(asked: JoinRequest) -> dict[str, Any]:
    person, at = asked.user, moment(asked.asked_at, asked.team.zone)
    return {"id": asked.uuid, "name": person.name, "email": person.email, "asked_at": at}
