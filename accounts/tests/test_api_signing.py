"""Programs sign up, in and out."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.hashers import get_hasher
from django.test import Client
from django.utils import timezone

from accounts.models import AccountMail, User

from .factories import PASSWORD, UserFactory
from .test_api import bearer, problem

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("redis")]

NEW = {"email": "new@example.org", "password": "three green words", "name": "New", "zone": "Europe/Berlin"}


def post(path: str, body: Any = None, headers: dict[str, str] | None = None) -> Any:
    return Client().post(f"/api/v1/auth/{path}", body or {}, "application/json", headers=headers or {})


def signed_in(email: str, password: str = PASSWORD) -> dict[str, str]:
    return post("login", {"email": email, "password": password}).json()


def me(access_token: str) -> Any:
    return Client().get("/api/v1/me", headers=bearer(access_token))


@pytest.fixture
def ada() -> User:
    return UserFactory(name="Ada", email="ada@example.org")


def key_in_the_mail() -> str:
    found = re.search(r"/confirm-email/([^/\s]+)/", AccountMail.objects.latest("pk").text)
    assert found
    return found[1]


def test_a_program_signs_up_confirms_and_signs_in() -> None:
    assert post("signup", NEW).status_code == 202
    refused = problem(post("login", {"email": NEW["email"], "password": NEW["password"]}), 403)
    assert "Confirm the e-mail address first" in refused["detail"]
    assert post("verify-email", {"key": key_in_the_mail()}).status_code == 204
    tokens = signed_in(NEW["email"], NEW["password"])
    assert (tokens["token_type"], tokens["expires_in"]) == ("Bearer", 600)
    assert me(tokens["access_token"]).json()["zone"] == "Europe/Berlin"
    assert User.objects.get().password.startswith("argon2")


def test_signing_up_says_nothing_of_whether_an_address_has_an_account(ada: User) -> None:
    answers = [post("signup", NEW | {"email": email}) for email in ("ada@example.org", "new@example.org")]
    assert [answer.status_code for answer in answers] == [202, 202]
    assert answers[0].content == answers[1].content == b""
    assert User.objects.filter(email="ada@example.org").count() == 1


@pytest.mark.parametrize(
    ("change", "pointer"),
    [({"email": "no"}, "/email"), ({"password": "short"}, "/password"), ({"zone": "Mars"}, "/zone"), ({"x": 1}, "/x")],
)
def test_signing_up_with_something_wrong_says_where(change: dict[str, Any], pointer: str) -> None:
    said = problem(post("signup", NEW | change), 422)
    assert [each["pointer"] for each in said["errors"]] == [pointer]
    assert not User.objects.exists()


def test_signing_up_hashes_once_whether_the_address_has_an_account_or_not(
    ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    hasher, hashed = type(get_hasher()), list[str]()
    encode = hasher.encode

    def counted(self: Any, password: str, *args: Any, **options: Any) -> str:
        hashed.append(password)
        return encode(self, password, *args, **options)

    monkeypatch.setattr(hasher, "encode", counted)
    for email in ("ada@example.org", "new@example.org"):
        assert post("signup", NEW | {"email": email}).status_code == 202
        assert hashed == [NEW["password"]], email
        hashed.clear()


def test_a_password_that_is_nearly_the_address_is_refused_as_on_the_page() -> None:
    said = problem(post("signup", NEW | {"password": NEW["email"]}), 422)
    assert [each["pointer"] for each in said["errors"]] == ["/password"]
    assert "too similar" in said["errors"][0]["detail"]
    assert not User.objects.exists()


@pytest.mark.parametrize("email", ["ada@example.org", "nobody@example.org"])
def test_a_wrong_password_and_an_unknown_address_are_told_the_same(ada: User, email: str) -> None:
    said = problem(post("login", {"email": email, "password": "not the password"}), 401)
    assert said["detail"].startswith("E-mail and password do not belong together.")


def test_after_signing_out_both_tokens_are_refused_at_once(ada: User) -> None:
    tokens = signed_in("ada@example.org")
    other = signed_in("ada@example.org")
    assert me(tokens["access_token"]).status_code == 200
    assert post("logout", headers=bearer(tokens["access_token"])).status_code == 204
    problem(me(tokens["access_token"]), 401)
    problem(post("refresh", {"refresh_token": tokens["refresh_token"]}), 401)
    assert me(other["access_token"]).status_code == 200


def test_a_refresh_token_gives_two_fresh_ones(ada: User) -> None:
    tokens = signed_in("ada@example.org")
    fresh = post("refresh", {"refresh_token": tokens["refresh_token"]}).json()
    assert fresh["refresh_token"] != tokens["refresh_token"]
    assert me(fresh["access_token"]).status_code == 200


def test_a_refresh_token_used_twice_is_refused_and_ends_its_session(ada: User) -> None:
    tokens = signed_in("ada@example.org")
    fresh = post("refresh", {"refresh_token": tokens["refresh_token"]}).json()
    problem(post("refresh", {"refresh_token": tokens["refresh_token"]}), 401)
    problem(me(fresh["access_token"]), 401)
    problem(post("refresh", {"refresh_token": fresh["refresh_token"]}), 401)


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "é" * 10])
def test_what_is_no_refresh_token_is_refused(ada: User, token: str) -> None:
    answer = post("refresh", {"refresh_token": token})
    assert answer.status_code in {401, 422}
    problem(answer, answer.status_code)


def test_an_access_token_refreshes_nothing_and_a_refresh_token_opens_nothing(ada: User) -> None:
    tokens = signed_in("ada@example.org")
    problem(post("refresh", {"refresh_token": tokens["access_token"]}), 401)
    problem(me(tokens["refresh_token"]), 401)


def test_an_account_that_is_switched_off_is_refused_at_once(ada: User) -> None:
    tokens = signed_in("ada@example.org")
    User.objects.update(is_active=False)
    problem(me(tokens["access_token"]), 401)
    assert post("refresh", {"refresh_token": tokens["refresh_token"]}).status_code == 401


def test_a_password_is_set_again_by_the_key_of_a_mail(ada: User) -> None:
    for email in ("ada@example.org", "nobody@example.org"):
        assert post("password/request", {"email": email}).status_code == 202
    text = AccountMail.objects.get(to="ada@example.org").text
    found = re.search(r"/password/reset/key/([^/\s]+)/", text)
    assert found
    assert post("password/reset", {"key": found[1], "password": "three other words"}).status_code == 204
    assert me(signed_in("ada@example.org", "three other words")["access_token"]).status_code == 200
    problem(post("password/reset", {"key": found[1], "password": "once more green"}), 422)


def test_tries_to_sign_in_are_counted(ada: User) -> None:
    """A refusal takes back what a request has changed, but not that it was one."""
    for _try in range(5):
        problem(post("login", {"email": "ada@example.org", "password": "wrong"}), 401)
    answer = post("login", {"email": "ada@example.org", "password": PASSWORD})
    said = problem(answer, 429)
    assert (answer["Retry-After"], said["errors"]) == ("300", [])
    assert said["detail"].startswith("Too many tries.")


@pytest.mark.parametrize(
    ("path", "more", "most", "wait"), [("login", {"password": "wrong"}, 10, 300), ("password/request", {}, 20, 60)]
)
def test_too_many_requests_from_one_place_are_told_to_wait(
    path: str, more: dict[str, str], most: int, wait: int
) -> None:
    for n in range(most):
        assert post(path, {"email": f"{n}@example.org"} | more).status_code in {202, 401}
    answer = post(path, {"email": "one-more@example.org"} | more)
    assert problem(answer, 429)["detail"]
    assert 0 < int(answer["Retry-After"]) <= wait


ASK_RESET = {"email": "Ada@example.org"}


@pytest.mark.parametrize(
    ("path", "action", "per", "body"),
    [
        ("signup", "signup", "ip", NEW),
        ("login", "login", "ip", {"email": "ada@example.org", "password": PASSWORD}),
        ("password/request", "reset_password", "ip", ASK_RESET),
        ("password/request", "reset_password", "key", ASK_RESET),
        ("password/reset", "reset_password_from_key", "ip", {"key": "x-y", "password": "three other words"}),
    ],
)
def test_whoever_asks_too_often_hears_for_how_long_to_wait(
    ada: User, settings: Any, path: str, action: str, per: str, body: dict[str, str]
) -> None:
    settings.ACCOUNT_RATE_LIMITS = {action: f"9/m/ip,1/h/{per}"}
    first = timezone.now()
    with time_machine.travel(first, tick=False):
        assert post(path, body).status_code != 429
    with time_machine.travel(first + timedelta(minutes=10), tick=False):
        refused = post(path, body)
        assert problem(refused, 429)["detail"].startswith("That was too often.")
        assert refused["Retry-After"] == "3000"
    with time_machine.travel(first + timedelta(seconds=3601), tick=False):
        assert post(path, body).status_code != 429
