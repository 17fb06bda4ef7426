"""The palette: what some letters lead to, for whom, and at what cost."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from reminders.models import Reminder
from reminders.tests.factories import OccurrenceFactory, ReminderFactory
from reminders.tests.pages import HTMX, NOW, outsider, person_in, signed_in
from teams.models import Role, Team

pytestmark = pytest.mark.django_db


@pytest.fixture
def reminder(team: Team, ana: User) -> Reminder:
    return ReminderFactory(team=team, author=ana, title="Renew the shop's certificate", due=NOW + timedelta(days=1))


def found(client: Client, q: str) -> str:
    answer = client.get("/search/", {"q": q}, headers=HTMX)
    assert answer.status_code == 200
    return answer.content.decode()


def labels(html: str) -> list[str]:
    return [re.sub(r"&#x27;", "'", each) for each in re.findall(r'<span class="name">(.*?)</span>', html)]


@pytest.mark.parametrize("q", ["renew", "CERT", "cert ren", "  sho ", "shop's"])
def test_a_reminder_is_found_by_the_first_letters_of_its_words(client: Client, reminder: Reminder, q: str) -> None:
    assert reminder.title in labels(found(client, q))


@pytest.mark.parametrize("q", ["enew", "cert x", ".*", "r.new", "[a", "%", "\\"])
def test_other_letters_and_signs_are_what_they_are(client: Client, reminder: Reminder, q: str) -> None:
    assert reminder.title not in labels(found(client, q))


def test_a_word_may_begin_with_a_sign(client: Client, team: Team) -> None:
    ReminderFactory(team=team, title="(draft) C++ release #12")
    for q in ("(dr", "c++", "#12"):
        assert "(draft) C++ release #12" in labels(found(client, q))


@pytest.mark.parametrize("q", ["x" * 101, "a\x00b"])
def test_what_cannot_be_looked_for_finds_nothing(client: Client, reminder: Reminder, q: str) -> None:
    assert labels(found(client, q)) == []


def test_the_stranger_and_who_left_find_nothing_of_it(team: Team, reminder: Reminder) -> None:
    member = person_in(team)
    gone = signed_in(member)
    assert reminder.title in labels(found(gone, "renew"))
    team.memberships.get(user=member).delete()
    for client in (gone, signed_in(outsider())):
        html = found(client, "renew") + found(client, "oper")
        assert reminder.title not in html and "Operations" not in html


def test_deleted_ones_are_not_found(client: Client, reminder: Reminder) -> None:
    reminder.discard(NOW)
    assert reminder.title not in labels(found(client, "renew"))


def test_what_can_be_done_with_the_first_is_offered(client: Client, reminder: Reminder) -> None:
    occurrence = OccurrenceFactory(reminder=reminder)
    html = found(client, "renew")
    title = reminder.title
    assert {f"Done: {title}", f"Pause: {title}", f"Edit: {title}"} <= set(labels(html))
    assert f'formaction="/occurrences/{occurrence.uuid}/done/"' in html


def test_viewers_are_offered_what_they_may(team: Team, reminder: Reminder) -> None:
    OccurrenceFactory(reminder=reminder)
    viewer = signed_in(person_in(team, Role.VIEWER))
    said = labels(found(viewer, "renew"))
    assert f"Done: {reminder.title}" in said
    assert not {f"Pause: {reminder.title}", f"Edit: {reminder.title}", "New reminder “renew”"} & set(said)


def test_begun_with_a_verb_it_is_that_act_on_all_that_fit(client: Client, team: Team, ana: User) -> None:
    for title in ("Check the backup", "Restore a backup"):
        ReminderFactory(team=team, author=ana, title=title)
    said = labels(found(client, "Pause backup"))
    assert said[:2] == ["Pause: Check the backup", "Pause: Restore a backup"]
    Reminder.objects.get(title="Check the backup").pause(NOW)
    assert "Resume: Check the backup" in labels(found(client, "resume backup"))


def test_a_title_that_begins_with_a_verb_is_found_all_the_same(client: Client, team: Team, ana: User) -> None:
    ReminderFactory(team=team, author=ana, title="Pause the sprinkler")
    assert "Pause the sprinkler" in labels(found(client, "pause"))
    assert "Pause the sprinkler" in labels(found(client, "pause the spr"))


def test_pages_and_teams_are_found_by_their_names(client: Client) -> None:
    assert labels(found(client, ""))[:3] == ["Today", "Calendar", "Operations"]
    assert {"Operations", "People", "Activity"} <= set(labels(found(client, "oper")))
    assert labels(found(client, "peo op"))[0] == "People"


def test_without_scripts_it_is_a_page_of_links_and_buttons(client: Client, reminder: Reminder) -> None:
    html = client.get("/search/", {"q": "renew"}).content.decode()
    main = html.partition("<main")[2].partition("</main>")[0]
    assert f'href="/reminders/{reminder.uuid}/"' in main
    assert f'<form method="post" action="/reminders/{reminder.uuid}/pause/">' in main
    assert 'role="option"' not in main


def test_it_asks_as_often_for_many_as_for_one(client: Client, team: Team, ana: User) -> None:
    counts = []
    for _more in range(2):
        ReminderFactory.create_batch(6, team=team, author=ana, title="Renew it")
        with CaptureQueriesContext(
            connection,
        ) as asked:
            found(client, "renew")
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 8, asked.captured_queries
