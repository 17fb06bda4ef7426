"""The OpenAPI document says all that a program needs which has nothing else."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import BaseModel

from teamreminders.api import api

OURS = ("accounts", "teams", "reminders", "teamreminders")
TAKE_A_KEY = {
    "createTeam", "createReminder", "createLabel", "invite", "askOutsideAddresses", "changeReminders", "sendTest",
}  # fmt: skip


@pytest.fixture(scope="module")
def document() -> Any:
    return api.get_openapi_schema(path_prefix="/api/v1/")


def operations(document: Any) -> Iterator[tuple[str, Any]]:
    for path in document["paths"].values():
        for operation in path.values():
            yield operation["operationId"], operation


def models(base: type = BaseModel) -> Iterator[type]:
    for model in base.__subclasses__():
        yield model
        yield from models(model)


def parameters(operation: Any) -> set[str]:
    return {each["name"] for each in operation.get("parameters", [])}


def test_no_two_schemas_have_one_name() -> None:
    """The document would have one of them only, and say it of both."""
    names = Counter(model.__name__ for model in set(models()) if model.__module__.split(".")[0] in OURS)
    assert [name for name, count in names.items() if count > 1] == []


def test_headers_have_the_names_that_the_server_reads(document: Any) -> None:
    found = dict(operations(document))
    assert "If-Match" in parameters(found["updateReminder"]) & parameters(found["deleteReminder"])
    headers = {each["name"] for _id, operation in found.items() for each in operation.get("parameters", [])
               if each["in"] == "header"}  # fmt: skip
    assert headers == {"If-Match", "Idempotency-Key"}


def test_every_operation_that_creates_takes_a_key(document: Any) -> None:
    taking = {name for name, operation in operations(document) if "Idempotency-Key" in parameters(operation)}
    assert taking == TAKE_A_KEY
    made = {name for name, operation in operations(document) if "201" in operation["responses"]}
    assert made <= taking | {"signUp"}


def test_every_operation_with_a_token_says_its_scope(document: Any) -> None:
    for name, operation in operations(document):
        scopes = {scope for way in operation.get("security", []) for found in way.values() for scope in found}
        assert len(scopes) == 1 or "security" not in operation, name
        assert scopes <= {"read", "write"}, name
    found = dict(operations(document))
    assert found["previewReminder"]["security"][0] == {"SignedInByToken": ["read"]}
    assert "Scope: `write`." in found["createReminder"]["description"]


def test_a_reminder_comes_with_its_etag(document: Any) -> None:
    found = dict(operations(document))
    assert "ETag" in found["readReminder"]["responses"][200]["headers"]
    assert "ETag" not in found["listReminders"]["responses"][200]["headers"]
