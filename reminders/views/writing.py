"""The form for a new reminder and for a changed one, and its preview."""

from dataclasses import replace
from datetime import datetime
from typing import Any, cast
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.http import SignedInRequest
from reminders import preview as previews
from reminders.access import editable_reminder, locked, reminders_of, uuid_or_404
from reminders.forms import ReminderForm, Way, copied_form, first_form
from reminders.models import Reminder, ZoneMode
from teamreminders.clock import zone_or_utc
from teamreminders.http import go, render_partial, tell
from teams.access import writable_team
from teams.asking import ask, tell_asked
from teams.models import MANAGERS, Team

from .answer import local_from
from .once import write_once, written_with

# What has to be the same where a form that is sent twice says the same.
SAID = ("title", "notes", "audience", "roles", "completion", "lead_times", "zone_mode", "lateness", "late_hours")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def new(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Write a reminder for a team; the form begins as `like`, another of the same team, says."""
    now, team = timezone.now(), writable_team(request, uuid)
    if request.method != "POST":
        return _form_page(request, _first(request, team, now), team)
    form = ReminderForm(request.POST, instance=Reminder(team=team, author=request.user), team=team, now=now)
    written = _same(form).filter(deleted_at=None).first()
    if written and form.is_valid() and not _says_the_same(form, written):
        return _form_page(request, _as_another(form), team, status=422)
    if written:
        tell(
            request,
            _("This form was sent before, here is its reminder. Edit changes it."),
            level=messages.INFO,
        )
        return go(request, "reminders:detail", written.uuid)
    if not form.is_valid():
        return _form_page(request, form, team, status=422)
    reminder = write_once(UUID(form.token), form.instance, form.save)
    _add_outside(request, reminder, form)
    tell(request, _("The reminder is set."))
    return go(request, "reminders:detail", reminder.uuid)


def _first(request: SignedInRequest, team: Team, now: datetime) -> ReminderForm:
    if "like" not in request.GET:
        return first_form(team, request.user, now, request.GET)
    theirs = reminders_of(request).filter(team=team).select_related("team")
    return copied_form(get_object_or_404(theirs, uuid=uuid_or_404(request.GET["like"])), now)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def edit(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Change a reminder, with `from` only what follows from a slot on; what it already sent stays history."""
    now, reminder = timezone.now(), editable_reminder(request, uuid)
    slot = local_from(request, "from")
    changed = reminder if request.method != "POST" else locked(reminder)
    if slot and not changed.cut_at(slot, now):
        tell(request, _("That date is not of this series any more, or it has come due."), level=messages.INFO)
        return go(request, "reminders:detail", uuid)
    if request.method != "POST":
        return _form_page(request, ReminderForm(instance=changed, team=reminder.team, now=now), reminder.team)
    form = ReminderForm(request.POST, instance=changed, team=reminder.team, now=now)
    if not form.is_valid():
        return _form_page(request, form, reminder.team, status=422)
    if slot and reminder.end_before(slot, now):
        changed.become_another(continues=reminder)
    written = form.save()
    _add_outside(request, written, form)
    tell(request, _("The change is saved."))
    return go(request, "reminders:detail", written.uuid)


@require_POST
@login_required
def preview(request: SignedInRequest) -> HttpResponse:
    """What the form as it stands would do, and with htmx the fields that it fills in; nothing is saved."""
    now = timezone.now()
    if request.POST.get("reminder"):
        reminder = editable_reminder(request, uuid_or_404(request.POST["reminder"]))
        if slot := local_from(request, "from"):
            reminder.cut_at(slot, now)
    else:
        reminder = Reminder(team=writable_team(request, uuid_or_404(request.POST.get("team", ""))), author=request.user)
    form = ReminderForm(request.POST, instance=reminder, team=reminder.team, now=now)
    form.is_valid()
    several = request.POST.get("by") == "times"
    if several:
        form.take_several_times()
    if not request.htmx:
        return _form_page(request, form, reminder.team)
    fills = {"filled": form.as_filled(), "fills_controls": several or form.way != Way.CONTROLS}
    return render(request, "reminders/_filled.html", _context(request, form, reminder.team) | fills)


def _add_outside(request: SignedInRequest, reminder: Reminder, form: ReminderForm) -> None:
    """Ask the addresses that were added; each gets it from when it agrees."""
    if emails := form.cleaned_data["new_outside"]:
        asked = ask(request, form.team, emails)
        reminder.outside.add(*asked.addresses)
        tell_asked(request, asked)


def _form_page(request: SignedInRequest, form: ReminderForm, team: Team, status: int = 200) -> HttpResponse:
    return render_partial(request, "reminders/form.html", _context(request, form, team), partial="form", status=status)


def _context(request: SignedInRequest, form: ReminderForm, team: Team) -> dict[str, Any]:
    readable = not form.is_bound and form.before and form.instance.is_readable(form.now)
    schedule = form.before if readable else form.schedule
    zone, own_clocks = zone_or_utc(request.user.zone), form["zone_mode"].value() == ZoneMode.RECIPIENT
    if schedule and own_clocks:
        schedule = replace(schedule, zone=zone.key)
    return {
        "form": form,
        "own_clocks": own_clocks,
        "team": team,
        "reminder": form.instance if form.instance.pk else None,
        "preview": schedule and previews.preview(schedule, zone, form.now),
        "reach": form.reach(),
        "lead_times": form.cleaned_data.get("lead_times") if form.is_bound else form.instance.lead_times,
        "following": local_from(request, "from"),
        "may_manage": team.role_of(request.user) in MANAGERS,
    }


def _same(form: ReminderForm) -> QuerySet[Reminder]:
    return written_with(UUID(form.token), form.instance)


def _says_the_same(form: ReminderForm, written: Reminder) -> bool:
    draft = form.instance
    return form.schedule == written.schedule and all(getattr(draft, name) == getattr(written, name) for name in SAID)


def _as_another(form: ReminderForm) -> ReminderForm:
    """The form filled in as it was, ready to be sent as a second reminder."""
    data = cast(QueryDict, form.data).copy()
    data["token"] = str(uuid4())
    draft = form.instance
    another = ReminderForm(data, instance=Reminder(team=draft.team, author=draft.author), team=draft.team, now=form.now)
    another.add_error(None, _("You set a reminder with this form before. To set this one as well, send it again."))
    return another
