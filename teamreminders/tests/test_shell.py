"""What is around every page: light or dark, and what a device installs."""

import json
import re
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from accounts.tests.factories import UserFactory
from teamreminders.shell import scheme_of

pytestmark = pytest.mark.django_db


def chosen(client: Client, value: str, **headers: str) -> Any:
    return client.post("/scheme/", {"scheme": value}, headers=headers)


@pytest.mark.parametrize("value", ["light", "dark"])
def test_a_scheme_is_in_the_page_before_it_is_painted_until_the_device_decides_again(
    client: Client, value: str
) -> None:
    assert chosen(client, value, referer="http://testserver/accounts/login/?next=/me/").headers["Location"] == (
        "/accounts/login/?next=/me/"
    )
    html = client.get("/").content.decode()
    assert f'data-scheme="{value}"' in html
    assert html.count('name="theme-color"') == 1
    chosen(client, "")
    html = client.get("/").content.decode()
    assert "data-scheme" not in html
    assert html.count('name="theme-color"') == 2


def test_there_are_two_schemes_and_a_cookie_brings_no_third(client: Client, rf: Any) -> None:
    assert chosen(client, "puce").status_code == 404
    rf.cookies["scheme"] = '"><script>'
    assert scheme_of(rf.get("/")) == ""


def test_from_elsewhere_it_leads_to_the_start(client: Client) -> None:
    assert chosen(client, "dark", referer="https://evil.example/x").headers["Location"] == "/"


def test_with_scripts_the_page_stays(client: Client) -> None:
    client.force_login(UserFactory())
    answer = chosen(client, "dark", **{"HX-Request": "true"})
    assert json.loads(answer.headers["HX-Trigger"]) == {"scheme:changed": {"value": "dark"}}
    assert re.search(r'id="scheme-dark"[^>]* aria-pressed="true"', answer.content.decode())
    assert answer.cookies["scheme"]["httponly"]


def test_the_manifest_names_pictures_that_are_there(client: Client) -> None:
    answer = client.get("/manifest.webmanifest")
    assert answer.headers["Content-Type"] == "application/manifest+json"
    described = json.loads(answer.content)
    assert {icon.get("purpose", "any") for icon in described["icons"]} == {"any", "maskable"}
    for icon in described["icons"]:
        name = re.sub(r"\.[0-9a-f]{12}(?=\.\w+$)", "", icon["src"].removeprefix("/static/"))
        assert finders.find(name), name


def test_the_service_worker_is_for_the_whole_site_and_never_old(client: Client) -> None:
    answer = client.get("/service-worker.js")
    assert answer.headers["Content-Type"] == "text/javascript"
    assert "no-store" in answer.headers["Cache-Control"]
    assert "worker-src 'self'" in answer.headers["Content-Security-Policy"]
    words = answer.content.decode()
    assert re.search(r'CACHE = "static-[0-9a-f]+-[0-9a-f]{8}"', words)
    assert not re.search(r"[{}%]{2}", words.replace("}}", "")), "a tag was left in it"


def test_the_offline_page_is_the_same_for_everybody(client: Client) -> None:
    client.force_login(UserFactory(name="Ada Lovelace"))
    html = client.get("/offline/").content.decode()
    assert "No connection" in html and "Ada" not in html
    assert html == Client().get("/offline/").content.decode()


def test_links_to_us_have_a_picture_and_never_the_address_itself(client: Client) -> None:
    html = client.get("/teams/join/a-secret-of-an-invitation/").content.decode()
    picture = re.search(r'property="og:image" content="(http[^"]+)"', html)[1]
    assert picture.startswith("http://localhost") and "social" in picture
    assert "og:url" not in html and "a-secret" not in html.partition("</head>")[0]
