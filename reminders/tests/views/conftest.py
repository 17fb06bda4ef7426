"""What the tests of pages begin with: a Tuesday, a team in Berlin, and Ana of that team, who lives in New York."""

from typing import Any

import pytest
import time_machine
from django.test import Client

from accounts.models import User
from reminders.tests.pages import NOW, person_in, signed_in
from teams.models import Team
from teams.tests.factories import TeamFactory


@pytest.fixture(autouse=True)
def clock() -> Any:
    """Stands at NOW; `clock.shift(seconds)` moves it."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def team() -> Team:
    return TeamFactory(name="Operations", zone="Europe/Berlin")


@pytest.fixture
def ana(team: Team) -> User:
    return person_in(team, name="Ana Lopez", zone="America/New_York")


@pytest.fixture
def client(ana: User) -> Client:
    return signed_in(ana)
