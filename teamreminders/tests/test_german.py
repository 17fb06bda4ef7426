"""The site in German: no page, answer or mail of it says anything in English."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser
from typing import Any, NamedTuple

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import HttpResponse
from django.template import Context
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import override

from accounts.models import AccountMail
from accounts.tests.factories import PASSWORD
from reminders.channels.email import Drafts
from reminders.facts import with_facts
from reminders.models import Completion
from reminders.tests.factories import DeliveryFactory, OccurrenceFactory, ReminderFactory
from teamreminders.dates import PATTERNS, dated
from teamreminders.templatetags.page import relative, span, units
from teams.tests.factories import MembershipFactory, TeamFactory

from .test_axe_browser import pages
from .test_catalog import PLACEHOLDER, TAG, entries, texts
from .test_permissions import TABLE, Scene, scene

pytestmark = pytest.mark.django_db
__all__ = ["scene"]

GERMAN = {"accept-language": "de"}
# What operators and programs read is English.
LITERAL = re.compile(r"""\|date:["'](?!H:i|Y-m|[DlF]["'])""")  # a pattern that follows no language
NOT_TRANSLATED = ("/admin/", "/api/", "/styleguide/")


class Read(HTMLParser):
    """The pieces of text that somebody sees or hears."""

    SPOKEN = frozenset({"aria-label", "alt", "title", "placeholder", "content", "data-label"})
    SPOKEN |= {"data-past", "data-future", "data-now", "hx-confirm"}
    UNREAD = frozenset({"script", "style", "code", "pre", "iframe"})

    def __init__(self, html: str) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self._unread = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._unread += tag in self.UNREAD
        self.pieces += [value for name, value in attrs if name in self.SPOKEN and value]

    def handle_endtag(self, tag: str) -> None:
        self._unread -= tag in self.UNREAD

    def handle_data(self, data: str) -> None:
        if not self._unread and data.strip():
            self.pieces.append(" ".join(data.split()))


TELLING = "the you your and of with this that are not from to by Mon Tue Wed Thu Fri Sun May October December"


class English(NamedTuple):
    """What is said otherwise in German: whole texts, and long parts of those that have something filled in."""

    whole: frozenset[str]
    parts: tuple[str, ...]
    # And what no German sentence has, also where nobody marked the text for translation.
    WORDS = re.compile(rf"(?<![-\w])({'|'.join(TELLING.split())})(?![-\w])")

    def within(self, text: list[str]) -> set[str]:
        pieces = [piece for piece in text if piece not in EXAMPLES]
        return {
            piece
            for piece in pieces
            if piece in self.whole or self.WORDS.search(piece) or any(part in piece for part in self.parts)
        }


def english() -> English:
    said = {text for entry in entries for text in texts(entry)} | {str(day) for day in WEEKDAYS_ABBR.values()}
    other = [each for entry in entries for each in (entry.msgid, entry.msgid_plural) if each and each not in said]
    parts = {part.strip() for each in other for part in re.split(f"{PLACEHOLDER.pattern}|{TAG.pattern}", each)}
    german = "\n".join(said)
    long = (part for part in parts if len(part) > 11 and part.count(" ") > 1 and part not in german)
    return English(frozenset(each.strip() for each in other), tuple(" ".join(part.split()) for part in long))


# Quick-add reads English, so its examples are; and what the lists of time zones and of holidays call their places.
PLACES = {"Isle of Man", "Port of Spain", "South Georgia & the South Sandwich Islands"}
EXAMPLES = frozenset({entry.msgid for entry in entries if entry.msgid == entry.msgstr} | PLACES)
with override("de"):
    ENGLISH = english()


@pytest.fixture(autouse=True)
def fresh(db: None) -> Iterator[None]:
    cache.clear()
    with override("en-gb"):  # a test's client leaves the language of its last request in the thread
        yield


def reader(person: Any) -> Client:
    client = Client(headers=GERMAN)
    if person:
        client.force_login(person)
    return client


def leaks(page: HttpResponse) -> set[str]:
    return ENGLISH.within(Read(page.content.decode()).pieces)


@pytest.mark.parametrize("who", ["anonymous", "owner", "superuser", "stranger", "newcomer"])
def test_no_page_says_anything_in_english(scene: Scene, who: str) -> None:
    scene.newcomer = scene.request.user
    client, asked, found = reader(getattr(scene, who)), 0, {}
    for path in (path for asker, path in pages(scene) if asker == who and not path.startswith(NOT_TRANSLATED)):
        page = client.get(path, follow=True)
        assert '<html lang="de" dir="ltr"' in page.content.decode(), path
        asked += 1
        if said := leaks(page):
            found[path] = said
    assert asked and found == {}


def test_no_answer_to_a_form_says_anything_in_english(scene: Scene) -> None:
    client, asked, found = reader(scene.owner), 0, {}
    for name, line in TABLE.items():
        for filled in (True, False) if "owner" in line.post and name != "demo" else ():  # whose data is English
            with transaction.atomic():
                form = line.form(scene) if line.form and filled else {}
                page = client.post(reverse(name, args=line.arguments(scene)), form, follow=True)
                transaction.set_rollback(True)
            asked += 1
            client.force_login(scene.owner)
            if "html" in page["Content-Type"] and (said := leaks(page)):
                found[name] = said
    assert asked > 50 and found == {}


def test_a_receipt_and_what_is_said_of_its_messages_are_german(scene: Scene) -> None:
    now = timezone.now()
    DeliveryFactory(occurrence=scene.done, user=scene.owner, sent=True)
    late = OccurrenceFactory(reminder=ReminderFactory(team=scene.team, daily=True, completion=Completion.NOBODY))
    late.snooze(now + timedelta(hours=2), scene.owner, now)
    client = reader(scene.owner)
    for row in (scene.done.reminder, late.reminder):
        page = client.get(reverse("reminders:detail", args=[row.uuid]))
        assert page.status_code == 200 and leaks(page) == set()


def test_an_import_says_in_german_what_it_leaves_out(scene: Scene) -> None:
    times = ["DTSTART:20200101T090000Z", "DTSTART:20400101T090000Z\r\nRRULE:FREQ=SECONDLY", "DTSTART:20300105T090000Z"]
    event = "BEGIN:VEVENT\r\nUID:{}\r\nSUMMARY:X\r\n{}\r\nEND:VEVENT\r\n"
    lines = "".join(event.format(n, each) for n, each in enumerate(times))
    file = SimpleUploadedFile("a.ics", f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{lines}END:VCALENDAR\r\n".encode())
    upload = reverse("reminders:import-team", args=[scene.team.uuid])
    page = reader(scene.owner).post(upload, {"file": file}, follow=True)
    assert page.redirect_chain and leaks(page) == set()


# --- Mails ------------------------------------------------------------------------------------------------------------


def in_mail(subject: str, text: str, html: str) -> set[str]:
    said = [" ".join(line.split()) for line in [subject, *text.splitlines()] if line.strip() and "://" not in line]
    return ENGLISH.within([*said, *Read(html).pieces])


def test_account_mails_are_german(scene: Scene) -> None:
    client = reader(scene.owner)
    form = {"name": "Ana", "email": "ana@example.org", "password1": PASSWORD, "zone": "UTC"}
    Client(headers=GERMAN).post(reverse("account_signup"), form)
    for email in (scene.owner.email, "nobody@example.org"):
        Client(headers=GERMAN).post(reverse("account_reset_password"), {"email": email})
    client.post(reverse("teams:invite", args=[scene.team.uuid]), {"addresses": "bo@example.org", "role": "member"})
    client.post(reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": "another long one 17"})
    mails = list(AccountMail.objects.all())
    assert len(mails) >= 4
    assert {mail.subject: said for mail in mails if (said := in_mail(mail.subject, mail.text, mail.html))} == {}


@pytest.mark.parametrize("step", ["due", "advance-1d", "test-1"])
def test_the_mail_of_a_reminder_is_german(step: str) -> None:
    due = datetime(2026, 12, 4, 16, tzinfo=UTC)
    team = TeamFactory(name="Betrieb", zone="Europe/Berlin")
    reminder = ReminderFactory(team=team, title="Zertifikat", due=due, now=due, daily=True)
    occurrence = OccurrenceFactory(reminder=reminder, due_at=due, missed_before=2, slot=datetime(2026, 12, 3, 17))
    person = MembershipFactory(team=team, user__zone="America/New_York", user__language="de").user
    [row] = with_facts([DeliveryFactory(occurrence=occurrence, user=person, step=step, planned_for=due).pk])
    mail = Drafts().letter(row, due + timedelta(days=3))
    text, html = str(mail.body), str(mail.alternatives[0][0])
    for body in (text, html):
        assert "Freitag, 4. Dezember 2026" in body and "Fr, 4. Dez" in body
        assert "jeden Tag um 17:00" in body and "3 Tage zu spät" in body
    assert in_mail(mail.subject, text, html) == set()


# --- Dates, numbers, problems -----------------------------------------------------------------------------------------


def test_dates_are_written_as_germans_write_them() -> None:
    day = date(2026, 12, 4)
    assert dated(day, "l j F Y") == "Friday 4 December 2026" and dated(day, "D j M") == "Fri 4 Dec"
    with override("de"):
        assert dated(day, "l j F Y") == "Freitag, 4. Dezember 2026"
        assert dated(day, "D j M") == "Fr, 4. Dez"
        assert dated(day, "F Y") == "Dezember 2026"


def test_every_pattern_of_a_date_is_one_that_translators_see() -> None:
    found = set()
    for path in [*settings.BASE_DIR.glob("templates/**/*.*"), *settings.BASE_DIR.glob("*/**/*.py")]:
        if "tests" not in path.parts and path.name != "dates.py":
            found |= set(re.findall(r"""(?:\|dated:|\bdated\([^"'\n]*?)["']([^"']+)["']""", path.read_text()))
    with override("en-gb"):
        assert found <= {str(pattern) for pattern in PATTERNS} and "l j F Y" in found
        assert not [path for path in settings.BASE_DIR.glob("templates/**/*.*") if LITERAL.search(path.read_text())]


def test_a_length_of_time_stands_in_the_case_of_its_sentence() -> None:
    now = timezone.now()
    with override("de"):
        assert [span(timedelta(days=n)) for n in (1, 3)] == ["1 Tag", "3 Tage"]
        said = [relative(Context({"now": now}), now + timedelta(days=n)) for n in (3, -1, -3)]
        assert [re.sub("<[^>]+>", "", each) for each in said] == ["in 3 Tagen", "vor 1 Tag", "vor 3 Tagen"]
        assert units() == "min|h|Tag|Tagen"


def test_a_problem_of_the_api_follows_the_language_that_was_asked_for(scene: Scene) -> None:
    asked = f"/api/v1/teams/{scene.team.uuid}"
    assert "Sag, wer du bist" in Client(headers=GERMAN).get(asked).content.decode()
    assert "Say who you are" in Client().get(asked).content.decode()


def test_quick_add_says_that_it_reads_english_where_the_page_does_not(scene: Scene) -> None:
    client = reader(scene.owner)
    assert client.get(reverse("today")).content.decode().count("Diese Zeile versteht Zeitangaben auf Englisch.") == 1
    page = client.get(reverse("today"), headers={"accept-language": "en"}).content.decode()
    assert "quick-language" not in page and 'id="quick-text"' in page
