"""A person's own pages; what has to do with signing in is allauth's."""

from typing import Any

from allauth.account import views as allauth
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods

from teamreminders.http import tell

from .forms import ProfileForm
from .http import SignedInRequest
from .languages import chosen_or_present
from .models import User


class EmailView(allauth.EmailView):
    """allauth's, which says nothing when a mail was asked for again too soon."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().post(request, *args, **kwargs)
        if "action_send" in request.POST and not self._did_send_verification_email:
            too_soon = _("The last mail went out less than three minutes ago. Look for it, also in the spam folder.")
            tell(request, too_soon, level=messages.INFO)
        return response


change_email = login_required(EmailView.as_view())


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def settings(request: SignedInRequest) -> HttpResponse:
    """Name and zone, and the ways to e-mail, password and sign-out."""
    person = User.objects.get(pk=request.user.pk)  # a copy: what was refused must not appear in the sidebar
    form = ProfileForm(request.POST or None, instance=person)
    if request.method == "POST" and form.is_valid():
        form.save()
        with override(chosen_or_present(person.language)):  # in which the next page shows it
            tell(request, _("Saved."))
        return redirect("accounts:settings")
    return render(request, "accounts/settings.html", {"form": form}, status=422 if form.errors else 200)
