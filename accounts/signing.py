"""Signing up, in and out for programs: django-allauth's headless views, told in the API's own schemas and problems.

Sessions are Django's and live in the database. An access token names one and is looked up with it, so that signing out,
a new password or an account that is switched off end it at once.
"""

import json
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from allauth.headless.account import views as allauth
from allauth.headless.constants import Client
from allauth.headless.tokens.views import RefreshTokenView
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Router

from teamreminders.problems import Problem, pointer

from .access import ApiRequest, SignedInByToken
from .inputs import SignupInput
from .limits import too_often
from .models import Scope
from .schemas import Address, Credentials, Key, NewPassword, NewPerson, Refresh, Token, TokenRefresh

router = Router(tags=["sign-in"], auth=None)


class SignupView(allauth.SignupView):
    input_class = {"POST": SignupInput}


View = Callable[..., Any]
_signup: View = SignupView.as_api_view(client=Client.APP)
_verify: View = allauth.VerifyEmailView.as_api_view(client=Client.APP)
_login: View = allauth.LoginView.as_api_view(client=Client.APP)
_session: View = allauth.SessionView.as_api_view(client=Client.APP)
_ask_reset: View = allauth.RequestPasswordResetView.as_api_view(client=Client.APP)
_reset: View = allauth.ResetPasswordView.as_api_view(client=Client.APP)
_refresh: View = RefreshTokenView.as_api_view(client=Client.APP)


@router.post("/signup", response={202: None}, operation_id="signUp")
def sign_up(request: HttpRequest, person: NewPerson) -> HttpResponse:
    """Ask for an account. A mail goes out with a link; the end of its address is the key that `verifyEmail` takes.

    The answer is the same for an address that has an account already: then its owner hears of it by mail.
    """
    _told(_signup, request, pending={HTTPStatus.UNAUTHORIZED}, action="signup")
    return HttpResponse(status=202)


@router.post("/verify-email", response={204: None}, operation_id="verifyEmail")
def verify_email(request: HttpRequest, key: Key) -> HttpResponse:
    """Confirm the address that a mail went to."""
    _told(_verify, request, pending={HTTPStatus.UNAUTHORIZED})
    return HttpResponse(status=204)


@router.post("/login", response=Token, operation_id="signIn")
def sign_in(request: HttpRequest, credentials: Credentials) -> dict[str, Any]:
    """Two tokens: one for some minutes of requests, one that is good for the next two."""
    meta = _told(_login, request, action="login")["meta"]
    tokens = {name: meta[name] for name in ("access_token", "refresh_token")}
    return tokens | {"expires_in": settings.HEADLESS_JWT_ACCESS_TOKEN_EXPIRES_IN}


@router.post("/refresh", response=TokenRefresh, operation_id="refreshToken")
def refresh(request: HttpRequest, token: Refresh) -> dict[str, Any]:
    """Two fresh tokens for a refresh token, which is used up by it. One that comes twice ends its session."""
    fresh = _told(_refresh, request, refused=_("This refresh token is used up, wrong, or has ended."))["data"]
    return fresh | {"expires_in": settings.HEADLESS_JWT_ACCESS_TOKEN_EXPIRES_IN}


@router.post("/logout", response={204: None}, auth=[SignedInByToken(Scope.READ)], operation_id="signOut")
def sign_out(request: ApiRequest) -> HttpResponse:
    """End the session of the access token; both its tokens are refused from then on."""
    request.method = "DELETE"
    _told(_session, request, pending={HTTPStatus.UNAUTHORIZED})
    return HttpResponse(status=204)


@router.post("/password/request", response={202: None}, operation_id="requestPasswordReset")
def request_password_reset(request: HttpRequest, address: Address) -> HttpResponse:
    """Have a mail sent with a link by which the password can be set again, if there is such an account."""
    _told(_ask_reset, request, action="reset_password", key=address.email.lower())
    return HttpResponse(status=202)


@router.post("/password/reset", response={204: None}, operation_id="resetPassword")
def reset_password(request: HttpRequest, password: NewPassword) -> HttpResponse:
    """Set the password with the key of that mail's link."""
    _told(_reset, request, pending={HTTPStatus.UNAUTHORIZED}, action="reset_password_from_key")
    return HttpResponse(status=204)


def _told(
    view: View,
    request: HttpRequest,
    *,
    pending: set[int] | None = None,
    refused: str = "",
    action: str = "",
    key: str = "",
) -> dict[str, Any]:
    """What allauth answers to the same request. `pending`: codes of its that are no failure here. Raises Problem.

    `action`, `key`: what allauth counts this as.
    """
    response = view(request)
    said = json.loads(response.content or b"{}")
    if response.status_code == HTTPStatus.OK or response.status_code in (pending or ()):
        return said
    if response.status_code == HTTPStatus.TOO_MANY_REQUESTS:
        raise too_often(request, action, key=key, takes_back=False)
    raise _problem(response.status_code, said, refused)


WRONG_CREDENTIALS = {"email_password_mismatch", "invalid_login"}
# Allauth counts by the minute, but wrong passwords of one address over five; it does not say how much of that is left.
WAITS = {"too_many_login_attempts": 300, "rate_limited": 60}


def _problem(status: int, said: dict[str, Any], refused: str) -> Problem:
    """Takes nothing back: allauth has counted the try, or ended a session for it."""
    errors = said.get("errors", [])
    if refused or any(error.get("code") in WRONG_CREDENTIALS for error in errors):
        return Problem(401, refused or errors[0]["message"], takes_back=False)
    often = [error for error in errors if error.get("code") in WAITS]
    if often:
        return _too_often(often)
    if status == HTTPStatus.BAD_REQUEST:
        found = [(pointer(error["param"]) if error.get("param") else "", error["message"]) for error in errors]
        words = _("Something that was sent is not as it has to be.")
        return Problem(422, words, errors=found, takes_back=False)
    flows = {flow["id"] for flow in said.get("data", {}).get("flows", []) if flow.get("is_pending")}
    if "verify_email" in flows:
        status, words = 403, _("Confirm the e-mail address first: a mail with a link has gone there.")
    elif status == HTTPStatus.CONFLICT:
        words = _("You are signed in already: leave the Authorization header out.")
    else:
        words = ""
    return Problem(status, words, takes_back=False)


def _too_often(errors: list[dict[str, Any]]) -> Problem:
    """`errors`: those of a form by which allauth says so."""
    wait = max(WAITS[error["code"]] for error in errors)
    return Problem(429, errors[0]["message"], headers={"Retry-After": str(wait)}, takes_back=False)
