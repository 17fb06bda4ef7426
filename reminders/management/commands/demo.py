"""`manage.py demo`: two teams with reminders of every kind, relative to now."""

import secrets
import uuid
from argparse import ArgumentParser
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.addresses import trust
from accounts.models import User
from reminders.demo import PEOPLE, TEAMS, YOU, Sketch, TeamSketch
from reminders.ladder import DUE
from reminders.models import Audience, Delivery, Occurrence, OccurrenceState, Reminder
from reminders.models.planning import Lane
from reminders.schedule import Slot, between
from teamreminders.acting import Channel, acting
from teams.models import Change, Kind, Membership, Role, Team

# Teams of the demo are known again by their UUIDs, whatever they are called by then.
NAMESPACE = uuid.UUID("5f0c4f0e-6f0b-4d3f-9f4e-0d1d5a0b7c11")
ADDRESS = "demo@example.org"


class Command(BaseCommand):
    help = "Fill a local install with two believable teams. Running it again adds nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--email", help=f"who becomes the owner of both teams; {ADDRESS} by default")
        parser.add_argument("--password", help="creates the owner with this password if there is no such person")
        parser.add_argument("--force", action="store_true", help="also where this is not a local install")

    def handle(self, *args: Any, email: str | None, password: str | None, force: bool, **options: Any) -> None:
        if not (settings.LOCAL_INBOX or force):
            raise CommandError(
                "This is not a local install: demo data do not belong here. With --force they are written."
            )
        with acting(Channel.COMMAND), transaction.atomic():
            owner = self._owner(email, password)
            people = {key: _person(key) for key in PEOPLE} | {YOU: owner}
            added = [_write_team(sketch, people, timezone.now()) for sketch in TEAMS]
        if any(added):
            self.stdout.write(f"Two teams are ready; {owner.email} owns both.")
        else:
            self.stdout.write(f"The demo data are there already; nothing was added. {owner.email} owns both teams.")

    def _owner(self, email: str | None, password: str | None) -> User:
        """The person with that address, or a new one; a password that was made up is printed, this once."""
        address = (email or ADDRESS).strip().lower()
        found = User.objects.filter(email__iexact=address).first()
        if found:
            return found
        if email and not password:
            raise CommandError(f"Nobody has the address {address}. Give --password to create this person.")
        chosen = password or secrets.token_urlsafe(12)
        try:
            validate_password(chosen)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        if not password:
            self.stdout.write(f"Sign in as {address} with the password {chosen} (shown this once).")
        return _create(address, "Demo", "Europe/Berlin", chosen)


def _create(email: str, name: str, zone: str, password: str | None) -> User:
    person = User.objects.create_user(email, password, name=name, zone=zone)
    trust(person)
    return person


def _person(key: str) -> User:
    """Somebody of the demo, who cannot sign in before resetting the password."""
    email, sketch = f"{key}@example.org", PEOPLE[key]
    return User.objects.filter(email__iexact=email).first() or _create(email, sketch.name, sketch.zone, None)


def _write_team(sketch: TeamSketch, people: dict[str, User], now: datetime) -> bool:
    """Whether there was anything to write: the team, or its owner.

    The team's past is told as what its people did; that somebody is made the owner of a team that is there already, the
    command does.
    """
    owner = people[YOU]
    with acting(Channel.PAGE, owner.pk):
        team, founded = Team.objects.get_or_create(
            uuid=uuid.uuid5(NAMESPACE, sketch.name),
            defaults={"name": sketch.name, "zone": sketch.zone, "country": sketch.country},
        )
        if founded:
            for key, role in sketch.roles.items():
                Membership.objects.update_or_create(team=team, user=people[key], defaults={"role": role})
    if founded:
        Change.objects.filter(team=team).update(created_at=now - timedelta(days=91))
        for reminder in sketch.reminders:
            _write_reminder(reminder, team, people, now)
    joined = team.role_of(owner) != Role.OWNER
    if joined:
        Membership.objects.update_or_create(team=team, user=owner, defaults={"role": Role.OWNER})
    return founded or joined


def _write_reminder(sketch: Sketch, team: Team, people: dict[str, User], now: datetime) -> None:
    """The reminder, its past as settled rows (nothing of it is sent), and its future as the engine plans it."""
    here = now.astimezone(ZoneInfo(team.zone)).replace(tzinfo=None)
    reminder = Reminder(
        team=team,
        author=people[sketch.author],
        title=sketch.title,
        notes=sketch.notes,
        completion=sketch.completion,
        lead_times=list(sketch.lead_times),
        zone_mode=sketch.zone_mode,
        audience=Audience.PEOPLE if sketch.people else Audience.TEAM,
    )
    reminder.schedule = sketch.schedule(team.zone, here)
    written = now - timedelta(days=90)
    with acting(Channel.PAGE, people[sketch.author].pk):
        reminder.save()
        reminder.people.set(people[key] for key in sketch.people)
    Reminder.objects.filter(pk=reminder.pk).update(created_at=written)
    Change.objects.filter(kind=Kind.REMINDER, subject=reminder.pk).update(created_at=written)
    _write_past(sketch, reminder, people, now)
    reminder.arrange(now)
    if sketch.paused:
        with acting(Channel.PAGE, people[sketch.author].pk):
            reminder.pause(now)


def _write_past(sketch: Sketch, reminder: Reminder, people: dict[str, User], now: datetime) -> None:
    slots = between(reminder.schedule, now - timedelta(days=400), now)
    trouble, until = dict(sketch.trouble), now
    for slot, fate in zip(reversed(slots), sketch.past, strict=False):
        occurrence = _occurrence(reminder, slot, fate, people, until)
        occurrence.save()
        recipients = [people[key] for key in sketch.people] or reminder.team.members.order_by("pk")
        accidents = {people[key].pk: what for key, what in trouble.items()}
        Delivery.objects.bulk_create(
            _delivery(occurrence, person, accidents.get(person.pk, ""), turn)
            for turn, person in enumerate(dict.fromkeys(recipients))
        )
        trouble, until = {}, slot.at
    Delivery.objects.filter(occurrence__reminder=reminder).update(created_at=F("planned_for"))


def _occurrence(reminder: Reminder, slot: Slot, fate: str, people: dict[str, User], until: datetime) -> Occurrence:
    """`until`: when the next one came, or now."""
    states = {"open": OccurrenceState.OPEN, "missed": OccurrenceState.MISSED}
    lane = Lane(reminder, reminder.zone)
    occurrence = Occurrence.of(lane, slot, until, states.get(fate, OccurrenceState.DONE))
    if fate != "open":
        occurrence.settled_at = until
    if fate in people:
        occurrence.settled_from, occurrence.settled_by = OccurrenceState.OPEN, people[fate]
        occurrence.settled_at = min(slot.at + timedelta(minutes=17, seconds=40), until)
    return occurrence


def _delivery(occurrence: Occurrence, person: User, accident: str, turn: int) -> Delivery:
    """A message that went out a fifth of a second after it was due, or met with an accident."""
    delivery = Delivery(
        occurrence=occurrence,
        team=occurrence.reminder.team,
        user=person,
        recipient_key=f"user:{person.pk}",
        address=person.email,
        step=DUE,
        round=occurrence.round,
        reason=Delivery.Reason.CHOSEN if occurrence.reminder.audience == Audience.PEOPLE else Delivery.Reason.TEAM,
        planned_for=occurrence.due_at,
        tries=1,
    )
    if accident == "refused":
        delivery.state = Delivery.State.FAILED
        delivery.error = "550 5.1.1 Recipient address rejected: User unknown in virtual mailbox table"
        return delivery
    delivery.state, delivery.sent_at = Delivery.State.SENT, occurrence.due_at + timedelta(milliseconds=160 + 20 * turn)
    delivery.reply = f"250 2.0.0 Ok: queued as {delivery.uuid.hex[:10].upper()}"
    if accident == "late":
        delivery.tries, delivery.error = 2, "451 4.7.1 Greylisted, please try again in a minute"
        delivery.sent_at += timedelta(seconds=5)
    return delivery
