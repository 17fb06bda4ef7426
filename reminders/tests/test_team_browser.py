"""A team's list in a real browser: finding, choosing, and changing many, with scripts and without."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from accounts.models import User
from accounts.tests.factories import PASSWORD, UserFactory
from reminders.models import Label, Reminder
from reminders.tests.factories import ReminderFactory
from teams.models import Team
from teams.tests.factories import MembershipFactory, TeamFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TITLES = ("Backup", "Certificate", "Retro", "Timesheets")


@pytest.fixture
def team() -> Team:
    ada: User = UserFactory(name="Ada Lovelace", email="ada@example.org")
    team = TeamFactory(name="Operations", owner=ada)
    for title in TITLES:
        ReminderFactory(team=team, author=ada, title=title, daily=True)
    return team


def opened(page: Page, team: Team) -> Page:
    page.set_default_timeout(15_000)
    page.goto(f"/accounts/login/?next=/teams/{team.uuid}/%3Fsort%3Dtitle")
    page.get_by_label("E-mail").fill("ada@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in", exact=True).first.click()
    expect(page).to_have_url(re.compile("sort=title$"))
    return page


def box(page: Page, title: str) -> Locator:
    return page.get_by_role("checkbox", name=f"Choose {title}")


def press(page: Page, name: str) -> None:
    page.locator(".bulk").get_by_role("button", name=name, exact=True).click()


def says(page: Page, words: str) -> None:
    expect(page.get_by_role("status")).to_contain_text(words)


def paused() -> set[str]:
    return set(Reminder.objects.paused(timezone.now()).values_list("title", flat=True))


def test_chosen_ones_are_paused_and_undone_where_they_stand(page: Page, team: Team) -> None:
    opened(page, team)
    expect(page.locator(".bulk")).to_be_hidden()
    box(page, "Backup").check()
    box(page, "Retro").click(modifiers=["Shift"])
    expect(page.locator(".how-many")).to_contain_text("3")
    box(page, "Certificate").uncheck()
    press(page, "Pause")
    says(page, "2 reminders are paused.")
    expect(page.get_by_text("paused", exact=True)).to_have_count(2)
    expect(page).to_have_url(re.compile("sort=title$"))
    expect(page.locator("#reminders-title")).to_be_focused()
    assert paused() == {"Backup", "Retro"}
    page.get_by_role("status").get_by_role("button", name="Undo").click()
    says(page, "2 reminders are as they were.")
    assert paused() == set()


def test_by_keyboard_alone(page: Page, team: Team) -> None:
    opened(page, team)
    page.get_by_role("link", name="Certificate").focus()
    page.keyboard.press("x")
    expect(box(page, "Certificate")).to_be_checked()
    page.keyboard.press("Escape")
    expect(box(page, "Certificate")).not_to_be_checked()
    page.keyboard.press("x")
    box(page, "Retro").focus()
    page.keyboard.press("Enter")  # presses nothing
    page.keyboard.press("Space")
    expect(page.locator(".how-many")).to_contain_text("2")
    page.locator(".bulk").get_by_role("button", name="Delete").focus()
    page.keyboard.press("Enter")
    says(page, "2 reminders are deleted.")
    expect(page.locator("#reminders-title")).to_be_focused()
    page.keyboard.press("/")
    page.keyboard.type("time")
    expect(page.locator("li.row")).to_have_count(1)
    expect(page).to_have_url(re.compile(r"\?q=time&sort=title$"))
    assert set(Reminder.objects.filter(deleted_at=None).values_list("title", flat=True)) == {"Backup", "Timesheets"}


def test_all_of_the_page_get_a_new_label_which_filters(page: Page, team: Team) -> None:
    opened(page, team)
    page.get_by_label("Choose all on this page").check()
    page.locator(".bulk summary", has_text="Label").click()
    page.get_by_label("A new label").fill("ops")
    press(page, "Add")
    says(page, "4 reminders have “ops” now.")
    assert Label.objects.get().reminders.count() == 4
    page.locator("li.row a.label").first.click()
    expect(page.get_by_label("Label", exact=True).first).to_have_value(str(Label.objects.get().uuid))


def test_nothing_that_matches_leads_back_to_everything(page: Page, team: Team) -> None:
    opened(page, team)
    page.get_by_role("searchbox").fill("nowhere")
    page.get_by_role("link", name="Clear the filters").click()
    expect(page.locator("li.row")).to_have_count(4)
    expect(page.get_by_role("searchbox")).to_have_value("")


def test_without_scripts(page_without_scripts: Page, team: Team) -> None:
    bo = MembershipFactory(team=team, user__name="Bo").user
    page = opened(page_without_scripts, team)
    page.get_by_role("searchbox").fill("back")
    page.get_by_role("button", name="Filter").click()
    expect(page.locator("li.row")).to_have_count(1)
    box(page, "Backup").check()
    page.keyboard.press("Enter")  # presses nothing
    assert paused() == set()
    press(page, "Pause")
    says(page, "1 reminder is paused.")
    page.get_by_role("status").get_by_role("button", name="Undo").click()
    says(page, "1 reminder is as it was.")
    assert paused() == set()
    box(page, "Backup").check()
    page.locator(".bulk summary", has_text="Hand over").click()
    page.get_by_label("Who writes them from now on").select_option(label="Bo")
    press(page, "Hand over to them")
    says(page, "1 reminder is handed over to Bo.")
    assert Reminder.objects.get(title="Backup").author == bo
    box(page, "Backup").check()
    page.get_by_role("button", name="Choose none").click()
    expect(page.locator(".bulk")).to_be_hidden()


def test_labels_are_managed_without_scripts(page_without_scripts: Page, team: Team) -> None:
    page = opened(page_without_scripts, team)
    page.locator("header #more > summary").click()
    page.get_by_role("link", name="Labels").click()
    page.get_by_label("Name").fill("ops")
    page.get_by_role("button", name="Make the label").click()
    page.get_by_role("link", name="Edit ops").click()
    page.get_by_label("Name").fill("operations")
    page.get_by_label("teal").check()
    page.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Delete operations").click()
    says(page, "The label “operations” is deleted.")
    page.get_by_role("status").get_by_role("button", name="Undo").click()
    says(page, "The label “operations” is back.")
    assert (Label.objects.get().hue, Label.objects.get().deleted_at) == (5, None)
