"""A new reminder's form, filled in from one that there is."""

from datetime import date, datetime

from reminders.models import Reminder
from reminders.schedule.resolve import local_of
from teamreminders.clock import zone_or_utc

from .reminder import ReminderForm


def copied_form(reminder: Reminder, now: datetime) -> ReminderForm:
    """All that the form can say of it, for its team; a single date that has passed becomes today.

    What became of single dates (left out, moved) stays with the other.
    """
    stored = ReminderForm(instance=reminder, team=reminder.team, now=now)
    values = {name: stored[name].value() for name in stored.fields if name != "new_outside"}
    if not reminder.repeats:
        today = local_of(now, zone_or_utc(reminder.zone)).date()
        values["start"] = max(date.fromisoformat(str(values["start"])), today).isoformat()
    form = ReminderForm(initial=values, team=reminder.team, now=now)
    form.fields["title"].widget.attrs["autofocus"] = True
    return form
