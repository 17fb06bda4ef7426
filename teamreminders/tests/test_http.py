"""One view, two shapes: what htmx gets and what a browser gets."""

import logging

import pytest
from django.contrib import messages
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.test import Client, RequestFactory
from django_htmx.middleware import HtmxMiddleware

from teamreminders.http import HtmxAnswers, RelaxPolicyOfAdminPages, go, render_partial, tell, wants_partial
from teamreminders.logs import WithoutRefusals

HTMX = {"HX-Request": "true"}


def ask(view, path: str = "/", **headers: str) -> HttpResponse:
    """The view's answer behind the middleware that it relies on."""
    request = RequestFactory().get(path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    chain = HtmxMiddleware(HtmxAnswers(view))
    return SessionMiddleware(MessageMiddleware(chain))(request)


@pytest.mark.parametrize("path", ["/accounts/login/", "/admin/login/", "/inbox/empty/"])
def test_a_body_above_the_limit_is_refused_unread_files_and_all(client: Client, path: str) -> None:
    file = SimpleUploadedFile("big", b"x" * 1_100_000)
    answer = client.post(path, {"file": file})
    assert answer.status_code == 400 and "too large" in answer.content.decode()


def test_what_was_refused_is_one_line_in_the_log() -> None:
    record = logging.LogRecord(
        "django.request", logging.WARNING, "", 0, "Forbidden", (), (ValueError, ValueError(), None)
    )
    record.status_code = 403
    assert WithoutRefusals().filter(record) and record.exc_info is None
    record.status_code, record.exc_info = 500, (ValueError, ValueError(), None)
    assert WithoutRefusals().filter(record) and record.exc_info


@pytest.mark.parametrize(
    ("headers", "wanted"),
    [
        ({}, False),
        (HTMX, True),
        (HTMX | {"HX-Boosted": "true"}, False),
        (HTMX | {"HX-History-Restore-Request": "true"}, False),
    ],
)
def test_a_piece_is_for_htmx_unless_it_wants_the_page(headers: dict[str, str], wanted: bool) -> None:
    seen = []

    def view(request: HttpRequest) -> HttpResponse:
        seen.append(wants_partial(request))
        return HttpResponse()

    ask(view, **headers)
    assert seen == [wanted]


def piece(request: HttpRequest, status: int = 200) -> HttpResponse:
    tell(request, "Paused.", undo_url="/undo/")
    return render_partial(request, "_messages.html", {}, partial="out-of-band", status=status)


def test_a_piece_brings_waiting_messages_along_with_their_undo() -> None:
    html = ask(lambda request: piece(request), **HTMX).content.decode()
    assert 'hx-swap-oob="innerHTML:#messages"' in html
    assert "Paused." in html
    assert '<form method="post" action="/undo/">' in html


def test_a_page_shows_them_in_the_live_region() -> None:
    html = ask(lambda request: piece(request)).content.decode()
    assert '<div id="messages" role="status" aria-live="polite"><div class="message" data-level="success">' in html
    assert "hx-swap-oob" not in html


def test_an_error_interrupts() -> None:
    def view(request: HttpRequest) -> HttpResponse:
        tell(request, "Broken <b>.", level=messages.ERROR)
        return render_partial(request, "_messages.html", {}, partial="out-of-band")

    html = ask(view).content.decode()
    assert 'data-level="error" role="alert"' in html
    assert "Broken &lt;b&gt;." in html


def test_no_cache_takes_a_piece_for_a_page() -> None:
    for headers in ({}, HTMX):
        answer = ask(lambda request: piece(request, status=422), **headers)
        assert answer.status_code == 422
        assert "HX-Request" in answer.headers["Vary"]
        assert answer.headers["Cache-Control"] == "private"


def test_going_elsewhere_is_a_redirect_for_a_browser_and_a_header_for_htmx() -> None:
    plain = ask(lambda request: go(request, "front"))
    assert (plain.status_code, plain.headers["Location"]) == (302, "/")
    htmx = ask(lambda request: go(request, "front"), **HTMX)
    assert (htmx.status_code, htmx.headers["HX-Redirect"]) == (200, "/")


def test_a_lost_session_leads_htmx_to_the_sign_in_and_back_to_the_page() -> None:
    def view(request: HttpRequest) -> HttpResponse:
        return redirect("/accounts/login/?next=/reminders/1/row/")

    answer = ask(view, **HTMX | {"HX-Current-URL": "http://testserver/teams/1/?page=2"})
    assert answer.status_code == 200
    assert answer.headers["HX-Redirect"] == "/accounts/login/?next=%2Fteams%2F1%2F%3Fpage%3D2"
    assert ask(view).headers["Location"] == "/accounts/login/?next=/reminders/1/row/"


def test_a_form_that_was_typed_survives_a_lost_session() -> None:
    request = RequestFactory().post("/", headers=HTMX)
    chain = HtmxMiddleware(HtmxAnswers(lambda r: redirect("/accounts/login/")))
    answer = SessionMiddleware(MessageMiddleware(chain))(request)
    assert answer.status_code == 401
    assert "HX-Redirect" not in answer.headers


def test_a_lost_session_never_leads_to_another_site() -> None:
    answer = ask(lambda r: redirect("/accounts/login/"), **HTMX | {"HX-Current-URL": "https://evil.example/x"})
    assert answer.headers["HX-Redirect"] == "/accounts/login/?next=%2Ftoday%2F"


@pytest.mark.parametrize(
    ("path", "relaxed"), [("/admin/", True), ("/admin/django-rq/queues/0/", True), ("/today/", False)]
)
def test_inline_style_is_for_admin_pages_only(rf: RequestFactory, path: str, relaxed: bool) -> None:
    answer = RelaxPolicyOfAdminPages(lambda request: HttpResponse())(rf.get(path))
    assert hasattr(answer, "_csp_update") == relaxed
