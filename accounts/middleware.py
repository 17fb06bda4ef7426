"""What every request needs to know about its person."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import override

from teamreminders.clock import zone_or_utc

from .languages import chosen_or_present

Next = Callable[[HttpRequest], HttpResponseBase]


class ReadersLanguage:
    """Speaks the language that the signed-in person chose; else the browser's, which LocaleMiddleware has found."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not (request.user.is_authenticated and request.user.language):
            return self.get_response(request)
        language = chosen_or_present(request.user.language)
        with override(language):
            response = self.get_response(request)
        response.headers["Content-Language"] = language
        return response


class ReadersZone:
    """Shows times, and reads those typed into forms, in the zone of the signed-in person; else in UTC."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        zone = request.user.zone if request.user.is_authenticated else "UTC"
        with timezone.override(zone_or_utc(zone)):
            return self.get_response(request)
