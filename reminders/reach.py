"""Whom a reminder reaches, for whoever looks at it: each with the reason, and why somebody is not reached."""

from collections.abc import Collection, Container, Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from teams.models import MailKind, Membership, OutsideAddress, OutsideState, Team

from .models import Audience, Delivery, Reminder, WhyNot
from .models.audience import reason_for, without_those_of


class Reached(NamedTuple):
    """`why`: why they get it, or why not."""

    who: Any  # a person or an outside address
    why: str


@dataclass(frozen=True)
class Reach:
    gets: list[Reached] = field(default_factory=list)
    misses: list[Reached] = field(default_factory=list)  # those whom it is not for, or not by mail

    @property
    def members(self) -> int:
        return len(self.gets) - self.outside

    @property
    def outside(self) -> int:
        return sum(isinstance(each.who, OutsideAddress) for each in self.gets)

    def __len__(self) -> int:
        """How many get its mail."""
        return len(self.gets)


class Chosen(NamedTuple):
    """An audience, stored or as a form has it. `people`: ids."""

    audience: str
    roles: Collection[str] = ()
    people: Container[int] = ()
    outside: Iterable[OutsideAddress] = ()


def reach(reminder: Reminder, muting: Container[int] | None = None) -> Reach:
    """Of a stored one; `muting` where it is known already. Four queries at most."""
    of_people = reminder.audience == Audience.PEOPLE
    people = set(reminder.people.values_list("pk", flat=True)) if of_people else set()
    outside = reminder.outside.listed().order_by("email")
    chosen = Chosen(reminder.audience, reminder.roles, people, outside)
    return reach_of(reminder.team, chosen, muted_by(reminder) if muting is None else muting)


def reach_as_written(reminder: Reminder, team: Team, chosen: Chosen) -> Reach:
    """Of one that is being written or changed."""
    return reach_of(team, chosen, muted_by(reminder) if reminder.pk else ())


def reach_of(team: Team, chosen: Chosen, muting: Container[int] = ()) -> Reach:
    """`muting`: ids of those who mute the reminder. One query, beside that for `chosen.outside`."""
    found, theirs = Reach(), []
    for member in team.memberships.select_related("user").order_by("user__name", "pk"):
        reason = reason_for(member, chosen.audience, chosen.roles, chosen.people)
        why_not = _why_not(member, muting) if reason else _why_not_meant(member, chosen)
        if reason and member.user.is_active:
            theirs.append(member)
        if why_not:
            found.misses.append(Reached(member.user, why_not))
        elif reason:
            found.gets.append(Reached(member.user, _why(member, reason)))
    for address in without_those_of(theirs, chosen.outside):
        agreed = address.state == OutsideState.AGREED
        (found.gets if agreed else found.misses).append(Reached(address, address.get_state_display()))
    return found


def muted_by(reminder: Reminder) -> set[int]:
    """Ids of people. One query."""
    return set(reminder.muted_by.values_list("pk", flat=True))


def _why(member: Membership, reason: Delivery.Reason) -> str:
    return member.get_role_display() if reason == Delivery.Reason.ROLE else str(reason.label)


def _why_not(member: Membership, muting: Container[int]) -> str:
    """Of somebody whom it is for; empty where they get it."""
    if not member.user.is_active:
        return _("account switched off")
    if member.user_id in muting:
        return str(WhyNot.MUTED.label)
    if MailKind.REMINDER in member.muted:
        return _("turned reminders off for this team")
    return ""


def _why_not_meant(member: Membership, chosen: Chosen) -> str:
    if chosen.audience == Audience.ROLES:
        return _("%(role)s, not among the roles") % {"role": member.get_role_display()}
    return _("not chosen")
