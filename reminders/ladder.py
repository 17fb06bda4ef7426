"""The ladder: the steps of one occurrence and when each is due. Pure data."""

from datetime import datetime
from typing import NamedTuple

DUE = "due"


class Rung(NamedTuple):
    at: datetime
    step: str


def ladder(due_at: datetime) -> list[Rung]:
    """The rungs of an occurrence in time order; at least `due` itself."""
    return [Rung(due_at, DUE)]
