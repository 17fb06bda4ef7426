"""Labels of a team: made while writing, and managed on a page."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from reminders.models import Label, Reminder
from reminders.tests.factories import ReminderFactory
from reminders.tests.pages import NOW, filled_in, person_in, signed_in
from teams.models import Role, Team

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(team: Team) -> Client:
    return signed_in(person_in(team, Role.ADMIN))


def label_of(team: Team, name: str, **fields: Any) -> Label:
    return Label.objects.create(team=team, name=name, **fields)


def test_they_are_chosen_and_made_while_writing_a_reminder(team: Team, client: Client) -> None:
    ops = label_of(team, "ops")
    form = filled_in(team, labels=[ops.pk], new_labels="finance, OPS , #people")
    assert client.post(f"/teams/{team.uuid}/reminders/new/", form).status_code == 302
    assert [str(label) for label in Reminder.objects.get().labels.listed()] == ["finance", "ops", "people"]
    assert len({label.hue for label in team.labels.all()}) == 3


@pytest.mark.parametrize("names", ["x" * 41, "a\u2028b", ", ".join("abcdefghijk")])
def test_what_is_no_label_is_said_and_the_form_kept(team: Team, client: Client, names: str) -> None:
    page = client.post(f"/teams/{team.uuid}/reminders/new/", filled_in(team, new_labels=names))
    assert page.status_code == 422 and not Label.objects.exists()
    assert page.context["form"]["new_labels"].value() == names


def test_a_label_of_another_team_cannot_be_chosen(team: Team, client: Client) -> None:
    theirs = label_of(ReminderFactory(now=NOW).team, "theirs")
    page = client.post(f"/teams/{team.uuid}/reminders/new/", filled_in(team, labels=[theirs.pk]))
    assert page.status_code == 422


def test_editing_keeps_the_labels_and_takes_off_what_is_not_chosen_any_more(team: Team, ana: User) -> None:
    ops, finance = label_of(team, "ops"), label_of(team, "finance")
    reminder = ReminderFactory(team=team, author=ana, now=NOW)
    reminder.labels.add(ops, finance)
    client, url = signed_in(ana), f"/reminders/{reminder.uuid}/edit/"
    form = client.get(url).context["form"]
    assert {int(pk) for pk in form["labels"].value()} == {ops.pk, finance.pk}
    client.post(url, filled_in(team, labels=[finance.pk], stored_at=form.stored_at))
    assert list(reminder.labels.all()) == [finance]


def test_they_stand_on_the_list_and_the_page_and_filter(team: Team, client: Client) -> None:
    ops = label_of(team, "ops")
    labelled, _other = ReminderFactory(team=team, title="A", now=NOW), ReminderFactory(team=team, title="B", now=NOW)
    labelled.labels.add(ops)
    for path in (f"/teams/{team.uuid}/", f"/reminders/{labelled.uuid}/"):
        assert f"?label={ops.uuid}" in client.get(path).content.decode()
    found = client.get(f"/teams/{team.uuid}/?label={ops.uuid}").content.decode()
    assert ">A<" in found and ">B<" not in found


def test_a_label_is_renamed_recoloured_deleted_and_comes_back_to_its_reminders(team: Team, admin: Client) -> None:
    reminder, ops = ReminderFactory(team=team, now=NOW), label_of(team, "ops")
    reminder.labels.add(ops)
    admin.post(f"/labels/{ops.uuid}/edit/", {"name": "operations", "hue": "5"})
    ops.refresh_from_db()
    assert (ops.name, ops.hue) == ("operations", 5)
    page = admin.post(f"/labels/{ops.uuid}/delete/", follow=True).content.decode()
    assert f"/labels/{ops.uuid}/restore/" in page and not reminder.labels.listed().exists()
    assert "operations" not in admin.get(f"/reminders/{reminder.uuid}/").content.decode()
    admin.post(f"/labels/{ops.uuid}/restore/")
    assert list(reminder.labels.listed()) == [ops]


def test_a_name_is_there_once_and_free_again_after_a_deletion(team: Team, admin: Client) -> None:
    ops, url = label_of(team, "ops"), f"/teams/{team.uuid}/labels/"
    page = admin.post(url, {"name": "OPS", "hue": "2"})
    assert page.status_code == 422 and page.context["form"]["name"].value() == "OPS"
    admin.post(f"/labels/{ops.uuid}/delete/")
    assert admin.post(url, {"name": "OPS", "hue": "2"}).status_code == 302
    page = admin.post(f"/labels/{ops.uuid}/restore/", follow=True).content.decode()
    assert "There is a label of this name already." in page
    assert team.labels.listed().count() == 1


def test_the_page_counts_reminders_that_are_there(team: Team, client: Client) -> None:
    ops = label_of(team, "ops")
    for reminder in ReminderFactory.create_batch(3, team=team, now=NOW):
        reminder.labels.add(ops)
    reminder.discard(NOW)
    assert "2 reminders" in client.get(f"/teams/{team.uuid}/labels/").content.decode()


def test_the_history_tells_of_labels(team: Team, admin: Client) -> None:
    reminder = ReminderFactory(team=team, now=NOW)
    admin.post(f"/teams/{team.uuid}/reminders/label/", {"reminder": str(reminder.uuid), "new_label": "ops"})
    history = admin.get(f"/reminders/{reminder.uuid}/history/").content.decode()
    assert "Labels added" in history and "ops" in history
