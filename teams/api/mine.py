"""The API of what a person is to a team: coming in by its link, and which of its mail they get."""

from typing import Any
from uuid import UUID

from allauth.account.models import EmailAddress
from django.utils.translation import gettext as _
from ninja import Router, Status

from accounts.access import READS, WRITES, ApiRequest
from teamreminders.problems import Problem
from teams.access import own_membership
from teams.asking import follow
from teams.models import JoinLink, JoinRequest, MailKind, Membership
from teams.schemas import Joined, JoinWrite, TeamMail, TeamMailWrite

router = Router(tags=["people"])


@router.post(
    "/teams/{uuid:team_id}/join",
    response={200: Joined, 202: Joined}, auth=WRITES, operation_id="joinByLink",
)  # fmt: skip
def join(request: ApiRequest, team_id: UUID, sent: JoinWrite) -> Status:
    """Join by the team's link, or ask to (202), where an admin has to agree."""
    request.auth.check_all_teams()
    link, person = JoinLink.objects.with_token(team_id, sent.token), request.user
    verified = EmailAddress.objects.is_verified(person.email)
    result = follow(request, link) if link and verified and link.lets_in(person.email) else None
    if result is None:
        raise Problem(404, _("This link has ended, or it is not for your address."))
    waits = isinstance(result, JoinRequest)
    return Status(202 if waits else 200, {"state": "asked" if waits else "joined"})


@router.get("/teams/{uuid:team_id}/mail", response=TeamMail, auth=READS, operation_id="readTeamMail")
def read_mail(request: ApiRequest, team_id: UUID) -> dict[str, Any]:
    """Which mail of the team you get."""
    return _mail(own_membership(request, team_id))


@router.put("/teams/{uuid:team_id}/mail", response=TeamMail, auth=WRITES, operation_id="setTeamMail")
def set_mail(request: ApiRequest, team_id: UUID, sent: TeamMailWrite) -> dict[str, Any]:
    """Get these kinds only, from the next mail on."""
    mine = own_membership(request, team_id)
    mine.want([MailKind(kind) for kind in sent.wanted])
    return _mail(own_membership(request, team_id))


def _mail(mine: Membership) -> dict[str, Any]:
    return {"offered": mine.mail_kinds, "wanted": [kind for kind in mine.mail_kinds if kind not in mine.muted]}
