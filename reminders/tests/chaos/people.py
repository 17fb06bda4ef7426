"""Who is in the teams of a run, and who of them wants which mail.

What they want is read from the rows as they are written; the engine is not asked.
"""

import random
from collections.abc import Iterable

from accounts.models import User
from reminders.models import Reminder
from teams.models import MailKind, Membership, OutsideAddress, OutsideState, Role, Team
from teams.tests.factories import MembershipFactory, OutsideAddressFactory, TeamFactory

ROLES = [Role.ADMIN, Role.MEMBER, Role.VIEWER]
OFF: list[list[MailKind]] = [[], [], [], [], [MailKind.REMINDER], [MailKind.NOTICE], [*MailKind]]
# Of each state a team has an address; only those that have agreed are told anything.
STATES = [OutsideState.AGREED, *OutsideState]


def draw_team(chosen: random.Random, people: list[User]) -> Team:
    """Some people, one who has left, one whose account is closed, and addresses outside; of one of the people too."""
    team = TeamFactory()
    members = chosen.sample(people, chosen.randint(1, 6))
    for person in members:
        MembershipFactory(team=team, user=person, role=chosen.choice(ROLES), muted=chosen.choice(OFF))
    MembershipFactory(team=team, user__is_active=False)
    left = MembershipFactory(team=team)
    Membership.objects.filter(pk=left.pk).delete()
    for state in STATES:
        OutsideAddressFactory(team=team, state=state)
    OutsideAddressFactory(team=team, email=members[0].email)
    return team


def members_of(team: Team) -> list[User]:
    return list(team.members.filter(is_active=True).order_by("pk"))


def with_roles(team: Team, roles: Iterable[Role]) -> list[User]:
    return list(team.members.filter(is_active=True, memberships__team=team, memberships__role__in=roles).order_by("pk"))


def without_outside_address(team: Team) -> list[User]:
    """Members whom the team knows by their place in it alone."""
    outside = set(team.outside_addresses.values_list("email", flat=True))
    return [person for person in members_of(team) if person.email not in outside]


def outside_alone(team: Team) -> list[OutsideAddress]:
    """Addresses that have agreed, of nobody in the team."""
    theirs = {person.email for person in members_of(team)}
    agreed = team.outside_addresses.filter(state=OutsideState.AGREED).order_by("pk")
    return [address for address in agreed if address.email not in theirs]


def told(
    reminder: Reminder, audience: Iterable[User], here: Iterable[User] | None = None, kind: MailKind = MailKind.REMINDER
) -> list[str]:
    """The addresses that get it. `here`: those of the audience whose clock it is for, where that is not all of them."""
    theirs = {person.email for person in audience}
    wanting = theirs if here is None else {person.email for person in here}
    off = Membership.objects.filter(team=reminder.team, muted__contains=[kind])
    unwanting = {*reminder.muted_by.values_list("email", flat=True), *off.values_list("user__email", flat=True)}
    agreed = reminder.outside.filter(state=OutsideState.AGREED)
    return sorted((wanting - unwanting) | (set(agreed.values_list("email", flat=True)) - theirs))
