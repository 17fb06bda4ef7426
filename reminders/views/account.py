"""The end of an account."""

from allauth.account.decorators import reauthentication_required
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.forms import DeleteAccountForm
from accounts.http import SignedInRequest
from accounts.models import User
from reminders.goodbye import OwnsTeams, delete_and_tell, teams_without_another_owner
from teamreminders.http import tell


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@reauthentication_required
def delete(request: SignedInRequest) -> HttpResponse:
    """Say what goes and what stays, ask for the address, and erase the person."""
    person = User.objects.get(pk=request.user.pk)
    form = DeleteAccountForm(request.POST if request.method == "POST" else None, person=person)
    held_by = teams_without_another_owner(person)
    if held_by or not form.is_valid():
        return _page(request, form, held_by)
    try:
        delete_and_tell(person)
    except OwnsTeams as error:
        return _page(request, form, error.teams)
    logout(request)
    tell(request, _("Your account is deleted."))
    return redirect("front")


def _page(request: SignedInRequest, form: DeleteAccountForm, held_by: list) -> HttpResponse:
    context = {"form": form, "held_by": held_by, "teams": request.user.teams.order_by("name", "pk")}
    return render(request, "accounts/delete.html", context, status=422 if form.is_bound else 200)
