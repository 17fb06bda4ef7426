"""Every act of the pages in a real browser whose JavaScript is off."""

import re
from datetime import date, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.tests.factories import PASSWORD, UserFactory
from reminders.models import Reminder
from reminders.tests.factories import OccurrenceFactory, ReminderFactory
from teams.models import Team
from teams.tests.factories import TeamFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def page(page_without_scripts: Page) -> Page:
    """Ada's, signed in; she owns the team Operations."""
    ada = UserFactory(name="Ada Lovelace", email="ada@example.org")
    TeamFactory(name="Operations", owner=ada)
    page = page_without_scripts
    page.set_default_timeout(15_000)
    page.goto("/accounts/login/")
    page.get_by_label("E-mail").fill("ADA@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    press(page, "Sign in")
    expect(page).to_have_url(re.compile("/today/$"))
    return page


def press(page: Page, name: str) -> None:
    page.get_by_role("main").get_by_role("button", name=name, exact=True).first.click()


def follow(page: Page, name: str) -> None:
    page.get_by_role("main").get_by_role("link", name=name).first.click()


def heading(page: Page, words: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_contain_text(words)


def test_a_reminder_is_previewed_written_changed_paused_deleted_and_brought_back(page: Page) -> None:
    follow(page, "New reminder")
    page.get_by_label("Title").fill("Feed the cat")
    page.get_by_label("Every day").check()
    press(page, "Preview")
    expect(page.get_by_role("main")).to_contain_text("Every day at")
    expect(page.get_by_label("Title")).to_have_value("Feed the cat")
    press(page, "Set the reminder")
    heading(page, "Feed the cat")

    follow(page, "Edit")
    page.get_by_label("Title").fill("")
    press(page, "Save")
    expect(page.get_by_label("Title")).to_have_attribute("aria-invalid", "true")
    page.get_by_label("Title").fill("Feed both cats")
    press(page, "Save")
    heading(page, "Feed both cats")

    press(page, "Pause")
    expect(page.get_by_role("main")).to_contain_text("Paused")
    press(page, "Resume")
    page.locator("#more-of-it").click()
    press(page, "Delete")
    expect(page.get_by_role("status")).to_contain_text("is deleted")
    press(page, "Undo")
    assert Reminder.objects.get().state == "active"


def test_done_and_undo_on_today_and_on_the_reminder(page: Page) -> None:
    team = page_team()
    occurrence = OccurrenceFactory(reminder__team=team, reminder__title="Renew the certificate")
    page.goto("/today/")
    press(page, "Done Renew the certificate")
    occurrence.refresh_from_db()
    assert occurrence.state == "done"
    press(page, "Undo")
    occurrence.refresh_from_db()
    assert occurrence.state == "open"
    follow(page, "Renew the certificate")
    press(page, "Done")
    expect(page.get_by_role("main")).to_contain_text("Ada")
    occurrence.refresh_from_db()
    assert occurrence.state == "done"


def test_a_team_is_created_renamed_searched_and_its_people_looked_at(page: Page) -> None:
    team = page_team()
    ReminderFactory(team=team, title="Feed the cat", due=timezone.now() + timedelta(days=1))
    ReminderFactory(team=team, title="Pay the rent")
    page.goto(f"/teams/{team.uuid}/?q=rent")
    expect(page.get_by_role("main")).to_contain_text("Pay the rent")
    expect(page.get_by_role("main")).not_to_contain_text("Feed the cat")
    page.locator("header #more > summary").click()
    follow(page, "Settings")
    page.get_by_label("Name").fill("Operations and cats")
    press(page, "Save")
    heading(page, "Operations and cats")
    follow(page, "People")
    expect(page.get_by_role("main")).to_contain_text("Ada Lovelace")
    page.goto("/teams/new/")
    page.get_by_label("Name").fill("Choir")
    press(page, "Create the team")
    heading(page, "Choir")


def test_working_days_are_previewed_region_by_region_and_row_by_row_and_saved(page: Page) -> None:
    page.goto(f"/teams/{page_team().uuid}/")
    follow(page, "Monday to Friday")
    page.get_by_label("Public holidays of").select_option("DE")
    press(page, "Preview")
    page.get_by_label("Region").select_option("BY")
    page.get_by_label("From").first.fill("2030-05-06")
    press(page, "Add")
    expect(page.get_by_role("main")).to_contain_text("Christmas Day")
    page.locator("#id_days_off_1").fill("2030-05-07")
    press(page, "Remove 2030-05-06")
    page.get_by_label("From").first.press("Enter")  # saves, and presses neither "Remove" nor "Add"
    heading(page, "Operations")
    expect(page.get_by_role("link", name="Monday to Friday, holidays of Germany (Bayern)")).to_be_visible()
    assert page_team().days_off == [date(2030, 5, 7)]


def test_the_search_page_finds_a_reminder_and_leads_to_it(page: Page) -> None:
    ReminderFactory(team=page_team(), title="Renew the certificate", due=timezone.now() + timedelta(days=1))
    ReminderFactory(team=page_team(), title="Pay the rent")
    page.get_by_role("link", name="Search").first.click()
    page.get_by_role("main").get_by_role("textbox").fill("certif")
    press(page, "Search")
    expect(page.get_by_role("main")).not_to_contain_text("Pay the rent")
    follow(page, "Renew the certificate")
    heading(page, "Renew the certificate")


def test_name_and_zone_change_only_when_asked_and_signing_out_ends_it(page: Page) -> None:
    page.goto("/me/")
    page.get_by_label("Name").fill("Ada King")
    page.get_by_label("Time zone").select_option("Asia/Tokyo")
    press(page, "Save")
    expect(page.get_by_label("Time zone")).to_have_value("Asia/Tokyo")
    press(page, "Sign out")
    page.goto("/today/")
    expect(page).to_have_url(re.compile("/accounts/login/"))


def page_team() -> Team:
    """Ada's team."""
    return Team.objects.get(name="Operations")
