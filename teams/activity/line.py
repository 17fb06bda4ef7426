"""A line of the activity, and the names in it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from accounts.models import User
from teamreminders.acting import Channel
from teams.models import Change, Invitation, OutsideAddress

from .facts import Fact

# Where only operators act.
OPERATORS = (Channel.ADMIN, Channel.COMMAND)


class Names(NamedTuple):
    """What the ids in changes stand for now, as far as the reader may know: no address but for managers."""

    people: Mapping[int, User]
    addresses: Mapping[int, str]  # of invitations
    reminders: Mapping[int, Any]  # with `may_restore`
    outside: Mapping[int, OutsideAddress]  # which the whole team sees
    labels: Mapping[int, Any]

    def person(self, pk: int) -> str:
        return str(self.people.get(pk) or _("somebody who deleted their account"))

    def author(self, pk: int | None) -> str:
        return self.person(pk) if pk else ""

    def listed(self, people: Collection[int], outside: Collection[int] = ()) -> str:
        return get_text_list(sorted(map(self.person, people)) + sorted(map(self.outsider, outside)), _("and"))

    def labelled(self, labels: Collection[int]) -> str:
        return get_text_list(sorted(str(self.labels.get(pk) or _("a label that is gone")) for pk in labels), _("and"))

    def outsider(self, pk: int) -> str:
        return str(self.outside.get(pk) or _("an outside address"))

    def address(self, invitation: int) -> str:
        return self.addresses.get(invitation) or _("somebody")


@dataclass
class Line:
    """`words`: a sentence, as HTML; `reminder`: one that is deleted and that the reader may restore."""

    at: datetime
    words: SafeString
    icon: str
    facts: list[Fact] = field(default_factory=list)
    restorable: Any = None


def hold(name: object) -> SafeString:
    """A name within a sentence, as HTML."""
    return format_html("<b>{}</b>", name)


def somebody(change: Change) -> SafeString:
    """Who did it. Operators are named in the admin only."""
    if change.channel in OPERATORS:
        return hold(_("An operator"))
    if change.who:
        return hold(change.who)
    if change.who_id:
        return hold(_("Somebody who deleted their account"))
    return hold(_("The system"))


def addresses(pks: Collection[int]) -> dict[int, str]:
    """Of invitations."""
    return dict(Invitation.objects.filter(pk__in=pks).values_list("pk", "email"))
