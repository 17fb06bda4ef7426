"""Whom "@" calls in a text."""

from accounts.models import User
from teams.models import Team

# Small letters -> how it is spelled, and everybody who is called that.
Called = dict[str, tuple[str, set[User]]]


def called(team: Team) -> Called:
    """The members of a team by full name, first name, address, and what stands before its "@"."""
    found: Called = {}
    for person in team.members.filter(is_active=True):
        for name in (person.name, person.name.partition(" ")[0], person.email.partition("@")[0], person.email):
            if name:
                found.setdefault(name.casefold(), (name, set()))[1].add(person)
    return found


def names(found: Called) -> list[str]:
    """For `reminders.language.understand`, which takes a name that is there twice for that of several people."""
    return [spelling for spelling, people in found.values() for _each in people]
