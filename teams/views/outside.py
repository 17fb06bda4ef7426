"""Addresses outside a team: asking them, taking them off the list, and the page where they answer."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import SignedInRequest
from teamreminders.acting import Channel, acting
from teamreminders.http import go, tell
from teams.access import managed_outside_address, writable_team
from teams.asking import ask, tell_asked
from teams.forms import OutsideForm
from teams.models import OutsideAddress
from teams.notes import is_fresh, note_of

from .people import members_page


@require_POST
@login_required
def add(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Ask addresses; whoever writes reminders may."""
    team = writable_team(request, uuid)
    form = OutsideForm(request.POST)
    if not form.is_valid():
        return members_page(request, team, outside_form=form)
    tell_asked(request, ask(request, team, form.cleaned_data["emails"]))
    return go(request, "teams:members", uuid)


@require_POST
@login_required
def remove(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Nothing more goes there from this second on."""
    address = managed_outside_address(request, uuid)
    if address.remove():
        undo_url = f"{reverse('teams:restore-outside', args=[uuid])}?{urlencode({'note': note_of(_salt(address))})}"
        tell(request, _("%(email)s gets no more reminders.") % {"email": address.email}, undo_url=undo_url)
    else:
        tell(request, _("That address is off the list already."), level=messages.WARNING)
    return go(request, "teams:members", address.team.uuid)


@require_POST
@login_required
def restore(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Undo a removal, for some minutes."""
    address = managed_outside_address(request, uuid)
    if not is_fresh(request.GET.get("note", ""), _salt(address)):
        tell(request, _("It is too late to take that back. Ask the address again."), level=messages.WARNING)
    elif address.restore(timezone.now()):
        tell(request, _("%(email)s is on the list again.") % {"email": address.email})
    else:
        tell(request, _("That address is on the list already."), level=messages.WARNING)
    return go(request, "teams:members", address.team.uuid)


@never_cache
@require_safe
def outside(request: HttpRequest, token: str) -> HttpResponse:
    """Where the link in the question and in every reminder leads: one page, where only buttons change something."""
    return _page(request, OutsideAddress.objects.with_token(token))


@never_cache
@require_POST
def agree(request: HttpRequest, token: str) -> HttpResponse:
    """Have the team's reminders come."""
    address = OutsideAddress.objects.with_token(token)
    with acting(Channel.PAGE):  # whoever reads the mail there; not who happens to be signed in
        agreed = address is not None and address.agree(timezone.now())
    return redirect(address.path) if address and agreed else _page(request, address, status=409)


@never_cache
@csrf_exempt  # mail programs post it by themselves (RFC 8058); the token is the proof
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Have nothing more come, and no question again. A program that follows the link without a POST stops nothing."""
    address = OutsideAddress.objects.with_token(token)
    if address is None or request.method != "POST":
        return _page(request, address)
    with acting(Channel.PAGE):
        address.stop()
    return redirect(address.path)


def _salt(address: OutsideAddress) -> str:
    return f"teams.restore-outside.{address.uuid}"


def _page(request: HttpRequest, address: OutsideAddress | None, status: int = 200) -> HttpResponse:
    if address is None:
        return render(request, "teams/outside.html", {"address": None}, status=404)
    context = {"address": address, "may_agree": address.may_agree(timezone.now())}
    return render(request, "teams/outside.html", context, status=status)
