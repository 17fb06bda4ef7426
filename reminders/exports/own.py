"""What belongs to a person: one list for each file of the export, made of what their pages show them as well.

Of other people's addresses only those are in it that the person sees on pages at this moment. What a team that they
have left, or a reminder that was deleted, is called is not theirs to read any more; that something was sent to them, or
answered by them, is.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cached_property
from typing import TYPE_CHECKING, Any
from uuid import UUID

from allauth.account.models import EmailAddress
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from reminders.models import Delivery, Occurrence, Reminder
from teamreminders.clock import zone_or_utc
from teams.models import MANAGERS, Change, Invitation, JoinRequest, Membership, OutsideAddress

from .records import reminder_record, with_what_is_exported

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

Record = dict[str, Any]
OF_A_MESSAGE = ("address", "channel", "step", "reason", "state", "why_not", "planned_for", "sent_at", "error", "reply")
# Columns that nobody reads, whoever they belong to.
SECRET = re.compile(r"password|token|secret|hash|nonce|key$")


@dataclass(frozen=True)
class Reader:
    """Whom the export is for, and what they see at this moment."""

    person: User
    now: datetime

    @cached_property
    def memberships(self) -> dict[int, Membership]:
        """By the id of the team."""
        mine = Membership.objects.filter(user=self.person).select_related("team")
        return {membership.team_id: membership for membership in mine}

    def team_name(self, team_id: int) -> str | None:
        return self.memberships[team_id].team.name if team_id in self.memberships else None

    def name_of(self, reminder: Reminder) -> Record:
        """Which reminder it is about, as far as the person may know."""
        team = self.team_name(reminder.team_id)
        if reminder.deleted_at or team is None:
            return {"team": team, "reminder": None, "title": None}
        return {"team": team, "reminder": str(reminder.uuid), "title": reminder.title}

    def plain(self, value: Any) -> Any:
        """For JSON: moments by the person's clock, with their offset."""
        if isinstance(value, datetime):
            return (value.astimezone(zone_or_utc(self.person.zone)) if value.tzinfo else value).isoformat()
        return value.isoformat() if isinstance(value, date | time) else str(value) if isinstance(value, UUID) else value

    def columns(self, row: Model, *but: str) -> Record:
        """What the row itself says: no secrets, and no names of other rows."""
        fields = [each for each in row._meta.concrete_fields if not each.is_relation and not each.primary_key]
        names = [each.name for each in fields if each.name not in but and not SECRET.search(each.name)]
        return {name: self.plain(getattr(row, name)) for name in names}


@dataclass(frozen=True)
class Part:
    """One list: whose rows, and what each says. `about`: for README.txt."""

    about: "StrPromise"
    rows: Callable[[User], QuerySet[Any]]
    record: Callable[[Reader, Any], Record] = field(default=lambda reader, row: reader.columns(row))


def _profile(reader: Reader, person: User) -> Record:
    return reader.columns(person, "is_superuser")


def _membership(reader: Reader, membership: Membership) -> Record:
    return {"team": membership.team.name, "key": str(membership.team.uuid), **reader.columns(membership)}


def _reminder(reader: Reader, reminder: Reminder) -> Record:
    return {"team": reminder.team.name, **reminder_record(reminder, reader.now)}


def _answer(reader: Reader, occurrence: Occurrence) -> Record:
    settled = occurrence.settled_by_id == reader.person.pk
    taken_on = occurrence.acknowledged_by_id == reader.person.pk
    return {
        **reader.name_of(occurrence.reminder),
        "due": reader.plain(occurrence.due_at),
        "answer": occurrence.state if settled else None,
        "answered": reader.plain(occurrence.settled_at) if settled else None,
        "snoozed": occurrence.snoozed_by_id == reader.person.pk,
        "taken_on": reader.plain(occurrence.acknowledged_at) if taken_on else None,
    }


def _message(reader: Reader, delivery: Delivery) -> Record:
    record = reader.name_of(delivery.occurrence.reminder)
    return record | {name: reader.plain(getattr(delivery, name)) for name in OF_A_MESSAGE}


def _muted(reader: Reader, reminder: Reminder) -> Record:
    return reader.name_of(reminder)


def _outside(reader: Reader, address: OutsideAddress) -> Record:
    return {"team": reader.team_name(address.team_id), **reader.columns(address)}


def _change(reader: Reader, change: Change) -> Record:
    """Not what of it was changed: that names others."""
    return {"team": reader.team_name(change.team_id), **reader.columns(change, "changes", "subject", "act")}


def _invitation(reader: Reader, invitation: Invitation) -> Record:
    """The address while the person sees it among the open ones of the team, which its managers do."""
    mine = reader.memberships.get(invitation.team_id)
    seen = mine and mine.role in MANAGERS and not (invitation.accepted_at or invitation.withdrawn_at)
    return {
        "team": reader.team_name(invitation.team_id),
        "address": invitation.email if seen else None,
        **reader.columns(invitation, "email"),
    }


def _written(person: User) -> QuerySet[Reminder]:
    return with_what_is_exported(Reminder.objects.visible_to(person).filter(author=person)).select_related("team")


def _answered(person: User) -> QuerySet[Occurrence]:
    mine = Occurrence.objects.filter(Q(settled_by=person) | Q(snoozed_by=person) | Q(acknowledged_by=person))
    answers = ("settled_at", "settled_by", "snoozed_by", "acknowledged_at", "acknowledged_by")
    return _named(mine, "reminder", "due_at", "state", *answers)


def _received(person: User) -> QuerySet[Delivery]:
    return _named(Delivery.objects.filter(user=person), "occurrence__reminder", *OF_A_MESSAGE)


def _named(rows: QuerySet[Any], reminder: str, *columns: str) -> QuerySet[Any]:
    """With what names the reminder: not its notes, which may be long, for each row again."""
    names = [f"{reminder}__{column}" for column in ("uuid", "title", "team_id", "deleted_at")]
    return rows.select_related(reminder).only(*columns, *names)


# In the order in which they are written.
PARTS: Mapping[str, Part] = {
    "profile": Part(_("who you are, and your settings"), lambda person: User.objects.filter(pk=person.pk), _profile),
    "addresses": Part(
        _("your e-mail addresses, and whether they are confirmed"),
        lambda person: EmailAddress.objects.filter(user=person),
    ),
    "memberships": Part(
        _("the teams that you belong to, and what you are there"),
        lambda person: Membership.objects.filter(user=person).select_related("team"),
        _membership,
    ),
    "access-tokens": Part(
        _("the access tokens that you made, without their secrets, which we do not have"),
        lambda person: person.access_tokens.all(),
    ),
    "join-requests": Part(
        _("your requests to join a team that wait for an answer"),
        lambda person: JoinRequest.objects.filter(user=person, declined_at=None),
    ),
    "invitations": Part(
        _("the invitations that you made; with the address while you see it on the team's page"),
        lambda person: Invitation.objects.filter(invited_by=person),
        _invitation,
    ),
    "reminders": Part(_("the reminders that you wrote, in the teams that you belong to"), _written, _reminder),
    "muted": Part(_("the reminders of which you want no mail"), lambda person: person.muted_reminders.all(), _muted),
    "outside-addresses": Part(
        _("the addresses outside your teams that you had asked whether they want reminders"),
        lambda person: OutsideAddress.objects.listed().filter(asked_by=person, team__memberships__user=person),
        _outside,
    ),
    "changes": Part(
        _("when you changed something of the teams that you belong to, and of what kind"),
        lambda person: Change.objects.filter(who=person, team__memberships__user=person),
        _change,
    ),
    "answers": Part(_("what you said was done, left out or put off"), _answered, _answer),
    "messages": Part(
        _("the messages of reminders that were sent to you, or were not, and why"),
        _received,
        _message,
    ),
}
