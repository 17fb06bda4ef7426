"""How people come into a team and leave it, in a real browser with JavaScript on and off, by real mail."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from accounts.tests.factories import PASSWORD, UserFactory
from teamreminders.testing.catcher import Catcher
from teamreminders.testing.stack import Stack
from teams.models import JoinLink, Membership, Role, Team
from teams.tests.factories import MembershipFactory, TeamFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Visit = Callable[[], Page]


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def visit(request: pytest.FixtureRequest, browser: Any, live: str) -> Iterator[Visit]:
    """Opens the browser of one more person."""
    contexts = []

    def one_more() -> Page:
        contexts.append(browser.new_context(base_url=live, java_script_enabled=request.param))
        page: Page = contexts[-1].new_page()
        page.set_default_timeout(15_000)
        return page

    yield one_more
    for context in contexts:
        context.close()


@pytest.fixture
def ada() -> User:
    return UserFactory(name="Ada Lovelace", email="ada@example.org")


@pytest.fixture
def team(ada: User) -> Team:
    return TeamFactory(name="Operations", owner=ada)


def sign_in(page: Page, email: str) -> Page:
    page.goto("/accounts/login/")
    fill_in_and_sign_in(page, email)
    expect(page).to_have_url(re.compile("/today/$"))
    return page


def fill_in_and_sign_in(page: Page, email: str) -> None:
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    press(page, "Sign in")


def press(page: Page, name: str) -> None:
    page.get_by_role("main").get_by_role("button", name=name).first.click()


def says(page: Page, words: str) -> None:
    expect(page.get_by_role("main")).to_contain_text(words)


def choose(page: Page, person: str, act: str) -> None:
    """From the menu of somebody in the list."""
    row = page.locator("li.row", has_text=person)
    row.locator("summary").click()
    row.get_by_role("button", name=act).click()


def invite(page: Page, team: Team, email: str, smtp: Catcher) -> str:
    """Returns the link in the mail."""
    page.goto(f"/teams/{team.uuid}/members/")
    page.get_by_label("E-mail addresses").fill(email)
    press(page, "Invite")
    says(page, "1 person is invited.")
    [mail] = smtp.wait_for(1, seconds=30)
    assert mail.recipients == [email]
    return re.search(r"http://\S+/teams/join/\S+", mail.message.get_body(("plain",)).get_content())[0]


def test_an_unknown_address_is_invited_signs_up_and_lands_in_the_team(
    visit: Visit, ada: User, team: Team, stack: Stack, smtp: Catcher
) -> None:
    stack.worker()
    link = invite(sign_in(visit(), ada.email), team, "bo@example.org", smtp)
    bo = visit()
    bo.goto(link)
    says(bo, "Ada Lovelace invites you to Operations")
    bo.get_by_role("link", name="Sign up and join").click()
    expect(bo.get_by_label("E-mail")).to_have_value("bo@example.org")
    bo.get_by_label("Your name").fill("Bo")
    bo.get_by_label("Password").fill(PASSWORD)
    bo.get_by_label("Time zone").select_option("Europe/Berlin")
    press(bo, "Sign up")
    press(bo, "Join Operations")
    expect(bo).to_have_url(re.compile(f"/teams/{team.uuid}/$"))
    says(bo, "Welcome to Operations.")
    assert team.role_of(User.objects.get(email="bo@example.org")) == Role.MEMBER


def test_the_wrong_account_signs_out_and_goes_on_with_the_right_one(
    visit: Visit, ada: User, team: Team, stack: Stack, smtp: Catcher
) -> None:
    stack.worker()
    UserFactory(name="Bo", email="bo@example.org")
    link = invite(sign_in(visit(), ada.email), team, "bo@example.org", smtp)
    page = sign_in(visit(), UserFactory(email="private@example.org").email)
    page.goto(link)
    says(page, "The invitation is for bo@example.org, and you are signed in as private@example.org.")
    press(page, "Sign out and go on")
    page.get_by_role("main").get_by_role("link", name="Sign in and join").click()
    fill_in_and_sign_in(page, "bo@example.org")
    press(page, "Join Operations")
    says(page, "Welcome to Operations.")


def test_the_last_owner_cannot_leave_but_hand_the_team_over(visit: Visit, ada: User, team: Team) -> None:
    MembershipFactory(team=team, user__name="Bo", user__email="bo@example.org")
    owner, heir = sign_in(visit(), ada.email), sign_in(visit(), "bo@example.org")
    owner.goto(f"/teams/{team.uuid}/members/")
    leave(owner, team)
    says(owner, "You are its only owner.")
    choose(owner, "bo@example.org", "Hand the team over")
    says(owner, "Waiting for Bo to agree. You own Operations until then.")
    heir.goto(f"/teams/{team.uuid}/members/")
    press(heir, "Agree")
    says(heir, "You own Operations now.")
    owner.reload()
    leave(owner, team)
    expect(owner).to_have_url(re.compile("/today/$"))
    assert [(each.user.name, each.role) for each in team.memberships.select_related("user")] == [("Bo", "owner")]


def leave(page: Page, team: Team) -> None:
    page.get_by_text("Leave …").click()
    press(page, f"Leave {team.name} for good")


def test_the_open_page_of_somebody_who_was_removed_leads_nowhere(visit: Visit, ada: User, team: Team) -> None:
    MembershipFactory(team=team, user__name="Bo", user__email="bo@example.org")
    owner, bo = sign_in(visit(), ada.email), sign_in(visit(), "bo@example.org")
    bo.goto(f"/teams/{team.uuid}/")
    owner.goto(f"/teams/{team.uuid}/members/")
    choose(owner, "bo@example.org", "Remove from the team")
    says(owner, "Bo does not belong to Operations any more.")
    bo.get_by_role("main").get_by_role("link", name="People", exact=True).click()
    expect(bo.get_by_role("heading", level=1)).not_to_contain_text("People")
    assert bo.goto(f"/teams/{team.uuid}/").status == 404
    press(owner, "Undo")
    says(owner, "Bo belongs to Operations again.")
    assert Membership.objects.filter(team=team).count() == 2


def test_the_join_link_is_copied(page: Page, ada: User, team: Team) -> None:
    link = JoinLink.objects.create(team=team)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    sign_in(page, ada.email).goto(f"/teams/{team.uuid}/members/")
    press(page, "Copy")
    says(page, "Copied.")
    assert page.evaluate("navigator.clipboard.readText()") == link.url
