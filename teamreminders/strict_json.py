"""UTF-8 and JSON by the book (RFC 8259), without what PostgreSQL cannot store."""

import json
from collections.abc import Iterator
from typing import Any


def parse(content: bytes) -> Any:
    """Raises ValueError, or RecursionError for what is nested very deep."""
    parsed = json.loads(content.decode(), parse_constant=_refuse)
    for text in _texts(parsed):
        text.encode()  # a lone surrogate cannot be
        if "\0" in text:
            raise ValueError("NUL")
    return parsed


def _refuse(constant: str) -> Any:
    """NaN and Infinity are Python's own."""
    raise ValueError(constant)


def _texts(parsed: Any) -> Iterator[str]:
    waiting = [parsed]
    while waiting:
        match waiting.pop():
            case str() as text:
                yield text
            case dict() as found:
                waiting += [*found.keys(), *found.values()]
            case list() as found:
                waiting += found
