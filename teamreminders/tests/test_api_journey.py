"""The whole path for a program that knows the document of the API, and nothing else of us."""

import json
import re
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.request import Request, urlopen
from zoneinfo import ZoneInfo

import pytest
from openapi_schema_validator import OAS31Validator

from teamreminders.testing.catcher import Catcher
from teamreminders.testing.stack import Stack

pytestmark = pytest.mark.django_db(transaction=True)

BERLIN = ZoneInfo("Europe/Berlin")


class Reader:
    """Asks for operations by their names. What it sends and is answered has to be as the document says."""

    def __init__(self, site: str) -> None:
        self.site, self.token = site, ""
        with urlopen(f"{site}/api/v1/openapi.json") as answer:
            self.document = json.load(answer)
        self.operations = {
            operation["operationId"]: (method.upper(), path, operation)
            for path, methods in self.document["paths"].items()
            for method, operation in methods.items()
        }

    def __call__(self, name: str, body: Any = None, **arguments: str) -> Any:
        method, path, operation = self.operations[name]
        if body is not None:
            self._check(operation["requestBody"]["content"]["application/json"]["schema"], body)
        headers = {"Content-Type": "application/json"} | (
            {"Authorization": f"Bearer {self.token}"} if operation.get("security") else {}
        )
        sent = None if body is None else json.dumps(body).encode()
        with urlopen(Request(self.site + path.format(**arguments), sent, headers, method=method)) as answer:
            content = operation["responses"][str(answer.status)].get("content")
            if content is None:
                return None
            said = json.load(answer)
            self._check(content["application/json"]["schema"], said)
            return said

    def _check(self, schema: Any, value: Any) -> None:
        OAS31Validator(schema | {"components": self.document["components"]}).validate(value)


def test_from_the_document_alone_to_a_reminder_in_the_inbox(live: str, stack: Stack, smtp: Catcher) -> None:
    stack.worker()
    stack.scheduler()
    ask = Reader(live)
    person = {"email": "ada@example.org", "password": "engine difference analytical"}
    ask("signUp", person | {"name": "Ada Lovelace", "zone": BERLIN.key})
    confirm = smtp.wait_for(1, seconds=30)[0].message.get_body(("plain",)).get_content()
    key = re.search(r"http://\S+/confirm-email/([^/\s]+)/", confirm)
    assert key
    ask("verifyEmail", {"key": key[1]})
    ask.token = ask("signIn", person)["access_token"]
    team = ask("createTeam", {"name": "Operations", "zone": BERLIN.key})
    due = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=6)
    there = due.astimezone(BERLIN)
    schedule = {"start": f"{there:%Y-%m-%d}", "times": [f"{there:%H:%M:%S}"]}
    reminder = ask(
        "createReminder", {"title": "Renew the certificate", "schedule": schedule}, team_id=team["id"]
    )  # fmt: skip
    assert datetime.fromisoformat(reminder["next"]["at"]) == due
    mail = smtp.wait_for(2, seconds=30)[1]
    assert (mail.message["Subject"], mail.recipients) == ("Renew the certificate", ["ada@example.org"])
    assert due <= mail.received_at < due + timedelta(seconds=5)
    occurrence = soon(lambda: ask("listOccurrences")["items"])[0]
    message = soon(lambda: [each for each in ask("listMessages", occurrence_id=occurrence["id"]) if each["sent_at"]])[0]
    assert message["state"] == "sent" and 0 <= message["late_by"] < 5 and message["server"].startswith("250")
    assert ask("finishOccurrence", occurrence_id=occurrence["id"])["state"] == "done"


def soon(look: Callable[[], list[Any]]) -> list[Any]:
    """What is there within some seconds."""
    for _ in range(50):
        if found := look():
            return found
        time.sleep(0.2)
    return look()
