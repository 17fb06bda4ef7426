"""The settings of a team, as its owner fills them in in a browser."""

import pytest
from playwright.sync_api import Page, expect

from accounts.tests.factories import PASSWORD, UserFactory
from teams.tests.factories import TeamFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_example_shows_the_subject_while_one_types(page: Page) -> None:
    team = TeamFactory(owner=UserFactory(email="ada@example.org"))
    page.goto(f"/accounts/login/?next=/teams/{team.uuid}/settings/")
    page.get_by_label("E-mail").fill("ada@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    prefix, example = page.get_by_label("Prefix of subjects"), page.locator(".example strong")
    expect(example).to_have_text("Renew the certificate")
    for typed in ("Ops <b>", "[Ops <b>]"):
        prefix.fill(typed)
        expect(example).to_have_text("[Ops <b>] Renew the certificate")
    prefix.fill(" ")
    expect(example).to_have_text("Renew the certificate")
    prefix.fill("Ops\u202e")
    page.get_by_role("main").get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("in one line")
    expect(prefix).to_have_value("Ops\u202e")
    prefix.fill("Ops")
    expect(example).to_have_text("[Ops] Renew the certificate")  # of the form that came back
    page.get_by_role("main").get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_contain_text("The change is saved.")
    team.refresh_from_db()
    assert team.subject_prefix == "Ops"
