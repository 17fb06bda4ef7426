"""A browser whose network is cut: it says so, loses nothing, and keeps nothing of anybody."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from accounts.tests.factories import UserFactory
from reminders.models import Reminder
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
    """Installed: the service worker has come and has what it needs."""
    with browser_of(browser, live, ada, service_workers="allow") as page:
        page.goto("/today/")
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        page.wait_for_function("navigator.serviceWorker.controller")
        yield page


def test_a_page_that_does_not_come_is_the_offline_page_until_it_comes(page: Page, team: Team) -> None:
    page.context.set_offline(True)
    page.goto(f"/teams/{team.uuid}/")
    expect(page.get_by_role("heading", level=1)).to_have_text("No connection")
    assert "Inter" in page.evaluate("getComputedStyle(document.body).fontFamily")
    assert page.evaluate("getComputedStyle(document.querySelector('.button')).display") == "flex", "without its styles"
    page.context.set_offline(False)
    page.get_by_role("link", name="Try again").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Operations")


def test_nothing_is_kept_but_static_files_and_the_offline_page(page: Page, team: Team) -> None:
    for path in (f"/teams/{team.uuid}/", "/me/", "/search/?q=oper", "/today/"):
        page.goto(path)
    kept = page.evaluate(
        """async () => {
            const found = {};
            for (const name of await caches.keys())
                for (const { url } of await (await caches.open(name)).keys())
                    found[new URL(url).pathname] = await (await caches.match(url)).text();
            return found;
        }"""
    )
    assert [path for path in kept if not path.startswith("/static/")] == ["/offline/"]
    assert not [path for path, text in kept.items() if "Ada" in text or "Operations" in text]


def test_old_copies_go_with_their_version(page: Page) -> None:
    page.evaluate("caches.open('static-of-before').then((cache) => cache.put('/static/x', new Response('x')))")
    page.evaluate("navigator.serviceWorker.getRegistration().then((worker) => worker.unregister())")
    page.goto("/me/")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_function("caches.keys().then((names) => names.length === 1)")
    assert page.evaluate("caches.has('static-of-before')") is False


def test_the_line_is_said_to_be_down_and_a_form_waits_for_it(page: Page, team: Team) -> None:
    page.goto("/me/")
    page.get_by_label("Name").fill("Ada King")
    page.context.set_offline(True)
    notice = page.locator("#connection")
    expect(notice).to_contain_text("What you have typed stays here")
    page.get_by_role("main").get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("Nothing was changed")
    expect(page.get_by_label("Name")).to_have_value("Ada King")
    page.context.set_offline(False)
    expect(notice).to_be_empty(timeout=15_000)
    page.get_by_role("main").get_by_role("button", name="Save").click()
    expect(page.get_by_role("status").filter(has_text="Saved.")).to_be_visible()
    assert User.objects.get().name == "Ada King"


def test_what_htmx_could_not_send_stays_and_is_sent_later(page: Page, team: Team) -> None:
    page.goto(f"/teams/{team.uuid}/reminders/new/")
    page.get_by_label("Title").fill("Renew the certificate")
    page.get_by_label("Every day").check()
    page.context.set_offline(True)
    page.get_by_role("button", name="Set the reminder").click()
    expect(page.get_by_role("alert")).to_contain_text("No connection")
    expect(page.get_by_label("Title")).to_have_value("Renew the certificate")
    page.context.set_offline(False)
    page.get_by_role("button", name="Set the reminder").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Renew the certificate")
    assert Reminder.objects.count() == 1


def test_signed_out_again_there_is_nothing_to_clear(page: Page) -> None:
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(re.compile("/$"))
    page.context.set_offline(True)
    page.goto("/today/")
    expect(page.get_by_role("heading", level=1)).to_have_text("No connection")
    expect(page.locator("body")).not_to_contain_text("Ada")
