"""What holds for every page of accounts, and for the files all pages load."""

import gzip
import re
from hashlib import sha256
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client
from django.views.defaults import server_error

from accounts.tests.factories import UserFactory

SIGNED_OUT = [
    "/",
    "/accounts/login/",
    "/accounts/signup/",
    "/accounts/password/reset/",
    "/accounts/password/reset/done/",
    "/accounts/password/reset/key/1-abc/",
    "/accounts/password/reset/key/done/",
    "/accounts/confirm-email/",
    "/accounts/confirm-email/abc/",
    "/accounts/inactive/",
    "/no/such/page/",
]
SIGNED_IN = [
    "/me/",
    "/me/tokens/",
    "/me/tokens/new/",
    "/accounts/email/",
    "/accounts/password/change/",
    "/accounts/reauthenticate/",
    "/accounts/logout/",
    "/accounts/password/reset/",
    "/no/such/page/",
]
INLINE = re.compile(r"<style|\sstyle=|\son[a-z]+=|\shx-on|javascript:|<script(?![^>]*\ssrc=)", re.IGNORECASE)
KILOBYTES = 60


def check(html: str) -> None:
    assert not INLINE.search(html), INLINE.search(html)
    assert len(re.findall(r"<h1[ >]", html)) == 1
    assert re.search(r"<title>\S.* · Team Reminders</title>", html)
    assert html.count("<main") == html.count('id="main"') == 1
    assert '<html lang="en' in html
    assert 'id="messages" role="status" aria-live="polite"' in html
    for form in re.findall(r"<form[^>]*method=\"post\".*?</form>", html, re.DOTALL):
        assert "csrfmiddlewaretoken" in form


@pytest.mark.django_db
@pytest.mark.parametrize("path", SIGNED_OUT)
def test_pages_of_the_signed_out(client: Client, path: str) -> None:
    check(client.get(path, follow=True).content.decode())


@pytest.mark.django_db
@pytest.mark.parametrize("path", SIGNED_IN)
def test_pages_of_the_signed_in(client: Client, path: str) -> None:
    client.force_login(UserFactory())
    html = client.get(path, follow=True).content.decode()
    check(html)
    assert 'id="navigation"' in html


@pytest.mark.django_db
def test_the_policy_forbids_what_no_page_uses(client: Client) -> None:
    policy = client.get("/").headers["Content-Security-Policy"]
    for directive in ("default-src 'self'", "img-src 'self' data:", "frame-ancestors", "form-action 'self'"):
        assert directive in policy
    assert "unsafe" not in policy


def test_the_page_for_a_broken_server_needs_no_database(rf) -> None:
    answer = server_error(rf.get("/"))
    assert answer.status_code == 500
    assert "Something broke" in answer.content.decode()
    assert not INLINE.search(answer.content.decode())


@pytest.mark.django_db
def test_a_form_from_an_older_page_is_told_so() -> None:
    answer = Client(enforce_csrf_checks=True).post("/accounts/login/", {"login": "a@example.org", "password": "x"})
    assert answer.status_code == 403
    assert "This page is out of date" in answer.content.decode()


def test_what_every_page_loads_is_small() -> None:
    head = (Path(settings.BASE_DIR) / "templates" / "_head.html").read_text()
    names = [*re.findall(r"{% static '([^']+\.(?:css|js))' %}", head), "django_htmx/htmx-2.min.js"]
    size = sum(len(gzip.compress(Path(finders.find(name)).read_bytes())) for name in names)
    assert size <= KILOBYTES * 1000, size


def test_the_vendored_files_are_what_was_written_down() -> None:
    vendor = Path(settings.BASE_DIR) / "static" / "vendor"
    listed = re.findall(r"^([0-9a-f]{64})  (\S+)$", (vendor / "VENDOR.md").read_text(), re.MULTILINE)
    files = {str(file.relative_to(vendor)): file.read_bytes() for file in vendor.glob("*/*")}
    assert {name: digest for digest, name in listed} == {name: sha256(held).hexdigest() for name, held in files.items()}


@pytest.mark.django_db
def test_ten_megabytes_are_refused_with_a_page_of_ours(client: Client) -> None:
    answer = client.post("/accounts/login/", {"login": "x" * 10_000_000, "password": "x"})
    assert answer.status_code == 400
    assert "too large" in answer.content.decode()
