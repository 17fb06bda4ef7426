"""What is done to many reminders at once from a team's page, each row by the rights that one has on it."""

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.http import SignedInRequest
from reminders.access import reminders_of
from reminders.bulk import Outcome, TooMany, carry_out
from reminders.bulk import undo as take_back
from reminders.forms import BulkForm, ListForm
from reminders.models import BulkAct
from reminders.models.bulk import AT_MOST
from reminders.models.reminder import ReminderQuerySet
from teamreminders.http import tell, wants_partial
from teams.access import writable_team
from teams.models import Team

from .answer import acted, with_counts
from .team_list import team_page

Verb = BulkAct.Verb


@require_POST
@login_required
def bulk(request: SignedInRequest, uuid: UUID, verb: str) -> HttpResponse:
    """Do it to what was chosen, or to all that the query string filters."""
    now, team = timezone.now(), writable_team(request, uuid)
    form = BulkForm(request.POST, team=team, verb=verb)
    if not form.is_valid():
        tell(request, form.wrong(), level=messages.ERROR)
        return _answer(request, team, now)
    try:
        _say(request, carry_out(form.act(request.user, now), _chosen(request, form, now)))
    except TooMany as error:
        said = _("That is %(count)s reminders, and %(most)s at most go at once. Filter the list further.")
        tell(request, said % {"count": error.count, "most": AT_MOST}, level=messages.ERROR)
    return _answer(request, team, now)


@require_POST
@login_required
def undo(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Take it back, for some minutes; what somebody changed since stays."""
    now = timezone.now()
    mine = BulkAct.objects.done_by(request.user).select_related("team", "by", "label", "person")
    act = get_object_or_404(mine, uuid=uuid)
    if not act.is_fresh(now):
        tell(request, _("It is too late to take that back."), level=messages.WARNING)
    elif count := take_back(act, now):
        said = ngettext("%(n)s reminder is as it was.", "%(n)s reminders are as they were.", count)
        tell(request, said % {"n": count})
    else:
        tell(request, _("Nothing is left of it to take back."), level=messages.INFO)
    return acted(request, "team", act.team.uuid)


def _chosen(request: SignedInRequest, form: BulkForm, now: datetime) -> ReminderQuerySet:
    rows = reminders_of(request).filter(team=form.team)
    if not form.cleaned_data["all"]:
        return rows.filter(uuid__in=form.cleaned_data["reminder"])
    return ListForm(request.GET, labels=form.team.labels.listed()).wanted().of(rows, request.user, now)


def _say(request: SignedInRequest, outcome: Outcome) -> None:
    act, left_out = outcome
    said = _done(act) if act.changed else _("Nothing was changed.")
    if left_out:
        words = ngettext(
            "%(n)s was left out, which is not yours to change.",
            "%(n)s were left out, which are not yours to change.",
            left_out,
        )
        said = f"{said} {words % {'n': left_out}}"
    undo_url = reverse("reminders:bulk-undo", args=[act.uuid]) if act.changed else ""
    tell(request, said, undo_url=undo_url, level=messages.SUCCESS if act.changed else messages.INFO)


def _done(act: BulkAct) -> str:
    n, names = act.changed, {"n": act.changed, "label": act.label, "person": act.person}
    said = {
        Verb.PAUSE: ngettext("%(n)s reminder is paused.", "%(n)s reminders are paused.", n),
        Verb.RESUME: ngettext("%(n)s reminder goes on.", "%(n)s reminders go on.", n),
        Verb.LABEL: ngettext("%(n)s reminder has “%(label)s” now.", "%(n)s reminders have “%(label)s” now.", n),
        Verb.UNLABEL: ngettext(
            "%(n)s reminder has “%(label)s” no more.", "%(n)s reminders have “%(label)s” no more.", n
        ),
        Verb.HAND_OVER: ngettext(
            "%(n)s reminder is handed over to %(person)s.", "%(n)s reminders are handed over to %(person)s.", n
        ),
        Verb.DELETE: ngettext("%(n)s reminder is deleted.", "%(n)s reminders are deleted.", n),
    }
    return said[Verb(act.verb)] % names


def _answer(request: SignedInRequest, team: Team, now: datetime) -> HttpResponse:
    """The list as it was filtered."""
    if not wants_partial(request):
        query = request.GET.urlencode()
        return redirect(reverse("team", args=[team.uuid]) + (f"?{query}" if query else ""))
    return with_counts(request, team_page(request, team, now, acted=True))
