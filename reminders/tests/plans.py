"""How PostgreSQL carries out the statements that the code really runs: each is explained just before it runs."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NamedTuple

import psycopg
from django.db import connection

from teamreminders.prepared import Statement, _text

Node = dict[str, Any]
# Who acts is said before the statement itself.
ACT = re.compile(r"^SELECT set_config\([^)]*\); ")


class Plan(NamedTuple):
    """`touched`: rows of the tables that it looked at, also those that it then left out; `scanned`: read whole."""

    statement: str
    touched: int
    scanned: list[str]

    def __str__(self) -> str:
        return f"{self.touched} rows touched, {self.scanned or 'nothing'} read whole: {self.statement[:3000]}"


@contextmanager
def plans_of(tables: tuple[str, ...]) -> Iterator[list[Plan]]:
    """The statements over these tables, on a cursor or prepared. Needs a transaction: each is tried before it runs."""
    watch = Watch(tables)
    execute, send = psycopg.Cursor.execute, Statement.send

    def executed(cursor: Any, statement: Any, values: Any = None, **options: Any) -> Any:
        text = statement if isinstance(statement, str) else statement.as_string(cursor)
        watch.explain(ACT.sub("", text), type(cursor), values)
        return execute(cursor, statement, values, **options)

    def sent(statement: Any, values: Mapping[str, Any]) -> Any:
        texts = [None if (text := _text(values[name])) is None else text.decode() for name in statement._names]
        watch.explain(statement._sql.decode(), psycopg.RawCursor, texts)
        return send(statement, values)

    psycopg.Cursor.execute, Statement.send = executed, sent  # type: ignore[assignment, method-assign]
    watch.execute = execute
    try:
        yield watch.found
    finally:
        psycopg.Cursor.execute, Statement.send = execute, send  # type: ignore[method-assign]


class Watch:
    """Explains statements in a savepoint, on a cursor of its own."""

    execute: Callable[..., Any]  # as psycopg has it

    def __init__(self, tables: tuple[str, ...]) -> None:
        self.found: list[Plan] = []
        self._tables = tables

    def explain(self, statement: str, cursor_type: Callable[[Any], Any], values: Any) -> None:
        verb = statement.split(None, 1)[0]
        if verb not in {"SELECT", "UPDATE", "INSERT", "DELETE", "WITH"}:
            return
        if not any(table in statement for table in self._tables):
            return
        cursor = cursor_type(connection.connection)
        self.execute(cursor, "SAVEPOINT explained")
        self.execute(cursor, f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", values)
        self.found.append(_plan(statement, _json(cursor.fetchone()[0]), self._tables))
        self.execute(cursor, "ROLLBACK TO SAVEPOINT explained")
        self.execute(cursor, "RELEASE SAVEPOINT explained")
        cursor.close()


def _plan(statement: str, explained: list[Node], tables: tuple[str, ...]) -> Plan:
    scans = [node for node in _nodes(explained[0]["Plan"]) if node.get("Relation Name") in tables]
    scans = [node for node in scans if node["Node Type"] != "ModifyTable"]
    whole = [node["Relation Name"] for node in scans if node["Node Type"] == "Seq Scan"]
    return Plan(statement, round(sum(map(_touched, scans))), whole)


def _touched(node: Node) -> float:
    """A bitmap may be of many more rows than are then fetched, where it is combined with another."""
    bitmaps = [below for below in _nodes(node) if below["Node Type"] == "Bitmap Index Scan"]
    return max(map(_looked_at, [node, *bitmaps]))


def _looked_at(node: Node) -> float:
    rows = node["Actual Rows"] + node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Index Recheck", 0)
    return float(rows * node["Actual Loops"])


def _nodes(node: Node) -> Iterator[Node]:
    yield node
    for child in node.get("Plans", []):
        yield from _nodes(child)


def _json(explained: Any) -> list[Node]:
    return json.loads(explained) if isinstance(explained, str) else explained
