"""Deleting an account: what of it stays is what teams need to prove, without the address."""

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Replace

from accounts.models import User
from teams.models import LastOwner, OutsideAddress, Role, Team

from .models import Delivery, WhyNot
from .models.delivery import DeliveryQuerySet


class OwnsTeams(Exception):
    """These would be without an owner."""

    def __init__(self, teams: list[Team]) -> None:
        self.teams = teams


def teams_without_another_owner(person: User) -> list[Team]:
    """Those that have to be handed over, or deleted, before the person can go. Two queries at most a team."""
    owned = person.memberships.filter(role=Role.OWNER).select_related("team").order_by("team__name", "pk")
    return [membership.team for membership in owned if not membership.others_own()]


def delete_account(person: User) -> None:
    """Leave every team and erase the person. Raises OwnsTeams, and then nothing is changed.

    Locks the teams in order. The messages that went to them stay with their teams, without the address.
    """
    with transaction.atomic():
        try:
            for membership in person.memberships.order_by("team_id"):
                membership.leave()
        except LastOwner:
            raise OwnsTeams(teams_without_another_owner(person)) from None
        _without_address(Delivery.objects.filter(user=person), person.email)
        person.delete()


def forget_outside(address: OutsideAddress) -> None:
    """Erase an outside address, at its request: nothing goes there, and nothing says where it was.

    Not that it wants no mail either: a team that enters it again asks it again.
    """
    with transaction.atomic():
        name = f"mail:{address.uuid}"
        sent = Delivery.objects.filter(occurrence__reminder__team=address.team_id, outside=address)
        sent.withdraw(WhyNot.REMOVED)
        _without_address(sent, address.email, recipient_key=name)
        address.reminders.clear()
        address.erase()


def _without_address(sent: DeliveryQuerySet, email: str, **fields: str) -> None:
    """What the server said may name it as well."""
    nameless = {name: Replace(F(name), Value(email), Value("…")) for name in ("error", "reply")}
    Delivery.objects.filter(pk__in=sent.values("pk")).update(address="", **fields, **nameless)
