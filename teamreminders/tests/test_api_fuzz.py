"""Schemathesis reads the document of the API and asks the real server what comes out of it, in everybody's name."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django_rq
import pytest

from accounts.models import AccessToken, Scope

from .test_permissions import Scene, scene

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("redis")]
assert scene  # a fixture

# Of each operation. What is looked for is another every time, so it is not asked of every change.
EXAMPLES = os.environ.get("FUZZ_EXAMPLES", "")
# Business rules refuse well-formed data.
LEFT_OUT = "positive_data_acceptance"


@contextmanager
def no_quota() -> Iterator[None]:
    """Forget how often was asked, every other moment."""
    done, redis = threading.Event(), django_rq.get_connection("default")

    def forget() -> None:
        while not done.wait(0.5):
            for key in redis.scan_iter("LIMITS*"):
                redis.delete(key)

    thread = threading.Thread(target=forget)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


@pytest.mark.skipif(not EXAMPLES, reason="takes minutes and luck: FUZZ_EXAMPLES=3 make test ARGS='-k fuzz'")
@pytest.mark.parametrize("role", ["stranger", "viewer", "member", "admin", "owner"])
def test_the_server_does_what_the_document_says(live: str, scene: Scene, role: str, tmp_path: Path) -> None:
    secret = AccessToken.objects.make(getattr(scene, role), name="fuzz", scope=Scope.WRITE)[1]
    command = [
        sys.executable, "-m", "schemathesis.cli", "run", f"{live}/api/v1/openapi.json",
        "--header", f"Authorization: Bearer {secret}", "--checks", "all", "--exclude-checks", LEFT_OUT,
        "--max-examples", EXAMPLES, "--phases", "examples,coverage,fuzzing,stateful",
        "--continue-on-failure", "--no-color",
        "--suppress-health-check", "all", "--generation-database", "none",
    ]  # fmt: skip
    with no_quota():
        ran = subprocess.run(
            command, env=os.environ | {"SCHEMATHESIS_HOOKS": "api_hooks", "PYTHONPATH": str(Path(__file__).parent)},
            cwd=tmp_path, capture_output=True, text=True,
        )  # fmt: skip
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert all(f"{phase} (in" in ran.stdout for phase in ("Coverage", "Fuzzing", "Stateful"))
