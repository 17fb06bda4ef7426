"""The form in a real browser: each way of saying when fills the others, and never where one is typing."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from accounts.tests.factories import PASSWORD, UserFactory
from reminders.models import Reminder
from teams.models import Team
from teams.tests.factories import TeamFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def opened(page: Page) -> Page:
    """The form for a new reminder of Ada's team in Berlin."""
    ada = UserFactory(name="Ada Lovelace", email="ada@example.org")
    team: Team = TeamFactory(name="Operations", zone="Europe/Berlin", owner=ada)
    page.set_default_timeout(15_000)
    page.goto("/accounts/login/")
    page.get_by_label("E-mail").fill("ada@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in", exact=True).first.click()
    expect(page).to_have_url(re.compile("/today/$"))
    page.goto(f"/teams/{team.uuid}/reminders/new/")
    return page


@pytest.fixture
def form(page: Page) -> Page:
    return opened(page)


def field(page: Page, name: str) -> Locator:
    return page.locator(f'[name="{name}"]')


def chosen(page: Page, name: str) -> Locator:
    return page.locator(f'[name="{name}"]:checked')


def unfold(page: Page) -> None:
    page.get_by_text("In words, as a rule or by cron").click()


def test_once_asks_for_little(form: Page) -> None:
    for name in ("title", "start", "at"):
        expect(field(form, name)).to_be_visible()
    for name in ("interval", "month_days", "place_day", "until", "count", "recurrence", "cron", "lead_times", "zone"):
        expect(field(form, name)).to_be_hidden()


def test_typing_a_sentence_fills_the_form_and_enter_saves_it(form: Page) -> None:
    unfold(form)
    said = "Pay the rent on the last Friday of every month at 9 and 17, remind 1 day before"
    field(form, "said").press_sequentially(said, delay=10)
    expect(form.locator("#preview")).to_contain_text("Every month on the last Friday at 09:00 and 17:00")
    expect(field(form, "said")).to_be_focused()
    expect(field(form, "said")).to_have_value(said)
    expect(field(form, "title")).to_have_value("Pay the rent")
    expect(field(form, "lead_times")).to_have_value("1 day")
    expect(field(form, "recurrence")).to_have_value("FREQ=MONTHLY;BYDAY=-1FR")
    form.keyboard.press("Enter")
    expect(form.get_by_role("heading", level=1)).to_contain_text("Pay the rent")
    reminder = Reminder.objects.get()
    assert (reminder.in_words, reminder.lead_times) == ("every month on the last Friday at 09:00 and 17:00", [1440])


def test_controls_and_rule_fill_each_other_while_the_focus_stays(form: Page) -> None:
    unfold(form)
    form.get_by_text("Every month", exact=True).click()
    field(form, "month_days").fill("15, last")
    expect(field(form, "recurrence")).to_have_value("FREQ=MONTHLY;BYMONTHDAY=15,-1")
    field(form, "recurrence").fill("")
    field(form, "recurrence").press_sequentially("FREQ=YEARLY;INTERVAL=2;BYMONTH=3;BYDAY=1MO", delay=30)
    expect(chosen(form, "repeat")).to_have_value("yearly")
    expect(chosen(form, "months")).to_have_value("3")
    expect(field(form, "interval")).to_have_value("2")
    expect(field(form, "recurrence")).to_be_focused()
    expect(field(form, "recurrence")).to_have_value("FREQ=YEARLY;INTERVAL=2;BYMONTH=3;BYDAY=1MO")
    field(form, "cron").fill("30 8 * * MON-FRI")
    expect(chosen(form, "repeat")).to_have_value("cron")
    expect(field(form, "recurrence")).to_have_value("")
    form.get_by_text("Every day", exact=True).click()
    expect(field(form, "cron")).to_have_value("")


def test_several_times_are_one_tap_away_and_may_be_said(form: Page) -> None:
    form.get_by_text("Every day", exact=True).click()
    form.get_by_role("button", name="Several times").click()
    expect(field(form, "at")).to_be_focused()
    field(form, "at").fill("every 45 minutes between 8 and 17")
    expect(form.locator("#preview")).to_contain_text("Every day, every 45 minutes from 08:00 to 17:00")


def test_without_scripts_a_button_fills_the_form(page_without_scripts: Page) -> None:
    page = opened(page_without_scripts)
    unfold(page)
    field(page, "said").fill("Water the plants every other Friday at 9")
    page.get_by_role("button", name="Fill in the form").click()
    expect(field(page, "title")).to_have_value("Water the plants")
    expect(chosen(page, "repeat")).to_have_value("weekly")
    expect(field(page, "interval")).to_have_value("2")
    page.get_by_role("button", name="Set the reminder").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Water the plants")
    assert Reminder.objects.get().rule == "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR"
