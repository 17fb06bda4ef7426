"""A template rendered once and filled many times.

Which sentences a mail has, or which buttons a row, depends on few facts; what they say differs from one to the next. So
a template is rendered with marks where the words go, once for each combination of facts, and a mail is its literal
pieces joined with the words.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from html import escape  # Django's is this one, after it has looked whether the text is a lazy translation

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language, override

# Private use characters: no template has them, and what people write is filled in after the marks are gone.
MARK = "\ue000{}\ue001"
MARKS = re.compile("\ue000(\\w+)\ue001")

Mould = list[str]  # literal, name, literal, name, …, literal


def fill(template: str, words: Mapping[str, str], facts: tuple[tuple[str, str | int], ...]) -> str:
    """The template with these words, which it can print and ask whether they are empty, and these facts, which it can
    do anything with. HTML is escaped, but for words that are marked as safe."""
    given = tuple(name for name, value in words.items() if value)
    mould = _cast(template, given, facts, get_language() or "")
    if template.endswith(".html"):
        words = {name: value if isinstance(value, SafeString) else escape(value) for name, value in words.items()}
    return "".join([words[piece] if n % 2 else piece for n, piece in enumerate(mould)])


@lru_cache(maxsize=1000)
def _cast(template: str, given: tuple[str, ...], facts: tuple[tuple[str, str | int], ...], language: str) -> Mould:
    context = {name: MARK.format(name) for name in given} | dict(facts)
    with override(language):
        return MARKS.split(render_to_string(template, context))
