"""Deleting an account: who may, what ends, and what stays with the teams."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import AccountMail, User
from accounts.tests.factories import PASSWORD, UserFactory
from reminders.delivery import deliver
from reminders.goodbye import OwnsTeams, delete_account
from reminders.models import Delivery, Reminder
from teams.models import Membership, Role, Team
from teams.tests.factories import MembershipFactory, TeamFactory

from .connections import connections, held_open, waits
from .scenes import opened, rounded, team_of

pytestmark = pytest.mark.django_db

URL = "/me/delete/"


@pytest.fixture
def bo() -> User:
    return UserFactory(name="Bo", email="bo@example.org")


@pytest.fixture
def client(bo: User) -> Client:
    """Bo's, who has just given the password once more."""
    client = Client()
    client.post(reverse("account_login"), {"login": bo.email, "password": PASSWORD})
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return client


def test_who_types_the_address_is_gone_and_hears_of_it(client: Client, bo: User) -> None:
    team = team_of(1)
    MembershipFactory(team=team, user=bo)
    assert "Type bo@example.org" in client.get(URL).content.decode()
    assert "That is not the address" in client.post(URL, {"email": "bo@example.com"}).content.decode()
    assert "Your account is deleted." in client.post(URL, {"email": " BO@example.org"}, follow=True).content.decode()
    assert not User.objects.filter(pk=bo.pk).exists()
    assert client.get("/today/").status_code == 302
    assert team.memberships.count() == 1
    mail = AccountMail.objects.get()
    assert (mail.to, mail.subject) == ("bo@example.org", "Your account is deleted")
    assert "nothing happens" not in mail.text + mail.html


def test_who_gave_the_password_long_ago_gives_it_again(client: Client, bo: User) -> None:
    session = client.session
    for method in session["account_authentication_methods"]:
        method["at"] -= 3600
    session.save()
    answer = client.post(URL, {"email": bo.email})
    assert answer["Location"].startswith(reverse("account_reauthenticate"))
    assert User.objects.filter(pk=bo.pk).exists()


def test_the_last_owner_of_a_team_has_to_hand_it_over_first(client: Client, bo: User) -> None:
    held = TeamFactory(name="Operations", owner=bo)
    shared = TeamFactory(name="Choir", owner=bo)
    other = MembershipFactory(team=shared, role=Role.OWNER)
    for answer in (client.get(URL), client.post(URL, {"email": bo.email})):
        page = answer.content.decode()
        main = page.partition("<main")[2]
        assert "only owner of these teams" in main and "Operations" in main and "Choir" not in main
    assert bo.memberships.count() == 2
    MembershipFactory(team=held, role=Role.OWNER)
    client.post(URL, {"email": bo.email})
    assert not User.objects.filter(pk=bo.pk).exists()
    assert shared.memberships.get() == other


def test_nothing_more_is_sent_and_the_history_stays_without_the_address(smtp: Any, bo: User) -> None:
    now = rounded(timezone.now())
    team = team_of(1)
    MembershipFactory(team=team, user=bo)
    opened(team, now - timedelta(seconds=1))
    sent = Delivery.objects.get(user=bo)
    Delivery.objects.filter(pk=sent.pk).update(
        state="sent", sent_at=now, reply="250 <bo@example.org> ok", next_try_at=None
    )
    opened(team, now)
    delete_account(bo)
    deliver(list(Delivery.objects.values_list("pk", flat=True)))
    assert not smtp.to("bo@example.org")
    sent.refresh_from_db()
    assert (sent.state, sent.user, sent.address, sent.reply) == ("sent", None, "", "250 <…> ok")
    assert not Delivery.objects.filter(address="bo@example.org").exists()


def test_what_they_wrote_goes_on(bo: User) -> None:
    team = team_of(1)
    MembershipFactory(team=team, user=bo)
    occurrence = opened(team, rounded(timezone.now()), author=bo, rule="FREQ=DAILY")
    occurrence.finish(bo, timezone.now())
    delete_account(bo)
    reminder = Reminder.objects.get()
    assert reminder.author is None and reminder.occurrences.filter(state="upcoming").exists()
    occurrence.refresh_from_db()
    assert (occurrence.state, occurrence.settled_by) == ("done", None)


@pytest.mark.django_db(transaction=True)
def test_of_two_owners_who_delete_their_accounts_at_once_one_stays() -> None:
    team: Team = TeamFactory()
    ada, bo = (membership.user for membership in MembershipFactory.create_batch(2, team=team, role=Role.OWNER))

    def try_it() -> str:
        try:
            delete_account(User.objects.get(pk=bo.pk))
        except OwnsTeams as error:
            return str(error.teams[0])
        return ""

    with connections() as elsewhere:
        with held_open(elsewhere, lambda: delete_account(ada)):
            second = elsewhere(try_it)
            assert waits(second)
        assert second.result(10) == str(team)
    assert Membership.objects.get().user == bo
    assert not transaction.get_connection().in_atomic_block
