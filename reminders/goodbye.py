"""Deleting an account: what of it stays is what teams need to prove, without the address."""

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Replace

from accounts.models import User
from teams.models import LastOwner, Role, Team

from .models import Delivery


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
        nameless = {name: Replace(F(name), Value(person.email), Value("…")) for name in ("error", "reply")}
        Delivery.objects.filter(user=person).update(address="", **nameless)
        person.delete()
