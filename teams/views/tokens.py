"""A person's access tokens: the list, making one, ending one."""

from uuid import UUID

from allauth.account.adapter import get_adapter
from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.http import SignedInRequest
from accounts.models import AccessToken
from accounts.models.token import AT_MOST
from teamreminders.http import tell
from teams.models import Team
from teams.token_form import TokenForm


@never_cache
@require_safe
@login_required
def tokens(request: SignedInRequest) -> HttpResponse:
    """Of a token's teams, those that its person still belongs to: it reaches no others."""
    now = timezone.now()
    theirs = Prefetch("teams", Team.objects.visible_to(request.user).order_by("name", "pk"), to_attr="reached")
    mine = AccessToken.objects.unended().filter(user=request.user).prefetch_related(theirs).order_by("-pk")
    rows = [(token, token.is_over(now)) for token in mine]
    return render(request, "teams/tokens.html", {"rows": rows, "now": now, "full": len(rows) >= AT_MOST})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@reauthentication_required
def new(request: SignedInRequest) -> HttpResponse:
    """The answer to the form is the only page that ever has the secret: it is kept nowhere, so there is no redirect."""
    form = TokenForm(request.POST if request.method == "POST" else None, person=request.user, now=timezone.now())
    if not form.is_valid():
        return render(request, "teams/token.html", {"form": form}, status=422 if form.is_bound else 200)
    made = form.make()
    if made is None:
        said = _("That token was made, and its secret is shown only once. If you did not keep it, revoke it.")
        tell(request, said, level=messages.WARNING)
        return redirect("tokens:all")
    token, secret = made
    get_adapter().send_notification_mail("teams/email/token", request.user, {"token": token})
    context = {"token": token, "secret": secret, "site_url": settings.SITE_URL}
    return render(request, "teams/token_made.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def revoke(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Ask first: a program that uses it stops working."""
    token = get_object_or_404(AccessToken, user=request.user, uuid=uuid)
    if request.method != "POST":
        return render(request, "teams/token_revoke.html", {"token": token})
    if token.end(timezone.now()):
        tell(request, _("“%(name)s” is revoked. Whatever still shows it is refused.") % {"name": token})
    else:
        tell(request, _("That token was revoked already."), level=messages.WARNING)
    return redirect("tokens:all")
