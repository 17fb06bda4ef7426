"""Who is in a team, as what, and who goes."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.http import SignedInRequest
from accounts.models import User
from teamreminders.http import go, render_partial, tell
from teams.access import managed_member, managed_team, own_membership, visible_team
from teams.emails import send_offer
from teams.forms import InviteForm, JoinLinkForm, OutsideForm
from teams.models import (
    GIVEN,
    MANAGERS,
    WRITERS,
    JoinLink,
    JoinRequest,
    LastOwner,
    Membership,
    Offer,
    Role,
    Team,
    put_out,
)
from teams.notes import note_of, read_note

MEMBERS_A_PAGE = 100
# Whole sentences, since a role alone cannot be put into one in every language.
MADE = {
    Role.ADMIN: gettext_lazy("%(person)s is an admin now."),
    Role.MEMBER: gettext_lazy("%(person)s is a member now."),
    Role.VIEWER: gettext_lazy("%(person)s is a viewer now."),
}


@require_safe
@login_required
def members(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Who belongs to the team; only they see it. Managers also see who is invited."""
    return members_page(request, visible_team(request, uuid))


def members_page(
    request: SignedInRequest,
    team: Team,
    form: InviteForm | None = None,
    link_form: JoinLinkForm | None = None,
    outside_form: OutsideForm | None = None,
) -> HttpResponse:
    """The page, also with a form that was refused."""
    memberships = team.memberships.select_related("user").order_by("user__name", "pk")
    role = team.role_of(request.user)
    context: dict[str, Any] = {
        "team": team,
        "page": Paginator(memberships, MEMBERS_A_PAGE).get_page(request.GET.get("page")),
        "role": role,
        "may_manage": role in MANAGERS,
        "may_write": role in WRITERS,
        "outside": team.outside_addresses.listed().select_related("asked_by").order_by("email"),
        "outside_form": outside_form or OutsideForm(),
        "given": [(each.value, each.label) for each in GIVEN],
        "offer": Offer.objects.filter(team=team).select_related("made_by__user", "made_to__user").first(),
    }
    if context["may_manage"]:
        context |= _for_managers(team, form, link_form)
    status = 422 if form or link_form or outside_form else 200
    return render_partial(request, "teams/members.html", context, partial="members", status=status)


def _for_managers(team: Team, form: InviteForm | None, link_form: JoinLinkForm | None) -> dict[str, Any]:
    link = JoinLink.objects.filter(team=team).select_related("team").first()
    return {
        "now": timezone.now(),
        "form": form or InviteForm(),
        "invitations": team.invitations.open().select_related("invited_by").order_by("-sent_at", "-pk"),
        "link": link,
        "link_form": link_form or JoinLinkForm(instance=link or JoinLink(team=team)),
        "requests": team.join_requests.waiting().select_related("user").order_by("pk"),
    }


@require_POST
@login_required
def change_role(request: SignedInRequest, uuid: UUID, person: UUID) -> HttpResponse:
    """The form says what they were on the page, so that nobody overrules what they have not seen."""
    member = managed_member(request, uuid, person)
    asked = request.POST if "role" in request.POST else request.GET  # an undo says it in its address
    if asked.get("role") not in GIVEN:
        raise Http404
    role = Role(asked["role"])
    if Membership.objects.filter(pk=member.pk).give_role(role, was=asked.get("was", "")):
        back = urlencode({"role": member.role, "was": role.value})
        undo_url = f"{reverse('teams:change-role', args=[uuid, person])}?{back}"
        himself = member.user == request.user
        tell(request, MADE[role] % {"person": member.user}, undo_url="" if himself else undo_url)
    else:
        _overtaken(request, member)
    return go(request, "teams:members", uuid)


@require_POST
@login_required
def remove(request: SignedInRequest, uuid: UUID, person: UUID) -> HttpResponse:
    """What they wrote stays; what would be sent to them for this team is not."""
    member = managed_member(request, uuid, person)
    if member.user == request.user:
        raise PermissionDenied
    now = timezone.now()
    if put_out(member, now):
        note = note_of(_salt(member.team), [member.user_id, member.role, str(now)])
        undo_url = f"{reverse('teams:bring-back', args=[uuid])}?{urlencode({'note': note})}"
        said = _("%(person)s does not belong to %(team)s any more.") % {"person": member.user, "team": member.team}
        tell(request, said, undo_url=undo_url)
    else:
        _overtaken(request, member)
    return go(request, "teams:members", uuid)


@require_POST
@login_required
def bring_back(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Undo a removal, for some minutes."""
    team = managed_team(request, uuid)
    try:
        user_id, role, removed_at = read_note(request.GET.get("note", ""), _salt(team))
    except signing.SignatureExpired:
        tell(request, _("It is too late to take that back. Invite them again."), level=messages.WARNING)
        return go(request, "teams:members", uuid)
    except signing.BadSignature as error:
        raise Http404 from error
    person = get_object_or_404(User, pk=user_id)
    with transaction.atomic():
        # Of this removal: who has come back since, and left, is not fetched in again.
        stands = JoinRequest.objects.filter(team=team, user=person, declined_at=removed_at).delete()[0]
        if stands:
            Membership.objects.get_or_create(team=team, user=person, defaults={"role": role})
    if stands:
        tell(request, _("%(person)s belongs to %(team)s again.") % {"person": person, "team": team})
    else:
        tell(request, _("That was taken back already."), level=messages.WARNING)
    return go(request, "teams:members", uuid)


@require_POST
@login_required
def leave(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Everybody may, but the last owner."""
    mine = own_membership(request, uuid)
    try:
        mine.leave()
    except LastOwner:
        tell(request, _("You are its only owner. Hand the team over first, or delete it."), level=messages.ERROR)
        return go(request, "teams:members", uuid)
    tell(request, _("You do not belong to %(team)s any more.") % {"team": mine.team})
    return go(request, "today")


@require_POST
@login_required
def offer(request: SignedInRequest, uuid: UUID, person: UUID) -> HttpResponse:
    """Hand the team over, once the other agrees."""
    mine = own_membership(request, uuid)
    if not mine.is_owner:
        raise PermissionDenied
    heir = get_object_or_404(Membership.objects.select_related("user"), team=mine.team, user__uuid=person)
    with transaction.atomic():
        made = Offer.objects.make(mine, heir, timezone.now())
        if made:
            send_offer(made)
    if made:
        tell(request, _("%(person)s is asked. Until they agree you own the team.") % {"person": heir.user})
    else:
        tell(request, _("That is not possible: they own it already, or get no mail."), level=messages.ERROR)
    return go(request, "teams:members", uuid)


@require_POST
@login_required
def end_offer(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """By who made it, or by whom it was made to."""
    found = Offer.objects.filter(team=visible_team(request, uuid)).concerning(request.user).first()
    if found is None or not found.end():
        tell(request, _("There is no such offer any more."), level=messages.WARNING)
    else:
        tell(request, _("The team is not handed over."))
    return go(request, "teams:members", uuid)


@require_POST
@login_required
def accept_offer(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Own the team."""
    team = visible_team(request, uuid)
    found = Offer.objects.filter(team=team, made_to__user=request.user).first()
    if found and found.accept():
        tell(request, _("You own %(team)s now.") % {"team": team})
    else:
        tell(request, _("There is no such offer any more."), level=messages.WARNING)
    return go(request, "teams:members", uuid)


def _overtaken(request: SignedInRequest, member: Membership) -> None:
    """Somebody else was quicker."""
    current = Membership.objects.filter(pk=member.pk).first()
    if current is None:
        said = _("%(person)s does not belong to the team any more.") % {"person": member.user}
    else:
        words = {"person": member.user, "role": current.get_role_display()}
        said = _("Nothing was changed: meanwhile somebody made %(person)s %(role)s.") % words
    tell(request, said, level=messages.WARNING)


def _salt(team: Team) -> str:
    return f"teams.bring-back.{team.uuid}"
