"""Advance notices: steps of an occurrence before it is due."""

from datetime import datetime, timedelta, timezone

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reminders.dispatch import dispatch_due
from reminders.models import Delivery, Lateness, Reminder

from .invariants import assert_sound
from .scenes import reminder_due, send_all, team_of

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=timezone.utc)
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
LEAD_DAY, LEAD_HOUR = 24 * 60, 60


def sent(reminder: Reminder) -> list[tuple[str, datetime]]:
    """Steps that went out, with the due time of what they tell of."""
    rows = Delivery.objects.filter(occurrence__reminder=reminder, state="sent").order_by("sent_at", "pk")
    return list(rows.values_list("step", "occurrence__due_at"))


def upcoming(reminder: Reminder) -> list[tuple[datetime, str]]:
    return list(reminder.occurrences.filter(state="upcoming").order_by("due_at").values_list("due_at", "next_step"))


def change(reminder: Reminder, now: datetime, **fields: object) -> None:
    """As the form does."""
    reminder.refresh_from_db()
    for name, value in fields.items():
        setattr(reminder, name, value)
    reminder.save()
    reminder.arrange(now)


def test_each_step_goes_out_at_its_time_and_once() -> None:
    reminder = reminder_due(team_of(1), NOON, planned_at=NOON - 2 * DAY, lead_times=[LEAD_DAY, LEAD_HOUR])
    for instant in (NOON - DAY - MINUTE, NOON - DAY, NOON - 2 * HOUR, NOON - HOUR, NOON - MINUTE, NOON):
        if send_all(instant):
            assert_sound(instant)
    rows = Delivery.objects.order_by("pk").values_list("step", "planned_for", "sent_at")
    assert list(rows) == [
        ("advance-1d", NOON - DAY, NOON - DAY),
        ("advance-1h", NOON - HOUR, NOON - HOUR),
        ("due", NOON, NOON),
    ]
    assert reminder.occurrences.get().state == "open"


def test_a_notice_leaves_the_occurrence_upcoming() -> None:
    reminder = reminder_due(team_of(2), NOON, planned_at=NOON - 2 * DAY, lead_times=[LEAD_DAY])
    dispatch_due(NOON - DAY)
    occurrence = reminder.occurrences.get()
    assert (occurrence.state, occurrence.next_step, occurrence.next_step_at) == ("upcoming", "due", NOON)
    assert Delivery.objects.filter(step="advance-1d", state="queued").count() == 2


def test_notices_that_are_past_when_it_is_written_are_left_out() -> None:
    reminder = reminder_due(team_of(1), NOON, planned_at=NOON - 2 * HOUR, lead_times=[LEAD_DAY, LEAD_HOUR])
    assert upcoming(reminder) == [(NOON, "advance-1h")]
    send_all(NOON - 2 * HOUR)
    assert sent(reminder) == []


def test_a_notice_longer_than_the_interval_books_several_ahead() -> None:
    reminder = reminder_due(team_of(1), NOON, rule="FREQ=DAILY", planned_at=NOON - HOUR, lead_times=[2 * LEAD_DAY])
    assert upcoming(reminder) == [
        (NOON, "due"),
        (NOON + DAY, "due"),
        (NOON + 2 * DAY, "advance-2d"),
    ]
    for hour in range(5 * 24):
        if send_all(NOON + hour * HOUR):
            assert_sound(NOON + hour * HOUR)
    due = [at for step, at in sent(reminder) if step == "due"]
    told_before = [at for step, at in sent(reminder) if step == "advance-2d"]
    assert due == [NOON + day * DAY for day in range(5)]
    assert told_before == [NOON + day * DAY for day in range(2, 7)]


def test_of_several_notices_that_came_due_in_an_outage_only_the_last_is_sent() -> None:
    reminder = reminder_due(team_of(1), NOON, planned_at=NOON - 2 * DAY, lead_times=[LEAD_DAY, 120, LEAD_HOUR])
    send_all(NOON - 30 * MINUTE)
    assert sent(reminder) == [("advance-1h", NOON)]
    overtaken = Delivery.objects.filter(state="suppressed").order_by("planned_for")
    assert list(overtaken.values_list("step", "why_not")) == [("advance-1d", "overtaken"), ("advance-2h", "overtaken")]
    assert_sound(NOON - 30 * MINUTE)


def test_a_notice_that_comes_due_with_the_thing_itself_is_not_sent() -> None:
    reminder = reminder_due(team_of(1), NOON, planned_at=NOON - 2 * DAY, lead_times=[LEAD_HOUR])
    send_all(NOON + MINUTE)
    assert sent(reminder) == [("due", NOON)]
    assert Delivery.objects.get(step="advance-1h").why_not == "overtaken"


def test_a_notice_that_is_late_is_left_out_where_late_ones_are_and_the_due_one_still_comes() -> None:
    reminder = reminder_due(team_of(1), NOON, planned_at=NOON - 2 * DAY, lead_times=[LEAD_DAY], lateness=Lateness.SKIP)
    send_all(NOON - DAY + 6 * MINUTE)
    assert Delivery.objects.get().why_not == "too-late"
    send_all(NOON)
    assert sent(reminder) == [("due", NOON)]


def test_done_after_a_notice_sends_nothing_more() -> None:
    team = team_of(1)
    reminder = reminder_due(team, NOON, planned_at=NOON - 2 * DAY, lead_times=[LEAD_DAY, LEAD_HOUR])
    send_all(NOON - DAY)
    reminder.occurrences.get().finish(team.memberships.get().user, NOON - 2 * HOUR)
    send_all(NOON)
    assert sent(reminder) == [("advance-1d", NOON)]
    assert_sound(NOON)


def test_done_that_is_taken_back_goes_on_with_the_steps_that_lie_ahead() -> None:
    team = team_of(1)
    reminder = reminder_due(team, NOON, planned_at=NOON - 2 * DAY, lead_times=[LEAD_DAY, LEAD_HOUR])
    send_all(NOON - DAY)
    occurrence = reminder.occurrences.get()
    occurrence.finish(team.memberships.get().user, NOON - 3 * HOUR)
    assert occurrence.undo(NOON - 2 * HOUR)
    assert upcoming(reminder) == [(NOON, "advance-1h")]
    send_all(NOON - HOUR)
    send_all(NOON)
    assert sent(reminder) == [("advance-1d", NOON), ("advance-1h", NOON), ("due", NOON)]


def test_moving_it_gives_notice_of_the_new_time() -> None:
    reminder = reminder_due(team_of(1), NOON, planned_at=NOON - 2 * DAY, lead_times=[LEAD_HOUR])
    send_all(NOON - HOUR)
    assert reminder.move_slot(NOON.replace(tzinfo=None), (NOON + 3 * HOUR).replace(tzinfo=None), NOON - MINUTE)
    assert_sound(NOON - MINUTE)
    send_all(NOON)
    assert sent(reminder) == [("advance-1h", NOON + 3 * HOUR)]
    send_all(NOON + 2 * HOUR)
    send_all(NOON + 3 * HOUR)
    assert [step for step, _at in sent(reminder)] == ["advance-1h", "advance-1h", "due"]


# Edits


def test_a_notice_that_is_added_comes_if_it_lies_ahead() -> None:
    reminder = reminder_due(team_of(1), NOON, planned_at=NOON - 2 * DAY)
    change(reminder, NOON - 2 * HOUR, lead_times=[LEAD_DAY, LEAD_HOUR])
    assert upcoming(reminder) == [(NOON, "advance-1h")]
    assert_sound(NOON - 2 * HOUR)


def test_a_notice_that_is_taken_away_does_not_come_any_more() -> None:
    reminder = reminder_due(team_of(1), NOON, planned_at=NOON - 2 * DAY, lead_times=[LEAD_HOUR])
    change(reminder, NOON - 2 * HOUR, lead_times=[])
    assert upcoming(reminder) == [(NOON, "due")]


@pytest.mark.parametrize("lead_times", [[], [LEAD_HOUR], [2 * LEAD_DAY]])
def test_taking_away_a_notice_that_is_overdue_does_not_send_the_thing_itself_early(lead_times: list[int]) -> None:
    reminder = reminder_due(team_of(1), NOON, planned_at=NOON - 2 * DAY, lead_times=[LEAD_DAY])
    change(reminder, NOON - DAY + MINUTE, lead_times=lead_times)
    assert_sound(NOON - DAY + MINUTE)
    send_all(NOON - DAY + 2 * MINUTE)
    assert sent(reminder) == []
    send_all(NOON)
    assert sent(reminder) == [("due", NOON)]


def test_an_edit_keeps_a_notice_that_is_overdue_and_still_wanted() -> None:
    reminder = reminder_due(team_of(1), NOON, planned_at=NOON - 2 * DAY, lead_times=[LEAD_DAY])
    change(reminder, NOON - DAY + MINUTE, title="Renew it now")
    send_all(NOON - DAY + 2 * MINUTE)
    assert sent(reminder) == [("advance-1d", NOON)]


def test_a_notice_that_has_gone_out_does_not_come_again_after_an_edit() -> None:
    reminder = reminder_due(team_of(1), NOON, rule="FREQ=DAILY", planned_at=NOON - 2 * DAY, lead_times=[LEAD_HOUR])
    send_all(NOON - HOUR)
    change(reminder, NOON - 50 * MINUTE, title="Renew it now")
    change(reminder, NOON - 40 * MINUTE, lead_times=[])
    change(reminder, NOON - 30 * MINUTE, lead_times=[LEAD_HOUR])
    send_all(NOON)
    assert sent(reminder) == [("advance-1h", NOON), ("due", NOON)]


def test_the_number_of_queries_does_not_grow_with_reminders_or_notices() -> None:
    def queries(count: int, at: datetime, lead_times: list[int]) -> int:
        team = team_of(2)
        for _ in range(count):
            reminder_due(team, at, rule="FREQ=DAILY", planned_at=at - 2 * DAY, lead_times=lead_times)
        dispatch_due(at - MINUTE)
        with CaptureQueriesContext(connection) as captured:
            assert dispatch_due(at) >= count
        return len(captured)

    several = [LEAD_DAY, LEAD_HOUR, 30]
    assert queries(2, NOON, [30]) <= queries(2, NOON + HOUR, several) == queries(20, NOON + 2 * HOUR, several)


def test_what_is_booked_already_is_not_written_again() -> None:
    """A notice of months before a daily reminder has that many dates booked at any time."""
    reminder_due(team_of(1), NOON, rule="FREQ=DAILY", planned_at=NOON - HOUR, lead_times=[60 * LEAD_DAY])
    with CaptureQueriesContext(connection) as captured:
        dispatch_due(NOON)
    inserted = next(query["sql"] for query in captured if 'INSERT INTO "reminders_occurrence"' in query["sql"])
    assert inserted.count("'due'") + inserted.count("'advance-60d'") == 1
