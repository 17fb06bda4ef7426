"""Quick-add: one line that sets a reminder, and what it heard while it is being written."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID, uuid4, uuid5

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_htmx.http import trigger_client_event

from accounts.http import SignedInRequest
from reminders.access import uuid_or_404
from reminders.models import Audience, Reminder
from reminders.preview import Preview, preview
from reminders.quick import Draft, QuickForm, as_seen, read
from reminders.reach import Chosen, Reach, reach_of
from reminders.schedule import describe
from teamreminders.clock import zone_or_utc
from teamreminders.http import go, render_partial, tell, wants_partial
from teamreminders.templatetags.page import place
from teams.access import writable_team
from teams.models import Team

from .answer import ADDED, changed
from .once import write_once

LAST_TEAM = "quick_team"  # in the session: the UUID of the team that a reminder was last set for here


@dataclass(frozen=True)
class Line:
    """The line as a page shows it; of `teams` the person may choose one, with `fixed` it is this page's."""

    team: Team
    teams: list[Team]
    fixed: bool
    text: str = ""
    draft: Draft | None = None
    preview: Preview | None = None
    problems: Sequence[str] = ()
    is_confirming: bool = False  # what was shown is not what it would be now

    @property
    def token(self) -> UUID:
        return uuid4()

    @property
    def reach(self) -> Reach:
        """Whom the draft would reach now."""
        people = {person.pk for person in self.draft.people} if self.draft else set()
        return reach_of(self.team, Chosen(Audience.PEOPLE if people else Audience.TEAM, people=people))


def line_of(request: SignedInRequest, team: Team | None = None, *, chosen: Team | None = None) -> Line | None:
    """An empty line: of a team's page, or one that offers all teams for which the person writes. None without any.

    It begins with the team `chosen`, or else with the one that a reminder was last set for.
    """
    teams = [team] if team else _teams(request)
    last = str(chosen.uuid) if chosen else request.session.get(LAST_TEAM)
    chosen = next((each for each in teams if str(each.uuid) == last), teams[0] if teams else None)
    return Line(chosen, teams, fixed=bool(team)) if chosen else None


@require_POST
@login_required
def heard(request: SignedInRequest) -> HttpResponse:
    """What the line as it stands would set; nothing is saved."""
    now, team = timezone.now(), writable_team(request, uuid_or_404(request.POST.get("team", "")))
    form = QuickForm(request.POST)
    form.is_valid()
    draft = read(form.cleaned_data["text"], team, now) if "text" in form.cleaned_data else None
    return _line_page(request, _filled_in(request, form, team, draft, sent=False), now, "heard")


@require_POST
@login_required
def quick(request: SignedInRequest) -> HttpResponse:
    """Set the reminder that was shown; what is not understood goes to the form."""
    now, team = timezone.now(), writable_team(request, uuid_or_404(request.POST.get("team", "")))
    form, draft, may_be_set = QuickForm(request.POST), None, False
    if form.is_valid():
        draft, may_be_set = as_seen(form.cleaned_data["text"], team, form.cleaned_data["seen"], now)
        if not draft.is_complete:
            said = urlencode({"said": draft.text})
            return go(request, f"{reverse('reminders:new', args=[team.uuid])}?{said}")
    if not draft or not may_be_set:
        return _line_page(request, _filled_in(request, form, team, draft, sent=True), now, "line", status=422)
    return _set(request, form, draft, now)


def _set(request: SignedInRequest, form: QuickForm, draft: Draft, now: datetime) -> HttpResponse:
    """Write it once and say so, with an Undo; htmx gets an empty line, and the page's list looks again."""
    # Named after its words too: the line that the Back button shows again may be filled in with others.
    token, row = uuid5(form.cleaned_data["token"], f"{draft.team.uuid} {draft.text}"), draft.reminder(request.user)
    reminder = write_once(token, row, lambda: draft.write(row, now))
    _say(request, reminder)
    request.session[LAST_TEAM] = str(draft.team.uuid)
    if not wants_partial(request):
        return redirect("reminders:detail", reminder.uuid)
    line = line_of(request, draft.team if form.cleaned_data["fixed"] else None)
    answer = render_partial(request, "reminders/quick.html", {"line": line}, partial="line")
    return trigger_client_event(changed(request, answer), ADDED)


def _say(request: SignedInRequest, reminder: Reminder) -> None:
    title = format_html('<a href="{}">{}</a>', reverse("reminders:detail", args=[reminder.uuid]), reminder.title)
    words = {"title": title, "words": describe(reminder.schedule), "place": place(reminder.zone)}
    said = format_html(_("“{title}” is set: {words}, {place} time."), **words)
    if reminder.lead_times:
        said = format_html(_("{said} Notices come {lengths}."), said=said, lengths=reminder.lead_times_in_words)
    tell(request, said, undo_url=reverse("reminders:delete", args=[reminder.uuid]))


def _filled_in(request: SignedInRequest, form: QuickForm, team: Team, draft: Draft | None, *, sent: bool) -> Line:
    """The line as it was filled in, with what it heard; `sent` and refused, or only looked at."""
    fixed, text, reader = form.data.get("fixed") == "1", form.data.get("text", ""), zone_or_utc(request.user.zone)
    return Line(
        team,
        [team] if fixed else _teams(request),
        fixed,
        text=text,
        draft=draft,
        preview=preview(draft.schedule, reader, draft.now) if draft and draft.schedule else None,
        problems=form.problems() if sent or text.strip() else [],
        is_confirming=sent and bool(draft),
    )


def _line_page(request: SignedInRequest, line: Line, now: datetime, partial: str, status: int = 200) -> HttpResponse:
    managed = Team.objects.managed_by(request.user).filter(pk=line.team.pk)
    context = {"line": line, "now": now, "may_manage": managed.exists}  # asked where a page needs it
    return render_partial(request, "reminders/quick.html", context, partial=partial, status=status)


def _teams(request: SignedInRequest) -> list[Team]:
    return list(Team.objects.writable_by(request.user).order_by("name", "pk"))
