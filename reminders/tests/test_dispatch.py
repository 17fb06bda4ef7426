"""Dispatch and planning, by the clock that the tests pass in."""

from datetime import datetime, timedelta, timezone

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reminders.dispatch import dispatch_due
from reminders.hand_over import hand_over
from reminders.models import Audience, Completion, Delivery, Occurrence, OccurrenceState, Reminder
from teams.models import Membership

from .scenes import opened, reminder_due, team_of

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=timezone.utc)
DAY = timedelta(days=1)


def states(reminder: Reminder) -> list[tuple[datetime, str]]:
    return list(reminder.occurrences.order_by("due_at").values_list("due_at", "state"))


def test_nothing_goes_out_early() -> None:
    reminder_due(team_of(1), NOON)
    assert dispatch_due(NOON - timedelta(microseconds=1)) == 0
    assert not Delivery.objects.exists()


def test_when_it_is_due_every_member_gets_one_delivery_planned_for_that_instant() -> None:
    reminder = reminder_due(team_of(3), NOON)
    dispatch_due(NOON)
    assert states(reminder) == [(NOON, "open")]
    assert set(Delivery.objects.values_list("state", "planned_for", "reason")) == {("queued", NOON, "team")}
    assert Delivery.objects.count() == 3


def test_dispatching_again_writes_nothing_again() -> None:
    occurrence = opened(team_of(2), NOON)
    Occurrence.objects.filter(pk=occurrence.pk).update(state="upcoming", next_step_at=NOON)  # as a lost commit would
    dispatch_due(NOON + timedelta(seconds=1))
    assert Delivery.objects.count() == 2


def test_only_chosen_people_get_it_and_only_while_they_are_members() -> None:
    team = team_of(3)
    first, second, _third = [membership.user for membership in team.memberships.all()]
    reminder = reminder_due(team, NOON, audience=Audience.PEOPLE)
    reminder.people.set([first, second])
    Membership.objects.filter(user=second).delete()
    dispatch_due(NOON)
    assert list(Delivery.objects.values_list("user", "reason")) == [(first.pk, "chosen")]


def test_somebody_whose_account_is_off_gets_nothing() -> None:
    team = team_of(1)
    team.memberships.get().user.__class__.objects.update(is_active=False)
    reminder_due(team, NOON)
    dispatch_due(NOON)
    assert not Delivery.objects.exists()


def test_a_repeating_reminder_always_has_one_upcoming_occurrence() -> None:
    reminder = reminder_due(team_of(1), NOON, rule="FREQ=DAILY")
    for day in range(3):
        dispatch_due(NOON + day * DAY)
    assert states(reminder)[-1] == (NOON + 3 * DAY, "upcoming")
    assert [state for _, state in states(reminder)] == ["missed", "missed", "open", "upcoming"]


def test_the_next_one_is_computed_from_the_rule_and_does_not_drift_after_a_late_dispatch() -> None:
    reminder = reminder_due(team_of(1), NOON, rule="FREQ=DAILY")
    dispatch_due(NOON + timedelta(hours=3, minutes=17))
    assert states(reminder) == [(NOON, "open"), (NOON + DAY, "upcoming")]


def test_a_second_reminder_within_the_day_is_not_swallowed_by_the_first() -> None:
    """Vikunja #1550: one "seen" flag per task."""
    reminder = reminder_due(team_of(1), NOON, cron="0 12,13 * * *")
    dispatch_due(NOON)
    dispatch_due(NOON + timedelta(hours=1))
    assert Delivery.objects.filter(occurrence__reminder=reminder).count() == 2


def test_after_an_outage_one_late_message_goes_out_that_counts_the_missed_ones() -> None:
    """Healthchecks #664: a restart must not flood the inbox."""
    reminder = reminder_due(team_of(1), NOON, cron="0 * * * *")
    back = NOON + timedelta(hours=5, minutes=1)
    while dispatch_due(back):
        pass
    assert [state for _, state in states(reminder)] == ["missed"] * 5 + ["open", "upcoming"]
    occurrence = reminder.occurrences.get(state="open")
    assert (occurrence.due_at, occurrence.missed_before) == (NOON + timedelta(hours=5), 5)
    assert Delivery.objects.count() == 1


def test_more_than_a_day_late_counts_as_missed_and_the_series_goes_on() -> None:
    reminder = reminder_due(team_of(1), NOON, rule="FREQ=WEEKLY;BYDAY=TU")
    while dispatch_due(NOON + 2 * DAY):
        pass
    assert states(reminder) == [(NOON, "missed"), (NOON + 7 * DAY, "upcoming")]
    assert not Delivery.objects.exists()


def test_the_next_occurrence_closes_the_one_nobody_answered() -> None:
    reminder = reminder_due(team_of(1), NOON, rule="FREQ=DAILY")
    dispatch_due(NOON)
    dispatch_due(NOON + DAY)
    assert states(reminder)[0] == (NOON, "missed")
    overtaken = Delivery.objects.get(planned_for=NOON)
    assert (overtaken.state, overtaken.why_not) == ("suppressed", "overtaken")


def test_what_only_tells_is_not_called_missed() -> None:
    reminder = reminder_due(team_of(1), NOON, rule="FREQ=DAILY", completion=Completion.NOBODY)
    dispatch_due(NOON)
    dispatch_due(NOON + DAY)
    assert states(reminder)[0] == (NOON, "done")


def test_a_row_that_raises_is_set_aside_with_its_error_and_the_rest_go_on() -> None:
    good, bad = reminder_due(team_of(1), NOON), reminder_due(team_of(1), NOON, rule="FREQ=DAILY")
    Reminder.objects.filter(pk=bad.pk).update(rule="nonsense")
    dispatch_due(NOON)
    assert states(good) == [(NOON, "open")]
    poisoned = bad.occurrences.get()
    assert "rule" in poisoned.error
    assert poisoned.next_step_at == NOON + timedelta(minutes=5)
    Reminder.objects.filter(pk=bad.pk).update(rule="FREQ=DAILY")
    dispatch_due(NOON + timedelta(minutes=5))
    assert states(bad) == [(NOON, "open"), (NOON + DAY, "upcoming")]
    assert bad.occurrences.get(due_at=NOON).error == ""


def test_a_reminder_done_ahead_of_time_sends_nothing_and_plans_the_next() -> None:
    team = team_of(1)
    reminder = reminder_due(team, NOON, rule="FREQ=DAILY")
    reminder.occurrences.get().finish(team.memberships.get().user, NOON - timedelta(hours=1))
    dispatch_due(NOON)
    assert states(reminder) == [(NOON, "done"), (NOON + DAY, "upcoming")]
    assert not Delivery.objects.exists()


def test_done_that_is_taken_back_before_it_was_due_goes_out_after_all() -> None:
    team = team_of(1)
    reminder = reminder_due(team, NOON, rule="FREQ=DAILY")
    occurrence = reminder.occurrences.get()
    occurrence.finish(team.memberships.get().user, NOON - timedelta(hours=1))
    assert occurrence.undo(NOON - timedelta(minutes=59))
    dispatch_due(NOON)
    assert states(reminder) == [(NOON, "open"), (NOON + DAY, "upcoming")]


def test_done_that_is_taken_back_sends_again_what_it_withdrew_and_nothing_else() -> None:
    team = team_of(2)
    occurrence = opened(team, NOON)
    sent, waiting = occurrence.deliveries.order_by("pk")
    Delivery.objects.filter(pk=sent.pk).update(state="sent", next_try_at=None)
    occurrence.finish(sent.user, NOON)
    assert occurrence.deliveries.get(pk=waiting.pk).state == "suppressed"
    occurrence.undo(NOON)
    assert (occurrence.state, occurrence.round) == ("open", 1)
    assert list(occurrence.deliveries.order_by("pk").values_list("state", flat=True)) == ["sent", "queued"]


def test_a_paused_reminder_sends_nothing_and_goes_on_with_the_next_slot_after_resuming() -> None:
    reminder = reminder_due(team_of(1), NOON, rule="FREQ=DAILY")
    assert reminder.pause(NOON - timedelta(minutes=1))
    assert not reminder.pause(NOON)
    dispatch_due(NOON)
    assert states(reminder) == [(NOON, "cancelled")]
    assert reminder.resume(NOON + timedelta(hours=1))
    assert states(reminder) == [(NOON, "cancelled"), (NOON + DAY, "upcoming")]


def test_resuming_before_it_is_due_revives_the_slot_instead_of_adding_one() -> None:
    reminder = reminder_due(team_of(1), NOON)
    reminder.pause(NOON - timedelta(minutes=2))
    reminder.resume(NOON - timedelta(minutes=1))
    dispatch_due(NOON)
    assert states(reminder) == [(NOON, "open")]
    assert Delivery.objects.count() == 1


def test_a_deleted_reminder_sends_nothing_and_comes_back_with_undo() -> None:
    reminder = reminder_due(team_of(1), NOON)
    reminder.discard(NOON - timedelta(minutes=2))
    assert dispatch_due(NOON) == 0
    reminder.restore(NOON - timedelta(minutes=1))
    dispatch_due(NOON)
    assert Delivery.objects.count() == 1


def test_undoing_a_deletion_just_after_the_due_time_sends_it_late() -> None:
    reminder = reminder_due(team_of(1), NOON, rule="FREQ=DAILY")
    reminder.discard(NOON - timedelta(seconds=5))
    dispatch_due(NOON)
    reminder.restore(NOON + timedelta(seconds=2))
    dispatch_due(NOON + timedelta(seconds=2))
    assert states(reminder) == [(NOON, "open"), (NOON + DAY, "upcoming")]
    assert Delivery.objects.get().planned_for == NOON


def test_resuming_a_reminder_that_comes_once_sends_late_what_came_due_meanwhile() -> None:
    reminder = reminder_due(team_of(1), NOON)
    reminder.pause(NOON - timedelta(seconds=5))
    reminder.resume(NOON + timedelta(hours=2))
    dispatch_due(NOON + timedelta(hours=2))
    assert states(reminder) == [(NOON, "open")]
    assert Delivery.objects.count() == 1


def test_resuming_after_more_than_a_day_counts_it_as_missed_instead_of_forgetting_it() -> None:
    reminder = reminder_due(team_of(1), NOON)
    reminder.pause(NOON - timedelta(seconds=5))
    reminder.resume(NOON + 2 * DAY)
    dispatch_due(NOON + 2 * DAY)
    assert states(reminder) == [(NOON, "missed")]


@pytest.mark.parametrize("stop", ["pause", "discard"])
def test_messages_that_a_stop_withdrew_go_out_when_it_is_undone(stop: str) -> None:
    reminder = opened(team_of(2), NOON).reminder
    getattr(reminder, stop)(NOON)
    assert set(Delivery.objects.values_list("state", flat=True)) == {"suppressed"}
    {"pause": reminder.resume, "discard": reminder.restore}[stop](NOON + timedelta(seconds=9))
    assert list(Delivery.objects.values_list("state", "why_not")) == [("queued", "")] * 2


def test_messages_that_a_pause_withdrew_stay_so_when_they_would_be_more_than_a_day_late() -> None:
    reminder = opened(team_of(1), NOON).reminder
    reminder.pause(NOON)
    reminder.resume(NOON + 2 * DAY)
    assert Delivery.objects.get().state == "suppressed"


def test_done_ahead_then_moved_then_taken_back_comes_once_at_the_new_time() -> None:
    team = team_of(1)
    reminder = reminder_due(team, NOON, rule="FREQ=DAILY")
    occurrence = reminder.occurrences.get()
    occurrence.finish(team.memberships.get().user, NOON - timedelta(hours=2))
    reminder.times = [(NOON + timedelta(hours=3)).time()]
    reminder.save()
    reminder.arrange(NOON - timedelta(hours=1))
    occurrence.undo(NOON - timedelta(minutes=30))
    assert list(reminder.occurrences.unsettled().values_list("due_at", flat=True)) == [NOON + timedelta(hours=3)]


def test_done_cannot_be_taken_back_once_a_later_one_has_come_due() -> None:
    team = team_of(1)
    occurrence = opened(team, NOON, rule="FREQ=DAILY")
    occurrence.finish(team.memberships.get().user, NOON)
    dispatch_due(NOON + DAY)
    assert not occurrence.undo(NOON + DAY)
    assert states(occurrence.reminder)[0] == (NOON, "done")


def test_done_that_is_taken_back_days_later_mails_nobody_about_it() -> None:
    team = team_of(2)
    occurrence = opened(team, NOON)
    occurrence.finish(team.memberships.first().user, NOON)
    assert occurrence.undo(NOON + 2 * DAY)
    assert occurrence.state == "open"
    assert set(Delivery.objects.values_list("state", flat=True)) == {"suppressed"}


def test_an_edit_moves_the_unsent_occurrence_and_fires_nothing_in_the_past() -> None:
    reminder = reminder_due(team_of(1), NOON, rule="FREQ=DAILY")
    reminder.times = [(NOON - timedelta(hours=2)).time()]
    reminder.save()
    reminder.arrange(NOON - timedelta(minutes=1))
    assert states(reminder) == [(NOON, "cancelled"), (NOON - timedelta(hours=2) + DAY, "upcoming")]
    assert dispatch_due(NOON) == 0


def test_an_edit_a_moment_after_the_due_time_does_not_lose_the_occurrence() -> None:
    reminder = reminder_due(team_of(1), NOON, rule="FREQ=DAILY")
    reminder.title = "Renew it now"
    reminder.save()
    reminder.arrange(NOON + timedelta(milliseconds=100))
    dispatch_due(NOON + timedelta(milliseconds=200))
    assert states(reminder) == [(NOON, "open"), (NOON + DAY, "upcoming")]


def test_a_change_of_zone_moves_the_upcoming_occurrence() -> None:
    reminder = reminder_due(team_of(1), NOON, rule="FREQ=DAILY")
    reminder.zone = "America/New_York"
    reminder.save()
    reminder.arrange(NOON - timedelta(minutes=1))
    assert states(reminder) == [(NOON, "cancelled"), (NOON + timedelta(hours=5), "upcoming")]


def test_a_full_batch_leaves_the_rest_for_the_next_round() -> None:
    team = team_of(1)
    for _ in range(5):
        reminder_due(team, NOON)
    assert [dispatch_due(NOON, at_once=2) for _ in range(4)] == [2, 2, 1, 0]


def test_what_has_just_come_due_does_not_wait_for_all_that_came_before() -> None:
    loud, quiet = team_of(1), team_of(1)
    for n in range(6):
        reminder_due(loud, NOON - timedelta(minutes=10 - n))
    single = reminder_due(quiet, NOON)
    assert dispatch_due(NOON, at_once=2) == 2
    assert dispatch_due(NOON, at_once=2, newest_first=True) == 2
    assert single.occurrences.get().state == "open"
    assert Occurrence.objects.filter(reminder__team=loud, state="open").count() == 3


def test_the_number_of_queries_does_not_grow_with_the_number_of_reminders() -> None:
    def queries(count: int, at: datetime) -> int:
        team = team_of(2)
        for _ in range(count):
            reminder_due(team, at, rule="FREQ=DAILY")
        with CaptureQueriesContext(connection) as captured:
            dispatch_due(at)
        return len(captured)

    assert queries(2, NOON) == queries(20, NOON + timedelta(seconds=1))


def test_an_idle_pass_is_two_queries_each_on_its_partial_index() -> None:
    team = team_of(1)
    for hours in range(400):
        reminder_due(team, NOON + timedelta(hours=hours), planned_at=NOON - DAY)
    occurrence = opened(team, NOON - DAY)
    _send_history(occurrence, 3000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE reminders_occurrence")
        cursor.execute("ANALYZE reminders_delivery")
    with CaptureQueriesContext(connection) as captured:
        assert dispatch_due(NOON - timedelta(hours=1)) == 0
        assert hand_over(NOON - timedelta(hours=1)) == 0
    assert len(captured) == 2
    for query, index in zip(captured, ["occurrence_due", "delivery_due"], strict=True):
        with connection.cursor() as cursor:
            cursor.execute("EXPLAIN " + query["sql"])
            plan = "\n".join(row[0] for row in cursor.fetchall())
        assert index in plan, plan


def test_reminders_of_a_day_nobody_dispatched_are_all_accounted_for() -> None:
    team = team_of(1)
    reminders = [reminder_due(team, NOON + timedelta(minutes=n)) for n in range(30)]
    while dispatch_due(NOON + timedelta(hours=2)):
        pass
    assert {state for reminder in reminders for _, state in states(reminder)} == {str(OccurrenceState.OPEN)}
    assert Delivery.objects.count() == 30


def _send_history(occurrence: Occurrence, count: int) -> None:
    """Sent deliveries, enough of them that reading the whole table would be the wrong plan."""
    template = occurrence.deliveries.get()
    history = []
    for number in range(count):
        history.append(Delivery(**{**_fields(template), "recipient_key": f"mail:{number}@example.org"}))
    Delivery.objects.bulk_create(history)
    Delivery.objects.update(state="sent", next_try_at=None)


def _fields(delivery: Delivery) -> dict[str, object]:
    left_out = {"id", "uuid", "recipient_key"}
    return {f.attname: getattr(delivery, f.attname) for f in delivery._meta.concrete_fields if f.name not in left_out}


def test_off_a_holiday_it_comes_on_a_day_that_the_team_works() -> None:
    friday = datetime(2025, 8, 15, 12, tzinfo=timezone.utc)  # Assumption, a holiday in Austria
    reminder = reminder_due(
        team_of(1, country="AT"), friday, rule="FREQ=WEEKLY;BYDAY=FR", day_off="next", holidays_only=True
    )
    assert states(reminder) == [(friday + 3 * DAY, "upcoming")]


def test_a_snooze_reminds_once_more_and_never_moves_the_series() -> None:
    """mattermost-plugin-remind #234: duplicates after a snooze of a recurring item."""
    team = team_of(1)
    occurrence = opened(team, NOON, rule="FREQ=DAILY")
    occurrence.snooze(NOON + timedelta(hours=3), team.members.get(), NOON)
    for hours in range(25):
        dispatch_due(NOON + timedelta(hours=hours))
    assert states(occurrence.reminder) == [(NOON, "missed"), (NOON + DAY, "open"), (NOON + 2 * DAY, "upcoming")]
    planned = Delivery.objects.order_by("planned_for").values_list("planned_for", flat=True)
    assert list(planned) == [NOON, NOON + timedelta(hours=3), NOON + DAY]


def test_a_reminder_of_one_place_stays_there_when_its_reader_travels() -> None:
    """Habitica #1678, Tasks #615: a traveller's reminders moved."""
    team = team_of(1)
    reminder = reminder_due(team, NOON, rule="FREQ=DAILY")
    team.members.update(zone="Asia/Tokyo")
    Reminder.objects.recompute(NOON - timedelta(minutes=1))
    assert states(reminder) == [(NOON, "upcoming")]


def test_a_team_that_is_closed_is_not_reminded_before_it_works_again() -> None:
    """Fossify Calendar #742, Khan/snippets #16: nobody knew of holidays."""
    closed = [NOON.date() + timedelta(days=n) for n in range(3)]
    reminder = reminder_due(team_of(1, days_off=closed), NOON, rule="FREQ=WEEKLY;BYDAY=TU", day_off="next")
    assert states(reminder) == [(NOON + 3 * DAY, "upcoming")]


def test_a_dispatch_tried_again_by_hand_after_an_edit_sends_nothing_early() -> None:
    reminder = reminder_due(team_of(1), NOON, rule="FREQ=DAILY")
    reminder.occurrences.get().set_aside(NOON, "ValueError: no such thing")
    reminder.times = [(NOON + timedelta(hours=3)).time()]
    reminder.save()
    reminder.arrange(NOON + timedelta(minutes=1))
    assert not reminder.occurrences.get(state="upcoming").error
    reminder.occurrences.filter(state="upcoming").update(next_step_at=NOON + timedelta(minutes=2))  # as "try again" had
    dispatch_due(NOON + timedelta(minutes=2))
    assert not Delivery.objects.exists()
    upcoming = reminder.occurrences.get(state="upcoming")
    assert upcoming.next_step_at == upcoming.due_at == NOON + timedelta(hours=3)
