"""Addresses outside a team: asked, agreed, stopped, taken off the list."""

import html
import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from accounts.models import AccountMail
from accounts.tests.factories import UserFactory
from teams.models import Change, Membership, OutsideAddress, OutsideState, Role, Team
from teams.models.outside import ANSWER_WITHIN
from teams.notes import note_of

from .factories import MembershipFactory, OutsideAddressFactory, TeamFactory

pytestmark = pytest.mark.django_db


def member_of(team: Team, role: str = "member") -> Client:
    client = Client()
    client.force_login(MembershipFactory(team=team, role=role).user)
    return client


def ask(client: Client, team: Team, emails: str) -> Any:
    return client.post(reverse("teams:add-outside", args=[team.uuid]), {"emails": emails}, follow=True)


def link_in_the_mail() -> str:
    text = AccountMail.objects.latest("pk").text
    return next(word for word in text.split() if "/outside/" in word)


def test_an_address_is_asked_and_agrees_without_signing_in() -> None:
    team = TeamFactory(name="Ops")
    page = ask(member_of(team), team, "Caretaker@Example.net")
    assert "1 address is asked by mail" in page.text
    mail = AccountMail.objects.get()
    assert (mail.to, mail.subject) == ("caretaker@example.net", "Do you want reminders from Ops?")
    link, stranger = link_in_the_mail(), Client()
    assert "Yes, send them" in stranger.get(link).text
    assert OutsideAddress.objects.get().state == "asked"
    page = stranger.post(f"{link}agree/", follow=True)
    assert "You get reminders from Ops" in page.text
    assert OutsideAddress.objects.get().state == "agreed"


def test_following_the_links_changes_nothing() -> None:
    """Mail scanners do."""
    for state in ("asked", "agreed"):
        address = OutsideAddressFactory(state=state)
        for path in (address.path, address.stop_path):
            assert Client().get(path).status_code == 200
            assert Client().head(path).status_code == 200
        assert Client().get(address.agree_path).status_code == 405
        address.refresh_from_db()
        assert address.state == state


def test_a_mail_program_stops_it_with_one_click() -> None:
    """RFC 8058, 3.2: a POST without cookies, and without anything that only a browser has."""
    address = OutsideAddressFactory()
    answer = Client(enforce_csrf_checks=True).post(address.stop_path, {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 302
    address.refresh_from_db()
    assert address.state == "stopped"


def test_agreeing_needs_the_page() -> None:
    address = OutsideAddressFactory(state="asked")
    assert Client(enforce_csrf_checks=True).post(address.agree_path).status_code == 403
    address.refresh_from_db()
    assert address.state == "asked"


def test_who_stopped_is_not_asked_again_but_may_take_it_back() -> None:
    address = OutsideAddressFactory()
    Client().post(address.stop_path)
    page = ask(member_of(address.team), address.team, address.email)
    assert "wants no mail from this team" in page.text
    assert not AccountMail.objects.exists()
    Client().post(address.agree_path)
    address.refresh_from_db()
    assert address.state == "agreed"


def test_the_question_cannot_be_answered_for_ever() -> None:
    address = OutsideAddressFactory(state="asked", asked_at=timezone.now() - ANSWER_WITHIN)
    assert "too old" in Client().get(address.path).text
    assert Client().post(address.agree_path).status_code == 409
    address.refresh_from_db()
    assert address.state == "asked"


@pytest.mark.parametrize("broken", ["x", "00000000-0000-0000-0000-000000000000:x", "a:b:c"])
def test_a_link_that_was_changed_leads_nowhere(broken: str) -> None:
    OutsideAddressFactory()
    for name in ("teams:outside", "teams:stop-outside", "teams:agree-outside"):
        answer = Client().post if name != "teams:outside" else Client().get
        assert answer(reverse(name, args=[broken])).status_code == 404


def test_the_link_of_one_address_does_nothing_to_another() -> None:
    one, other = OutsideAddressFactory(), OutsideAddressFactory()
    foreign = one.token.replace(str(one.uuid), str(other.uuid))
    assert Client().post(reverse("teams:stop-outside", args=[foreign])).status_code == 404
    assert set(OutsideAddress.objects.values_list("state", flat=True)) == {"agreed"}


def test_a_member_is_not_asked() -> None:
    team = TeamFactory()
    client = member_of(team)
    page = ask(client, team, Membership.objects.get().user.email.upper())
    assert "belongs to the team: choose the person instead" in page.text
    assert not OutsideAddress.objects.exists()


def test_asking_says_nothing_of_whether_an_address_has_an_account() -> None:
    team = TeamFactory()
    client, somebody = member_of(team), UserFactory()
    answers = [ask(client, team, email).text for email in (somebody.email, "nobody@example.net")]
    assert all("1 address is asked by mail" in answer for answer in answers)
    assert {address.state for address in OutsideAddress.objects.all()} == {"asked"}


def test_asking_twice_within_minutes_sends_one_mail() -> None:
    team = TeamFactory()
    client = member_of(team)
    for _ in range(2):
        page = ask(client, team, "caretaker@example.net")
    assert "was asked a moment ago" in page.text
    assert AccountMail.objects.count() == OutsideAddress.objects.count() == 1
    OutsideAddress.objects.update(asked_at=timezone.now() - timedelta(minutes=4))
    ask(client, team, "caretaker@example.net")
    assert AccountMail.objects.count() == 2


def test_many_questions_have_to_wait(settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"invite": "2/h/user"}
    team = TeamFactory()
    page = ask(member_of(team), team, "a@example.net b@example.net c@example.net")
    assert "Wait an hour" in page.text
    assert set(OutsideAddress.objects.values_list("email", flat=True)) == {"a@example.net", "b@example.net"}


def test_a_viewer_and_a_stranger_ask_nobody() -> None:
    team = TeamFactory()
    assert ask(member_of(team, Role.VIEWER), team, "a@example.net").status_code == 403
    assert ask(member_of(TeamFactory()), team, "a@example.net").status_code == 404
    assert not OutsideAddress.objects.exists()


def test_nonsense_is_named_and_kept() -> None:
    team = TeamFactory()
    page = ask(member_of(team), team, "a@example.net, not an address")
    assert page.status_code == 422
    assert "is not an e-mail address" in page.text
    assert "a@example.net, not an address" in page.text
    assert not OutsideAddress.objects.exists()


def test_a_manager_takes_one_off_the_list_and_back() -> None:
    address = OutsideAddressFactory()
    admin = member_of(address.team, Role.ADMIN)
    page = admin.post(reverse("teams:remove-outside", args=[address.uuid]), follow=True)
    assert "gets no more reminders" in page.text
    assert "taken your address off" in Client().get(address.path).text
    assert Client().post(address.agree_path).status_code == 409
    assert "is on the list again" in restored(admin, page.text).text
    address.refresh_from_db()
    assert address.state == "agreed"


def test_one_that_was_taken_off_has_to_agree_again() -> None:
    address = OutsideAddressFactory()
    address.remove()
    ask(member_of(address.team), address.team, address.email)
    address.refresh_from_db()
    assert (address.state, address.agreed_at) == (OutsideState.ASKED, None)
    assert AccountMail.objects.get().to == address.email


def test_another_member_does_not_take_off_what_they_did_not_add() -> None:
    address = OutsideAddressFactory(asked_by=UserFactory())
    answer = member_of(address.team).post(reverse("teams:remove-outside", args=[address.uuid]))
    assert answer.status_code == 403


def test_the_member_who_added_it_does() -> None:
    team = TeamFactory()
    client = member_of(team)
    ask(client, team, "caretaker@example.net")
    address = OutsideAddress.objects.get()
    client.post(reverse("teams:remove-outside", args=[address.uuid]))
    address.refresh_from_db()
    assert address.state == "removed"


def restored(client: Client, page: str) -> Any:
    """By the button of the message."""
    found = re.search(r'action="([^"]+/restore/[^"]*)"', page)
    assert found
    return client.post(html.unescape(found[1]), follow=True)


def test_who_stops_it_after_the_team_removed_them_stays_stopped() -> None:
    address = OutsideAddressFactory()
    admin = member_of(address.team, Role.ADMIN)
    page = admin.post(reverse("teams:remove-outside", args=[address.uuid]), follow=True).text
    assert "Never ask me again" in Client().get(address.path).text
    Client().post(address.stop_path)
    restored(admin, page)
    address.refresh_from_db()
    assert address.state == "stopped"
    assert "wants no mail" in ask(admin, address.team, address.email).text


def test_a_removal_can_be_taken_back_for_some_minutes_only() -> None:
    address = OutsideAddressFactory()
    admin = member_of(address.team, Role.ADMIN)
    page = admin.post(reverse("teams:remove-outside", args=[address.uuid]), follow=True).text
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        admin.force_login(Membership.objects.get(role=Role.ADMIN).user)
        assert "too late" in restored(admin, page).text
    address.refresh_from_db()
    assert address.state == "removed"


def test_an_erased_address_never_comes_back() -> None:
    address = OutsideAddressFactory(email="ana@example.net")
    link = address.path
    address.erase()
    assert Client().get(link).status_code == 404
    admin = member_of(address.team, Role.ADMIN)
    note = urlencode({"note": note_of(f"teams.restore-outside.{address.uuid}")})
    admin.post(f"{reverse('teams:restore-outside', args=[address.uuid])}?{note}")
    address.refresh_from_db()
    assert (address.state, str(address)) == ("erased", "an erased address")
    assert "erased" not in admin.get(reverse("teams:members", args=[address.team.uuid])).text


def test_who_does_not_answer_three_questions_is_asked_no_more() -> None:
    team = TeamFactory()
    client = member_of(team)
    for _ in range(3):
        ask(client, team, "silent@example.net")
        OutsideAddress.objects.update(asked_at=timezone.now() - timedelta(hours=1))
    assert "was asked often enough" in ask(client, team, "silent@example.net").text
    assert AccountMail.objects.count() == 3
    Client().post(OutsideAddress.objects.get().agree_path)
    address = OutsideAddress.objects.get()
    address.remove()
    ask(client, team, "silent@example.net")
    assert AccountMail.objects.count() == 4


def test_a_question_that_has_not_gone_out_is_given_up_when_the_team_removes_the_address() -> None:
    team = TeamFactory()
    client = member_of(team)
    ask(client, team, "caretaker@example.net")
    address = OutsideAddress.objects.get()
    page = client.post(reverse("teams:remove-outside", args=[address.uuid]), follow=True).text
    assert AccountMail.objects.get().state == "suppressed"
    restored(client, page)
    assert AccountMail.objects.get().state == "queued"
    address.erase()
    mail = AccountMail.objects.get()
    assert (mail.state, mail.to, mail.text) == ("suppressed", "", "")


def test_the_team_does_not_learn_who_reads_the_mail_of_an_outside_address() -> None:
    """Somebody who is signed in follows the link: that it is their account is nobody's business."""
    address = OutsideAddressFactory(state="asked")
    reader = UserFactory(name="Rita Reader")
    client = Client()
    client.force_login(reader)
    for path in (address.agree_path, address.stop_path):
        client.post(path)
    assert not Change.objects.filter(who=reader).exists()
    page = member_of(address.team).get(reverse("reminders:activity", args=[address.team.uuid])).text
    assert "agreed to get reminders" in page and "Rita" not in page


def test_a_viewer_does_not_take_off_what_they_added_as_a_member() -> None:
    team = TeamFactory()
    client = member_of(team)
    ask(client, team, "caretaker@example.net")
    Membership.objects.update(role=Role.VIEWER)
    address = OutsideAddress.objects.get()
    assert client.post(reverse("teams:remove-outside", args=[address.uuid])).status_code == 403
    assert "Ask again" not in client.get(reverse("teams:members", args=[team.uuid])).text
