"""Reminders by each recipient's own clock: every person gets a slot once, when their own clock shows it."""

from datetime import datetime, time, timedelta, timezone
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from reminders.dispatch import dispatch_due
from reminders.models import Completion, Delivery, Lateness, Occurrence, Reminder, ZoneMode
from reminders.schedule import DayOff
from reminders.scheduler import ReminderScheduler
from teams.models import Membership, Team

from .invariants import assert_sound
from .pages import signed_in
from .scenes import moves, on_own_clocks, person_in, reminder_due, send_all, team_of

pytestmark = pytest.mark.django_db

BERLIN, NEW_YORK, TOKYO = "Europe/Berlin", "America/New_York", "Asia/Tokyo"  # noon there: 11:00, 17:00, 03:00 UTC
KIRITIMATI, PAGO_PAGO = "Pacific/Kiritimati", "Pacific/Pago_Pago"  # noon there: 22:00 UTC the day before, 23:00 UTC
NOON = datetime(2026, 11, 24, 12, 0)
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
LONG_AGO = datetime(2026, 1, 1, tzinfo=timezone.utc)


def utc(hour: int, minute: int = 0, day: int = 24) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=timezone.utc)


IN_BERLIN, IN_NEW_YORK, IN_TOKYO = utc(11), utc(17), utc(3)
BEFORE = utc(0)


@pytest.fixture
def team() -> Team:
    return team_of(0)


@pytest.fixture
def ada(team: Team) -> User:
    return person_in(team, BERLIN, joined=LONG_AGO)


@pytest.fixture
def bob(team: Team) -> User:
    return person_in(team, NEW_YORK, joined=LONG_AGO)


def at_noon(team: Team, **fields: Any) -> Reminder:
    fields = {"rule": "FREQ=DAILY", "planned_at": BEFORE} | fields
    return on_own_clocks(team, NOON, **fields)


def told(person: User, *, step: str = "due") -> list[datetime]:
    """When the person was to be told, of whatever slot."""
    rows = Delivery.objects.filter(user=person, step=step).exclude(state="suppressed").order_by("planned_for")
    return list(rows.values_list("planned_for", flat=True))


def told_at(person: User, *instants: datetime) -> bool:
    """Whether dispatching at each of these brings the person exactly one message, and by then."""
    for instant in instants:
        if send_all(instant):
            assert_sound(instant)
    return len(told(person)) == 1


def open_slots(reminder: Reminder) -> list[tuple[str, datetime]]:
    return list(reminder.occurrences.filter(state="open").order_by("zone").values_list("zone", "slot"))


def upcoming(reminder: Reminder) -> list[tuple[str, datetime]]:
    rows = reminder.occurrences.filter(state="upcoming").order_by("due_at")
    return list(rows.values_list("zone", "due_at"))


def test_there_is_one_occurrence_for_each_clock_in_the_audience(team: Team, ada: User, bob: User) -> None:
    person_in(team, BERLIN, joined=LONG_AGO)
    reminder = at_noon(team)
    assert upcoming(reminder) == [(BERLIN, IN_BERLIN), (NEW_YORK, IN_NEW_YORK)]
    assert reminder.planned_zones == [NEW_YORK, BERLIN]
    assert_sound(BEFORE)


def test_everybody_gets_it_when_their_own_clock_shows_it(team: Team, ada: User, bob: User) -> None:
    reminder = at_noon(team)
    send_all(IN_BERLIN)
    assert (told(ada), told(bob)) == ([IN_BERLIN], [])
    send_all(IN_NEW_YORK)
    assert (told(ada), told(bob)) == ([IN_BERLIN], [IN_NEW_YORK])
    assert upcoming(reminder) == [(BERLIN, IN_BERLIN + DAY), (NEW_YORK, IN_NEW_YORK + DAY)]
    assert_sound(IN_NEW_YORK)


def test_only_the_clocks_of_chosen_people_count(team: Team, ada: User, bob: User) -> None:
    reminder = at_noon(team, people=[bob])
    moves(ada, TOKYO, BEFORE)
    assert upcoming(reminder) == [(NEW_YORK, IN_NEW_YORK)]
    send_all(IN_NEW_YORK)
    assert (told(ada), told(bob)) == ([], [IN_NEW_YORK])


def test_without_anybody_it_goes_by_its_own_clock(team: Team) -> None:
    reminder = at_noon(team)
    assert upcoming(reminder) == [("UTC", utc(12))]
    send_all(utc(12))
    assert upcoming(reminder) == [("UTC", utc(12, day=25))]


def test_on_both_sides_of_the_date_line_a_slot_is_a_day_apart(team: Team) -> None:
    east, west = (person_in(team, zone, joined=LONG_AGO) for zone in (KIRITIMATI, PAGO_PAGO))
    reminder = at_noon(team, planned_at=utc(0, day=23))
    for hour in range(24 * 3):
        if send_all(utc(0, day=23) + hour * HOUR):
            assert_sound(utc(0, day=23) + hour * HOUR)
    assert told(east) == [utc(22, day=23), utc(22, day=24), utc(22, day=25)]
    assert told(west) == [utc(23, day=24), utc(23, day=25)]
    assert reminder.occurrences.filter(slot=NOON).count() == 2


def test_several_times_a_day_each_clock_has_its_own_next(team: Team, ada: User, bob: User) -> None:
    reminder = at_noon(team, times=[time(9), time(14)])
    for hour in range(24):
        if send_all(BEFORE + hour * HOUR):
            assert_sound(BEFORE + hour * HOUR)
    assert told(ada) == [utc(8), utc(13)]
    assert told(bob) == [utc(14), utc(19)]
    assert open_slots(reminder) == [(NEW_YORK, NOON + 2 * HOUR), (BERLIN, NOON + 2 * HOUR)]


# Somebody joins, leaves


def test_who_joins_with_another_clock_is_planned_for(team: Team, ada: User) -> None:
    reminder = at_noon(team)
    assert not Reminder.objects.with_new_zones().exists()
    person_in(team, TOKYO, joined=utc(1))
    assert list(Reminder.objects.with_new_zones()) == [reminder]
    Reminder.objects.with_new_zones().recompute(utc(1))
    assert upcoming(reminder) == [(TOKYO, IN_TOKYO), (BERLIN, IN_BERLIN)]
    assert not Reminder.objects.with_new_zones().exists()


def test_who_joins_after_the_slot_has_passed_there_begins_with_the_next(team: Team, bob: User) -> None:
    at_noon(team)
    carl = person_in(team, BERLIN, joined=utc(13))
    Reminder.objects.with_new_zones().recompute(utc(13))
    for instant in (utc(13), IN_NEW_YORK, IN_BERLIN + DAY):
        if send_all(instant):
            assert_sound(instant)
    assert told(carl) == [IN_BERLIN + DAY]


def test_where_nobody_is_left_nothing_is_sent_and_nothing_more_is_planned(team: Team, ada: User, bob: User) -> None:
    reminder = at_noon(team)
    Membership.objects.filter(user=bob).delete()
    send_all(IN_NEW_YORK)
    assert told(bob) == []
    assert reminder.occurrences.get(zone=NEW_YORK).state == "cancelled"
    assert [zone for zone, _due in upcoming(reminder)] == [BERLIN]


def test_when_all_have_left_it_goes_by_its_own_clock_again(team: Team, ada: User) -> None:
    reminder = at_noon(team)
    Membership.objects.all().delete()
    send_all(IN_BERLIN)
    assert upcoming(reminder) == [("UTC", utc(12))]


# Somebody moves


def test_who_moves_east_past_the_slot_gets_it_on_the_old_clock(team: Team, ada: User, bob: User) -> None:
    at_noon(team)
    send_all(IN_BERLIN)
    moves(bob, BERLIN, utc(13))
    assert told_at(bob, utc(13), IN_NEW_YORK, utc(20))
    assert told(ada) == [IN_BERLIN]


def test_who_moves_east_before_the_slot_gets_it_there(team: Team, ada: User, bob: User) -> None:
    at_noon(team)
    moves(bob, BERLIN, utc(9))
    assert told_at(bob, IN_BERLIN, IN_NEW_YORK, utc(20))
    assert told(bob) == [IN_BERLIN]


def test_who_moves_to_a_clock_that_nobody_had_gets_it_there(team: Team, ada: User, bob: User) -> None:
    at_noon(team)
    moves(bob, TOKYO, utc(2))
    assert told_at(bob, IN_TOKYO, IN_BERLIN, IN_NEW_YORK, utc(20))
    assert told(bob) == [IN_TOKYO]


def test_who_uses_the_zone_of_their_device_is_planned_for_there(team: Team, ada: User, bob: User) -> None:
    """By the button of the question that a device in another zone raises."""
    reminder = at_noon(team)
    signed_in(bob).post("/me/zone/use/", {"zone": TOKYO})
    assert Reminder.objects.with_new_zones().get() == reminder
    Reminder.objects.with_new_zones().recompute(utc(2))
    assert told_at(bob, IN_TOKYO, IN_BERLIN, IN_NEW_YORK, utc(20))
    assert told(bob) == [IN_TOKYO]


def test_who_moves_west_after_getting_it_does_not_get_it_again(team: Team, ada: User, bob: User) -> None:
    at_noon(team)
    send_all(IN_BERLIN)
    moves(ada, NEW_YORK, utc(13))
    assert told_at(ada, IN_NEW_YORK, utc(20))
    assert told(bob) == [IN_NEW_YORK]


def test_who_moves_west_before_getting_it_gets_it_there(team: Team, ada: User, bob: User) -> None:
    at_noon(team)
    moves(ada, NEW_YORK, utc(10))
    assert told_at(ada, IN_BERLIN, IN_NEW_YORK, utc(20))
    assert told(ada) == [IN_NEW_YORK]


def test_who_moves_twice_gets_it_once_and_where_they_are(team: Team, ada: User, bob: User) -> None:
    at_noon(team)
    moves(ada, TOKYO, utc(10))
    moves(ada, PAGO_PAGO, utc(10, 30))
    assert told_at(ada, IN_BERLIN, IN_NEW_YORK, utc(23), IN_TOKYO + DAY - HOUR)
    assert told(ada) == [utc(23)]


def test_who_moves_and_comes_back_is_planned_for_again(team: Team, ada: User, bob: User) -> None:
    reminder = at_noon(team)
    moves(bob, BERLIN, utc(9))
    send_all(IN_NEW_YORK)
    moves(bob, NEW_YORK, utc(20))
    assert (NEW_YORK, IN_NEW_YORK + DAY) in upcoming(reminder)
    send_all(IN_BERLIN + DAY)
    send_all(IN_NEW_YORK + DAY)
    assert told(bob) == [IN_BERLIN, IN_NEW_YORK + DAY]


def test_a_notice_on_the_old_clock_does_not_use_up_the_slot(team: Team, ada: User, bob: User) -> None:
    at_noon(team, lead_times=[120])
    send_all(IN_BERLIN - 2 * HOUR)
    assert told(ada, step="advance-2h") == [IN_BERLIN - 2 * HOUR]
    moves(ada, NEW_YORK, IN_BERLIN - HOUR)
    for instant in (IN_BERLIN, IN_NEW_YORK - 2 * HOUR, IN_NEW_YORK):
        if send_all(instant):
            assert_sound(instant)
    assert told(ada) == [IN_NEW_YORK]
    assert len(told(ada, step="advance-2h")) == 1


def test_one_moved_by_hand_reaches_who_moves_past_where_it_is_now(team: Team, ada: User, bob: User) -> None:
    reminder = at_noon(team)
    assert reminder.move_slot(NOON + DAY, NOON - 2 * HOUR, BEFORE)
    send_all(IN_BERLIN - 2 * HOUR)
    moves(bob, BERLIN, utc(10))
    send_all(IN_NEW_YORK - 2 * HOUR)
    assert IN_NEW_YORK - 2 * HOUR in told(bob)


def test_one_moved_off_a_day_off_reaches_who_moves_past_where_it_is_now(team: Team, ada: User, bob: User) -> None:
    saturday = datetime(2026, 11, 28, 12, 0)
    at_noon(team, rule="FREQ=WEEKLY;BYDAY=SA", day_off=DayOff.PREVIOUS.value)
    send_all(utc(11, day=27))
    moves(bob, BERLIN, utc(13, day=27))
    send_all(utc(17, day=27))
    assert told(bob) == [utc(17, day=27)]
    assert Occurrence.objects.filter(slot=saturday, state="open").count() == 2


def test_who_is_there_already_when_it_is_written_too_late_for_them_begins_with_the_next(
    team: Team, ada: User, bob: User
) -> None:
    """The first slot passes in New York, and that must not wake who had noon before the reminder was written."""
    at_noon(team, planned_at=IN_BERLIN + HOUR)
    send_all(IN_NEW_YORK)
    assert (told(ada), told(bob)) == ([], [IN_NEW_YORK])


def test_what_a_pause_left_out_on_one_clock_is_not_sent_there_by_another(team: Team, ada: User, bob: User) -> None:
    reminder = at_noon(team)
    reminder.pause(IN_BERLIN - HOUR)
    reminder.resume(IN_BERLIN + HOUR)
    send_all(IN_NEW_YORK)
    assert (told(ada), told(bob)) == ([], [IN_NEW_YORK])


def test_who_comes_where_nobody_was_gets_it_on_the_old_clock(team: Team, ada: User, bob: User) -> None:
    """Berlin had been left when noon came there."""
    at_noon(team)
    moves(ada, PAGO_PAGO, utc(10))
    send_all(IN_BERLIN)
    moves(bob, BERLIN, utc(12))
    assert told_at(bob, utc(12), IN_NEW_YORK)


# Outages


def test_after_an_outage_that_spans_both_clocks_each_person_gets_it_once(team: Team, ada: User, bob: User) -> None:
    at_noon(team)
    send_all(IN_NEW_YORK + HOUR)
    assert told(ada) == [IN_BERLIN]
    assert told(bob) == [IN_NEW_YORK]
    assert_sound(IN_NEW_YORK + HOUR)


def test_who_moved_away_from_both_gets_it_once_after_an_outage(team: Team, ada: User, bob: User) -> None:
    at_noon(team)
    carl, dora = (person_in(team, zone, joined=LONG_AGO) for zone in (BERLIN, NEW_YORK))
    for person in (ada, bob):
        moves(person, TOKYO, utc(4))
    send_all(IN_NEW_YORK + HOUR)
    assert [len(told(person)) for person in (ada, bob, carl, dora)] == [1, 1, 1, 1]


def test_what_was_missed_on_one_clock_is_not_sent_there_by_another(team: Team, ada: User, bob: User) -> None:
    """The message of the afternoon says so; the clocks further west still get theirs on time."""
    at_noon(team, times=[time(9), time(14)])
    send_all(utc(13, 30))
    assert told(ada) == [utc(13)]
    send_all(utc(14))
    assert told(ada) == [utc(13)]
    assert told(bob) == [utc(14)]


def test_what_came_too_late_on_one_clock_is_not_sent_there_by_another(team: Team, ada: User, bob: User) -> None:
    reminder = at_noon(team, lateness=Lateness.SKIP)
    send_all(IN_BERLIN + HOUR)
    send_all(IN_NEW_YORK)
    assert told(ada) == []
    assert told(bob) == [IN_NEW_YORK]
    assert reminder.occurrences.get(zone=BERLIN, state="upcoming").missed_before == 1


# Who settles it


def test_who_settles_it_settles_it_on_every_clock(team: Team, ada: User, bob: User) -> None:
    reminder = at_noon(team)
    send_all(IN_BERLIN)
    assert reminder.occurrences.get(zone=BERLIN, state="open").finish(ada, utc(12))
    send_all(IN_NEW_YORK)
    assert told(bob) == []
    states = reminder.occurrences.filter(slot=NOON).values_list("state", "settled_by")
    assert list(states) == [("done", ada.pk)] * 2
    assert upcoming(reminder) == [(BERLIN, IN_BERLIN + DAY), (NEW_YORK, IN_NEW_YORK + DAY)]


@pytest.mark.parametrize("verb", ["finish", "skip"])
def test_undo_brings_it_back_on_every_clock(team: Team, ada: User, bob: User, verb: str) -> None:
    reminder = at_noon(team)
    send_all(IN_BERLIN)
    berlin = reminder.occurrences.get(zone=BERLIN, state="open")
    getattr(berlin, verb)(ada, utc(12))
    assert berlin.undo(utc(12, 1))
    assert_sound(utc(12, 1))
    assert list(reminder.occurrences.filter(slot=NOON).order_by("due_at").values_list("state", flat=True)) == [
        "open",
        "upcoming",
    ]
    send_all(IN_NEW_YORK)
    assert told(bob) == [IN_NEW_YORK]
    assert len(told(ada)) == 1


def test_undo_on_one_clock_opens_nothing_where_a_later_one_is_open(team: Team, ada: User, bob: User) -> None:
    reminder = at_noon(team, times=[time(9), time(14)])
    send_all(utc(8))
    reminder.occurrences.get(zone=BERLIN, state="open").finish(ada, utc(9))
    send_all(utc(13))
    new_york = reminder.occurrences.get(zone=NEW_YORK, slot=NOON - 3 * HOUR)
    assert new_york.undo(utc(13, 30))
    assert open_slots(reminder) == [(BERLIN, NOON + 2 * HOUR)]
    assert_sound(utc(13, 30))
    send_all(utc(14))
    assert told(bob) == [utc(14)]
    assert told(ada) == [utc(8), utc(13)]


def test_one_done_ahead_is_not_planned_on_a_clock_that_is_not_there_yet(team: Team) -> None:
    east, west = (person_in(team, zone, joined=LONG_AGO) for zone in (KIRITIMATI, PAGO_PAGO))
    reminder = at_noon(team, planned_at=utc(23, 30, day=23))
    tomorrow = reminder.occurrences.get(zone=KIRITIMATI)
    assert tomorrow.slot == NOON + DAY
    tomorrow.finish(east, utc(1))
    for hour in range(1, 72):
        if send_all(BEFORE + hour * HOUR):
            assert_sound(BEFORE + hour * HOUR)
    assert told(west) == [utc(23), utc(23, day=26)]
    assert told(east) == [utc(22, day=25), utc(22, day=26)]


def test_snooze_holds_on_one_clock_only(team: Team, ada: User, bob: User) -> None:
    reminder = at_noon(team)
    send_all(IN_BERLIN)
    reminder.occurrences.get(zone=BERLIN, state="open").snooze(utc(15), ada, utc(12))
    send_all(utc(15))
    send_all(IN_NEW_YORK)
    assert Delivery.objects.filter(user=ada, round=1).count() == 1
    assert told(bob) == [IN_NEW_YORK]
    assert Delivery.objects.filter(user=bob).count() == 1


def test_who_snoozes_and_then_moves_is_reminded_again_all_the_same(team: Team, ada: User, bob: User) -> None:
    reminder = at_noon(team)
    send_all(IN_BERLIN)
    reminder.occurrences.get(zone=BERLIN, state="open").snooze(utc(15), ada, utc(12))
    moves(ada, NEW_YORK, utc(13))
    send_all(utc(15))
    assert Delivery.objects.filter(user=ada, round=1).count() == 1
    send_all(IN_NEW_YORK)
    assert Delivery.objects.filter(user=ada).count() == 2


def test_skipping_one_that_is_not_booked_yet_leaves_it_out_everywhere(team: Team, ada: User, bob: User) -> None:
    reminder = at_noon(team)
    assert reminder.skip_slot(NOON + 2 * DAY, ada, BEFORE)
    for day in range(4):
        for instant in (IN_BERLIN, IN_NEW_YORK):
            if send_all(instant + day * DAY):
                assert_sound(instant + day * DAY)
    days = [0, 1, 3]
    assert told(ada) == [IN_BERLIN + day * DAY for day in days]
    assert told(bob) == [IN_NEW_YORK + day * DAY for day in days]


def test_one_open_on_a_clock_that_nobody_goes_by_any_more_is_closed_by_the_next(
    team: Team, ada: User, bob: User
) -> None:
    reminder = at_noon(team)
    send_all(IN_NEW_YORK)
    moves(bob, BERLIN, utc(20))
    send_all(IN_BERLIN + DAY)
    assert open_slots(reminder) == [(BERLIN, NOON + DAY)]


def test_what_only_tells_is_done_on_each_clock_by_itself(team: Team, ada: User, bob: User) -> None:
    reminder = at_noon(team, completion=Completion.NOBODY)
    send_all(IN_BERLIN)
    send_all(IN_NEW_YORK)
    send_all(IN_BERLIN + DAY)
    states = reminder.occurrences.filter(slot=NOON).order_by("due_at").values_list("zone", "state")
    assert list(states) == [(BERLIN, "done"), (NEW_YORK, "open")]


# Switching, and what it costs


def test_switching_to_own_clocks_tells_nobody_twice(team: Team, ada: User, bob: User) -> None:
    reminder = at_noon(team, zone_mode=ZoneMode.FIXED, zone=BERLIN)
    send_all(IN_BERLIN)
    assert (told(ada), told(bob)) == ([IN_BERLIN], [IN_BERLIN])
    switch(reminder, ZoneMode.RECIPIENT, utc(12))
    assert_sound(utc(12))
    assert told_at(bob, IN_NEW_YORK)
    send_all(IN_BERLIN + DAY)
    send_all(IN_NEW_YORK + DAY)
    assert told(bob) == [IN_BERLIN, IN_NEW_YORK + DAY]


def test_switching_there_and_back_leaves_one_series_on_one_clock(team: Team, ada: User, bob: User) -> None:
    reminder = at_noon(team, zone_mode=ZoneMode.FIXED, zone=BERLIN)
    for mode in (ZoneMode.RECIPIENT, ZoneMode.FIXED, ZoneMode.RECIPIENT, ZoneMode.FIXED):
        switch(reminder, mode, utc(1))
        assert_sound(utc(1))
    assert upcoming(reminder) == [(BERLIN, IN_BERLIN)]
    send_all(IN_BERLIN)
    send_all(IN_NEW_YORK)
    assert (told(ada), told(bob)) == ([IN_BERLIN], [IN_BERLIN])


def switch(reminder: Reminder, mode: ZoneMode, now: datetime) -> None:
    reminder.refresh_from_db()
    reminder.zone_mode = mode
    reminder.save()
    reminder.arrange(now)


def test_the_number_of_queries_does_not_grow_with_reminders_people_or_clocks() -> None:
    def queries(reminders: int, zones: list[str], day: int) -> int:
        team = team_of(0)
        for zone in zones:
            person_in(team, zone, joined=LONG_AGO)
        for _ in range(reminders):
            on_own_clocks(
                team, NOON.replace(day=day), planned_at=utc(0, day=day - 1), rule="FREQ=WEEKLY", lead_times=[60]
            )
        with CaptureQueriesContext(connection) as captured:
            assert dispatch_due(utc(17, day=day)) == reminders * len(zones)
        return len(captured)

    assert queries(2, [BERLIN, NEW_YORK], 4) == queries(20, [BERLIN, NEW_YORK, TOKYO, "UTC"], 5)


@pytest.mark.django_db(transaction=True)
def test_a_clock_that_nobody_knows_holds_up_no_other_mail(team: Team, ada: User, redis: Any) -> None:
    """The zone of a person may be one that newer tz data no longer have."""
    now = datetime.now(timezone.utc).replace(microsecond=0)
    own = on_own_clocks(team, NOON + 400 * DAY, planned_at=BEFORE)
    due = reminder_due(team, now - DAY + HOUR)
    User.objects.filter(pk=ada.pk).update(zone="Europe/Atlantis")
    assert own in Reminder.objects.with_new_zones()
    scheduler = ReminderScheduler("default", connection=redis)
    assert scheduler.one_pass()
    assert due.occurrences.get().state == "open"
    assert own in Reminder.objects.with_new_zones()


@pytest.mark.django_db(transaction=True)
def test_many_reminders_are_looked_through_for_new_clocks_some_at_a_time(
    team: Team, redis: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Looking at all of them at once would hold up whatever comes due meanwhile."""
    monkeypatch.setattr("reminders.models.clocks.LOOKED_AT", 2)
    monkeypatch.setattr("reminders.scheduler.OWN_WORK_EVERY", 0)
    own = [on_own_clocks(team, NOON + 400 * DAY, planned_at=BEFORE) for _ in range(5)]
    reminder_due(team, BEFORE + 400 * DAY)
    person_in(team, TOKYO, joined=BEFORE)
    scheduler = ReminderScheduler("default", connection=redis)
    left = []
    for _ in range(3):
        assert not scheduler.one_pass()
        left.append(list(Reminder.objects.with_new_zones().order_by("pk")))
    assert left == [own[2:], own[4:], []]
    person_in(team, "Asia/Kolkata", joined=BEFORE)
    scheduler.one_pass()
    assert Reminder.objects.with_new_zones().count() == 5, "the next round begins half a minute later"
    monkeypatch.setattr(scheduler, "_new_clocks_at", 0)
    scheduler.one_pass()
    assert Reminder.objects.with_new_zones().count() == 3
