"""Real processes among faults: what was due is compared with what the mail server accepted.

`make test ARGS="-m chaos"`: some runs and the moments that chance would rarely hit, in about three minutes.
Random runs come from a seed each: CHAOS_SEED=7 runs that one again, CHAOS_RUNS=60 that many from there on.
"""

import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

import pytest

from teamreminders.embedded.run import Run
from teamreminders.testing.stack import Stack

from .chaos.run import ChaosRun

pytestmark = [pytest.mark.chaos, pytest.mark.django_db(transaction=True)]

FIRST = int(os.environ.get("CHAOS_SEED", "1"))
RUNS = int(os.environ.get("CHAOS_RUNS", "1" if "CHAOS_SEED" in os.environ else "3"))


@pytest.mark.parametrize("seed", range(FIRST, FIRST + RUNS))
def test_what_is_due_arrives_once_whatever_happens(
    seed: int, stack: Stack, services: Run, tmp_path: Path, capsys: Any
) -> None:
    run = ChaosRun(seed, stack, services, tmp_path)
    try:
        report = run.run()
        with capsys.disabled():
            print(f"\n{report}")
        assert report.is_good, report.outcome
    except BaseException:
        kept = shutil.copytree(tmp_path, tempfile.mkdtemp(prefix=f"team-reminders-chaos-{seed}-"), dirs_exist_ok=True)
        print(f"To run it again: CHAOS_SEED={seed} make test ARGS='-m chaos -k whatever'. Its logs are in {kept}")
        raise
    finally:
        print("\n".join(run.world.timeline))
        run.world.close()
