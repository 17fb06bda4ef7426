"""Ending a team: nobody sees it from that moment on and nothing of it goes out; `prune` removes its rows."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from accounts.models import AccountMail
from teams.models import Change, Invitation, JoinLink, JoinRequest, Membership, OutsideAddress, Team

from .models import Delivery, Occurrence, OccurrenceState, Reminder, WhyNot

# Occurrences that one transaction removes, with their messages.
OCCURRENCES_AT_ONCE = 50
# Changes that one statement removes.
CHANGES_AT_ONCE = 5000


class Contents(NamedTuple):
    """What goes with a team, for whoever is asked whether it may."""

    people: int
    reminders: int
    invitations: int


def contents(team: Team) -> Contents:
    """Three queries."""
    return Contents(
        team.memberships.count(),
        Reminder.objects.filter(team=team, deleted_at=None).count(),
        team.invitations.open().count(),
    )


def close(team: Team, now: datetime) -> bool:
    """End the team. False: somebody else just has.

    Locks the team, then its reminders, as every verb does; a dispatch at the same moment comes before or after.
    """
    with transaction.atomic():
        # The strongest lock: whatever is just being added to the team waits for it, and is refused (`of_open_team`).
        Team.objects.select_for_update().get(pk=team.pk)
        if not Team.objects.filter(pk=team.pk, closed_at=None).update(closed_at=now):
            return False
        reminders = Reminder.objects.filter(team=team).order_by("pk").select_for_update(no_key=True)
        ids = list(reminders.values_list("pk", flat=True))
        Reminder.objects.filter(pk__in=ids, deleted_at=None).update(deleted_at=now)
        upcoming = Occurrence.objects.filter(reminder__in=ids, state=OccurrenceState.UPCOMING)
        upcoming.update(state=OccurrenceState.CANCELLED, next_step_at=None)
        Delivery.objects.filter(occurrence__reminder__in=ids).withdraw(WhyNot.DELETED)
        invited, outside = team.invitations.open(), team.outside_addresses.all()
        abouts = [*(each.about for each in invited), *(each.about for each in outside)]
        AccountMail.objects.forget_about(f"offer:{team.pk}", *abouts)
        # Whoever is just joining is the last to go.
        for model in (Invitation, JoinLink, JoinRequest, OutsideAddress, Membership):
            model._default_manager.filter(team=team).delete()
    return True


def remove_closed(*, dry_run: bool = False) -> Iterator[int]:
    """Remove the rows of closed teams, in small transactions; yields how many occurrences went after each."""
    for team in Team.objects.exclude(closed_at=None).order_by("pk"):
        theirs = Occurrence.objects.filter(reminder__team=team)
        if dry_run:
            yield theirs.count()
            continue
        while ids := list(theirs.order_by("pk").values_list("pk", flat=True)[:OCCURRENCES_AT_ONCE]):
            with transaction.atomic():
                Delivery.objects.filter(occurrence__in=ids).delete()
                Occurrence.objects.filter(pk__in=ids)._raw_delete(theirs.db)
            yield len(ids)
        while ids := list(team.changes.order_by("pk").values_list("pk", flat=True)[:CHANGES_AT_ONCE]):
            Change.objects.filter(pk__in=ids).delete()
        team.delete()
        yield 0
