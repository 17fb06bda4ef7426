"""An access token from its form to its end, in a real browser with JavaScript on and off."""

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Error, Page, expect

from accounts.models import AccessToken
from accounts.tests.factories import PASSWORD, UserFactory
from teams.tests.factories import TeamFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def page(request: pytest.FixtureRequest, browser: Any, live: str) -> Iterator[Page]:
    """Ada's, signed in; she owns the team Operations."""
    TeamFactory(name="Operations", owner=UserFactory(name="Ada Lovelace", email="ada@example.org"))
    context = browser.new_context(base_url=live, java_script_enabled=request.param)
    if request.param:
        context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.set_default_timeout(15_000)
    page.goto("/accounts/login/")
    page.get_by_label("E-mail").fill("ada@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    press(page, "Sign in")
    expect(page).to_have_url(re.compile("/today/$"))
    yield page
    context.close()


def press(page: Page, name: str) -> None:
    page.get_by_role("main").get_by_role("button", name=name).first.click()


def follow(page: Page, name: str) -> None:
    page.get_by_role("main").get_by_role("link", name=name).first.click()


def says(page: Page, words: str) -> None:
    expect(page.get_by_role("main")).to_contain_text(words)


def status_of(live: str, secret: str) -> int:
    try:
        with urlopen(Request(f"{live}/api/v1/teams", headers={"Authorization": f"Bearer {secret}"})) as answer:
            assert b"Operations" in answer.read()
            return int(answer.status)
    except HTTPError as error:
        return error.code


def make(page: Page) -> str:
    """From the settings to the page that has the secret."""
    page.goto("/me/")
    follow(page, "Manage access tokens")
    follow(page, "Make a token")
    page.get_by_label("Password").fill(PASSWORD)  # whoever is signed in has to be their person
    press(page, "Go on")
    press(page, "Make the token")
    says(page, "Please look at this again")
    page.get_by_label("Name", exact=True).fill("backup script")
    expect(page.get_by_label("Operations")).to_be_hidden()
    page.get_by_label("Some of my teams").check()
    page.get_by_label("Operations").check()
    page.get_by_label("For ever").check()
    says(page, "Whoever finds it may use it")
    page.get_by_label("90 days").check()
    press(page, "Make the token")
    says(page, "“backup script” is made")
    return page.get_by_label("Secret").input_value()


def is_gone(page: Page, secret: str, *, scripts: bool) -> None:
    """Whatever the person presses next."""
    if scripts:
        page.reload()
        says(page, f"…{secret[-4:]}")
        assert secret not in page.content()
    page.goto("/today/")
    with suppress(Error):  # without JavaScript Chromium asks whether to send the form again
        page.go_back()
    expect(page.get_by_label("Secret")).to_have_count(0)
    assert AccessToken.objects.count() == 1


def test_a_token_is_made_copied_used_and_revoked(page: Page, live: str, request: pytest.FixtureRequest) -> None:
    scripts = request.node.callspec.params["page"]
    secret = make(page)
    if scripts:
        press(page, "Copy")
        says(page, "Copied.")
        assert page.evaluate("navigator.clipboard.readText()") == secret
    else:
        expect(page.get_by_role("button", name="Copy")).to_be_hidden()
    assert status_of(live, secret) == 200
    is_gone(page, secret, scripts=scripts)
    page.goto("/me/tokens/")
    says(page, "last used")
    follow(page, "Revoke backup script")
    press(page, "Revoke it")
    says(page, "“backup script” is revoked.")
    says(page, "None yet.")
    assert status_of(live, secret) == 401
