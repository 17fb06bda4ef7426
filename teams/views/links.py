"""The join link of a team: having one, following it, and who asks to come in by it."""

from typing import Any
from uuid import UUID

from allauth.account.models import EmailAddress
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.http import SignedInRequest
from teamreminders.http import go, tell
from teams.access import managed_team, teams_of
from teams.asking import follow
from teams.emails import send_welcome
from teams.forms import JoinLinkForm
from teams.models import JoinLink, JoinRequest, Role

from .people import members_page


@require_POST
@login_required
def set_link(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Turn the link on, or change to whom it is open."""
    team = managed_team(request, uuid)
    with transaction.atomic():
        link = JoinLink.objects.locked(team) or JoinLink(team=team)
        was_on = link.pk is not None
        form = JoinLinkForm(request.POST, instance=link)
        if form.is_valid():
            form.save()
    if form.errors:
        return members_page(request, team, link_form=form)
    opened = (
        _("Whoever has the link can ask to join now.")
        if link.needs_approval
        else _("Whoever has the link can join now.")
    )
    tell(request, _("Saved.") if was_on else opened)
    return go(request, "teams:members", uuid)


@require_POST
@login_required
def renew_link(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """The old one leads nowhere from this second on."""
    if not JoinLink.objects.renew(managed_team(request, uuid)):
        raise Http404
    tell(request, _("There is a new link; the old one does not work any more."))
    return go(request, "teams:members", uuid)


@require_POST
@login_required
def end_link(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Who has asked still waits for an answer."""
    JoinLink.objects.end(managed_team(request, uuid))
    tell(request, _("The join link is off."))
    return go(request, "teams:members", uuid)


@require_POST
@login_required
def answer_request(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Let somebody in, as what the form says, or not."""
    requests = JoinRequest.objects.select_related("team", "user")
    asked = get_object_or_404(requests.filter(team__in=teams_of(request)), uuid=uuid)
    managed_team(request, asked.team.uuid)
    if "decline" in request.POST:
        done, said = asked.decline(timezone.now()), _("%(person)s is not let in.")
    else:
        done, said = _let_in(asked, request.POST.get("role", "")), _("%(person)s belongs to %(team)s now.")
    if done:
        tell(request, said % {"person": asked.user, "team": asked.team})
    else:
        tell(request, _("Somebody else has answered that meanwhile."), level=messages.WARNING)
    return go(request, "teams:members", asked.team.uuid)


def _let_in(asked: JoinRequest, role: str) -> bool:
    with transaction.atomic():
        done = asked.approve(Role.VIEWER if role == Role.VIEWER else Role.MEMBER)
        if done:
            send_welcome(asked)
    return done


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join_link(request: HttpRequest, uuid: UUID, token: str) -> HttpResponse:
    """Where the link leads: one page with one button."""
    link, person = JoinLink.objects.with_token(uuid, token), request.user
    if link is None:
        return render(request, "teams/join_ended.html", {"is_link": True}, status=404)
    if not person.is_authenticated:
        return redirect(request.path) if request.method == "POST" else _page(request, link)
    if link.team.role_of(person):
        return redirect("team", uuid)
    if request.method != "POST" or not link.lets_in(person.email):
        return _page(request, link, status=403 if request.method == "POST" else 200)
    if not EmailAddress.objects.is_verified(person.email):
        raise PermissionDenied
    result = follow(request, link)
    if result is None:
        return render(request, "teams/join_ended.html", {"is_link": True}, status=404)
    if isinstance(result, JoinRequest):
        return redirect(request.path)
    tell(request, _("Welcome to %(team)s.") % {"team": link.team})
    return go(request, "team", uuid)


def _page(request: HttpRequest, link: JoinLink, status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {"link": link, "team": link.team}
    if request.user.is_authenticated:
        context["is_left_out"] = not link.lets_in(request.user.email)
        context["asked"] = JoinRequest.objects.filter(team=link.team, user=request.user).first()
    return render(request, "teams/join_link.html", context, status=status)
