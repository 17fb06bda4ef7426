"""`manage.py delete_account EMAIL [--yes]`: erase a person on request."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from reminders.goodbye import OwnsTeams, delete_and_tell, teams_without_another_owner
from teamreminders.acting import Channel, acting
from teams.models import Team


class Command(BaseCommand):
    help = (
        "Erase a person, as they can themselves in their settings: they leave their teams, nothing is sent to them any "
        "more, and neither name nor address stays. A last mail tells them. Refused while a team would be without an "
        "owner. Asks first."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", help="the address of the account")
        parser.add_argument("--yes", action="store_true", help="do not ask")

    def handle(self, *args: Any, email: str, yes: bool, **options: Any) -> None:
        person = User.objects.filter(email__iexact=email.strip()).first()
        if person is None:
            raise CommandError(f"Nobody has an account with {email}.")
        if held := teams_without_another_owner(person):
            raise CommandError(_without_an_owner(held))
        if not yes:
            self._ask(person)
        try:
            with acting(Channel.COMMAND):
                delete_and_tell(person)
        except OwnsTeams as error:
            raise CommandError(_without_an_owner(error.teams)) from None
        self.stdout.write("The account is deleted.")

    def _ask(self, person: User) -> None:
        teams = ", ".join(map(str, person.teams.order_by("name", "pk"))) or "none"
        self.stdout.write(f"Name: {person.name}. Teams that they leave: {teams}.")
        try:
            typed = input(f"Nothing brings the account back. Type {person.email} to delete it: ")
        except EOFError:
            raise CommandError("Nobody answers. Nothing was changed; --yes deletes without asking.") from None
        if typed.strip().lower() != person.email.lower():
            raise CommandError("That is not the address. Nothing was changed.")


def _without_an_owner(teams: list[Team]) -> str:
    names = ", ".join(map(str, teams))
    return f"These teams would be without an owner: {names}. Have each handed over or deleted first."
