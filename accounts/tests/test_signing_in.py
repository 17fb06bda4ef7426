"""In, out, and back in after the password was forgotten."""

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accounts.models import AccountMail
from accounts.tests.factories import PASSWORD, UserFactory
from accounts.tests.test_signing_up import link_in

pytestmark = pytest.mark.django_db

LOGIN = "/accounts/login/"


@pytest.fixture(autouse=True)
def nobody_tried_before() -> None:
    cache.clear()


def sign_in(client: Client, email: str, password: str = PASSWORD, **more: str):
    return client.post(LOGIN, {"login": email, "password": password, **more})


def test_the_address_is_compared_without_case(client: Client) -> None:
    UserFactory(email="ana@example.org")
    assert sign_in(client, "Ana@EXAMPLE.org").url == reverse("today")


def test_a_wrong_password_is_said_without_blame_and_does_not_tell_who_has_an_account(client: Client) -> None:
    UserFactory(email="ana@example.org")
    said = "E-mail and password do not belong together. Check both, or reset the password."
    for email in ("ana@example.org", "nobody@example.org"):
        answer = sign_in(client, email, "not the password")
        assert said in answer.content.decode()
        assert "_auth_user_id" not in client.session


def test_after_five_wrong_passwords_it_asks_to_wait(client: Client) -> None:
    UserFactory(email="ana@example.org")
    for _ in range(5):
        sign_in(client, "ana@example.org", "not the password")
    assert "Too many tries. Wait five minutes" in sign_in(client, "ana@example.org").content.decode()


def test_signing_in_leads_back_to_the_page_that_asked_for_it(client: Client) -> None:
    UserFactory(email="ana@example.org")
    answer = client.get("/me/")
    assert answer.url == f"{LOGIN}?next=/me/"
    assert 'name="next" value="/me/"' in client.get(answer.url).content.decode()
    assert sign_in(client, "ana@example.org", next="/me/").url == "/me/"


def test_an_address_that_was_never_confirmed_gets_the_mail_again_instead_of_a_way_in(client: Client) -> None:
    UserFactory(email="ana@example.org", address__verified=False)
    answer = sign_in(client, "ana@example.org")
    assert answer.url == reverse("account_email_verification_sent")
    assert "_auth_user_id" not in client.session
    assert AccountMail.objects.get().to == "ana@example.org"


def test_somebody_who_was_switched_off_does_not_get_in(client: Client) -> None:
    UserFactory(email="ana@example.org", is_active=False)
    sign_in(client, "ana@example.org")
    assert "_auth_user_id" not in client.session


def test_signing_out_takes_a_press_of_a_button(client: Client) -> None:
    client.force_login(UserFactory())
    assert "Sign out?" in client.get("/accounts/logout/").content.decode()
    assert "_auth_user_id" in client.session
    assert client.post("/accounts/logout/").url == reverse("front")
    assert "_auth_user_id" not in client.session


def test_a_forgotten_password_is_replaced_through_the_mail(client: Client) -> None:
    UserFactory(email="ana@example.org")
    answer = client.post("/accounts/password/reset/", {"email": "ANA@example.org"})
    assert "Look into your inbox" in client.get(answer.url).content.decode()

    link = link_in(AccountMail.objects.get(subject="Choose a new password"))
    form = client.get(link, follow=True)
    assert "Choose a new password" in form.content.decode()
    client.post(form.request["PATH_INFO"], {"password1": "another good password"})
    assert AccountMail.objects.filter(subject="Your password was reset").exists()
    assert sign_in(Client(), "ana@example.org", "another good password").url == reverse("today")

    page = client.get(link, follow=True).content.decode()
    assert "This link does not work any more" in page


def test_a_reset_for_an_unknown_address_looks_the_same_and_the_mail_explains(client: Client) -> None:
    answer = client.post("/accounts/password/reset/", {"email": "nobody@example.org"})
    assert "Look into your inbox" in client.get(answer.url).content.decode()
    mail = AccountMail.objects.get()
    assert (mail.to, mail.subject) == ("nobody@example.org", "There is no account for this address")


def test_too_many_requests_get_a_page_of_ours(client: Client) -> None:
    for _ in range(31):
        answer = client.get(LOGIN) if _ == 0 else sign_in(client, f"nobody{_}@example.org")
    answer = sign_in(client, "nobody@example.org")
    assert answer.status_code == 429
    assert "That was too often" in answer.content.decode()
