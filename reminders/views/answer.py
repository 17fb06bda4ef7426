"""How a change answers: the page it was made on."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.template.loader import render_to_string
from django_htmx.http import trigger_client_event

from reminders.schedule import can_be_meant
from reminders.schedule.words import clock_face
from teamreminders.dates import dated
from teamreminders.http import came_from, wants_partial

# Pieces of pages that show reminders look again when they hear it.
CHANGED = "reminder:changed"
# Lists hear this one as well: a row that only changed stays where it is, so that it can be changed back.
ADDED = "reminder:added"


def acted(request: HttpRequest, to: Any, *args: Any) -> HttpResponse:
    """Back to where the form was, or else to the page named; htmx gets the messages and the event that pieces hear."""
    if not wants_partial(request):
        return redirect(came_from(request) or resolve_url(to, *args))
    return changed(request, HttpResponse(render_to_string("_messages.html#out-of-band", request=request)))


def changed(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Have the other pieces of the page look again, and the sidebar show the new counts."""
    return trigger_client_event(with_counts(request, response), CHANGED)


def with_counts(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """A piece brings along how many wait for an answer, for the sidebar; a page has them."""
    if wants_partial(request):
        response.write(render_to_string("_navigation.html#waiting-out-of-band", request=request))
    return response


def local_from(request: HttpRequest, name: str) -> datetime | None:
    """A local date-time of the form, or else of the address; None where there is none that can be meant."""
    try:
        local = datetime.fromisoformat(request.POST.get(name) or request.GET.get(name, ""))
    except ValueError:
        return None
    return None if local.tzinfo or not can_be_meant(local) else local.replace(microsecond=0)


def day_and_time(local: datetime) -> str:
    """A local date-time in a message: "Fri 27 November, 16:00"."""
    return f"{dated(local, 'D j F')}, {clock_face(local)}"
