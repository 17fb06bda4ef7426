"""The German catalog: whole, compiled, and of these sources."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import polib
import pytest
from django.conf import settings

CATALOG = Path(settings.BASE_DIR) / "teamreminders" / "locale" / "de" / "LC_MESSAGES" / "django.po"
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%?[sd]|\{\w*\}")
TAG = re.compile(r"</?[a-z]+[^>]*>|&[a-z]+;")
entries = polib.pofile(str(CATALOG), wrapwidth=0)


def texts(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) or [entry.msgstr]


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
