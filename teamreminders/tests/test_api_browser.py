"""The browsable document of the API, in a real browser under its own policy."""

from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from accounts.models import User
from accounts.tests.factories import UserFactory
from teams.models import Team

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def ada() -> User:
    return UserFactory(name="Ada Lovelace", email="ada@example.org")


@pytest.fixture
def page(browser: Any, live: str, ada: User, client: Client) -> Page:
    client.force_login(ada)
    context = browser.new_context(base_url=live)
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live}])
    page: Page = context.new_page()
    page.set_default_timeout(15_000)
    return page


def test_whoever_is_signed_in_can_try_an_operation_that_changes_something(page: Page, ada: User) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/api/v1/docs/")
    operation = page.locator("#operations-teams-createTeam")
    operation.get_by_role("button").first.click()
    operation.get_by_role("button", name="Try it out").click()
    operation.locator("textarea").fill('{"name": "Operations", "zone": "Europe/Berlin"}')
    operation.get_by_role("button", name="Execute").click()
    expect(operation.locator(".live-responses-table")).to_contain_text("201")
    assert Team.objects.get().memberships.get().user == ada
    assert said == []
    own = page.url.split("/api/")[0]
    assert [url for url in asked if not url.startswith((own, "data:", "blob:"))] == []


def test_the_looser_policy_is_for_the_documents_only(client: Client, ada: User) -> None:
    client.force_login(ada)
    policies = [client.get(path).headers["Content-Security-Policy"] for path in ("/api/v1/docs/", "/today/")]
    assert ["'unsafe-inline'" in policy for policy in policies] == [True, False]
    assert "script-src" not in policies[0]  # default-src 'self'
