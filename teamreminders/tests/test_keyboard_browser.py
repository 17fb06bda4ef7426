"""From signing up to one's settings with nothing but a keyboard: what is pressed has the focus, and shows it."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from reminders.models import Occurrence
from teamreminders.testing.catcher import Catcher
from teamreminders.testing.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FAR = 60  # presses of Tab that nobody would make
# What has the focus: its words, as somebody hears them, and whether it shows.
FOCUSED = """() => {
  const it = document.activeElement;
  if (it === document.body) return {words: ""};
  const words = it.labels?.[0]?.textContent || it.getAttribute("aria-label") || it.textContent;
  const box = it.getBoundingClientRect();
  const seen = box.bottom > 0 && box.top < innerHeight && box.width > 0;
  return {words: words.trim().replace(/\\s+/g, " "), seen, ringed: it.matches(":focus-visible")};
}"""


class Keyboard:
    def __init__(self, page: Page) -> None:
        self.page = page

    def tab_to(self, words: str) -> None:
        """Until what begins with these words has the focus."""
        passed = []
        for _ in range(FAR):
            focused = self.page.evaluate(FOCUSED)
            passed.append(focused["words"])
            if focused["words"].startswith(words):
                assert focused["seen"] and focused["ringed"], focused
                return
            self.page.keyboard.press("Tab")
        pytest.fail(f"Tab does not come to {words!r}, but to {passed}")

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def write(self, label: str, words: str) -> None:
        self.tab_to(label)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(words)


@pytest.fixture
def keyboard(stack: Stack, browser: Any, live: str) -> Iterator[Keyboard]:
    stack.worker()
    context = browser.new_context(base_url=live, timezone_id="Europe/Berlin", service_workers="block")
    page = context.new_page()
    page.set_default_timeout(15_000)
    yield Keyboard(page)
    context.close()


def test_the_whole_way_from_signing_up_to_the_settings(keyboard: Keyboard, smtp: Catcher) -> None:
    page = keyboard.page
    sign_up_and_confirm(keyboard, smtp)
    expect(page.get_by_label("Its name")).to_be_focused()
    page.keyboard.type("Operations")
    keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Operations")
    write_a_reminder(keyboard)
    be_done_and_undo_it(keyboard)
    find_it_by_the_palette(keyboard)
    change_ones_name(keyboard)


def sign_up_and_confirm(keyboard: Keyboard, smtp: Catcher) -> None:
    page = keyboard.page
    page.goto("/")
    keyboard.tab_to("Skip to the content")
    keyboard.press("Enter")
    keyboard.tab_to("Sign up")
    keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/signup/"))
    keyboard.write("Your name", "Ada Lovelace")
    keyboard.write("E-mail", "ada@example.org")
    keyboard.write("Password", "engine difference analytical")
    keyboard.press("Enter")
    mail = smtp.wait_for(1, seconds=30)[0].message.get_body(("plain",)).get_content()
    page.goto(re.search(r"http://\S+/confirm-email/\S+", mail)[0])
    keyboard.tab_to("Yes, confirm")
    keyboard.press("Enter")


def write_a_reminder(keyboard: Keyboard) -> None:
    page = keyboard.page
    expect(page.get_by_label("New reminder", exact=True)).to_be_focused()
    page.keyboard.type("Water the plants every Friday at 9")
    expect(page.locator("#heard")).to_contain_text("every Friday at 09:00")
    keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="is set")).to_be_visible()


def be_done_and_undo_it(keyboard: Keyboard) -> None:
    """Letters are keys outside of the line of quick-add, which Tab leaves."""
    page = keyboard.page
    keyboard.tab_to("Set the reminder")
    keyboard.press("g", "t")
    expect(page).to_have_url(re.compile("/today/$"))
    keyboard.press("j")
    expect(page.get_by_role("link", name="Water the plants")).to_be_focused()
    keyboard.press("x")
    expect(page.get_by_role("status").filter(has_text="is done")).to_be_visible()
    assert Occurrence.objects.filter(state="done").count() == 1
    expect(page.get_by_role("button", name="Undo Water the plants")).to_be_focused()
    keyboard.press("u")
    expect(page.get_by_role("status").filter(has_text="to be done again")).to_be_visible()
    assert Occurrence.objects.filter(state="done").count() == 0


def find_it_by_the_palette(keyboard: Keyboard) -> None:
    page = keyboard.page
    keyboard.press("Control+k")
    expect(page.get_by_role("combobox", name="Search reminders")).to_be_focused()
    page.keyboard.type("water")
    expect(page.locator('[role="option"][aria-selected="true"]')).to_contain_text("Water the plants")
    keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Water the plants")


def change_ones_name(keyboard: Keyboard) -> None:
    page = keyboard.page
    keyboard.press("g", "s")
    expect(page).to_have_url(re.compile("/me/$"))
    keyboard.write("Name", "Ada King")
    keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="saved")).to_be_visible()
    assert User.objects.get().name == "Ada King"
