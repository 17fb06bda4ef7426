"""The API of teams, their people and invitations."""

from typing import Any
from uuid import UUID

from allauth.account.models import EmailAddress
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Router, Status
from ninja.decorators import decorate_view

from accounts.access import READS, WRITES, ApiRequest
from accounts.limits import too_often
from accounts.once import keep_answer, once
from teamreminders.clock import moment
from teamreminders.problems import Problem, check
from teams.access import managed_invitation, managed_member, managed_team, own_membership, teams_of, visible_team
from teams.asking import SENDING, may_send
from teams.emails import send_invitation
from teams.forms import TeamForm, TeamSettingsForm
from teams.models import Invitation, LastOwner, Membership, NotInvited, Role, Team, put_out
from teams.schemas import (
    InvitationAccept,
    InvitationCreate,
    InvitationOut,
    Member,
    RoleUpdate,
    TeamCreate,
    TeamOut,
    TeamUpdate,
)

router = Router()
MEMBERS_AT_MOST = 1000


@router.get("/teams", response=list[TeamOut], auth=READS, tags=["teams"], operation_id="listTeams")
def list_teams(request: ApiRequest) -> list[dict[str, Any]]:
    """The teams that you belong to, by name."""
    mine = Membership.objects.filter(user=request.user, team__in=teams_of(request)).select_related("team")
    return [_team(membership) for membership in mine.order_by("team__name", "pk")]


@router.post("/teams", response={201: TeamOut}, auth=WRITES, tags=["teams"], operation_id="createTeam")
@decorate_view(keep_answer)
@once()
def create_team(request: ApiRequest, team: TeamCreate) -> Status:
    """Found a team; you own it. Not with a token that is for some teams only."""
    request.auth.check_all_teams()
    form = TeamForm({"name": team.name, "zone": team.zone or request.user.zone})
    check(form)
    founded = Team.objects.found(**form.cleaned_data, by=request.user)
    return Status(201, _team(own_membership(request, founded.uuid)))


@router.get("/teams/{uuid:team_id}", response=TeamOut, auth=READS, tags=["teams"], operation_id="readTeam")
def read_team(request: ApiRequest, team_id: UUID) -> dict[str, Any]:
    return _team(own_membership(request, team_id))


@router.patch("/teams/{uuid:team_id}", response=TeamOut, auth=WRITES, tags=["teams"], operation_id="updateTeam")
def update_team(request: ApiRequest, team_id: UUID, changes: TeamUpdate) -> dict[str, Any]:
    """Name, zone and prefix of subjects; what is left out stays."""
    team = managed_team(request, team_id)
    kept = {name: getattr(team, name) for name in TeamSettingsForm.Meta.fields}
    form = TeamSettingsForm(kept | changes.model_dump(exclude_none=True), instance=team)
    check(form)
    form.save()
    return _team(own_membership(request, team_id))


@router.get(
    "/teams/{uuid:team_id}/members", response=list[Member], auth=READS, tags=["people"], operation_id="listMembers"
)
def list_members(request: ApiRequest, team_id: UUID) -> list[dict[str, Any]]:
    """Who belongs to the team, by name."""
    members = visible_team(request, team_id).memberships.select_related("user").order_by("user__name", "pk")
    return [_member(membership) for membership in members[:MEMBERS_AT_MOST]]


@router.patch(
    "/teams/{uuid:team_id}/members/{uuid:person_id}",
    response=Member, auth=WRITES, tags=["people"], operation_id="changeRole",
)  # fmt: skip
def change_role(request: ApiRequest, team_id: UUID, person_id: UUID, change: RoleUpdate) -> dict[str, Any]:
    """Of anybody but an owner; ownership is handed over."""
    member = managed_member(request, team_id, person_id)
    if not Membership.objects.filter(pk=member.pk).give_role(Role(change.role), was=change.was or member.role):
        raise Problem(409, _("Somebody has changed that person meanwhile."))
    return _member(Membership.objects.select_related("user", "team").get(pk=member.pk))


@router.delete(
    "/teams/{uuid:team_id}/members/{uuid:person_id}",
    response={204: None}, auth=WRITES, tags=["people"], operation_id="removeMember",
)  # fmt: skip
def remove_member(request: ApiRequest, team_id: UUID, person_id: UUID) -> HttpResponse:
    """Remove somebody, or leave, if it is you. The last owner cannot."""
    mine = own_membership(request, team_id)
    if person_id == request.user.uuid:
        try:
            mine.leave()
        except LastOwner:
            raise Problem(409, _("You are its only owner. Hand the team over first, or delete it.")) from None
    elif not put_out(managed_member(request, team_id, person_id), timezone.now()):
        raise Problem(409, _("Somebody has changed that person meanwhile."))
    return HttpResponse(status=204)


@router.get(
    "/teams/{uuid:team_id}/invitations",
    response=list[InvitationOut], auth=READS, tags=["people"], operation_id="listInvitations",
)  # fmt: skip
def list_invitations(request: ApiRequest, team_id: UUID) -> list[dict[str, Any]]:
    """The open ones, the newest first; for managers."""
    team = managed_team(request, team_id)
    opened = team.invitations.open().select_related("invited_by").order_by("-sent_at", "-pk")
    return [_invitation(invitation) for invitation in opened]


@router.post(
    "/teams/{uuid:team_id}/invitations",
    response={201: InvitationOut}, auth=WRITES, tags=["people"], operation_id="invite",
)  # fmt: skip
@decorate_view(keep_answer)
@once(managed_team)
def invite(request: ApiRequest, team_id: UUID, invited: InvitationCreate) -> Status:
    """Have a mail sent with a link that lets its reader join."""
    team = managed_team(request, team_id)
    _take_turn(request)
    try:
        invitation, token = Invitation.objects.invite(
            team, invited.email, Role(invited.role), request.user, timezone.now()
        )
    except NotInvited as error:
        raise Problem(409, str(error)) from None
    send_invitation(invitation, token)
    return Status(201, _invitation(invitation))


@router.post(
    "/invitations/{uuid:invitation_id}/send-again",
    response=InvitationOut, auth=WRITES, tags=["people"], operation_id="sendInvitationAgain",
)  # fmt: skip
def send_again(request: ApiRequest, invitation_id: UUID) -> dict[str, Any]:
    """With a new link; the one before ends."""
    invitation = managed_invitation(request, invitation_id)
    _take_turn(request)
    with transaction.atomic():
        token = invitation.again(timezone.now())
        if token is None:
            raise Problem(409, _("The last mail went out less than three minutes ago, or the invitation has ended."))
        send_invitation(invitation, token)
    return _invitation(invitation)


@router.delete(
    "/invitations/{uuid:invitation_id}",
    response={204: None}, auth=WRITES, tags=["people"], operation_id="withdrawInvitation",
)  # fmt: skip
def withdraw(request: ApiRequest, invitation_id: UUID) -> HttpResponse:
    """Its link leads nowhere from then on."""
    if not managed_invitation(request, invitation_id).withdraw(timezone.now()):
        raise Problem(409, _("That invitation has ended already."))
    return HttpResponse(status=204)


@router.post("/invitations/accept", response=TeamOut, auth=WRITES, tags=["people"], operation_id="acceptInvitation")
def accept(request: ApiRequest, accepted: InvitationAccept) -> dict[str, Any]:
    """Join by an invitation to your address."""
    invitation = Invitation.objects.with_token(accepted.token)
    verified = EmailAddress.objects.is_verified(request.user.email)
    request.auth.check_all_teams()
    if invitation is None or not verified or not invitation.accept(request.user, timezone.now()):
        raise Problem(404, _("This invitation has ended, or it is for another address."))
    return _team(get_object_or_404(Membership.objects.select_related("team"), team=invitation.team, user=request.user))


def _take_turn(request: ApiRequest) -> None:
    if not may_send(request):
        words = _("Those were many invitations. Wait an hour, then invite the rest.")
        raise too_often(request, SENDING, detail=words)


def _team(membership: Membership) -> dict[str, Any]:
    team = membership.team
    names = ("name", "zone", "subject_prefix", "working_days", "country", "region", "days_off")
    return {"id": team.uuid, "my_role": membership.role} | {name: getattr(team, name) for name in names}


def _member(membership: Membership) -> dict[str, Any]:
    person = membership.user
    said = {"id": person.uuid, "name": person.name, "email": person.email, "zone": person.zone}
    return {"person": said, "role": membership.role, "joined_at": moment(membership.joined_at, membership.team.zone)}


def _invitation(invitation: Invitation) -> dict[str, Any]:
    by = invitation.invited_by
    return {
        "id": invitation.uuid,
        "email": invitation.email,
        "role": invitation.role,
        "invited_by": str(by) if by else None,
        "sent_at": moment(invitation.sent_at, invitation.team.zone),
        "expires_at": moment(invitation.expires_at, invitation.team.zone),
    }
