"""The question about the device's clock, in a browser that stands in another zone than its person's account."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from accounts.tests.factories import PASSWORD, UserFactory
from teams.tests.factories import TeamFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Standing = Callable[[str], Page]


@pytest.fixture
def ada() -> User:
    ada = UserFactory(name="Ada Lovelace", email="ada@example.org", zone="Europe/Berlin")
    TeamFactory(name="Operations", owner=ada)
    return ada


@pytest.fixture
def standing_in(browser: Any, live: str, ada: User) -> Iterator[Standing]:
    """Ada's browser, signed in, on a device that stands in a zone."""
    contexts = []

    def arrive(zone: str) -> Page:
        contexts.append(browser.new_context(base_url=live, timezone_id=zone))
        page: Page = contexts[-1].new_page()
        page.set_default_timeout(15_000)
        page.goto("/accounts/login/")
        page.get_by_label("E-mail").fill("ada@example.org")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("main").get_by_role("button", name="Sign in").click()
        page.wait_for_url("**/today/")
        return page

    yield arrive
    for context in contexts:
        context.close()


@pytest.mark.parametrize(
    ("device", "name"), [("Europe/Lisbon", "Europe/Lisbon"), ("Asia/Calcutta", "Asia/Kolkata")], ids=["today's", "old"]
)
def test_signing_up_begins_with_the_zone_of_the_browser(browser: Any, live: str, device: str, name: str) -> None:
    with browser.new_context(base_url=live, timezone_id=device) as context:
        page: Page = context.new_page()
        page.goto("/accounts/signup/")
        expect(page.get_by_label("Time zone")).to_have_value(name)


def question(page: Page) -> Any:
    return page.get_by_role("region", name="Time zone")


def zone_of(person: User) -> str:
    person.refresh_from_db()
    return person.zone


def test_a_person_far_from_home_is_asked_and_uses_the_zone_they_are_in(standing_in: Standing, ada: User) -> None:
    page = standing_in("Europe/Lisbon")
    expect(question(page)).to_contain_text("Your device is on Lisbon time (")
    expect(question(page)).to_contain_text("your account on Berlin time (")
    assert zone_of(ada) == "Europe/Berlin"
    page.goto("/me/")
    question(page).get_by_role("button", name="Use Lisbon time").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Your account is on Lisbon time now.")
    expect(question(page)).to_have_count(0)
    assert page.url.endswith("/me/") and zone_of(ada) == "Europe/Lisbon"
    page.get_by_role("button", name="Undo").click()
    expect(question(page)).to_be_visible()
    assert page.url.endswith("/me/") and zone_of(ada) == "Europe/Berlin"


def test_who_keeps_their_own_is_not_asked_again_and_loses_nothing_typed(standing_in: Standing, ada: User) -> None:
    page = standing_in("Europe/Lisbon")
    page.goto("/me/")
    page.get_by_label("Name").fill("Ada King")
    question(page).get_by_role("button", name="Keep Berlin time").press("Enter")
    expect(question(page)).to_have_count(0)
    expect(page.locator(":focus")).to_have_text("Your account stays on Berlin time.")
    expect(page.get_by_label("Name")).to_have_value("Ada King")
    expect(question(standing_in("Europe/Lisbon"))).to_have_count(0)
    expect(question(standing_in("America/New_York"))).to_be_visible()
    assert zone_of(ada) == "Europe/Berlin"


def test_at_home_and_where_clocks_show_the_same_nothing_is_asked(standing_in: Standing) -> None:
    for zone in ("Europe/Berlin", "Europe/Paris"):
        page = standing_in(zone)
        page.goto("/me/")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        expect(question(page)).to_have_count(0)


def test_the_question_of_a_place_that_was_left_goes_away(standing_in: Standing) -> None:
    page = standing_in("Europe/Berlin")
    page.context.add_cookies([{"name": "zone", "value": "Europe/Lisbon", "domain": "localhost", "path": "/"}])
    page.goto("/me/")
    expect(question(page)).to_have_count(0)
    [cookie] = [cookie for cookie in page.context.cookies() if cookie["name"] == "zone"]
    assert (cookie["value"], cookie["sameSite"], cookie["path"]) == ("Europe/Berlin", "Lax", "/")
