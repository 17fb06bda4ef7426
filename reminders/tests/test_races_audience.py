"""Two real connections at once: somebody mutes, or an outside address stops, while a reminder is dispatched or sent."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.utils import timezone

from reminders.delivery import deliver
from reminders.dispatch import dispatch_due
from reminders.models import Delivery, Reminder
from teams.models import Membership, OutsideAddress, Team
from teams.tests.factories import OutsideAddressFactory

from .connections import connections, held_open
from .scenes import reminder_due, rounded, team_of

pytestmark = pytest.mark.django_db(transaction=True)

Elsewhere = Callable[[Callable[[], Any]], Any]


@pytest.fixture
def now() -> datetime:
    return rounded(timezone.now())


@pytest.fixture
def team() -> Team:
    return team_of(1)


@pytest.fixture
def reminder(team: Team, now: datetime) -> Reminder:
    """Due now, to a member and to an address outside."""
    reminder = reminder_due(team, now)
    reminder.outside.add(OutsideAddressFactory(team=team))
    return reminder


@pytest.fixture
def elsewhere() -> Any:
    with connections() as start:
        yield start


def stop(reminder: Reminder) -> None:
    assert OutsideAddress.objects.get().stop()


def mute(reminder: Reminder) -> None:
    assert reminder.mute(Membership.objects.get().user)


def turn_off(reminder: Reminder) -> None:
    assert Membership.objects.get().want([])


REFUSALS = [(stop, "stopped"), (mute, "muted"), (turn_off, "turned-off")]


@pytest.mark.parametrize(("refuse", "reason"), REFUSALS)
def test_who_refuses_while_it_is_dispatched_gets_no_mail(
    smtp: Any, reminder: Reminder, now: datetime, elsewhere: Elsewhere, refuse: Callable, reason: str
) -> None:
    with held_open(elsewhere, lambda: dispatch_due(now)):
        elsewhere(lambda: refuse(reminder)).result(10)  # does not wait, and is not waited for
    deliver(list(Delivery.objects.values_list("pk", flat=True)))
    assert sorted(Delivery.objects.values_list("state", "why_not")) == [("sent", ""), ("suppressed", reason)]
    assert len(smtp.messages) == 1


@pytest.mark.parametrize(("refuse", "reason"), REFUSALS)
def test_a_dispatch_during_a_refusal_neither_waits_nor_leaves_out_others(
    smtp: Any, reminder: Reminder, now: datetime, elsewhere: Elsewhere, refuse: Callable, reason: str
) -> None:
    with held_open(elsewhere, lambda: refuse(reminder)):
        assert elsewhere(lambda: dispatch_due(now)).result(10) == 1
    deliver(list(Delivery.objects.values_list("pk", flat=True)))
    assert sorted(Delivery.objects.values_list("state", "why_not")) == [("sent", ""), ("suppressed", reason)]


def test_two_who_ask_one_address_at_once_ask_it_once(team: Team, now: datetime, elsewhere: Elsewhere) -> None:
    person, asked = Membership.objects.get().user, []

    def ask() -> None:
        asked.append(OutsideAddress.objects.ask(team, "ana@example.net", person, now)[1])

    with held_open(elsewhere, ask):
        second = elsewhere(ask)
    second.result(10)
    assert sorted(asked) == [False, True]
    assert OutsideAddress.objects.count() == 1


def test_taken_off_the_list_while_it_agrees_it_stays_off(team: Team, now: datetime, elsewhere: Elsewhere) -> None:
    address = OutsideAddressFactory(team=team, state="asked")
    with held_open(elsewhere, lambda: address.remove()):
        agreed = elsewhere(lambda: OutsideAddress.objects.get(pk=address.pk).agree(now))
    assert not agreed.result(10)
    address.refresh_from_db()
    assert address.state == "removed"
