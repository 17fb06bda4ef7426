"""The notification e-mail."""

from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import timezone

from reminders.links import done_url, reminder_url
from reminders.models import Delivery
from reminders.schedule.resolve import local_of
from teamreminders.clock import zone_or_utc

# Said in the mail once it is this late.
WORTH_SAYING = timedelta(minutes=2)


def compose(delivery: Delivery, now: datetime) -> EmailMultiAlternatives:
    """Text and HTML in the recipient's zone. The Message-ID is the delivery's, the same at every try."""
    occurrence, host = delivery.occurrence, settings.SITE.hostname
    with timezone.override(zone_or_utc(delivery.user.zone if delivery.user else occurrence.zone)):
        context = _context(delivery, now)
        text = render_to_string("mail/reminder.txt", context)
        html = render_to_string("mail/reminder.html", context)
    headers = {
        "Message-ID": f"<delivery-{delivery.uuid}@{host}>",
        "References": f"<occurrence-{occurrence.uuid}@{host}>",  # one thread an occurrence
        "Auto-Submitted": "auto-generated",
    }
    to = delivery.user.email if delivery.user else delivery.address
    message = EmailMultiAlternatives(_one_line(occurrence.reminder.title), text, to=[to], headers=headers)
    message.attach_alternative(html, "text/html")
    return message


def _context(delivery: Delivery, now: datetime) -> dict[str, object]:
    occurrence = delivery.occurrence
    reminder = occurrence.reminder
    zone = zone_or_utc(occurrence.zone)
    late = now - occurrence.due_at
    return {
        "delivery": delivery,
        "occurrence": occurrence,
        "reminder": reminder,
        "team": reminder.team,
        "due_there": local_of(occurrence.due_at, zone),
        "place": occurrence.zone.rpartition("/")[2].replace("_", " "),
        "same_zone": local_of(occurrence.due_at, zone) == local_of(occurrence.due_at, timezone.get_current_timezone()),
        "late": late if late >= WORTH_SAYING else None,
        "url": reminder_url(reminder),
        "done_url": done_url(occurrence),
        "title": reminder.title,
    }


def _one_line(title: str) -> str:
    return " ".join(title.split())
