"""What was due against what the mail server accepted."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from teamreminders.testing.sink import Fault
from teamreminders.testing.sink_process import Entry

# Lines of the sink's ledger that say: accepted, and the sender was not told in time. Each may cost a duplicate.
UNANSWERED = {Fault.DROP.value, Fault.HALF.value, Fault.LINGER.value}


class Key(NamedTuple):
    """Who is told what, as the mail server sees it."""

    recipient: str
    subject: str

    @property
    def title(self) -> str:
        """Of the reminder."""
        return self.subject.rpartition(": ")[2]

    @property
    def is_notice(self) -> bool:
        return self.title != self.subject


class Due:
    """Who must be told what, and from what instant on; `may`: those whose message may be withdrawn in time."""

    def __init__(self) -> None:
        self.must: dict[Key, list[datetime]] = defaultdict(list)
        self.may: dict[Key, list[datetime]] = defaultdict(list)
        self.silent: set[Key] = set()  # of which somebody wants nothing more
        self.forbidden = 0  # how many would have come after that

    def __len__(self) -> int:
        return sum(map(len, self.must.values()))

    def add(self, recipient: str, subject: str, at: datetime) -> None:
        self.must[Key(recipient, subject)].append(at)

    def add_optional(self, recipient: str, subject: str, at: datetime) -> None:
        self.may[Key(recipient, subject)].append(at)

    def of(self, title: str, *, to: str = "") -> set[Key]:
        """What must arrive of a reminder, or may have to; to everybody or one address."""
        return {key for key in self.must if key.title == title and to in {"", key.recipient}}

    def withdrawn(self, key: Key) -> None:
        """What has not been accepted by now may still arrive, or not."""
        self.may[key] += self.must.pop(key, [])

    def silence(self, key: Key, arrived: int) -> list[datetime]:
        """Nothing more of it is wanted. What has not arrived may still do so, until it is forbidden; returns that."""
        self.silent.add(key)
        kept = 0 if self.may.get(key) else arrived  # which of them arrived is not certain then
        instants = sorted(self.must.pop(key, []))
        if instants[:kept]:
            self.must[key] = instants[:kept]
        self.may[key] += instants[kept:]
        return instants[kept:]

    def forbid(self, key: Key, instants: Iterable[datetime]) -> None:
        for instant in instants:
            self.may[key].remove(instant)
            self.forbidden += 1


class Outcome(NamedTuple):
    """Each lists messages, with what is wrong about them."""

    lost: list[str]
    doubled: list[str]
    early: list[str]
    unwanted: list[str]


def compare(due: Due, entries: Iterable[Entry], ahead: float = 0.0) -> Outcome:
    """A message is one Message-ID. Early is what was accepted before its instant, by however little; with a scheduler
    whose clock was `ahead` by some seconds, what was accepted still earlier than that."""
    outcome = Outcome([], [], [], [])
    accepted: dict[Key, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for entry in entries:
        if entry.what == "message":
            accepted[Key(entry.recipient, entry.subject)][entry.message_id].append(entry.at)
    for key in {*due.must, *due.may, *accepted}:
        _compare(key, due, accepted[key], ahead, outcome)
    return outcome


def _compare(key: Key, due: Due, accepted: Mapping[str, list[float]], ahead: float, outcome: Outcome) -> None:
    must, instants = due.must.get(key, []), sorted(due.must.get(key, []) + due.may.get(key, []))
    outcome.lost.extend([f"{key}, due at {must}"] * (len(must) - len(accepted)))
    outcome.unwanted.extend([f"{key}: {list(accepted)}, due at {instants}"] * (len(accepted) - len(instants)))
    for message_id, times in accepted.items():
        outcome.doubled.extend([f"{key} {message_id} at {times}"] * (len(times) - 1))
    for first, at in zip(sorted(min(times) for times in accepted.values()), instants, strict=False):
        if first < at.timestamp() - ahead:
            outcome.early.append(f"{key} by {at.timestamp() - first:.3f} s")


def unanswered(entries: Iterable[Entry]) -> int:
    return sum(entry.what in UNANSWERED for entry in entries)
