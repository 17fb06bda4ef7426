"""Old history goes; what is open, to come, or still asked for stays; and nothing comes a second time for it."""

import signal
import threading
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from io import StringIO
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db.models import F
from django.utils.timezone import now as real_now

from accounts.models import AccessToken, AccountMail, IdempotentAnswer
from accounts.tests.factories import UserFactory
from reminders import pruning
from reminders.dispatch import dispatch_due
from reminders.models import Delivery, Occurrence, Reminder
from reminders.models.planning import FARTHEST
from reminders.pruning import (
    Pruned,
    prune_account_mail,
    prune_answers,
    prune_changes,
    prune_history,
    prune_sessions,
    prune_tokens,
)
from teams.models import Change, Team
from teams.tests.factories import MembershipFactory

from .connections import connections, held_open, waits
from .scenes import on_own_clocks, opened, person_in, reminder_due, send_all, team_of

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=timezone.utc)
DAY, WEEK = timedelta(days=1), timedelta(weeks=1)

pytestmark = pytest.mark.django_db


@pytest.fixture
def team() -> Team:
    return team_of(2)


@pytest.fixture
def elsewhere() -> Any:
    with connections() as start:
        yield start


def booked_then() -> None:
    """Rows were made when they were due, on the test's calendar."""
    Occurrence.objects.update(created_at=F("due_at") - DAY)
    Delivery.objects.update(created_at=F("planned_for"))


def prune(before: datetime) -> Pruned:
    booked_then()
    return Pruned(*map(sum, zip(Pruned(), *prune_history(before), strict=True)))


def done(team: Team, at: datetime, **fields: Any) -> Occurrence:
    """Came due at that instant, was sent, and settled by the first member a minute later."""
    occurrence = opened(team, at, **fields)
    send_all(at)
    assert occurrence.finish(team.members.order_by("pk")[0], at + timedelta(minutes=1))
    return occurrence


def weeks_of(reminder: Reminder, weeks: int) -> datetime:
    """So many weeks of a weekly reminder, each sent; returns when the last was."""
    for n in range(weeks):
        send_all(NOON + n * WEEK)
    return NOON + (weeks - 1) * WEEK


def test_what_is_old_goes_with_its_messages_and_what_is_younger_stays(team: Team) -> None:
    done(team, NOON)
    younger = done(team, NOON + 10 * DAY)
    assert prune(NOON + 5 * DAY) == Pruned(occurrences=1, deliveries=2)
    assert list(Occurrence.objects.all()) == [younger]
    assert set(Delivery.objects.values_list("occurrence", flat=True)) == {younger.pk}
    assert Reminder.objects.count() == 2


@pytest.mark.parametrize("days", [0, 1000])
def test_what_is_open_to_come_or_overdue_stays_however_old(team: Team, days: int) -> None:
    opened(team, NOON)
    reminder_due(team, NOON + DAY)
    reminder_due(team, NOON + days * DAY, rule="FREQ=DAILY")
    assert prune(NOON + 5000 * DAY) == Pruned()
    assert Occurrence.objects.count() == 3


def test_what_was_settled_lately_stays_though_it_was_due_long_ago(team: Team) -> None:
    occurrence = opened(team, NOON)
    send_all(NOON)
    occurrence.finish(team.members.all()[0], NOON + 300 * DAY)
    assert prune(NOON + 299 * DAY) == Pruned()
    assert prune(NOON + 301 * DAY) == Pruned(1, 2)


def test_one_that_was_moved_ahead_stays_until_its_slot_has_passed(team: Team) -> None:
    """Its slot names it: an edit that takes the exception away must find that it has been."""
    reminder = reminder_due(team, NOON, rule="FREQ=YEARLY", planned_at=NOON - DAY)
    assert reminder.move_slot(NOON.replace(tzinfo=None), (NOON - timedelta(hours=20)).replace(tzinfo=None), NOON - DAY)
    send_all(NOON - timedelta(hours=20))
    reminder.occurrences.get(state="open").finish(team.members.all()[0], NOON - timedelta(hours=19))
    assert prune(NOON - timedelta(hours=1)) == Pruned()
    assert prune(NOON + DAY) == Pruned(1, 2)


def test_one_with_a_message_that_waits_stays(team: Team) -> None:
    occurrence = done(team, NOON)
    Delivery.objects.filter(pk=occurrence.deliveries.all()[0].pk).update(state="sending", next_try_at=NOON)
    assert prune(NOON + DAY) == Pruned()


def test_missed_cancelled_and_skipped_ones_go_as_well(team: Team) -> None:
    reminder = reminder_due(team, NOON, rule="FREQ=WEEKLY")
    last = weeks_of(reminder, 4)
    reminder.pause(last + timedelta(hours=1))
    assert set(reminder.occurrences.values_list("state", flat=True)) == {"missed", "open", "cancelled"}
    reminder.occurrences.get(state="open").skip(team.members.all()[0], last + timedelta(hours=2))
    assert prune(NOON + 100 * DAY).occurrences == 5
    assert not Occurrence.objects.exists()


def test_a_series_goes_on_without_its_history_and_nothing_of_it_comes_again(team: Team) -> None:
    reminder = reminder_due(team, NOON, rule="FREQ=WEEKLY")
    last = weeks_of(reminder, 20)
    assert prune(last - 6 * WEEK).occurrences == 12
    kept = set(Occurrence.objects.values_list("due_at", flat=True))
    told = Delivery.objects.count()
    for verb in verbs(reminder, last + timedelta(hours=1)):
        verb()
        dispatch_due(last + timedelta(hours=2))
    assert set(Occurrence.objects.values_list("due_at", flat=True)) == kept
    assert Delivery.objects.count() == told
    send_all(last + WEEK)
    assert Delivery.objects.count() == told + 2


def verbs(reminder: Reminder, now: datetime) -> list[Callable[[], Any]]:
    """Whatever makes planning look at the series again."""
    slot = NOON.replace(tzinfo=None)

    def edit() -> None:
        Reminder.objects.filter(pk=reminder.pk).update(notes="edited")
        Reminder.objects.get(pk=reminder.pk).arrange(now)

    def skip_and_move() -> None:
        """Of a slot that has been and is forgotten, neither is possible."""
        person = reminder.team.members.all()[0]
        assert not reminder.skip_slot(slot, person, now)
        assert not reminder.move_slot(slot, (now + DAY).replace(tzinfo=None), now)
        assert not reminder.unskip_slot(slot, now)

    return [
        edit,
        skip_and_move,
        lambda: reminder.pause(now),
        lambda: reminder.resume(now),
        lambda: reminder.discard(now),
        lambda: reminder.restore(now),
        lambda: Reminder.objects.recompute(now),
    ]


def test_a_single_one_that_was_told_is_not_told_again(team: Team) -> None:
    occurrence = done(team, NOON)
    prune(NOON + DAY)
    reminder = Reminder.objects.get(pk=occurrence.reminder_id)
    for verb in verbs(reminder, NOON + 2 * DAY):
        verb()
    send_all(NOON + 3 * DAY)
    assert not Occurrence.objects.exists()
    assert not Delivery.objects.exists()


def test_after_a_very_long_outage_what_was_done_ahead_is_still_known(team: Team) -> None:
    """The scheduler stood still for longer than history is kept: planning begins at what it left, a year ago."""
    reminder = reminder_due(team, NOON, rule="FREQ=DAILY", until=(NOON + DAY).date())
    ahead = Occurrence.objects.create(
        reminder=reminder, slot=(NOON + DAY).replace(tzinfo=None), zone="UTC", due_at=NOON + DAY
    )
    ahead.finish(team.members.all()[0], NOON - DAY)
    assert prune(NOON + 400 * DAY) == Pruned()
    dispatch_due(NOON + 401 * DAY)
    assert list(reminder.occurrences.order_by("due_at").values_list("state", flat=True)) == ["missed", "done"]
    assert prune(NOON + 500 * DAY).occurrences == 2


def test_what_one_clock_has_told_is_known_while_another_has_not_come_to_it(team: Team) -> None:
    """Somebody on a clock to the west: the slot of the east is kept until theirs is settled."""
    far_east, far_west = "Pacific/Kiritimati", "Pacific/Pago_Pago"
    team = team_of(0)
    for zone in (far_east, far_west):
        person_in(team, zone, joined=NOON - 30 * DAY)
    at = NOON.replace(tzinfo=None)
    reminder = on_own_clocks(team, at, planned_at=NOON - 5 * DAY)
    send_all(NOON)
    east = reminder.occurrences.get(zone=far_east)
    Occurrence.objects.filter(pk=east.pk).update(state="missed", settled_at=NOON)
    assert prune(NOON + 400 * DAY) == Pruned()
    Occurrence.objects.exclude(pk=east.pk).update(state="missed", settled_at=NOON, next_step_at=None)
    assert prune(NOON + 400 * DAY).occurrences == 2


def test_the_neighbours_that_are_kept_reach_as_far_as_planning_looks_back(team: Team) -> None:
    reminder = reminder_due(team, NOON, planned_at=NOON - DAY)
    for distance in (FARTHEST, FARTHEST - timedelta(hours=1)):
        at = NOON - distance
        settled = {"state": "missed", "settled_at": at, "next_step_at": None}
        Occurrence.objects.create(reminder=reminder, slot=at.replace(tzinfo=None), zone="UTC", due_at=at, **settled)
    assert prune(NOON + 400 * DAY) == Pruned(1)


def test_rows_made_later_end_the_walk_and_those_of_unknown_age_do_not(team: Team) -> None:
    for n in range(6):
        done(team, NOON + n * DAY)
    booked_then()
    first, *_rest, last = Occurrence.objects.order_by("pk")
    Occurrence.objects.filter(pk=first.pk).update(created_at=None)
    assert pruning._first_since(Occurrence.objects.all(), NOON + 2.5 * DAY) == first.pk + 4
    assert pruning._first_since(Occurrence.objects.all(), NOON + 99 * DAY) == last.pk + 1
    Occurrence.objects.all().delete()
    assert list(pruning._ranges(Occurrence.objects.all(), NOON)) == []


def test_a_transaction_is_bounded_by_its_messages_and_one_occurrence_goes_whole(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    MembershipFactory.create_batch(3, team=team)
    for n in range(3):
        done(team, NOON + n * DAY)
    booked_then()
    monkeypatch.setattr(pruning, "REMOVED_AT_ONCE", 12)
    assert list(prune_history(NOON + 10 * DAY)) == [Pruned(2, 10), Pruned(1, 5)]
    done(team, NOON)
    booked_then()
    monkeypatch.setattr(pruning, "REMOVED_AT_ONCE", 1)
    assert list(prune_history(NOON + 10 * DAY)) == [Pruned(1, 5)]


def test_long_tables_are_walked_in_short_steps(
    team: Team, monkeypatch: pytest.MonkeyPatch, django_assert_max_num_queries: Any
) -> None:
    monkeypatch.setattr(pruning, "LOOKED_THROUGH", 4)
    for n in range(10):
        opened(team, NOON + n * DAY)
    Occurrence.objects.filter(pk__in=Occurrence.objects.order_by("pk").values_list("pk")[7:]).update(state="missed")
    Delivery.objects.update(next_try_at=None)
    booked_then()
    with django_assert_max_num_queries(40):
        assert [pruned.occurrences for pruned in prune_history(NOON + 20 * DAY)] == [1, 2]


def test_account_mail_that_waits_and_young_mail_stay() -> None:
    AccountMail.objects.all().delete()
    for state, next_try_at in (("sent", None), ("failed", None), ("queued", NOON), ("sending", NOON)):
        AccountMail.objects.create(to="ada@example.org", state=state, next_try_at=next_try_at)
    AccountMail.objects.update(created_at=NOON)
    AccountMail.objects.create(to="bob@example.org", state="sent")
    assert sum(prune_account_mail(NOON + DAY)) == 2
    assert sorted(AccountMail.objects.values_list("state", flat=True)) == ["queued", "sending", "sent"]


def test_what_people_changed_goes_when_it_is_old(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reminders.pruning.LOOKED_THROUGH", 3)
    Change.objects.all().delete()
    row = {"team": team, "kind": "team", "subject": team.pk, "action": "changed", "changes": {}, "channel": ""}
    Change.objects.bulk_create(Change(**row, created_at=NOON - DAY * (10 - n)) for n in range(10))
    assert sum(prune_changes(NOON - DAY * 5, dry_run=True)) == 5
    assert sum(prune_changes(NOON - DAY * 5)) == 5
    assert Change.objects.earliest("created_at").created_at == NOON - DAY * 5


def test_what_people_changed_is_kept_for_two_years_and_as_long_as_history(team: Team) -> None:
    Change.objects.update(created_at=real_now() - DAY * 700)
    call_command("prune", days=400, stdout=StringIO())
    assert Change.objects.exists()
    Change.objects.update(created_at=real_now() - DAY * 800)
    call_command("prune", days=900, stdout=StringIO())
    assert Change.objects.exists()
    call_command("prune", days=400, stdout=StringIO())
    assert not Change.objects.exists()


def test_sessions_that_have_ended_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pruning, "LOOKED_THROUGH", 2)
    for n in range(5):
        Session.objects.create(session_key=f"old-{n}", expire_date=NOON - (n + 1) * DAY)
    Session.objects.create(session_key="used", expire_date=NOON + DAY)
    assert list(prune_sessions(NOON, dry_run=True)) == [5]
    assert list(prune_sessions(NOON)) == [2, 2, 1]
    assert Session.objects.get().pk == "used"


def test_answers_kept_for_programs_go_when_they_would_not_be_given_again() -> None:
    person = UserFactory()
    for key, age in (("old", timedelta(hours=25)), ("young", timedelta(hours=23))):
        row = IdempotentAnswer.objects.create(user=person, key=key)
        IdempotentAnswer.objects.filter(pk=row.pk).update(created_at=NOON - age)
    assert sum(prune_answers(NOON, dry_run=True)) == 1
    assert sum(prune_answers(NOON)) == 1
    assert IdempotentAnswer.objects.get().key == "young"


def test_revoked_access_tokens_go_and_expired_ones_stay() -> None:
    person = UserFactory()
    for name, ended_at in (("revoked", NOON - DAY), ("just revoked", NOON + DAY), ("expired", None)):
        AccessToken.objects.make(person, name=name, ended_at=ended_at, expires_at=NOON - WEEK)
    assert list(prune_tokens(NOON, dry_run=True)) == list(prune_tokens(NOON)) == [1]
    assert {token.name for token in AccessToken.objects.all()} == {"just revoked", "expired"}


# Two connections at once


ACTS = [
    pytest.param(lambda reminder, now: dispatch_due(now + DAY), id="dispatch"),
    pytest.param(lambda reminder, now: reminder.pause(now), id="pause"),
    pytest.param(lambda reminder, now: reminder.arrange(now), id="edit"),
    pytest.param(lambda reminder, now: reminder.occurrences.get(state="done").undo(now), id="undo"),
]


BEFORE = NOON + 5 * WEEK


def a_series(team: Team) -> tuple[Reminder, datetime]:
    """A weekly reminder with ten weeks of history, the last of them done, and the instant when the next is due."""
    reminder = reminder_due(team, NOON, rule="FREQ=WEEKLY")
    last = weeks_of(reminder, 10)
    reminder.occurrences.get(state="open").finish(team.members.all()[0], last + timedelta(minutes=1))
    booked_then()
    return reminder, last + WEEK


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("act", ACTS)
def test_what_somebody_is_working_on_is_left_for_the_next_time(team: Team, elsewhere: Any, act: Any) -> None:
    reminder, due = a_series(team)
    with held_open(elsewhere, lambda: act(reminder, due - DAY)):
        assert elsewhere(lambda: list(prune_history(BEFORE))).result(10) == [Pruned(0, 0, 4)]
    assert list(prune_history(BEFORE)) == [Pruned(4, 8)]


@pytest.mark.django_db(transaction=True)
def test_a_dispatch_while_history_is_removed_looks_again_afterwards(team: Team, elsewhere: Any) -> None:
    reminder, due = a_series(team)
    with held_open(elsewhere, lambda: list(prune_history(BEFORE))):
        assert elsewhere(lambda: dispatch_due(due)).result(10) == 0
    assert dispatch_due(due) == 1
    assert reminder.occurrences.filter(due_at=due, state="open").exists()
    assert Delivery.objects.filter(occurrence__due_at=due).count() == 2


@pytest.mark.django_db(transaction=True)
def test_account_mail_that_somebody_is_just_retrying_stays(elsewhere: Any) -> None:
    AccountMail.objects.create(to="ada@example.org", state="failed")
    AccountMail.objects.update(created_at=NOON)
    with held_open(elsewhere, lambda: AccountMail.objects.retry(NOON + 2 * DAY)):
        pruning_it = elsewhere(lambda: list(prune_account_mail(NOON + DAY)))
        assert waits(pruning_it)
    assert pruning_it.result(10) == [0]
    assert AccountMail.objects.get().state == "queued"


@pytest.mark.django_db(transaction=True)
def test_two_prunings_at_once_remove_each_row_once(team: Team, elsewhere: Any) -> None:
    a_series(team)
    with held_open(elsewhere, lambda: list(prune_history(BEFORE))):
        assert elsewhere(lambda: list(prune_history(BEFORE))).result(10) == [Pruned(0, 0, 4)]
    assert list(prune_history(BEFORE)) == []


@pytest.mark.django_db(transaction=True)
def test_pruning_all_the_time_changes_nothing_that_is_sent(elsewhere: Any) -> None:
    team = team_of(2)
    reminders = [reminder_due(team, NOON, rule="FREQ=WEEKLY") for _ in range(20)]
    weeks = [NOON + n * WEEK for n in range(15)]
    told: dict[datetime, int] = {}
    ended = threading.Event()

    def keep_pruning() -> int:
        removed = 0
        while not ended.is_set():
            before = NOON + len(told) * WEEK
            Occurrence.objects.filter(due_at__lt=before).update(created_at=None)
            removed += sum(pruned.occurrences for pruned in prune_history(before))
        return removed

    prunings = [elsewhere(keep_pruning) for _ in range(2)]
    try:
        for week in weeks:
            while Occurrence.objects.due(week).exists():
                dispatch_due(week)
            told[week] = Delivery.objects.filter(planned_for=week).count()
            Delivery.objects.update(state="sent", next_try_at=None)
    finally:
        ended.set()
        removed = sum(future.result(30) for future in prunings)
    assert told == dict.fromkeys(weeks, 40)
    assert removed > 0
    assert Delivery.objects.exclude(planned_for__in=weeks).count() == 0
    assert Occurrence.objects.filter(state="upcoming").count() == len(reminders)


# The command


def history_of(days: int, team: Team) -> None:
    at = real_now().replace(microsecond=0) - timedelta(days=days)
    for n in range(3):
        done(team, at + timedelta(minutes=n))
    booked_then()


def test_the_command_says_what_it_removed(team: Team) -> None:
    history_of(401, team)
    history_of(399, team)
    out = StringIO()
    call_command("prune", stdout=out)
    assert "3 occurrences, 6 messages." in out.getvalue()
    assert Occurrence.objects.count() == 3
    call_command("prune", "--days", "90", stdout=out)
    assert not Occurrence.objects.exists()


def test_a_dry_run_counts_and_removes_nothing(team: Team) -> None:
    history_of(500, team)
    out = StringIO()
    call_command("prune", "--dry-run", stdout=out)
    assert "Would remove" in out.getvalue() and "3 occurrences, 6 messages." in out.getvalue()
    assert Occurrence.objects.count() == 3


def test_what_pages_look_back_at_cannot_be_pruned() -> None:
    with pytest.raises(CommandError, match="90 or more"):
        call_command("prune", "--days", "89")


class _Terminal(StringIO):
    """Somebody ends the command as soon as it says something."""

    def write(self, text: str) -> int:
        if "Removing" in text:
            signal.raise_signal(signal.SIGTERM)
        return super().write(text)


def test_sigterm_ends_it_between_two_transactions_and_the_next_run_goes_on(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pruning, "REMOVED_AT_ONCE", 1)
    history_of(500, team)
    handler, out = signal.getsignal(signal.SIGTERM), _Terminal()
    call_command("prune", stdout=out)
    assert "run it again" in out.getvalue()
    assert Occurrence.objects.count() == 2
    assert signal.getsignal(signal.SIGTERM) is handler
    call_command("prune", stdout=StringIO())
    assert not Occurrence.objects.exists()
