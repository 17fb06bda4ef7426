"""Inviting people, and following an invitation."""

from collections.abc import Sequence
from uuid import UUID

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.http import SignedInRequest
from teamreminders.http import go, tell
from teams.access import managed_invitation, managed_team
from teams.asking import may_send
from teams.emails import send_invitation
from teams.forms import InviteForm
from teams.models import Invitation, NotInvited, Role, Team

from .people import members_page


@require_POST
@login_required
def invite(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """One address or several. Those that cannot be invited are named; the others are."""
    team = managed_team(request, uuid)
    form = InviteForm(request.POST)
    if not form.is_valid():
        return members_page(request, team, form)
    invited, refused = _invite(request, team, form.cleaned_data["emails"], Role(form.cleaned_data["role"]))
    for reason in refused:
        tell(request, reason, level=messages.WARNING)
    if invited:
        count = ngettext("%(count)d person is invited.", "%(count)d people are invited.", invited)
        tell(request, count % {"count": invited})
    return go(request, "teams:members", uuid)


def _invite(request: SignedInRequest, team: Team, emails: Sequence[str], role: Role) -> tuple[int, list[str]]:
    """How many were invited, and why the others were not."""
    invited, refused, now = 0, [], timezone.now()
    for email in emails:
        if not may_send(request):
            refused.append(_("Those were many invitations. Wait an hour, then invite the rest."))
            break
        try:
            with transaction.atomic():
                send_invitation(*Invitation.objects.invite(team, email, role, request.user, now))
            invited += 1
        except NotInvited as error:
            refused.append(str(error))
    return invited, refused


@require_POST
@login_required
def send_again(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """With a new link; the one before ends."""
    invitation = managed_invitation(request, uuid)
    with transaction.atomic():
        token = invitation.again(timezone.now()) if may_send(request) else None
        if token:
            send_invitation(invitation, token)
    if token:
        tell(request, _("%(email)s gets another mail; its link works for seven days.") % {"email": invitation.email})
    else:
        said = _("Not sent: the last mail went out less than three minutes ago, or the invitation has ended.")
        tell(request, said, level=messages.WARNING)
    return go(request, "teams:members", invitation.team.uuid)


@require_POST
@login_required
def withdraw(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Its link leads nowhere from this second on."""
    invitation = managed_invitation(request, uuid)
    if invitation.withdraw(timezone.now()):
        said = _("The invitation of %(email)s is withdrawn.") % {"email": invitation.email}
        tell(request, said, undo_url=reverse("teams:restore-invitation", args=[uuid]))
    else:
        tell(request, _("That invitation has ended already."), level=messages.WARNING)
    return go(request, "teams:members", invitation.team.uuid)


@require_POST
@login_required
def restore(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """The link in its mail works again."""
    invitation = managed_invitation(request, uuid)
    if invitation.restore(timezone.now()):
        tell(request, _("%(email)s is invited again.") % {"email": invitation.email})
    else:
        tell(request, _("That invitation has ended already."), level=messages.WARNING)
    return go(request, "teams:members", invitation.team.uuid)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Where the link in the mail leads: one page with one button, since mail scanners follow links.

    Says nothing of whether the address has an account: who is signed out is offered both ways in.
    """
    now, invitation = timezone.now(), Invitation.objects.with_token(token)
    if invitation is None or not invitation.is_open(now):
        return _ended(request, invitation)
    person = request.user
    if not person.is_authenticated:
        if request.method == "POST":
            return redirect(request.path)
        get_adapter().stash_verified_email(request, invitation.email)  # the mail has reached who follows its link
        return render(request, "teams/join.html", {"invitation": invitation})
    if not invitation.is_for(person):
        status = 403 if request.method == "POST" else 200
        return render(request, "teams/join.html", {"invitation": invitation, "is_other": True}, status=status)
    if request.method != "POST":
        joined = invitation.team.role_of(person) is not None
        return render(request, "teams/join.html", {"invitation": invitation, "has_joined": joined})
    if not EmailAddress.objects.is_verified(person.email):
        raise PermissionDenied
    if not invitation.accept(person, now):
        return _ended(request, Invitation.objects.with_token(token))
    tell(request, _("Welcome to %(team)s.") % {"team": invitation.team})
    return go(request, "team", invitation.team.uuid)


def _ended(request: HttpRequest, invitation: Invitation | None) -> HttpResponse:
    """A link that leads nowhere (any more). To who has joined by it, it shows the way."""
    team = None
    if invitation and request.user.is_authenticated:
        team = Team.objects.visible_to(request.user).filter(pk=invitation.team_id).first()
    if team:
        return redirect("team", team.uuid)
    expired = invitation is not None and invitation.accepted_at is None and invitation.withdrawn_at is None
    return render(request, "teams/join_ended.html", {"expired": expired}, status=404)
