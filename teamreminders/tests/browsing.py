"""A browser of somebody who is signed in already."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.test import Client
from playwright.sync_api import Page

from accounts.models import User


@contextmanager
def browser_of(browser: Any, live: str, person: User | None, **options: Any) -> Iterator[Page]:
    context = browser.new_context(base_url=live, **{"service_workers": "block"} | options)
    if person:
        client = Client()
        client.force_login(person)
        context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live}])
    page: Page = context.new_page()
    page.set_default_timeout(15_000)
    yield page
    context.close()
