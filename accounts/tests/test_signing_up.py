"""From the sign-up form to Today, as somebody without scripts walks it."""

import re

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts.models import AccountMail, User
from accounts.tests.factories import PASSWORD, UserFactory
from teamreminders.testing.texts import NOT_ONE_LINE, ONE_LINE

pytestmark = pytest.mark.django_db

ANA = {"name": "Ana Lopez", "email": "Ana@Example.org", "password1": PASSWORD, "zone": "America/New_York"}


def sign_up(client: Client, **changes: str):
    return client.post(reverse("account_signup"), ANA | changes)


def link_in(mail: AccountMail) -> str:
    """The path of the first link of the mail's text, which leads to SITE_URL."""
    return re.search(rf"{re.escape(settings.SITE_URL)}(/\S+)", mail.text)[1]


def test_signing_up_confirming_and_being_in(client: Client) -> None:
    answer = sign_up(client)
    assert answer.url == reverse("account_email_verification_sent")
    assert "Look into your inbox" in client.get(answer.url).content.decode()

    mail = AccountMail.objects.get()
    assert (mail.to, mail.subject) == ("ana@example.org", "Confirm your e-mail address")
    link = link_in(mail)
    assert "Yes, confirm" in client.get(link).content.decode()
    answer = client.post(link)
    assert answer.url == reverse("today")

    ana = User.objects.get()
    assert (ana.email, ana.name, ana.zone) == ("ana@example.org", "Ana Lopez", "America/New_York")
    assert client.session["_auth_user_id"] == str(ana.pk)


@pytest.mark.parametrize("address", ['"\x0bBcc:v@y.org\x0b1"@z.org', '"a\x0cb"@z.org', '"a\x01b"@z.org'])
def test_an_address_with_a_control_character_is_none(client: Client, address: str) -> None:
    answer = sign_up(client, email=address)
    assert "Enter a valid email address." in answer.content.decode()
    assert not User.objects.exists() and not AccountMail.objects.exists()


@pytest.mark.parametrize("name", NOT_ONE_LINE)
def test_a_name_is_one_line(client: Client, name: str) -> None:
    assert "in one line" in sign_up(client, name=name).content.decode()
    assert not User.objects.exists() and not AccountMail.objects.exists()


@pytest.mark.parametrize("name", ONE_LINE)
def test_a_name_is_in_any_script(client: Client, name: str) -> None:
    sign_up(client, name=name)
    assert User.objects.get().name == name


def test_following_the_link_alone_confirms_nothing(client: Client) -> None:
    sign_up(client)
    link = link_in(AccountMail.objects.get())
    Client().get(link)
    assert not User.objects.get().emailaddress_set.get().verified


def test_confirming_in_another_browser_leads_to_the_sign_in(client: Client) -> None:
    sign_up(client)
    answer = Client().post(link_in(AccountMail.objects.get()))
    assert answer.url == reverse("account_login")
    assert User.objects.get().emailaddress_set.get().verified


def test_a_link_that_was_used_says_so_and_what_to_do(client: Client) -> None:
    page = client.get(reverse("account_confirm_email", args=["abc"])).content.decode()
    assert "This link does not work any more" in page
    assert "if your address still has to be confirmed, we send you a new one" in page


def test_the_mail_reads_well_as_text_and_has_no_remote_images(client: Client) -> None:
    sign_up(client)
    mail = AccountMail.objects.get()
    assert mail.text.startswith("Welcome.")
    assert "&" not in mail.text and "<" not in mail.text
    assert link_in(mail) in mail.html
    assert "<img" not in mail.html and "url(" not in mail.html


def test_the_links_in_mail_lead_to_the_site_whatever_host_the_request_named(client: Client, settings) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    client.post(reverse("account_signup"), ANA, headers={"host": "evil.example"})
    assert "evil.example" not in AccountMail.objects.get().text + AccountMail.objects.get().html


def test_a_name_cannot_be_used_to_send_words_to_a_stranger(client: Client) -> None:
    sign_up(client, name="Win money at http://spam.example")
    mail = AccountMail.objects.get()
    assert "spam.example" not in mail.text + mail.html + mail.subject


def test_a_known_address_takes_as_long_as_a_new_one(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    UserFactory(email="ana@example.org")
    hashed: list[str] = []
    monkeypatch.setattr("accounts.forms.make_password", hashed.append)
    sign_up(client)
    assert hashed == [PASSWORD]


def test_an_address_that_is_known_in_another_case_gets_a_mail_instead_of_a_second_account(client: Client) -> None:
    UserFactory(email="ana@example.org")
    answer = sign_up(client, email="ANA@example.ORG")
    assert answer.url == reverse("account_email_verification_sent")
    assert User.objects.count() == 1
    assert AccountMail.objects.get().subject == "You have an account already"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": ""}, "This field is required."),
        ({"email": "ana"}, "Enter a valid email address."),
        ({"password1": "short"}, "at least 10 characters"),
        ({"password1": "password123"}, "too common"),
        ({"zone": ""}, "This field is required."),
        ({"zone": "Mars/Base"}, "is not a time zone"),
    ],
)
def test_what_is_wrong_is_said_by_the_field_and_the_rest_is_kept(client: Client, changes: dict, said: str) -> None:
    page = sign_up(client, **changes).content.decode()
    assert "Please look at this again" in page
    assert said in page
    assert User.objects.count() == 0
    if "name" not in changes:
        assert 'value="Ana Lopez"' in page


def test_a_double_submit_makes_one_account(client: Client) -> None:
    sign_up(client)
    sign_up(Client())
    assert User.objects.count() == 1


def test_somebody_who_is_signed_in_is_led_to_today(client: Client) -> None:
    client.force_login(UserFactory())
    for name in ("account_signup", "account_login"):
        assert client.get(reverse(name)).url == reverse("today")
