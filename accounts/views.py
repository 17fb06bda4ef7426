"""A person's own pages; what has to do with signing in is allauth's."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from teamreminders.http import tell

from .forms import ProfileForm
from .http import SignedInRequest
from .models import User


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def settings(request: SignedInRequest) -> HttpResponse:
    """Name and zone, and the ways to e-mail, password and sign-out."""
    person = User.objects.get(pk=request.user.pk)  # a copy: what was refused must not appear in the sidebar
    form = ProfileForm(request.POST or None, instance=person)
    if request.method == "POST" and form.is_valid():
        form.save()
        tell(request, _("Saved."))
        return redirect("accounts:settings")
    return render(request, "accounts/settings.html", {"form": form}, status=422 if form.errors else 200)
