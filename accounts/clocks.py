"""The clock of the device that somebody uses, beside that of their account."""

from datetime import datetime
from typing import Any, NamedTuple

from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from teamreminders.clock import is_zone, old_names, same_clock, zone_or_utc

COOKIE = "zone"  # written by app.js, since only scripts know the zone of a browser


class Clocks(NamedTuple):
    """Two zones that show different times, now or half a year ahead."""

    device: str
    account: str
    now: datetime

    @property
    def agree_now(self) -> bool:
        here, there = zone_or_utc(self.device), zone_or_utc(self.account)
        return self.now.astimezone(here).utcoffset() == self.now.astimezone(there).utcoffset()


def clocks(request: HttpRequest) -> dict[str, Any]:
    """Context of every page: the clocks that its person is asked about, if any."""
    return {"clocks": SimpleLazyObject(lambda: _asked_about(request, timezone.now()))}


def _asked_about(request: HttpRequest, now: datetime) -> Clocks | None:
    """None on the answer to a form, which would be lost with the page on which somebody presses a button."""
    user, device = getattr(request, "user", None), request.COOKIES.get(COOKIE, "")
    if user is None or not user.is_authenticated or request.method == "POST" or not is_zone(device):
        return None
    if same_clock(device, user.zone, now) or (user.zone_kept and same_clock(device, user.zone_kept, now)):
        return None
    return Clocks(old_names().get(device, device), zone_or_utc(user.zone).key, now)
