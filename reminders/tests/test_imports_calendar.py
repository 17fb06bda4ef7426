"""Calendars of all kinds come in: one row for each surprise."""

from datetime import datetime, timezone
from time import process_time
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from reminders.imports import Draft, Unreadable, read
from reminders.models import ImportKind, Reminder
from reminders.schedule import between
from teams.models import Role, Team
from teams.tests.factories import TeamFactory

from .pages import NOW, person_in, signed_in
from .test_imports import outcomes, sent

pytestmark = pytest.mark.django_db

CALENDAR = "text/calendar"
CUSTOM_ZONE = """BEGIN:VTIMEZONE
TZID:Customized Time Zone
BEGIN:STANDARD
DTSTART:16010101T030000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
END:VTIMEZONE
"""


@pytest.fixture(autouse=True)
def clock() -> Any:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def team() -> Team:
    return TeamFactory(zone="Europe/Berlin")


@pytest.fixture
def ana(team: Team) -> User:
    return person_in(team, Role.MEMBER)


@pytest.fixture
def client(ana: User) -> Client:
    return signed_in(ana)


def calendar_of(*components: str, before: str = "") -> bytes:
    text = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//x//x//EN\n{before}{''.join(components)}END:VCALENDAR\n"
    return text.replace("\n", "\r\n").encode()


def event(*lines: str, uid: str = "a@example.org", kind: str = "VEVENT") -> str:
    named = [f"UID:{uid}"] if uid else []
    return "".join(f"{line}\n" for line in [f"BEGIN:{kind}", *named, *lines, f"END:{kind}"])


def drafts_of(team: Team, *components: str, before: str = "") -> list[Draft]:
    return read(ImportKind.CALENDAR, calendar_of(*components, before=before), team, NOW)


def local_times(draft: Draft, zone: str = "Europe/Berlin", until: str = "2026-12-31") -> list[str]:
    """When it comes due this year, by the clock of a zone."""
    end = datetime.fromisoformat(until).replace(tzinfo=timezone.utc)
    return [f"{slot.at.astimezone(ZoneInfo(zone)):%m-%d %H:%M}" for slot in between(draft.due, NOW, end)]


@pytest.mark.parametrize(
    ("lines", "zone", "times"),
    [
        # an event in a zone, and one that others call otherwise
        (["DTSTART;TZID=Europe/Berlin:20261201T090000"], "Europe/Berlin", ["12-01 09:00"]),
        (["DTSTART;TZID=W. Europe Standard Time:20261201T090000"], "Europe/Berlin", ["12-01 09:00"]),
        (["DTSTART;TZID=America/New_York:20261201T090000"], "America/New_York", ["12-01 15:00"]),
        # in UTC: a single one is an instant, and the team's clock shows it as well
        (["DTSTART:20261201T080000Z"], "Europe/Berlin", ["12-01 09:00"]),
        # a series in UTC does not follow summer time
        (["DTSTART:20261201T080000Z", "RRULE:FREQ=DAILY;COUNT=2"], "UTC", ["12-01 09:00", "12-02 09:00"]),
        # all day: at nine, unless asked otherwise
        (["DTSTART;VALUE=DATE:20261201"], "Europe/Berlin", ["12-01 09:00"]),
        (["DTSTART;VALUE=DATE:20261201", "RRULE:FREQ=WEEKLY;UNTIL=20261208"], "Europe/Berlin",
         ["12-01 09:00", "12-08 09:00"]),
        # the end as an instant
        (["DTSTART;TZID=Europe/Berlin:20261201T090000", "RRULE:FREQ=DAILY;UNTIL=20261203T080000Z"], "Europe/Berlin",
         ["12-01 09:00", "12-02 09:00", "12-03 09:00"]),
        # what is left out, in one line, in several, and in UTC
        (["DTSTART;TZID=Europe/Berlin:20261201T090000", "RRULE:FREQ=DAILY;COUNT=5",
          "EXDATE;TZID=Europe/Berlin:20261202T090000,20261203T090000", "EXDATE:20261204T080000Z"], "Europe/Berlin",
         ["12-01 09:00", "12-05 09:00"]),
        (["DTSTART;VALUE=DATE:20261201", "RRULE:FREQ=DAILY;COUNT=3", "EXDATE;VALUE=DATE:20261202"], "Europe/Berlin",
         ["12-01 09:00", "12-03 09:00"]),
        # several times a day
        (["DTSTART;TZID=Europe/Berlin:20261201T090000", "RRULE:FREQ=DAILY;BYHOUR=9,17;BYMINUTE=0;COUNT=3"],
         "Europe/Berlin", ["12-01 09:00", "12-01 17:00", "12-02 09:00"]),
    ],
)  # fmt: skip
def test_an_event_comes_due_when_the_calendar_says(team: Team, lines: list[str], zone: str, times: list[str]) -> None:
    (draft,) = drafts_of(team, event("SUMMARY:Water", *lines))
    assert draft.why_not == ""
    assert (draft.due.zone, local_times(draft)) == (zone, times)


def test_one_of_a_series_that_was_moved_or_cancelled_stays_so(team: Team) -> None:
    (draft,) = drafts_of(
        team,
        event("DTSTART;TZID=Europe/Berlin:20261201T090000", "RRULE:FREQ=DAILY;COUNT=4", "SUMMARY:Water"),
        event("RECURRENCE-ID;TZID=Europe/Berlin:20261202T090000", "DTSTART;TZID=Europe/Berlin:20261202T150000"),
        event("RECURRENCE-ID:20261203T080000Z", "STATUS:CANCELLED", "DTSTART:20261203T080000Z"),
    )
    assert local_times(draft) == ["12-01 09:00", "12-02 15:00", "12-04 09:00"]


def test_the_newest_of_several_versions_counts(team: Team) -> None:
    begin = "DTSTART:20261201T080000Z"
    (draft,) = drafts_of(team, event("SUMMARY:Old", "SEQUENCE:1", begin), event("SUMMARY:New", "SEQUENCE:2", begin))
    assert draft.title == "New"


def test_a_time_without_a_zone_is_on_each_persons_own_clock(team: Team) -> None:
    """RFC 5545, 3.3.5."""
    (draft,) = drafts_of(team, event("SUMMARY:Lunch", "DTSTART:20261201T120000", "RRULE:FREQ=DAILY"))
    assert (draft.fields["zone_mode"], draft.due.zone) == ("recipient", "Europe/Berlin")


def test_a_zone_that_the_calendar_brings_along_is_known_by_what_its_clocks_show(team: Team) -> None:
    lines = ("SUMMARY:Water", "DTSTART;TZID=Customized Time Zone:20261201T090000")
    (draft,) = drafts_of(team, event(*lines), before=CUSTOM_ZONE)
    assert (draft.due.zone, local_times(draft)) == ("Europe/Berlin", ["12-01 09:00"])
    assert "Customized Time Zone" in draft.notes[0]
    elsewhere = TeamFactory(zone="Asia/Tokyo")
    (draft,) = drafts_of(elsewhere, event(*lines), before=CUSTOM_ZONE)
    assert draft.refused
    assert "Customized Time Zone" in draft.why_not


@pytest.mark.parametrize(
    ("lines", "refused", "why"),
    [
        (["DTSTART;TZID=Nowhere/Zone:20261201T090000"], True, "Nowhere/Zone"),
        (["DTSTART:2026garbage"], True, "read"),
        (["DTSTART:20261201T080000Z", "RRULE:FREQ=FOO"], True, ""),
        (["DTSTART:20261201T080000Z", "RRULE:FREQ=SECONDLY"], True, ""),
        (["DTSTART:20261201T080000Z", "RRULE:FREQ=DAILY", "RRULE:FREQ=WEEKLY"], True, "more than one rule"),
        (["DTSTART:20261201T080000Z", "RDATE:20261202T080000Z"], True, "more than one rule"),
        (["DTSTART:20261201T080000Z", "STATUS:CANCELLED"], False, "cancelled"),
        (["RECURRENCE-ID:20261201T080000Z", "DTSTART:20261201T080000Z"], True, "series"),
        (["STATUS:CONFIRMED"], False, "no date"),
    ],
)
def test_what_cannot_be_a_reminder_says_why(team: Team, lines: list[str], refused: bool, why: str) -> None:
    (draft,) = drafts_of(team, event("SUMMARY:Water", *lines))
    assert (draft.refused, bool(draft.why_not)) == (refused, True)
    assert why in draft.why_not


def test_a_series_that_changes_from_one_date_on_is_refused(team: Team) -> None:
    (draft,) = drafts_of(
        team,
        event("DTSTART:20261201T080000Z", "RRULE:FREQ=DAILY"),
        event("RECURRENCE-ID;RANGE=THISANDFUTURE:20261203T080000Z", "DTSTART:20261203T090000Z"),
    )
    assert "THISANDFUTURE" in draft.why_not


def test_an_event_without_a_uid_is_refused_since_it_would_come_in_again_each_time(team: Team) -> None:
    (draft,) = drafts_of(team, event("SUMMARY:Water", "DTSTART:20261201T080000Z", uid=""))
    assert "UID" in draft.why_not


def test_to_dos_come_due_when_they_are_due(team: Team) -> None:
    due, done = drafts_of(
        team,
        event("SUMMARY:Tax", "DTSTART:20261201T080000Z", "DUE:20261215T080000Z", kind="VTODO"),
        event("SUMMARY:Done", "DUE:20261215T080000Z", "STATUS:COMPLETED", uid="b", kind="VTODO"),
    )
    assert local_times(due) == ["12-15 09:00"]
    assert done.why_not


def test_a_to_do_goes_by_the_clock_of_when_it_is_due(team: Team) -> None:
    lines = ("SUMMARY:Tax", "DTSTART;TZID=Asia/Tokyo:20261201T080000", "DUE:20261215T080000")
    (draft,) = drafts_of(team, event(*lines, kind="VTODO"))
    assert draft.fields["zone_mode"] == "recipient"


def test_alarms_before_it_become_notices_in_advance(team: Team) -> None:
    alarms = [
        f"BEGIN:VALARM\nACTION:DISPLAY\nTRIGGER{trigger}\nEND:VALARM"
        for trigger in (":-PT1H", ":-P1D", ":-PT1M", ":PT0S", ":-P365D", ";RELATED=END:-PT2H",
                        ";VALUE=DATE-TIME:20261201T000000Z")
    ]  # fmt: skip
    (draft,) = drafts_of(team, event("SUMMARY:Water", "DTSTART:20261201T080000Z", *alarms))
    assert draft.fields["lead_times"] == [1440, 60]
    assert len(draft.notes) == 1


def test_alarms_of_a_whole_day_count_from_its_midnight(team: Team) -> None:
    """ "The day before at nine" is 15 hours before the day begins; the day itself comes at nine here."""
    alarms = [f"BEGIN:VALARM\nACTION:DISPLAY\nTRIGGER:{trigger}\nEND:VALARM" for trigger in ("-PT15H", "PT9H")]
    (draft,) = drafts_of(team, event("SUMMARY:Birthday", "DTSTART;VALUE=DATE:20261201", *alarms))
    assert draft.fields["lead_times"] == [1440]


def test_words_are_made_to_fit(team: Team) -> None:
    (draft,) = drafts_of(
        team,
        event(f"SUMMARY:{'long ' * 60}", f"DESCRIPTION:{'x' * 10_500}\\nmore", "DTSTART;VALUE=DATE:20261201"),
    )
    assert len(draft.title) <= 200
    assert len(draft.fields["notes"]) == 10_000
    assert len(draft.notes) == 3


def test_notes_say_where_it_is(team: Team) -> None:
    (draft,) = drafts_of(team, event("DTSTART:20261201T080000Z", "DESCRIPTION:Bring\\nkeys", "LOCATION:Room 3"))
    assert (draft.title, draft.fields["notes"]) == ("Without a title", "Bring\nkeys\n\nWhere: Room 3")


def test_years_of_past_events_are_left_out_and_what_is_to_come_comes_in(client: Client, team: Team) -> None:
    past = [event("SUMMARY:Past", f"DTSTART:20{year}0101T080000Z", uid=f"p{year}") for year in range(10, 26)]
    file = calendar_of(*past, event("SUMMARY:To come", "DTSTART:20261201T080000Z", uid="c"))
    assert outcomes(sent(client, team, file, kind=CALENDAR)) == {"new": 1, "left_out": 16}


def test_a_later_calendar_changes_what_differs_and_keeps_what_the_team_chose(
    client: Client, team: Team, ana: User
) -> None:
    sent(client, team, calendar_of(event("SUMMARY:Water", "DTSTART:20261201T080000Z")), kind=CALENDAR)
    row = Reminder.objects.get()
    row.completion, row.audience = "nobody", "people"
    row.save()
    row.people.add(ana)
    row.pause(NOW)
    later = calendar_of(event("SUMMARY:Water", "DTSTART:20261202T080000Z"))
    (line,) = sent(client, team, later, kind=CALENDAR)["lines"]
    assert (line["outcome"], line["changes"]) == ("changed", ["schedule"])
    row.refresh_from_db()
    assert (row.completion, row.audience, list(row.people.all()), row.paused_at) == ("nobody", "people", [ana], NOW)
    assert f"{row.start}" == "2026-12-02"


def test_a_uid_longer_than_the_column_is_still_the_same_the_second_time(client: Client, team: Team) -> None:
    file = calendar_of(event("SUMMARY:Water", "DTSTART:20261201T080000Z", uid="x" * 1900))
    assert outcomes(sent(client, team, file, kind=CALENDAR)) == {"new": 1}
    assert outcomes(sent(client, team, file, kind=CALENDAR)) == {"same": 1}


@pytest.mark.parametrize(
    "content",
    [
        b"hello",
        b"\x00\x01\x02",
        b"BEGIN:VCALENDAR\r\n",
        b"BEGIN:VEVENT\r\nEND:VEVENT\r\n",
        b"BEGIN:VCALENDAR\r\nEND:VEVENT\r\n",
        "BEGIN:VCALENDAR\r\nSUMMARY:ä".encode("utf-16"),
        b"BEGIN:VCALENDAR\r\n" + b"BEGIN:VEVENT\r\n" * 20_000,
        b"BEGIN:VCALENDAR\r\n" + b"BEGIN:VEVENT\r\n" * 20_000 + b"END:VEVENT\r\n" * 20_000 + b"END:VCALENDAR\r\n",
    ],
)
def test_what_is_no_calendar_says_so(client: Client, team: Team, content: bytes) -> None:
    answer = client.post(f"/api/v1/teams/{team.uuid}/import", content, content_type=CALENDAR)
    assert answer.status_code in {200, 422}
    assert not Reminder.objects.exists()


LINES = st.sampled_from(
    ["UID:a", "UID:b", "DTSTART:20261201T080000Z", "DTSTART;VALUE=DATE:20261201", "DTSTART;TZID=:20261201T080000",
     "DTSTART:00010101T000000Z", "DTSTART:99991231T235959Z", "DTSTART;TZID=Pacific/Apia:99991231T235959", "DUE:",
     "RRULE:", "RRULE:FREQ=DAILY;COUNT=0", "RRULE:FREQ=DAILY;UNTIL=00010101", "RRULE:FREQ=YEARLY;BYMONTH=13",
     "RRULE:FREQ=DAILY;INTERVAL=999999999999", "RRULE:FREQ=MONTHLY;BYDAY=6MO", "EXDATE:x", "EXDATE:99991231",
     "EXDATE:20261201T080000Z", "RECURRENCE-ID:20261201T080000Z", "RECURRENCE-ID;RANGE=THISANDFUTURE:x", "SUMMARY:",
     "SUMMARY:\u202e\x07", "SEQUENCE:-1", "SEQUENCE:9999999999999999999999", "STATUS:", "BEGIN:VALARM", "END:VALARM",
     "TRIGGER:-PT99999999999M", "TRIGGER:x", "BEGIN:VEVENT", "END:VEVENT", "BEGIN:VTODO", "END:VTODO", "DURATION:P1D"]
)  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=st.lists(LINES | st.text(max_size=30), max_size=12))
def test_no_calendar_breaks_the_reader(team: Team, lines: list[str]) -> None:
    content = calendar_of(*[f"{line}\n" for line in ["BEGIN:VEVENT", *lines, "END:VEVENT"]])
    try:
        drafts = read(ImportKind.CALENDAR, content, team, NOW)
    except Unreadable:
        return
    assert all(draft.schedule or draft.why_not for draft in drafts)


BOMB = """BEGIN:VTIMEZONE
TZID:%s
BEGIN:STANDARD
DTSTART:19700101T000000
RRULE:FREQ=SECONDLY
TZOFFSETFROM:+0%d00
TZOFFSETTO:+0%d00
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:19700101T000000
RRULE:FREQ=SECONDLY
TZOFFSETFROM:+0%d00
TZOFFSETTO:+0%d00
END:DAYLIGHT
END:VTIMEZONE
"""


def test_a_zone_whose_clocks_change_each_second_is_not_computed(team: Team) -> None:
    begun = process_time()
    (draft,) = drafts_of(team, event("DTSTART;TZID=Bomb:20261201T090000"), before=BOMB % ("Bomb", 5, 6, 6, 5))
    assert draft.refused
    assert process_time() - begun < 5  # it took minutes, and all memory


def test_a_zone_of_one_file_is_unknown_to_the_next(team: Team) -> None:
    """The parser remembers zones by name, for everybody."""
    drafts_of(team, event("DTSTART;TZID=Quiet:20261201T090000"), before=BOMB % ("Quiet", 5, 6, 6, 5))
    custom = CUSTOM_ZONE.replace("Customized Time Zone", "Quiet")
    (draft,) = drafts_of(team, event("DTSTART;TZID=Quiet:20261201T090000"), before=custom)
    assert local_times(draft) == ["12-01 09:00"]
    (draft,) = drafts_of(team, event("DTSTART;TZID=Quiet:20261201T090000"))
    assert "Quiet" in draft.why_not


@pytest.mark.parametrize(
    "line",
    [
        "DTSTART;" + ";".join(f"P{n}=1" for n in range(2_000)) + ":20261201T090000",
        "RRULE:FREQ=DAILY;BYHOUR=" + ",".join(["1"] * 2_000),
    ],
)
def test_lines_without_end_are_refused_before_they_are_parsed(team: Team, line: str) -> None:
    with pytest.raises(Unreadable, match="too long"):
        drafts_of(team, event(line))


def test_what_is_not_looked_at_may_be_as_long_as_it_likes(team: Team) -> None:
    attached = "ATTACH;ENCODING=BASE64;VALUE=BINARY:" + "A" * 1_000_000
    (draft,) = drafts_of(team, event("DTSTART:20261201T080000Z", attached, "X-A;" + "P=1;" * 100_000 + ":x"))
    assert local_times(draft) == ["12-01 09:00"]
