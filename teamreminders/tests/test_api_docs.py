"""The examples of docs/api.md, as a reader would run them: by bash and curl, against a real web process."""

import json
import os
import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import IO

import pytest
from django.db.models import F

from accounts.models import AccountMail, User
from accounts.tests.factories import UserFactory
from reminders.models import DataExport, Occurrence, OccurrenceState, Reminder
from reminders.tests.factories import DataExportFactory, OccurrenceFactory
from teams.models import Invitation, Membership, Role, Team
from teams.tests.factories import MembershipFactory, TeamFactory
from teams.tests.test_api import Program

pytestmark = pytest.mark.django_db(transaction=True)

DOCS = (Path(__file__).parents[2] / "docs/api.md").read_text()
BLOCKS = re.findall(r"^```sh\n(.*?)^```$", DOCS, re.M | re.S)
END = "--- that was the block ---"
NEEDED = ("bash", "curl", "python3")


class Shell:
    """One bash, given a block at a time. It ends at the first command that fails."""

    def __init__(self, log: Path, **variables: str) -> None:
        self._log = log
        with log.open("wb") as written:
            self._bash = subprocess.Popen(
                ["bash", "-eu", "-o", "pipefail"],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=written, text=True,
                env={"PATH": os.environ["PATH"]} | variables, cwd=log.parent,
            )  # fmt: skip

    def run(self, block: str) -> str:
        """What it says; fails with that if a command of it does."""
        said = []
        self._write(f"{block}\necho\necho '{END}'\n")
        for line in self._output:
            if line.rstrip("\n") == END:
                return "".join(said)
            said.append(line)
        pytest.fail(f"bash ended in\n\n{block}\n{''.join(said)}{self._log.read_text()}")

    def close(self) -> None:
        self._bash.kill()
        self._bash.communicate()

    @property
    def _output(self) -> IO[str]:
        assert self._bash.stdout
        return self._bash.stdout

    def _write(self, text: str) -> None:
        assert self._bash.stdin
        self._bash.stdin.write(text)
        self._bash.stdin.flush()


@pytest.fixture
def shell(live: str, tmp_path: Path) -> Iterator[Shell]:
    if missing := [program for program in NEEDED if not shutil.which(program)]:
        _without(f"no {' or '.join(missing)} here (Debian: apt install {' '.join(missing)})")
    shell = Shell(tmp_path / "bash.log", SITE=live)
    yield shell
    shell.close()


def _without(reason: str) -> None:
    if os.environ.get("CI_BROWSER") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


def test_every_example_does_what_it_says(shell: Shell, tmp_path: Path) -> None:
    said = ""
    for block in BLOCKS:
        said += shell.run(_given(block) + block)
    assert User.objects.get(name="Ada").email == "ada@example.org"
    assert not Invitation.objects.open().exists()
    assert Membership.objects.get(user__name="Bob").role == Role.VIEWER
    assert zipfile.is_zipfile(tmp_path / "everything.zip")
    assert set(Reminder.objects.values_list("title", flat=True)) == {
        "Submit timesheets", "Renew both certificates", "Water the plants", "Prepare the board meeting",
    }  # fmt: skip
    settled = Occurrence.objects.get(reminder__title="Water the plants", state=OccurrenceState.SKIPPED)
    assert str(settled.uuid) in said
    assert re.search(r'^RateLimit: "minute";r=\d+;t=\d+$', said, re.M)


def test_a_request_that_is_refused_ends_the_shell(shell: Shell) -> None:
    """Or the test above could not fail."""
    shell.run(BLOCKS[0])
    with pytest.raises(pytest.fail.Exception, match='"status": 401'):
        shell.run('TOKEN=wrong\napi "$API/me"')


def test_the_problem_that_is_shown_is_one_that_is_answered() -> None:
    team = TeamFactory(owner=(ada := UserFactory()))
    wrong = {"title": "Renew the certificate", "schedule": {"times": ["09:00"], "zone": "Europe/Atlantis"}}
    answer = Program(ada).ask("POST", f"/teams/{team.uuid}/reminders", wrong)
    (shown,) = re.findall(r"^```json\n(.*?)^```$", DOCS, re.M | re.S)
    assert answer.json() == json.loads(shown)


def _given(block: str) -> str:
    """What a reader has by the time they come to this block."""
    if "/auth/verify-email" in block:
        found = re.search(r"/confirm-email/([^/\s]+)/", AccountMail.objects.get().text)
        assert found
        return f"KEY='{found[1]}'\n"
    if "/send-again" in block:
        Invitation.objects.update(sent_at=F("sent_at") - timedelta(minutes=3))
    if "BOB=$(" in block:
        MembershipFactory(team=Team.objects.get(), user__name="Bob")
    if "export.zip" in block:
        DataExport.objects.all().delete()
        DataExportFactory(user=User.objects.get(name="Ada"), ready=True)
    if "which=needs-me" in block:
        title = "Water the plants"
        OccurrenceFactory(
            reminder__team=Team.objects.get(), reminder__author=User.objects.get(name="Ada"), reminder__title=title
        )
    return ""
