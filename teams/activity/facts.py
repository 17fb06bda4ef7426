"""What a column was before and what it is after, in words."""

import difflib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.text import capfirst, get_text_list
from django.utils.translation import gettext as _

Say = Callable[[Any], str]
LINES_COMPARED = 400
UNREADABLE = (ValueError, TypeError, KeyError, AttributeError, OverflowError)


@dataclass
class Fact:
    """`lines`: where the text is too long for a phrase, the lines that differ, each with "+", "-" or " "."""

    label: str
    before: str = ""
    after: str = ""
    lines: list[tuple[str, str]] = field(default_factory=list, kw_only=True)


def facts(model: type[models.Model], pairs: Mapping[str, tuple[Any, Any]], say: Mapping[str, Say]) -> list[Fact]:
    """A fact for each column; `say`: how to say the value of one, where its field does not know."""
    return [_fact(model, column, *pair, say.get(column)) for column, pair in pairs.items()]


def compared(label: str, before: str, after: str) -> Fact:
    """Of long texts: the lines that differ, with one around them; all, where there are too many to compare."""
    old, new = before.splitlines(), after.splitlines()
    if len(old) + len(new) > LINES_COMPARED:
        return Fact(label, lines=[*(("-", line) for line in old), *(("+", line) for line in new)])
    differing = list(difflib.unified_diff(old, new, n=1, lineterm=""))[2:]
    return Fact(label, lines=[(line[0], line[1:]) for line in differing if not line.startswith("@@")])


def _fact(model: type[models.Model], column: str, before: Any, after: Any, say: Say | None) -> Fact:
    try:
        named = model._meta.get_field(column.removesuffix("_id"))
    except FieldDoesNotExist:  # a column that is gone; its changes stay
        return Fact(capfirst(column.replace("_", " ")), _plain(before), _plain(after))
    label = capfirst(str(named.verbose_name))  # type: ignore[union-attr]
    say = say or _by(named)
    return Fact(label, _said(say, before), _said(say, after))


def _by(field: Any) -> Say:
    choices = dict(field.flatchoices or ())
    return lambda value: str(choices[value]) if value in choices else _plain(value)


def _said(say: Say, value: Any) -> str:
    """What cannot be read (any more) is shown as it stands."""
    try:
        return say(value) or _("none")
    except UNREADABLE:
        return _plain(value)


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, Iterable) and not isinstance(value, str | dict):
        return get_text_list([_plain(each) for each in value], _("and")) or _("none")
    return _("none") if value is None or value == "" else str(value)
