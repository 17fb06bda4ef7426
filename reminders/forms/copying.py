"""A new reminder's form, filled in from one that there is."""

from datetime import date, datetime, timedelta

from reminders.models import Reminder
from reminders.schedule.resolve import local_of
from teamreminders.clock import zone_or_utc

from .reminder import ReminderForm


def copied_form(reminder: Reminder, now: datetime) -> ReminderForm:
    """All that the form can say of it, for its team; a single date that has passed becomes the next.

    What became of single dates (left out, moved) stays with the other.
    """
    stored = ReminderForm(instance=reminder, team=reminder.team, now=now)
    values = {name: stored[name].value() for name in stored.fields if name != "new_outside"}
    if not reminder.repeats:
        values["start"] = _first_to_come(reminder, now).isoformat()
    form = ReminderForm(initial=values, team=reminder.team, now=now)
    form.fields["title"].widget.attrs["autofocus"] = True
    return form


def _first_to_come(reminder: Reminder, now: datetime) -> date:
    """The reminder's one day, or else the next on which all its times lie ahead."""
    here = local_of(now, zone_or_utc(reminder.zone))
    passed = bool(reminder.times) and min(reminder.times) <= here.time()
    return max(reminder.start, here.date() + timedelta(days=passed))
