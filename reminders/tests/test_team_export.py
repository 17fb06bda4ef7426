"""A team takes its reminders away: as JSON from which each can be made again, and as a calendar that is never off."""

import json
import re
from dataclasses import replace
from datetime import datetime, timedelta
from io import StringIO
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from dateutil import tz
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from icalendar import Calendar

from accounts.models import User
from reminders.exports.calendar import most_dates
from reminders.exports.zones import vtimezone
from reminders.models import Reminder
from reminders.schedule import MonthEnd, Oddity, Schedule, between, bounded, oddity
from reminders.schedule.occur import locals_from
from reminders.schedule.plain import plain_rule
from teamreminders.testing.texts import NOT_ONE_LINE
from teamreminders.text import validate_one_line
from teams.models import Role, Team
from teams.tests.factories import MembershipFactory, OutsideAddressFactory, TeamFactory

from .exported import (
    SCHEDULES,
    UTC,
    WITHOUT_A_RULE,
    YEAR,
    ZONES,
    downloaded,
    instants_in,
    instants_of,
    rebuilt,
    schedule_of,
)
from .factories import ReminderFactory
from .pages import NOW, outsider, person_in, signed_in
from .test_schedule_reference import SLOWLY, questions

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock() -> Any:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def team() -> Team:
    return TeamFactory(
        name="Operations", zone="Europe/Berlin", country="DE", region="BE", days_off=[NOW.date() + timedelta(days=30)]
    )


@pytest.fixture
def ana(team: Team) -> User:
    return person_in(team, name="Ana Lopez", email="ana@example.org", zone="America/New_York")


@pytest.fixture
def client(ana: User) -> Client:
    return signed_in(ana)


def written(team: Team, schedule: Schedule, **fields: Any) -> Reminder:
    """A reminder with this schedule, as the form would store it; read again."""
    reminder = ReminderFactory(team=team, **fields)
    reminder.schedule = bounded(schedule)
    reminder.save()
    return Reminder.objects.get(pk=reminder.pk)


def document_of(client: Client, team: Team) -> dict[str, Any]:
    return json.loads(downloaded(client, team, "json"))


def the_reminder_in(client: Client, team: Team) -> dict[str, Any]:
    (record,) = document_of(client, team)["reminders"]
    return record


# --- JSON -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("zone", ZONES)
def test_every_schedule_can_be_made_again_from_the_json(client: Client, team: Team, zone: str) -> None:
    stored = {str(written(team, schedule_of(name, zone)).uuid): name for name in SCHEDULES}
    document = document_of(client, team)
    assert [stored[record["key"]] for record in document["reminders"]] == list(SCHEDULES)
    for record in document["reminders"]:
        reminder = Reminder.objects.get(uuid=record["key"])
        again = rebuilt(document, record)
        assert again == reminder.schedule, stored[record["key"]]
        assert instants_of(again) == instants_of(reminder.schedule)


def test_a_reminder_says_everything_that_it_is(client: Client, team: Team, ana: User) -> None:
    gone = MembershipFactory(team=team, user__email="gone@example.org")
    reminder = written(
        team, schedule_of("with some left out and moved", "Europe/Berlin"), title="Water “the” plants",
        notes="All\nten", author=ana,
        people=[ana, gone.user], completion="nobody", lateness="skip", late_hours=7, lead_times=[1440, 60],
    )  # fmt: skip
    gone.delete()
    for email, state in (("caretaker@example.net", "asked"), ("former@example.net", "removed")):
        reminder.outside.add(OutsideAddressFactory(team=team, email=email, state=state))
    reminder.pause(NOW)
    record = the_reminder_in(client, team)
    assert record["key"] == str(reminder.uuid)
    assert (record["title"], record["notes"], record["author"]) == ("Water “the” plants", "All\nten", "Ana Lopez")
    audience = {"kind": "people", "roles": [], "people": ["ana@example.org"], "outside": ["caretaker@example.net"]}
    assert record["audience"] == audience
    assert record["completion"] == "nobody"
    assert record["lateness"] == {"if_late": "skip", "hours": 7}
    assert record["lead_times"] == [1440, 60]
    assert record["paused"] == {"since": {"at": "2026-11-24T14:20:00+01:00", "zone": "Europe/Berlin"}, "until": None}
    assert (record["next"], record["error"]) == (None, None)
    schedule = record["schedule"]
    assert schedule["skipped"] == ["2027-03-28T09:00:00+02:00"]
    assert schedule["moved"][0] == {"slot": "2027-03-14T09:00:00+01:00", "to": "2027-03-15T11:00:00+01:00"}
    assert (record["text"], record["rrule"]) == ("every day at 09:00 and 17:00", "FREQ=DAILY")
    assert record["url"].endswith(f"/reminders/{reminder.uuid}/")


def test_the_document_names_its_format_and_its_team(client: Client, team: Team) -> None:
    document = document_of(client, team)
    assert document["format"] == "team-reminders/1"
    assert document["exported"] == {"at": "2026-11-24T14:20:00+01:00", "zone": "Europe/Berlin"}
    assert document["team"] == {
        "key": str(team.uuid), "name": "Operations", "zone": "Europe/Berlin",
        "subject_prefix": None,
        "working_days": ["MO", "TU", "WE", "TH", "FR"], "country": "DE", "region": "BE", "days_off": ["2026-12-24"],
    }  # fmt: skip
    assert document["reminders"] == []


def test_a_deleted_reminder_is_in_neither_file(client: Client, team: Team) -> None:
    ReminderFactory(team=team, title="Kept")
    ReminderFactory(team=team, title="Thrown away").discard(NOW)
    for ending in ("json", "ics"):
        assert b"Kept" in downloaded(client, team, ending)
        assert b"Thrown away" not in downloaded(client, team, ending)


def broken(team: Team, **columns: Any) -> Reminder:
    reminder = ReminderFactory(team=team, title="Broken", daily=True)
    Reminder.objects.filter(pk=reminder.pk).update(**columns)
    return reminder


@pytest.mark.parametrize(
    ("columns", "why"),
    [
        ({"rule": "FREQ=SOMETIMES"}, "FREQ must be DAILY, WEEKLY, MONTHLY or YEARLY."),
        ({"rule": "", "cron": "61 * * * *"}, "minute must be from 0-59"),
        ({"zone": "Mars/Olympus"}, "Mars/Olympus"),
        ({"moved": {"yesterday": "tomorrow"}}, "yesterday"),
    ],
)
def test_a_reminder_that_cannot_be_read_is_listed_with_its_error(
    client: Client, team: Team, columns: dict[str, Any], why: str
) -> None:
    reminder, sound = broken(team, **columns), ReminderFactory(team=team, title="Sound", daily=True)
    records = {record["title"]: record for record in document_of(client, team)["reminders"]}
    assert why in records["Broken"]["error"]
    assert (records["Broken"]["text"], records["Sound"]["error"]) == (None, None)
    assert records["Broken"]["schedule"]["rule"] == (columns.get("rule", "FREQ=DAILY") or None)
    calendar = Calendar.from_ical(downloaded(client, team, "ics"))
    (note,) = calendar.walk("VJOURNAL")
    assert note["SUMMARY"] == "Not in this calendar: Broken"
    assert why in note["DESCRIPTION"]
    uids = [event["UID"] for event in calendar.walk("VEVENT")]
    assert not [uid for uid in uids if uid.startswith(str(reminder.uuid))]
    assert [uid for uid in uids if uid.startswith(str(sound.uuid))]


# --- Calendar ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("zone", ZONES)
def test_no_calendar_has_a_reminder_an_hour_off(client: Client, team: Team, zone: str) -> None:
    """The complaint that every product knows: ".ics an hour off in Outlook", for a part of the year."""
    reminders = {name: written(team, schedule_of(name, zone)) for name in SCHEDULES}
    found = instants_in(downloaded(client, team, "ics"))
    for name, reminder in reminders.items():
        assert found[str(reminder.uuid)] == instants_of(reminder.schedule), name


@pytest.mark.parametrize("zone", ZONES[:3])
def test_nor_has_one_that_knows_only_what_the_file_says_of_the_zone(client: Client, team: Team, zone: str) -> None:
    """But for times that the clocks skip: RFC 5545 (3.3.5) has them by the clock before, this reader by that after."""
    reminders = {name: written(team, schedule_of(name, zone)) for name in SCHEDULES}
    calendar = downloaded(client, team, "ics")
    for mark in (b"TZID:", b"TZID="):
        calendar = calendar.replace(mark + zone.encode(), mark + b"Of/Our/Own/" + zone.encode())
    found = instants_in(calendar)
    for name, reminder in reminders.items():
        skipping = {at.date() for at, skipped in _local_times(reminder.schedule) if skipped}
        there, pair = reminder.schedule.tzinfo, (found[str(reminder.uuid)], instants_of(reminder.schedule))
        theirs, ours = ([at for at in each if at.astimezone(there).date() not in skipping] for each in pair)
        assert theirs == ours, name


def _local_times(schedule: Schedule) -> list[tuple[datetime, bool]]:
    """Those of the year, and whether the clocks skip them."""
    slots = [slot.local for slot in between(schedule, *YEAR)]
    return [(local, oddity(local, schedule.tzinfo) == Oddity.SKIPPED) for local in slots]


def test_what_a_rule_can_say_is_a_series_and_the_rest_an_event_for_each_date(client: Client, team: Team) -> None:
    reminders = {name: written(team, schedule_of(name, "Europe/Berlin")) for name in SCHEDULES}
    calendar = Calendar.from_ical(downloaded(client, team, "ics"))
    for name, reminder in reminders.items():
        events = [each for each in calendar.walk("VEVENT") if each["UID"].startswith(str(reminder.uuid))]
        rules = [each for each in events if "RRULE" in each]
        assert bool(rules) == (reminder.repeats and name not in WITHOUT_A_RULE), name
        assert not [each for each in events if "RDATE" in each]


@SLOWLY
@given(questions())
def test_a_plain_rule_has_the_days_of_its_schedule(question: tuple[Schedule, datetime]) -> None:
    schedule, about = question
    rule = plain_rule(schedule)
    begin = datetime.combine(schedule.start, datetime.min.time())
    first = next(locals_from(replace(schedule, last=None, until=None), begin), None)
    if rule is None or first is None:
        return
    since, end = about.replace(tzinfo=None), about.replace(tzinfo=None) + timedelta(days=900)
    endless = replace(schedule, until=None, count=None, last=None)
    plain = replace(endless, rule=rule, cron="", times=(first.time(),), start=first.date(), month_end=MonthEnd.SKIP)
    ours = {slot.date() for slot in _until(endless, since, end)}
    assert {slot.date() for slot in _until(plain, since.replace(hour=0, minute=0, second=0), end)} - {since.date()} == (
        ours - {since.date()}
    )


def _until(schedule: Schedule, since: datetime, end: datetime) -> list[datetime]:
    found = []
    for local in locals_from(schedule, since):
        if local.date() >= end.date():
            break
        found.append(local)
    return found


def test_many_left_out_ones_are_exdates_and_moved_ones_overrides(client: Client, team: Team) -> None:
    written(team, schedule_of("with some left out and moved", "Europe/Berlin"))
    text = downloaded(client, team, "ics").decode()
    assert "EXDATE;TZID=Europe/Berlin:20270328T090000\r\n" in text
    assert "RECURRENCE-ID;TZID=Europe/Berlin:20270314T090000\r\n" in text
    assert "DTSTART;TZID=Europe/Berlin:20270315T110000\r\n" in text


def test_an_end_is_the_last_instant_in_utc(client: Client, team: Team) -> None:
    written(team, schedule_of("until a day", "America/New_York"))
    text = downloaded(client, team, "ics").decode()
    assert "RRULE:FREQ=DAILY;UNTIL=20270328T130000Z\r\n" in text
    assert "RRULE:FREQ=DAILY;UNTIL=20270329T010000Z\r\n" in text


def test_a_later_export_changes_the_same_events(client: Client, team: Team, clock: Any) -> None:
    written(team, schedule_of("several times a day", "Europe/Berlin"))
    written(team, schedule_of("moved off days off", "Europe/Berlin"))
    before = Calendar.from_ical(downloaded(client, team, "ics")).walk("VEVENT")
    clock.shift(timedelta(hours=1))
    after = Calendar.from_ical(downloaded(client, team, "ics")).walk("VEVENT")
    assert len({event["UID"] for event in before}) == len(before)
    assert [event["UID"] for event in before] == [event["UID"] for event in after]
    assert all(old["SEQUENCE"] < new["SEQUENCE"] for old, new in zip(before, after, strict=True))


def test_words_come_through_whatever_they_are(client: Client, team: Team) -> None:
    title = "Prüfen; “a, b” \\ END:VCALENDAR " + "🌱" * 60
    ReminderFactory(team=team, title=title, notes="one\ntwo;\nBEGIN:VEVENT\n" + "ä" * 200)
    calendar = downloaded(client, team, "ics")
    assert max(len(line) for line in calendar.split(b"\r\n")) <= 75
    (event,) = Calendar.from_ical(calendar).walk("VEVENT")
    assert event["SUMMARY"] == title
    assert event["DESCRIPTION"] == "one\ntwo;\nBEGIN:VEVENT\n" + "ä" * 200


def test_times_on_everybodys_own_clock_float(client: Client, team: Team) -> None:
    written(team, schedule_of("until a day", "Europe/Berlin"), zone_mode="recipient")
    text = downloaded(client, team, "ics").decode()
    assert "DTSTART:20261102T090000\r\n" in text
    assert "UNTIL=20270328T090000\r\n" in text


def test_a_pause_is_seen_in_the_calendar(client: Client, team: Team) -> None:
    paused = written(team, schedule_of("every day", "Europe/Berlin"))
    resting = written(team, schedule_of("every day", "Europe/Berlin"))
    paused.pause(NOW)
    resting.pause(NOW, until=datetime(2027, 2, 1, tzinfo=UTC))
    calendar = downloaded(client, team, "ics")
    states = {each["UID"][:36]: each["STATUS"] for each in Calendar.from_ical(calendar).walk("VEVENT")}
    assert states == {str(paused.uuid): "CANCELLED", str(resting.uuid): "CONFIRMED"}
    assert instants_in(calendar)[str(resting.uuid)][0] == datetime(2027, 2, 1, 8, tzinfo=UTC)


def test_the_more_reminders_have_no_rule_the_fewer_dates_of_each_are_written_out() -> None:
    assert [most_dates(n) for n in (0, 25, 100, 10_000, 1_000_000)] == [400, 400, 100, 2, 2]


@pytest.mark.parametrize("zone", [*ZONES, "Africa/Casablanca", "Asia/Jerusalem", "Europe/Dublin", "Asia/Kolkata"])
def test_a_zone_is_described_as_it_is(zone: str) -> None:
    described = tz.tzical(StringIO(vtimezone(zone, 2019, 2026).decode().replace("\r\n", "\n"))).get()
    there, at = ZoneInfo(zone), datetime(2020, 1, 1, tzinfo=UTC)
    while at < datetime(2030, 1, 1, tzinfo=UTC):
        local = at.astimezone(there)
        wall = local.replace(tzinfo=None, fold=0)
        if wall.replace(tzinfo=there).utcoffset() == wall.replace(tzinfo=there, fold=1).utcoffset():
            assert wall.replace(tzinfo=described).utcoffset() == local.utcoffset(), wall
        at += timedelta(hours=7)


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe"])
def test_a_zone_has_one_rule_for_each_half_of_the_year_as_outlook_wants_it(zone: str) -> None:
    lines = vtimezone(zone, 2019, 2026).decode().split("\r\n")
    assert [lines.count("BEGIN:STANDARD"), lines.count("BEGIN:DAYLIGHT")] == [1, 1]
    assert len([line for line in lines if line.startswith("RRULE:FREQ=YEARLY;")]) == 2


# --- Both -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", ["json", "ics"])
def test_the_number_of_queries_does_not_grow_with_the_number_of_reminders(
    client: Client, team: Team, ana: User, ending: str
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            downloaded(client, team, ending)
        return len(captured)

    for name in SCHEDULES:
        written(team, schedule_of(name, "Europe/Berlin"), people=[ana])
    few = queries()
    for name in list(SCHEDULES) * 2:
        written(team, schedule_of(name, "Europe/Berlin"), people=[ana, person_in(team)])
    assert queries() == few


@pytest.mark.parametrize("ending", ["json", "ics"])
def test_a_viewer_may_take_it_and_a_stranger_does_not_know_of_it(team: Team, ending: str) -> None:
    address = f"/teams/{team.uuid}/export/reminders.{ending}"
    assert signed_in(person_in(team, Role.VIEWER)).get(address).status_code == 200
    assert signed_in(outsider()).get(address).status_code == 404


@pytest.mark.parametrize(
    ("name", "plain", "whole"),
    [
        ("Operations", "operations-reminders", "Operations%20-%20reminders"),
        ("Größe & Co/KG", "groe-co-kg-reminders", "Gr%C3%B6%C3%9Fe%20%26%20Co-KG%20-%20reminders"),
        ('"; filename=evil.exe\r\n', "filenameevilexe-reminders", "%3B%20filename%3Devil.exe-%20-%20reminders"),
        ("運用", "reminders", "%E9%81%8B%E7%94%A8%20-%20reminders"),
    ],
)
def test_the_file_has_a_name_that_no_browser_mistakes(ana: User, name: str, plain: str, whole: str) -> None:
    team = TeamFactory(name=name, owner=ana)
    answer = signed_in(ana).get(f"/teams/{team.uuid}/export/reminders.json")
    expected = f"attachment; filename=\"{plain}.json\"; filename*=UTF-8''{whole}.json"
    assert answer["Content-Disposition"] == expected
    assert {"private", "no-store"} <= set(answer["Cache-Control"].split(", "))


def test_the_page_leads_to_both_files_and_the_team_to_the_page(client: Client, team: Team) -> None:
    assert f"/teams/{team.uuid}/export/" in client.get(f"/teams/{team.uuid}/").content.decode()
    page = client.get(f"/teams/{team.uuid}/export/").content.decode()
    for ending in ("json", "ics"):
        assert f"/teams/{team.uuid}/export/reminders.{ending}" in page


def test_the_year_that_is_compared_has_both_clock_changes() -> None:
    for zone in ZONES[:3]:
        days = [YEAR[0] + timedelta(days=n) for n in range(366)]
        offsets = [day.astimezone(ZoneInfo(zone)).utcoffset() for day in days]
        assert sum(a != b for a, b in pairwise(offsets)) == 2


def uids(client: Client, team: Team) -> set[str]:
    calendar = Calendar.from_ical(downloaded(client, team, "ics"))
    return {str(event["UID"]) for event in calendar.walk("VEVENT")}


@pytest.mark.parametrize("repeats", [{}, {"rule": "FREQ=DAILY"}])
def test_a_reminder_that_comes_at_another_time_is_the_same_event(
    client: Client, team: Team, repeats: dict[str, str]
) -> None:
    reminder = ReminderFactory(team=team, **repeats)
    before = uids(client, team)
    Reminder.objects.filter(pk=reminder.pk).update(times=["23:15"], start="2099-01-01")
    assert uids(client, team) == before
    assert len(before) == 1


def test_notices_in_advance_are_alarms(client: Client, team: Team) -> None:
    ReminderFactory(team=team, title="Pay the rent", lead_times=[1440, 60])
    calendar = Calendar.from_ical(downloaded(client, team, "ics"))
    alarms = calendar.walk("VALARM")
    assert [alarm["TRIGGER"].dt for alarm in alarms] == [-timedelta(days=1), -timedelta(hours=1)]
    assert {str(alarm["DESCRIPTION"]) for alarm in alarms} == {"Pay the rent"}


@pytest.mark.parametrize("text", NOT_ONE_LINE)
def test_no_sign_of_a_name_breaks_the_calendar(client: Client, team: Team, text: str) -> None:
    """Rows may be older than the rule for names; and a reminder that cannot be read has its title as well."""
    Team.objects.update(name=text)
    ReminderFactory(team=team, title=text, daily=True, lead_times=[60])
    broken(team, title=text, rule="FREQ=SOMETIMES")
    calendar = Calendar.from_ical(content := downloaded(client, team, "ics"))
    assert not re.search(rb"[\x00-\x09\x0b\x0c\x0e-\x1f\x7f]|(?<!\r)\n|\r(?!\n)", content)
    (event,), (note,) = calendar.walk("VEVENT"), calendar.walk("VJOURNAL")
    (alarm,) = calendar.walk("VALARM")
    said = calendar["X-WR-CALNAME"], event["SUMMARY"], alarm["DESCRIPTION"], note["SUMMARY"]
    for words in map(str, said):
        assert "Ops" in words
        validate_one_line(words)


def test_notes_keep_their_lines_and_lose_their_controls(client: Client, team: Team) -> None:
    notes = "One\r\n\ttwo\rthree\x0bfour\x1b[31m\x7f\u2028five \u202bحمودي\u202c; six, seven\\"
    ReminderFactory(team=team, daily=True, notes=notes)
    (event,) = Calendar.from_ical(downloaded(client, team, "ics")).walk("VEVENT")
    assert event["DESCRIPTION"] == "One\n\ttwo\nthree\nfour[31m\nfive \u202bحمودي\u202c; six, seven\\"
