"""A worker's statements on the outbox: the answer to one message and the claim of the next in one round trip.

A claim is one conditional UPDATE, and its row count says who won; so is writing down an answer. Both are SQL of our own
that the server prepares once a connection, because they are run for every message: what Django's ORM takes to say the
same is more than all the rest that a message costs. And the worker goes on while PostgreSQL works on them.
"""

from datetime import datetime
from typing import Any, Generic, NamedTuple

from .outbox import CLOCKS_DIFFER_BY, HAND_OVER_AGAIN, LEASE, MAX_TRIES, OutboxState, Row, backoff
from .prepared import Reply, Statement

SETTLE = """
UPDATE {table} AS settled
   SET state = %(state)s, tries = settled.tries - %(untried)s, next_try_at = %(next_try_at)s,
       sent_at = coalesce(%(sent_at)s, settled.sent_at),
       reply = coalesce(%(reply)s, settled.reply), error = coalesce(%(error)s, settled.error){erasing}
 WHERE settled.id = %(settled)s
   AND CASE WHEN %(state)s = 'sent' THEN settled.state <> 'sent'
            ELSE settled.state = 'sending' AND settled.tries = %(settled_tries)s END"""
ERASING = ", {column} = CASE WHEN %(state)s = 'sent' THEN '' ELSE settled.{column} END"

# Conditions on other tables must be scalar subqueries, each of one table by its key. A join with FROM is not looked at
# again after waiting for a lock (see `outbox`). And an EXISTS is planned like a join: with statistics of a time when
# the table was empty, a claim went through all that waits. CASE keeps PostgreSQL from any index but that of the row.
CLAIM = """
UPDATE {table} AS row
   SET state = 'sending', next_try_at = %(lease_ends)s, tries = row.tries + 1{claiming}
 WHERE row.id = %(claimed)s
   AND CASE WHEN row.state = 'queued' AND row.tries = %(tries)s AND row.next_try_at <= %(handed_over)s
            THEN ({sendable}) ELSE false END"""


class Settlement(NamedTuple):
    """What is to be written down of a message that was claimed; None leaves a column as it is."""

    settled: int  # the row's id
    settled_tries: int  # the fencing token
    state: OutboxState
    next_try_at: datetime | None = None
    sent_at: datetime | None = None
    reply: str | None = None
    error: str | None = None
    untried: int = 0  # 1: it was claimed and not tried


def accepted(row: Row, now: datetime, reply: str) -> Settlement:
    """The server took it. Holds even when the claim lapsed meanwhile: the message is out."""
    return Settlement(row.pk, row.tries, OutboxState.SENT, sent_at=now, reply=reply)


def postponed(row: Row, now: datetime, error: str) -> Settlement:
    """To be tried later, or given up when the tries are used up. Only while the claim is ours."""
    if row.tries >= MAX_TRIES:
        return refused(row, error)
    return Settlement(row.pk, row.tries, OutboxState.QUEUED, next_try_at=now + backoff(row.tries), error=error)


def given_back(row: Row, now: datetime) -> Settlement:
    """Claimed and not sent, which is no try. Only while the claim is ours.

    To be written once: afterwards `tries` is what the next claim of somebody else begins with.
    """
    return Settlement(row.pk, row.tries, OutboxState.QUEUED, next_try_at=now, untried=1)


def refused(row: Row, error: str) -> Settlement:
    """A final no. Only while the claim is ours."""
    return Settlement(row.pk, row.tries, OutboxState.FAILED, error=error)


class Claims(Generic[Row]):
    """The statements for one kind of row.

    `sendable`: the SQL condition on `row` under which it may be sent at this moment, apart from its state; it may use
    `%(now)s`. `claiming`: columns that a claim sets to what the row in hand says. `erasing`: columns that are emptied
    once the message was accepted.
    """

    def __init__(
        self,
        model: type[Row],
        *,
        sendable: str = "true",
        claiming: tuple[str, ...] = (),
        erasing: tuple[str, ...] = (),
    ) -> None:
        table = model._meta.db_table
        self._claiming = claiming
        settle = SETTLE.format(table=table, erasing="".join(ERASING.format(column=column) for column in erasing))
        sets = "".join(f", {column} = %({column})s" for column in claiming)
        claim = CLAIM.format(table=table, claiming=sets, sendable=sendable)
        self._settle = Statement(settle)
        self._claim = Statement(claim)
        self._settle_and_claim = Statement(f"WITH settled AS ({settle}){claim}")

    def begin(self, row: Row, now: datetime, settling: Settlement | None = None) -> "Claim[Row]":
        """Begin to take this row for `LEASE`, if it may be sent at this moment; write down another's answer before it.

        One statement, one commit, which PostgreSQL carries out also when this process is killed now. Nothing else may
        be asked of the connection until `Claim.won`.
        """
        values: dict[str, Any] = {
            "now": now,
            "claimed": row.pk,
            "tries": row.tries,
            "lease_ends": now + LEASE,
            "handed_over": now + HAND_OVER_AGAIN + CLOCKS_DIFFER_BY,
            **{column: getattr(row, column) for column in self._claiming},
        }
        if settling:
            return Claim(row, now, self._settle_and_claim.send(values | settling._asdict()))
        return Claim(row, now, self._claim.send(values))

    def settle(self, settlement: Settlement) -> bool:
        """Write down an answer. False: it was not ours to say (any more)."""
        return bool(self._settle.send(settlement._asdict()).result().command_tuples)


class Claim(Generic[Row]):
    """A claim that PostgreSQL is working on."""

    def __init__(self, row: Row, at: datetime, reply: Reply) -> None:
        self.row, self.at = row, at
        self._reply = reply

    def won(self) -> bool:
        """Wait for it. False: somebody else has the row, or it may not be sent (any more)."""
        if not self._reply.result().command_tuples:
            return False
        self.row.tries += 1
        return True
