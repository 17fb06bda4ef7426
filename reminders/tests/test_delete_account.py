"""`manage.py delete_account`: an operator erases somebody on request."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts.models import AccountMail, User
from accounts.tests.factories import UserFactory
from teams.models import Change, Role
from teams.tests.factories import MembershipFactory, TeamFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def bo() -> User:
    return UserFactory(name="Bo", email="bo@example.org")


def run(*arguments: str) -> str:
    said = StringIO()
    call_command("delete_account", *arguments, stdout=said)
    return said.getvalue()


def answering(monkeypatch: Any, answer: str) -> list[str]:
    """What is asked, of somebody who types this."""
    asked: list[str] = []
    monkeypatch.setattr("builtins.input", lambda question: asked.append(question) or answer)
    return asked


def test_it_erases_somebody_and_tells_them(bo: User) -> None:
    team = MembershipFactory(user=bo).team
    Change.objects.all().delete()
    assert "deleted" in run("BO@example.org", "--yes")
    assert not User.objects.filter(pk=bo.pk).exists()
    assert (AccountMail.objects.get().to, AccountMail.objects.get().subject) == (bo.email, "Your account is deleted")
    left = Change.objects.get(team=team)
    assert (left.action, left.channel, left.who_id) == ("removed", "command", None)


def test_it_names_the_teams_that_would_be_without_an_owner(bo: User) -> None:
    TeamFactory(name="Operations", owner=bo)
    TeamFactory(name="Choir", owner=bo)
    MembershipFactory(team=TeamFactory(name="Shared", owner=bo), role=Role.OWNER)
    with pytest.raises(CommandError, match="Choir, Operations") as error:
        run(bo.email, "--yes")
    assert "Shared" not in str(error.value)
    assert bo.memberships.count() == 3


def test_it_asks_first(bo: User, monkeypatch: Any) -> None:
    MembershipFactory(user=bo, team__name="Operations")
    asked = answering(monkeypatch, "bo")
    said = StringIO()
    with pytest.raises(CommandError, match="Nothing was changed"):
        call_command("delete_account", bo.email, stdout=said)
    assert "Name: Bo." in said.getvalue() and "Operations" in said.getvalue() and "bo@example.org" in asked[0]
    assert User.objects.filter(pk=bo.pk).exists()
    answering(monkeypatch, " BO@example.org ")
    run(bo.email)
    assert not User.objects.filter(pk=bo.pk).exists()


def test_where_nobody_can_answer_nothing_is_changed(bo: User, monkeypatch: Any) -> None:
    def ended(_question: str) -> str:
        raise EOFError

    monkeypatch.setattr("builtins.input", ended)
    with pytest.raises(CommandError, match="--yes"):
        run(bo.email)
    assert User.objects.filter(pk=bo.pk).exists()


def test_nobody_has_that_address(bo: User) -> None:
    with pytest.raises(CommandError, match="Nobody has an account with"):
        run("bo@example.com", "--yes")
