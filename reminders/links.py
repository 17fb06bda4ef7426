"""Addresses that work outside the pages: in mail."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse

if TYPE_CHECKING:
    from reminders.models import Occurrence, Reminder


def reminder_url(reminder: "Reminder") -> str:
    return settings.SITE_URL + reverse("reminders:detail", args=[reminder.uuid])


def done_url(occurrence: "Occurrence") -> str:
    """A page with one button; nothing is done by opening it."""
    return settings.SITE_URL + reverse("reminders:done", args=[occurrence.uuid])
