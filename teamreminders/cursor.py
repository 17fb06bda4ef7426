"""Pages of a list that hold while rows come and go: each begins after the last row of the one before."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Any, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _
from pydantic import Field

from .problems import Problem
from .strict_json import parse

# Enough for a title of 200 characters of four bytes, and a UUID.
Cursor = Annotated[str, Field(max_length=1500)]
M = TypeVar("M", bound=Model)


def page_after(rows: QuerySet[M], order: Sequence[str], cursor: str, size: int) -> tuple[list[M], str | None]:
    """Some rows and the cursor of the page that follows. `order`: fields that are never null, the last one unique.

    A descending field begins with "-". Raises Problem for a cursor that is not ours.
    """
    rows = rows.order_by(*order)
    if cursor:
        rows = rows.filter(_after(order, _values(rows.model, order, cursor)))
    found = list(rows[: size + 1])
    more = found[size - 1] if len(found) > size else None
    following = _written([getattr(more, field.lstrip("-")) for field in order]) if more else None
    return found[:size], following


def _after(order: Sequence[str], values: Sequence[Any]) -> Q:
    """(a, b) > (x, y), said for fields of either direction."""
    later, same = Q(), Q()
    for field, value in zip(order, values, strict=True):
        name = field.lstrip("-")
        later |= same & Q(**{f"{name}__{'lt' if field.startswith('-') else 'gt'}": value})
        same &= Q(**{name: value})
    return later


def _values(model: type[Model], order: Sequence[str], cursor: str) -> list[Any]:
    """What the cursor says of each field. Raises Problem."""
    try:
        said = _read(cursor, len(order))
        fields = [model._meta.get_field(name.lstrip("-")) for name in order]
        return [_value(field, text) for field, text in zip(fields, said, strict=True)]
    except (ValidationError, ValueError, OverflowError, RecursionError):
        words = _("This cursor is not one of ours.")
        raise Problem(422, words, errors=[("/cursor", words)], source="query") from None


def _value(field: Any, text: str) -> Any:
    """An instant in UTC: PostgreSQL refuses offsets that Python takes. Raises ValidationError, or as Python does."""
    value = field.to_python(text)
    return value.astimezone(UTC) if isinstance(value, datetime) else value


def _written(values: list[Any]) -> str:
    said = json.dumps([str(value) for value in values], ensure_ascii=False, separators=(",", ":"))
    return urlsafe_b64encode(said.encode()).decode().rstrip("=")


def _read(cursor: str, length: int) -> list[str]:
    """Raises ValueError, or RecursionError."""
    values = parse(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    if isinstance(values, list) and len(values) == length and all(isinstance(each, str) for each in values):
        return values
    raise ValueError(cursor)
