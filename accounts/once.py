"""A POST with an Idempotency-Key is carried out once (draft-ietf-httpapi-idempotency-key-header-07)."""

import hashlib
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any
from uuid import UUID

from django.db import IntegrityError, OperationalError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from teamreminders.problems import Problem

from .access import ApiRequest
from .models import IdempotentAnswer
from .models.answer import KEPT_FOR

HEADER = "Idempotency-Key"
LONGEST = 200
KEPT_HEADERS = ("Content-Type", "Location", "ETag")


def once(allowed: Callable[[ApiRequest, UUID], Any] | None = None) -> Callable[..., Any]:
    """Of an operation: the same request again is given the answer of the first. Wants `keep_answer` around it.

    `allowed` finds what the address names, or refuses it: whoever has lost the right to it is not told again either.
    While the first is still at work the second waits for it, by the unique key.
    """

    def decorate(operation: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(operation)
        def asked(request: ApiRequest, *args: Any, **values: Any) -> Any:
            key = request.headers.get(HEADER)
            if key is None:
                return operation(request, *args, **values)
            if not 1 <= len(key) <= LONGEST or not key.isprintable():
                raise Problem(400, _("The Idempotency-Key must be 1 to 200 printable characters."))
            if allowed:
                allowed(request, next(value for value in values.values() if isinstance(value, UUID)))
            before = _begin(request, key, timezone.now())
            return _again(before) if before else operation(request, *args, **values)

        asked.takes_a_key = True  # type: ignore[attr-defined]  # for the document
        return asked

    return decorate


def keep_answer(run: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Around the whole operation: keep what it answers, in its transaction."""

    @wraps(run)
    def kept(request: HttpRequest, **values: Any) -> HttpResponse:
        response = run(request, **values)
        row: IdempotentAnswer | None = getattr(request, "idempotent", None)
        if row and response.status_code < 400:
            row.status, row.body = response.status_code, response.content.decode()
            row.headers = {name: response[name] for name in KEPT_HEADERS if name in response}
            row.save()
        return response

    return kept


def _begin(request: ApiRequest, key: str, now: datetime) -> IdempotentAnswer | None:
    """The answer of before; None where this is the first request. Raises Problem."""
    theirs = IdempotentAnswer.objects.filter(user=request.auth.user, key=key)
    theirs.filter(created_at__lt=now - KEPT_FOR).delete()
    row = IdempotentAnswer(user=request.auth.user, key=key, fingerprint=_fingerprint(request))
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        before = theirs.get()
        if before.fingerprint != row.fingerprint:
            raise Problem(422, _("This Idempotency-Key was used for another request.")) from None
        return before
    except OperationalError:  # the first one has been at work for longer than anybody waits for a lock
        raise Problem(409, _("The first request with this Idempotency-Key is still at work.")) from None
    request.idempotent = row  # type: ignore[attr-defined]
    return None


def _fingerprint(request: ApiRequest) -> str:
    """Of the request and of the token: one that may less is not told what another was answered."""
    token = request.auth.token
    said = f"{token.pk if token else ''} {request.method} {request.get_full_path()}\n".encode() + request.body
    return hashlib.sha256(said).hexdigest()


def _again(before: IdempotentAnswer) -> HttpResponse:
    return HttpResponse(before.body, status=before.status, headers={**before.headers, "Idempotent-Replayed": "true"})
