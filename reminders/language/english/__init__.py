"""English: vocabulary and patterns. Another language is another such package with PHRASES, FALLBACKS and the rest."""

import re

from django.utils.translation import gettext as _

from ..facts import Unclear
from ..scan import Phrase, compiled
from . import clock, days, limits, repeats

PHRASES = [*days.PHRASES, *repeats.PHRASES, *clock.PHRASES, *limits.PHRASES]
CODE = "en"  # what dateparser calls it
OPENING_LINKS = ("to ", "about ", "that ")  # what follows "Remind me tomorrow ..."
# What goes with a name: "Lunch with @ada", "Remind @ada to call".
PERSON_LINKS = r"(?:for|to|with|and|cc|(?P<opening>^(?:please\s+)?remind))\s+"
CITY_TIME = r"\s+time"


def _not_a_repeat(match: re.Match[str]) -> list[Unclear]:
    return [Unclear(_("“%(words)s” is not understood."), "repeat")]


def _not_an_end(match: re.Match[str]) -> list[Unclear]:
    return [Unclear(_("“%(words)s”: say until which day."), "end")]


def _misspelt(match: re.Match[str]) -> list[Unclear]:
    return [Unclear(_("“%(words)s”: write “every” if it repeats."), "always")]


def _no_hour(match: re.Match[str]) -> list[Unclear]:
    return [Unclear(_("“%(words)s”: say at what time."), "time")]


def _short_days(match: re.Match[str]) -> list[Unclear]:
    return [Unclear(_("“%(words)s”: write days such as Mon-Fri."), "always")]


# Looked for only in what nothing else explains.
FALLBACKS = [
    Phrase("unknown", compiled(r"every\s+\w+(?:\s+\w+)?"), _not_a_repeat),
    Phrase("unknown", compiled(r"(?:until|till)\s+\w+"), _not_an_end),
    Phrase("unknown", compiled(r"(?:evry|evey|everry|evrey|evvery|eveyr)\b"), _misspelt),
    Phrase(
        "unknown",
        compiled(r"(?:by\s+|at\s+)?(?:eod|cob|(?:the\s+)?(?:end|close)\s+of\s+(?:the\s+)?(?:day|business))\b"),
        _no_hour,
    ),
    Phrase("unknown", compiled(r"(?:mo|tu|we|th|fr|sa|su)\s?[-\u2013]\s?(?:mo|tu|we|th|fr|sa|su)\b"), _short_days),
]
