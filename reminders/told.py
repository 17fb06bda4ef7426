"""Reminders as the API tells of them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject
from django.http import HttpResponse
from django.shortcuts import get_object_or_404

from accounts.access import ApiRequest
from accounts.models import User
from teamreminders.clock import moment, moment_or_none
from teams.models import OutsideAddress

from .access import reminders_of
from .exports.records import schedule_record
from .models import Label, Reminder
from .models.reminder import ReminderQuerySet


def with_what_is_told(reminders: ReminderQuerySet, reader: User) -> ReminderQuerySet:
    """For `told`: one query, however many there are. Annotates `chosen` people, `chosen_outside` addresses and
    `chosen_labels` too."""
    people = User.objects.filter(chosen_for=OuterRef("pk")).order_by("name", "pk")
    person = JSONObject(id="uuid", name="name", email="email", zone="zone")
    outside = OutsideAddress.objects.listed().filter(reminders=OuterRef("pk")).order_by("email")
    labels = Label.objects.listed().filter(reminders=OuterRef("pk"))
    found = reminders.select_related("team", "author").with_next_due().with_open_since().with_muted_by(reader)
    return found.annotate(
        chosen=ArraySubquery(people.values(person=person)),
        chosen_outside=ArraySubquery(outside.values("email")),
        chosen_labels=ArraySubquery(labels.values(label=JSONObject(uuid="uuid", name="name", hue="hue"))),
    )


def one_told(request: ApiRequest, response: HttpResponse, uuid: UUID, now: datetime) -> dict[str, Any]:
    """A reminder as it is now, with its ETag on the answer."""
    reminder = get_object_or_404(with_what_is_told(reminders_of(request), request.user), uuid=uuid)
    response["ETag"] = etag(reminder)
    return told(reminder, now)


def etag(reminder: Reminder) -> str:
    """Changes whenever somebody changes the reminder, pauses it or goes on with it."""
    was = (reminder.changed_at, reminder.paused_at, reminder.paused_until)
    return f'"{"-".join(f"{at.timestamp():.6f}" if at else "" for at in was)}"'


def told(reminder: Reminder, now: datetime) -> dict[str, Any]:
    """Of a reminder by `with_what_is_told`."""
    zone, row = reminder.zone, reminder
    return {
        "id": row.uuid,
        "team": row.team.uuid,
        "title": row.title,
        "notes": row.notes,
        "labels": row.chosen_labels,  # type: ignore[attr-defined]
        "author": row.author.name if row.author else None,
        "schedule": schedule_record(row),
        "in_words": row.in_words,
        "audience": {
            "kind": row.audience,
            "roles": row.roles,
            "people": row.chosen,  # type: ignore[attr-defined]
            "outside": row.chosen_outside,  # type: ignore[attr-defined]
        },
        "completion": row.completion,
        "lateness": {"if_late": row.lateness, "hours": row.late_hours},
        "lead_times": row.lead_times,
        "state": "paused" if row.is_paused(now) else row.state,
        "paused_until": moment_or_none(row.paused_until, zone) if row.is_paused(now) and not row.paused_at else None,
        "next": None if row.paused_at else moment_or_none(row.next_due, zone),  # type: ignore[attr-defined]
        "open_since": moment_or_none(row.open_since, zone),  # type: ignore[attr-defined]
        "muted": row.is_muted,  # type: ignore[attr-defined]
        "created": moment(row.created_at, zone),
        "changed": moment(row.changed_at, zone),
    }
