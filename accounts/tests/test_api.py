"""The API of people, and what holds of every operation."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from limits import RateLimitItemPerMinute
from redis.exceptions import ConnectionError as Away

from accounts.models import AccessToken, Scope, User

from .factories import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("redis")]

ME = "/api/v1/me"


@pytest.fixture
def ada() -> User:
    return UserFactory(name="Ada", email="ada@example.org", zone="Europe/Berlin")


def bearer(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


def token_of(person: User, scope: Scope = Scope.WRITE, **fields: Any) -> tuple[AccessToken, dict[str, str]]:
    token, secret = AccessToken.objects.make(person, name="script", scope=scope, **fields)
    return token, bearer(secret)


def problem(answer: Any, status: int) -> dict[str, Any]:
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    said = answer.json()
    assert said["status"] == status
    return said


def test_a_token_says_who_it_is_of(ada: User) -> None:
    answer = Client().get(ME, headers=token_of(ada)[1])
    assert answer.json() == {
        "id": str(ada.uuid), "email": "ada@example.org", "name": "Ada", "zone": "Europe/Berlin", "language": "",
    }  # fmt: skip
    assert answer["RateLimit"].startswith('"minute";r=599;')
    assert answer["Cache-Control"] == "no-store"


def test_a_session_says_it_too_and_needs_a_csrf_token_for_changes(ada: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(ada)
    assert client.get(ME).json()["name"] == "Ada"
    problem(client.patch(ME, {"name": "Eve"}, "application/json"), 403)
    client.get("/me/")
    csrf = {"X-CSRFToken": client.cookies["csrftoken"].value}
    assert client.patch(ME, {"name": "Eve"}, "application/json", headers=csrf).json()["name"] == "Eve"


@pytest.mark.parametrize("headers", [{}, bearer("tr_nonsense"), bearer("x.y.z"), {"Authorization": "Basic YTpi"}])
def test_nobody_is_told_nothing(headers: dict[str, str]) -> None:
    answer = Client().get(ME, headers=headers)
    problem(answer, 401)
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_a_token_ends_at_once_also_with_its_person_and_its_day(ada: User) -> None:
    now = timezone.now()
    ended, headers = token_of(ada)
    assert ended.end(now)
    assert not ended.end(now)
    problem(Client().get(ME, headers=headers), 401)
    problem(Client().get(ME, headers=token_of(ada, expires_at=now - timedelta(seconds=1))[1]), 401)
    _alive, headers = token_of(ada, expires_at=now + timedelta(hours=1))
    assert Client().get(ME, headers=headers).status_code == 200
    User.objects.update(is_active=False)
    problem(Client().get(ME, headers=headers), 401)


def test_of_a_token_only_the_hash_is_kept(ada: User) -> None:
    token, headers = token_of(ada)
    with connection.cursor() as cursor:
        cursor.execute("SELECT accounts_accesstoken::text FROM accounts_accesstoken")
        (row,) = cursor.fetchone()
    assert headers["Authorization"].removeprefix("Bearer ") not in row
    assert token.hint == headers["Authorization"][-4:]


def test_the_last_use_is_noted_once_a_minute(ada: User) -> None:
    token, headers = token_of(ada)
    Client().get(ME, headers=headers)
    token.refresh_from_db()
    first = token.last_used_at
    assert first
    Client().get(ME, headers=headers)
    token.refresh_from_db()
    assert token.last_used_at == first


def test_a_token_for_reading_changes_nothing(ada: User) -> None:
    headers = token_of(ada, Scope.READ)[1]
    said = problem(Client().patch(ME, {"name": "Eve"}, "application/json", headers=headers), 403)
    assert said["detail"] == "This token may only read."
    ada.refresh_from_db()
    assert ada.name == "Ada"


def test_name_and_zone_change_and_what_is_left_out_stays(ada: User) -> None:
    headers = token_of(ada)[1]
    answer = Client().patch(ME, {"zone": "Asia/Tokyo"}, "application/json", headers=headers)
    assert (answer.json()["name"], answer.json()["zone"]) == ("Ada", "Asia/Tokyo")


@pytest.mark.parametrize(
    ("sent", "pointer"),
    [
        ({"zone": "Mars/Olympus"}, "/zone"),
        ({"name": ""}, "/name"),
        ({"name": "x" * 81}, "/name"),
        ({"name": 7}, "/name"),
        ({"nickname": "A"}, "/nickname"),
        ([], ""),
    ],
)
def test_what_is_wrong_is_said_with_its_place(ada: User, sent: Any, pointer: str) -> None:
    said = problem(Client().patch(ME, sent, "application/json", headers=token_of(ada)[1]), 422)
    assert [(each["source"], each["pointer"]) for each in said["errors"]] == [("body", pointer)]


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"\xff", b'{"name": "a\\u0000b"}', b'{"name": "\\ud800"}', b"[" * 100_000, b'{"name": NaN}',
        b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
    ],
)  # fmt: skip
def test_what_is_no_json_is_refused(ada: User, body: bytes) -> None:
    answer = Client().generic("PATCH", ME, body, "application/json", headers=token_of(ada)[1])
    assert answer.status_code in {400, 422}
    problem(answer, answer.status_code)
    ada.refresh_from_db()
    assert ada.name == "Ada"


def test_a_body_that_is_too_large_is_refused(ada: User) -> None:
    body = json.dumps({"name": "x" * 10_000_000})
    problem(Client().patch(ME, body, "application/json", headers=token_of(ada)[1]), 413)


def test_other_ways_and_places_are_problems_too(ada: User) -> None:
    headers = token_of(ada)[1]
    answer = Client().put(ME, {}, "application/json", headers=headers)
    problem(answer, 405)
    assert set(answer["Allow"].split(", ")) >= {"GET", "PATCH"}
    problem(Client().get("/api/v1/nowhere", headers=headers), 404)
    problem(Client().get("/api/v1/me?x=%00", headers=headers), 400)


def test_too_many_requests_have_to_wait(ada: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("teamreminders.quota.A_MINUTE", RateLimitItemPerMinute(2, namespace="test"))
    headers = token_of(ada)[1]
    for left in (1, 0):
        assert f"r={left};" in Client().get(ME, headers=headers)["RateLimit"]
    answer = Client().get(ME, headers=headers)
    problem(answer, 429)
    assert 0 < int(answer["Retry-After"]) <= 60
    assert Client().get(ME, headers=token_of(UserFactory())[1]).status_code == 200


def test_without_redis_nobody_is_limited(ada: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*args: Any) -> None:
        raise Away

    monkeypatch.setattr("limits.strategies.FixedWindowRateLimiter.hit", away)
    answer = Client().get(ME, headers=token_of(ada)[1])
    assert answer.status_code == 200
    assert "RateLimit" not in answer


@pytest.mark.parametrize("name", ["Bob\nBcc: victim@example.com", "Bob\u202e", "Bob\x07", ""])
def test_a_name_is_one_line_as_on_the_page(name: str) -> None:
    person = UserFactory(name="Bob")
    answer = Client().patch("/api/v1/me", {"name": name}, "application/json", headers=token_of(person)[1])
    assert problem(answer, 422)["errors"][0]["pointer"] == "/name"
    person.refresh_from_db()
    assert person.name == "Bob"


def test_a_token_for_some_teams_does_not_change_its_person() -> None:
    _token, headers = token_of(UserFactory(name="Bob"), all_teams=False)
    problem(Client().patch("/api/v1/me", {"name": "Rob"}, "application/json", headers=headers), 403)
