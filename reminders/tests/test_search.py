"""Search: words and how they begin, in title and notes, however they are written."""

import pytest

from reminders.models import Reminder
from reminders.tests.factories import ReminderFactory

pytestmark = pytest.mark.django_db

FOUND = [
    ("Renew the certificate", "", "cert", "the first letters are enough"),
    ("Renew the certificate", "", "CERTIFICATE renew", "in any order, in any case"),
    ("Renew the certificate", "ask Bo at hosting.example", "bo host", "the notes count"),
    ("Renew the certificate", "", "the", "no word is too common"),
    ("Check follow-up mail", "", "up", "the second part of a word with a hyphen"),
    ("Check follow-up mail", "", "follow-u", "a hyphen, while it is being typed"),
    ("Ask ada@example.org", "", "ada@exam", "an address, while it is being typed"),
    ("See https://wiki.example.org/runbooks/mail", "", "runbook", "a part of a path"),
    ("Deploy v1.2.3", "", "v1.2", "a version"),
    ("Übergabe", "", "übergabe", "another case, whatever the locale of the database"),
    ("Prüfung", "", "PRÜF", "the same the other way round"),
    ("Pay „Miete“", "", "miete", "quotation marks of any kind"),
    ("100 % of it", "", "100 %", "signs do not matter beside words"),
    ("Obrien's & Son: (x|y) !z \\q", "", "obrien's & son: (x|y) !z \\q", "signs that the database has a meaning for"),
    ("会議の準備", "", "会議", "a script without spaces, by how it begins"),
]
NOT_FOUND = [
    ("Renew the certificate", "", "ertificate", "not from within a word"),
    ("Renew the certificate", "", "certificate plants", "every word has to be there"),
    ("Renew the certificate", "", "%", "no words are no reason to show everything"),
    ("Renew the certificate", "", "':*", "nor is what looks like a query"),
]


@pytest.mark.parametrize(("title", "notes", "text", "why"), FOUND)
def test_it_is_found(title: str, notes: str, text: str, why: str) -> None:
    reminder = ReminderFactory(title=title, notes=notes)
    assert list(Reminder.objects.matching(text)) == [reminder], why


@pytest.mark.parametrize(("title", "notes", "text", "why"), NOT_FOUND)
def test_it_is_not_found(title: str, notes: str, text: str, why: str) -> None:
    ReminderFactory(title=title, notes=notes)
    assert not Reminder.objects.matching(text).exists(), why


def test_what_is_changed_is_found_by_its_new_words_only() -> None:
    reminder = ReminderFactory(title="Renew the certificate", notes="before")
    Reminder.objects.filter(pk=reminder.pk).update(title="Water the plants", notes="x" * 10_000)
    assert Reminder.objects.matching("plants").exists()
    assert not Reminder.objects.matching("certificate").exists()


def test_the_words_are_read_by_the_database_only() -> None:
    ReminderFactory()
    assert Reminder.objects.get().get_deferred_fields() == {"search"}
