"""Two real connections at once: somebody is removed from the team while its reminder is dispatched or sent."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from reminders.delivery import deliver
from reminders.dispatch import dispatch_due
from reminders.models import Delivery
from teams.models import Membership, Team

from .connections import connections, held_open
from .scenes import opened, reminder_due, rounded, team_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def now() -> datetime:
    return rounded(timezone.now())


@pytest.fixture
def team() -> Team:
    return team_of(2)


@pytest.fixture
def gone(team: Team) -> Membership:
    return team.memberships.select_related("user").latest("pk")


@pytest.fixture
def elsewhere() -> Any:
    with connections() as start:
        yield start


def remove(membership: Membership) -> None:
    assert Membership.objects.filter(pk=membership.pk).put_out()


def outcomes() -> list[tuple[str, str]]:
    return list(Delivery.objects.order_by("pk").values_list("state", "why_not"))


def test_who_is_removed_while_a_reminder_is_dispatched_gets_no_mail(
    smtp: Any, team: Team, gone: Membership, now: datetime, elsewhere: Any
) -> None:
    reminder_due(team, now)
    with held_open(elsewhere, lambda: dispatch_due(now)):
        elsewhere(lambda: remove(gone)).result(10)  # does not wait, and is not waited for
    deliver(list(Delivery.objects.values_list("pk", flat=True)))
    assert sorted(outcomes()) == [("sent", ""), ("suppressed", "left")]
    assert not smtp.to(gone.user.email)


def test_a_dispatch_during_a_removal_leaves_out_nobody_else(
    smtp: Any, team: Team, gone: Membership, now: datetime, elsewhere: Any
) -> None:
    reminder_due(team, now)
    with held_open(elsewhere, lambda: remove(gone)):
        assert elsewhere(lambda: dispatch_due(now)).result(10) == 1
    deliver(list(Delivery.objects.values_list("pk", flat=True)))
    assert sorted(outcomes()) == [("sent", ""), ("suppressed", "left")]
    assert len(smtp.messages) == 1 and not smtp.to(gone.user.email)


def test_what_waits_for_another_try_ends_with_the_membership(
    smtp: Any, team: Team, gone: Membership, now: datetime
) -> None:
    smtp.defer(gone.user.email, "451 4.3.0 try later", times=1)
    opened(team, now)
    ids = list(Delivery.objects.values_list("pk", flat=True))
    deliver(ids)
    remove(gone)
    Delivery.objects.filter(state="queued").update(next_try_at=now - timedelta(seconds=1))
    deliver(ids)
    assert sorted(outcomes()) == [("sent", ""), ("suppressed", "left")]
    assert not smtp.to(gone.user.email)


def test_what_somebody_wrote_goes_on_without_them(team: Team, gone: Membership, now: datetime) -> None:
    reminder = reminder_due(team, now, rule="FREQ=DAILY", author=gone.user)
    remove(gone)
    dispatch_due(now)
    assert list(reminder.occurrences.order_by("due_at").values_list("state", flat=True)) == ["open", "upcoming"]
    assert Delivery.objects.get().user != gone.user
