"""Local times of a reminder's place, for its pages."""

from collections.abc import Iterable
from datetime import datetime

from django import template
from django.template.context import Context
from django.utils.safestring import SafeString

from reminders import rows
from reminders.calendar import Entry
from reminders.ladder import lead_in_words
from reminders.models import Occurrence, Reminder
from reminders.rows import elsewhere
from reminders.schedule.day_words import listed
from reminders.schedule.words import clock_face

register = template.Library()


@register.filter
def there(occurrence: Occurrence | Entry) -> str:
    """ "09:00 in Berlin", where the reminder's clock shows another time than the reader's; empty where it does not."""
    return elsewhere(occurrence.due_at, occurrence.zone)


@register.simple_tag(takes_context=True)
def occurrence_row(context: Context, row: Occurrence, group: str = "") -> SafeString:
    return rows.occurrence_row(_page(context), row, group, answered=bool(context.get("answered")))


@register.simple_tag(takes_context=True)
def reminder_row(context: Context, row: Reminder, chooses: bool = False) -> SafeString:
    return rows.reminder_row(_page(context), row, chooses=chooses)


@register.simple_tag(takes_context=True)
def answers_to(context: Context, row: Occurrence, reminder: Reminder) -> SafeString:
    """The menus of an occurrence on its reminder's page."""
    return rows.answers(_page(context), row, reminder)


register.simple_tag(rows.labels)


@register.filter
def to_the_minute(at: datetime) -> datetime:
    """For moments whose seconds nobody asks about."""
    return at.replace(second=0, microsecond=0)


@register.filter
def face(local: datetime) -> str:
    """A local time as people write it: seconds only where they are not 0."""
    return clock_face(local)


@register.filter
def sentence(words: str) -> str:
    """With a capital first letter, leaving the others as they are."""
    return words[:1].upper() + words[1:]


@register.filter
def names(people: Iterable[object]) -> str:
    """ "Ada Okafor, Bo and Chidi"."""
    return listed([str(person) for person in people])


@register.filter
def lengths(lead_times: Iterable[int]) -> str:
    """ "1 day and 90 minutes", of minutes."""
    return listed([lead_in_words(minutes) for minutes in lead_times])


def _page(context: Context) -> rows.Page:
    """Made once for all rows of a page."""
    kept = context.render_context
    if "rows" not in kept:
        kept["rows"] = rows.Page(context["user"], context["now"], str(context["csrf_token"]))
    page: rows.Page = kept["rows"]
    return page
