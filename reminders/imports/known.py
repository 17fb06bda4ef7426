"""What a team has, for comparing a file with it."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from reminders.exports.records import with_what_is_exported
from reminders.models import Reminder
from reminders.models.reminder import ReminderQuerySet
from teams.models import NotInvited, OutsideAddress, Team

from .draft import Draft

OWN_UID = re.compile(r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:-[0-9T]+)?@(.+)")
# New addresses that one import asks, at most.
ASKED_AT_MOST = 50


@dataclass(frozen=True)
class Known:
    team: Team
    now: datetime
    reminders: Mapping[str, Reminder]  # by what names them in a file
    people: Mapping[str, User]  # by address
    outside: Mapping[str, OutsideAddress]  # by address
    _refusals: dict[str, str] = field(default_factory=dict)

    def why_not_asked(self, email: str) -> str:
        """Why an address outside, which the team does not know, cannot be asked; empty where it can. Some queries."""
        if email not in self._refusals:
            self._refusals[email] = self._why_not_asked(email)
        return self._refusals[email]

    def _why_not_asked(self, email: str) -> str:
        if sum(not why for why in self._refusals.values()) >= ASKED_AT_MOST:
            return _("%(email)s is not asked: these are too many addresses at once.") % {"email": email}
        try:
            OutsideAddress.objects.check_may_be_asked(self.team, email)
        except NotInvited as error:
            return str(error)
        return ""


def known_of(drafts: Iterable[Draft], team: Team, person: User, now: datetime, *, lock: bool = False) -> Known:
    """Three queries; `lock`: the reminders."""
    return Known(
        team,
        now,
        _by_key(drafts, team, person, lock=lock),
        {user.email.lower(): user for user in team.members.all()},
        {address.email: address for address in team.outside_addresses.listed()},
    )


def own_reminder(uid: str) -> str:
    """The UUID of the reminder of which our own calendar has an event with this UID; empty where it is none of ours."""
    match = OWN_UID.fullmatch(uid)
    return match[1] if match and match[2] == settings.SITE.hostname else ""


def _by_key(drafts: Iterable[Draft], team: Team, person: User, *, lock: bool) -> dict[str, Reminder]:
    """Those that came from such a file before, and those that the file was made from."""
    keys = {name for draft in drafts for name in (draft.key, own_reminder(draft.key)) if name}
    named = Q(import_key__in=keys) | Q(uuid__in={uuid for key in keys if (uuid := _uuid(key))})
    rows: ReminderQuerySet = with_what_is_exported(Reminder.objects.visible_to(person).filter(named, team=team))
    rows = rows.with_rights_of(person)
    found: dict[str, Reminder] = {}
    for row in rows.select_for_update(no_key=True, of=("self",)) if lock else rows:
        row.team = team
        found[str(row.uuid)] = row
        if row.import_key:
            found[row.import_key] = row
    return found


def _uuid(key: str) -> UUID | None:
    try:
        return UUID(key)
    except ValueError:
        return None
