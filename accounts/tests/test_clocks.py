"""The question about a device whose clock is another than the account's, and its two answers."""

from datetime import datetime, timezone

import pytest
import time_machine
from django.test import Client

from accounts.models import User
from accounts.tests.factories import UserFactory
from teamreminders.clock import same_clock

pytestmark = pytest.mark.django_db

ME, USE, KEEP = "/me/", "/me/zone/use/", "/me/zone/keep/"
WINTER, SUMMER = (datetime(2026, month, 15, 14, 5, tzinfo=timezone.utc) for month in (1, 7))
QUESTION = 'id="clocks"'


def at_home_in(zone: str, device: str | None, **fields: str) -> Client:
    """The browser of Ana, who lives in a zone, on a device in another one."""
    client = Client()
    client.force_login(UserFactory(name="Ana", zone=zone, **fields))
    if device is not None:
        client.cookies["zone"] = device
    return client


def ana() -> User:
    return User.objects.get(name="Ana")


@pytest.mark.parametrize(
    ("one", "other", "same", "why"),
    [
        ("Europe/Berlin", "Europe/Berlin", True, "one zone"),
        ("Europe/Berlin", "Europe/Paris", True, "the same rules"),
        ("Asia/Calcutta", "Asia/Kolkata", True, "two names"),
        ("UTC", "Atlantic/Reykjavik", True, "the same hour all year"),
        ("Europe/Berlin", "Europe/Lisbon", False, "an hour apart"),
        ("Europe/Berlin", "Africa/Lagos", False, "one hour in winter, another in summer"),
        ("Europe/London", "UTC", False, "the same in winter"),
        ("America/Denver", "America/Phoenix", False, "no summer time in Arizona"),
        ("Asia/Kolkata", "Asia/Kathmandu", False, "15 minutes"),
        ("Gone/From_tzdata", "UTC", True, "what nobody knows counts as UTC"),
    ],
    ids=lambda value: value if isinstance(value, str) and " " in value else "",
)
@pytest.mark.parametrize("now", [WINTER, SUMMER], ids=["winter", "summer"])
def test_clocks_are_compared_and_not_names(one: str, other: str, same: bool, why: str, now: datetime) -> None:
    assert same_clock(one, other, now) is same_clock(other, one, now) is same, why


@time_machine.travel(WINTER, tick=False)
def test_a_device_on_another_clock_is_asked_about_on_every_page() -> None:
    client = at_home_in("Europe/Berlin", "Europe/Lisbon")
    for url in ("/today/", ME, "/teams/new/", "/accounts/email/"):
        page = client.get(url).content.decode()
        assert "Your device is on Lisbon time (" in page, url
        assert '<time data-clock="Europe/Lisbon">14:05</time>), your account on Berlin time (' in page
        assert '<time data-clock="Europe/Berlin">15:05</time>' in page
        assert f'name="next" value="{url}"' in page
    assert ana().zone == "Europe/Berlin"


@pytest.mark.parametrize(
    "device", [None, "", "Europe/Berlin", "Europe/Paris", "Mars/Base", "undefined", "<script>", "../etc", "x" * 4000]
)
def test_nothing_is_asked_where_the_clock_is_the_same_or_unknown(device: str | None) -> None:
    page = at_home_in("Europe/Berlin", device).get(ME)
    assert page.status_code == 200
    assert QUESTION not in page.content.decode()


def test_nothing_is_asked_of_who_is_signed_out_nor_over_a_form_that_would_be_lost() -> None:
    visitor = Client()
    visitor.cookies["zone"] = "Europe/Lisbon"
    assert QUESTION not in visitor.get("/").content.decode()
    refused = at_home_in("Europe/Berlin", "Europe/Lisbon").post(ME, {"name": "", "zone": "Europe/Berlin"})
    assert refused.status_code == 422 and QUESTION not in refused.content.decode()


def test_a_zone_that_the_browser_knows_by_an_old_name_is_used_by_the_one_it_has() -> None:
    page = at_home_in("Europe/Berlin", "Asia/Calcutta").get(ME).content.decode()
    assert "Use Kolkata time" in page and 'name="zone" value="Asia/Kolkata"' in page
    assert 'data-device="Asia/Calcutta"' in page  # by which app.js knows that it is still there


@pytest.mark.parametrize(("now", "agree"), [(WINTER, True), (SUMMER, False)])
def test_clocks_that_agree_for_half_a_year_are_said_to(now: datetime, agree: bool) -> None:
    with time_machine.travel(now):
        page = at_home_in("Europe/Berlin", "Africa/Lagos").get(ME).content.decode()
    assert ("They agree now, but not all year." in page) is agree


def test_the_device_s_zone_is_used_on_request_and_undone() -> None:
    client = at_home_in("Europe/Berlin", "Europe/Lisbon", zone_kept="Asia/Tokyo")
    answer = client.post(USE, {"zone": "Europe/Lisbon", "next": "/teams/new/"})
    assert answer.url == "/teams/new/"
    assert (ana().zone, ana().zone_kept) == ("Europe/Lisbon", "")
    page = client.get(answer.url).content.decode()
    assert "Your account is on Lisbon time now." in page and QUESTION not in page
    undo = "/me/zone/use/?zone=Europe%2FBerlin&amp;next=%2Fteams%2Fnew%2F"
    assert f'action="{undo}"' in page
    assert client.post(undo.replace("&amp;", "&")).url == "/teams/new/"
    assert ana().zone == "Europe/Berlin"
    assert "Your account is on Berlin time now." in client.get(ME).content.decode()


def test_pressing_twice_offers_no_undo_to_where_one_is() -> None:
    client = at_home_in("Europe/Lisbon", "Europe/Lisbon")
    client.post(USE, {"zone": "Europe/Lisbon"})
    assert "Undo" not in client.get(ME).content.decode()


def test_what_is_kept_is_asked_no_more_on_any_device_in_such_a_zone() -> None:
    client = at_home_in("Europe/Berlin", "Europe/Lisbon")
    answer = client.post(KEEP, {"zone": "Europe/Lisbon", "next": ME})
    assert answer.url == ME
    assert (ana().zone, ana().zone_kept) == ("Europe/Berlin", "Europe/Lisbon")
    page = client.get(ME).content.decode()
    assert "Your account stays on Berlin time." in page and QUESTION not in page
    client.cookies["zone"] = "Europe/London"  # the same clock
    assert QUESTION not in client.get(ME).content.decode()
    client.cookies["zone"] = "America/New_York"
    assert QUESTION in client.get(ME).content.decode()


def test_with_htmx_keeping_leaves_the_page_as_it_is() -> None:
    client = at_home_in("Europe/Berlin", "Europe/Lisbon")
    piece = client.post(KEEP, {"zone": "Europe/Lisbon"}, headers={"HX-Request": "true"}).content.decode()
    assert piece.startswith('<p class="unseen"') and "Your account stays on Berlin time." in piece
    assert ana().zone_kept == "Europe/Lisbon"
    assert "Your account stays" not in client.get(ME).content.decode()  # it is said once


@pytest.mark.parametrize("url", [USE, KEEP])
@pytest.mark.parametrize("zone", ["", "Mars/Base", "europe/lisbon", "\x00", "x" * 10_000])
def test_what_is_no_zone_is_said_and_changes_nothing(url: str, zone: str) -> None:
    answer = at_home_in("Europe/Berlin", None).post(url, {"zone": zone})
    assert answer.status_code == 422
    assert 'id="id_zone_error"' in answer.content.decode()
    assert (ana().zone, ana().zone_kept) == ("Europe/Berlin", "")


def test_blanks_around_a_zone_do_not_count() -> None:
    at_home_in("Europe/Berlin", None).post(USE, {"zone": " Europe/Lisbon\n"})
    assert ana().zone == "Europe/Lisbon"


@pytest.mark.parametrize("url", [USE, KEEP])
def test_an_answer_is_a_form_of_the_site_and_leads_nowhere_else(url: str) -> None:
    client = at_home_in("Europe/Berlin", None)
    assert client.get(url).status_code == 405
    for elsewhere in ("https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example", ""):
        assert client.post(url, {"zone": "Europe/Lisbon", "next": elsewhere}).url == "/today/"
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(ana())
    assert strict.post(url, {"zone": "Asia/Tokyo"}).status_code == 403
    assert "Asia/Tokyo" not in {ana().zone, ana().zone_kept}
