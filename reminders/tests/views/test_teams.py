"""A team's page: its reminders, filtered and paged."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from reminders.models import Label, Reminder
from reminders.tests.factories import OccurrenceFactory, ReminderFactory
from reminders.tests.pages import HTMX, NOW, filled_in, outsider, person_in, signed_in
from reminders.tests.scenes import many
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
    assert "Mine, paused" in text(client, team, "?mine=on&state=paused")
    assert ">Mine<" not in text(client, team, "?mine=on&state=paused")
    found = text(client, team, "?q=100+%25")
    assert "Somebody" in found and ">Mine<" not in found
    assert "Nothing matches" in text(client, team, "?q=nowhere")
    assert client.get(f"/teams/{team.uuid}/?page=x&q=%00").status_code == 200


def test_htmx_gets_the_list_alone(team: Team, client: Client) -> None:
    piece = text(client, team, "?q=a", headers=HTMX)
    assert 'id="reminders"' in piece and "<html" not in piece and "<form" not in piece


def test_more_filters_for_me_and_ended(team: Team, ana: User, client: Client) -> None:
    ReminderFactory(team=team, title="for Ana", now=NOW, people=[ana])
    ReminderFactory(team=team, title="for another", now=NOW, people=[person_in(team)])
    over = ReminderFactory(team=team, title="over", now=NOW)
    over.occurrences.update(state="done")
    assert ">for another<" not in text(client, team, "?for_me=on")
    ended = text(client, team, "?state=ended")
    assert ">over<" in ended and ">for Ana<" not in ended


@pytest.mark.parametrize(
    ("sort", "order"),
    [("title", "abc"), ("newest", "cba"), ("changed", "acb"), ("next", "bca"), ("nonsense", "bca")],
)
def test_the_order_is_in_the_address(team: Team, client: Client, sort: str, order: str) -> None:
    for n, title in enumerate("abc"):
        reminder = ReminderFactory(team=team, title=title, now=NOW, due=NOW + timedelta(hours=1 + (n - 1) % 3))
        Reminder.objects.filter(pk=reminder.pk).update(created_at=NOW + timedelta(hours=n))
    Reminder.objects.filter(title="a").update(changed_at=NOW + timedelta(hours=9))
    Reminder.objects.filter(title="c").update(changed_at=NOW + timedelta(hours=8))
    page = text(client, team, f"?sort={sort}")
    assert "".join(sorted("abc", key=lambda title: page.index(f">{title}</a>"))) == order


def test_nothing_of_a_strange_address_breaks_the_page(team: Team, client: Client) -> None:
    ReminderFactory(team=team, title="there", now=NOW)
    for query in ("?label=x&state=y&sort=z", "?label=00000000-0000-0000-0000-000000000000", "?q=%00&page=-1"):
        assert ">there<" in text(client, team, query)


@pytest.mark.parametrize("query", ["", "?q=reminder&mine=on&for_me=on", "?sort=title", "?state=ended"])
def test_fifty_a_page_with_as_many_queries_as_for_ten(
    team: Team, ana: User, client: Client, django_assert_num_queries: DjangoAssertNumQueries, query: str
) -> None:
    label = Label.objects.create(team=team, name="ops")

    def write(count: int) -> None:
        for number in range(count):
            ReminderFactory(team=team, author=ana, title=f"reminder {number:02}", now=NOW, people=[ana]).labels.add(
                label
            )

    write(10)
    with CaptureQueriesContext(connection) as few:
        text(client, team, query)
    assert len(few) <= 12
    write(42)
    with django_assert_num_queries(len(few)):
        page = text(client, team, query)
    if not query:
        assert page.count('<li class="row"') == 50
        assert "page=2" in page and "1 person" in page
        assert text(client, team, "?page=2").count('<li class="row"') == 2


def test_it_costs_the_same_at_ten_reminders_and_at_ten_thousand(
    team: Team, ana: User, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for more in (10, 9_990):
        many(team, ana, more, NOW)
        with django_assert_num_queries(11):  # two of them begin and end the transaction
            assert "many" in text(client, team)


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
