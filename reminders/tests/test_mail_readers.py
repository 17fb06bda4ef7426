"""The notification in the language of whoever reads it, and under the prefix of its team."""

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from django.core.mail import EmailMultiAlternatives
from django.test import override_settings
from django.utils.translation import get_language, override

from reminders.channels.email import Drafts
from reminders.facts import with_facts
from reminders.models import Delivery, Reminder
from reminders.tests.factories import DeliveryFactory, OccurrenceFactory, ReminderFactory
from reminders.tests.pages import person_in
from teamreminders.letter import as_sent
from teamreminders.testing.texts import NOT_ONE_LINE
from teamreminders.text import validate_one_line
from teams.models import Team
from teams.tests.factories import TeamFactory

pytestmark = pytest.mark.django_db

DUE = datetime(2026, 3, 24, 16, tzinfo=timezone.utc)
ENGLISH, GERMAN = "Tuesday 24 March 2026", "Dienstag, 24. März 2026"


@pytest.fixture(autouse=True)
def two_languages() -> Iterator[None]:
    with override_settings(LANGUAGES=[("en-gb", "English"), ("de", "Deutsch")]), override("en-gb"):
        yield


@pytest.fixture
def team() -> Team:
    return TeamFactory(name="Operations", zone="Europe/Berlin")


def due_for(team: Team, *languages: str, step: str = "due") -> list[Delivery]:
    """One message of the same step for a reader of each of these languages, all in Berlin."""
    occurrence = OccurrenceFactory(
        reminder=ReminderFactory(team=team, title="Renew the certificate", due=DUE, now=DUE), due_at=DUE
    )
    people = [person_in(team, zone="Europe/Berlin", language=language) for language in languages]
    return [DeliveryFactory(occurrence=occurrence, user=each, step=step, planned_for=DUE) for each in people]


def letters(deliveries: list[Delivery], late: timedelta = timedelta()) -> list[EmailMultiAlternatives]:
    """As one round of a worker writes them."""
    drafts = Drafts()
    return [drafts.letter(row, DUE + late) for row in with_facts([delivery.pk for delivery in deliveries])]


def html(letter: EmailMultiAlternatives) -> str:
    return str(letter.alternatives[0][0])


def test_each_reads_the_same_message_in_their_own_language(team: Team) -> None:
    sent = letters(due_for(team, "de", "", "en-gb", "de"))
    for letter, language in zip(sent, ("de", "en-gb", "en-gb", "de"), strict=True):
        day = GERMAN if language == "de" else ENGLISH
        assert day in str(letter.body) and day in html(letter)
        assert f'<html lang="{language}"' in html(letter)
    assert get_language() == "en-gb"


def test_a_language_that_is_no_longer_installed_is_sent_in_english(team: Team) -> None:
    [letter] = letters(due_for(team, "xx"))
    assert ENGLISH in str(letter.body)


def test_who_reads_the_same_words_shares_a_draft(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    composed: list[Any] = []
    fill = "reminders.channels.email.fill"
    monkeypatch.setattr(fill, lambda template, *_words: composed.append(template) or "")
    letters(due_for(team, "de", "", "de", ""))
    assert len(composed) == 4  # text and HTML, for two languages


def test_a_mail_to_somebody_without_an_account_is_in_english(team: Team) -> None:
    [delivery] = due_for(team, "de")
    Delivery.objects.filter(pk=delivery.pk).update(user=None)
    [letter] = letters([delivery])
    assert ENGLISH in str(letter.body)


@pytest.mark.parametrize(
    ("prefix", "step", "subject"),
    [
        ("", "due", "Renew the certificate"),
        ("Ops", "due", "[Ops] Renew the certificate"),
        ("Ops", "advance-2d", "[Ops] In 2 days: Renew the certificate"),
        ("Übung 🚒", "due", "[Übung 🚒] Renew the certificate"),
    ],
)
def test_the_subject_begins_with_the_prefix_of_the_team(team: Team, prefix: str, step: str, subject: str) -> None:
    Team.objects.update(subject_prefix=prefix)
    [letter] = letters(due_for(team, "", step=step))
    assert letter.subject == subject
    assert "[" not in str(letter.body)


@pytest.mark.parametrize("prefix", ["Ops\r\nBcc: x@evil.ex", "Ops\nX: y", "Ops\x0bX: y", "Ops\u2028X: y"])
def test_no_prefix_makes_a_second_header_whatever_the_database_holds(team: Team, prefix: str) -> None:
    Team.objects.update(subject_prefix=prefix)
    [letter] = letters(due_for(team, ""))
    lines = letter.message().as_string().partition("\n\n")[0].splitlines()
    assert [line for line in lines if line.startswith(("Bcc", "X:"))] == []
    assert str(letter.subject).startswith("[Ops ")


@pytest.mark.parametrize("title", NOT_ONE_LINE)
def test_a_subject_is_one_line_whatever_the_title(team: Team, title: str) -> None:
    deliveries = due_for(team, "")
    Reminder.objects.update(title=title)
    Team.objects.update(name=title)
    [letter] = letters(deliveries)
    validate_one_line(str(letter.subject))
    assert as_sent(letter)
