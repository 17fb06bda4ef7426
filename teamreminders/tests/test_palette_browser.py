"""The palette and the list of keys, by keyboard alone."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from accounts.tests.factories import UserFactory
from reminders.tests.factories import ReminderFactory
from teams.models import Team
from teams.tests.factories import TeamFactory

from .browsing import browser_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def ada() -> User:
    return UserFactory(name="Ada Lovelace")


@pytest.fixture
def team(ada: User) -> Team:
    return TeamFactory(name="Operations", owner=ada)


@pytest.fixture
def page(browser: Any, live: str, ada: User, team: Team) -> Iterator[Page]:
    with browser_of(browser, live, ada) as page:
        page.goto("/today/")
        yield page


def chosen(page: Page) -> Any:
    return page.locator('[role="option"][aria-selected="true"]')


def away_from_fields(page: Page) -> None:
    page.get_by_role("heading", level=1).click()


def test_a_few_letters_and_enter_lead_to_a_reminder_and_the_arrows_to_the_others(
    page: Page, ada: User, team: Team
) -> None:
    for title in ("Renew the certificate", "Renew the lease"):
        ReminderFactory(team=team, author=ada, title=title)
    page.keyboard.press("Control+k")
    field = page.get_by_role("combobox", name="Search reminders")
    expect(field).to_be_focused()
    expect(chosen(page)).to_contain_text("Today")
    page.keyboard.type("renew")
    expect(chosen(page)).to_contain_text("Renew the certificate")
    expect(page.locator("#palette-said")).to_contain_text("results")
    page.keyboard.press("ArrowDown")
    expect(chosen(page)).to_contain_text("Renew the lease")
    expect(field).to_have_attribute("aria-activedescendant", chosen(page).get_attribute("id"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Renew the lease")


def test_enter_waits_for_what_was_typed_last(page: Page, ada: User, team: Team) -> None:
    ReminderFactory(team=team, author=ada, title="Renew the certificate")
    page.keyboard.press("Control+k")
    expect(chosen(page)).to_contain_text("Today")
    page.keyboard.type("cert")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Renew the certificate")


def test_an_act_is_done_where_one_is_and_what_was_typed_there_stays(page: Page, ada: User, team: Team) -> None:
    reminder = ReminderFactory(team=team, author=ada, title="Renew the certificate")
    page.get_by_label("New reminder", exact=True).fill("half a sentence")
    page.keyboard.press("Control+k")
    page.keyboard.type("pause cert")
    expect(chosen(page)).to_contain_text("Pause: Renew the certificate")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="Paused.")).to_be_visible()
    expect(page.locator("#palette")).to_be_hidden()
    expect(page.get_by_label("New reminder", exact=True)).to_have_value("half a sentence")
    reminder.refresh_from_db()
    assert reminder.paused_at


def test_escape_leads_back_to_where_one_was(page: Page) -> None:
    page.get_by_label("New reminder", exact=True).focus()
    page.keyboard.press("Control+k")
    expect(page.locator("#palette")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#palette")).to_be_hidden()
    expect(page.get_by_label("New reminder", exact=True)).to_be_focused()


def test_the_list_of_keys_is_what_the_page_has(page: Page) -> None:
    away_from_fields(page)
    page.keyboard.press("?")
    keys = page.locator("#shortcuts dl")
    for name, pressed in [("New reminder", "n"), ("Today", "gt"), ("Search", "CtrlK"), ("Keys", "?")]:
        line = keys.locator("div", has=page.get_by_text(name, exact=True))
        assert "".join(line.locator("kbd").all_text_contents()) == pressed
    page.keyboard.press("Escape")
    page.evaluate("document.querySelector('[data-key=n]').remove()")
    away_from_fields(page)
    page.keyboard.press("?")
    expect(keys).to_contain_text("Today")
    expect(keys).not_to_contain_text("New reminder")


def test_keys_that_follow_each_other_lead_somewhere_and_rest_in_fields(page: Page, team: Team) -> None:
    page.goto(f"/teams/{team.uuid}/")
    page.get_by_label("New reminder", exact=True).focus()
    page.keyboard.type("gt")
    expect(page.get_by_label("New reminder", exact=True)).to_have_value("gt")
    away_from_fields(page)
    page.keyboard.type("gx")
    page.keyboard.type("gt")
    expect(page).to_have_url(re.compile("/today/$"))


def test_the_scheme_changes_without_leaving_the_page_and_stays(page: Page) -> None:
    paper = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(paper)
    page.get_by_label("New reminder", exact=True).fill("half a sentence")
    page.get_by_role("button", name="Dark").click()
    expect(page.get_by_role("button", name="Dark")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("button", name="Dark")).to_be_focused()
    dark = page.evaluate(paper)
    assert dark != light
    expect(page.get_by_label("New reminder", exact=True)).to_have_value("half a sentence")
    page.goto("/me/")
    assert page.evaluate(paper) == dark
