"""Today in the browsers of two people, and by keys alone."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, Route, expect

from accounts.models import User
from accounts.tests.factories import PASSWORD, UserFactory
from reminders.models import Delivery, Occurrence, Reminder
from teams.models import Team
from teams.tests.factories import MembershipFactory, TeamFactory

from .scenes import opened, reminder_due, rounded
from .test_quick_browser import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WITHIN_MS = 25_000


@pytest.fixture
def team() -> Team:
    ada = UserFactory(name="Ada Lovelace", email="ada@example.org")
    team = TeamFactory(name="Operations", owner=ada)
    MembershipFactory(team=team, user=UserFactory(name="Bo Diaz", email="bo@example.org"))
    return team


@pytest.fixture
def bo(browser: Any, live: str) -> Iterator[Page]:
    context = browser.new_context(base_url=live)
    yield context.new_page()
    context.close()


def waiting(team: Team, title: str, minutes: int = 60) -> Occurrence:
    occurrence = opened(team, rounded(timezone.now()) - timedelta(minutes=minutes))
    Reminder.objects.filter(pk=occurrence.reminder_id).update(title=title)
    return occurrence


def row(page: Page, title: str) -> Any:
    return page.locator(".row", has=page.get_by_role("link", name=title, exact=True))


def sign_in_bo(page: Page) -> None:
    page.set_default_timeout(15_000)
    page.goto("/accounts/login/")
    page.get_by_label("E-mail").fill("bo@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(re.compile("/today/$"))


def test_a_done_in_one_browser_shows_in_the_other_and_what_is_typed_there_survives(
    page: Page, bo: Page, team: Team
) -> None:
    waiting(team, "Renew the certificate", minutes=90)
    payroll = waiting(team, "Approve the payroll")
    sign_in(page)
    sign_in_bo(bo)
    page.locator("#quick-text").click()
    page.keyboard.type("Water the pl")
    row(bo, "Renew the certificate").get_by_role("button", name="Done").click()
    expect(row(page, "Renew the certificate")).to_contain_text("Bo, ", timeout=WITHIN_MS)
    assert page.locator("#answered-today").is_visible() and not page.locator("#messages .message").count()
    page.keyboard.type("ants")
    expect(page.locator("#quick-text")).to_have_value("Water the plants")
    expect(page.locator("#quick-text")).to_be_focused()

    # The same with a menu that is open, and half a date in it.
    menu = page.locator(f"#snooze-{payroll.uuid}")
    menu.locator("summary").click()
    menu.locator("input[name=until]").fill("2031-05-06T07:08")
    menu.get_by_role("button", name="Tomorrow at 9:00").focus()
    where = page.evaluate("scrollY")
    row(bo, "Approve the payroll").locator("summary", has_text="More answers").click()
    row(bo, "Approve the payroll").get_by_role("button", name=re.compile("ve got it")).click()
    expect(row(page, "Approve the payroll")).to_contain_text("Bo has got it", timeout=WITHIN_MS)
    expect(page.locator("#headline")).to_contain_text("Nothing needs you now.")
    expect(menu.locator("input[name=until]")).to_have_value("2031-05-06T07:08")
    expect(menu.get_by_role("button", name="Tomorrow at 9:00")).to_be_focused()
    assert menu.get_attribute("open") is not None and page.evaluate("scrollY") == where


def test_a_tab_that_is_hidden_asks_nothing_and_is_up_to_date_when_it_is_shown(page: Page, team: Team) -> None:
    occurrence = waiting(team, "Renew the certificate")
    sign_in(page)
    page.clock.install()
    asked: list[str] = []
    page.on("request", lambda request: "seen=" in request.url and asked.append(request.url))
    page.goto("/today/")
    page.evaluate("Object.defineProperty(document, 'hidden', { get: () => window.isHidden ?? true })")
    page.clock.run_for(61_000)
    assert asked == []
    occurrence.finish(User.objects.get(email="bo@example.org"), timezone.now())
    page.evaluate("window.isHidden = false; document.dispatchEvent(new Event('visibilitychange'))")
    expect(row(page, "Renew the certificate")).to_contain_text("Bo, ")
    with page.expect_response(lambda response: "seen=" in response.url) as quiet:
        page.clock.run_for(21_000)
    assert quiet.value.status == 204


def test_a_row_answers_at_once_and_as_before_when_the_server_does_not(page: Page, team: Team) -> None:
    waiting(team, "Renew the certificate")
    sign_in(page)
    held: list[Route] = []
    page.route("**/done/", lambda route: held.append(route))
    took = page.evaluate(
        """() => new Promise((resolve) => {
            const row = document.querySelector(".row"), begin = performance.now();
            const seen = new MutationObserver(() => resolve(performance.now() - begin));
            seen.observe(row, { attributeFilter: ["data-state"] });
            row.querySelector("[data-key=x]").click();
        })"""
    )
    assert took < 100
    expect(row(page, "Renew the certificate")).to_have_attribute("data-state", "done")
    held.pop().abort()
    expect(row(page, "Renew the certificate")).to_have_attribute("data-state", "late")
    expect(page.locator("#messages")).to_contain_text("No connection. Nothing was changed")
    page.locator("#messages [data-close]").click()

    row(page, "Renew the certificate").get_by_role("button", name="Done").click()
    expect(row(page, "Renew the certificate")).to_have_attribute("data-state", "done")
    held.pop().fulfill(status=500)
    expect(row(page, "Renew the certificate")).to_have_attribute("data-state", "late")
    expect(page.locator("#messages")).to_contain_text("That did not work")
    assert Occurrence.objects.get().state == "open"


def test_the_day_is_gone_through_by_keys_alone(page: Page, team: Team) -> None:
    now = rounded(timezone.now())
    first, second = waiting(team, "Renew the certificate", minutes=90), waiting(team, "Approve the payroll")
    ahead = reminder_due(team, now + timedelta(days=3), planned_at=now)
    Reminder.objects.filter(pk=ahead.pk).update(title="Water the plants")
    sign_in(page)
    page.wait_for_load_state()
    page.keyboard.press("x")  # no row has the focus, so nothing is answered
    page.keyboard.press("j")
    expect(page.locator(f"#title-{first.uuid}")).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(page.locator(f"#title-{first.uuid}")).to_be_focused()
    page.keyboard.press("x")
    expect(row(page, "Renew the certificate")).to_contain_text("Ada, ")
    expect(page.locator("#messages")).to_contain_text("is done")
    page.keyboard.press("u")
    expect(row(page, "Renew the certificate")).to_have_attribute("data-state", "late")

    page.keyboard.press("j")
    expect(page.locator(f"#title-{second.uuid}")).to_be_focused()
    page.keyboard.press("a")
    expect(row(page, "Approve the payroll")).to_contain_text("you have got it")
    page.keyboard.press("s")
    expect(page.get_by_role("button", name="Remind again in an hour").locator("visible=true")).to_be_focused()
    page.keyboard.press("Enter")
    expect(row(page, "Approve the payroll")).to_contain_text("put off: Ada")
    page.keyboard.press("n")
    expect(page.locator("#quick-text")).to_be_focused()
    page.keyboard.press("Escape")

    page.locator(f"#title-{first.uuid}").focus()
    page.keyboard.press("e")
    expect(page).to_have_url(re.compile(f"/reminders/{first.reminder.uuid}/edit/$"))
    page.get_by_role("heading", level=1).click()
    page.keyboard.press("g")
    page.keyboard.press("t")
    expect(page).to_have_url(re.compile("/today/$"))
    assert {row.state for row in Occurrence.objects.all()} == {"open", "upcoming"}


def test_what_was_done_can_be_undone_for_eight_seconds_at_least(page: Page, team: Team) -> None:
    waiting(team, "Renew the certificate")
    sign_in(page)
    page.clock.install()
    page.goto("/today/")
    row(page, "Renew the certificate").get_by_role("button", name="Done").click()
    undo = page.locator("#messages").get_by_role("button", name="Undo")
    expect(undo).to_be_visible()
    page.mouse.move(0, 0)
    page.clock.run_for(8_500)
    expect(undo).to_be_visible()
    undo.click()
    expect(row(page, "Renew the certificate")).to_have_attribute("data-state", "late")


def test_without_javascript_a_row_takes_every_answer(page_without_scripts: Page, team: Team) -> None:
    waiting(team, "Renew the certificate")
    page = sign_in(page_without_scripts)

    def press(name: str, menu: str = "") -> None:
        mine = row(page, "Renew the certificate")
        if menu:
            mine.locator("summary", has_text=menu).click()
        mine.get_by_role("button", name=name).first.click()

    press("ve got it", "More answers")
    expect(row(page, "Renew the certificate")).to_contain_text("you have got it")
    row(page, "Renew the certificate").locator("summary", has_text="Put off").click()
    page.get_by_label("Or at (your time)").fill(f"{timezone.now() + timedelta(days=2):%Y-%m-%dT%H:%M}")
    page.get_by_role("button", name="Put off", exact=True).click()
    expect(row(page, "Renew the certificate")).to_contain_text("put off: Ada")
    press("Back to now")
    press("Leave this one out", "More answers")
    expect(row(page, "Renew the certificate")).to_contain_text("Ada left it out")
    press("Undo")
    press("Done")
    expect(page.locator("section", has=page.locator("#answered-today"))).to_contain_text("Renew the certificate")
    assert Occurrence.objects.get().settled_by == User.objects.get(email="ada@example.org")


def test_a_reminder_is_tried_and_duplicated_from_its_page(page: Page, team: Team) -> None:
    occurrence = waiting(team, "Renew the certificate")
    sign_in(page)
    page.goto(f"/reminders/{occurrence.reminder.uuid}/")
    page.locator("#more > summary").click()
    page.get_by_role("button", name="Send me a test").click()
    expect(page.locator(".tests")).to_contain_text("Test to you: on its way")
    tests = Delivery.objects.filter(reason="test")
    tests.update(state="sent", next_try_at=None, sent_at=timezone.now(), reply="250 ok")
    expect(page.locator(".tests")).to_contain_text("250 ok")
    page.locator("#more > summary").click()
    page.get_by_role("link", name="Duplicate").click()
    expect(page.get_by_label("Title")).to_have_value("Renew the certificate")
    page.get_by_role("button", name="Set the reminder").last.click()
    expect(page).to_have_url(re.compile("/reminders/[0-9a-f-]+/$"))
    assert Reminder.objects.filter(title="Renew the certificate").count() == 2
