"""Figures as JSON in benchmarks/results/, which git ignores."""

import json
import os
import platform
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, NamedTuple

FOLDER = Path(__file__).parent / "results"


def keep(name: str, found: dict[str, Any]) -> None:
    """Replaces what an earlier run found."""
    FOLDER.mkdir(exist_ok=True)
    where = {"at": datetime.now(timezone.utc).isoformat(), "cpus": os.cpu_count(), "python": platform.python_version()}
    (FOLDER / f"{name}.json").write_text(json.dumps(where | found, indent=2, default=str) + "\n")


class Goal(NamedTuple):
    """A figure, and what it should be. Benchmarks print whether it is, and never fail for it."""

    name: str
    found: float
    at_least: float | None = None
    at_most: float | None = None

    @property
    def is_met(self) -> bool:
        return (self.at_least is None or self.found >= self.at_least) and (
            self.at_most is None or self.found <= self.at_most
        )

    def __str__(self) -> str:
        wanted = f"at least {self.at_least:.3g}" if self.at_least is not None else f"at most {self.at_most:.3g}"
        return f"{'met ' if self.is_met else 'MISSED'} {self.name}: {self.found:.3f} (goal: {wanted})"


def told(goals: list[Goal]) -> list[dict[str, Any]]:
    """Prints them; returns them for `keep`."""
    for goal in goals:
        print(goal, flush=True)
    return [goal._asdict() | {"is_met": goal.is_met} for goal in goals]


def read_goals() -> list[Goal]:
    """Of all results that are kept."""
    kept = [json.loads(path.read_text()) for path in sorted(FOLDER.glob("*.json"))]
    goals = [goal for found in kept for goal in found.get("goals", []) if isinstance(goal, dict)]
    return [Goal(goal["name"], goal["found"], goal["at_least"], goal["at_most"]) for goal in goals]
