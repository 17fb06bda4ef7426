"""What comes into a team from a file: uploading it, looking at what would change, doing it, undoing it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import SignedInRequest
from reminders.forms.imports import ImportForm
from reminders.imports import Line, Outcome, Unreadable, carry_out, compare, counts_of, read
from reminders.imports.lines import TO_DO
from reminders.models import Import, ImportKind
from reminders.schedule import describe
from teamreminders.http import go, tell
from teams.access import writable_team

# What there is to look at comes first.
IN_ORDER = (Outcome.NEW, Outcome.CHANGED, Outcome.REFUSED, Outcome.LEFT_OUT, Outcome.SAME)
PARTS = {
    "title": gettext_lazy("title"),
    "notes": gettext_lazy("notes"),
    "schedule": gettext_lazy("when"),
    "audience": gettext_lazy("who gets it"),
    "completion": gettext_lazy("how it is settled"),
    "lateness": gettext_lazy("if it is late"),
    "lead_times": gettext_lazy("advance notices"),
    "paused": gettext_lazy("paused"),
    "labels": gettext_lazy("labels"),
}
# Of those that an import made, so many are shown with their links.
MADE_SHOWN = 50


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def upload(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Nothing comes in yet: the next page says what would."""
    team, now = writable_team(request, uuid), timezone.now()
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = ImportForm(*sent, team=team, now=now)
    if form.is_valid():
        return redirect("reminders:import", form.save(request.user).uuid)
    status = 422 if form.is_bound else 200
    return render(request, "reminders/import/upload.html", {"team": team, "form": form}, status=status)


@require_safe
@login_required
def look(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """What would change; afterwards, what did."""
    record, now = _own(request, uuid), timezone.now()
    context = {"record": record, "team": record.team, "now": now}
    if record.done_at:
        return render(request, "reminders/import/done.html", context | _done(record, now))
    try:
        lines = _lines(record, request, now)
    except Unreadable as error:
        return render(request, "reminders/import/look.html", context | {"wrong": error}, status=422)
    return render(request, "reminders/import/look.html", context | _looked_at(lines))


@require_POST
@login_required
def run(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    record = _own(request, uuid)
    try:
        if not carry_out(request, record, timezone.now()):
            tell(request, _("This file was imported already."), level=messages.INFO)
    except Unreadable as error:
        tell(request, str(error), level=messages.ERROR)
    return go(request, "reminders:import", record.uuid)


@require_POST
@login_required
def undo(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Delete what the import made. Each can be restored by itself, as any that was deleted."""
    record, now = _own(request, uuid), timezone.now()
    count = record.undo(now) if record.may_be_undone(now) else None
    if count is None:
        tell(request, _("This import cannot be undone any more."), level=messages.WARNING)
    else:
        said = ngettext("%(count)d reminder is deleted again.", "%(count)d reminders are deleted again.", count)
        tell(request, said % {"count": count})
    return go(request, "reminders:import", record.uuid)


def _own(request: SignedInRequest, uuid: UUID) -> Import:
    return get_object_or_404(Import.objects.visible_to(request.user), uuid=uuid)


def _lines(record: Import, request: SignedInRequest, now: datetime) -> list[Line]:
    drafts = read(ImportKind(record.kind), bytes(record.content or b""), record.team, now, record.all_day_at)
    return compare(drafts, record.team, request.user, now)


def _looked_at(lines: list[Line]) -> dict[str, Any]:
    counts = counts_of(lines)
    groups = [(outcome, [_shown(line) for line in lines if line.outcome == outcome]) for outcome in IN_ORDER]
    return {
        "counts": counts,
        "to_do": sum(counts[outcome] for outcome in TO_DO),
        "groups": [group for group in groups if group[1]],
        "asked": len({email for line in lines if line.outcome in TO_DO for email in line.to_ask}),
    }


def _shown(line: Line) -> dict[str, Any]:
    """With when it comes, and when it came until now where that is another time."""
    said = line.outcome in TO_DO
    moved = line.reminder and "schedule" in line.changes
    return {
        "title": line.draft.title,
        "reminder": line.reminder,
        "when": describe(line.draft.due) if said or line.outcome == Outcome.SAME else "",
        "before": line.reminder.in_words if moved and line.reminder else "",
        "changes": [str(PARTS[key]) for key in line.changes if key != "schedule"],
        "why": line.why,
        "notes": line.notes if said else (),
    }


def _done(record: Import, now: datetime) -> dict[str, Any]:
    made = record.reminders.filter(deleted_at=None).order_by("title", "pk")
    return {"made": made[:MADE_SHOWN], "left": made.count(), "may_be_undone": record.may_be_undone(now)}
