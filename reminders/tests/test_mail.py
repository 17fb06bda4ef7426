"""The notification as it lands in an inbox: text and HTML."""

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from django.core.mail import EmailMultiAlternatives
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.tests.factories import UserFactory
from reminders.channels.email import Drafts
from reminders.facts import with_facts
from reminders.models import Completion, Delivery
from reminders.tests.factories import DeliveryFactory, OccurrenceFactory, ReminderFactory
from reminders.tests.pages import person_in
from teamreminders.letter import as_sent
from teams.models import OutsideAddress
from teams.tests.factories import OutsideAddressFactory, TeamFactory

pytestmark = pytest.mark.django_db

DUE = datetime(2026, 11, 24, 16, tzinfo=timezone.utc)


def mail(
    *, zone: str = "America/New_York", due: datetime = DUE, late: float = 0.2, missed: int = 0, **fields: Any
) -> EmailMultiAlternatives:
    """A message to Ana for a reminder at 17:00 in Berlin."""
    team = TeamFactory(name="Operations", zone="Europe/Berlin")
    reminder = ReminderFactory(**{"team": team, "title": "Renew the certificate", "due": due, "now": due, **fields})
    occurrence = OccurrenceFactory(reminder=reminder, due_at=due, missed_before=missed)
    reason = Delivery.Reason.CHOSEN if reminder.audience == "people" else Delivery.Reason.TEAM
    delivery = DeliveryFactory(occurrence=occurrence, user=person_in(team, zone=zone), reason=reason)
    return composed(delivery, due + timedelta(seconds=late))


def composed(delivery: Delivery, now: datetime) -> EmailMultiAlternatives:
    [row] = with_facts([delivery.pk])
    with CaptureQueriesContext(connection) as queries:  # a worker's connection is busy at this moment
        letter = Drafts().letter(row, now)
        assert row.ids
    assert not queries.captured_queries
    return letter


def bodies(message: EmailMultiAlternatives) -> tuple[str, str]:
    return str(message.body), str(message.alternatives[0][0])


def test_both_bodies_say_what_when_and_why(settings: Any) -> None:
    message = mail(daily=True)
    for body in bodies(message):
        assert "Renew the certificate" in body
        assert "Due Tuesday 24 November 2026 at 17:00 in Berlin" in body
        assert "11:00 on Tue 24 Nov for you" in body
        assert "It repeats every day at 17:00." in body
        assert "You get this because you are a member of the team Operations." in body
        assert f"{settings.SITE_URL}/occurrences/" in body and "/done/" in body
        assert "late" not in body and "missed" not in body
    assert message.subject == "Renew the certificate"


def test_the_time_is_said_once_where_the_clocks_agree() -> None:
    for body in bodies(mail(zone="Europe/Paris")):
        assert "for you" not in body


def test_seconds_are_said_where_they_are_not_0() -> None:
    for body in bodies(mail(due=DUE + timedelta(seconds=30))):
        assert "at 17:00:30 in Berlin" in body and "11:00:30 on" in body


def test_a_late_mail_says_how_late_and_what_was_missed() -> None:
    for body in bodies(mail(late=3 * 3600 + 60, missed=3)):
        assert "This mail comes 3 h late. We are sorry." in body
        assert "3 earlier ones were missed while our service was down." in body
    for body in bodies(mail(missed=1)):
        assert "1 earlier one was missed" in body


def test_what_only_tells_has_no_done() -> None:
    for body in bodies(mail(completion=Completion.NOBODY)):
        assert "/done/" not in body and "settles it" not in body
        assert "/reminders/" in body


def test_titles_and_notes_are_text_in_both_bodies() -> None:
    text, html = bodies(mail(title="Q&A <b>", notes="<script>x</script>\nhttps://example.org/?a=1&b=2"))
    assert "Q&A <b>" in text and "https://example.org/?a=1&b=2" in text and "<script>x" in text
    assert "Q&amp;A &lt;b&gt;" in html and "<script" not in html
    assert 'href="https://example.org/?a=1&amp;b=2"' in html


def test_html_loads_nothing_from_elsewhere() -> None:
    _text, html = bodies(mail())
    assert "<img" not in html and "url(" not in html and "<link" not in html


def delivered(step: str = "due", planned: timedelta = timedelta(), **fields: Any) -> EmailMultiAlternatives:
    """One step of an occurrence at 17:00 in Berlin, sent on time; `fields` of the occurrence."""
    team = TeamFactory(name="Operations", zone="Europe/Berlin")
    reminder = ReminderFactory(team=team, title="Renew the certificate", due=DUE, now=DUE)
    occurrence = OccurrenceFactory(reminder=reminder, **{"due_at": DUE, **fields})
    person = person_in(team, zone="Europe/Berlin")
    delivery = DeliveryFactory(occurrence=occurrence, user=person, step=step, planned_for=DUE + planned)
    return composed(delivery, DUE + planned)


def test_an_advance_notice_says_how_long_there_is_still() -> None:
    message = delivered("advance-1d", -timedelta(days=1), missed_before=2)
    assert message.subject == "In 1 day: Renew the certificate"
    for body in bodies(message):
        assert "This comes in 1 day. " in body
        assert "Due Tuesday 24 November 2026 at 17:00 in Berlin" in body
        assert "missed" not in body and "late" not in body


def test_a_message_that_was_put_off_says_by_whom_and_is_not_called_late() -> None:
    for body in bodies(delivered(planned=timedelta(hours=2), snoozed_by=UserFactory(name="Bo"))):
        assert "Bo put it off until now." in body
        assert "late" not in body


def test_a_message_that_was_moved_says_from_when() -> None:
    for body in bodies(delivered(slot=datetime(2026, 11, 21, 17))):
        assert "It was moved from Saturday 21 November at 17:00." in body
    for body in bodies(delivered()):
        assert "moved" not in body


def to_outside() -> tuple[Delivery, OutsideAddress]:
    team = TeamFactory(name="Operations")
    address = OutsideAddressFactory(team=team, email="caretaker@example.net")
    occurrence = OccurrenceFactory(
        reminder=ReminderFactory(team=team, title="Heat the hall", due=DUE, now=DUE), due_at=DUE
    )
    named = {"user": None, "outside": address, "recipient_key": f"mail:{address.email}", "address": address.email}
    return DeliveryFactory(occurrence=occurrence, reason=Delivery.Reason.OUTSIDE, **named), address


def test_an_outside_address_is_led_to_no_page_of_the_team_and_can_stop_it(settings: Any) -> None:
    delivery, address = to_outside()
    message = composed(delivery, DUE)
    link = f"{settings.SITE_URL}/teams/outside/{address.token}/"
    for body in bodies(message):
        assert "because you agreed to get reminders from the team Operations" in body
        assert link in body
        assert "/reminders/" not in body and "/occurrences/" not in body
    assert message.to == ["caretaker@example.net"]
    written = as_sent(message).decode()
    assert f"List-Unsubscribe: <{link}stop/>\r\n" in written
    assert "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in written


def test_two_outside_addresses_get_each_their_own_link() -> None:
    one, address = to_outside()
    other = OutsideAddressFactory(team=address.team)
    named = {"user": None, "outside": other, "recipient_key": f"mail:{other.email}", "address": other.email}
    second = DeliveryFactory(occurrence=one.occurrence, reason=Delivery.Reason.OUTSIDE, **named)
    drafts = Drafts()
    mails = [drafts.letter(row, DUE) for row in with_facts([one.pk, second.pk])]
    assert address.token in str(mails[0].body) and other.token not in str(mails[0].body)
    assert other.token in str(mails[1].body)


def test_who_gets_it_by_their_role_is_told_so() -> None:
    delivery = DeliveryFactory(reason=Delivery.Reason.ROLE)
    for body in bodies(composed(delivery, DUE)):
        assert "because of your role in the team" in body
