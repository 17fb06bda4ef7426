"""What the OpenAPI document says beside what each operation declares: scopes, headers, problems."""

from collections.abc import Iterator
from typing import Any

from ninja import NinjaAPI
from ninja.operation import Operation

from accounts.once import HEADER, LONGEST
from reminders.imports.document import TeamDocument

from .problems import CONTENT_TYPE, ProblemDetails

Document = dict[str, Any]
BESIDE_OPERATIONS = (ProblemDetails, TeamDocument)
PROBLEM = {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemDetails"}}}
TEXT = {"type": "string"}
HEADERS = {
    "RateLimit-Policy": {"description": "How many requests a minute one person may make.", "schema": TEXT},
    "RateLimit": {"description": "`r`: requests that are left; `t`: seconds until there are more.", "schema": TEXT},
    "ETag": {"description": "For `If-Match`.", "schema": TEXT},
    "Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}},
    "Idempotent-Replayed": {"description": "`true`: the answer of the first request with this key.", "schema": TEXT},
}
KEY = {
    "in": "header",
    "name": HEADER,
    "required": False,
    "description": "Of your choice, new for each thing: sent again within a day, the request is carried out once.",
    "schema": TEXT | {"minLength": 1, "maxLength": LONGEST, "pattern": r"^[\x20-\x7e]+$"},
}
WITH_ETAG = "#/components/schemas/Reminder"


def complete(document: Document, api: NinjaAPI) -> None:
    """Write it into the document. Scopes stand where OpenAPI 3.1 has roles (4.8.30)."""
    components = document["components"]
    for model in BESIDE_OPERATIONS:
        schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
        components["schemas"] |= schema.pop("$defs", {}) | {model.__name__: schema}
    components["headers"] = HEADERS
    declared = {operation.operation_id: operation for operation in _operations(api)}
    for path in document["paths"].values():
        for told in path.values():
            told["responses"]["default"] = {"description": "What went wrong", "content": PROBLEM}
            _tell(told, declared[told["operationId"]])


def _operations(api: NinjaAPI) -> Iterator[Operation]:
    for router in api._get_bound_routers():
        for view in router.path_operations.values():
            yield from view.operations


def _tell(told: Document, operation: Operation) -> None:
    scopes = {way.scope.value for way in operation.auth_callbacks}  # type: ignore[attr-defined]
    takes_a_key = getattr(operation.view_func, "takes_a_key", False)
    if scopes:
        (scope,) = scopes
        told["security"] = [{name: [scope] for name in way} for way in told["security"]]
        told["description"] = f"{told.get('description', '')}\n\nScope: `{scope}`.".strip()
    if takes_a_key:
        told["parameters"] = [*told.get("parameters", []), KEY]
    for status, answer in told["responses"].items():
        names = ["RateLimit-Policy", "RateLimit"] if scopes else []
        names += ["ETag"] if _is_of(answer, WITH_ETAG) else []
        names += ["Retry-After"] if status == "default" else []
        names += ["Idempotent-Replayed"] if takes_a_key and status != "default" else []
        answer["headers"] = {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _is_of(answer: Document, schema: str) -> bool:
    return any(each.get("schema", {}).get("$ref") == schema for each in answer.get("content", {}).values())
