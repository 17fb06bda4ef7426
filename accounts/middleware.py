"""What every request needs to know about its person."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from teamreminders.clock import zone_or_utc


class ReadersZone:
    """Shows times, and reads those typed into forms, in the zone of the signed-in person; else in UTC."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        zone = request.user.zone if request.user.is_authenticated else "UTC"
        with timezone.override(zone_or_utc(zone)):
            return self.get_response(request)
