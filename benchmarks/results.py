"""Figures as JSON in benchmarks/results/, which git ignores."""

import json
import os
import platform
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "results"


def keep(name: str, found: dict[str, Any]) -> None:
    """Replaces what an earlier run found."""
    FOLDER.mkdir(exist_ok=True)
    where = {"at": datetime.now(timezone.utc).isoformat(), "cpus": os.cpu_count(), "python": platform.python_version()}
    (FOLDER / f"{name}.json").write_text(json.dumps(where | found, indent=2, default=str) + "\n")
