"""The API of handing a team over."""

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Router

from accounts.access import READS, WRITES, ApiRequest
from teamreminders.clock import moment
from teamreminders.problems import Problem
from teams.access import own_membership, visible_team
from teams.emails import send_offer
from teams.models import Membership, Offer
from teams.schemas import OfferOut, OfferWrite

router = Router(tags=["people"])
GONE = "There is no such offer any more."


@router.get("/teams/{uuid:team_id}/offer", response=OfferOut, auth=READS, operation_id="readOffer")
def read_offer(request: ApiRequest, team_id: UUID) -> dict[str, Any]:
    """To whom the team would be handed over; 404 where nobody has offered it."""
    offers = Offer.objects.select_related("team", "made_by__user", "made_to__user")
    return _offer(get_object_or_404(offers, team=visible_team(request, team_id)))


@router.put("/teams/{uuid:team_id}/offer", response=OfferOut, auth=WRITES, operation_id="offerTeam")
def offer_team(request: ApiRequest, team_id: UUID, sent: OfferWrite) -> dict[str, Any]:
    """Hand the team over, once the other agrees; they are asked by mail. Of its owners."""
    mine = own_membership(request, team_id)
    if not mine.is_owner:
        raise PermissionDenied
    heir = get_object_or_404(Membership.objects.select_related("user"), team=mine.team, user__uuid=sent.person)
    with transaction.atomic():
        made = Offer.objects.make(mine, heir, timezone.now())
        if made is None:
            raise Problem(409, _("That is not possible: they own it already, or get no mail."))
        send_offer(made)
    return _offer(made)


@router.post("/teams/{uuid:team_id}/offer/accept", response={204: None}, auth=WRITES, operation_id="acceptOffer")
def accept_offer(request: ApiRequest, team_id: UUID) -> HttpResponse:
    """Own the team that was offered to you."""
    found = Offer.objects.filter(team=visible_team(request, team_id), made_to__user=request.user).first()
    if not (found and found.accept()):
        raise Problem(409, _(GONE))
    return HttpResponse(status=204)


@router.delete("/teams/{uuid:team_id}/offer", response={204: None}, auth=WRITES, operation_id="endOffer")
def end_offer(request: ApiRequest, team_id: UUID) -> HttpResponse:
    """By who made it, or by whom it was made to."""
    found = Offer.objects.filter(team=visible_team(request, team_id)).concerning(request.user).first()
    if not (found and found.end()):
        raise Problem(409, _(GONE))
    return HttpResponse(status=204)


def _offer(offer: Offer) -> dict[str, Any]:
    at = moment(offer.made_at, offer.team.zone)
    return {"by": offer.made_by.user.uuid, "to": offer.made_to.user.uuid, "made_at": at}
