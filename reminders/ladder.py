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


def rung_now(rungs: list[Rung], now: datetime) -> tuple[Rung | None, Rung | None]:
    """The last rung whose time has come, and the first that lies ahead; each None where there is none."""
    passed = [rung for rung in rungs if rung.at <= now]
    ahead = [rung for rung in rungs if rung.at > now]
    return (passed[-1] if passed else None), (ahead[0] if ahead else None)
