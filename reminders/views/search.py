"""The palette, and without scripts a page: anything by a few of its letters."""

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.http import SignedInRequest
from reminders.search import search as found
from teamreminders.http import render_partial


class SearchForm(forms.Form):
    q = forms.CharField(label=_("Search"), required=False, max_length=100)


@require_safe
@login_required
def search(request: SignedInRequest) -> HttpResponse:
    """What the words of the address lead to."""
    now, form = timezone.now(), SearchForm({"q": request.GET.get("q", "")}, label_suffix="")
    text = form.cleaned_data["q"] if form.is_valid() else ""
    groups = found(request.user, text, now) if form.is_valid() else []
    context = {"form": form, "text": text, "groups": groups, "now": now}
    context["count"] = sum(len(group.entries) for group in groups)
    return render_partial(request, "reminders/search.html", context, partial="palette")
