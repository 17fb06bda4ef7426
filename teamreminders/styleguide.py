"""Every component in every state on one page, made of the very pieces that pages are made of."""

from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.messages.storage.base import Message
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.models import User
from reminders.models import Completion, Delivery, Occurrence, Reminder
from reminders.receipt import Counts
from reminders.schedule.resolve import local_of
from teams.models import Team

from .clock import zone_or_utc

HOUR = timedelta(hours=1)
SWATCHES = ["paper", "raised", "sunken", "line", "edge", "ink", "ink-2", "accent", "accent-soft"]
SWATCHES += [f"{state}{soft}" for state in ("late", "due", "done") for soft in ("", "-soft")]


@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """For operators, and for who develops it."""
    _only_for_makers(request)
    now = timezone.now()
    return render(request, "styleguide/page.html", samples(now.replace(second=0, microsecond=0)))


@require_safe
def card(request: HttpRequest) -> HttpResponse:
    """What a link to us shows elsewhere, to be photographed by teamreminders/tests/pictures.py."""
    _only_for_makers(request)
    return render(request, "styleguide/card.html")


def _only_for_makers(request: HttpRequest) -> None:
    if not (settings.DEBUG or request.user.is_staff):
        raise Http404


class Fields(forms.Form):
    """A field of each kind."""

    title = forms.CharField(label=_("Title"), help_text=_("Shown as the subject of the mail."))
    notes = forms.CharField(label=_("Notes"), widget=forms.Textarea, required=False)
    at = forms.TimeField(label=_("Time"), widget=forms.TimeInput(attrs={"type": "time"}))
    team = forms.ChoiceField(label=_("Team"), choices=[("1", "Operations"), ("2", "Choir committee")])
    ends = forms.ChoiceField(
        label=_("Ends"), choices=[("", _("Never")), ("on", _("On a day"))], widget=forms.RadioSelect, required=False
    )
    daily = forms.BooleanField(label=_("Every day"), required=False)
    locked = forms.CharField(label=_("Time zone"), disabled=True, initial="Europe/Berlin", required=False)


def samples(now: datetime) -> dict[str, Any]:
    """Rows that nobody has stored."""
    team, people = Team(pk=1, name="Operations", uuid=UUID(int=1)), [_person(n) for n in range(4)]
    reminder = _reminder(team, people[0], now)
    rows = [
        _occurrence(reminder, now - 3 * HOUR, 1),
        _occurrence(reminder, now - HOUR, 2, snoozed_until=now + HOUR, snoozed_by=people[1]),
        _occurrence(reminder, now + 2 * HOUR, 3, state="upcoming"),
        _occurrence(reminder, now - 5 * HOUR, 4, state="done", settled_by=people[1], settled_at=now),
        _occurrence(reminder, now - 6 * HOUR, 5, state="skipped", settled_by=people[2], settled_at=now),
    ]
    return {
        "sizes": ["", "large"],
        "kinds": ["primary", "", "quiet", "danger"],
        "states": ["late", "due", "done", "next"],
        "notices": ["", "late", "due", "done"],
        "swatches": SWATCHES,
        "now": now,
        "team": team,
        "people": people,
        "reminder": reminder,
        "listed": [
            reminder,
            _reminder(team, people[0], now, 8, paused_at=now),
            _reminder(team, people[0], now, 9, next_due=None),
        ],
        "rows": rows,
        "receipt": [_with_ledger(row, people, now) for row in rows[:1] + rows[3:4]],
        "said": [Message(level, str(words)) for level, words in SAID],
        "undo": Message(messages.SUCCESS, str(_("“Renew the certificate” is done.")), extra_tags="#"),
        "form": Fields(auto_id="plain-%s", label_suffix="", initial={"at": "09:00"}),
        "wrong": Fields({"team": "3", "at": "25:00"}, auto_id="wrong-%s", label_suffix=""),
        "page": SimpleNamespace(
            number=2,
            has_previous=True,
            has_next=True,
            has_other_pages=True,
            previous_page_number=1,
            next_page_number=3,
            paginator=SimpleNamespace(num_pages=9),
        ),
    }


SAID = [
    (messages.SUCCESS, _("The change is saved.")),
    (messages.INFO, _("You were signed out in the meantime. Nothing was changed.")),
    (messages.ERROR, _("No connection. Nothing was changed; please try again.")),
]


def _person(n: int) -> User:
    name = ["Ana Lopez", "Bo", "Chidi Eze", "Dev Patel"][n]
    return User(name=name, email=f"{n}@example.org", uuid=UUID(int=n + 1))


def _reminder(team: Team, author: User, now: datetime, n: int = 7, **fields: Any) -> Reminder:
    """With what pages annotate."""
    next_due = fields.pop("next_due", now + 24 * HOUR)
    reminder = Reminder(
        uuid=UUID(int=n), team=team, author=author, title="Renew the certificate of the shop", zone="Europe/Berlin",
        start=now.date(), times=[now.time().replace(second=0, microsecond=0)], rule="FREQ=DAILY",
        completion=Completion.ANYONE, created_at=now, **fields,
    )  # fmt: skip
    vars(reminder).update(next_due=next_due, open_since=None, chosen_count=0, may_edit=True, may_answer=True)
    return reminder


def _occurrence(reminder: Reminder, due: datetime, n: int, *, state: str = "open", **fields: Any) -> Occurrence:
    until = fields.pop("snoozed_until", None)
    row = Occurrence(
        uuid=UUID(int=n), reminder=reminder, due_at=due, slot=local_of(due, zone_or_utc(reminder.zone)),
        zone=reminder.zone, state=state, next_step_at=until, **fields,
    )  # fmt: skip
    vars(row).update(mine=True, may_answer=True, may_undo=state in ("done", "skipped"))
    return row


def _with_ledger(row: Occurrence, people: list[User], now: datetime) -> Occurrence:
    """What became of a message: sent, refused, not wanted, tried again."""
    late = timedelta(seconds=0.24)
    became: list[dict[str, Any]] = [
        {"state": "sent", "sent_at": row.due_at + late, "reply": "250 accepted", "tries": 1},
        {"state": "failed", "error": "550 5.1.1 no such mailbox", "tries": 1},
        {"state": "suppressed", "why_not": "muted"},
        {"state": "queued", "next_try_at": now + HOUR, "error": "451 try later", "tries": 2},
    ]
    ledger = [
        Delivery(uuid=person.uuid, user=person, step="due", planned_for=row.due_at, **fields)
        for person, fields in zip(people, became, strict=True)
    ]
    counts = Counts({fields["state"]: 1 for fields in became}, late)
    vars(row).update(ledger=ledger, counts=counts, shown_open=True, left_out=0)
    return row
