"""Teams for tests."""

from typing import Any

import factory
from factory.django import DjangoModelFactory

from accounts.models import User
from accounts.tests.factories import UserFactory
from teams.models import Membership, Role, Team


class TeamFactory(DjangoModelFactory[Team]):
    """A team without anybody in it, unless `owner=` says who."""

    class Meta:
        model = Team
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"Team {n}")
    zone = "UTC"

    @factory.post_generation
    def owner(self, create: bool, extracted: User | None, **options: Any) -> None:
        if extracted:
            MembershipFactory(team=self, user=extracted, role=Role.OWNER)


class MembershipFactory(DjangoModelFactory[Membership]):
    class Meta:
        model = Membership

    team = factory.SubFactory(TeamFactory)
    user = factory.SubFactory(UserFactory)
    role = Role.MEMBER
