"""Two real connections at once, both ways round: one series, one mail.

The first act runs in a transaction that is held open while the second one is attempted from another thread.
"""

import threading
from collections.abc import Callable
from datetime import datetime, time, timedelta, timezone
from typing import Any

import pytest
from django.db import transaction

from reminders.delivery import DeliveryRound
from reminders.dispatch import dispatch_due
from reminders.models import Delivery, Occurrence, Reminder
from teamreminders.outbox import HAND_OVER_AGAIN

from .connections import connections, held_open, waits
from .scenes import opened, reminder_due, team_of

pytestmark = pytest.mark.django_db(transaction=True)

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=timezone.utc)
DAY = timedelta(days=1)


@pytest.fixture
def reminder() -> Reminder:
    return reminder_due(team_of(1), NOON, rule="FREQ=DAILY")


@pytest.fixture
def elsewhere() -> Any:
    with connections() as start:
        yield start


def edit(reminder: Reminder) -> None:
    """As the form does: lock, change, save, arrange."""
    with transaction.atomic():
        locked = Reminder.objects.lock(reminder.pk)
        locked.times = [time(15)]
        locked.save()
        locked.arrange(NOON)


def pause(reminder: Reminder) -> None:
    Reminder.objects.get(pk=reminder.pk).pause(NOON)


def finish(reminder: Reminder) -> None:
    occurrence = reminder.occurrences.order_by("due_at").first()
    occurrence.finish(reminder.team.memberships.get().user, NOON)


def series(reminder: Reminder) -> list[tuple[datetime, str]]:
    unsettled = reminder.occurrences.exclude(state="cancelled").order_by("due_at")
    return list(unsettled.values_list("due_at", "state"))


AFTERNOON = NOON + timedelta(hours=3)
ACTS = [
    # (act, the series when dispatch was first, the series when the act was first)
    pytest.param(edit, [(NOON, "open"), (AFTERNOON, "upcoming")], [(AFTERNOON, "upcoming")], id="edit"),
    pytest.param(pause, [(NOON, "open")], [], id="pause"),
    pytest.param(
        finish, [(NOON, "done"), (NOON + DAY, "upcoming")], [(NOON, "done"), (NOON + DAY, "upcoming")], id="done"
    ),
]


@pytest.mark.parametrize(("act", "after_dispatch", "before_dispatch"), ACTS)
def test_an_act_during_a_dispatch_waits_for_it(
    reminder: Reminder, elsewhere: Any, act: Callable, after_dispatch: list, before_dispatch: list
) -> None:
    with held_open(elsewhere, lambda: dispatch_due(NOON)):
        second = elsewhere(lambda: act(reminder))
        assert waits(second)
    second.result(10)
    dispatch_due(NOON + timedelta(seconds=1))
    assert series(reminder) == after_dispatch
    assert Delivery.objects.count() == 1


@pytest.mark.parametrize(("act", "after_dispatch", "before_dispatch"), ACTS)
def test_a_dispatch_during_an_act_leaves_the_reminder_alone_until_it_is_over(
    reminder: Reminder, elsewhere: Any, act: Callable, after_dispatch: list, before_dispatch: list
) -> None:
    with held_open(elsewhere, lambda: act(reminder)):
        assert elsewhere(lambda: dispatch_due(NOON)).result(10) == 0
    dispatch_due(NOON + timedelta(seconds=1))
    assert series(reminder) == before_dispatch
    assert Delivery.objects.count() == 0


def test_two_dispatches_at_once_write_one_series_and_one_mail(reminder: Reminder, elsewhere: Any) -> None:
    """rq-scheduler #312: correctness must not rest on a lock in Redis."""
    with held_open(elsewhere, lambda: dispatch_due(NOON)):
        assert elsewhere(lambda: dispatch_due(NOON)).result(10) == 0
    assert dispatch_due(NOON) == 0
    assert series(reminder) == [(NOON, "open"), (NOON + DAY, "upcoming")]
    assert Delivery.objects.count() == 1


def test_many_dispatches_at_once_write_each_delivery_once(elsewhere: Any) -> None:
    team = team_of(2)
    for _ in range(60):
        reminder_due(team, NOON, rule="FREQ=DAILY")

    def dispatch_all() -> None:
        for _ in range(20):
            dispatch_due(NOON)

    for future in [elsewhere(dispatch_all) for _ in range(4)]:
        future.result(30)
    dispatch_due(NOON)
    assert Delivery.objects.count() == 120
    assert Occurrence.objects.filter(state="upcoming").count() == 60


def test_of_two_people_who_are_done_at_once_one_is_first(elsewhere: Any) -> None:
    team = team_of(2)
    occurrence = opened(team, NOON)
    people = [membership.user for membership in team.memberships.all()]

    def finish_as(user: Any) -> bool:
        return Occurrence.objects.get(pk=occurrence.pk).finish(user, NOON)

    won = [elsewhere(lambda user=user: finish_as(user)) for user in people]
    assert sorted(future.result(10) for future in won) == [False, True]


def test_two_workers_that_claim_one_delivery_send_it_once(elsewhere: Any) -> None:
    """Also when the second waits for the first one's row lock: the state is looked at again then."""
    delivery = opened(team_of(1), NOON).deliveries.get()

    def claim() -> bool:
        from_database = Delivery.objects.get(pk=delivery.pk)
        barrier.wait(10)
        return DeliveryRound.claims.begin(from_database, NOON).won()

    for _ in range(10):
        Delivery.objects.update(state="queued", next_try_at=NOON)
        barrier = threading.Barrier(2)
        claims = [elsewhere(claim) for _ in range(2)]
        assert sorted(future.result(10) for future in claims) == [False, True]


def test_a_claim_that_waits_for_a_done_looks_at_the_row_again(elsewhere: Any) -> None:
    occurrence = opened(team_of(1), NOON)
    user = occurrence.deliveries.get().user
    claimed = []

    def claim() -> None:
        claimed.append(DeliveryRound.claims.begin(occurrence.deliveries.get(), NOON).won())

    with held_open(elsewhere, lambda: occurrence.finish(user, NOON)):
        second = elsewhere(claim)
        assert waits(second)
    second.result(10)
    assert claimed == [False]
    assert occurrence.deliveries.get().state == "suppressed"


def test_two_schedulers_hand_over_different_rows(elsewhere: Any) -> None:
    for _ in range(6):
        opened(team_of(1), NOON)
    ids = Delivery.objects.due_in_turn(NOON, 10)
    with held_open(elsewhere, lambda: Delivery.objects.all().take(ids[:3], NOON)):
        assert Delivery.objects.all().take(ids, NOON) == ids[3:]
    assert Delivery.objects.filter(next_try_at=NOON + HAND_OVER_AGAIN).count() == 6


def test_reminders_that_another_connection_holds_do_not_hold_up_the_others(elsewhere: Any) -> None:
    team = team_of(1)
    held = [reminder_due(team, NOON - timedelta(seconds=n)) for n in (3, 2, 1)]
    free = reminder_due(team, NOON)
    with held_open(elsewhere, lambda: [Reminder.objects.lock(reminder.pk) for reminder in held]):
        assert elsewhere(lambda: dispatch_due(NOON, at_once=2)).result(10) == 1
        assert free.occurrences.get().state == "open"
