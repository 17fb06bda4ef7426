"""Changing many reminders at once does to each what its own verb does, and is taken back."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from accounts.models import User
from reminders.bulk import TooMany, carry_out, undo
from reminders.models import BulkAct, Delivery, Label, Reminder
from reminders.pruning import prune_bulk_acts, prune_labels
from reminders.tests.factories import DeliveryFactory, OccurrenceFactory, ReminderFactory
from reminders.tests.pages import NOW, person_in
from teams.models import Change, Role, Team
from teams.tests.factories import TeamFactory

pytestmark = pytest.mark.django_db

Verb = BulkAct.Verb
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def clock() -> Any:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def team() -> Team:
    return TeamFactory(zone="Europe/Berlin")


@pytest.fixture
def ada(team: Team) -> User:
    return person_in(team, Role.ADMIN)


def some(team: Team, author: User) -> list[Reminder]:
    """Of every kind: once, again and again, with notices, waiting for an answer, at people's own times, paused."""
    fields = {"team": team, "author": author, "now": NOW}
    once = ReminderFactory(**fields, title="once", due=NOW + timedelta(hours=2))
    daily = ReminderFactory(**fields, title="daily", daily=True, lead_times=[2 * 24 * 60])
    waiting = ReminderFactory(**fields, title="waiting", daily=True)
    DeliveryFactory(occurrence=OccurrenceFactory(reminder=waiting, due_at=NOW - timedelta(hours=1)), user=author)
    own = ReminderFactory(**fields, title="own clocks", daily=True, zone_mode="recipient")
    paused = ReminderFactory(**fields, title="paused", daily=True, paused=True)
    later = ReminderFactory(**fields, title="paused until", daily=True)
    later.pause(NOW, NOW + 5 * DAY)
    return [once, daily, waiting, own, paused, later]


def looks(rows: list[Reminder]) -> list[Any]:
    """All that verbs change, by title."""
    pks = [row.pk for row in rows]
    found = []
    for row in Reminder.objects.filter(pk__in=pks).order_by("pk"):
        ahead = row.occurrences.order_by("slot", "zone").values_list("slot", "zone", "state", "due_at", "next_step_at")
        sent = Delivery.objects.filter(occurrence__reminder=row).values_list("state", "why_not", "next_try_at")
        state = (row.title, row.paused_at, row.paused_until, row.deleted_at, row.author_id)
        found.append((*state, list(ahead), list(sent), sorted(map(str, row.labels.listed()))))
    return found


def act(team: Team, by: User, verb: Verb, now: datetime = NOW, **fields: Any) -> BulkAct:
    return BulkAct(team=team, by=by, verb=verb, at=now, **fields)


ONE_BY_ONE: dict[Verb, Callable[[Reminder, datetime], Any]] = {
    Verb.PAUSE: lambda reminder, now: reminder.pause(now),
    Verb.RESUME: lambda reminder, now: reminder.resume(now),
    Verb.DELETE: lambda reminder, now: reminder.discard(now),
}


@pytest.mark.parametrize("verb", ONE_BY_ONE)
def test_many_at_once_are_as_one_by_one(team: Team, ada: User, verb: Verb) -> None:
    together, singly = some(team, ada), some(team, ada)
    later = NOW + DAY
    carry_out(act(team, ada, verb, later), Reminder.objects.filter(pk__in=[row.pk for row in together]))
    for row in singly:
        ONE_BY_ONE[verb](row, later)
    assert looks(together) == looks(singly)


UNDONE_ONE_BY_ONE: dict[Verb, Callable[[Reminder, datetime], Any]] = {
    Verb.PAUSE: lambda reminder, now: reminder.resume(now),
    Verb.DELETE: lambda reminder, now: reminder.restore(now),
}


@pytest.mark.parametrize("verb", UNDONE_ONE_BY_ONE)
@pytest.mark.parametrize("passed", [timedelta(minutes=1), timedelta(hours=3)])
def test_undone_at_once_they_are_as_undone_one_by_one(team: Team, ada: User, verb: Verb, passed: timedelta) -> None:
    """Also what came due meanwhile; of a pause, only those that were not paused before."""
    together, singly = some(team, ada)[:4], some(team, ada)[:4]
    outcome = carry_out(act(team, ada, verb), Reminder.objects.filter(pk__in=[row.pk for row in together]))
    assert undo(outcome.act, NOW + passed) == 4
    for row in singly:
        ONE_BY_ONE[verb](row, NOW)
        UNDONE_ONE_BY_ONE[verb](row, NOW + passed)
    assert looks(together) == looks(singly)


def states(rows: list[Reminder]) -> list[Any]:
    return [look[:5] + look[-1:] for look in looks(rows)]


@pytest.mark.parametrize("verb", Verb)
def test_undo_makes_of_each_what_it_was(team: Team, ada: User, verb: Verb) -> None:
    rows = some(team, ada)
    label = Label.objects.create(team=team, name="ops")
    rows[0].labels.add(label)
    before = states(rows)
    outcome = carry_out(act(team, ada, verb, label=label, person=person_in(team)), Reminder.objects.filter(team=team))
    assert outcome.act.changed and states(rows) != before
    assert undo(outcome.act, NOW) == outcome.act.changed
    assert states(rows) == before
    assert undo(BulkAct.objects.get(), NOW) == 0


def test_undo_leaves_alone_what_somebody_changed_since(team: Team, ada: User) -> None:
    first, second = ReminderFactory.create_batch(2, team=team, now=NOW, daily=True)
    outcome = carry_out(act(team, ada, Verb.PAUSE), Reminder.objects.filter(team=team))
    first.resume(NOW + timedelta(seconds=1))
    first.pause(NOW + timedelta(seconds=2))
    assert undo(outcome.act, NOW + timedelta(seconds=3)) == 1
    first.refresh_from_db()
    second.refresh_from_db()
    assert first.paused_at and not second.paused_at


def test_members_change_their_own_and_hear_how_many_were_left_out(team: Team, ada: User) -> None:
    bo = person_in(team)
    mine = ReminderFactory(team=team, author=bo, now=NOW)
    ReminderFactory.create_batch(2, team=team, now=NOW)
    of_others = ReminderFactory(now=NOW)
    outcome = carry_out(act(team, bo, Verb.DELETE), Reminder.objects.visible_to(bo))
    assert (outcome.act.changed, outcome.left_out) == (1, 2)
    assert list(Reminder.objects.exclude(deleted_at=None)) == [mine]
    of_others.refresh_from_db()
    assert of_others.deleted_at is None


def test_a_member_takes_back_what_was_handed_over(team: Team) -> None:
    bo, chi = person_in(team), person_in(team)
    mine = ReminderFactory(team=team, author=bo, now=NOW)
    outcome = carry_out(act(team, bo, Verb.HAND_OVER, person=chi), Reminder.objects.filter(team=team))
    mine.refresh_from_db()
    assert mine.author == chi and not Reminder.objects.editable_by(bo).exists()
    assert undo(outcome.act, NOW) == 1
    mine.refresh_from_db()
    assert mine.author == bo


def test_it_takes_as_many_queries_for_many_as_for_few(
    team: Team, ada: User, django_assert_max_num_queries: Any
) -> None:
    ReminderFactory.create_batch(30, team=team, now=NOW, daily=True, author=ada)
    label = Label.objects.create(team=team, name="ops")
    for verb in (Verb.PAUSE, Verb.RESUME, Verb.LABEL, Verb.UNLABEL, Verb.HAND_OVER, Verb.DELETE):
        with django_assert_max_num_queries(32):
            outcome = carry_out(
                act(team, ada, verb, label=label, person=person_in(team)), Reminder.objects.filter(team=team)
            )
        assert outcome.act.changed == 30
        if verb == Verb.DELETE:
            with django_assert_max_num_queries(32):
                assert undo(outcome.act, NOW) == 30


def test_too_many_are_refused_and_none_is_changed(team: Team, ada: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reminders.bulk.AT_MOST", 2)
    ReminderFactory.create_batch(3, team=team, now=NOW)
    with pytest.raises(TooMany) as refused:
        carry_out(act(team, ada, Verb.PAUSE), Reminder.objects.filter(team=team))
    assert refused.value.count == 3 and not Reminder.objects.paused(NOW).exists()


def test_handing_over_and_labelling_are_history_and_deleting_an_account_is_not(team: Team, ada: User) -> None:
    bo = person_in(team)
    reminder = ReminderFactory(team=team, author=ada, now=NOW)
    label = Label.objects.create(team=team, name="ops")
    everything = Reminder.objects.filter(team=team)
    carry_out(act(team, ada, Verb.HAND_OVER, person=bo), everything)
    carry_out(act(team, ada, Verb.LABEL, label=label), everything)
    Reminder.objects.filter(pk=reminder.pk).update(author=None)
    told = Change.objects.filter(kind="reminder", subject=reminder.pk).exclude(action="added").order_by("pk")
    assert [(change.action, change.changes) for change in told] == [
        ("handed", {"author_id": [ada.pk, bo.pk]}),
        ("chosen", {"label": label.pk}),
    ]


def test_it_is_too_late_after_ten_minutes(team: Team, ada: User) -> None:
    done = act(team, ada, Verb.PAUSE)
    assert done.is_fresh(NOW + timedelta(minutes=9)) and not done.is_fresh(timezone.now() + timedelta(minutes=10))


def test_what_cannot_be_taken_back_any_more_is_pruned(team: Team, ada: User) -> None:
    ReminderFactory(team=team, now=NOW)
    everything = Reminder.objects.filter(team=team)
    carry_out(act(team, ada, Verb.PAUSE, NOW - DAY), everything)
    kept = carry_out(act(team, ada, Verb.RESUME), everything).act
    _old, fresh = (Label.objects.create(team=team, name="x", deleted_at=at) for at in (NOW - DAY, NOW))
    assert sum(prune_bulk_acts(NOW)) == sum(prune_labels(NOW)) == 1
    assert (BulkAct.objects.get(), Label.objects.get()) == (kept, fresh)
