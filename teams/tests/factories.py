"""Teams for tests."""

import hashlib
from datetime import timedelta
from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from accounts.models import User
from accounts.tests.factories import UserFactory
from teams.models import Invitation, Membership, OutsideAddress, OutsideState, Role, Team


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


class InvitationFactory(DjangoModelFactory[Invitation]):
    """Open for a day more; its link has `token`."""

    class Meta:
        model = Invitation

    class Params:
        token = factory.Sequence(lambda n: f"token-{n}")

    team = factory.SubFactory(TeamFactory)
    email = factory.Sequence(lambda n: f"invited{n}@example.org")
    role = Role.MEMBER
    token_hash = factory.LazyAttribute(lambda invitation: hashlib.sha256(invitation.token.encode()).hexdigest())
    sent_at = factory.LazyFunction(timezone.now)
    expires_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=1))


class OutsideAddressFactory(DjangoModelFactory[OutsideAddress]):
    """One that was asked a day ago and has agreed."""

    class Meta:
        model = OutsideAddress

    team = factory.SubFactory(TeamFactory)
    email = factory.Sequence(lambda n: f"outside{n}@example.net")
    state = OutsideState.AGREED
    asked_at = factory.LazyFunction(lambda: timezone.now() - timedelta(days=1))
    agreed_at = factory.LazyAttribute(
        lambda address: address.asked_at if address.state == OutsideState.AGREED else None
    )
