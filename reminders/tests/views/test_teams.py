"""A team's page: its reminders, filtered and paged."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from reminders.tests.factories import OccurrenceFactory, ReminderFactory
from reminders.tests.pages import HTMX, NOW, filled_in, outsider, person_in, signed_in
from teams.models import Role, Team

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana(team: Team) -> User:
    return person_in(team, zone="Europe/Berlin")


def text(client: Client, team: Team, query: str = "", **options: Any) -> str:
    return client.get(f"/teams/{team.uuid}/{query}", **options).content.decode()


def test_reminders_stand_in_the_order_in_which_they_come_with_their_state(team: Team, client: Client) -> None:
    ReminderFactory(team=team, title="third", now=NOW, paused=True)
    ReminderFactory(team=team, title="second", now=NOW, due=NOW + timedelta(days=2))
    ReminderFactory(team=team, title="first", now=NOW, daily=True)
    over = ReminderFactory(team=team, title="over", now=NOW, due=NOW - timedelta(days=2))
    OccurrenceFactory(reminder=over, due_at=NOW - timedelta(days=2))
    page = text(client, team, headers=HTMX)
    order = [">over<", ">first<", "every day at 15:20", ">second<", ">third<", "paused</span>"]
    assert sorted(order, key=page.index) == order
    assert "open, due 2 days ago" in page


def test_a_reminder_whose_stored_schedule_cannot_be_read_breaks_no_page(team: Team, client: Client) -> None:
    for rule, zone in (("GARBAGE", "UTC"), ("FREQ=HOURLY", "UTC"), ("FREQ=DAILY", "Europe/Atlantis")):
        reminder = ReminderFactory(team=team, title="broken", now=NOW, daily=True)
        type(reminder).objects.filter(pk=reminder.pk).update(rule=rule, zone=zone)
        page = f"/reminders/{reminder.uuid}/"
        for path in ("/today/", f"/teams/{team.uuid}/", page):
            assert client.get(path).status_code == 200, (rule, path)
        assert signed_in(reminder.author).get(f"{page}edit/").status_code == 200, rule


def test_a_schedule_that_cannot_be_read_is_mended_by_its_form(team: Team) -> None:
    reminder = ReminderFactory(team=team, now=NOW, daily=True)
    type(reminder).objects.filter(pk=reminder.pk).update(rule="GARBAGE")
    shown = signed_in(reminder.author).get(f"/reminders/{reminder.uuid}/edit/").context["form"]
    form = filled_in(team, repeat="daily", stored_at=shown.stored_at)
    assert signed_in(reminder.author).post(f"/reminders/{reminder.uuid}/edit/", form).status_code == 302
    reminder.refresh_from_db()
    assert reminder.rule == "FREQ=DAILY" and reminder.occurrences.filter(state="upcoming").exists()


def test_a_pause_that_ends_by_itself_is_shown(team: Team, client: Client) -> None:
    ReminderFactory(team=team, now=NOW, daily=True).pause(NOW, until=NOW + timedelta(days=9))
    assert "paused until" in text(client, team)


def test_filters_are_in_the_query_string_and_can_be_combined(team: Team, ana: User, client: Client) -> None:
    ReminderFactory(team=team, author=ana, title="Mine", now=NOW)
    ReminderFactory(team=team, author=ana, title="Mine, paused", now=NOW, paused=True)
    ReminderFactory(team=team, title="Somebody else's 100 %", now=NOW)
    assert "Somebody" not in text(client, team, "?mine=on")
    assert "Mine, paused" in text(client, team, "?mine=on&paused=on")
    assert ">Mine<" not in text(client, team, "?mine=on&paused=on")
    found = text(client, team, "?q=100+%25")
    assert "Somebody" in found and ">Mine<" not in found
    assert "No reminder fits." in text(client, team, "?q=nowhere")
    assert client.get(f"/teams/{team.uuid}/?page=x&q=%00").status_code == 200


def test_htmx_gets_the_list_alone(team: Team, client: Client) -> None:
    piece = text(client, team, "?q=a", headers=HTMX)
    assert 'id="reminders"' in piece and "<html" not in piece and "<form" not in piece


def test_fifty_a_page_with_a_steady_number_of_queries(
    team: Team, ana: User, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(52):
        ReminderFactory(team=team, author=ana, title=f"reminder {number:02}", now=NOW, people=[ana])
    with django_assert_num_queries(11):
        page = text(client, team)
    assert page.count('<li class="row"') == 50
    assert "page=2" in page and "1 person" in page
    assert text(client, team, "?page=2").count('<li class="row"') == 2


def test_an_outsider_finds_no_team(team: Team) -> None:
    assert signed_in(outsider()).get(f"/teams/{team.uuid}/").status_code == 404


def test_everybody_is_offered_what_their_role_may_do(team: Team) -> None:
    offers = {
        role: (f"/teams/{team.uuid}/reminders/new/" in page, f"/teams/{team.uuid}/settings/" in page)
        for role in Role
        if (page := text(signed_in(person_in(team, role)), team))
    }
    assert offers == {
        Role.OWNER: (True, True),
        Role.ADMIN: (True, True),
        Role.MEMBER: (True, False),
        Role.VIEWER: (False, False),
    }


def test_other_teams_reminders_and_deleted_ones_are_not_there(team: Team, client: Client) -> None:
    ReminderFactory(title="Of another team", now=NOW)
    ReminderFactory(team=team, title="Deleted", now=NOW).discard(NOW)
    page = text(client, team)
    assert "Of another team" not in page and "Deleted" not in page
