"""Pages and account mail in the language of whoever reads them. What Django itself says in German shows which it is."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.test import Client, override_settings
from django.urls import reverse
from django.utils.translation import override

from accounts.models import AccountMail, User
from accounts.tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db

ME = "/me/"
GERMAN = {"accept-language": "de-DE,de;q=0.9,en;q=0.5"}
ENGLISH = {"accept-language": "en-US,en;q=0.9"}
REQUIRED = "Dieses Feld ist zwingend erforderlich."
TWO = override_settings(LANGUAGES=[("en-gb", "English"), ("de", "Deutsch"), ("ar", "العربيّة")])


@pytest.fixture(autouse=True)
def two_languages() -> Iterator[None]:
    cache.clear()
    with TWO, override("en-gb"):  # a test's client leaves the language of its last request in the thread
        yield


def signed_in(**fields: str) -> Client:
    client = Client()
    client.force_login(UserFactory(**fields))
    return client


def refused(client: Client, **headers: dict[str, str]) -> str:
    """The settings after a form without a name, of which Django says that it is required."""
    return client.post(ME, {"name": "", "zone": "UTC", "language": ""}, **headers).content.decode()


def test_a_page_follows_the_browser_and_says_so_to_caches(client: Client) -> None:
    page = client.get(reverse("account_login"), headers=GERMAN)
    assert '<html lang="de" dir="ltr">' in page.content.decode()
    assert page["Content-Language"] == "de" and "Accept-Language" in page["Vary"]
    assert '<html lang="en-gb" dir="ltr">' in client.get(reverse("account_login"), headers=ENGLISH).content.decode()
    assert '<html lang="ar" dir="rtl">' in client.get("/", headers={"accept-language": "ar"}).content.decode()


def test_a_language_that_is_not_installed_is_answered_in_english(client: Client) -> None:
    assert client.get("/", headers={"accept-language": "ja"})["Content-Language"] == "en-gb"
    with override_settings(LANGUAGES=[("en-gb", "English")]):
        assert client.get("/", headers=GERMAN)["Content-Language"] == "en-gb"


def test_who_chose_a_language_reads_it_whatever_the_browser_says() -> None:
    client = signed_in(language="de")
    page = client.get(ME, headers=ENGLISH)
    assert '<html lang="de"' in page.content.decode() and page["Content-Language"] == "de"
    assert REQUIRED in refused(client, headers=ENGLISH)


def test_who_chose_none_reads_the_browsers() -> None:
    assert REQUIRED in refused(signed_in(), headers=GERMAN)
    assert REQUIRED not in refused(signed_in(), headers=ENGLISH)


def test_the_choice_of_one_person_is_not_left_to_the_next_request() -> None:
    signed_in(language="de").get(ME, headers=ENGLISH)
    assert '<html lang="en-gb"' in signed_in().get(ME).content.decode()


def test_a_language_that_is_no_longer_installed_breaks_nothing() -> None:
    page = signed_in(language="xx").get(ME, headers=GERMAN)
    assert page.status_code == 200 and page["Content-Language"] == "de"


def test_choosing_a_language_on_the_settings_page() -> None:
    client = signed_in(name="Ana")
    assert '<option value="" selected>As the browser says</option>' in client.get(ME).content.decode()
    client.post(ME, {"name": "Ana", "zone": "UTC", "language": "de"})
    assert User.objects.get().language == "de"
    assert '<option value="de" selected>Deutsch</option>' in client.get(ME).content.decode()


def test_what_is_no_choice_changes_nothing() -> None:
    client = signed_in(name="Ana", language="de")
    for language in ("fr", "de\n", "x" * 10_000):
        answer = client.post(ME, {"name": "Bo", "zone": "UTC", "language": language})
        assert answer.status_code == 422
    assert (User.objects.get().name, User.objects.get().language) == ("Ana", "de")


@override_settings(LANGUAGES=[("en-gb", "English")])
def test_of_one_language_there_is_no_choice_and_what_was_chosen_stays() -> None:
    client = signed_in(name="Ana", language="de")
    assert 'name="language"' not in client.get(ME).content.decode()
    client.post(ME, {"name": "Ana King", "zone": "UTC"})
    assert (User.objects.get().name, User.objects.get().language) == ("Ana King", "de")


def test_who_signs_up_gets_mail_in_the_language_of_the_page(client: Client) -> None:
    form = {"name": "Ana", "email": "ana@example.org", "password1": PASSWORD, "zone": "UTC"}
    client.post(reverse("account_signup"), form, headers=GERMAN)
    assert User.objects.get().language == "de"
    assert '<html lang="de"' in AccountMail.objects.get().html


@pytest.mark.parametrize(
    ("chosen", "shown"), [("de", "de"), ("", "en-gb"), ("xx", "en-gb")], ids=["chosen", "none", "no longer installed"]
)
def test_account_mail_is_in_the_recipients_language_if_chosen(client: Client, chosen: str, shown: str) -> None:
    UserFactory(email="ana@example.org", language=chosen)
    client.post(reverse("account_reset_password"), {"email": "Ana@example.org"}, headers=ENGLISH)
    assert f'<html lang="{shown}"' in AccountMail.objects.get().html


def test_mail_to_an_address_of_nobody_is_in_the_language_of_the_request(client: Client) -> None:
    client.post(reverse("account_reset_password"), {"email": "nobody@example.org"}, headers=GERMAN)
    assert '<html lang="de"' in AccountMail.objects.get().html
