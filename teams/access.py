"""What a person may not see does not exist (404); what they see but may not do is refused (403)."""

from typing import Any, TypeVar
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from accounts.http import SignedInRequest
from teams.models import MANAGERS, WRITERS, Invitation, Membership, OutsideAddress, Team
from teams.models.team import TeamQuerySet

Rows = TypeVar("Rows", bound=QuerySet[Any])


def narrowed(request: HttpRequest, rows: Rows, team: str = "team__") -> Rows:
    """Of what a person sees, what this request is about: with a token for some teams only, what is theirs."""
    token = getattr(getattr(request, "auth", None), "token", None)
    return rows if token is None or token.all_teams else rows.filter(**{f"{team}access_tokens": token})


def teams_of(request: SignedInRequest) -> TeamQuerySet:
    return narrowed(request, Team.objects.visible_to(request.user), team="")


def visible_team(request: SignedInRequest, uuid: UUID) -> Team:
    return get_object_or_404(teams_of(request), uuid=uuid)


def managed_team(request: SignedInRequest, uuid: UUID) -> Team:
    """A team whose people and settings the person may change."""
    team = visible_team(request, uuid)
    if not manages(request, team):
        raise PermissionDenied
    return team


def manages(request: SignedInRequest, team: Team) -> bool:
    return Team.objects.managed_by(request.user).filter(pk=team.pk).exists()


def writable_team(request: SignedInRequest, uuid: UUID) -> Team:
    """A team for which the person writes reminders."""
    team = visible_team(request, uuid)
    if team.role_of(request.user) not in WRITERS:
        raise PermissionDenied
    return team


def managed_outside_address(request: SignedInRequest, uuid: UUID) -> OutsideAddress:
    """An outside address of a team that the person manages; or writes for, and had it asked."""
    theirs = OutsideAddress.objects.select_related("team").filter(team__in=teams_of(request))
    address = get_object_or_404(theirs, uuid=uuid)
    role = address.team.role_of(request.user)
    if role not in MANAGERS and not (role in WRITERS and address.asked_by_id == request.user.pk):
        raise PermissionDenied
    return address


def own_membership(request: SignedInRequest, uuid: UUID) -> Membership:
    """The person's own, in the team of this name."""
    return get_object_or_404(
        Membership.objects.select_related("team"), team__in=teams_of(request).filter(uuid=uuid), user=request.user
    )


def managed_member(request: SignedInRequest, uuid: UUID, person: UUID) -> Membership:
    """Somebody of a team that the person manages; not an owner, whom nobody may change."""
    team = managed_team(request, uuid)
    member = get_object_or_404(team.memberships.select_related("user", "team"), user__uuid=person)
    if member.is_owner:
        raise PermissionDenied
    return member


def managed_invitation(request: SignedInRequest, uuid: UUID) -> Invitation:
    """An invitation, whatever has become of it, to a team that the person manages."""
    theirs = Invitation.objects.select_related("team").filter(team__in=teams_of(request))
    invitation = get_object_or_404(theirs, uuid=uuid)
    if not manages(request, invitation.team):
        raise PermissionDenied
    return invitation
