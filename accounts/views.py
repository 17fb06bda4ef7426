"""A person's own pages; what has to do with signing in is allauth's."""

from typing import Any
from urllib.parse import urlencode

from allauth.account import views as allauth
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import model_to_dict
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_POST

from teamreminders.http import tell, wants_partial
from teamreminders.templatetags.page import place

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
    return _page(request, form)


@require_POST
@login_required
def use_zone(request: SignedInRequest) -> HttpResponse:
    """Live by the clock of `zone`: of the device, as its person was asked, or of before, where that is undone."""
    form = _with_zone(request)
    if not form.is_valid():
        return _page(request, form)
    zone, before = form.cleaned_data["zone"], request.user.zone
    request.user.move_to(zone)
    said = _("Your account is on %(place)s time now.") % {"place": place(zone)}
    undo = urlencode({"zone": before, "next": _asked(request, "next")})
    tell(request, said, undo_url="" if zone == before else f"{reverse('accounts:use-zone')}?{undo}")
    return redirect(_back(request))


@require_POST
@login_required
def keep_zone(request: SignedInRequest) -> HttpResponse:
    """Ask no more about a device in `zone`. Kept for the person: who has answered on the phone has answered."""
    form = _with_zone(request)
    if not form.is_valid():
        return _page(request, form)
    request.user.keep_zone(beside=form.cleaned_data["zone"])
    said = _("Your account stays on %(place)s time.") % {"place": place(request.user.zone)}
    if wants_partial(request):
        return render(request, "accounts/_clocks.html#kept", {"words": said})
    tell(request, said)
    return redirect(_back(request))


def _page(request: SignedInRequest, form: ProfileForm) -> HttpResponse:
    return render(request, "accounts/settings.html", {"form": form}, status=422 if form.errors else 200)


def _with_zone(request: SignedInRequest) -> ProfileForm:
    """The settings with the zone that was asked for, to say what is wrong with it where another one can be chosen."""
    person = User.objects.get(pk=request.user.pk)
    said = model_to_dict(person, ProfileForm.Meta.fields) | {"zone": _asked(request, "zone")}
    return ProfileForm(said, instance=person)


def _asked(request: HttpRequest, name: str) -> str:
    """From the form, or from the address of an undo."""
    return request.POST.get(name) or request.GET.get(name, "")


def _back(request: HttpRequest) -> str:
    page = _asked(request, "next")
    return page if url_has_allowed_host_and_scheme(page, allowed_hosts=None) else reverse("today")
