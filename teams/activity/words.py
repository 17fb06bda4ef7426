"""Sentences about a team and its people."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from teamreminders.acting import Channel
from teamreminders.templatetags.page import place
from teams.models import Action, JoinLink, Kind, OutsideState, Role, Team
from teams.periods import periods
from teams.places import place_name
from teams.words import weekdays_in_words

from .facts import Fact, Say, facts
from .group import Group, Pair
from .line import Line, Names, hold, somebody


def of_team(group: Group, names: Names) -> Line:
    """Of any kind but a reminder."""
    words, icon, told = _SAID[group.kind](group, names)
    return Line(group.at, words, icon, told)


PLACE = ("country", "region")
Said = tuple[Any, str, list[Fact]]


def _team(group: Group, names: Names) -> Said:
    who, pairs = somebody(group.first), group.pairs
    if group.has(Action.ADDED):
        return format_html(_("{who} founded the team"), who=who), "plus", []
    if "closed_at" in pairs:
        return format_html(_("{who} deleted the team"), who=who), "trash-2", []
    told = facts(Team, {column: pair for column, pair in pairs.items() if column not in PLACE}, _OF_TEAM)
    if set(pairs) == {"name"}:
        return format_html(_("{who} renamed the team"), who=who), "pencil", told
    return format_html(_("{who} changed the team"), who=who), "settings", _with_place(told, pairs)


def _member(group: Group, names: Names) -> Said:
    who, whom = somebody(group.first), hold(names.person(group.subject))
    if group.has(Action.REMOVED):
        said = _("{who} left") if group.is_of_themselves else _("{who} removed {whom}")
        return format_html(said, who=who, whom=whom), "log-out", []
    before, role = group.pairs.get("role", (None, None))
    if group.has(Action.ADDED):
        said = _("{who} joined as {role}") if group.is_of_themselves else _("{who} added {whom} as {role}")
        return format_html(said, who=who, whom=whom, role=_role(role)), "user-plus", []
    said = _MADE.get(role, _("{who} changed what {whom} may do"))
    told = [Fact(_("Role"), _role(before), _role(role))] if before else []
    return format_html(said, who=who, whom=whom), "users", told


def _invitation(group: Group, names: Names) -> Said:
    who, whom, pairs = somebody(group.first), hold(names.address(group.subject)), group.pairs
    if group.has(Action.ADDED):
        said, role = _("{who} invited {whom} as {role}"), _role(pairs.get("role", ("", ""))[1])
        return format_html(said, who=who, whom=whom, role=role), "send", []
    if "accepted_at" in pairs:
        return format_html(_("{who} accepted an invitation"), who=who), "user-plus", []
    if "withdrawn_at" in pairs:
        withdrawn = pairs["withdrawn_at"][1]
        said = _("{who} withdrew the invitation of {whom}") if withdrawn else _("{who} let {whom} be invited after all")
        return format_html(said, who=who, whom=whom), "x" if withdrawn else "undo-2", []
    return format_html(_("{who} sent {whom} the invitation again"), who=who, whom=whom), "send", []


def _link(group: Group, names: Names) -> Said:
    who = somebody(group.first)
    if group.has(Action.ADDED):
        return format_html(_("{who} turned the join link on"), who=who), "external-link", []
    if group.has(Action.REMOVED):
        return format_html(_("{who} turned the join link off"), who=who), "x", []
    if group.has(Action.RENEWED):
        return format_html(_("{who} replaced the join link; the one before ended"), who=who), "repeat", []
    told = facts(JoinLink, group.pairs, {})
    return format_html(_("{who} changed to whom the join link is open"), who=who), "external-link", told


def _outside(group: Group, names: Names) -> Said:
    who, whom = somebody(group.first), hold(names.outsider(group.subject))
    before, state = group.pairs.get("state", (None, OutsideState.ASKED))
    said, icon = _OUTSIDE.get(state, (_("{who} changed what goes to {whom}"), "mail"))
    if state == OutsideState.AGREED and before == OutsideState.REMOVED:
        said, icon = _("{who} put {whom} back among the outside addresses"), "undo-2"
    elif state == OutsideState.STOPPED and group.first.channel == Channel.ADMIN:
        said = _("{who} stopped mail to {whom}")
    return format_html(said, who=who, whom=whom), icon, []


def _offer(group: Group, names: Names) -> Said:
    who, whom = somebody(group.first), hold(names.person(group.subject))
    if group.is_accepted:
        return format_html(_("{who} took the team over"), who=who), "users", []
    if not group.has(Action.REMOVED):
        return format_html(_("{who} offered {whom} to own the team"), who=who, whom=whom), "hourglass", []
    declined = group.first.who_id == group.subject
    said = _("{who} declined to own the team") if declined else _("{who} took the offer to {whom} back")
    return format_html(said, who=who, whom=whom), "x", []


_SAID: dict[str, Callable[[Group, Names], Said]] = {
    Kind.TEAM: _team,
    Kind.MEMBER: _member,
    Kind.INVITATION: _invitation,
    Kind.LINK: _link,
    Kind.OFFER: _offer,
    Kind.OUTSIDE: _outside,
}


def _with_place(told: list[Fact], pairs: Mapping[str, Pair]) -> list[Fact]:
    """Whose public holidays the team has: a country and its region are one fact."""
    if not set(PLACE) <= set(pairs):
        return told
    before, after = (place_name(*(str(pairs[column][n] or "") for column in PLACE)) for n in (0, 1))
    return [*told, Fact(_("Public holidays of"), before or _("none"), after or _("none"))]


def _days(days: list[str]) -> str:
    """Periods, such as "24 December 2026 to 1 January 2027"."""
    ends = [(date_format(first), date_format(last)) for first, last in periods(map(date.fromisoformat, days))]
    longer = _("%(first)s to %(last)s")
    said = [longer % {"first": first, "last": last} if first != last else first for first, last in ends]
    return get_text_list(said, _("and"))


def _role(role: Any) -> str:
    return str(Role(role).label) if role in Role.values else str(role)


_OF_TEAM: dict[str, Say] = {
    "zone": place,
    "working_days": lambda days: weekdays_in_words(sorted(set(days))),
    "days_off": _days,
}
_OUTSIDE: dict[Any, tuple[Any, str]] = {
    OutsideState.ASKED: (gettext_lazy("{who} asked {whom} to get reminders"), "send"),
    OutsideState.AGREED: (gettext_lazy("{whom} agreed to get reminders"), "mail-check"),
    OutsideState.STOPPED: (gettext_lazy("{whom} wants no more mail"), "mail-x"),
    OutsideState.REMOVED: (gettext_lazy("{who} took {whom} off the outside addresses"), "x"),
}
# Whole sentences, since a role alone cannot be put into one in every language.
_MADE: dict[Any, Any] = {
    Role.OWNER: gettext_lazy("{who} made {whom} an owner"),
    Role.ADMIN: gettext_lazy("{who} made {whom} an admin"),
    Role.MEMBER: gettext_lazy("{who} made {whom} a member"),
    Role.VIEWER: gettext_lazy("{who} made {whom} a viewer"),
}
