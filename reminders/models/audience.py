"""Whom reminders reach, and why."""

from collections import defaultdict
from collections.abc import Callable, Collection, Container, Iterable
from datetime import datetime
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Q

from reminders.ladder import ADVANCE
from teams.models import MailKind, Membership, OutsideAddress, OutsideState

from .choices import Audience
from .delivery import Delivery, WhyNot

if TYPE_CHECKING:
    from .reminder import Reminder


class IsOneOf(Func):
    """Whether a value is an element of an array."""

    arg_joiner = " = ANY("
    template = "(%(expressions)s))"
    output_field = models.BooleanField()


class Recipient(NamedTuple):
    """Somebody whom a reminder is for, whether they want its mail or not."""

    key: str  # `Delivery.recipient_key`
    address: str
    zone: str
    since: datetime  # when they came to the team; nothing that had passed by then is for them
    reason: Delivery.Reason
    user_id: int | None = None
    outside_id: int | None = None
    muted: Collection[str] = ()  # the kinds of mail that they turned off for the team
    mutes_this: bool = False

    def why_not(self, step: str) -> WhyNot | None:
        """Why a step is not sent to them; None where it is."""
        if self.mutes_this:
            return WhyNot.MUTED
        return WhyNot.TURNED_OFF if mail_kind(step) in self.muted else None


def mail_kind(step: str) -> MailKind:
    return MailKind.NOTICE if step.startswith(ADVANCE) else MailKind.REMINDER


def reason_for(
    membership: Membership, audience: str, roles: Container[str], chosen: Container[int]
) -> Delivery.Reason | None:
    """Why a member of the team is in an audience; None where they are not. `chosen`: ids of people."""
    if audience == Audience.TEAM:
        return Delivery.Reason.TEAM
    if audience == Audience.ROLES:
        return Delivery.Reason.ROLE if membership.role in roles else None
    return Delivery.Reason.CHOSEN if membership.user_id in chosen else None


def without_those_of(members: Iterable[Membership], outside: Iterable[OutsideAddress]) -> list[OutsideAddress]:
    """Outside addresses but for those of members who get it anyway: one person is one message."""
    theirs = {membership.user.email.lower() for membership in members}
    return [address for address in outside if address.email not in theirs]


class AudienceQuerySet(models.QuerySet["Reminder"]):
    def reached(self, reminders: Collection["Reminder"]) -> dict[int, list[Recipient]]:
        """Whom each of them is for at this moment, by its id. Four queries, however many reminders."""
        by_team: dict[int, list[Membership]] = defaultdict(list)
        members = Membership.objects.filter(team__in={each.team_id for each in reminders}, user__is_active=True)
        for membership in members.select_related("user"):
            by_team[membership.team_id].append(membership)
        chosen, muting = self._pairs("people", reminders), self._pairs("muted_by", reminders)
        outside: dict[int, list[OutsideAddress]] = defaultdict(list)
        agreed = self.model.outside.through.objects.filter(outsideaddress__state=OutsideState.AGREED)
        for row in agreed.filter(reminder__in=reminders).select_related("outsideaddress"):
            outside[row.reminder_id].append(row.outsideaddress)
        return {
            each.pk: _recipients(each, by_team[each.team_id], chosen[each.pk], muting[each.pk], outside[each.pk])
            for each in reminders
        }

    def _pairs(self, name: str, reminders: Collection["Reminder"]) -> dict[int, set[int]]:
        """The ids of the people that a many-to-many field names, by the reminder's."""
        pairs: dict[int, set[int]] = defaultdict(set)
        through = getattr(self.model, name).through.objects.filter(reminder__in=reminders)
        for reminder_id, user_id in through.values_list("reminder_id", "user_id"):
            pairs[reminder_id].add(user_id)
        return pairs


def _recipients(
    reminder: "Reminder",
    members: list[Membership],
    chosen: set[int],
    muting: set[int],
    outside: list[OutsideAddress],
) -> list[Recipient]:
    found, theirs = [], []
    for member in members:
        if reason := reason_for(member, reminder.audience, reminder.roles, chosen):
            theirs.append(member)
            found.append(_of_member(member, reason, member.user_id in muting))
    found += [_of_outside(address, reminder.zone) for address in without_those_of(theirs, outside)]
    return found


def _of_member(member: Membership, reason: Delivery.Reason, mutes_this: bool) -> Recipient:
    person = member.user
    return Recipient(
        key=f"user:{person.pk}",
        address=person.email,
        zone=person.zone,
        since=member.joined_at,
        reason=reason,
        user_id=person.pk,
        muted=member.muted,
        mutes_this=mutes_this,
    )


def _of_outside(address: OutsideAddress, zone: str) -> Recipient:
    """On the reminder's clock: nobody has asked an outside address where it is."""
    since = address.agreed_at
    assert since is not None
    return Recipient(
        key=f"mail:{address.email}",
        address=address.email,
        zone=zone,
        since=since,
        reason=Delivery.Reason.OUTSIDE,
        outside_id=address.pk,
    )


def in_audience(members: Any) -> Q:
    """Of reminders, those that one of these memberships is in the audience of; not by an outside address.

    `members`: of the reminder's team, as a subquery.
    """
    return either(Q(audience=audience) & Q(Exists(those)) for audience, those in by_audience(members).items())


def by_audience(members: Any, of: Callable[[str], Any] = OuterRef) -> dict[Audience, Any]:
    """Which of these memberships a reminder is for, by its audience. `of`: how to refer to the reminder's columns."""
    return {
        Audience.TEAM: members,
        Audience.ROLES: members.filter(IsOneOf(F("role"), of("roles"))),
        Audience.PEOPLE: members.filter(user__chosen_for=of("pk")),
    }


def either(conditions: Iterable[Q]) -> Q:
    return reduce(or_, conditions)
