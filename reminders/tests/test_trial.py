"""A test: a real message to whoever asks for it, which the receipt does not count."""

from datetime import datetime, timedelta, timezone
from email.message import EmailMessage

import pytest
import time_machine
from django.test import Client
from django.utils.timezone import now as clock

from accounts.models import User
from accounts.tests.factories import UserFactory
from reminders.delivery import deliver
from reminders.models import Delivery, Occurrence, Reminder
from reminders.trial import TESTS_AT_MOST, send_test
from teamreminders.testing.catcher import Catcher
from teams.models import MailKind, Role, Team
from teams.tests.factories import MembershipFactory, TeamFactory

from .factories import DeliveryFactory, OccurrenceFactory, ReminderFactory
from .pages import outsider, person_in, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("redis")]


@pytest.fixture
def team() -> Team:
    return TeamFactory(name="Operations")


@pytest.fixture
def ana(team: Team) -> User:
    return person_in(team, Role.VIEWER, name="Ana", email="ana@example.org")


@pytest.fixture
def reminder(team: Team) -> Reminder:
    return ReminderFactory(team=team, title="Renew the certificate", daily=True, author=person_in(team))


def ask(client: Client, reminder: Reminder) -> str:
    return client.post(f"/reminders/{reminder.uuid}/test/", follow=True).content.decode()


def sent(smtp: Catcher) -> list[EmailMessage]:
    deliver(list(Delivery.objects.filter(state="queued").values_list("pk", flat=True)))
    return [caught.message for caught in smtp.messages]


def test_it_comes_to_who_asked_alone_and_says_that_it_is_a_test(ana: User, reminder: Reminder, smtp: Catcher) -> None:
    assert "A test is on its way to ana@example.org" in ask(signed_in(ana), reminder)
    (mail,) = sent(smtp)
    assert (mail["To"], mail["Subject"]) == ("ana@example.org", "Test: Renew the certificate")
    text = mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    html = mail.get_body(("html",)).get_content()  # type: ignore[union-attr]
    for body in (text, html):
        assert "This is a test." in body and "Nobody else got it" in body
        assert "/done/" not in body and f"/reminders/{reminder.uuid}/" in body
    assert "References" not in mail
    page = signed_in(ana).get(f"/reminders/{reminder.uuid}/").content.decode()
    assert "Test to you: sent" in page
    assert "What happened" in page and "Nothing yet." in page
    other = signed_in(reminder.author).get(f"/reminders/{reminder.uuid}/").content.decode()
    assert "Test to you" not in other


def test_the_occurrence_goes_out_to_everybody_all_the_same(ana: User, team: Team, smtp: Catcher) -> None:
    occurrence = OccurrenceFactory(reminder=ReminderFactory(team=team))
    DeliveryFactory(occurrence=occurrence, user=ana)
    assert send_test(occurrence.reminder, ana, clock())
    assert sorted(mail["Subject"].split(":")[0] for mail in sent(smtp)) == [occurrence.reminder.title, "Test"]
    page = signed_in(ana).get(f"/reminders/{occurrence.reminder.uuid}/").content.decode()
    assert "1 of 1 message sent" in page


@pytest.mark.parametrize("state", ["paused", "ended", "muted", "mail turned off"])
def test_it_comes_also_where_the_reminder_itself_would_not(
    state: str, ana: User, reminder: Reminder, smtp: Catcher
) -> None:
    if state == "paused":
        reminder.pause(clock())
    elif state == "ended":
        Occurrence.objects.update(state="done", next_step_at=None)
    elif state == "muted":
        reminder.mute(ana)
    else:
        ana.memberships.update(muted=[MailKind.REMINDER])
    assert send_test(reminder, ana, clock())
    assert len(sent(smtp)) == 1


@pytest.mark.parametrize("gone", ["the reminder", "the person"])
def test_it_does_not_come_any_more_once_gone_is(gone: str, ana: User, reminder: Reminder, smtp: Catcher) -> None:
    assert send_test(reminder, ana, clock())
    if gone == "the reminder":
        Reminder.objects.filter(pk=reminder.pk).update(deleted_at=clock())
    else:
        ana.memberships.get().delete()
    assert sent(smtp) == []
    assert Delivery.objects.get().why_not == ("deleted" if gone == "the reminder" else "left")


def test_asked_for_twice_at_once_it_is_one_and_again_later_it_is_another(ana: User, reminder: Reminder) -> None:
    client = signed_in(ana)
    ask(client, reminder)
    assert "No test was sent" in ask(client, reminder)
    Delivery.objects.update(state="sent", next_try_at=None, sent_at=clock())
    assert "A test is on its way" in ask(client, reminder)
    assert Delivery.objects.count() == 2


def test_there_is_an_end_to_it(ana: User, reminder: Reminder) -> None:
    for _number in range(TESTS_AT_MOST):
        assert send_test(reminder, ana, clock())
        Delivery.objects.update(state="sent", next_try_at=None, sent_at=clock())
    assert not send_test(reminder, ana, clock())


def test_a_stranger_gets_none(reminder: Reminder) -> None:
    assert signed_in(outsider()).post(f"/reminders/{reminder.uuid}/test/").status_code == 404
    assert not Delivery.objects.exists()


def test_all_that_failed_are_tried_again_at_once(team: Team, ana: User) -> None:
    occurrence = OccurrenceFactory(reminder=ReminderFactory(team=team, author=person_in(team)))
    DeliveryFactory.create_batch(3, occurrence=occurrence, failed=True)
    DeliveryFactory(occurrence=occurrence, failed=True, step="test-1")
    author = signed_in(occurrence.reminder.author)
    assert "Try all 3 that failed again" in author.get(f"/reminders/{occurrence.reminder.uuid}/").content.decode()
    page = author.post(f"/occurrences/{occurrence.uuid}/retry/", follow=True).content.decode()
    assert "3 messages are tried again." in page
    assert Delivery.objects.filter(state="queued").count() == 3
    assert signed_in(ana).post(f"/occurrences/{occurrence.uuid}/retry/").status_code == 403
    assert signed_in(outsider()).post(f"/occurrences/{occurrence.uuid}/retry/").status_code == 404


def test_a_duplicate_begins_as_the_other_is(team: Team) -> None:
    ada, bo = person_in(team, name="Ada"), person_in(team, name="Bo")
    rule = "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR"
    first = ReminderFactory(
        team=team, title="Retro", notes="Bring cake", rule=rule, people=[bo], lead_times=[1440], author=ada
    )
    client = signed_in(ada)
    assert f"?like={first.uuid}" in client.get(f"/reminders/{first.uuid}/").content.decode()
    form = client.get(f"/teams/{team.uuid}/reminders/new/", {"like": first.uuid}).context["form"]
    sending = {name: form[name].value() for name in form.fields if form[name].value() not in (None, "", False)}
    sending |= {"people": [bo.pk], "token": form.token, "team": team.uuid}
    assert client.post(f"/teams/{team.uuid}/reminders/new/", sending).status_code == 302
    copy = Reminder.objects.exclude(pk=first.pk).get()
    assert (copy.title, copy.notes, copy.rule, copy.times) == ("Retro", "Bring cake", first.rule, first.times)
    assert (list(copy.people.all()), copy.lead_times, copy.start) == ([bo], [1440], first.start)
    assert copy.occurrences.filter(state="upcoming").exists()


@pytest.mark.parametrize(("hours", "days"), [(1, 0), (-1, 1)])
def test_a_duplicate_of_one_date_that_has_passed_has_the_next_to_come(hours: int, days: int, team: Team) -> None:
    now = datetime(2026, 11, 24, 13, 20, tzinfo=timezone.utc)
    past = ReminderFactory(team=team, zone="UTC", now=now, due=now - timedelta(days=40) + timedelta(hours=hours))
    with time_machine.travel(now):
        form = signed_in(past.author).get(f"/teams/{team.uuid}/reminders/new/", {"like": past.uuid}).context["form"]
    assert form["start"].value() == f"2026-11-{24 + days}"
    assert form["at"].value() == f"{13 + hours}:20"


def test_only_what_is_the_teams_is_duplicated(team: Team) -> None:
    ada = person_in(team)
    elsewhere = MembershipFactory(user=ada).team
    foreign = [ReminderFactory().uuid, ReminderFactory(team=elsewhere).uuid, "x", UserFactory().uuid]
    for uuid in foreign:
        assert signed_in(ada).get(f"/teams/{team.uuid}/reminders/new/", {"like": uuid}).status_code == 404


def test_the_page_says_twenty_times_and_the_steps_of_the_next(team: Team) -> None:
    reminder = ReminderFactory(team=team, daily=True, lead_times=[60])
    page = signed_in(reminder.author).get(f"/reminders/{reminder.uuid}/")
    assert len(page.context["preview"].moments) + len(page.context["preview"].more) == 20
    html = page.content.decode()
    assert "Show more" in html and "notice, 1 hour before" in html and "the reminder itself" in html
