"""The calendar: what is booked, what the schedules will yield, and on which day each stands for whom."""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from accounts.models import User
from reminders.calendar import Month, entries, first_weekday, read_month
from reminders.models import Completion, Occurrence, Reminder, ZoneMode
from reminders.tests.factories import OccurrenceFactory, ReminderFactory
from reminders.tests.pages import HTMX, NOW, outsider, person_in, signed_in
from teams.models import Role, Team
from teams.tests.factories import MembershipFactory

pytestmark = pytest.mark.django_db

PATH = "/calendar/"


def text(client: Client, path: str = PATH, **headers: str) -> str:
    answer = client.get(path, headers=headers)
    assert answer.status_code == 200
    return answer.content.decode()


def cell(page: str, day: str) -> str:
    """The day's part of the grid."""
    return re.search(rf'<td[^>]*>\s*<a class="date" id="day-{day}".*?</td>', page, re.S)[0]


def states(page: str, day: str) -> list[str]:
    return re.findall(r'<a class="entry" data-state="([a-z]+)"', cell(page, day))


def titles(page: str) -> list[str]:
    """Of the entries in the grid."""
    return re.findall(r'<a class="entry".*?class="name">(.+?)<', page, re.S)


def agenda_of(page: str) -> str:
    """What is said of the chosen day."""
    return re.search(r'<section class="of-day".*?</section>', page, re.S)[0]


def on(team: Team, title: str, at: datetime, **fields: Any) -> Reminder:
    return ReminderFactory(team=team, title=title, due=at, now=NOW, **fields)


def at(day: int, hour: int, month: int = 11, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, tzinfo=UTC)


def test_the_present_month_stands_there_with_today_marked(client: Client) -> None:
    page = text(client)
    assert "<h1" in page and ">November 2026</h1>" in page
    assert re.findall(r'data-day="([^"]+)"[^>]*aria-current="date"', page) == ["2026-11-24"]
    assert page.count('aria-current="date"') == 1
    assert "<title>November 2026 · Calendar · Team Reminders</title>" in page


@pytest.mark.parametrize("asked", ["2026-13", "2026-1", "x", "1999-12", "2100-01", "\uff12026-12", "2026-12-01", ""])
def test_a_month_that_is_none_is_the_present_one(client: Client, asked: str) -> None:
    assert ">November 2026</h1>" in text(client, f"{PATH}?month={asked}")


@pytest.mark.parametrize("asked", ["2026-02-30", "x", "2100-01-01", ""])
def test_a_day_that_is_none_is_not_chosen(client: Client, asked: str) -> None:
    page = text(client, f"{PATH}?month=2026-12&day={asked}")
    assert ">December 2026</h1>" in page and "data-chosen" not in page


def test_months_lead_to_those_beside_them_and_end_where_the_calendar_does(client: Client) -> None:
    page = text(client, f"{PATH}?month=2026-12&mine=1&view=agenda")
    assert re.findall(r'href="([^"]+)" hx-get="[^"]+" rel', page) == [
        "/calendar/?month=2026-11&amp;mine=1&amp;view=agenda",
        "/calendar/?month=2027-01&amp;mine=1&amp;view=agenda",
    ]
    assert 'rel="prev"' not in text(client, f"{PATH}?month=2000-01")
    assert 'rel="next"' not in text(client, f"{PATH}?month=2099-12")


def test_what_is_booked_is_told_apart_from_what_follows_from_the_schedule(team: Team, client: Client) -> None:
    on(team, "Stand-up", at(24, 15), daily=True)
    page = text(client)
    assert states(page, "2026-11-23") == []
    assert states(page, "2026-11-24") == ["upcoming"]
    assert states(page, "2026-11-25") == ["projected"]
    assert states(page, "2026-12-06") == ["projected"]  # in the last week of the grid
    assert "follows from the schedule" in agenda_of(text(client, f"{PATH}?day=2026-11-25"))


def test_each_stands_on_the_day_of_the_readers_calendar(team: Team, ana: User, client: Client) -> None:
    on(team, "Close the books", at(30, 23))  # midnight in Berlin; 18:00 on the 30th for Ana in New York
    page = text(client, f"{PATH}?day=2026-11-30")
    assert states(page, "2026-11-30") == ["upcoming"] and states(page, "2026-12-01") == []
    assert ">18:00</time>" in cell(page, "2026-11-30")
    assert "00:00 in Berlin" in agenda_of(page)
    assert "Close the books · 00:00 in Berlin · booked" in cell(page, "2026-11-30")
    User.objects.filter(pk=ana.pk).update(zone="Europe/Berlin")
    page = text(client, f"{PATH}?day=2026-12-01")
    assert states(page, "2026-11-30") == [] and states(page, "2026-12-01") == ["upcoming"]
    assert "in Berlin" not in agenda_of(page)


def test_the_first_and_last_instant_of_the_grid_are_on_it_and_the_next_is_not(team: Team, ana: User) -> None:
    User.objects.filter(pk=ana.pk).update(zone="UTC")
    first = at(1, 0, month=3, year=2027)  # a Monday
    last = at(4, 23, month=4, year=2027) + timedelta(minutes=59)
    for title, due in {
        "a": first - timedelta(minutes=1),
        "b": first,
        "c": last,
        "d": last + timedelta(minutes=1),
    }.items():
        on(team, f"edge {title}", due)
    page = text(signed_in(ana), f"{PATH}?month=2027-03")
    assert titles(page) == ["edge b", "edge c"]


def test_a_day_without_02_30_has_it_an_hour_later_and_no_day_is_lost(team: Team, ana: User, client: Client) -> None:
    """Clocks in Berlin go on at 02:00 on 28 March 2027, in New York on the 14th."""
    User.objects.filter(pk=ana.pk).update(zone="Europe/Berlin")
    berlin = {"zone": "Europe/Berlin", "start": date(2026, 11, 25), "times": [time(2, 30)]}
    on(team, "Night watch", at(25, 2), daily=True, **berlin)
    page = text(client, f"{PATH}?month=2027-03")
    assert re.findall(r'class="entry" data-state="(\w+)"', page) == ["projected"] * 35
    assert ">02:30</time>" in cell(page, "2027-03-27")
    assert ">03:30</time>" in cell(page, "2027-03-28")
    User.objects.filter(pk=ana.pk).update(zone="America/New_York")
    page = text(client, f"{PATH}?month=2027-03")
    assert ">20:30</time>" in cell(page, "2027-03-12")
    assert ">21:30</time>" in cell(page, "2027-03-14")  # for two weeks New York is an hour nearer


def test_the_31st_is_the_last_day_of_a_shorter_month(team: Team, client: Client) -> None:
    rule = {"rule": "FREQ=MONTHLY;BYMONTHDAY=31", "zone": "America/New_York"}
    on(team, "Pay the rent", at(30, 15), start=date(2026, 10, 31), times=[time(10)], **rule)
    for month, day in {"2027-02": "2027-02-28", "2027-04": "2027-04-30", "2027-05": "2027-05-31"}.items():
        assert states(text(client, f"{PATH}?month={month}"), day) == ["projected"]


def test_what_was_moved_stands_where_it_comes_and_says_from_where(team: Team, client: Client) -> None:
    reminder = on(team, "Retro", at(24, 15), daily=True, zone="America/New_York")
    slot = datetime(2026, 11, 27, 10)
    assert reminder.move_slot(slot, datetime(2026, 11, 28, 17), NOW)
    page = text(client, f"{PATH}?day=2026-11-28")
    assert states(page, "2026-11-27") == []
    assert states(page, "2026-11-28") == ["projected", "projected"]
    assert "moved from Fri 27 Nov, 10:00" in agenda_of(page)
    assert reminder.move_slot(datetime(2026, 11, 24, 10), datetime(2026, 11, 24, 17), NOW)  # one that is booked
    page = text(client, f"{PATH}?day=2026-11-24")
    assert states(page, "2026-11-24") == ["upcoming"]
    assert "moved from Tue 24 Nov, 10:00" in agenda_of(page)


def test_what_was_left_out_of_a_series_says_so_whether_it_was_booked_or_not(
    team: Team, ana: User, client: Client
) -> None:
    reminder = on(team, "Retro", at(24, 15), daily=True, zone="America/New_York")
    assert reminder.skip_slot(datetime(2026, 11, 24, 10), ana, NOW)
    assert reminder.skip_slot(datetime(2026, 11, 27, 10), ana, NOW)
    page = text(client)
    assert states(page, "2026-11-24") == ["skipped"] and states(page, "2026-11-27") == ["skipped"]
    assert states(page, "2026-11-25") == ["upcoming"] and states(page, "2026-11-26") == ["projected"]


def test_what_happened_has_its_state_and_who_settled_it(team: Team, ana: User, client: Client) -> None:
    for day, state in {16: "done", 17: "skipped", 18: "missed", 19: "open", 20: "cancelled"}.items():
        due = at(day, 15)
        row = OccurrenceFactory(due_at=due, reminder=on(team, state, due), state=state)
        Occurrence.objects.filter(pk=row.pk, state="done").update(settled_by=ana)
    due = at(21, 15)
    OccurrenceFactory(due_at=due, reminder=on(team, "told", due, completion=Completion.NOBODY))
    page = text(client, f"{PATH}?day=2026-11-16")
    found = {day: states(page, f"2026-11-{day}") for day in range(16, 22)}
    assert found == {16: ["done"], 17: ["skipped"], 18: ["missed"], 19: ["open"], 20: [], 21: ["told"]}
    assert "done: Ana" in agenda_of(page)


def test_a_paused_reminder_is_not_projected_but_what_it_did_stays(team: Team, client: Client) -> None:
    reminder = on(team, "Stand-up", at(24, 15), daily=True)
    OccurrenceFactory(due_at=at(20, 15), reminder=reminder, state="done")
    reminder.pause(NOW, at(28, 0))
    page = text(client)
    assert states(page, "2026-11-27") == [] and states(page, "2026-11-28") == ["upcoming"]
    reminder.pause(NOW)
    page = text(client)
    assert re.findall(r'class="entry" data-state="(\w+)"', page) == ["done"]


def test_what_ended_or_was_deleted_is_not_projected(team: Team, client: Client) -> None:
    on(team, "Advent", at(24, 15), daily=True, until=date(2026, 11, 26))
    on(team, "Gone", at(24, 16), daily=True).discard(NOW)
    assert titles(text(client)) == ["Advent"] * 3


def test_what_comes_at_each_persons_own_time_is_there_once_and_at_mine(team: Team, ana: User, client: Client) -> None:
    person_in(team, zone="Asia/Tokyo")
    on(team, "Stretch", at(25, 9), daily=True, zone_mode=ZoneMode.RECIPIENT, author=ana, times=[time(9)])
    assert Occurrence.objects.values("zone").distinct().count() == 2
    page = text(client)
    assert states(page, "2026-11-25") == ["upcoming"] and ">09:00</time>" in cell(page, "2026-11-25")
    assert states(page, "2026-11-26") == ["projected"] and ">09:00</time>" in cell(page, "2026-11-26")


def test_a_full_day_shows_the_first_and_leads_to_all_of_them(team: Team, client: Client) -> None:
    for number in range(6):
        on(team, f"Check {number}", at(26, 10 + number))
    page = text(client)
    assert titles(cell(page, "2026-11-26")) == ["Check 0", "Check 1", "Check 2"]
    more = re.search(r'<a class="more" href="([^"]+)"[^>]*>3 more', cell(page, "2026-11-26"))
    assert more[1] == "/calendar/?day=2026-11-26#day"
    assert re.findall(r"Check (\d)</a>", agenda_of(text(client, more[1]))) == list("012345")


def test_four_on_a_day_have_room(team: Team, client: Client) -> None:
    for number in range(4):
        on(team, f"Check {number}", at(26, 10 + number))
    assert len(states(text(client), "2026-11-26")) == 4
    assert "more" not in cell(text(client), "2026-11-26")


def test_the_agenda_lists_days_that_have_something_and_folds_what_is_past(team: Team, client: Client) -> None:
    OccurrenceFactory(due_at=at(20, 15), reminder=on(team, "Past", at(20, 15)), state="done")
    on(team, "Coming", at(26, 15))
    page = text(client, f"{PATH}?view=agenda")
    assert re.findall(r'id="of-([^"]+)"', page) == ["2026-11-20", "2026-11-26"]
    assert page.index("Earlier this month") < page.index(">Past<") < page.index("</details>") < page.index(">Coming<")
    assert "Nothing in May 2027." in text(client, f"{PATH}?view=agenda&month=2027-05")


def test_a_long_day_of_the_agenda_leads_to_the_day(team: Team, client: Client) -> None:
    for number in range(23):
        on(team, f"Check {number:02}", at(26, 10) + timedelta(minutes=number))
    page = text(client, f"{PATH}?view=agenda")
    assert "Check 19" in page and "Check 20" not in page
    assert 'href="/calendar/?day=2026-11-26#day">3 more' in page


def test_weekends_and_holidays_of_the_team_are_shaded(team: Team, client: Client) -> None:
    Team.objects.update(country="DE", region="BY")
    page = text(client, f"/teams/{team.uuid}/calendar/?month=2026-12")
    assert " data-off" in cell(page, "2026-12-25") and "Christmas Day" in cell(page, "2026-12-25")
    assert " data-off" in cell(page, "2026-12-12") and " data-off" not in cell(page, "2026-12-24")


def test_over_several_teams_a_day_is_off_when_none_of_them_works(team: Team, ana: User, client: Client) -> None:
    MembershipFactory(user=ana, team__working_days=[5, 6])
    page = text(client)
    assert "<td data-off" not in page
    assert "<td data-off" in text(client, f"/teams/{team.uuid}/calendar/")


def test_a_teams_calendar_has_its_own_only_and_all_teams_share_one(team: Team, ana: User, client: Client) -> None:
    other = MembershipFactory(user=ana).team
    on(team, "Ours", at(26, 15))
    on(other, "Theirs", at(26, 16))
    ours = text(client, f"/teams/{team.uuid}/calendar/")
    assert "Ours" in ours and "Theirs" not in ours
    assert "Ours" in text(client) and "Theirs" in text(client)


def test_a_stranger_sees_nothing_of_it(team: Team) -> None:
    on(team, "Ours", at(26, 15), daily=True)
    stranger = signed_in(outsider())
    assert stranger.get(f"/teams/{team.uuid}/calendar/").status_code == 404
    assert "Ours" not in text(stranger)


def test_it_may_show_only_what_is_for_me(team: Team, client: Client) -> None:
    on(team, "For all", at(26, 15))
    on(team, "For Bo", at(26, 16), people=[person_in(team)])
    assert "For Bo" in text(client)
    assert "For Bo" not in text(client, f"{PATH}?mine=1") and "For all" in text(client, f"{PATH}?mine=1")


def test_an_empty_day_leads_to_the_form_of_a_new_reminder_on_that_day(team: Team, client: Client) -> None:
    page = text(client)
    address = f"/teams/{team.uuid}/reminders/new/?start=2026-11-26"
    assert f'class="add" href="{address}"' in cell(page, "2026-11-26")
    assert 'class="add"' not in cell(page, "2026-11-23")
    assert re.search(r'name="start" value="2026-11-26"', text(client, address))


def test_with_several_teams_the_day_asks_for_which(team: Team, ana: User, client: Client) -> None:
    other = MembershipFactory(user=ana).team
    MembershipFactory(user=ana, role=Role.VIEWER, team__name="Onlookers")
    page = text(client)
    assert 'class="add" href="/calendar/?day=2026-11-26#day"' in cell(page, "2026-11-26")
    day = agenda_of(text(client, f"{PATH}?day=2026-11-26"))
    offered = {f"/teams/{each.uuid}/reminders/new/?start=2026-11-26" for each in (team, other)}
    assert set(re.findall(r'href="([^"]*new/[^"]*)"', day)) == offered


def test_a_viewer_is_not_offered_to_write(team: Team) -> None:
    assert "reminders/new" not in text(signed_in(person_in(team, Role.VIEWER)))


def test_htmx_gets_the_month_with_its_title_and_what_to_say_of_it(team: Team, client: Client) -> None:
    on(team, "Stand-up", at(24, 15), daily=True, until=date(2026, 12, 3))
    piece = text(client, f"{PATH}?month=2026-12", **HTMX)
    assert "<html" not in piece and 'id="calendar"' in piece
    assert piece.count("<title>") == 1 and "<title>December 2026 · Calendar · Team Reminders</title>" in piece
    assert 'hx-swap-oob="innerHTML:#calendar-said">December 2026, 3 reminders<' in piece
    assert "data-focus" not in piece
    assert "data-focus" in text(client, f"{PATH}?day=2026-12-02", **HTMX)
    assert "<title>" in text(client, PATH, **HTMX | {"HX-History-Restore-Request": "true"})


@pytest.mark.parametrize(("language", "weekday"), [("en-gb", 0), ("de", 0), ("en-us", 6), ("fa", 5)])
def test_the_week_begins_as_it_does_in_the_readers_language(language: str, weekday: int) -> None:
    with translation.override(language):
        assert first_weekday() == weekday
        assert Month(2026, 12).weeks(first_weekday())[0][0].weekday() == weekday


def test_months_go_on_over_the_years() -> None:
    assert str(Month(2026, 12).following) == "2027-01" and str(Month(2026, 1).previous) == "2025-12"
    assert read_month("2026-12") == Month(2026, 12) and read_month("2026-00") is None


def test_the_number_of_queries_does_not_grow_with_the_reminders(team: Team, ana: User, client: Client) -> None:
    def queries(path: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            text(client, path)
        return len(asked)

    def more(number: int) -> None:
        for each in range(number):
            on(team, f"Stand-up {each}", at(24, 15), daily=True)
            OccurrenceFactory(due_at=at(20, 15), reminder=on(team, f"Past {each}", at(20, 15)), state="done")

    paths = [PATH, f"{PATH}?view=agenda", f"{PATH}?mine=1", f"/teams/{team.uuid}/calendar/?day=2026-11-24"]
    more(2)
    few = [queries(path) for path in paths]
    more(20)
    assert [queries(path) for path in paths] == few
    assert max(few) <= 10


def test_more_reminders_than_are_looked_at_are_said(
    team: Team, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(entries, "MOST_REMINDERS", 3)
    for number in range(3):
        on(team, f"Check {number}", at(26, 10))
    assert "too many reminders" not in text(client)
    on(team, "Check 3", at(26, 10))
    page = text(client)
    assert "too many reminders" in page and "Check 2" in page and "Check 3" not in page
    assert "too many reminders" not in text(client, f"{PATH}?month=2027-02")


def test_what_comes_too_often_has_its_first_times_and_is_named(team: Team, client: Client) -> None:
    on(team, "Ping", at(24, 14), cron="*/5 * * * *")
    on(team, "Stand-up", at(24, 15), daily=True)
    page = text(client, f"{PATH}?day=2026-11-25")
    assert "only the first times are shown" in page
    assert re.search(r"shown:.*?>Ping</a></span>", page, re.S)
    assert "Stand-up" in cell(page, "2026-12-06") and "Ping" not in cell(page, "2026-12-06")
    assert "are not shown." in agenda_of(page)  # 288 that day


def test_one_that_cannot_be_read_leaves_the_others(team: Team, client: Client) -> None:
    broken = on(team, "Broken", at(24, 15), daily=True)
    Reminder.objects.filter(pk=broken.pk).update(rule="FREQ=SOMETIMES")
    on(team, "Stand-up", at(24, 15), daily=True)
    assert "Stand-up" in cell(text(client), "2026-12-01")
