"""What the tests of pages share."""

from datetime import datetime, timezone
from typing import Any

from django.test import Client

from accounts.models import User
from teams.models import Role, Team
from teams.tests.factories import MembershipFactory

HTMX = {"HX-Request": "true"}
NOW = datetime(2026, 11, 24, 13, 20, tzinfo=timezone.utc)  # a Tuesday


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def person_in(team: Team, role: Role = Role.MEMBER, **fields: Any) -> User:
    """Somebody with that role; `fields` of the person."""
    return MembershipFactory(team=team, role=role, **{f"user__{name}": value for name, value in fields.items()}).user


def outsider() -> User:
    """Somebody with a team, but another one."""
    return MembershipFactory(role=Role.OWNER).user


def filled_in(team: Team, **changes: Any) -> dict[str, Any]:
    """What the browser sends for a new reminder: tomorrow's certificate, once."""
    form = {
        "title": "Renew the certificate",
        "notes": "",
        "repeat": "once",
        "start": "2026-11-25",
        "at": "09:00",
        "cron": "",
        "until": "",
        "month_end": "last",
        "zone": "Europe/Berlin",
        "audience": "team",
        "completion": "anyone",
        "token": "5d8a3f0e-6d0a-4a8e-9d38-6d5f3b1c7a01",
        "team": str(team.uuid),
    }
    return form | changes
