"""The labels of a team: who writes makes them, who manages renames, recolours and deletes them."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.http import SignedInRequest
from reminders.access import managed_label
from reminders.forms import LabelForm
from teamreminders.http import go, render_partial, tell
from teams.access import visible_team
from teams.models import MANAGERS, WRITERS, Team


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def labels(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """All of them with how many reminders have each, and a form for one more."""
    team = visible_team(request, uuid)
    if request.method != "POST":
        return _page(request, team, LabelForm(team=team))
    if team.role_of(request.user) not in WRITERS:
        raise PermissionDenied
    form = LabelForm(request.POST, team=team)
    if not form.is_valid():
        return _page(request, team, form, status=422)
    form.save()
    tell(request, _("The label “%(label)s” is made.") % {"label": form.instance})
    return go(request, "reminders:labels", uuid)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def edit(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Another name or colour, on all its reminders at once."""
    label = managed_label(request, uuid)
    form = LabelForm(request.POST if request.method == "POST" else None, team=label.team, instance=label)
    if not form.is_valid():
        context = {"team": label.team, "label": label, "form": form}
        status = 422 if form.is_bound else 200
        return render_partial(request, "reminders/label.html", context, partial="form", status=status)
    form.save()
    tell(request, _("The change is saved."))
    return go(request, "reminders:labels", label.team.uuid)


@require_POST
@login_required
def delete(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Take it off all reminders; the message offers to undo it."""
    label = managed_label(request, uuid)
    label.discard(timezone.now())
    undo_url = reverse("reminders:restore-label", args=[uuid])
    tell(request, _("The label “%(label)s” is deleted.") % {"label": label}, undo_url=undo_url)
    return go(request, "reminders:labels", label.team.uuid)


@require_POST
@login_required
def restore(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Undo a deletion; its reminders have it again."""
    label = managed_label(request, uuid, deleted=True)
    if label.restore():
        tell(request, _("The label “%(label)s” is back.") % {"label": label})
    else:
        tell(request, _("There is a label of this name already."), level=messages.WARNING)
    return go(request, "reminders:labels", label.team.uuid)


def _page(request: SignedInRequest, team: Team, form: LabelForm, status: int = 200) -> HttpResponse:
    role = team.role_of(request.user)
    there = Count("reminders", filter=Q(reminders__deleted_at=None))
    context = {
        "team": team,
        "labels": team.labels.listed().annotate(reminder_count=there),
        "form": form,
        "may_write": role in WRITERS,
        "may_manage": role in MANAGERS,
    }
    return render_partial(request, "reminders/labels.html", context, partial="labels", status=status)
