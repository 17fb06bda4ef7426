"""The styleguide shows the pieces that pages are made of, to those who make them."""

from typing import Any

import pytest
from django.test import Client

from accounts.tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["/styleguide/", "/styleguide/card/"])
def test_it_is_for_operators_and_developers(client: Client, settings: Any, path: str) -> None:
    client.force_login(UserFactory())
    assert client.get(path).status_code == 404
    settings.DEBUG = True
    assert client.get(path).status_code == 200
    settings.DEBUG = False
    client.force_login(UserFactory(superuser=True))
    assert client.get(path).status_code == 200


def test_every_state_is_there_and_nothing_is_stored_for_it(client: Client) -> None:
    client.force_login(UserFactory(superuser=True))
    html = client.get("/styleguide/").content.decode()
    for part in (
        "put off",
        "550 5.1.1 no such mailbox",
        "muted this reminder",
        "trying again",
        "Undo",
        "paused",
        "ended",
    ):
        assert part in html, part
    for part in ('aria-invalid="true"', 'data-kind="primary"', 'data-level="error"', 'class="empty"', 'class="menu"'):
        assert part in html, part
