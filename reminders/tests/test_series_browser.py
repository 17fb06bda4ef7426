"""A series in a real browser: set, one left out, one moved, cut in two, and paused until a clock change."""

import re
from datetime import date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Locator, Page, expect

from accounts.tests.factories import UserFactory
from reminders.models import Reminder
from reminders.schedule import Oddity, between, oddity, resolve
from teams.models import Team
from teams.tests.factories import TeamFactory

from .test_quick_browser import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NEW_YORK = ZoneInfo("America/New_York")
EARLY = time(2, 30)  # which the clocks of New York skip once a year


@pytest.fixture
def team() -> Team:
    ada = UserFactory(name="Ada Lovelace", email="ada@example.org", zone="America/New_York")
    return TeamFactory(name="Operations", zone="America/New_York", owner=ada)


def clock_change(after: date) -> date:
    """The next day without 02:30."""
    while oddity(datetime.combine(after, EARLY), NEW_YORK) != Oddity.SKIPPED:
        after += timedelta(days=1)
    return after


def coming(page: Page) -> Locator:
    return page.locator("#reminder .next dd.moment:not(.quiet)")


def menu_of(page: Page, n: int) -> Locator:
    """The menu of the nth time to come, opened."""
    menu = coming(page).nth(n).locator("details.menu")
    menu.locator("summary").click()
    return menu


def slots(reminder: Reminder, count: int = 5) -> list[datetime]:
    reminder.refresh_from_db()
    now = datetime.now(timezone.utc)
    return [slot.local for slot in between(reminder.schedule, now, now + timedelta(days=400), limit=count)]


def set_by_words(page: Page) -> Reminder:
    expect(page.locator("#quick-text")).to_be_focused()  # else a busy machine loses the first keys
    page.keyboard.type("Rotate the logs every day at 2:30")
    expect(page.locator("[name=seen]")).to_have_value(re.compile("."))
    page.keyboard.press("Enter")
    expect(page.locator("#messages")).to_contain_text("Rotate the logs")
    reminder = Reminder.objects.get()
    page.goto(f"/reminders/{reminder.uuid}/")
    return reminder


def test_a_series_is_changed_one_by_one_and_from_one_on_across_a_clock_change(page: Page, team: Team) -> None:
    sign_in(page)
    reminder = set_by_words(page)
    first, _second, third, fourth, fifth = slots(reminder)
    expect(coming(page)).to_have_count(5)

    menu_of(page, 1).get_by_role("button", name="Leave this one out").click()
    expect(page.get_by_text(re.compile("^left out:"))).to_be_visible()
    assert slots(reminder) == [first, third, fourth, fifth, fifth + timedelta(days=1)]

    menu = menu_of(page, 0)
    to = first.replace(hour=22, minute=15)
    expect(menu.locator("[name=to]")).to_have_value(first.strftime("%Y-%m-%dT%H:%M"))
    menu.locator("[name=to]").fill(to.strftime("%Y-%m-%dT%H:%M"))
    menu.get_by_role("button", name="Move", exact=True).click()
    expect(coming(page).first).to_contain_text("22:15")
    reminder.refresh_from_db()
    assert dict(reminder.schedule.moved) == {first: to}

    menu_of(page, 2).get_by_role("link", name="Edit this and following").click()
    expect(page.get_by_role("heading", name="Edit this and following")).to_be_visible()
    page.get_by_label("Title").fill("Rotate all logs")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Rotate all logs")).to_be_visible()
    assert slots(reminder) == [first, third]
    following = Reminder.objects.get(continues=reminder)
    assert slots(following)[0] == fourth

    day = clock_change(fourth.date() + timedelta(days=2))
    page.locator("#reminder > header details.menu > summary").click()
    page.get_by_label("Pause, and go on by itself on").fill((day - timedelta(days=1)).isoformat())
    page.get_by_role("button", name="Pause until then").click()
    expect(page.get_by_text(re.compile("^Paused until")).first).to_be_visible()
    expect(coming(page).nth(1)).to_contain_text("03:30")
    expect(coming(page).nth(1)).to_contain_text("the clocks skip 02:30 that day")
    upcoming = following.occurrences.get(state="upcoming")
    assert upcoming.due_at == resolve(datetime.combine(day - timedelta(days=1), EARLY), NEW_YORK)

    page.get_by_role("button", name="Resume").click()
    expect(coming(page).first).to_contain_text(f"{fourth.day} {fourth:%b}")
