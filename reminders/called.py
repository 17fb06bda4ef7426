"""Whom "@" calls in a text."""

from collections.abc import Iterable

from accounts.models import User
from teams.models import Team

# Who calls them means the whole team, unless somebody is called so.
EVERYBODY = ("everybody", "everyone", "all", "team")
# Small letters -> how it is spelled, and everybody who is called that.
Called = dict[str, tuple[str, set[User]]]


def called(team: Team) -> Called:
    """The members of a team by full name, first name, address, and what stands before its "@"; nobody by EVERYBODY."""
    found: Called = {}
    for person in team.members.filter(is_active=True):
        for name in (person.name, person.name.partition(" ")[0], person.email.partition("@")[0], person.email):
            if name:
                found.setdefault(name.casefold(), (name, set()))[1].add(person)
    return {name: (name, set()) for name in EVERYBODY} | found


def people_named(named: Iterable[str], members: Called) -> list[User]:
    """Those whom a text calls, each once; nobody where it calls the whole team."""
    people = [list(members[name.casefold()][1]) for name in named]
    return list(dict.fromkeys(person for each in people for person in each)) if all(people) else []


def names(found: Called) -> list[str]:
    """For `reminders.language.understand`, which takes a name that is there twice for that of several people."""
    return [spelling for spelling, people in found.values() for _each in people or [None]]
