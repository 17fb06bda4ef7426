"""Today in a real browser, as wide as a small phone."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.tests.factories import UserFactory
from reminders.models import Reminder
from teams.tests.factories import TeamFactory

from .scenes import opened, reminder_due, rounded
from .test_quick_browser import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_on_a_phone_a_title_has_half_the_width_beside_its_buttons(page: Page) -> None:
    now = rounded(timezone.now())
    team = TeamFactory(owner=UserFactory(email="ada@example.org"))
    opened(team, now - timedelta(hours=1))
    reminder_due(team, now + timedelta(days=3), planned_at=now)
    Reminder.objects.update(title="Grundstücksverkehrsgenehmigungszuständigkeitsübertragung")
    page.set_viewport_size({"width": 360, "height": 800})
    sign_in(page)
    expect(page.locator(".row")).to_have_count(2)
    assert [title.bounding_box()["width"] >= 160 for title in page.locator(".row h3").all()] == [True, True]
    assert page.evaluate("document.documentElement.scrollWidth") == 360


def test_on_a_phone_a_time_on_the_teams_page_stands_in_one_line(page: Page) -> None:
    now = rounded(timezone.now())
    team = TeamFactory(owner=UserFactory(email="ada@example.org"))
    opened(team, now - timedelta(hours=1))
    page.set_viewport_size({"width": 360, "height": 800})
    sign_in(page)
    page.goto(f"/teams/{team.uuid}/")
    assert page.locator(".row .when").bounding_box()["height"] < 40
