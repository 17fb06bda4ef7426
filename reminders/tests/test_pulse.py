"""What Today shows has another version as soon as it is not what somebody sees any more."""

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from accounts.models import User
from accounts.tests.factories import UserFactory
from reminders.dispatch import dispatch_due
from reminders.models import Completion, Occurrence, Reminder
from reminders.pulse import pulse
from teamreminders.clock import zone_or_utc
from teams.models import Team
from teams.tests.factories import MembershipFactory, TeamFactory

from .factories import OccurrenceFactory, ReminderFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 24, 13, 20, tzinfo=timezone.utc)
HOUR = timedelta(hours=1)


class Scene:
    """Of a team of two: one that waits, one snoozed, one answered, one that comes in half an hour."""

    def __init__(self) -> None:
        self.team: Team = TeamFactory(name="Operations")
        self.ana: User = MembershipFactory(team=self.team, user__zone="Europe/Berlin").user
        self.bo: User = MembershipFactory(team=self.team).user
        self.waiting, self.snoozed, self.answered = (self._open(hours) for hours in (1, 2, 3))
        self.snoozed.snooze(NOW + HOUR, self.bo, NOW)
        self.answered.finish(self.bo, NOW)
        self.coming = ReminderFactory(team=self.team, author=self.bo, now=NOW, due=NOW + HOUR / 2)

    def _open(self, hours: int) -> Occurrence:
        due = NOW - hours * HOUR
        return OccurrenceFactory(due_at=due, reminder=ReminderFactory(team=self.team, author=self.bo, due=due, now=NOW))

    def version(self, now: datetime = NOW, team: Team | None = None) -> str:
        self.ana.refresh_from_db()
        return pulse(self.ana, now, zone_or_utc(self.ana.zone), team).version

    def edit(self, reminder: Reminder, **fields: Any) -> None:
        for name, value in fields.items():
            setattr(reminder, name, value)
        reminder.save()


@pytest.fixture
def scene() -> Scene:
    return Scene()


CHANGES: dict[str, Callable[[Scene], Any]] = {
    "somebody is done": lambda scene: scene.waiting.finish(scene.bo, NOW),
    "somebody leaves it out": lambda scene: scene.waiting.skip(scene.bo, NOW),
    "somebody puts it off": lambda scene: scene.waiting.snooze(NOW + HOUR, scene.bo, NOW),
    "somebody puts it off for longer": lambda scene: scene.snoozed.snooze(NOW + 2 * HOUR, scene.bo, NOW),
    "it is not put off any more": lambda scene: scene.snoozed.wake(NOW),
    "somebody has got it": lambda scene: scene.waiting.acknowledge(scene.bo, NOW),
    "what was done is undone": lambda scene: scene.answered.undo(NOW),
    "there is a new reminder": lambda scene: ReminderFactory(team=scene.team, author=scene.bo, now=NOW),
    "a reminder is deleted": lambda scene: scene.waiting.reminder.discard(NOW),
    "one that comes is paused": lambda scene: scene.coming.pause(NOW),
    "one that comes is moved": lambda scene: scene.coming.move_slot(
        scene.coming.occurrences.get().slot, scene.coming.occurrences.get().slot + HOUR, NOW
    ),
    "the title is another": lambda scene: scene.edit(scene.waiting.reminder, title="Another"),
    "the title of one that was answered is another": lambda scene: scene.edit(scene.answered.reminder, title="Another"),
    "nobody has to answer any more": lambda scene: scene.edit(scene.waiting.reminder, completion=Completion.NOBODY),
    "the person comes into another team": lambda scene: OccurrenceFactory(
        due_at=NOW, reminder__team=MembershipFactory(user=scene.ana).team
    ),
    "the person has to leave": lambda scene: scene.ana.memberships.get().delete(),
    "the person is a viewer now": lambda scene: scene.ana.memberships.update(role="viewer"),
    "the team has another name": lambda scene: Team.objects.update(name="Another"),
    "the person goes by another clock": lambda scene: User.objects.filter(pk=scene.ana.pk).update(zone="Asia/Tokyo"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_another_version_because(change: str, scene: Scene) -> None:
    before = scene.version()
    assert scene.version() == before
    CHANGES[change](scene)
    assert scene.version() != before


@pytest.mark.parametrize("later", [HOUR / 2, HOUR, timedelta(hours=9, minutes=40)], ids=["due", "again", "midnight"])
def test_time_alone_makes_another_version_only_when_something_is_due_or_a_day_begins(
    later: timedelta, scene: Scene
) -> None:
    second = timedelta(seconds=1)
    assert scene.version(NOW + later - second) != scene.version(NOW + later)
    assert scene.version(NOW + later) == scene.version(NOW + later + second)


def test_what_was_due_already_is_the_same_once_it_is_dispatched_but_for_its_state(scene: Scene) -> None:
    due = NOW + HOUR / 2
    before = scene.version(due)
    dispatch_due(due)
    assert scene.version(due) != before


def test_what_strangers_do_changes_nothing(scene: Scene) -> None:
    before = scene.version()
    OccurrenceFactory(due_at=NOW, reminder__team=TeamFactory()).finish(UserFactory(), NOW)
    assert scene.version() == before


def test_of_one_team_only_that_counts(scene: Scene) -> None:
    choir = MembershipFactory(user=scene.ana).team
    before, of_all = scene.version(team=choir), scene.version()
    scene.waiting.finish(scene.bo, NOW)
    assert scene.version(team=choir) == before and scene.version() != of_all
