"""What people do while a run goes on, and what the ledger says from then on. Each is a generator, as a fault is."""

import time
from collections import Counter
from collections.abc import Callable, Generator
from datetime import datetime, timedelta
from typing import NamedTuple

from django.utils import timezone

from accounts.models import User
from reminders.models import Delivery, Reminder
from reminders.tests.scenes import rounded
from teams.models import MailKind, Membership, OutsideAddress, Team

from .ledger import Due, Key
from .process import LOCK_SECONDS
from .world import World

Steps = Generator[float, None, None]
# After this, nothing that comes due or is tried has not seen what somebody wants: a claim may have waited for a lock,
# and looked at what they want before that.
MOMENT = LOCK_SECONDS + 1


class Visit(NamedTuple):
    """Somebody comes at an instant, sees the reminder, and does something."""

    at: datetime
    does: Callable[["Visit", World, Due], Steps]
    reminder: Reminder
    by: User | OutsideAddress

    def steps(self, world: World, due: Due) -> Steps:
        yield from self.does(self, world, due)


def finish(visit: Visit, world: World, due: Due) -> Steps:
    """Be done with what not everybody may have got yet."""
    assert isinstance(visit.by, User)
    if visit.reminder.occurrences.get().finish(visit.by, timezone.now()):
        world.note(f"{visit.reminder} is done")
        for key in due.of(visit.reminder.title) - set(world.arrived()):
            due.withdrawn(key)
    yield from ()


def snooze(visit: Visit, world: World, due: Due) -> Steps:
    """Put off what everybody got already."""
    assert isinstance(visit.by, User)
    keys, now = due.of(visit.reminder.title), timezone.now()
    if keys <= set(world.arrived()):
        until = rounded(now) + timedelta(seconds=world.random.randint(2, 5))
        if visit.reminder.occurrences.get().snooze(until=until, by=visit.by, now=now):
            world.note(f"{visit.reminder} is put off")
            for key in keys - due.silent:
                due.add(*key, until)
    yield from ()


def mute(visit: Visit, world: World, due: Due) -> Steps:
    """One reminder."""
    assert isinstance(visit.by, User)
    visit.reminder.mute(visit.by)
    world.note(f"{visit.reminder} is muted by {visit.by.pk}")
    yield from _silence(due.of(visit.reminder.title, to=visit.by.email), world, due)


def turn_off(visit: Visit, world: World, due: Due) -> Steps:
    """One kind of the team's mail; where it is off already it stays so."""
    assert isinstance(visit.by, User)
    kind = world.random.choice([MailKind.REMINDER, MailKind.NOTICE])
    membership = Membership.objects.get(team=visit.reminder.team_id, user=visit.by)
    membership.want({*membership.mail_kinds} - {*membership.muted, kind})
    world.note(f"{visit.by.pk} turns off {kind.value}s of team {visit.reminder.team_id}")
    keys = _of_team(visit.reminder.team, visit.by.email, due)
    yield from _silence({key for key in keys if key.is_notice == (kind == MailKind.NOTICE)}, world, due)


def stop(visit: Visit, world: World, due: Due) -> Steps:
    """An address outside wants nothing more of the team."""
    assert isinstance(visit.by, OutsideAddress)
    visit.by.stop()
    world.note(f"outside address {visit.by.pk} stops")
    yield from _silence(_of_team(visit.reminder.team, visit.by.email, due), world, due)


def _of_team(team: Team, address: str, due: Due) -> set[Key]:
    titles = Reminder.objects.filter(team=team).values_list("title", flat=True)
    return {key for title in titles for key in due.of(title, to=address)}


def _silence(keys: set[Key], world: World, due: Due) -> Steps:
    """Of these nothing more is wanted: only what somebody has begun to send may still arrive."""
    arrived = world.arrived()
    waiting = {key: due.silence(key, arrived[key]) for key in keys - due.silent}
    until = time.monotonic() + MOMENT
    yield MOMENT
    time.sleep(max(0.0, until - time.monotonic()))  # the end of a run cuts waits short
    rows = Delivery.objects.filter(address__in={key.recipient for key in waiting}, tries__gt=0)
    tried = Counter(rows.values_list("address", "occurrence__reminder__title"))
    for key, instants in waiting.items():
        begun = tried[key.recipient, key.title] - len(due.must.get(key, []))
        due.forbid(key, instants[max(0, begun) :])
