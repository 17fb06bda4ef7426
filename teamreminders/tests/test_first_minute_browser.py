"""From the page for signing up to the first reminder: what it takes, counted as a person would."""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from reminders.models import Reminder
from teamreminders.testing.catcher import Catcher
from teamreminders.testing.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

AT_MOST = 12


class Hand:
    """Counts clicks, fields that are filled in, and keys such as Enter."""

    def __init__(self, page: Page) -> None:
        self.page, self.count = page, 0

    def click(self, goal: Locator) -> None:
        self.count += 1
        goal.click()

    def fill(self, label: str, words: str) -> None:
        self.count += 1
        self.page.get_by_label(label).fill(words)

    def type(self, words: str) -> None:
        """Where the cursor stands already."""
        self.count += 1
        self.page.keyboard.type(words)

    def press(self, key: str) -> None:
        self.count += 1
        self.page.keyboard.press(key)

    def follow(self, link: str) -> None:
        """In the mail."""
        self.count += 1
        self.page.goto(link)


@pytest.fixture
def hand(stack: Stack, browser: Any, live: str) -> Any:
    stack.worker()
    context = browser.new_context(base_url=live, timezone_id="Europe/Berlin", service_workers="block")
    page = context.new_page()
    page.set_default_timeout(15_000)
    yield Hand(page)
    context.close()


def sign_up_and_found_a_team(hand: Hand, smtp: Catcher) -> None:
    page = hand.page
    page.goto("/accounts/signup/")
    hand.fill("Your name", "Ada Lovelace")
    hand.fill("E-mail", "ada@example.org")
    hand.fill("Password", "engine difference analytical")
    expect(page.get_by_label("Time zone")).to_have_value("Europe/Berlin")
    hand.press("Enter")
    mail = smtp.wait_for(1, seconds=30)[0].message.get_body(("plain",)).get_content()
    hand.follow(re.search(r"http://\S+/confirm-email/\S+", mail)[0])
    hand.click(page.get_by_role("main").get_by_role("button"))
    expect(page.get_by_label("Its name")).to_be_focused()
    hand.type("Operations")
    hand.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Operations")
    expect(page.get_by_label("New reminder", exact=True)).to_be_focused()


def test_a_sentence_of_ones_own_is_set_within_twelve(hand: Hand, smtp: Catcher) -> None:
    sign_up_and_found_a_team(hand, smtp)
    hand.type("Water the plants every Friday at 9")
    expect(hand.page.locator("#heard")).to_contain_text("every Friday at 09:00")
    hand.press("Enter")
    expect(hand.page.get_by_role("status").filter(has_text="is set")).to_be_visible()
    assert Reminder.objects.get().title == "Water the plants"
    assert hand.count <= AT_MOST, hand.count


@pytest.mark.parametrize(
    ("example", "words"),
    [
        ("Submit timesheets", "every Friday at 16:00"),
        ("Check the backups", "every weekday at 08:30"),
        ("Pay the rent", "the 1st of every month"),
    ],
)
def test_an_example_is_one_tap_and_enter(hand: Hand, smtp: Catcher, example: str, words: str) -> None:
    sign_up_and_found_a_team(hand, smtp)
    hand.click(hand.page.get_by_role("link", name=example))
    expect(hand.page.locator("#heard")).to_contain_text(words)
    expect(hand.page.get_by_label("New reminder", exact=True)).to_be_focused()
    hand.press("Enter")
    expect(hand.page.get_by_role("status").filter(has_text="is set")).to_be_visible()
    assert Reminder.objects.get().title == example
    assert hand.count <= AT_MOST, hand.count
