"""Two real connections at once: a change to one of a series, an answer or a person's clock against a dispatch."""

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from accounts.models import User
from reminders.dispatch import dispatch_due
from reminders.models import Delivery, Occurrence, Reminder
from reminders.simulation import simulate
from teams.models import Membership, Team

from .connections import connections, held_open, waits
from .invariants import assert_sound
from .scenes import on_own_clocks, opened, person_in, reminder_due, send_all, team_of

pytestmark = pytest.mark.django_db(transaction=True)

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=timezone.utc)
SLOT = NOON.replace(tzinfo=None)
DAY, HOUR, SECOND = timedelta(days=1), timedelta(hours=1), timedelta(seconds=1)
LONG_AGO = NOON - 300 * DAY
BERLIN, NEW_YORK = "Europe/Berlin", "America/New_York"
IN_BERLIN, IN_NEW_YORK = NOON - HOUR, NOON + 5 * HOUR


@pytest.fixture
def elsewhere() -> Any:
    with connections() as start:
        yield start


@pytest.fixture
def reminder() -> Reminder:
    return reminder_due(team_of(1), NOON, rule="FREQ=DAILY")


def fresh(reminder: Reminder) -> Reminder:
    return Reminder.objects.get(pk=reminder.pk)


def skip(reminder: Reminder) -> None:
    fresh(reminder).skip_slot(SLOT, reminder.team.members.get(), NOON)


def move(reminder: Reminder) -> None:
    fresh(reminder).move_slot(SLOT, SLOT + 3 * HOUR, NOON)


def move_the_next(reminder: Reminder) -> None:
    fresh(reminder).move_slot(SLOT + DAY, SLOT + 3 * HOUR, NOON)


def end(reminder: Reminder) -> None:
    fresh(reminder).end(NOON + SECOND)


def pause_until(reminder: Reminder) -> None:
    fresh(reminder).pause(NOON, until=NOON + DAY + HOUR)


def recompute(reminder: Reminder) -> None:
    Reminder.objects.recompute(NOON)


def series(reminder: Reminder) -> list[tuple[timedelta, str]]:
    rows = reminder.occurrences.exclude(state="cancelled").order_by("due_at").values_list("due_at", "state")
    return [(due_at - NOON, state) for due_at, state in rows]


NOW = timedelta()
ACTS = [
    # (act, the series when dispatch was first, the series when the act was first, what goes out then)
    pytest.param(skip, [(NOW, "open"), (DAY, "upcoming")], [(NOW, "skipped"), (DAY, "upcoming")], 0, id="skip"),
    pytest.param(move, [(NOW, "open"), (DAY, "upcoming")], [(3 * HOUR, "upcoming")], 0, id="move"),
    pytest.param(
        move_the_next,
        [(NOW, "open"), (3 * HOUR, "upcoming")],
        [(NOW, "open"), (3 * HOUR, "upcoming")],
        1,
        id="move the next",
    ),
    pytest.param(end, [(NOW, "open")], [(NOW, "open")], 1, id="end"),
    pytest.param(pause_until, [(NOW, "open"), (2 * DAY, "upcoming")], [(2 * DAY, "upcoming")], 0, id="pause until"),
    pytest.param(recompute, [(NOW, "open"), (DAY, "upcoming")], [(NOW, "open"), (DAY, "upcoming")], 1, id="recompute"),
]


@pytest.mark.parametrize(("act", "after_dispatch", "before_dispatch", "sent"), ACTS)
def test_a_change_during_a_dispatch_waits_for_it(
    reminder: Reminder, elsewhere: Any, act: Callable, after_dispatch: list, before_dispatch: list, sent: int
) -> None:
    with held_open(elsewhere, lambda: dispatch_due(NOON)):
        second = elsewhere(lambda: act(reminder))
        assert waits(second)
    second.result(10)
    dispatch_due(NOON + SECOND)
    assert series(reminder) == after_dispatch
    assert Delivery.objects.count() == 1
    assert_sound(NOON + SECOND)


@pytest.mark.parametrize(("act", "after_dispatch", "before_dispatch", "sent"), ACTS)
def test_a_dispatch_during_a_change_leaves_the_reminder_alone_until_it_is_over(
    reminder: Reminder, elsewhere: Any, act: Callable, after_dispatch: list, before_dispatch: list, sent: int
) -> None:
    with held_open(elsewhere, lambda: act(reminder)):
        assert elsewhere(lambda: dispatch_due(NOON)).result(10) == 0
    dispatch_due(NOON + SECOND)
    assert series(reminder) == before_dispatch
    assert Delivery.objects.count() == sent
    assert_sound(NOON + SECOND)


# Answers


@pytest.fixture
def people() -> Team:
    return team_of(2)


def answer(occurrence: Occurrence, verb: str, person: User) -> bool:
    row = Occurrence.objects.get(pk=occurrence.pk)
    return row.snooze(NOON + HOUR, person, NOON) if verb == "snooze" else getattr(row, verb)(person, NOON)


@pytest.mark.parametrize(
    ("first", "second", "won", "state"),
    [
        ("finish", "snooze", False, "done"),
        ("snooze", "finish", True, "done"),
        ("skip", "finish", False, "skipped"),
        ("finish", "skip", False, "done"),
        ("snooze", "snooze", True, "open"),
    ],
)
def test_of_two_answers_at_once_the_second_sees_the_first(
    people: Team, elsewhere: Any, first: str, second: str, won: bool, state: str
) -> None:
    occurrence = opened(people, NOON)
    ada, bob = people.members.order_by("pk")
    with held_open(elsewhere, lambda: answer(occurrence, first, ada)):
        later = elsewhere(lambda: answer(occurrence, second, bob))
        assert waits(later)
    assert later.result(10) == won
    occurrence.refresh_from_db()
    assert occurrence.state == state
    assert (occurrence.next_step_at is None) == (state != "open")
    send_all(NOON + HOUR)
    assert Delivery.objects.filter(round__gt=0, state="sent").count() == (2 if state == "open" else 0)


def test_a_done_during_the_dispatch_of_a_snooze_withdraws_what_that_wrote(people: Team, elsewhere: Any) -> None:
    occurrence = opened(people, NOON)
    ada, bob = people.members.order_by("pk")
    occurrence.snooze(NOON + HOUR, ada, NOON)
    with held_open(elsewhere, lambda: dispatch_due(NOON + HOUR)):
        second = elsewhere(lambda: answer(occurrence, "finish", bob))
        assert waits(second)
    assert second.result(10)
    assert set(Delivery.objects.filter(round=1).values_list("state", "why_not")) == {("suppressed", "done")}


# People


@pytest.fixture
def own_clocks() -> Reminder:
    """Of Ada in Berlin and Bob in New York, every day at noon; dispatched in Berlin."""
    team = team_of(0)
    for zone in (BERLIN, NEW_YORK):
        person_in(team, zone, joined=LONG_AGO)
    reminder = on_own_clocks(team, SLOT, planned_at=NOON - 12 * HOUR, rule="FREQ=DAILY")
    send_all(IN_BERLIN)
    return reminder


def bob_moves_to_berlin(now: datetime) -> None:
    User.objects.filter(zone=NEW_YORK).update(zone=BERLIN)
    Reminder.objects.with_new_zones().recompute(now)


def told_in_all() -> list[int]:
    """How many messages each person got, in order."""
    return [user.deliveries.filter(state="sent").count() for user in User.objects.order_by("pk")]


def test_who_moves_while_a_dispatch_runs_gets_it_once(own_clocks: Reminder, elsewhere: Any) -> None:
    with held_open(elsewhere, lambda: dispatch_due(IN_NEW_YORK)):
        elsewhere(lambda: bob_moves_to_berlin(IN_NEW_YORK)).result(10)
    send_all(IN_NEW_YORK + SECOND)
    assert told_in_all() == [1, 1]
    send_all(IN_BERLIN + DAY)
    assert told_in_all() == [2, 2]
    assert_sound(IN_BERLIN + DAY)


def test_a_dispatch_while_somebody_moves_tells_them_once(own_clocks: Reminder, elsewhere: Any) -> None:
    with held_open(elsewhere, lambda: bob_moves_to_berlin(IN_NEW_YORK)):
        elsewhere(lambda: dispatch_due(IN_NEW_YORK)).result(10)
    send_all(IN_NEW_YORK + SECOND)
    send_all(IN_BERLIN + DAY)
    assert told_in_all() == [2, 2]
    assert_sound(IN_BERLIN + DAY)


def test_planning_for_a_new_clock_waits_for_a_dispatch(own_clocks: Reminder, elsewhere: Any) -> None:
    person_in(own_clocks.team, "America/Los_Angeles", joined=IN_NEW_YORK)
    with held_open(elsewhere, lambda: dispatch_due(IN_NEW_YORK)):
        second = elsewhere(lambda: Reminder.objects.with_new_zones().recompute(IN_NEW_YORK))
        assert waits(second)
    second.result(10)
    assert_sound(IN_NEW_YORK)
    send_all(IN_NEW_YORK + 3 * HOUR)
    assert told_in_all() == [1, 1, 1]


def test_who_leaves_while_a_dispatch_runs_may_have_a_row_but_the_series_goes_on(
    own_clocks: Reminder, elsewhere: Any
) -> None:
    with held_open(elsewhere, lambda: dispatch_due(IN_NEW_YORK)):
        elsewhere(lambda: Membership.objects.filter(user__zone=NEW_YORK).delete()).result(10)
    send_all(IN_NEW_YORK + DAY)
    assert told_in_all()[1] <= 1
    assert list(own_clocks.occurrences.filter(state="upcoming").values_list("zone", flat=True)) == [BERLIN]
    assert_sound(IN_NEW_YORK + DAY)


def test_simulating_neither_waits_for_a_reminder_that_is_held_nor_holds_it(reminder: Reminder, elsewhere: Any) -> None:
    with held_open(elsewhere, lambda: Reminder.objects.lock(reminder.pk)):
        told = elsewhere(lambda: simulate(reminder, NOON, NOON + DAY, NOON)).result(10)
    assert [each.at for each in told] == [NOON, NOON + DAY]
