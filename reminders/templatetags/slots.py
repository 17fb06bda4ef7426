"""Local times of a reminder's place, for its pages."""

from collections.abc import Iterable
from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.translation import gettext as _

from reminders.calendar import Entry
from reminders.ladder import lead_in_words
from reminders.models import Occurrence
from reminders.schedule.day_words import listed
from reminders.schedule.resolve import local_of
from reminders.schedule.words import clock_face
from teamreminders.clock import zone_or_utc
from teamreminders.templatetags.page import place

register = template.Library()


@register.filter
def there(occurrence: Occurrence | Entry) -> str:
    """ "09:00 in Berlin", where the reminder's clock shows another time than the reader's; empty where it does not."""
    local = local_of(occurrence.due_at, zone_or_utc(occurrence.zone))
    if local == timezone.localtime(occurrence.due_at).replace(tzinfo=None):
        return ""
    return _("%(time)s in %(place)s") % {"time": clock_face(local), "place": place(occurrence.zone)}


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
