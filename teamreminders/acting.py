"""Who acts: said to PostgreSQL with each change, so that its triggers can write down by whom a row was changed.

The scheduler and the workers never act for anybody: their statements are sent as they are.
"""

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, models
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

# The parameter that triggers read: the act's UUID, the person's id or nothing, the channel.
PARAMETER = "teamreminders.act"
CHANGES = ("INSERT", "UPDATE", "DELETE", "WITH")
SAFE = ("GET", "HEAD", "OPTIONS", "TRACE")


class Channel(models.TextChoices):
    """Where somebody acts."""

    PAGE = "page", _("page")
    ADMIN = "admin", _("admin")
    COMMAND = "command", _("command")
    API = "api", _("API")


@contextmanager
def acting(channel: Channel, person_id: int | None = None) -> Iterator[None]:
    """Whatever is changed over this thread's connection is one act of the person; an act within another is its own.

    Holds for the transaction of each statement only, so that a pooler may give the connection to anybody after it.
    """
    act = f"{uuid.uuid4()} {person_id or ''} {channel.value}"
    outer = next((each for each in connection.execute_wrappers if isinstance(each, _Said)), None)
    if outer is None:
        with connection.execute_wrapper(_Said(act)):
            yield
        return
    before, outer.act = outer.act, act
    try:
        yield
    finally:
        outer.act = before


def act_for(channel: Channel, person_id: int) -> None:
    """The rest of the present act is this person's: a request whose token has been read."""
    for wrapper in connection.execute_wrappers:
        if isinstance(wrapper, _Said):
            wrapper.act = f"{uuid.uuid4()} {person_id} {channel.value}"


class _Said:
    """Puts the act before each statement that changes something, in the same round trip.

    Once a transaction would not do: rolling back to a savepoint takes it back.
    """

    def __init__(self, act: str) -> None:
        self.act = act

    def __call__(self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
        if many or not isinstance(sql, str) or not sql.lstrip().upper().startswith(CHANGES):
            return execute(sql, params, many, context)
        result = execute(f"SELECT set_config('{PARAMETER}', '{self.act}', true); {sql}", params, many, context)
        while result is not None and result.nextset():  # on to what the statement itself returns
            pass
        return result


class Acting:
    """A request that may change something is an act of the person who is signed in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method in SAFE:
            return self.get_response(request)
        channel = Channel.ADMIN if request.path_info.startswith(reverse("admin:index")) else Channel.PAGE
        with acting(channel, request.user.pk):
            return self.get_response(request)
