"""Who asks the API, and what they may do there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.headless.contrib.ninja.security import JWTTokenAuth
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja.security import APIKeyCookie, HttpBearer

from teamreminders import quota
from teamreminders.acting import Channel, act_for
from teamreminders.problems import Problem

from .http import SignedInRequest
from .models import AccessToken, Scope, User
from .models.token import PREFIX


@dataclass(frozen=True)
class Access:
    """`token`: None where the person has signed in, who may do everything then."""

    user: User
    token: AccessToken | None = None

    def check_all_teams(self) -> None:
        """Of what a token for some teams must not do: it would widen itself. Raises PermissionDenied."""
        if self.token and not self.token.all_teams:
            raise PermissionDenied

    def allows(self, scope: Scope) -> bool:
        return self.token is None or scope == Scope.READ or self.token.scope == Scope.WRITE


class ApiRequest(SignedInRequest):
    """What an operation gets; for annotations only."""

    auth: Access


class _Scoped:
    """One way to say who asks, for operations that need a scope."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        super().__init__()

    def admit(self, request: HttpRequest, access: Access, now: datetime) -> Access:
        """Count the request, and refuse what the token is not for. Raises Problem."""
        left = quota.take(str(access.user.pk), now)
        request.quota = left  # type: ignore[attr-defined]  # for the headers of the answer
        if left and left.exceeded:
            raise Problem(429, _("Too many requests. Wait a moment."), headers={"Retry-After": str(left.seconds)})
        if not access.allows(self.scope):
            raise Problem(403, _("This token may only read."))
        request.user = access.user
        act_for(Channel.API, access.user.pk)
        return access


class SignedInByToken(_Scoped, JWTTokenAuth):
    """A JWT of sign-in: `Authorization: Bearer …`. Looked up with its session, so that signing out ends it at once."""

    openapi_type = "http"
    openapi_scheme = "bearer"
    openapi_bearerFormat = "JWT"  # noqa: N815  (as OpenAPI spells it)

    def __call__(self, request: HttpRequest) -> Access | None:
        if not super().__call__(request):
            return None
        person: Any = request.user
        return self.admit(request, Access(person), timezone.now()) if person.is_active else None


class PersonalToken(_Scoped, HttpBearer):
    """A token that a person made on the page of their settings: `Authorization: Bearer tr_…`."""

    def authenticate(self, request: HttpRequest, token: str) -> Access | None:
        now = timezone.now()
        found = AccessToken.objects.with_secret(token, now) if token.startswith(PREFIX) else None
        if found is None:
            return None
        found.note_use(now)
        return self.admit(request, Access(found.user, found), now)


class SessionCookie(_Scoped, APIKeyCookie):
    """The session of the pages, with X-CSRFToken on whatever changes something."""

    param_name = settings.SESSION_COOKIE_NAME

    def __call__(self, request: HttpRequest) -> Access | None:
        """Without a cookie nobody has to send a CSRF token to be told that they are nobody."""
        return super().__call__(request) if self.param_name in request.COOKIES else None

    def authenticate(self, request: HttpRequest, key: str | None) -> Access | None:
        person: Any = request.user
        return self.admit(request, Access(person), timezone.now()) if person.is_authenticated else None


def _ways(scope: Scope) -> Sequence[_Scoped]:
    return [SignedInByToken(scope), PersonalToken(scope), SessionCookie(scope)]


# What operations declare as their `auth`.
READS, WRITES = _ways(Scope.READ), _ways(Scope.WRITE)
