"""Moulds: a mail that is filled must be the mail that the template would have rendered."""

from itertools import product

import pytest
from django.template.loader import render_to_string
from django.utils.translation import override

from teamreminders.mould import _cast, fill

WORDS = {
    "title": "Renew <b> & \ue000team\ue001 {{ url }}",
    "team": "Ops & Co",
    "notes": "Line",
    "lead": "1 day",
    "late": "3 h",
    "schedule": "every Friday at 16:00",
    "url": "https://reminders.example.org/r/1/?a=1&b=2",
    "done_url": "https://reminders.example.org/o/1/done/",
    "day": "Friday 27 November 2026",
    "at": "16:00",
    "place": "Berlin",
    "my_day": "Fri 27 Nov",
    "my_at": "10:00",
    "slot_day": "Thursday 26 November",
    "slot_at": "09:00",
    "snoozed_by": "Ada <ada>",
    "snoozed": "yes",
}
OPTIONAL = ["notes", "lead", "late", "schedule", "done_url", "my_at", "slot_day", "snoozed_by", "snoozed"]


@pytest.mark.parametrize("template", ["mail/reminder.txt", "mail/reminder.html"])
def test_a_filled_mould_is_the_rendered_template(template: str) -> None:
    for given in product([True, False], repeat=len(OPTIONAL)):
        words = WORDS | {name: "" for name, is_given in zip(OPTIONAL, given, strict=True) if not is_given}
        for missed, reason in ((0, "team"), (1, "chosen"), (3, "team")):
            rendered = render_to_string(template, words | {"missed": missed, "reason": reason})
            assert fill(template, words, (("missed", missed), ("reason", reason))) == rendered


def test_what_people_write_never_ends_up_in_a_mould() -> None:
    _cast.cache_clear()
    for title in ("one", "two", "three"):
        fill("mail/reminder.html", WORDS | {"title": title}, (("missed", 0), ("reason", "team")))
    assert _cast.cache_info().misses == 1


def test_another_language_has_its_own_mould() -> None:
    _cast.cache_clear()
    for language in ("en", "de", "en"):
        with override(language):
            fill("mail/reminder.html", WORDS, (("missed", 0), ("reason", "team")))
    assert _cast.cache_info().misses == 2
