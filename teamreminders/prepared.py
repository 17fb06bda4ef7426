"""Statements that the server prepares once a connection, and that need not be waited for.

Django's connection, libpq's own calls: psycopg waits for every answer, and its pipeline mode costs more than it spares
for one statement at a time.
"""

import re
import select
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import psycopg
from django.db import connection
from psycopg.errors import error_from_result
from psycopg.pq import ConnStatus, ExecStatus
from psycopg.pq.abc import PGconn, PGresult

NAMED = re.compile(r"%\((\w+)\)s")


class Statement:
    """SQL with `%(name)s` for values; `%%` is a percent sign. One statement: it must not be several."""

    def __init__(self, sql: str) -> None:
        self._names = list(dict.fromkeys(NAMED.findall(sql)))
        numbered = NAMED.sub(lambda found: f"${self._names.index(found[1]) + 1}", sql).replace("%%", "%")
        self._sql = numbered.encode()
        self._name = f"teamreminders-{id(self)}".encode()
        self._prepared_on: PGconn | None = None

    def send(self, values: Mapping[str, Any]) -> "Reply":
        """Begin it on Django's connection. Raises Django's database errors, also in `Reply.result`."""
        connection.ensure_connection()
        line: PGconn = connection.connection.pgconn
        with connection.wrap_database_errors:
            if self._prepared_on is not line:
                _checked(line, line.prepare(self._name, self._sql))
                self._prepared_on = line
            _alive(line)
            line.send_query_prepared(self._name, [_text(values[name]) for name in self._names])
            while line.flush():
                select.select([], [line.socket], [])
        return Reply(line)


class Reply:
    """What the server will say."""

    def __init__(self, line: PGconn) -> None:
        self._line = line

    def result(self) -> PGresult:
        """Wait for it, if it is not there yet. Raises Django's database errors."""
        with connection.wrap_database_errors:
            found = None
            while result := self._next():
                found = result
            return _checked(self._line, found)

    def _next(self) -> PGresult | None:
        """Waiting outside libpq, so that a signal is heard."""
        while self._line.is_busy():
            select.select([self._line.socket], [], [])
            self._line.consume_input()
        return self._line.get_result()


def _checked(line: PGconn, result: PGresult | None) -> PGresult:
    _alive(line)
    if result is None:
        raise psycopg.OperationalError("the statement got no answer")
    if result.status not in {ExecStatus.COMMAND_OK, ExecStatus.TUPLES_OK}:
        raise error_from_result(result)
    return result


def _alive(line: PGconn) -> None:
    if line.status != ConnStatus.OK:
        raise psycopg.OperationalError("the connection is lost")


def _text(value: Any) -> bytes | None:
    """As PostgreSQL reads it."""
    if value is None:
        return None
    return (value.isoformat() if isinstance(value, datetime) else str(value)).encode()
