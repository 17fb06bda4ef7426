"""What a page makes a browser fetch before it can be used."""

import gzip
from typing import Any

import pytest
from playwright.sync_api import Page, Response

from accounts.tests.factories import UserFactory
from reminders.tests.factories import ReminderFactory
from teams.tests.factories import TeamFactory

from .browsing import browser_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

KILOBYTES = 60
PICTURE_KILOBYTES = 60


def fetched(page: Page, path: str) -> list[Response]:
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))
    page.goto(path, wait_until="load")
    return answers


def packed(answers: list[Response], *kinds: str) -> int:
    """Bytes of the files of these kinds, each by `gzip -9`."""
    files = {answer.url: answer for answer in answers if answer.request.resource_type in kinds}
    return sum(len(gzip.compress(answer.body(), 9)) for answer in files.values())


@pytest.fixture
def paths() -> Any:
    ada = UserFactory(superuser=True)
    team = TeamFactory(owner=ada)
    reminder = ReminderFactory(team=team, author=ada)
    own = [f"/teams/{team.uuid}/{path}" for path in ("", "members/", "settings/", "activity/", "reminders/new/")]
    own += [f"/reminders/{reminder.uuid}/", f"/reminders/{reminder.uuid}/edit/", "/today/", "/me/", "/search/"]
    return ada, [*own, "/styleguide/"]


def test_styles_and_scripts_of_any_page_are_sixty_kilobytes_at_most(browser: Any, live: str, paths: Any) -> None:
    ada, own = paths
    sizes = {}
    for person, some in ((None, ["/", "/accounts/signup/"]), (ada, own)):
        for path in some:
            with browser_of(browser, live, person) as page:
                sizes[path] = packed(fetched(page, path), "stylesheet", "script")
    assert min(sizes.values()) > 20_000, "nothing was measured"
    assert {path: size for path, size in sizes.items() if size > KILOBYTES * 1000} == {}


def test_the_picture_of_the_front_page_is_small_and_no_other_page_has_it(browser: Any, live: str, paths: Any) -> None:
    with browser_of(browser, live, None, color_scheme="dark") as page:
        pictures = [answer for answer in fetched(page, "/") if "/pictures/" in answer.url]
        assert ["receipt-dark" in picture.url for picture in pictures] == [True]
        assert len(pictures[0].body()) <= PICTURE_KILOBYTES * 1000
    with browser_of(browser, live, paths[0]) as page:
        assert [answer.url for answer in fetched(page, "/today/") if "/pictures/" in answer.url] == []
