"""How PostgreSQL carries out the statements that the code really runs: each is explained just before it runs."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import psycopg

Node = dict[str, Any]


class Plan(NamedTuple):
    """`touched`: rows of the tables that it looked at, also those that it then left out; `scanned`: read whole."""

    statement: str
    touched: int
    scanned: list[str]

    def __str__(self) -> str:
        return f"{self.touched} rows touched, {self.scanned or 'nothing'} read whole: {self.statement[:3000]}"


@contextmanager
def plans_of(tables: tuple[str, ...]) -> Iterator[list[Plan]]:
    """The statements over these tables, on any cursor. Needs a transaction: each is tried in a savepoint first."""
    found: list[Plan] = []
    execute: Callable[..., Any] = psycopg.Cursor.execute

    def explained(cursor: Any, statement: Any, values: Any = None, **options: Any) -> Any:
        text = statement if isinstance(statement, str) else statement.as_string(cursor)
        if text.split(None, 1)[0] in {"SELECT", "UPDATE", "INSERT", "DELETE", "WITH"} and any(
            t in text for t in tables
        ):
            other = type(cursor)(cursor.connection)
            execute(other, "SAVEPOINT explained")
            execute(other, f"EXPLAIN (ANALYZE, VERBOSE OFF, FORMAT JSON) {text}", values)
            found.append(_plan(text, _json(other.fetchone()[0]), tables))
            execute(other, "ROLLBACK TO SAVEPOINT explained; RELEASE SAVEPOINT explained")
            other.close()
        return execute(cursor, statement, values, **options)

    psycopg.Cursor.execute = explained  # type: ignore[method-assign]
    try:
        yield found
    finally:
        psycopg.Cursor.execute = execute  # type: ignore[method-assign]


def _plan(statement: str, explained: list[Node], tables: tuple[str, ...]) -> Plan:
    scans = [node for node in _nodes(explained[0]["Plan"]) if node.get("Relation Name") in tables]
    scans = [node for node in scans if node["Node Type"] != "ModifyTable"]
    whole = [node["Relation Name"] for node in scans if node["Node Type"] == "Seq Scan"]
    return Plan(statement, round(sum(map(_touched, scans))), whole)


def _touched(node: Node) -> float:
    rows = node["Actual Rows"] + node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Index Recheck", 0)
    return float(rows * node["Actual Loops"])


def _nodes(node: Node) -> Iterator[Node]:
    yield node
    for child in node.get("Plans", []):
        yield from _nodes(child)


def _json(explained: Any) -> list[Node]:
    return json.loads(explained) if isinstance(explained, str) else explained
