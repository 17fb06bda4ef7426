"""The demo: of every kind something, and only once."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from accounts.tests.factories import UserFactory
from reminders.models import Delivery, Occurrence, OccurrenceState, Reminder
from teamreminders.acting import Channel
from teams.models import Change, Kind, Membership, Role, Team

pytestmark = pytest.mark.django_db


def demo(**options: object) -> str:
    said = StringIO()
    call_command("demo", stdout=said, **options)
    return said.getvalue()


@pytest.fixture(autouse=True)
def local_install(settings: Settings) -> None:
    settings.LOCAL_INBOX = "/somewhere"


def test_there_is_something_of_every_kind() -> None:
    demo()
    now = timezone.now()
    reminders = list(Reminder.objects.all())
    assert {reminder.state for reminder in reminders} == {"active", "paused", "ended"}
    assert {bool(reminder.cron) for reminder in reminders} == {True, False}
    assert {reminder.completion for reminder in reminders} == {"anyone", "nobody"}
    states = set(Occurrence.objects.values_list("state", flat=True))
    assert states >= {OccurrenceState.UPCOMING, OccurrenceState.OPEN, OccurrenceState.DONE, OccurrenceState.MISSED}
    soon = Occurrence.objects.filter(state=OccurrenceState.UPCOMING, due_at__gt=now)
    assert soon.filter(due_at__lte=now + timedelta(minutes=3)).exists()
    assert Delivery.objects.filter(state=Delivery.State.FAILED).count() == 1
    assert Delivery.objects.filter(state=Delivery.State.SENT, tries=2, error__startswith="451").count() == 1


def test_nothing_of_the_past_is_sent() -> None:
    demo()
    assert not Delivery.objects.filter(next_try_at__isnull=False).exists()
    assert not Occurrence.objects.due(timezone.now()).exists()


def test_running_it_again_adds_nothing() -> None:
    demo()
    before = [model.objects.count() for model in (User, Team, Membership, Reminder, Occurrence, Delivery)]
    assert "nothing was added" in demo()
    assert before == [model.objects.count() for model in (User, Team, Membership, Reminder, Occurrence, Delivery)]


def test_somebody_who_is_there_already_becomes_owner_of_both_teams_keeping_the_password() -> None:
    ada = UserFactory(email="grace@example.com")
    assert "password" not in demo(email="Grace@example.com")
    assert [team.role_of(ada) for team in Team.objects.all()] == [Role.OWNER, Role.OWNER]
    assert User.objects.get(pk=ada.pk).password == ada.password


def test_without_an_address_somebody_is_created_whose_password_is_shown_once() -> None:
    said = demo()
    password = said.partition("the password ")[2].split()[0]
    person = User.objects.get(email="demo@example.org")
    assert person.check_password(password)
    assert person.emailaddress_set.get().verified
    assert password not in demo()


def test_an_unknown_address_needs_a_password() -> None:
    with pytest.raises(CommandError, match="--password"):
        demo(email="nobody@example.com")
    demo(email="nobody@example.com", password="a long enough one")
    assert User.objects.get(email="nobody@example.com").check_password("a long enough one")


def test_it_refuses_to_fill_what_is_not_a_local_install(settings: Settings) -> None:
    settings.LOCAL_INBOX = ""
    with pytest.raises(CommandError, match="not a local install"):
        demo()
    assert "Two teams are ready" in demo(force=True)


def test_who_becomes_owner_of_a_team_that_is_there_does_so_by_the_command() -> None:
    demo()
    assert set(Change.objects.values_list("channel", flat=True)) == {Channel.PAGE}, "the past is told as people's"
    grace = UserFactory(email="grace@example.com")
    demo(email=grace.email)
    made = Change.objects.filter(kind=Kind.MEMBER, subject=grace.pk)
    assert set(made.values_list("channel", "who", "changes__role__1")) == {(Channel.COMMAND, None, Role.OWNER)}
    assert made.count() == 2
    client = Client()
    client.force_login(grace)
    team = Team.objects.earliest("pk")
    assert "An operator" in client.get(reverse("reminders:activity", args=[team.uuid])).content.decode()
