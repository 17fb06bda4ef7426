"""Addresses that work outside the pages: in mail."""

from functools import lru_cache
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.urls import reverse

if TYPE_CHECKING:
    from reminders.models import Occurrence, Reminder
    from teams.models import OutsideAddress


def reminder_url(reminder: "Reminder") -> str:
    return _address("reminders:detail").format(reminder.uuid)


def done_url(occurrence: "Occurrence") -> str:
    """A page with one button; nothing is done by opening it."""
    return _address("reminders:done").format(occurrence.uuid)


def outside_url(address: "OutsideAddress") -> str:
    """Where an outside address says that it wants no more."""
    return settings.SITE_URL + address.path


def stop_url(address: "OutsideAddress") -> str:
    """Takes a POST without more ado, as RFC 8058 wants it."""
    return settings.SITE_URL + address.stop_path


@lru_cache
def _address(name: str) -> str:
    """Of a page that one UUID names, with a place for it. Django looks an address up at a third of a mail's price."""
    anything = UUID(int=0)
    return settings.SITE_URL + reverse(name, args=[anything]).replace(str(anything), "{}")
