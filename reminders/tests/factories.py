"""Reminders, their occurrences and deliveries for tests."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from accounts.models import User
from accounts.tests.factories import UserFactory
from reminders.ladder import DUE
from reminders.models import Audience, DataExport, Delivery, Import, Occurrence, OccurrenceState, Reminder
from teams.tests.factories import MembershipFactory, TeamFactory


def local(at: datetime, zone: str) -> datetime:
    return at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


class ReminderFactory(DjangoModelFactory[Reminder]):
    """A reminder as somebody would have written it at `now`: its first occurrence is planned.

    Due once at the instant `due`, an hour after `now`. `daily=True` or `rule=` repeats that; `cron=` stands alone.
    `people=[...]` chooses the audience. Without `author=` a member of the team wrote it, who gets it too.
    """

    class Meta:
        model = Reminder
        skip_postgeneration_save = True

    class Params:
        due = factory.LazyAttribute(lambda reminder: reminder.now.replace(microsecond=0) + timedelta(hours=1))
        daily = factory.Trait(rule="FREQ=DAILY")

    now = factory.LazyFunction(timezone.now)
    paused = False
    team = factory.SubFactory(TeamFactory)
    author = factory.LazyAttribute(lambda reminder: MembershipFactory(team=reminder.team).user)
    title = factory.Sequence(lambda n: f"Reminder {n}")
    zone = factory.SelfAttribute("team.zone")
    rule = ""
    cron = ""
    start = factory.LazyAttribute(lambda reminder: local(reminder.due, reminder.zone).date())
    times = factory.LazyAttribute(lambda reminder: [] if reminder.cron else [local(reminder.due, reminder.zone).time()])

    @classmethod
    def _create(cls, model_class: type[Reminder], *args: Any, now: datetime, paused: bool, **fields: Any) -> Reminder:
        reminder = super()._create(model_class, *args, **fields)
        reminder.arrange(now)
        if paused:
            reminder.pause(now)
        return reminder

    @factory.post_generation
    def people(self, create: bool, extracted: Iterable[User] | None, **options: Any) -> None:
        if extracted is not None:
            self.people.set(extracted)
            self.audience = Audience.PEOPLE
            self.save(update_fields=["audience"])


class OccurrenceFactory(DjangoModelFactory[Occurrence]):
    """An open occurrence that came due a minute ago, of a reminder that has no other.

    One that lies ahead comes with its reminder: `ReminderFactory().occurrences.get()`. `undispatched=True`: due, and no
    scheduler has been there yet.
    """

    class Meta:
        model = Occurrence

    class Params:
        undispatched = factory.Trait(state=OccurrenceState.UPCOMING, next_step_at=factory.SelfAttribute("due_at"))

    due_at = factory.LazyFunction(lambda: timezone.now().replace(microsecond=0) - timedelta(minutes=1))
    reminder = factory.SubFactory(ReminderFactory, due=factory.SelfAttribute("..due_at"))
    zone = factory.SelfAttribute("reminder.zone")
    slot = factory.LazyAttribute(lambda occurrence: local(occurrence.due_at, occurrence.zone))
    state = OccurrenceState.OPEN


class DeliveryFactory(DjangoModelFactory[Delivery]):
    """A queued message to a member of the team; `sent=True` and `failed=True` are those that are settled."""

    class Meta:
        model = Delivery

    class Params:
        sent = factory.Trait(
            state=Delivery.State.SENT,
            next_try_at=None,
            tries=1,
            reply="250 2.0.0 Ok: queued as 4XkT9q",
            sent_at=factory.LazyAttribute(lambda delivery: delivery.planned_for + timedelta(milliseconds=200)),
        )
        failed = factory.Trait(state=Delivery.State.FAILED, next_try_at=None, tries=1, error="550 5.1.1 User unknown")

    occurrence = factory.SubFactory(OccurrenceFactory)
    team = factory.SelfAttribute("occurrence.reminder.team")
    user = factory.LazyAttribute(lambda delivery: MembershipFactory(team=delivery.team).user)
    recipient_key = factory.LazyAttribute(lambda delivery: f"user:{delivery.user.pk}")
    address = factory.SelfAttribute("user.email")
    step = DUE
    round = factory.SelfAttribute("occurrence.round")
    reason = Delivery.Reason.TEAM
    planned_for = factory.SelfAttribute("occurrence.due_at")
    next_try_at = factory.LazyFunction(timezone.now)


class ImportFactory(DjangoModelFactory[Import]):
    """Uploaded just now: an export without reminders."""

    class Meta:
        model = Import

    team = factory.SubFactory(TeamFactory)
    user = factory.SubFactory(UserFactory)
    kind = "json"
    name = "reminders.json"
    content = b'{"format": "team-reminders/1", "reminders": []}'
    created_at = factory.LazyFunction(timezone.now)


class DataExportFactory(DjangoModelFactory[DataExport]):
    """Asked for just now, and nobody has heard of it; `ready=True` can be downloaded."""

    class Meta:
        model = DataExport

    class Params:
        now = factory.LazyFunction(timezone.now)
        ready = factory.Trait(
            state=DataExport.State.READY,
            next_try_at=None,
            ready_at=factory.SelfAttribute("now"),
            content=b"PK\x05\x06" + bytes(18),
            size=22,
        )

    user = factory.SubFactory(UserFactory)
    created_at = progressed_at = next_try_at = factory.SelfAttribute("now")
    expires_at = factory.LazyAttribute(lambda export: export.now + timedelta(days=7))
