"""One of a series skipped, moved or put back; a series ended or cut in two."""

from datetime import date, datetime, time, timedelta, timezone

import pytest

from accounts.models import User
from reminders.models import Delivery, Reminder
from reminders.models.series import EXCEPTIONS_AT_MOST
from reminders.schedule import DayOff
from teams.models import Team

from .invariants import assert_sound
from .scenes import on_own_clocks, person_in, reminder_due, send_all, team_of

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=timezone.utc)  # a Tuesday
SLOT = NOON.replace(tzinfo=None)
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
BEFORE = NOON - HOUR


@pytest.fixture
def team() -> Team:
    return team_of(1)


@pytest.fixture
def person(team: Team) -> User:
    return team.members.get()


@pytest.fixture
def reminder(team: Team) -> Reminder:
    return reminder_due(team, NOON, rule="FREQ=DAILY")


def run(days: int, begin: datetime = BEFORE) -> list[timedelta]:
    """Send hour by hour, sound at each; returns how long after noon of the first day each message went out."""
    for hour in range(days * 24):
        if send_all(begin + hour * HOUR):
            assert_sound(begin + hour * HOUR)
    return [
        at - NOON for at in Delivery.objects.filter(step="due").order_by("sent_at").values_list("sent_at", flat=True)
    ]


def change(reminder: Reminder, now: datetime, **fields: object) -> None:
    """As the form does."""
    reminder.refresh_from_db()
    for name, value in fields.items():
        setattr(reminder, name, value)
    reminder.save()
    reminder.arrange(now)


# Skip


@pytest.mark.parametrize("nth", [0, 1, 3])
def test_a_skipped_one_does_not_come_and_the_others_do(reminder: Reminder, person: User, nth: int) -> None:
    assert reminder.skip_slot(SLOT + nth * DAY, person, BEFORE)
    assert run(5) == [day * DAY for day in range(5) if day != nth]


@pytest.mark.parametrize("nth", [0, 2])
def test_a_skipped_one_that_is_put_back_comes(reminder: Reminder, person: User, nth: int) -> None:
    reminder.skip_slot(SLOT + nth * DAY, person, BEFORE)
    assert reminder.unskip_slot(SLOT + nth * DAY, BEFORE)
    assert not reminder.unskip_slot(SLOT + nth * DAY, BEFORE)
    assert run(3) == [0 * DAY, 1 * DAY, 2 * DAY]


def test_all_the_slots_of_a_week_can_be_skipped_in_any_order(reminder: Reminder, person: User) -> None:
    for day in (3, 0, 1, 4, 2):
        assert reminder.skip_slot(SLOT + day * DAY, person, BEFORE)
        assert_sound(BEFORE)
    assert run(7) == [5 * DAY, 6 * DAY]


@pytest.mark.parametrize(
    "slot",
    [
        pytest.param(SLOT + HOUR, id="none of the series"),
        pytest.param(SLOT - DAY, id="before the start"),
        pytest.param(SLOT, id="one that is out"),
        pytest.param(SLOT + DAY, id="one that is skipped already"),
    ],
)
def test_what_cannot_be_skipped(reminder: Reminder, person: User, slot: datetime) -> None:
    send_all(NOON)
    reminder.skip_slot(SLOT + DAY, person, NOON)
    assert not reminder.skip_slot(slot, person, NOON)


def test_one_that_has_passed_without_being_planned_is_not_skipped(team: Team, person: User) -> None:
    reminder = reminder_due(team, NOON, rule="FREQ=DAILY", planned_at=NOON + HOUR)
    assert not reminder.skip_slot(SLOT, person, NOON + 2 * HOUR)
    assert not reminder.move_slot(SLOT, SLOT + 5 * HOUR, NOON + 2 * HOUR)
    assert reminder.schedule.skipped == frozenset()


def test_a_skip_that_has_passed_is_not_taken_back(reminder: Reminder, person: User) -> None:
    reminder.skip_slot(SLOT + DAY, person, BEFORE)
    send_all(NOON)
    assert not reminder.unskip_slot(SLOT + DAY, NOON + DAY + HOUR)


def test_skipping_is_undone_only_until_the_next_has_come(reminder: Reminder, person: User) -> None:
    reminder.skip_slot(SLOT, person, BEFORE)
    send_all(NOON + DAY)
    assert not reminder.unskip_slot(SLOT, NOON + DAY)
    assert_sound(NOON + DAY)


def test_the_last_one_skipped_ends_the_series(team: Team, person: User) -> None:
    reminder = reminder_due(team, NOON, rule="FREQ=DAILY", until=(NOON + DAY).date())
    reminder.skip_slot(SLOT + DAY, person, BEFORE)
    assert run(3) == [0 * DAY]
    assert not reminder.occurrences.filter(state="upcoming").exists()


def test_a_series_carries_only_so_many_exceptions(reminder: Reminder, person: User) -> None:
    schedule = reminder.schedule
    slots = [SLOT + n * DAY for n in range(1, EXCEPTIONS_AT_MOST + 1)]
    reminder.skipped = slots
    reminder.save()
    assert schedule.skipped == frozenset()
    assert not reminder.skip_slot(SLOT + (EXCEPTIONS_AT_MOST + 1) * DAY, person, BEFORE)
    assert not reminder.move_slot(SLOT + (EXCEPTIONS_AT_MOST + 1) * DAY, SLOT, BEFORE)


# Move


@pytest.mark.parametrize(
    ("nth", "to"),
    [
        pytest.param(0, 3 * HOUR, id="the next one to the afternoon"),
        pytest.param(0, -30 * MINUTE, id="the next one to before noon"),
        pytest.param(0, DAY + 2 * HOUR, id="past the following one"),
        pytest.param(2, 2 * HOUR, id="one that is not booked yet to before all others"),
        pytest.param(2, 2 * DAY - HOUR, id="one that is not booked yet by an hour"),
        pytest.param(1, 4 * DAY + HOUR, id="one that is not booked yet far ahead"),
    ],
)
def test_a_moved_one_comes_at_its_new_time_and_only_then(reminder: Reminder, nth: int, to: timedelta) -> None:
    assert reminder.move_slot(SLOT + nth * DAY, SLOT + to, BEFORE)
    assert_sound(BEFORE)
    expected = sorted([*(day * DAY for day in range(5) if day != nth), to])
    for half_hour in range(5 * 48):
        if send_all(BEFORE + half_hour * HOUR / 2):
            assert_sound(BEFORE + half_hour * HOUR / 2)
    sent = Delivery.objects.order_by("sent_at").values_list("sent_at", "occurrence__slot")
    assert [at - NOON for at, _slot in sent] == expected
    assert dict(sent)[NOON + to] == SLOT + nth * DAY, "the slot stays its name"


def test_a_move_is_undone_by_moving_it_to_its_own_time(reminder: Reminder) -> None:
    reminder.move_slot(SLOT, SLOT + 3 * HOUR, BEFORE)
    reminder.move_slot(SLOT, SLOT + 5 * HOUR, BEFORE)
    assert reminder.move_slot(SLOT, SLOT, BEFORE)
    reminder.refresh_from_db()
    assert reminder.schedule.moved == ()
    assert run(2) == [0 * DAY, 1 * DAY]


def test_two_moved_to_one_instant_are_one_message(reminder: Reminder) -> None:
    reminder.move_slot(SLOT, SLOT + 2 * HOUR, BEFORE)
    reminder.move_slot(SLOT + DAY, SLOT + 2 * HOUR, BEFORE)
    assert run(3) == [2 * HOUR, 2 * DAY]


def test_a_moved_one_can_be_skipped_and_put_back(reminder: Reminder, person: User) -> None:
    reminder.move_slot(SLOT + 2 * DAY, SLOT + 3 * DAY + HOUR, BEFORE)
    assert reminder.skip_slot(SLOT + 2 * DAY, person, BEFORE)
    assert_sound(BEFORE)
    assert reminder.unskip_slot(SLOT + 2 * DAY, BEFORE)
    assert run(5) == [0 * DAY, DAY, 3 * DAY, 3 * DAY + HOUR, 4 * DAY]


def test_one_that_is_out_or_settled_cannot_be_moved(reminder: Reminder, person: User) -> None:
    send_all(NOON)
    assert not reminder.move_slot(SLOT, SLOT + 2 * HOUR, NOON + MINUTE)
    reminder.occurrences.get(state="upcoming").finish(person, NOON + MINUTE)
    assert not reminder.move_slot(SLOT + DAY, SLOT + DAY + HOUR, NOON + 2 * MINUTE)


@pytest.mark.parametrize("to", [datetime(9999, 12, 31, 9), datetime(2100, 1, 1), datetime(1999, 12, 31)])
def test_one_is_not_moved_to_a_year_that_nobody_means(reminder: Reminder, to: datetime) -> None:
    assert not reminder.move_slot(SLOT + DAY, to, BEFORE)
    assert reminder.move_slot(SLOT + DAY, datetime(2099, 12, 31, 23, 59), BEFORE)


def test_a_move_into_the_past_sends_nothing_and_the_series_goes_on(reminder: Reminder) -> None:
    reminder.move_slot(SLOT + DAY, SLOT - 2 * HOUR, BEFORE)
    assert run(3) == [0 * DAY, 2 * DAY]


def test_one_moved_ahead_and_sent_does_not_stop_the_series_when_an_edit_forgets_the_move(reminder: Reminder) -> None:
    """Its row is older than anything that planning looks for by its due time."""
    reminder.move_slot(SLOT + 6 * DAY, SLOT + HOUR, BEFORE)
    send_all(NOON)
    send_all(NOON + HOUR)
    change(reminder, NOON + 2 * HOUR, moved={})
    assert run(8, NOON + 2 * HOUR) == [0 * DAY, HOUR, *(day * DAY for day in range(1, 9) if day != 6)]


def test_one_sent_long_before_a_closure_does_not_stop_the_series_when_days_off_count_no_more() -> None:
    team = team_of(1)
    team.days_off = [date(2026, 11, 25) + n * DAY for n in range(14)]
    team.working_days = list(range(7))
    team.save()
    reminder = reminder_due(team, NOON, rule="FREQ=WEEKLY;BYDAY=TU", planned_at=BEFORE, day_off=DayOff.PREVIOUS.value)
    send_all(NOON)
    change(reminder, NOON + HOUR, day_off=DayOff.STAY.value)
    run(16, NOON + HOUR)
    assert Delivery.objects.filter(sent_at=NOON + 14 * DAY).count() == 1


# End, and the series cut in two


def test_an_ended_series_keeps_what_is_open_and_sends_nothing_more(reminder: Reminder) -> None:
    send_all(NOON)
    assert reminder.end(NOON + HOUR)
    assert run(3, NOON + HOUR) == [0 * DAY]
    assert reminder.occurrences.get(state="open").due_at == NOON


def test_what_has_not_begun_cannot_end(reminder: Reminder) -> None:
    assert not reminder.end(BEFORE)
    assert run(1) == [0 * DAY]


def test_an_end_just_after_the_due_time_does_not_lose_the_occurrence(reminder: Reminder) -> None:
    assert reminder.end(NOON + timedelta(milliseconds=100))
    send_all(NOON + timedelta(milliseconds=200))
    assert Delivery.objects.count() == 1


def test_an_end_also_takes_back_what_was_moved_to_later(reminder: Reminder) -> None:
    send_all(NOON)
    reminder.move_slot(SLOT + DAY, SLOT + 5 * DAY, NOON)
    send_all(NOON + 2 * DAY)
    assert reminder.end(NOON + 2 * DAY + HOUR)
    run(6, NOON + 2 * DAY + HOUR)
    assert Delivery.objects.count() == 2


def test_an_end_also_takes_back_what_a_day_off_put_later(team: Team) -> None:
    reminder = reminder_due(team, NOON, rule="FREQ=WEEKLY;BYDAY=TU,SA", day_off=DayOff.NEXT.value)
    send_all(NOON)
    sunday = NOON + 5 * DAY
    assert reminder.end(sunday)
    run(5, sunday)
    assert Delivery.objects.count() == 1


def test_an_end_keeps_what_one_clock_has_had_and_brings_it_to_no_other() -> None:
    team = team_of(0)
    east = person_in(team, "Pacific/Kiritimati", joined=NOON - 99 * DAY)
    west = person_in(team, "Pacific/Pago_Pago", joined=NOON - 99 * DAY)
    reminder = on_own_clocks(team, SLOT, planned_at=NOON - 2 * DAY, rule="FREQ=DAILY")
    run(3, NOON - 2 * DAY)
    assert reminder.end(NOON + DAY)
    run(3, NOON + DAY)
    assert Delivery.objects.filter(user=east).count() == 2
    assert Delivery.objects.filter(user=west).count() == 1
    assert reminder.occurrences.filter(state="open").count() == 2


def test_an_end_that_is_taken_back_leaves_the_series_as_it_was(reminder: Reminder, person: User) -> None:
    reminder.skip_slot(SLOT + 2 * DAY, person, BEFORE)
    reminder.move_slot(SLOT + 3 * DAY, SLOT + 3 * DAY + HOUR, BEFORE)
    before = reminder.schedule
    send_all(NOON)
    assert reminder.end(NOON + HOUR)
    reminder.reopen(NOON + 2 * HOUR, until=before.until, last=before.last, count=before.count)
    assert reminder.schedule == before
    assert run(5, NOON + 2 * HOUR) == [0 * DAY, DAY, 3 * DAY + HOUR, 4 * DAY, 5 * DAY]


def cut_in_two(reminder: Reminder, slot: datetime, now: datetime, **fields: object) -> Reminder:
    """As the form does: what follows from a slot on becomes a reminder of its own, which is returned."""
    rest = Reminder.objects.get(pk=reminder.pk)
    assert rest.cut_at(slot, now)
    assert reminder.end_before(slot, now)
    rest.become_another(continues=reminder)
    for name, value in fields.items():
        setattr(rest, name, value)
    rest.save()
    rest.arrange(now)
    return rest


def test_a_series_cut_in_two_sends_what_the_whole_would_have(reminder: Reminder) -> None:
    rest = cut_in_two(reminder, SLOT + 2 * DAY, BEFORE)
    assert rest.uuid != reminder.uuid
    assert run(5) == [day * DAY for day in range(5)]
    counts = {each.pk: Delivery.objects.filter(occurrence__reminder=each).count() for each in (reminder, rest)}
    assert counts == {reminder.pk: 2, rest.pk: 3}


def test_a_cut_at_the_next_one_leaves_the_first_part_what_is_out(reminder: Reminder) -> None:
    send_all(NOON)
    cut_in_two(reminder, SLOT + DAY, NOON + HOUR, times=[time(15)])
    assert run(2, NOON + HOUR) == [0 * DAY, DAY + 3 * HOUR]
    assert not reminder.occurrences.filter(state="upcoming").exists()


@pytest.mark.parametrize("slot", [SLOT, SLOT + DAY, SLOT + DAY + HOUR], ids=["out", "settled", "none of the series"])
def test_a_series_is_not_cut_at_one_that_does_not_come_any_more(
    reminder: Reminder, person: User, slot: datetime
) -> None:
    send_all(NOON)
    reminder.occurrences.get(state="upcoming").finish(person, NOON)
    assert not reminder.cut_at(slot, NOON)


def test_there_is_nothing_before_the_first_one(reminder: Reminder) -> None:
    assert not reminder.end_before(SLOT, BEFORE)
    assert run(1) == [0 * DAY]


def test_exceptions_that_passed_long_ago_are_forgotten() -> None:
    reminder = reminder_due(team_of(1), NOON, rule="FREQ=DAILY")
    local = NOON.replace(tzinfo=None)
    Reminder.objects.filter(pk=reminder.pk).update(skipped=[local - 90 * DAY, local - 5 * DAY])
    author = reminder.team.members.get()
    assert reminder.skip_slot(local + 10 * DAY, author, NOON - HOUR)
    reminder.refresh_from_db()
    assert reminder.skipped == [local - 5 * DAY, local + 10 * DAY]
