"""Opening a stored reminder and saving it again never changes when it comes; changing a part keeps the others."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta, timezone
from typing import Any

import pytest
from django.http import QueryDict

from reminders.forms import ReminderForm
from reminders.language import understand
from reminders.models import Reminder
from reminders.models.scheduled import work_calendar
from reminders.schedule import DayOff, MonthEnd, Schedule, bounded, import_rule
from reminders.tests.schedule_rows import ROWS
from reminders.tests.sentences import BERLIN, NOW, PEOPLE, SENTENCES
from teams.models import Team
from teams.tests.factories import TeamFactory

pytestmark = pytest.mark.django_db


def stored(schedule: Schedule, **team: Any) -> Reminder:
    """A reminder with that schedule, as if it had been read from the database; its team keeps the calendar."""
    calendar = schedule.calendar
    owner: Team = TeamFactory(
        zone=BERLIN,
        working_days=sorted(calendar.weekdays),
        country=calendar.country,
        region=calendar.region,
        days_off=sorted(calendar.days_off),
        **team,
    )
    reminder = Reminder(pk=1, team=owner, title="Kept", changed_at=NOW)
    reminder.schedule = schedule
    return reminder


def sent_back(reminder: Reminder, now: datetime = NOW, **changes: Any) -> ReminderForm:
    """The form as a browser shows it and sends it back, some fields changed."""
    shown = ReminderForm(instance=reminder, team=reminder.team, now=now)
    sent = QueryDict(mutable=True)
    for bound in shown:
        value = changes.get(bound.name, bound.value())
        if value is not None and value is not False:
            sent.setlist(bound.name, [str(each) for each in value] if isinstance(value, list) else [str(value)])
    sent["stored_at"] = shown.stored_at
    schedule = reminder.schedule
    again = Reminder(pk=1, team=reminder.team, title="Kept", changed_at=NOW)
    again.schedule = schedule
    form = ReminderForm(sent, instance=again, team=reminder.team, now=now)
    form.full_clean()
    return form


@pytest.mark.parametrize("schedule", [pytest.param(row.schedule, id=row.why) for row in ROWS])
def test_no_schedule_of_the_table_changes_by_being_looked_at(schedule: Schedule) -> None:
    reminder = stored(schedule)
    form = sent_back(reminder)
    assert form.is_valid(), form.errors
    assert form.schedule == reminder.schedule


@pytest.mark.parametrize("text", [each.values[0] for each in SENTENCES])
def test_no_schedule_that_can_be_said_changes_by_being_looked_at(text: str) -> None:
    said = understand(text, zone=BERLIN, now=NOW, people=PEOPLE).schedule
    assert said
    reminder = stored(said)
    form = sent_back(reminder)
    assert form.is_valid(), form.errors
    assert form.schedule == reminder.schedule


START = date(2026, 11, 24)
DAILY = Schedule(BERLIN, START, (time(9),), "FREQ=DAILY")
EXACT = import_rule("FREQ=DAILY;UNTIL=20261231T080000Z", DAILY)


def test_an_exact_end_stands_while_the_last_day_does() -> None:
    assert sent_back(stored(EXACT), at="08:00").schedule.last == datetime(2026, 12, 31, 9)
    moved = sent_back(stored(EXACT), until="2026-12-30").schedule
    assert (moved.until, moved.last) == (date(2026, 12, 30), None)
    endless = sent_back(stored(EXACT), ends="never").schedule
    assert (endless.until, endless.last) == (None, None)


def test_a_changed_count_counts_from_the_start() -> None:
    ten = bounded(replace(DAILY, count=10))
    assert sent_back(stored(ten), count="3").schedule.last == datetime(2026, 11, 26, 9)
    assert sent_back(stored(ten), start="2026-12-01").schedule.last == datetime(2026, 12, 10, 9)


def test_exceptions_stay_where_the_new_schedule_still_has_them() -> None:
    on_27, on_28, on_29 = (datetime(2026, 11, day, 9) for day in (27, 28, 29))
    elsewhere = datetime(2026, 12, 24, 15)
    before = replace(DAILY, skipped=frozenset({on_27, on_28}), moved=((on_29, elsewhere),))
    mondays_to_fridays = sent_back(stored(before), repeat="weekdays").schedule
    assert (mondays_to_fridays.skipped, mondays_to_fridays.moved) == ({on_27}, ())
    in_time = sent_back(stored(before), until="2026-12-01", ends="date").schedule
    assert (in_time.skipped, in_time.moved) == ({on_27, on_28}, ((on_29, elsewhere),))
    at_ten = sent_back(stored(before), at="10:00").schedule
    assert (at_ten.skipped, at_ten.moved) == (frozenset(), ())


def test_what_a_rule_cannot_say_is_kept_beside_it() -> None:
    odd = Schedule(
        BERLIN, START, (time(9), time(17)), "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13,31", month_end=MonthEnd.LAST
    )
    reminder = stored(odd)
    form = sent_back(reminder, at="09:00, 18:00", day_off="next")
    assert form["repeat"].value() == "rule"
    worked = work_calendar(reminder.team)
    assert form.schedule == replace(odd, times=(time(9), time(18)), day_off=DayOff.NEXT, calendar=worked)


def test_a_rule_that_was_written_in_another_way_keeps_its_text() -> None:
    written = replace(DAILY, rule="FREQ=MONTHLY;BYMONTH=6,3;BYMONTHDAY=1;WKST=SU")
    assert sent_back(stored(written), at="10:00").schedule.rule == written.rule
    assert sent_back(stored(written), month_days="2").schedule.rule == "FREQ=YEARLY;BYMONTH=3,6;BYMONTHDAY=2"


def test_a_stored_schedule_that_the_team_left_without_a_day_can_still_be_renamed() -> None:
    reminder = stored(replace(DAILY, rule="FREQ=WEEKLY;BYDAY=SA", day_off=DayOff.SKIP))
    assert sent_back(reminder, title="Better").is_valid()
    assert "day_off" in sent_back(reminder, at="10:00").errors


def test_what_is_long_past_can_be_renamed_but_not_begun_again() -> None:
    later = datetime(2030, 1, 1, tzinfo=timezone.utc) + timedelta(days=1)
    reminder = stored(bounded(replace(DAILY, count=3)))
    assert sent_back(reminder, later, title="Better").is_valid()
    assert "All of these have passed" in str(sent_back(reminder, later, count="4").errors["count"])
