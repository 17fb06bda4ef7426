"""The whole path with real processes: from signing up in a browser to a reminder in the inbox, and who was done."""

import re
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from accounts.tests.factories import PASSWORD, UserFactory
from teamreminders.testing.catcher import Catcher
from teamreminders.testing.stack import Stack
from teams.tests.factories import TeamFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

BERLIN = "Europe/Berlin"


@pytest.fixture(params=["page", "page_without_scripts"], ids=["with JavaScript", "without JavaScript"])
def visitor(request: pytest.FixtureRequest, stack: Stack) -> Page:
    stack.worker()
    stack.scheduler()
    page = request.getfixturevalue(request.param)
    page.set_default_timeout(15_000)
    return page


def test_from_signing_up_to_done(visitor: Page, smtp: Catcher) -> None:
    sign_up_and_confirm(visitor, smtp)
    create_a_team(visitor)
    due = write_a_reminder(visitor, seconds_ahead=6)
    mail = smtp.wait_for(2, seconds=30)[1]
    assert mail.message["Subject"] == "Renew the certificate"
    assert mail.recipients == ["ada@example.org"]
    assert due <= mail.received_at < due + timedelta(seconds=5)
    text = mail.message.get_body(("plain",)).get_content()
    assert f"at {due.astimezone(ZoneInfo(BERLIN)):%H:%M:%S}".removesuffix(":00") in text
    say_done_from_the_mail(visitor, text)
    the_receipt_says_who_and_when(visitor)


def sign_up_and_confirm(page: Page, smtp: Catcher) -> None:
    page.goto("/")
    page.get_by_role("main").get_by_role("link", name="Sign up").click()
    page.get_by_label("Your name").fill("Ada Lovelace")
    page.get_by_label("E-mail").fill("Ada@Example.org")
    page.get_by_label("Password").fill("engine difference analytical")
    page.get_by_label("Time zone").select_option(BERLIN)
    page.get_by_role("main").get_by_role("button", name="Sign up").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("inbox")
    confirm = smtp.wait_for(1, seconds=30)[0].message.get_body(("plain",)).get_content()
    page.goto(re.search(r"http://\S+/confirm-email/\S+", confirm)[0])
    page.get_by_role("main").get_by_role("button").click()


def create_a_team(page: Page) -> None:
    page.get_by_label("Its name").fill("Operations")
    page.get_by_role("button", name="Create the team").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Operations")


def write_a_reminder(page: Page, *, seconds_ahead: int) -> datetime:
    """Once, in Berlin; returns the instant."""
    page.get_by_role("main").get_by_role("link", name="New reminder").first.click()
    page.get_by_label("Title").fill("Renew the certificate")
    due = datetime.now(timezone.utc).replace(microsecond=0) + timedelta(seconds=seconds_ahead)
    there = due.astimezone(ZoneInfo(BERLIN))
    page.locator("[name=start]").fill(f"{there:%Y-%m-%d}")
    page.get_by_label("Time", exact=True).fill(f"{there:%H:%M:%S}")
    page.get_by_role("button", name="Set the reminder").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Renew the certificate")
    return due


def say_done_from_the_mail(page: Page, text: str) -> None:
    page.goto(re.search(r"http://\S+/done/", text)[0])
    page.get_by_role("main").get_by_role("button", name="Done").click()


def the_receipt_says_who_and_when(page: Page) -> None:
    page.goto("/today/")
    page.get_by_role("link", name="Renew the certificate").first.click()
    receipt = page.get_by_role("main")
    expect(receipt).to_contain_text(re.compile("Ada.* was done"))
    expect(receipt).to_contain_text(re.compile(r"0\.\d+ s|1\.\d+ s"))
    expect(receipt).to_contain_text("250")


def test_what_was_typed_survives_a_lost_session_and_is_sent_after_signing_in_elsewhere(page: Page) -> None:
    ada = UserFactory(email="ada@example.org")
    team = TeamFactory(owner=ada)
    page.set_default_timeout(15_000)
    sign_in(page)
    page.goto(f"/teams/{team.uuid}/reminders/new/")
    page.get_by_label("Title").fill("Renew the certificate")
    page.get_by_label("Every day").check()
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Set the reminder").click()
    expect(page.get_by_role("alert")).to_contain_text("signed out")
    expect(page.get_by_label("Title")).to_have_value("Renew the certificate")
    sign_in(page.context.new_page())
    page.get_by_role("button", name="Set the reminder").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Renew the certificate")


def sign_in(page: Page) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("E-mail").fill("ada@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(re.compile("/today/$"))
