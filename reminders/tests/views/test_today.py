"""Today: what needs the person now, and what comes."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from accounts.tests.factories import UserFactory
from reminders.models import Completion, Occurrence
from reminders.tests.factories import OccurrenceFactory, ReminderFactory
from reminders.tests.pages import HTMX, NOW, outsider, person_in, signed_in
from reminders.tests.scenes import many
from teams.models import Role, Team
from teams.tests.factories import MembershipFactory

pytestmark = pytest.mark.django_db


def text(client: Client, path: str = "/today/") -> str:
    return client.get(path).content.decode()


def waiting(team: Team, title: str = "Renew the certificate", hours: int = 2, **fields: object) -> Occurrence:
    due = NOW - timedelta(hours=hours)
    return OccurrenceFactory(due_at=due, reminder=ReminderFactory(team=team, title=title, due=due, now=NOW, **fields))


def coming(team: Team, title: str, **after: int) -> None:
    ReminderFactory(team=team, title=title, now=NOW, due=NOW + timedelta(**after))


def test_the_headline_says_what_needs_me_and_what_is_left_today(team: Team, client: Client) -> None:
    waiting(team)
    coming(team, "Hand over the phone", hours=1)
    page = text(client)
    assert "Tuesday, 24 November" in page
    assert "1 needs you now." in page
    assert "One more today, at" in page and ">09:20</time>" in page
    waiting(team, "Approve the payroll")
    coming(team, "Water the plants", hours=3)
    page = text(client)
    assert "2 need you now." in page
    assert "2 more today, the next at" in page


def test_rows_stand_under_the_day_of_the_readers_calendar(team: Team, client: Client) -> None:
    coming(team, "late tonight in New York", hours=15)  # 23:20 there, 05:20 tomorrow in Berlin
    coming(team, "tomorrow there", hours=16)
    coming(team, "on Friday", days=3)
    coming(team, "next week", days=7)
    page = text(client)
    order = [
        "Later today",
        "late tonight",
        "Tomorrow",
        "tomorrow there",
        "This week",
        "on Friday",
        "Later",
        "next week",
    ]
    assert sorted(order, key=page.rindex) == order
    assert "05:20 in Berlin" in page


def test_what_waits_for_others_weighs_less(team: Team, client: Client) -> None:
    waiting(team, "Not for Ana", people=[person_in(team)])
    page = text(client)
    assert "Nothing needs you now." in page
    assert page.index("Waiting for others") < page.index("Not for Ana")


def test_a_viewer_is_only_asked_for_what_is_addressed_to_them(team: Team) -> None:
    viewer = person_in(team, Role.VIEWER)
    mine, theirs = waiting(team), waiting(team, "Not for viewers", people=[person_in(team)])
    page = text(signed_in(viewer))
    assert f"/occurrences/{mine.uuid}/done/" in page
    assert "Not for viewers" in page
    assert f"/occurrences/{theirs.uuid}/done/" not in page


def test_what_only_tells_does_not_need_anybody(team: Team, client: Client) -> None:
    waiting(team, "The lift is being serviced", completion=Completion.NOBODY)
    assert "The lift" not in text(client)


def test_what_is_due_needs_me_even_while_no_scheduler_runs(team: Team, client: Client) -> None:
    due = NOW - timedelta(minutes=5)
    reminder = ReminderFactory(team=team, due=due, now=due - timedelta(hours=1))
    page = text(client)
    assert page.index("Needs you now") < page.index(reminder.title)


def test_what_was_answered_today_stands_below_with_who_did_it(team: Team, ana: User, client: Client) -> None:
    waiting(team).finish(ana, NOW - timedelta(minutes=5))
    waiting(team, "Yesterday's").finish(ana, NOW - timedelta(days=1))
    page = text(client)
    assert "Answered today" in page
    assert "Ana, <time" in page
    assert "Yesterday" not in page


def test_an_outsider_sees_nothing_of_it(team: Team) -> None:
    waiting(team)
    coming(team, "Water the plants", hours=1)
    page = text(signed_in(outsider()))
    assert "Renew" not in page and "Water" not in page


def test_who_is_signed_out_is_asked_to_sign_in() -> None:
    assert Client().get("/today/").status_code == 302


def test_without_a_team_there_is_one_next_step() -> None:
    page = text(signed_in(UserFactory()))
    assert "Create your first team" in page
    assert "/teams/new/" in page


def test_the_demo_is_offered_on_a_local_install_only(settings: object) -> None:
    client = signed_in(UserFactory())
    assert "Fill with demo data" in text(client)
    settings.LOCAL_INBOX = ""  # type: ignore[attr-defined]
    assert "Fill with demo data" not in text(client)


def test_a_team_without_reminders_offers_three_examples_that_open_the_form_filled_in(
    team: Team, client: Client
) -> None:
    page = text(client)
    assert page.count(f"/teams/{team.uuid}/reminders/new/?title=") == 3
    form = text(
        client, f"/teams/{team.uuid}/reminders/new/?title=Submit%20timesheets&repeat=weekly&weekdays=4&at=16:00"
    )
    assert 'value="Submit timesheets"' in form
    assert re.search(r'value="weekly"[^>]* checked', form)
    assert re.search(r'name="weekdays" value="4"[^>]* checked', form)
    assert re.search(r'type="time" name="at" value="16:00"', form)


def test_a_viewer_of_an_empty_team_is_not_offered_what_they_may_not_do(team: Team) -> None:
    page = text(signed_in(person_in(team, Role.VIEWER)))
    assert "Nothing here yet" in page
    assert "reminders/new" not in page


def test_the_number_of_queries_does_not_grow_with_the_rows(
    team: Team, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    people = [member.user for member in MembershipFactory.create_batch(3, team=team)]
    for number in range(12):
        waiting(team, f"open {number}")
        coming(team, f"coming {number}", hours=number)
        waiting(team, f"done {number}").finish(people[0], NOW)
    with django_assert_num_queries(12):  # two of them begin and end the transaction
        text(client)


def test_a_long_day_is_shown_in_part_and_whole_when_asked(team: Team, client: Client) -> None:
    for number in range(53):
        coming(team, f"coming {number:02}", minutes=number + 1)
    page = text(client)
    assert "coming 49" in page and "coming 50" not in page
    assert 'href="?all="' in page
    assert "coming 52" in text(client, "/today/?all")


def test_htmx_gets_the_piece_and_a_browser_the_page(client: Client) -> None:
    assert "<html" in client.get("/today/").content.decode()
    piece = client.get("/today/", headers=HTMX).content.decode()
    assert 'id="headline"' in piece and "<html" not in piece


def test_it_looks_again_by_itself_and_hears_nothing_new_with_an_empty_answer(team: Team, client: Client) -> None:
    waiting(team)
    with time_machine.travel(NOW, tick=False):
        page = client.get("/today/").content.decode()
        seen = re.search(r'"seen": "([^"]+)"', page)[1]
        assert client.get("/today/", {"seen": seen}, headers=HTMX).status_code == 204
        waiting(team, "Approve the payroll")
        piece = client.get("/today/", {"seen": seen}, headers=HTMX).content.decode()
    assert "Approve the payroll" in piece and "<html" not in piece
    assert f'<span class="num" id="waiting-{team.uuid}" hx-swap-oob="true">2<' in piece


def test_it_costs_the_same_at_ten_reminders_and_at_ten_thousand(
    team: Team, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    author = person_in(team)
    for more in (10, 9_990):
        many(team, author, more, NOW)
        with django_assert_num_queries(12):  # two of them begin and end the transaction
            assert "many" in text(client)
        with django_assert_num_queries(13):  # one finds the team
            text(client, f"/today/?team={team.uuid}")
        seen = version(text(client))
        with django_assert_num_queries(6):
            assert client.get("/today/", {"seen": seen}, headers=HTMX).status_code == 204


def test_what_asks_leaves_room_for_some_that_lie_ahead(team: Team, client: Client) -> None:
    many(team, person_in(team), 400, NOW)
    page = text(client)
    assert page.count('<li class="row"') == 60
    assert page.count('data-state="late"') >= 50


def version(page: str) -> str:
    return re.search(r'"seen": "([^"]+)"', page)[1]  # type: ignore[index]


def test_of_one_team_it_shows_only_that(team: Team, ana: User, client: Client) -> None:
    choir = MembershipFactory(user=ana, team__name="Choir").team
    waiting(team)
    waiting(choir, "Open the doors")
    page = text(client)
    assert "Renew the certificate" in page and "Open the doors" in page and f'href="?team={choir.uuid}"' in page
    page = text(client, f"/today/?team={choir.uuid}")
    assert "Renew the certificate" not in page and "Open the doors" in page
    assert "1 needs you now." in page
    assert re.search(rf'<option value="{choir.uuid}" selected', page)


def test_of_one_team_that_asks_nothing_it_leads_back_to_all(team: Team, client: Client) -> None:
    waiting(team)
    empty = MembershipFactory(user=User.objects.get(name="Ana Lopez"), team__name="Choir").team
    assert "Nothing of Choir ahead of you" in text(client, f"/today/?team={empty.uuid}")


@pytest.mark.parametrize("asked", ["", "x", "5d8a3f0e-6d0a-4a8e-9d38-6d5f3b1c7a01"])
def test_of_a_team_that_is_not_mine_it_shows_nothing(asked: str, client: Client) -> None:
    theirs = MembershipFactory().team
    assert client.get("/today/", {"team": asked}).status_code == (404 if asked else 200)
    assert client.get("/today/", {"team": theirs.uuid}).status_code == 404


def test_what_somebody_has_got_needs_nobody_else(team: Team, ana: User, client: Client) -> None:
    bo = person_in(team, name="Bo Diaz")
    occurrence = waiting(team)
    page = signed_in(bo).post(f"/occurrences/{occurrence.uuid}/acknowledge/", headers=HTMX).content.decode()
    assert "you have got it" in page and 'data-state="late"' in page
    page = text(client)
    assert "Nothing needs you now." in page and "Bo has got it" in page
    assert page.index("Waiting for others") < page.index("Renew the certificate")
    assert "1 needs you now." in text(signed_in(bo))


def test_the_first_to_say_so_has_got_it(team: Team, ana: User, client: Client) -> None:
    bo = person_in(team, name="Bo Diaz")
    occurrence = waiting(team)
    occurrence.acknowledge(bo, NOW)
    page = client.post(f"/occurrences/{occurrence.uuid}/acknowledge/", headers=HTMX).content.decode()
    assert "Bo Diaz has got it already." in page and "Bo has got it" in page
    client.post(f"/occurrences/{occurrence.uuid}/release/", headers=HTMX)
    assert "1 needs you now." in text(client)
    occurrence.finish(bo, NOW)
    assert not occurrence.acknowledge(ana, NOW) and not occurrence.release()


def test_what_somebody_had_got_who_has_left_needs_the_others_again(team: Team, client: Client) -> None:
    bo = person_in(team, name="Bo Diaz")
    waiting(team).acknowledge(bo, NOW)
    assert "Nothing needs you now." in text(client)
    bo.memberships.get().delete()
    page = text(client)
    assert "1 needs you now." in page and "Bo has got it" not in page


def test_what_was_left_out_today_stands_with_who_left_it_out(team: Team, ana: User, client: Client) -> None:
    waiting(team).skip(ana, NOW)
    page = text(client)
    assert "Answered today" in page and "Ana left it out" in page


def test_a_stranger_takes_nothing_on(team: Team) -> None:
    occurrence = waiting(team)
    for verb in ("acknowledge", "release"):
        assert signed_in(outsider()).post(f"/occurrences/{occurrence.uuid}/{verb}/").status_code == 404
    occurrence.refresh_from_db()
    assert occurrence.acknowledged_by is None


def test_only_who_may_edit_is_offered_it(team: Team, ana: User, client: Client) -> None:
    theirs, mine = waiting(team), waiting(team, "Mine", author=ana)
    page = text(client)
    assert f"/reminders/{mine.reminder.uuid}/edit/" in page
    assert f"/reminders/{theirs.reminder.uuid}/edit/" not in page
    assert f"/reminders/{theirs.reminder.uuid}/edit/" in text(signed_in(person_in(team, Role.ADMIN)))
