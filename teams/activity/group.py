"""What was changed in one go is one line, however many statements it took."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from accounts.models import User
from teamreminders.acting import Channel
from teams.models import Action, Change, Kind, Role

Pair = tuple[Any, Any]  # before, after


@dataclass
class Group:
    """The changes of one act that one line tells, the first of them first."""

    changes: list[Change] = field(default_factory=list)
    is_accepted: bool = False  # of an offer: its person owns the team now

    @property
    def first(self) -> Change:
        return self.changes[0]

    @property
    def kind(self) -> str:
        return self.first.kind

    @property
    def subject(self) -> int:
        return self.first.subject

    @property
    def at(self) -> datetime:
        return self.first.created_at

    @property
    def who(self) -> User | None:
        return self.first.who

    def has(self, action: Action) -> bool:
        return any(change.action == action for change in self.changes)

    @property
    def is_of_themselves(self) -> bool:
        """Somebody came, or went, of their own accord."""
        first = self.first
        return first.kind == Kind.MEMBER and first.who_id == first.subject and first.channel == Channel.PAGE

    @property
    def pairs(self) -> dict[str, Pair]:
        """Column -> before the act and after it, without what is no such pair."""
        pairs: dict[str, Pair] = {}
        for change in self.changes:
            for column, pair in change.changes.items():
                if isinstance(pair, list) and len(pair) == 2:
                    before, after = pair
                    pairs[column] = (pairs[column][0] if column in pairs else before, after)
        return pairs

    @property
    def people(self) -> tuple[list[int], list[int]]:
        """Ids of those that were chosen for a reminder in it, and of those that no longer are."""
        return self._chosen("person")

    @property
    def outside(self) -> tuple[list[int], list[int]]:
        """The same of outside addresses."""
        return self._chosen("outside")

    @property
    def labels(self) -> tuple[list[int], list[int]]:
        """The same of labels."""
        return self._chosen("label")

    def _chosen(self, key: str) -> tuple[list[int], list[int]]:
        chosen = {change.changes.get(key) for change in self.changes if change.action == Action.CHOSEN}
        gone = {change.changes.get(key) for change in self.changes if change.action == Action.NOT_CHOSEN}
        return [pk for pk in chosen - gone if pk], [pk for pk in gone - chosen if pk]


def grouped(changes: Iterable[Change]) -> list[Group]:
    """`changes`: the newest first, and so are the groups."""
    acts: dict[Any, dict[Any, Group]] = {}
    for change in changes:
        act = acts.setdefault(change.act or change.created_at, {})
        act.setdefault((change.kind, change.subject, _verb(change)), Group()).changes.insert(0, change)
    return [group for act in acts.values() for group in _without_consequences(list(act.values()))]


def _verb(change: Change) -> str:
    """Fields and people of a reminder are one line; elsewhere each verb has its own."""
    return "" if change.kind == Kind.REMINDER else change.action


def _without_consequences(act: list[Group]) -> list[Group]:
    """A line tells the act; what follows from it is not told again."""
    told = {(group.kind, group.first.action) for group in act}
    follows: set[tuple[str, str]] = set()
    if (Kind.MEMBER, Action.ADDED) in told:
        follows.add((Kind.INVITATION, Action.CHANGED))  # which was accepted
    if (Kind.MEMBER, Action.REMOVED) in told:
        follows.add((Kind.OFFER, Action.REMOVED))  # to somebody who is gone, or by them
    owners = {group.subject for group in act if group.pairs.get("role", (None, None))[1] == Role.OWNER}
    for group in act:
        if group.kind == Kind.OFFER and group.has(Action.REMOVED) and group.subject in owners:
            group.is_accepted = True
            follows.add((Kind.MEMBER, Action.CHANGED))  # one owns the team, the other is an admin
    founded = (Kind.TEAM, Action.ADDED) in told
    return [
        group
        for group in act
        if (group.kind, group.first.action) not in follows and not (founded and group.is_of_themselves)
    ]
