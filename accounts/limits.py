"""What allauth counts (sign-up, sign-in, mails that somebody has sent), refused in the API as its own limit is."""

import math
from time import time
from typing import Any

from allauth.core.internal.ratelimit import get_cache_key, get_rates
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.translation import gettext as _

from teamreminders.problems import Problem

COUNTS = "allauth.account"


def too_often(
    request: HttpRequest, action: str, *, key: str = "", detail: Any = "", takes_back: bool = True
) -> Problem:
    """Says after how many seconds the same is let through. `key`: what is counted beside the address it comes from."""
    words = detail or _("That was too often. Wait a minute, then try again.")
    headers = {"Retry-After": str(_seconds(request, action, key))}
    return Problem(429, words, headers=headers, takes_back=takes_back)


def _seconds(request: HttpRequest, action: str, key: str) -> int:
    """Until the oldest try is forgotten of each rate that is used up; its tries are kept in the cache, newest first."""
    waits = [1.0]
    for rate in get_rates(app=COUNTS, action=action):
        tries = cache.get(get_cache_key(request, app=COUNTS, action=action, rate=rate, key=key), [])
        if len(tries) >= rate.amount:
            waits.append(tries[-1] + rate.duration - time())
    return math.ceil(max(waits))
