"""Quick-add in a real browser: sentences are typed, looked at and set by Enter; what is stored is what was shown."""

import re
from datetime import datetime, timezone

import pytest
from playwright.sync_api import Page, expect

from accounts.tests.factories import PASSWORD, UserFactory
from reminders.models import Reminder
from reminders.preview import SHOWN
from reminders.quick import read
from reminders.schedule import between, describe
from teams.models import Team
from teams.tests.factories import MembershipFactory, TeamFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FAR = datetime(2149, 1, 1, tzinfo=timezone.utc)
TYPED = [
    "Call Bob tomorrow at 3pm",
    "Tea in 20 minutes",
    "Gym every Mon, Wed and Fri at noon",
    "Retro every other Friday at 16:00",
    "Pay every month on the 31st, or the last day",
    "Report last working day of every month at 17:00",
    "Taxes first Tuesday of each quarter",
    "Clean every 2 weeks until 1 March",
    "Pill every day at 8, 10 times",
    "Check every 45 minutes between 8 and 17 on weekdays",
    "Call tomorrow at 9 in America/New_York",
    "Lunch with @bob ross on 5 December, remind 1 day and 1 hour before",
    "Backup cron: 30 2 * * sun",
]


@pytest.fixture
def team() -> Team:
    ada = UserFactory(name="Ada Lovelace", email="ada@example.org", zone="Europe/Berlin")
    team = TeamFactory(name="Operations", zone="Europe/Berlin", owner=ada)
    MembershipFactory(team=team, user__name="Bob Ross")
    return team


def sign_in(page: Page) -> Page:
    page.set_default_timeout(15_000)
    page.goto("/accounts/login/")
    page.get_by_label("E-mail").fill("ada@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(re.compile("/today/$"))
    return page


def type_and_look(page: Page, team: Team, text: str) -> None:
    """Typed where the cursor is; what is shown is of all these words."""
    page.keyboard.type(text)
    words = read(text, team, datetime.now(timezone.utc)).seen.split(" ")[1]
    expect(page.locator("[name=seen]")).to_have_value(re.compile(f" {words} "))


def shown_times(page: Page) -> list[str]:
    """The instants that are shown, as the page's own <time> says them."""
    moments = page.locator("#heard > ol > li").all()
    return [moment.locator("time").first.get_attribute("datetime") for moment in moments]


def test_what_is_typed_is_shown_and_enter_sets_exactly_that(page: Page, team: Team) -> None:
    sign_in(page)
    expect(page.get_by_label("New reminder")).to_be_focused()
    for text in TYPED:
        type_and_look(page, team, text)
        said, times = page.locator("#heard > p:has(em)").inner_text(), shown_times(page)
        page.keyboard.press("Enter")
        expect(page.get_by_label("New reminder")).to_have_value("")
        expect(page.get_by_label("New reminder")).to_be_focused()
        reminder = Reminder.objects.latest("pk")
        schedule = reminder.schedule
        slots = between(schedule, reminder.created_at, FAR, limit=SHOWN)
        assert times == [f"{slot.at:%Y-%m-%dT%H:%M:%SZ}" for slot in slots], text
        assert said.startswith(f"{reminder.title}, {describe(schedule)}, "), text
        expect(page.get_by_role("status")).to_contain_text(f"“{reminder.title}” is set")
    assert Reminder.objects.count() == len(TYPED)
    assert list(Reminder.objects.get(title="Lunch").people.values_list("name", flat=True)) == ["Bob Ross"]
    expect(page.get_by_role("main").get_by_role("link", name="Retro", exact=True).last).to_be_visible()


def test_who_types_fast_and_twice_sets_one_reminder_and_undo_takes_it_back(page: Page, team: Team) -> None:
    sign_in(page)
    page.goto(f"/teams/{team.uuid}/")
    line = page.get_by_label("New reminder")
    expect(line).to_be_focused()
    page.keyboard.type("Call Bob tomorrow at 3pm")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    message = page.get_by_role("status")
    expect(message).to_contain_text("“Call Bob” is set: once, on")
    expect(page.locator("#reminders").get_by_role("link", name="Call Bob")).to_be_visible()
    assert Reminder.objects.count() == 1
    message.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("status")).to_contain_text("“Call Bob” is deleted.")
    assert Reminder.objects.get().deleted_at


def test_twenty_times_are_shown_to_who_asks_and_escape_empties_the_line(page: Page, team: Team) -> None:
    sign_in(page)
    page.get_by_role("heading", level=1).click()
    page.keyboard.press("n")
    type_and_look(page, team, "Water the plants every day at 8")
    expect(page.locator("#heard li:visible")).to_have_count(5)
    page.get_by_text("Show more").click()
    expect(page.locator("#heard li:visible")).to_have_count(20)
    page.get_by_label("New reminder").press("Escape")
    expect(page.get_by_label("New reminder")).to_have_value("")
    expect(page.locator("#heard > *")).to_have_count(0)


def test_what_is_not_understood_is_marked_and_enter_opens_the_form(page: Page, team: Team) -> None:
    sign_in(page)
    type_and_look(page, team, "Pay rent 03/04")
    expect(page.locator("#heard mark[data-kind=unknown]")).to_contain_text("03/04")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/reminders/new/\?said=Pay\+rent"))
    assert not Reminder.objects.exists()


def test_without_scripts_the_line_is_a_form_with_a_preview(page_without_scripts: Page, team: Team) -> None:
    page = sign_in(page_without_scripts)
    page.get_by_label("New reminder").fill("Retro every other Friday at 16:00")
    page.get_by_role("button", name="Preview").click()
    expect(page.locator("#heard")).to_contain_text("Retro, every other Friday at 16:00, Berlin time.")
    page.get_by_role("button", name="Set the reminder").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Retro")
    expect(page.get_by_role("status")).to_contain_text("“Retro” is set")
