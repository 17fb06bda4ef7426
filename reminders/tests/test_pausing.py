"""Pausing: until somebody resumes it, or until an instant."""

from datetime import date, datetime, time, timedelta, timezone
from typing import Any

import pytest
from django.utils.timezone import now as current

from reminders.delivery import deliver
from reminders.dispatch import dispatch_due
from reminders.models import Delivery, Reminder

from .invariants import assert_sound
from .scenes import opened, reminder_due, send_all, team_of

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=timezone.utc)
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
INSTANT = timedelta(microseconds=1)


@pytest.fixture
def reminder() -> Reminder:
    return reminder_due(team_of(1), NOON, rule="FREQ=DAILY")


def states(reminder: Reminder) -> list[tuple[datetime, str]]:
    return list(reminder.occurrences.order_by("due_at").values_list("due_at", "state"))


def days_sent(reminder: Reminder) -> list[int]:
    """Days after the first on which something went out."""
    sent = Delivery.objects.filter(occurrence__reminder=reminder, state="sent").order_by("sent_at")
    return [(at - NOON).days for at in sent.values_list("sent_at", flat=True)]


def run(first: datetime, days: int) -> None:
    for hour in range(days * 24):
        if send_all(first + hour * HOUR):
            assert_sound(first + hour * HOUR)


def test_a_pause_until_leaves_out_what_is_due_before_and_goes_on_by_itself(reminder: Reminder) -> None:
    assert reminder.pause(NOON - HOUR, until=NOON + 2 * DAY - HOUR)
    assert_sound(NOON - HOUR)
    assert states(reminder) == [(NOON, "cancelled"), (NOON + 2 * DAY, "upcoming")]
    run(NOON, 4)
    assert days_sent(reminder) == [2, 3]
    assert not Delivery.objects.exclude(occurrence__missed_before=0).exists()


@pytest.mark.parametrize(("until", "first"), [(NOON + DAY, 1), (NOON + DAY + INSTANT, 2)])
def test_what_is_due_at_the_very_end_of_a_pause_goes_out(reminder: Reminder, until: datetime, first: int) -> None:
    reminder.pause(NOON - HOUR, until=until)
    run(NOON, 3)
    assert days_sent(reminder)[0] == first


@pytest.mark.parametrize(("restored", "days"), [(HOUR, [3, 4]), (3 * DAY + HOUR, [3, 4])])
def test_restoring_brings_back_nothing_of_a_pause_until_an_instant(
    reminder: Reminder, restored: timedelta, days: list[int]
) -> None:
    reminder.pause(NOON - HOUR, until=NOON + 3 * DAY)
    assert reminder.discard(NOON - MINUTE)
    assert reminder.restore(NOON + restored)
    assert_sound(NOON + restored)
    run(NOON + restored, 4)
    assert days_sent(reminder)[:2] == days


def test_a_pause_until_the_past_is_none(reminder: Reminder) -> None:
    assert not reminder.pause(NOON - HOUR, until=NOON - HOUR)
    assert states(reminder) == [(NOON, "upcoming")]


def test_a_pause_until_can_be_made_longer_and_shorter(reminder: Reminder) -> None:
    for days in (2, 5, 1):
        assert reminder.pause(NOON - HOUR, until=NOON + days * DAY - HOUR)
        assert_sound(NOON - HOUR)
    run(NOON, 3)
    assert days_sent(reminder) == [1, 2]


def test_one_that_is_paused_for_good_is_not_paused_until(reminder: Reminder) -> None:
    reminder.pause(NOON - HOUR)
    assert not reminder.pause(NOON - HOUR, until=NOON + DAY)
    run(NOON, 3)
    assert days_sent(reminder) == []


def test_a_pause_for_good_outlasts_one_until(reminder: Reminder) -> None:
    reminder.pause(NOON - HOUR, until=NOON + DAY - HOUR)
    assert reminder.pause(NOON - MINUTE)
    run(NOON, 3)
    assert days_sent(reminder) == []
    assert reminder.resume(NOON + 3 * DAY - HOUR)
    run(NOON + 3 * DAY, 1)
    assert days_sent(reminder) == [3]


def test_resuming_early_goes_on_with_the_next(reminder: Reminder) -> None:
    reminder.pause(NOON - HOUR, until=NOON + 5 * DAY)
    assert reminder.resume(NOON + HOUR)
    assert not reminder.resume(NOON + HOUR)
    assert_sound(NOON + HOUR)
    run(NOON + HOUR, 3)
    assert days_sent(reminder) == [1, 2, 3]


def test_a_pause_that_is_over_cannot_be_ended(reminder: Reminder) -> None:
    reminder.pause(NOON - HOUR, until=NOON + DAY)
    assert not reminder.resume(NOON + DAY)


def test_across_a_clock_change_it_goes_on_at_the_same_hour_of_the_clock() -> None:
    team = team_of(1)
    reminder = Reminder.objects.create(
        team=team, title="x", zone="Europe/Berlin", start=date(2026, 10, 20), times=[time(9)], rule="FREQ=DAILY"
    )
    summer = datetime(2026, 10, 24, 7, 0, tzinfo=timezone.utc)
    reminder.arrange(summer - HOUR)
    # Midnight to midnight in Berlin: what the clocks do on the 25th is in the pause.
    reminder.pause(summer - HOUR, until=datetime(2026, 10, 25, 23, 0, tzinfo=timezone.utc))
    assert_sound(summer - HOUR)
    winter = datetime(2026, 10, 26, 8, 0, tzinfo=timezone.utc)
    assert reminder.occurrences.get(state="upcoming").due_at == winter
    send_all(winter - INSTANT)
    assert not Delivery.objects.exists()
    send_all(winter)
    assert Delivery.objects.get().state == "sent"


def test_an_edit_in_a_pause_until_plans_for_after_it(reminder: Reminder) -> None:
    reminder.pause(NOON - HOUR, until=NOON + 2 * DAY - HOUR)
    reminder.times = [(NOON + HOUR).time()]
    reminder.save()
    reminder.arrange(NOON)
    assert_sound(NOON)
    assert reminder.occurrences.get(state="upcoming").due_at == NOON + 2 * DAY + HOUR


def test_an_edit_in_a_pause_plans_nothing(reminder: Reminder) -> None:
    reminder.pause(NOON - HOUR)
    reminder.times = [(NOON + HOUR).time()]
    reminder.save()
    reminder.arrange(NOON)
    assert_sound(NOON)
    assert not reminder.occurrences.filter(state="upcoming").exists()


def test_once_due_in_a_pause_until_does_not_come_by_itself() -> None:
    reminder = reminder_due(team_of(1), NOON)
    reminder.pause(NOON - HOUR, until=NOON + HOUR)
    run(NOON, 2)
    assert days_sent(reminder) == []


def test_once_due_in_a_pause_goes_out_late_when_it_is_resumed() -> None:
    reminder = reminder_due(team_of(1), NOON)
    reminder.pause(NOON - HOUR)
    reminder.resume(NOON + HOUR)
    send_all(NOON + HOUR)
    assert states(reminder) == [(NOON, "open")]
    assert days_sent(reminder) == [0]


@pytest.mark.parametrize("until", [None, NOON + 2 * DAY], ids=["for good", "until"])
def test_done_that_is_taken_back_in_a_pause_stays_out(reminder: Reminder, until: datetime | None) -> None:
    occurrence = reminder.occurrences.get()
    occurrence.finish(reminder.team.memberships.get().user, NOON - 2 * HOUR)
    reminder.pause(NOON - HOUR, until=until)
    assert occurrence.undo(NOON - MINUTE)
    assert_sound(NOON - MINUTE)
    run(NOON, 1)
    assert days_sent(reminder) == []


def test_done_that_is_taken_back_in_a_pause_comes_when_that_ends_in_time(reminder: Reminder) -> None:
    occurrence = reminder.occurrences.get()
    occurrence.finish(reminder.team.memberships.get().user, NOON - 2 * HOUR)
    reminder.pause(NOON - HOUR)
    occurrence.undo(NOON - 2 * MINUTE)
    reminder.resume(NOON - MINUTE)
    assert_sound(NOON - MINUTE)
    send_all(NOON)
    assert days_sent(reminder) == [0]


# What is open, or announced, when it is paused


@pytest.mark.parametrize("until", [None, NOON + 5 * HOUR], ids=["for good", "until"])
def test_one_put_off_into_a_pause_stays_open_and_is_quiet(until: datetime | None) -> None:
    team = team_of(1)
    reminder = opened(team, NOON, rule="FREQ=DAILY").reminder
    reminder.occurrences.get(state="open").snooze(NOON + 2 * HOUR, team.memberships.get().user, NOON)
    reminder.pause(NOON + HOUR, until=until)
    send_all(NOON + 3 * HOUR)
    assert reminder.occurrences.get(due_at=NOON).state == "open"
    assert days_sent(reminder) == []
    assert_sound(NOON + 3 * HOUR)


def test_one_put_off_into_a_pause_is_told_again_when_that_ends() -> None:
    team = team_of(1)
    reminder = opened(team, NOON, rule="FREQ=DAILY").reminder
    reminder.occurrences.get(state="open").snooze(NOON + 2 * HOUR, team.memberships.get().user, NOON)
    reminder.pause(NOON + HOUR, until=NOON + 5 * HOUR)
    run(NOON + 2 * HOUR, 1)
    again = Delivery.objects.get(round=1, occurrence__due_at=NOON)
    assert (again.state, again.sent_at) == ("sent", NOON + 5 * HOUR)


def test_a_snooze_brings_back_nothing_that_a_pause_left_out() -> None:
    team = team_of(1)
    reminder = opened(team, NOON, rule="FREQ=DAILY").reminder
    reminder.occurrences.get(state="open").snooze(NOON + 3 * DAY - HOUR, team.memberships.get().user, NOON)
    reminder.pause(NOON + HOUR)
    reminder.resume(NOON + 2 * DAY + HOUR)
    send_all(NOON + 3 * DAY - HOUR)
    assert reminder.occurrences.get(state="open").due_at == NOON
    assert Delivery.objects.get(round=1).state == "sent"
    assert_sound(NOON + 3 * DAY - HOUR)


def test_no_notice_goes_out_in_a_pause_of_what_comes_after_it() -> None:
    reminder = reminder_due(team_of(1), NOON, rule="FREQ=DAILY", planned_at=NOON - 3 * DAY, lead_times=[24 * 60, 60])
    reminder.pause(NOON - 3 * DAY, until=NOON - 2 * HOUR)
    send_all(NOON - DAY)
    assert not Delivery.objects.exists()
    send_all(NOON - HOUR)
    send_all(NOON)
    steps = Delivery.objects.filter(occurrence__due_at=NOON, state="sent").order_by("pk")
    assert list(steps.values_list("step", flat=True)) == ["advance-1h", "due"]
    assert_sound(NOON)


def test_resuming_early_brings_back_the_notices_that_lie_ahead() -> None:
    reminder = reminder_due(team_of(1), NOON, planned_at=NOON - 3 * DAY, lead_times=[24 * 60])
    reminder.pause(NOON - 3 * DAY, until=NOON - 2 * HOUR)
    reminder.resume(NOON - 2 * DAY)
    dispatch_due(NOON - DAY)
    assert Delivery.objects.get().step == "advance-1d"


def test_a_message_that_comes_back_to_the_queue_in_a_pause_until_is_not_sent(smtp: Any) -> None:
    """A worker had it when the reminder was paused, and the mail server said "later"."""
    delivery = opened(team_of(1), current()).deliveries.get()
    Delivery.objects.update(state="sending")
    delivery.occurrence.reminder.pause(current(), until=current() + HOUR)
    Delivery.objects.update(state="queued")
    deliver([delivery.pk])
    assert not smtp.messages
    assert Delivery.objects.get().why_not == "paused"


def test_a_message_is_sent_once_a_pause_until_is_over(smtp: Any) -> None:
    delivery = opened(team_of(1), current()).deliveries.get()
    Reminder.objects.update(paused_until=current() - MINUTE)
    deliver([delivery.pk])
    assert len(smtp.messages) == 1
