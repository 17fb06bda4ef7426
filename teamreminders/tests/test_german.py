"""The site in German: that its catalog is whole, and that no page or mail of it says anything in English."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple

import polib
import pytest
from django.conf import settings
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from accounts.models import AccountMail
from reminders.tests.factories import DeliveryFactory
from teamreminders.dates import PATTERNS, dated
from teamreminders.templatetags.page import span, units

from .test_axe_browser import pages
from .test_permissions import Scene, scene

__all__ = ["scene"]

GERMAN = {"accept-language": "de"}
CATALOG = Path(settings.BASE_DIR) / "teamreminders" / "locale" / "de" / "LC_MESSAGES" / "django.po"
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%?[sd]|\{\w*\}")
TAG = re.compile(r"</?[a-z]+[^>]*>|&[a-z]+;")
entries = polib.pofile(str(CATALOG), wrapwidth=0)


def texts(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) or [entry.msgstr]


# --- The catalog ------------------------------------------------------------------------------------------------------


def test_nothing_is_without_german() -> None:
    assert [entry.msgid for entry in entries if entry.fuzzy or entry.obsolete or not all(texts(entry))] == []
    assert [entry.msgid for entry in entries if entry.msgid_plural and len(texts(entry)) != 2] == []


@pytest.mark.parametrize("kind", [PLACEHOLDER, TAG], ids=["placeholders", "tags"])
def test_what_is_filled_in_is_in_the_german_as_well(kind: re.Pattern[str]) -> None:
    """What a plural leaves out of its singular ("one of …") the German may leave out there too."""
    odd = []
    for entry in entries:
        allowed = [sorted(kind.findall(english)) for english in (entry.msgid, entry.msgid_plural) if english]
        odd += [text for text in texts(entry) if sorted(kind.findall(text)) not in allowed]
    assert odd == []


def test_the_spaces_around_a_text_are_kept() -> None:
    def ends(text: str) -> tuple[bool, bool]:
        return text[:1].isspace(), text[-1:].isspace()

    assert [entry.msgid for entry in entries for text in texts(entry) if ends(text) != ends(entry.msgid)] == []


def test_what_is_compiled_is_what_is_written() -> None:
    def content(file: polib.POFile | polib.MOFile) -> dict[tuple[str | None, str, str], list[str]]:
        return {(entry.msgctxt, entry.msgid, entry.msgid_plural): texts(entry) for entry in file}

    assert content(polib.mofile(str(CATALOG.with_suffix(".mo")))) == content(entries)


def test_the_catalog_has_every_text_of_the_source_and_no_other(tmp_path: Path) -> None:
    if not shutil.which("xgettext"):
        pytest.skip("xgettext is not here: it gathers the texts (Debian: apt install gettext)")
    ignored = shutil.ignore_patterns("tests", "__pycache__")
    for name in ("accounts", "teams", "reminders", "teamreminders", "templates"):
        shutil.copytree(settings.BASE_DIR / name, tmp_path / name, ignore=ignored)
    shutil.copy(settings.BASE_DIR / "manage.py", tmp_path)
    gather = [sys.executable, "manage.py", "makemessages", "--locale", "de", "--no-obsolete", "--no-location"]
    subprocess.run(gather, cwd=tmp_path, check=True, capture_output=True)
    found = polib.pofile(str(tmp_path / CATALOG.relative_to(settings.BASE_DIR)))
    assert {(each.msgctxt, each.msgid) for each in found} == {(each.msgctxt, each.msgid) for each in entries}
    assert [each.msgid for each in found if each.fuzzy or not each.translated()] == []


# --- Pages and mails --------------------------------------------------------------------------------------------------


class Read(HTMLParser):
    """The pieces of text that somebody sees or hears."""

    SPOKEN = frozenset({"aria-label", "alt", "title", "placeholder", "content", "data-label", "data-confirm"})
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


class English(NamedTuple):
    """What is said otherwise in German: whole texts, and long parts of those that have something filled in."""

    whole: frozenset[str]
    parts: tuple[str, ...]

    def within(self, pieces: list[str]) -> set[str]:
        return {piece for piece in pieces if piece in self.whole or any(part in piece for part in self.parts)}


def english() -> English:
    said = {text for entry in entries for text in texts(entry)}
    # Quick-add reads English, so its examples are.
    other = [each for entry in entries for each in (entry.msgid, entry.msgid_plural) if each and each not in said]
    parts = {part.strip() for each in other for part in re.split(f"{PLACEHOLDER.pattern}|{TAG.pattern}", each)}
    german = "\n".join(said)
    long = (part for part in parts if len(part) > 11 and part.count(" ") > 1 and part not in german)
    return English(frozenset(each.strip() for each in other), tuple(" ".join(part.split()) for part in long))


ENGLISH = english()


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    cache.clear()
    with override("en-gb"):  # a test's client leaves the language of its last request in the thread
        yield


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["anonymous", "owner", "superuser", "stranger", "newcomer"])
def test_no_page_says_anything_in_english(scene: Scene, who: str) -> None:
    scene.newcomer = scene.request.user
    client, asked, found = Client(headers=GERMAN), 0, {}
    if person := getattr(scene, who):
        client.force_login(person)
    for path in (path for asker, path in pages(scene) if asker == who and not path.startswith(("/admin", "/styleg"))):
        page = client.get(path, follow=True)
        html = page.content.decode()
        assert '<html lang="de"' in html, path
        asked += 1
        if leaks := ENGLISH.within(Read(html).pieces):
            found[path] = leaks
    assert asked and found == {}
