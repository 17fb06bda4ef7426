"""What is done to many reminders from a team's page, and taken back by its message."""

import re
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils.html import escape

from accounts.models import User
from reminders.models import BulkAct, Label, Reminder
from reminders.tests.factories import ReminderFactory
from reminders.tests.pages import HTMX, NOW, outsider, person_in, signed_in
from teams.models import Role, Team

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(team: Team) -> Client:
    return signed_in(person_in(team, Role.ADMIN))


def send(client: Client, team: Team, verb: str, query: str = "", **form: Any) -> HttpResponse:
    return client.post(f"/teams/{team.uuid}/reminders/{verb}/{query}", form, follow=True)


def undo_of(page: HttpResponse) -> str:
    return re.search(r'action="(/teams/reminders/bulk/[^"]+)"', page.content.decode())[1]


def ids(*reminders: Reminder) -> list[str]:
    return [str(reminder.uuid) for reminder in reminders]


def test_chosen_ones_are_paused_and_the_message_takes_it_back(team: Team, admin: Client) -> None:
    first, second, _other = ReminderFactory.create_batch(3, team=team, now=NOW)
    page = send(admin, team, "pause", "?sort=title", reminder=ids(first, second))
    assert page.redirect_chain == [(f"/teams/{team.uuid}/?sort=title", 302)]
    assert "2 reminders are paused." in page.content.decode()
    assert set(Reminder.objects.paused(NOW)) == {first, second}
    assert "2 reminders are as they were." in admin.post(undo_of(page), follow=True).content.decode()
    assert not Reminder.objects.paused(NOW).exists()


def test_all_that_match_are_those_of_the_filter_and_not_of_the_page(
    team: Team, admin: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reminders.views.team_list.REMINDERS_A_PAGE", 2)
    ReminderFactory.create_batch(3, team=team, now=NOW, title="Backup")
    ReminderFactory(team=team, now=NOW, title="Retro")
    assert "All 3 that match" in admin.get(f"/teams/{team.uuid}/?q=back").content.decode()
    send(admin, team, "delete", "?q=back", all="on")
    assert [row.title for row in Reminder.objects.filter(deleted_at=None)] == ["Retro"]


def test_a_label_is_made_given_and_taken_off(team: Team, admin: Client) -> None:
    reminder = ReminderFactory(team=team, now=NOW)
    page = send(admin, team, "label", reminder=ids(reminder), new_label="#ops")
    label = Label.objects.get()
    assert (label.name, list(reminder.labels.all())) == ("ops", [label])
    assert escape("1 reminder has “ops” now.") in page.content.decode()
    send(admin, team, "unlabel", reminder=ids(reminder), label=label.uuid)
    assert not reminder.labels.exists()


def test_only_somebody_who_writes_is_handed_a_reminder(team: Team, admin: Client) -> None:
    reminder = ReminderFactory(team=team, now=NOW)
    author = reminder.author
    for nobody in (person_in(team, Role.VIEWER), outsider()):
        page = send(admin, team, "hand-over", reminder=ids(reminder), person=nobody.uuid)
        assert "alert" in page.content.decode()
    reminder.refresh_from_db()
    assert reminder.author == author
    chi = person_in(team, name="Chi")
    assert (
        "handed over to Chi" in send(admin, team, "hand-over", reminder=ids(reminder), person=chi.uuid).content.decode()
    )


def test_a_member_chooses_only_their_own_and_hears_of_those_left_out(team: Team, ana: User, client: Client) -> None:
    mine, of_another = ReminderFactory(team=team, author=ana, now=NOW), ReminderFactory(team=team, now=NOW)
    page = client.get(f"/teams/{team.uuid}/").content.decode()
    assert f'value="{mine.uuid}"' in page and f'value="{of_another.uuid}"' not in page
    page = send(client, team, "pause", reminder=ids(mine, of_another)).content.decode()
    assert "1 reminder is paused. 1 was left out, which is not yours to change." in page
    of_another.refresh_from_db()
    assert of_another.paused_at is None


def test_of_another_team_nothing_is_changed_and_nothing_told(team: Team, admin: Client) -> None:
    of_others = ReminderFactory(now=NOW)
    page = send(admin, team, "delete", reminder=ids(of_others)).content.decode()
    assert "Nothing was changed." in page and "left out" not in page
    of_others.refresh_from_db()
    assert of_others.deleted_at is None


def test_a_label_of_another_team_is_none(team: Team, admin: Client) -> None:
    reminder, label = ReminderFactory(team=team, now=NOW), Label.objects.create(team=ReminderFactory().team, name="x")
    send(admin, team, "label", reminder=ids(reminder), label=label.uuid)
    assert not reminder.labels.exists()


@pytest.mark.parametrize("form", [{}, {"reminder": "x"}, {"reminder": ["", "1"]}])
def test_what_makes_no_sense_is_said_and_changes_nothing(team: Team, admin: Client, form: dict[str, Any]) -> None:
    ReminderFactory(team=team, now=NOW)
    assert "Choose reminders first." in send(admin, team, "delete", **form).content.decode()
    assert Reminder.objects.filter(deleted_at=None).count() == 1


def test_too_many_are_refused_with_how_many_may_go(team: Team, admin: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reminders.bulk.AT_MOST", 1)
    ReminderFactory.create_batch(2, team=team, now=NOW)
    assert "That is 2 reminders" in send(admin, team, "pause", all="on").content.decode()
    assert not Reminder.objects.paused(NOW).exists()


def test_htmx_gets_the_list_as_it_was_filtered_with_the_message_and_the_focus(team: Team, admin: Client) -> None:
    backup = ReminderFactory(team=team, now=NOW, title="Backup")
    ReminderFactory(team=team, now=NOW, title="Retro")
    url = f"/teams/{team.uuid}/reminders/pause/?q=back"
    piece = admin.post(url, {"reminder": ids(backup)}, headers=HTMX).content.decode()
    assert "data-focus" in piece and "1 reminder is paused." in piece and ">Backup<" in piece
    assert "<html" not in piece and ">Retro<" not in piece


def test_nobody_but_who_did_it_takes_it_back_and_not_for_long(team: Team, admin: Client, clock: Any) -> None:
    reminder = ReminderFactory(team=team, now=NOW)
    url = undo_of(send(admin, team, "pause", reminder=ids(reminder)))
    assert signed_in(person_in(team, Role.OWNER)).post(url).status_code == 404
    clock.shift(11 * 60)
    assert "too late" in admin.post(url, follow=True).content.decode()
    reminder.refresh_from_db()
    assert reminder.paused_at


def test_who_is_put_out_takes_nothing_back(team: Team) -> None:
    gone = person_in(team, Role.ADMIN)
    url = undo_of(send(signed_in(gone), team, "pause", reminder=ids(ReminderFactory(team=team, now=NOW))))
    gone.memberships.all().delete()
    assert signed_in(gone).post(url).status_code == 404
    assert BulkAct.objects.get().undone_at is None


def test_viewers_are_offered_nothing_to_choose(team: Team) -> None:
    ReminderFactory(team=team, now=NOW)
    page = signed_in(person_in(team, Role.VIEWER)).get(f"/teams/{team.uuid}/").content.decode()
    assert 'name="reminder"' not in page and "/reminders/pause/" not in page
