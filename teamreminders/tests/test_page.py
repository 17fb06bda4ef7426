"""Times and people in pages, one row a surprise."""

from datetime import datetime, timedelta
from datetime import timezone as fixed

import pytest
from django.template import Context, Template
from django.utils import timezone
from django.utils.html import strip_tags

from teamreminders.templatetags import page

NOW = datetime(2026, 11, 24, 11, 0, tzinfo=fixed.utc)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=fixed.utc)


def seen(source: str, reader: str = "UTC", **context: object) -> str:
    """What the template looks like for somebody in the zone `reader` at NOW."""
    with timezone.override(reader):
        return Template(source).render(Context({"now": NOW, **context}))


@pytest.mark.parametrize(
    ("at", "reader", "how", "words"),
    [
        ("2026-11-23T16:00", "Europe/Berlin", "", "Mon 23 Nov, 17:00"),
        ("2026-11-23T16:00:07", "UTC", "", "Mon 23 Nov, 16:00:07"),  # seconds where they are not 0
        ("2026-11-23T16:00:00", "UTC", "precise=True", "Mon 23 Nov, 16:00:00"),  # or where they are asked for
        ("2027-02-21T16:00", "UTC", "", "Sun 21 Feb 2027, 16:00"),  # another year is said
        ("2026-12-31T23:30", "Europe/Berlin", "", "Fri 1 Jan 2027, 00:30"),  # by the reader's calendar
        ("2026-11-24T07:00", "UTC", 'show="near"', "07:00"),
        ("2026-11-23T23:30", "Europe/Berlin", 'show="near"', "00:30"),  # yesterday in UTC, today for the reader
        ("2026-11-23T16:00", "UTC", 'show="near"', "Mon 23 Nov, 16:00"),
        ("2026-11-30T16:00", "UTC", 'show="near"', "Mon 16:00"),
        ("2026-12-01T16:00", "UTC", 'show="near"', "Tue 1 Dec, 16:00"),  # "Tue" alone would be today
        ("2026-11-17T16:00", "UTC", 'show="near"', "Tue 17 Nov, 16:00"),
        ("2026-11-23T16:00", "UTC", 'show="time"', "16:00"),
        ("2026-11-23T16:00", "UTC", 'show="day"', "Mon 23 Nov"),
        ("2026-11-23T16:00", "UTC", 'zone="Asia/Tokyo"', "Tue 24 Nov, 01:00"),
    ],
)
def test_a_moment_in_words(at: str, reader: str, how: str, words: str) -> None:
    assert strip_tags(seen(f"{{% moment at {how} %}}", reader, at=utc(at))) == words


def test_a_moment_carries_utc_for_machines_and_the_zones_name_for_people() -> None:
    assert seen("{% moment at %}", "Europe/Berlin", at=utc("2026-11-23T16:00")) == (
        '<time datetime="2026-11-23T16:00:00Z" title="Monday 23 November 2026, 17:00:00 Europe/Berlin">'
        "Mon 23 Nov, 17:00</time>"
    )


@pytest.mark.parametrize(
    ("at", "zone", "reader", "words"),
    [
        ("2026-11-24T14:00", "Europe/Berlin", "America/New_York", "15:00 Berlin · 09:00 for you"),
        ("2026-11-24T14:00", "Europe/Berlin", "Europe/Paris", "15:00"),  # the same hour: one time is enough
        ("2026-11-24T22:00", "Europe/Berlin", "Asia/Tokyo", "23:00 Berlin · Wed 07:00 for you"),  # another day
        ("2026-11-26T14:00", "America/New_York", "UTC", "Thu 09:00 New York · 14:00 for you"),
    ],
)
def test_a_moment_in_the_reminders_zone_and_the_readers(at: str, zone: str, reader: str, words: str) -> None:
    assert strip_tags(seen("{% moment_in at zone %}", reader, at=utc(at), zone=zone)) == words


@pytest.mark.parametrize(
    ("away", "words"),
    [
        (timedelta(0), "now"),
        (timedelta(seconds=-59), "now"),
        (timedelta(minutes=5, seconds=50), "in 5 min"),
        (timedelta(hours=17), "in 17 h"),
        (timedelta(hours=23, minutes=59), "in 23 h"),
        (timedelta(days=1), "in 1 day"),
        (timedelta(days=3, hours=20), "in 3 days"),
        (timedelta(minutes=-90), "1 h ago"),
    ],
)
def test_a_moment_as_seen_from_now(away: timedelta, words: str) -> None:
    assert strip_tags(seen("{% relative at %}", at=NOW + away)) == words


def test_a_moment_may_be_told_in_other_words() -> None:
    html = seen('{% relative at past="%s overdue" %}', at=NOW - timedelta(hours=17))
    assert strip_tags(html) == "17 h overdue"
    assert 'data-past="%s overdue"' in html


@pytest.mark.parametrize(
    ("late", "words"),
    [
        (0.2449, "0.24 s"),
        (timedelta(milliseconds=190), "0.19 s"),
        (0, "0.00 s"),
        (12.34, "12.3 s"),
        (131, "131 s"),
        (900, "15 min"),
        (timedelta(hours=5), "5 h"),
    ],
)
def test_lateness_is_as_precise_as_it_is_worth(late: timedelta | float, words: str) -> None:
    assert page.lateness(late) == words


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Ana Lopez", "AL"), ("Ana", "AN"), ("Ana María Lopez", "AL"), ("é", "É"), ("bo@example.org", "BO"), ("  ", "")],
)
def test_initials(name: str, letters: str) -> None:
    assert page.initials(name) == letters


def test_an_icon_is_silent_unless_it_has_a_label() -> None:
    assert seen('{% icon "check" %}') == (
        '<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="M20 6 9 17l-5-5" /></svg>'
    )
    assert 'role="img" aria-label="a &quot;quoted&quot; label"' in seen(
        '{% icon "check" label %}', label='a "quoted" label'
    )


def test_an_icon_that_was_not_vendored_fails_at_once() -> None:
    with pytest.raises(FileNotFoundError):
        seen('{% icon "no-such-icon" %}')
