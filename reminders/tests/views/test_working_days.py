"""The page of a team's working days, and that its reminders follow what is saved."""

from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from reminders.tests.factories import ReminderFactory
from reminders.tests.pages import HTMX, NOW, outsider, person_in, signed_in
from teams.models import Role, Team

pytestmark = pytest.mark.django_db

CHRISTMAS = datetime(2026, 12, 25, 9, tzinfo=timezone.utc)  # a Friday


@pytest.fixture
def ana(team: Team) -> User:
    return person_in(team, Role.ADMIN)


def address(team: Team, preview: bool = False) -> str:
    return f"/teams/{team.uuid}/working-days/" + ("preview/" if preview else "")


def filled_in(**changes: Any) -> dict[str, Any]:
    form = {
        "working_days": ["0", "1", "2", "3", "4"],
        "country": "",
        "region": "",
        "days_off_from": [""],
        "days_off_to": [""],
    }
    return form | changes


def previewed(client: Client, team: Team, **changes: Any) -> str:
    answer = client.post(address(team, preview=True), filled_in(**changes), headers=HTMX)
    assert answer.status_code == 200
    return answer.content.decode()


def test_managers_save_the_days_and_everybody_reads_them_on_the_teams_page(team: Team, client: Client) -> None:
    form = filled_in(working_days=["6", "0", "1", "2", "3"], country="DE", region="BY")
    form |= {"days_off_from": ["2026-12-28", "2026-12-30", ""], "days_off_to": ["2026-12-30", "", ""]}
    answer = client.post(address(team), form)
    assert answer["Location"] == f"/teams/{team.uuid}/"
    team.refresh_from_db()
    assert (team.working_days, team.country, team.region) == ([0, 1, 2, 3, 6], "DE", "BY")
    assert team.days_off == [date(2026, 12, 28), date(2026, 12, 29), date(2026, 12, 30)]
    words = "Monday, Tuesday, Wednesday, Thursday and Sunday, holidays of Germany (Bayern)"
    assert f'<a href="{address(team)}">{words}</a>' in client.get(answer["Location"]).content.decode()
    page = signed_in(person_in(team, Role.VIEWER)).get(answer["Location"]).content.decode()
    assert words in page and address(team) not in page


def test_only_managers_come_in_and_outsiders_know_nothing_of_it(team: Team) -> None:
    for role in (Role.MEMBER, Role.VIEWER):
        member = signed_in(person_in(team, role))
        assert member.get(address(team)).status_code == 403
        assert member.post(address(team), filled_in(country="DE")).status_code == 403
        assert member.post(address(team, preview=True), filled_in()).status_code == 403
    stranger = signed_in(outsider())
    assert stranger.post(address(team), filled_in(country="DE")).status_code == 404
    assert stranger.post(address(team, preview=True), filled_in()).status_code == 404
    team.refresh_from_db()
    assert team.country == ""


def test_what_lies_ahead_moves_when_its_day_becomes_a_day_off_and_back(team: Team, client: Client) -> None:
    moved = ReminderFactory(team=team, now=NOW, due=CHRISTMAS, rule="FREQ=WEEKLY", day_off="next")
    stays = ReminderFactory(team=team, now=NOW, due=CHRISTMAS, rule="FREQ=WEEKLY")
    elsewhere = ReminderFactory(now=NOW, due=CHRISTMAS, rule="FREQ=WEEKLY", day_off="next")
    client.post(address(team), filled_in(country="DE", days_off_from=["2026-12-28"], days_off_to=[""]))
    assert moved.occurrences.get().due_at == datetime(2026, 12, 29, 9, tzinfo=timezone.utc)
    assert stays.occurrences.get().due_at == elsewhere.occurrences.get().due_at == CHRISTMAS
    client.post(address(team), filled_in())
    assert moved.occurrences.get().due_at == CHRISTMAS


def test_what_is_refused_saves_nothing_and_moves_nothing(team: Team, client: Client) -> None:
    reminder = ReminderFactory(team=team, now=NOW, due=CHRISTMAS, rule="FREQ=WEEKLY", day_off="next")
    answer = client.post(address(team), filled_in(country="FR", region="BY"), headers=HTMX)
    assert answer.status_code == 422
    assert "BY is not a region of France" in answer.content.decode()
    team.refresh_from_db()
    assert team.country == ""
    assert reminder.occurrences.get().due_at == CHRISTMAS


def test_the_next_ten_days_off_are_shown_before_anything_is_saved(team: Team, client: Client) -> None:
    page = previewed(client, team, country="DE", region="BY", days_off_from=["2026-12-24"], days_off_to=[""])
    order = ["Thu 24 Dec 2026", "Day off of your own", "Christmas Day", "Sat 26 Dec 2026", "not a working day anyway"]
    order += ["Epiphany", "Good Friday"]
    assert sorted(order, key=page.index) == order
    assert page.count('<time datetime="202') == 10
    team.refresh_from_db()
    assert (team.country, team.days_off) == ("", [])


def test_today_is_the_teams_own_day(team: Team, client: Client) -> None:
    Team.objects.update(zone="Pacific/Auckland", days_off=[date(2026, 11, 24), date(2026, 11, 25)])
    page = client.get(address(team)).content.decode()
    assert '<time datetime="2026-11-25">' in page and '<time datetime="2026-11-24">' not in page


def test_another_country_brings_its_regions_and_forgets_the_old_one(team: Team, client: Client) -> None:
    Team.objects.update(country="DE", region="BY")
    page = previewed(client, team, country="FR", region="BY")
    assert "Alsace" in page and "Bayern" not in page
    assert "aria-invalid" not in page
    assert 'name="region"' not in previewed(client, team, country="FO")


def test_rows_are_added_and_removed_and_the_next_one_takes_the_focus(team: Team, client: Client) -> None:
    rows = {"days_off_from": ["2026-12-24", "2026-12-31", ""], "days_off_to": ["", "2027-01-03", ""]}
    page = previewed(client, team, **rows, days_off_remove="0")
    assert 'value="2026-12-24"' not in page and 'value="2027-01-03"' in page
    assert page.count('name="days_off_from"') == 2
    assert page.count("data-focus") == 1
    assert "data-focus" not in previewed(client, team, **rows)


def test_without_scripts_the_preview_is_the_whole_page(team: Team, client: Client) -> None:
    page = client.post(address(team, preview=True), filled_in(country="DE")).content.decode()
    assert "<!doctype html>" in page.lower() and "Christmas Day" in page
    assert f'formaction="{address(team, preview=True)}"' in page


@pytest.mark.parametrize(
    ("country", "region", "words"),
    [
        pytest.param("ZZ", "", "For ZZ there is no list of public holidays any more", id="country"),
        pytest.param("DE", "Q", "For Germany (Q) there is no list of public holidays any more", id="region"),
    ],
)
def test_a_place_that_the_data_dropped_is_said_and_kept_until_it_is_changed(
    team: Team, client: Client, country: str, region: str, words: str
) -> None:
    Team.objects.update(country=country, region=region)
    page = client.get(address(team)).content.decode()
    assert words in page and f'<option value="{region or country}" selected>' in page
    assert client.get(f"/teams/{team.uuid}/").status_code == 200
    assert client.post(address(team), filled_in(country=country, region=region)).status_code == 302
    assert client.post(address(team), filled_in(country="DE")).status_code == 302
    assert words not in client.get(address(team)).content.decode()


def test_a_new_reminder_goes_by_the_saved_days(team: Team, client: Client) -> None:
    client.post(address(team), filled_in(working_days=["5", "6"]))
    team.refresh_from_db()
    reminder = ReminderFactory(team=team, now=NOW, due=NOW + timedelta(days=1), daily=True, day_off="skip")
    assert reminder.occurrences.get().due_at.date() == date(2026, 11, 28)
