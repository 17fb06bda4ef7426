"""The notification e-mail."""

from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from reminders.ladder import DUE, lead_in_words, lead_time
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
    message = EmailMultiAlternatives(_subject(context), text, to=[to], headers=headers)
    message.attach_alternative(html, "text/html")
    return message


def _context(delivery: Delivery, now: datetime) -> dict[str, object]:
    occurrence = delivery.occurrence
    reminder = occurrence.reminder
    zone = zone_or_utc(occurrence.zone)
    late, lead = now - delivery.planned_for, lead_time(delivery.step)
    return {
        "delivery": delivery,
        "occurrence": occurrence,
        "reminder": reminder,
        "team": reminder.team,
        "due_there": local_of(occurrence.due_at, zone),
        "place": occurrence.zone.rpartition("/")[2].replace("_", " "),
        "same_zone": local_of(occurrence.due_at, zone) == local_of(occurrence.due_at, timezone.get_current_timezone()),
        "late": late if late >= WORTH_SAYING else None,
        "lead": lead_in_words(lead) if lead else "",
        "moved_from": occurrence.slot if occurrence.is_moved else None,
        "missed": 0 if lead else occurrence.missed_before,
        "snoozed": delivery.step == DUE and delivery.planned_for != occurrence.due_at,
        "url": reminder_url(reminder),
        "done_url": done_url(occurrence),
        "title": reminder.title,
    }


def _subject(context: dict[str, object]) -> str:
    """The title in one line; an advance notice begins with how long there is still."""
    title = " ".join(str(context["title"]).split())
    return _("In %(time)s: %(title)s") % {"time": context["lead"], "title": title} if context["lead"] else title
