"""Choosing who gets a reminder, muting it, and which mail one wants."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import AccountMail, User
from accounts.tests.factories import UserFactory
from reminders.models import Delivery, Reminder
from reminders.tests.factories import OccurrenceFactory, ReminderFactory
from reminders.tests.pages import HTMX, NOW, filled_in, outsider, person_in, signed_in
from teams.emails import send_request
from teams.models import JoinRequest, Membership, OutsideAddress, Role, Team
from teams.tests.factories import MembershipFactory, OutsideAddressFactory

pytestmark = pytest.mark.django_db


def new(team: Team) -> str:
    return f"/teams/{team.uuid}/reminders/new/"


def preview(client: Client, team: Team, **changes: Any) -> str:
    return client.post("/reminders/preview/", filled_in(team, **changes), headers=HTMX).text


def test_a_reminder_for_certain_roles(client: Client, team: Team) -> None:
    client.post(new(team), filled_in(team, audience="roles", roles=["admin", "viewer"], people=["1"]))
    reminder = Reminder.objects.get()
    assert (reminder.audience, reminder.roles, reminder.people.count()) == ("roles", ["admin", "viewer"], 0)
    page = client.get(f"/reminders/{reminder.uuid}/").text
    assert "by role: admin, viewer" in page and "nobody: choose people" in page
    assert "member, not among the roles" in page
    assert "admin, viewer" in client.get(f"/teams/{team.uuid}/").text


@pytest.mark.parametrize(
    ("audience", "says"), [("roles", "Choose at least one role."), ("people", "Choose at least one person.")]
)
def test_an_audience_of_nobody_is_refused(client: Client, team: Team, audience: str, says: str) -> None:
    answer = client.post(new(team), filled_in(team, audience=audience))
    assert answer.status_code == 422 and says in answer.text
    assert not Reminder.objects.exists()


@pytest.mark.parametrize("roles", [["king"], ["admin", ""], ["member" * 100]])
def test_a_role_that_is_none_is_refused(client: Client, team: Team, roles: list[str]) -> None:
    answer = client.post(new(team), filled_in(team, audience="roles", roles=roles))
    assert answer.status_code == 422
    assert not Reminder.objects.exists()


def test_a_reminder_for_an_address_outside_asks_it_first(client: Client, team: Team) -> None:
    form = filled_in(team, audience="people", new_outside="caretaker@example.net")
    page = client.post(new(team), form, follow=True).text
    reminder, address = Reminder.objects.get(), OutsideAddress.objects.get()
    assert list(reminder.outside.all()) == [address]
    assert AccountMail.objects.get().to == "caretaker@example.net"
    assert "1 address is asked by mail" in page and "has not agreed yet" in page
    address.agree(NOW)
    assert "has agreed" in client.get(f"/reminders/{reminder.uuid}/").text


def test_the_form_sent_twice_asks_once(client: Client, team: Team) -> None:
    for _ in range(2):
        client.post(new(team), filled_in(team, new_outside="caretaker@example.net"))
    assert Reminder.objects.count() == AccountMail.objects.count() == 1


def test_an_address_of_the_team_is_no_outside_address(client: Client, team: Team, ana: User) -> None:
    answer = client.post(new(team), filled_in(team, new_outside=ana.email))
    assert answer.status_code == 422 and "choose the person instead" in answer.text
    assert ana.email in answer.text


def test_the_outside_address_of_another_team_cannot_be_chosen(client: Client, team: Team) -> None:
    foreign = OutsideAddressFactory()
    answer = client.post(new(team), filled_in(team, outside=[foreign.pk]))
    assert answer.status_code == 422
    assert foreign.email not in answer.text


def test_an_edit_takes_an_outside_address_away(client: Client, team: Team, ana: User) -> None:
    reminder, address = ReminderFactory(team=team, author=ana, now=NOW), OutsideAddressFactory(team=team)
    reminder.outside.add(address)
    edit = f"/reminders/{reminder.uuid}/edit/"
    assert f'value="{address.pk}" id="id_outside_0" checked' in " ".join(client.get(edit).text.split())
    form = filled_in(team, reminder=str(reminder.uuid), stored_at=reminder.changed_at.isoformat())
    assert client.post(edit, form).status_code == 302
    assert not reminder.outside.exists()


def test_the_preview_says_whom_it_reaches_and_why(client: Client, team: Team) -> None:
    bo = person_in(team, name="Bo")
    OutsideAddressFactory(team=team, email="out@example.net")
    shown = preview(client, team, audience="people", people=[bo.pk])
    assert "Reaches 1 person in Operations." in shown
    assert "chosen for this reminder" in shown and "not chosen" in shown
    address = OutsideAddress.objects.get()
    shown = preview(client, team, outside=[address.pk])
    assert "Reaches 2 people in Operations and 1 outside address." in shown
    assert "Nobody would get it." in preview(client, team, audience="roles", roles=["owner"])


def test_this_and_following_stays_muted_for_who_muted_it(client: Client, team: Team, ana: User) -> None:
    reminder, bo = ReminderFactory(team=team, author=ana, now=NOW, daily=True), person_in(team)
    reminder.mute(bo)
    slot = reminder.occurrences.get(state="upcoming").slot
    form = filled_in(team, stored_at=reminder.changed_at.isoformat(), start="2026-11-30", repeat="daily")
    form |= {"reminder": str(reminder.uuid), "from": slot.replace(day=slot.day + 1).isoformat()}
    assert client.post(f"/reminders/{reminder.uuid}/edit/", form).status_code == 302
    following = Reminder.objects.get(continues=reminder)
    assert list(following.muted_by.all()) == [bo]


def test_muting_is_for_oneself_and_can_be_undone(client: Client, team: Team, ana: User) -> None:
    reminder = ReminderFactory(team=team, author=ana, now=NOW)
    page = client.post(f"/reminders/{reminder.uuid}/mute/", follow=True).text
    assert "You get no more mail of" in page and f"/reminders/{reminder.uuid}/unmute/" in page
    assert list(reminder.muted_by.all()) == [ana]
    assert "muted this reminder" in page
    page = client.post(f"/reminders/{reminder.uuid}/unmute/", follow=True).text
    assert "You get the mail of" in page
    assert not reminder.muted_by.exists()


def test_a_stranger_mutes_nothing(team: Team) -> None:
    reminder = ReminderFactory(team=team, now=NOW)
    for verb in ("mute", "unmute"):
        assert signed_in(outsider()).post(f"/reminders/{reminder.uuid}/{verb}/").status_code == 404


def test_the_page_that_looks_again_hears_of_a_mute(client: Client, team: Team) -> None:
    reminder = ReminderFactory(team=team, now=NOW)
    url = f"/reminders/{reminder.uuid}/"
    seen = client.get(url).context["seen"]
    assert client.get(url, {"seen": seen}, headers=HTMX).status_code == 204
    client.post(f"{url}mute/", headers=HTMX)
    assert "Send me mail again" in client.get(url, {"seen": seen}, headers=HTMX).text


def on(*pairs: tuple[Team, str]) -> list[str]:
    return [f"{team.uuid} {kind}" for team, kind in pairs]


def test_one_matrix_says_which_mail_comes_from_which_team(client: Client, team: Team, ana: User) -> None:
    other = MembershipFactory(user=ana, role=Role.ADMIN).team
    page = client.get("/me/mail/").text
    assert page.count('type="checkbox"') == 5  # who wants to join is asked of managers only
    assert page.count("checked") == 5
    teams = [str(team.uuid), str(other.uuid)]
    client.post("/me/mail/", {"team": teams, "on": on((team, "notice"), (other, "reminder"), (other, "request"))})
    muted = dict(Membership.objects.filter(user=ana).values_list("team", "muted"))
    assert muted == {team.pk: ["reminder"], other.pk: ["notice"]}
    assert client.get("/me/mail/").text.count("checked") == 3


def test_what_the_matrix_did_not_show_stays(client: Client, team: Team, ana: User) -> None:
    Membership.objects.filter(user=ana).update(muted=["request"])
    later = MembershipFactory(user=ana).team
    client.post("/me/mail/", {"team": [str(team.uuid)], "on": on((team, "reminder"))})
    muted = dict(Membership.objects.filter(user=ana).values_list("team", "muted"))
    assert muted == {team.pk: ["notice", "request"], later.pk: []}


def test_the_matrix_changes_nothing_for_others(client: Client, team: Team) -> None:
    bo, foreign = person_in(team), MembershipFactory(muted=["notice"])
    client.post("/me/mail/", {"team": [str(team.uuid), str(foreign.team.uuid), "nonsense"], "on": ["x"]})
    assert Membership.objects.get(user=bo).muted == []
    assert Membership.objects.get(pk=foreign.pk).muted == ["notice"]


def test_muted_reminders_are_listed_and_can_be_heard_again(client: Client, team: Team, ana: User) -> None:
    assert "None." in client.get("/me/mail/").text
    mine, foreign = ReminderFactory(team=team, now=NOW, title="Mine"), ReminderFactory(now=NOW, title="Foreign")
    mine.mute(ana)
    foreign.mute(ana)
    page = client.get("/me/mail/").text
    assert "Mine" in page and "Foreign" not in page


def test_who_belongs_to_no_team_is_told_where_mail_comes_from() -> None:
    assert "Found a team" in signed_in(UserFactory()).get("/me/mail/").text


def test_managers_who_do_not_want_it_hear_nothing_of_requests_to_join(team: Team) -> None:
    wants, does_not = (MembershipFactory(team=team, role=Role.ADMIN) for _ in range(2))
    does_not.want(["reminder", "notice"])
    send_request(JoinRequest.objects.create(team=team, user=UserFactory(), asked_at=timezone.now()))
    assert list(AccountMail.objects.values_list("to", flat=True)) == [wants.user.email]


def test_the_receipt_names_an_outside_address(client: Client, team: Team) -> None:
    occurrence = OccurrenceFactory(reminder=ReminderFactory(team=team, now=NOW), due_at=NOW)
    address = OutsideAddressFactory(team=team, email="out@example.net")
    Delivery.objects.create(
        occurrence=occurrence, team=team, outside=address, recipient_key="mail:out@example.net",
        address=address.email, step="due", round=0, reason="outside", planned_for=NOW, state="sent", sent_at=NOW,
    )  # fmt: skip
    assert "out@example.net" in client.get(f"/reminders/{occurrence.reminder.uuid}/").text
