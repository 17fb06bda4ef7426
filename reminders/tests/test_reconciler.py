"""The reconciler: what it calls unaccounted for, what not, and what looking costs."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.tests.factories import UserFactory
from reminders import reconciler
from reminders.dispatch import dispatch_due
from reminders.models import Delivery, Occurrence, Reminder
from reminders.reconciler import Backlog, Findings, LastHour, found, look, reconcile
from reminders.scheduler import ReminderScheduler
from teamreminders import heartbeat, tally, worker

from .scenes import opened, reminder_due, send_all, team_of

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
WELL = {"silence": 0, "overlooked": 0, "stuck": 0, "set-aside": 0, "lost": 0}


def written(at: datetime, **fields: Any) -> None:
    """All messages so far were written then."""
    Delivery.objects.update(created_at=at, **fields)


def unaccounted(now: datetime) -> dict[str, int]:
    """What is not nought."""
    return {kind: n for kind, n in look(now).unaccounted.items() if n}


def test_with_nothing_to_do_all_is_accounted_for() -> None:
    assert look(NOON).unaccounted == WELL
    assert look(NOON).faults == []


ALL_IS_WELL = Backlog(occurrences=0, overlooked=0, messages=0, stuck=0, overdue=0, untried_seconds=0, put_off_seconds=0)


@pytest.mark.parametrize(
    ("put_off_seconds", "quiet_seconds", "sent", "failed", "complaints"),
    [
        (299, 3000, 9, 0, []),
        (301, 301, 9, 0, ["The mail server puts everything off: it has taken nothing for minutes."]),
        (3600, 20, 9, 0, []),  # greylisted, while others get their mail
        (6 * 3600 + 1, 20, 9, 0, ["The mail server has been putting a message off for more than six hours."]),
        (0, 20, 0, 5, []),
        (0, 20, 9, 6, ["Refused or given up in the last hour: 6."]),
        (0, 20, 99, 6, []),
    ],
)
def test_operators_are_told_what_the_mail_server_does_to_what_is_accounted_for(
    put_off_seconds: float, quiet_seconds: float, sent: int, failed: int, complaints: list[str]
) -> None:
    findings = Findings(
        at=NOON.timestamp(),
        backlog=replace(ALL_IS_WELL, put_off_seconds=put_off_seconds),
        hour=LastHour(due=sent + failed, sent=sent, failed=failed, withdrawn=0, waiting=0),
        set_aside=0,
        lost=0,
        failed=failed,
        accepted_at=NOON.timestamp() - quiet_seconds,
    )
    assert findings.unaccounted == WELL
    assert findings.faults == complaints


def test_what_lies_ahead_or_has_been_sent_is_accounted_for() -> None:
    reminder_due(team_of(2), NOON, rule="FREQ=DAILY")
    assert unaccounted(NOON - MINUTE) == {}
    send_all(NOON)
    written(NOON)
    assert unaccounted(NOON + 30 * MINUTE) == {}


@pytest.mark.parametrize(("seconds", "overlooked"), [(29, 0), (31, 1)])
def test_a_step_that_has_come_is_overlooked_after_half_a_minute(seconds: int, overlooked: int) -> None:
    reminder_due(team_of(1), NOON)
    now = NOON + seconds * SECOND
    assert look(now).backlog.overlooked == overlooked
    assert reconciler.backlog(now).untried_seconds == seconds


def test_an_occurrence_whose_dispatch_failed_is_set_aside_until_it_worked() -> None:
    reminder = reminder_due(team_of(1), NOON, rule="FREQ=DAILY")
    Reminder.objects.filter(pk=reminder.pk).update(rule="nonsense")
    dispatch_due(NOON)
    assert unaccounted(NOON + SECOND) == {"set-aside": 1}
    Reminder.objects.filter(pk=reminder.pk).update(rule="FREQ=DAILY")
    send_all(NOON + 5 * MINUTE)
    assert unaccounted(NOON + 5 * MINUTE) == {}


@pytest.mark.parametrize(("minutes", "stuck"), [(1, 0), (3, 2)])
def test_a_message_that_nobody_tries_is_stuck_after_two_minutes(minutes: int, stuck: int) -> None:
    opened(team_of(2), NOON)
    written(NOON)
    now = NOON + minutes * MINUTE
    assert look(now).backlog.stuck == stuck
    assert reconciler.backlog(now).untried_seconds == minutes * 60


@pytest.mark.parametrize(("rate", "minutes"), [(5, 2), (1 / 360, 12)])
def test_what_waits_for_its_turn_by_the_rate_limit_is_not_stuck_while_mail_goes_out(
    redis: Any, settings: Any, rate: float, minutes: int
) -> None:
    settings.EMAIL_RATE = rate
    opened(team_of(1), NOON)
    reconcile(redis, NOON)
    accepts(1)
    reconcile(redis, NOON + 3 * MINUTE)
    last = NOON + (3 + minutes) * MINUTE
    assert reconcile(redis, last - SECOND).backlog.stuck == 0
    assert reconcile(redis, last).backlog.stuck == 1


def test_a_message_that_the_server_puts_off_is_waiting_and_not_stuck() -> None:
    opened(team_of(1), NOON)
    written(NOON, tries=3, error="451 try again later", next_try_at=NOON + 20 * MINUTE)
    found_now = reconciler.backlog(NOON + 4 * MINUTE)
    assert (found_now.stuck, found_now.untried_seconds, found_now.put_off_seconds) == (0, 0.0, 240.0)


QUEUED_AGAIN: dict[str, tuple[dict[str, str], Callable[[datetime], int]]] = {
    "by Retry": ({"state": "failed", "error": "550 no such user"}, Delivery.objects.retry),
    "by undo, wake or resume": ({"state": "suppressed", "why_not": "done"}, Delivery.objects.wanted_again),
}


@pytest.mark.parametrize(("before", "queues"), QUEUED_AGAIN.values(), ids=QUEUED_AGAIN)
def test_a_message_that_is_queued_again_has_waited_since_then_however_old_it_is(
    before: dict[str, str], queues: Callable[[datetime], int]
) -> None:
    opened(team_of(1), NOON)
    written(NOON, next_try_at=None, **before)
    later = NOON + timedelta(hours=3)
    assert queues(later) == 1
    assert unaccounted(later + MINUTE) == {}
    waiting = reconciler.backlog(later + MINUTE)
    assert {waiting.untried_seconds, waiting.put_off_seconds} == {0.0, 60.0}
    assert unaccounted(later + 6 * MINUTE)["silence"] == 1


def test_one_that_was_done_ahead_and_undone_after_it_came_due_has_waited_since_then() -> None:
    occurrence = reminder_due(team_of(1), NOON).occurrences.get()
    occurrence.finish(UserFactory(), NOON - SECOND)
    later = NOON + timedelta(hours=3)
    assert occurrence.undo(later)
    dispatch_due(later)
    assert reconciler.backlog(later + MINUTE).untried_seconds == 60


LOST = {
    "queued for ever": lambda: Delivery.objects.update(next_try_at=None),
    "claimed for ever": lambda: Delivery.objects.update(state="sending", next_try_at=None),
    "not sent for no reason": lambda: Delivery.objects.update(state="suppressed", next_try_at=None, why_not=""),
    "held for no reason": lambda: Delivery.objects.update(state="held", next_try_at=None, why_not=""),
    "failed for no reason": lambda: Delivery.objects.update(state="failed", next_try_at=None, error=""),
    "sent at no time": lambda: Delivery.objects.update(state="sent", next_try_at=None, sent_at=None),
    "upcoming without a step": lambda: Occurrence.objects.filter(state="upcoming").update(next_step_at=None),
    "its step after it is due": lambda: Occurrence.objects.filter(state="upcoming").update(
        next_step_at=NOON + timedelta(days=90)
    ),
}


@pytest.mark.parametrize("loses", LOST.values(), ids=LOST)
def test_a_row_that_nobody_would_look_at_again_is_found_however_old_it_is(loses: Callable[[], int]) -> None:
    opened(team_of(1), NOON, rule="FREQ=DAILY")
    written(NOON)
    assert loses() == 1
    findings = look(NOON + timedelta(hours=5))
    assert findings.lost == 1
    assert "Rows that nothing accounts for: 1." in findings.faults


def test_an_hour_in_which_forty_were_due_and_nothing_went_out_is_loud() -> None:
    opened(team_of(40), NOON)
    written(NOON, tries=4, error="No connection to the mail server")
    findings = look(NOON + 55 * MINUTE)
    assert findings.unaccounted == WELL | {"silence": 40}
    assert findings.faults == ["Nothing went out in the last hour, although 40 came due."]


def test_an_hour_in_which_the_server_refused_everything_is_loud_too() -> None:
    opened(team_of(3), NOON)
    written(NOON, state="failed", error="550 your network is blocked", next_try_at=None)
    assert unaccounted(NOON + MINUTE) == {"silence": 3}


def test_what_came_due_a_moment_ago_or_was_withdrawn_is_no_silence() -> None:
    opened(team_of(3), NOON)
    written(NOON)
    assert unaccounted(NOON + MINUTE) == {}
    Delivery.objects.withdraw("done")
    assert unaccounted(NOON + 55 * MINUTE) == {}


def accepts(messages: int) -> None:
    tally.MESSAGES.add(messages, "delivery", "accepted")
    tally.TALLY.write()


def test_a_peak_of_more_than_is_looked_at_is_no_silence_while_its_oldest_go_out(
    redis: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reconciler, "COUNTED", 2)
    opened(team_of(4), NOON)
    written(NOON)
    reconcile(redis, NOON)
    Delivery.objects.filter(pk=Delivery.objects.earliest("pk").pk).update(state="sent", next_try_at=None, sent_at=NOON)
    accepts(1)
    assert [reconcile(redis, NOON + minutes * MINUTE).unaccounted["silence"] for minutes in (1, 10, 60)] == [0, 0, 0]
    assert reconcile(redis, NOON + 61 * MINUTE).unaccounted["silence"] == 2


def test_the_last_hour_says_what_became_of_what_was_due() -> None:
    opened(team_of(6), NOON)
    written(NOON)
    ids = list(Delivery.objects.order_by("pk").values_list("pk", flat=True))
    Delivery.objects.filter(pk__in=ids[:3]).update(state="sent", next_try_at=None, sent_at=NOON + SECOND)
    Delivery.objects.filter(pk=ids[3]).update(state="failed", next_try_at=None, error="550")
    Delivery.objects.filter(pk=ids[4]).update(state="suppressed", next_try_at=None, why_not="done")
    expected = LastHour(due=6, sent=3, failed=1, withdrawn=1, waiting=1)
    assert reconciler.last_hour(NOON + 59 * MINUTE) == expected
    assert reconciler.last_hour(NOON + 61 * MINUTE) == LastHour(due=0, sent=0, failed=0, withdrawn=0, waiting=0)


def test_the_findings_are_left_for_others_to_read(redis: Any) -> None:
    reminder_due(team_of(1), NOON)
    findings = reconcile(redis, NOON + MINUTE)
    assert findings.backlog.overlooked == 1
    assert found(redis.get(reconciler.KEY)) == findings


@pytest.mark.parametrize("value", [None, b"", b"not json", b"[]", b"{}", json.dumps({"at": 1, "hour": {}}).encode()])
def test_findings_that_are_missing_or_of_another_version_are_none(value: bytes | None) -> None:
    assert found(value) is None


def test_what_is_not_accounted_for_is_logged_with_its_count(redis: Any, caplog: Any) -> None:
    reminder_due(team_of(1), NOON)
    reconcile(redis, NOON + MINUTE)
    assert [(line.outcome, line.count) for line in caplog.records if line.levelname == "ERROR"] == [("overlooked", 1)]


def test_looking_takes_seven_queries_each_on_an_index_at_any_size() -> None:
    opened(team_of(3), NOON, rule="FREQ=DAILY")
    with CaptureQueriesContext(connection) as queries:
        look(NOON)
    plans = [plan(query["sql"]) for query in queries.captured_queries]
    assert [
        re.findall(r"(?:using|on) (\w+(?:_due|_lost|_failed|_unaccounted|_pkey|_in_trouble))", each) for each in plans
    ] == [
        ["occurrence_due"],
        ["delivery_due"],
        ["reminders_delivery_pkey"],
        ["occurrence_in_trouble"],
        ["occurrence_lost"],
        ["delivery_unaccounted"],
        ["delivery_failed"],
    ]
    assert [each for each in plans if "Seq Scan" in each] == []


def plan(query: str) -> str:
    """What PostgreSQL would do, were the tables large."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
        cursor.execute(f"EXPLAIN {query}")
        return "\n".join(line for (line,) in cursor.fetchall())


def test_the_scheduler_looks_once_a_minute(redis: Any) -> None:
    scheduler = ReminderScheduler(connection=redis)
    scheduler._own_work()
    first = found(redis.get(reconciler.KEY))
    assert first is not None and abs(first.at - timezone.now().timestamp()) < 5
    redis.delete(reconciler.KEY)
    scheduler._own_work_at = 0.0
    scheduler._own_work()
    assert redis.get(reconciler.KEY) is None


def test_a_comparison_that_fails_holds_up_nothing_else(redis: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reconciler, "last_hour", lambda now: LastHour())
    scheduler = ReminderScheduler(connection=redis)
    scheduler._own_work()
    assert heartbeat.age(redis, timezone.now()) is not None
    assert redis.get(reconciler.KEY) is None


def test_a_worker_counts_as_running_while_it_was_seen_lately(redis: Any) -> None:
    redis.zadd(worker.SEEN, {"a:1": NOON.timestamp() - 5, "b:2": NOON.timestamp() - 100})
    assert worker.running(redis, NOON) == 1


def test_the_figures_are_plain() -> None:
    nothing = Backlog(
        occurrences=0, overlooked=0, messages=0, stuck=0, overdue=0, untried_seconds=0.0, put_off_seconds=0.0
    )
    hour = LastHour(due=0, sent=0, failed=0, withdrawn=0, waiting=0)
    expected = Findings(at=NOON.timestamp(), backlog=nothing, hour=hour, set_aside=0, lost=0, failed=0)
    assert look(NOON) == expected
