"""What comes late, what is left out, and who says what was missed."""

from datetime import datetime, timedelta, timezone

import pytest

from reminders.dispatch import dispatch_due
from reminders.models import Delivery, Lateness, Reminder

from .invariants import assert_sound
from .scenes import opened, reminder_due, send_all, team_of

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=timezone.utc)
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
INSTANT = timedelta(microseconds=1)


def history(reminder: Reminder) -> list[tuple[datetime, str, int]]:
    """When, state, and how many it says were missed before it."""
    return list(reminder.occurrences.order_by("due_at").values_list("due_at", "state", "missed_before"))


@pytest.mark.parametrize(
    ("fields", "limit"),
    [
        pytest.param({}, DAY, id="24 hours unless told more"),
        pytest.param({"late_hours": 2}, 2 * HOUR, id="as many hours as the reminder says"),
        pytest.param({"lateness": Lateness.SKIP}, 5 * MINUTE, id="five minutes where late ones are left out"),
        pytest.param({"lateness": Lateness.SKIP, "late_hours": 48}, 5 * MINUTE, id="whatever the hours are then"),
        pytest.param({"late_hours": 0}, timedelta(), id="no hours is on the dot"),
    ],
)
def test_up_to_its_limit_it_goes_out_late_and_after_it_not_at_all(fields: dict, limit: timedelta) -> None:
    just, too_late = reminder_due(team_of(1), NOON, **fields), reminder_due(team_of(1), NOON - INSTANT, **fields)
    send_all(NOON + limit)
    assert history(just) == [(NOON, "open", 0)]
    assert history(too_late) == [(NOON - INSTANT, "missed", 0)]
    assert Delivery.objects.count() == 1
    assert_sound(NOON + limit)


def test_one_that_was_left_out_is_told_of_by_the_next_and_only_by_it() -> None:
    reminder = reminder_due(team_of(1), NOON, rule="FREQ=DAILY", lateness=Lateness.SKIP)
    send_all(NOON + HOUR)
    assert history(reminder) == [(NOON, "missed", 0), (NOON + DAY, "upcoming", 1)]
    send_all(NOON + DAY)
    send_all(NOON + 2 * DAY)
    assert history(reminder)[1:] == [
        (NOON + DAY, "missed", 1),
        (NOON + 2 * DAY, "open", 0),
        (NOON + 3 * DAY, "upcoming", 0),
    ]


def test_what_was_missed_adds_up_until_one_goes_out() -> None:
    reminder = reminder_due(team_of(1), NOON, rule="FREQ=DAILY", lateness=Lateness.SKIP)
    for day in range(3):
        send_all(NOON + day * DAY + HOUR)
    send_all(NOON + 3 * DAY)
    assert history(reminder)[3] == (NOON + 3 * DAY, "open", 3)
    assert Delivery.objects.count() == 1


def test_after_a_long_outage_the_next_one_on_time_tells_of_all() -> None:
    reminder = reminder_due(team_of(1), NOON, rule="FREQ=DAILY", late_hours=2)
    send_all(NOON + 3 * DAY + 5 * HOUR)
    assert [state for _at, state, _missed in history(reminder)] == ["missed"] * 4 + ["upcoming"]
    send_all(NOON + 4 * DAY)
    assert history(reminder)[4] == (NOON + 4 * DAY, "open", 4)
    assert_sound(NOON + 4 * DAY)


def test_several_booked_ahead_that_came_due_together_send_the_last_which_tells_of_the_others() -> None:
    reminder = reminder_due(team_of(1), NOON, rule="FREQ=DAILY", planned_at=NOON - HOUR, lead_times=[3 * 24 * 60])
    send_all(NOON + 2 * DAY + HOUR)
    assert history(reminder)[:3] == [(NOON, "missed", 0), (NOON + DAY, "missed", 0), (NOON + 2 * DAY, "open", 2)]
    assert Delivery.objects.filter(step="due").count() == 1
    assert_sound(NOON + 2 * DAY + HOUR)


def test_the_count_stops_at_a_hundred_and_the_series_goes_on() -> None:
    reminder = reminder_due(team_of(1), NOON, cron="*/30 * * * *")
    send_all(NOON + 5 * DAY)
    assert reminder.occurrences.get(state="open").missed_before == 100
    assert_sound(NOON + 5 * DAY)


def test_one_that_was_missed_is_in_the_history_also_where_it_had_been_taken_off_before() -> None:
    team = team_of(1)
    reminder = reminder_due(team, NOON, rule="FREQ=DAILY")
    first = reminder.occurrences.get()
    first.skip(team.memberships.get().user, NOON - HOUR)
    first.undo(NOON - HOUR)
    assert history(reminder)[1] == (NOON + DAY, "cancelled", 0)
    send_all(NOON + 2 * DAY)
    assert [state for _at, state, _missed in history(reminder)] == ["missed", "missed", "open", "upcoming"]


def test_the_last_of_a_series_that_was_missed_is_told_by_nobody() -> None:
    reminder = reminder_due(team_of(1), NOON, rule="FREQ=DAILY", until=NOON.date())
    send_all(NOON + 3 * DAY)
    assert history(reminder) == [(NOON, "missed", 0)]


# Snoozed


def test_a_snooze_of_days_is_not_too_late() -> None:
    team = team_of(1)
    occurrence = opened(team, NOON, late_hours=1)
    occurrence.snooze(NOON + 3 * DAY, team.memberships.get().user, NOON)
    send_all(NOON + 3 * DAY)
    assert list(Delivery.objects.order_by("round").values_list("round", "planned_for", "state")) == [
        (0, NOON, "suppressed"),
        (1, NOON + 3 * DAY, "sent"),
    ]
    occurrence.refresh_from_db()
    assert (occurrence.state, occurrence.next_step_at) == ("open", None)


def test_a_snooze_holds_also_where_late_ones_are_left_out() -> None:
    team = team_of(1)
    occurrence = opened(team, NOON, lateness=Lateness.SKIP)
    occurrence.snooze(NOON + HOUR, team.memberships.get().user, NOON)
    send_all(NOON + HOUR)
    assert Delivery.objects.get(round=1).state == "sent"


def test_a_snooze_that_comes_too_late_itself_mails_nobody_and_stays_open() -> None:
    team = team_of(1)
    occurrence = opened(team, NOON, late_hours=1)
    occurrence.snooze(NOON + HOUR, team.memberships.get().user, NOON)
    send_all(NOON + 3 * HOUR)
    assert Delivery.objects.get(round=1).why_not == "too-late"
    occurrence.refresh_from_db()
    assert (occurrence.state, occurrence.next_step_at) == ("open", None)


def test_a_snoozed_one_that_the_next_overtakes_does_not_count_as_missed() -> None:
    """Everybody was told of it when it was due."""
    team = team_of(1)
    reminder = opened(team, NOON, rule="FREQ=DAILY").reminder
    reminder.occurrences.get(state="open").snooze(NOON + DAY - HOUR, team.memberships.get().user, NOON)
    send_all(NOON + DAY + HOUR)
    assert history(reminder)[:2] == [(NOON, "missed", 0), (NOON + DAY, "open", 0)]
    assert not Delivery.objects.filter(round=1).exists()


def test_a_snooze_brings_back_nothing_that_an_edit_left_behind() -> None:
    team = team_of(1)
    reminder = opened(team, NOON, rule="FREQ=DAILY").reminder
    reminder.occurrences.get(state="open").snooze(NOON + 4 * HOUR, team.memberships.get().user, NOON)
    reminder.times = [(NOON + 2 * HOUR).time()]
    reminder.save()
    reminder.arrange(NOON + 3 * HOUR)
    send_all(NOON + 4 * HOUR)
    assert history(reminder) == [
        (NOON, "open", 0),
        (NOON + DAY, "cancelled", 0),
        (NOON + DAY + 2 * HOUR, "upcoming", 0),
    ]
    assert Delivery.objects.get(round=1).planned_for == NOON + 4 * HOUR


def test_a_snooze_taken_back_is_quiet_and_sends_what_it_withdrew() -> None:
    team = team_of(1)
    occurrence = opened(team, NOON)
    occurrence.snooze(NOON + HOUR, team.memberships.get().user, NOON)
    assert Delivery.objects.get().why_not == "snoozed"
    assert occurrence.wake(NOON + MINUTE)
    send_all(NOON + 2 * HOUR)
    assert list(Delivery.objects.values_list("state", "round")) == [("sent", 0)]


def test_a_message_in_a_row_that_was_set_aside_is_as_late_as_it_is() -> None:
    reminder = reminder_due(team_of(1), NOON, late_hours=1)
    Reminder.objects.filter(pk=reminder.pk).update(rule="nonsense")
    dispatch_due(NOON)
    Reminder.objects.filter(pk=reminder.pk).update(rule="")
    send_all(NOON + 2 * HOUR)
    assert history(reminder) == [(NOON, "missed", 0)]
