"""The calendar in a real browser: by keyboard alone, with and without scripts, and as wide as a small phone."""

import re
from datetime import datetime, timedelta, timezone

import pytest
from playwright.sync_api import Page, expect

from accounts.tests.factories import UserFactory
from reminders.tests.factories import ReminderFactory
from teams.models import Team
from teams.tests.factories import TeamFactory

from .test_quick_browser import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

BEGIN = datetime(2031, 1, 1, 9, tzinfo=timezone.utc)


@pytest.fixture
def team() -> Team:
    """Ada's; from January 2031 on something is due each day at 9, and much on the 30th."""
    team = TeamFactory(name="Operations", owner=UserFactory(email="ada@example.org", zone="UTC"))
    ReminderFactory(team=team, title="Stand-up", due=BEGIN, daily=True)
    for number in range(5):
        ReminderFactory(team=team, title=f"Check {number}", due=BEGIN + timedelta(days=29, minutes=number))
    return team


@pytest.fixture
def january(page: Page, team: Team) -> Page:
    sign_in(page)
    page.goto("/calendar/?month=2031-01")
    return page


def focused(page: Page, name: str) -> None:
    expect(page.locator(f"#{name}")).to_be_focused()


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def shows(page: Page, month: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(month)


def test_arrow_keys_walk_over_days_and_on_into_the_next_month(january: Page) -> None:
    page = january
    page.locator("#day-2031-01-01").focus()
    press(page, "ArrowRight", "ArrowDown", "ArrowDown", "ArrowLeft", "ArrowUp")
    focused(page, "day-2031-01-08")
    press(page, "End")
    focused(page, "day-2031-01-12")
    press(page, "Home")
    focused(page, "day-2031-01-06")
    press(page, "ArrowDown", "ArrowDown", "ArrowDown", "ArrowDown")
    shows(page, "February 2031")
    focused(page, "day-2031-02-03")
    expect(page).to_have_title("February 2031 · Calendar · Team Reminders")
    expect(page).to_have_url(re.compile("month=2031-02"))
    expect(page.locator("#calendar-said")).to_have_text("February 2031, 28 reminders")


def test_page_keys_turn_months_and_the_31st_becomes_the_last_day(january: Page) -> None:
    page = january
    page.locator("#day-2031-01-31").focus()
    press(page, "PageDown")
    focused(page, "day-2031-02-28")
    press(page, "PageUp")
    focused(page, "day-2031-01-28")
    shows(page, "January 2031")


def test_enter_opens_the_day_and_escape_leads_back(january: Page) -> None:
    page = january
    page.locator("#day-2031-01-30").focus()
    press(page, "Enter")
    expect(page.locator("#day-title")).to_be_focused()
    expect(page.locator("#day-title")).to_have_text("Thursday, 30 January")
    expect(page.locator("#day .entry-row")).to_have_count(6)
    expect(page).to_have_title("30 January 2031 · Calendar · Team Reminders")
    press(page, "Escape")
    focused(page, "day-2031-01-30")


def test_the_tab_key_stops_at_one_day_only_and_at_what_is_on_it(january: Page) -> None:
    page = january
    page.locator("#day-2031-01-30").focus()
    on_it = page.locator("td:has(#day-2031-01-30) a").count()
    for each in range(1, on_it):
        press(page, "Tab")
        expect(page.locator("td:has(#day-2031-01-30) a").nth(each)).to_be_focused()
    press(page, "Tab")
    assert page.evaluate("document.activeElement.closest('.month')") is None
    assert on_it == 6  # the day, a new one, three of six, "3 more"


def test_months_are_turned_without_a_new_page_and_back_leads_back(january: Page) -> None:
    page = january
    page.evaluate("window.same = true")
    page.locator("#calendar-next").click()
    shows(page, "February 2031")
    focused(page, "calendar-next")
    assert page.evaluate("window.same") is True
    page.go_back()
    shows(page, "January 2031")
    expect(page).to_have_title("January 2031 · Calendar · Team Reminders")
    page.locator("#day-2031-01-07").focus()
    press(page, "ArrowRight")
    focused(page, "day-2031-01-08")


def test_an_empty_part_of_a_day_writes_a_reminder_for_it(january: Page) -> None:
    page = january
    box = page.locator("td:has(#day-2031-01-15)").bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] - 8)
    expect(page.locator("[name=start]")).to_have_value("2031-01-15")


def test_on_a_phone_a_tap_shows_the_day_below_and_nothing_is_wider_than_the_screen(january: Page) -> None:
    page = january
    page.set_viewport_size({"width": 360, "height": 800})
    expect(page.locator(".entries").first).to_be_hidden()
    expect(page.locator("#day .entry-row")).to_have_count(1)
    cell = page.locator("td:has(#day-2031-01-30)")
    expect(cell.locator(".dots .dot")).to_have_count(3)
    cell.click(position={"x": 8, "y": 45})
    expect(page.locator("#day .entry-row")).to_have_count(6)
    assert page.evaluate("document.documentElement.scrollWidth") == 360


def test_without_scripts_everything_is_a_link(page_without_scripts: Page, team: Team) -> None:
    page = sign_in(page_without_scripts)
    page.goto("/calendar/?month=2030-12")
    page.locator("#calendar-next").click()
    shows(page, "January 2031")
    page.locator(".more").click()
    expect(page.locator("#day .entry-row")).to_have_count(6)
    assert page.locator("#day-title").bounding_box()["y"] < page.viewport_size["height"]
    page.locator("#calendar-agenda").click()
    expect(page.get_by_role("heading", name="Thursday, 30 January")).to_be_visible()
    page.get_by_role("link", name="Stand-up").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Stand-up")
