"""A reminder and its team as JSON: all that it takes to make the same reminder again. See docs/export.md."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef

from accounts.models import User
from reminders.links import reminder_url
from reminders.models import Audience, Label, Reminder
from reminders.models.reminder import ReminderQuerySet
from reminders.schedule import describe, export_rule, next_after
from teamreminders.clock import moment
from teams.models import OutsideAddress, Team

FORMAT = "team-reminders/1"
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")

Record = dict[str, Any]


def with_what_is_exported(reminders: ReminderQuerySet) -> ReminderQuerySet:
    """One query for any number: with their authors; `chosen`, the addresses of chosen people who are members;
    `chosen_outside`, those outside the team; and `label_names`."""
    people = User.objects.filter(chosen_for=OuterRef("pk"), memberships__team=OuterRef("team")).order_by("email")
    chosen = ArraySubquery(people.values("email"))
    outside = OutsideAddress.objects.listed().filter(reminders=OuterRef("pk")).order_by("email")
    labels = Label.objects.listed().filter(reminders=OuterRef("pk"))
    found = reminders.annotate(
        chosen=chosen,
        chosen_outside=ArraySubquery(outside.values("email")),
        label_names=ArraySubquery(labels.values("name")),
    )
    return found.select_related("author", "continues").order_by("pk")


def team_record(team: Team) -> Record:
    return {
        "key": str(team.uuid),
        "name": team.name,
        "zone": team.zone,
        "subject_prefix": team.subject_prefix or None,
        "working_days": [WEEKDAYS[day] for day in sorted(team.working_days)],
        "country": team.country or None,
        "region": team.region or None,
        "days_off": [day.isoformat() for day in sorted(team.days_off)],
    }


def reminder_record(reminder: Reminder, now: datetime) -> Record:
    """Of a reminder by `with_what_is_exported`. One that cannot be read has `error`; everything else is as stored."""
    zone = reminder.zone
    record: Record = {
        "key": str(reminder.uuid),
        "url": reminder_url(reminder),
        "title": reminder.title,
        "notes": reminder.notes,
        "labels": reminder.label_names,  # type: ignore[attr-defined]
        "author": reminder.author.name if reminder.author else None,
        "continues": str(reminder.continues.uuid) if reminder.continues else None,
        "schedule": schedule_record(reminder),
        "audience": {
            "kind": reminder.audience,
            "roles": reminder.roles,
            "people": reminder.chosen if reminder.audience == Audience.PEOPLE else [],  # type: ignore[attr-defined]
            "outside": reminder.chosen_outside,  # type: ignore[attr-defined]
        },
        "completion": reminder.completion,
        "lateness": {"if_late": reminder.lateness, "hours": reminder.late_hours},
        "lead_times": reminder.lead_times,
        "paused": _paused(reminder, now),
        "created": moment(reminder.created_at, zone),
        "changed": moment(reminder.changed_at, zone),
    }
    return record | _computed(reminder, now)


def schedule_record(reminder: Reminder) -> Record:
    """The parts of the schedule as they are stored."""
    return {
        "kind": "rule" if reminder.rule else "cron" if reminder.cron else "once",
        "zone": reminder.zone,
        "clock": reminder.zone_mode,
        "start": reminder.start.isoformat(),
        "times": [at.isoformat() for at in sorted(reminder.times)],
        "rule": reminder.rule or None,
        "cron": reminder.cron or None,
        "ends": {
            "until": reminder.until.isoformat() if reminder.until else None,
            "count": reminder.count,
            "last": local(reminder.last, reminder.zone) if reminder.last else None,
        },
        "month_end": reminder.month_end,
        "day_off": reminder.day_off,
        "holidays_only": reminder.holidays_only,
        "skipped": [local(slot, reminder.zone) for slot in sorted(reminder.skipped)],
        "moved": [{"slot": _moved(slot, reminder), "to": _moved(to, reminder)} for slot, to in reminder.moved.items()],
    }


def local(slot: datetime, zone: str) -> str:
    """A local date-time with the offset that holds there then; without one where nobody knows the zone (any more)."""
    try:
        return slot.replace(tzinfo=ZoneInfo(zone)).isoformat()
    except (ZoneInfoNotFoundError, ValueError):
        return slot.isoformat()


def _moved(text: str, reminder: Reminder) -> str:
    try:
        return local(datetime.fromisoformat(text), reminder.zone)
    except ValueError:
        return text


def _computed(reminder: Reminder, now: datetime) -> Record:
    """What follows from the schedule, for people to read: nothing of it is needed to make the reminder again."""
    try:
        schedule = reminder.schedule
        slot = None if reminder.is_paused(now) and not reminder.paused_until else next_after(schedule, now)
        rrule = export_rule(schedule) or None
        return {
            "text": describe(schedule),
            "rrule": rrule,
            "next": moment(slot.at, reminder.zone) if slot else None,
            "error": None,
        }
    except (ValueError, ZoneInfoNotFoundError) as error:
        return {"text": None, "rrule": None, "next": None, "error": why_unreadable(error)}


def why_unreadable(error: Exception) -> str:
    """In words; a KeyError (an unknown zone) would put its own into quotes."""
    return str(error.args[0]) if error.args else type(error).__name__


def _paused(reminder: Reminder, now: datetime) -> Record | None:
    if not reminder.is_paused(now):
        return None
    since, until = reminder.paused_at, reminder.paused_until
    return {
        "since": moment(since, reminder.zone) if since else None,
        "until": moment(until, reminder.zone) if until and not since else None,
    }
