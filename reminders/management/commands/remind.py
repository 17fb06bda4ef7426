"""`manage.py remind "every weekday at 9 stand-up" --team TEAM --as EMAIL [--dry-run]`: quick-add for scripts."""

from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.languages import chosen_or_present
from accounts.models import User
from reminders.links import reminder_url
from reminders.models import Reminder
from reminders.preview import Moment, preview
from reminders.quick import Draft, QuickForm, read
from reminders.schedule.day_words import listed
from reminders.schedule.words import clock_face
from teamreminders.acting import Channel, acting
from teamreminders.clock import zone_or_utc
from teamreminders.dates import dated
from teamreminders.templatetags.page import place
from teams.models import WRITERS, Team


class Command(BaseCommand):
    help = (
        "Set a reminder said in one line, understood as on the pages, in somebody's name. Prints what was understood "
        "and when it comes next, in that person's language; what is not understood is said, and nothing is set."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("text", help="what and when, in quotes: “every weekday at 9 stand-up”")
        parser.add_argument("--team", required=True, help="the team's UUID, or its name")
        parser.add_argument("--as", dest="email", required=True, help="the address of the person who writes it")
        parser.add_argument("--dry-run", action="store_true", help="only say what it would do")

    def handle(self, *args: Any, text: str, team: str, email: str, dry_run: bool, **options: Any) -> None:
        now, person = timezone.now(), _person(email)
        with override(chosen_or_present(person.language)):
            draft = _understood(text, _team(team, person), now)
            reminder = draft.reminder(person)
            for line in _told(draft, reminder, person):
                self.stdout.write(line)
            if dry_run:
                self.stdout.write(_("Nothing is set: this was a dry run."))
                return
            with acting(Channel.COMMAND, person.pk), transaction.atomic():
                draft.write(reminder, now)
            self.stdout.write(_("It is set: %(address)s") % {"address": reminder_url(reminder)})


def _person(email: str) -> User:
    person = User.objects.filter(email__iexact=email.strip()).first()
    if person is None:
        raise CommandError(f"Nobody has an account with {email}.")
    if not person.is_active:
        raise CommandError(f"The account of {person.email} is switched off.")
    return person


def _team(text: str, person: User) -> Team:
    """A team for which the person writes. Raises CommandError."""
    try:
        named = Q(uuid=UUID(text))
    except ValueError:
        named = Q(name=text)
    found = list(Team.objects.visible_to(person).filter(named).order_by("pk"))
    if not found:
        raise CommandError(f"{person.email} belongs to no team {text}.")
    if len(found) > 1:
        uuids = ", ".join(str(team.uuid) for team in found)
        raise CommandError(f"{person.email} belongs to several teams named {text}: give the UUID of one: {uuids}.")
    if found[0].role_of(person) not in WRITERS:
        raise CommandError(f"{person.email} may look at {found[0]}, but writes no reminders there.")
    return found[0]


def _understood(text: str, team: Team, now: datetime) -> Draft:
    """What can be written without a question. Raises CommandError."""
    try:
        draft = read(QuickForm.base_fields["text"].clean(text), team, now)
    except ValidationError as error:
        raise CommandError(" ".join(error.messages)) from None
    if draft.problems:
        raise CommandError(" ".join(draft.problems))
    if not draft.is_complete:
        raise CommandError(_("Say when as well, such as “tomorrow at 9” or “every Friday at 16:00”."))
    return draft


def _told(draft: Draft, reminder: Reminder, person: User) -> Iterator[str]:
    """What it is, for whom, and when it comes next: on the clock of its place, and on the person's."""
    assert draft.schedule
    foreseen = preview(draft.schedule, zone_or_utc(person.zone), draft.now)
    words = {"title": draft.title, "words": foreseen.words, "place": place(draft.schedule.zone)}
    yield _("“%(title)s”: %(words)s, %(place)s time.") % words
    if reminder.lead_times:
        yield _("Notices come %(lengths)s.") % {"lengths": reminder.lead_times_in_words}
    names = listed([str(each) for each in draft.people]) or _("everybody")
    yield _("For %(names)s in %(team)s.") % {"names": names, "team": draft.team}
    yield _("Next:")
    for moment in foreseen.moments:
        yield "  " + _line(moment, person.zone if foreseen.two_zones else "")


def _line(moment: Moment, reader: str) -> str:
    there = _("%(day)s at %(at)s") % _parts(moment.there)
    if not reader:
        return there
    here = _("%(day)s at %(at)s") % _parts(moment.here)
    return _("%(there)s (%(here)s in %(place)s)") % {"there": there, "here": here, "place": place(reader)}


def _parts(local: datetime) -> dict[str, str]:
    return {"day": dated(local, "D j F Y"), "at": clock_face(local)}
