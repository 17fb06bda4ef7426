"""Two real connections at once: a refresh token that somebody copied."""

import pytest

from reminders.tests.connections import connections

from .factories import UserFactory
from .test_api import problem
from .test_api_signing import me, post, signed_in

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("redis")]


def test_a_refresh_token_used_twice_at_the_same_moment_is_refused_and_ends_its_session() -> None:
    UserFactory(email="ada@example.org")
    for _try in range(5):
        token = {"refresh_token": signed_in("ada@example.org")["refresh_token"]}
        with connections() as one, connections() as other:
            waiting = [start(lambda token=token: post("refresh", token)) for start in (one, other)]
            answers = sorted((each.result(30) for each in waiting), key=lambda answer: answer.status_code)
        assert [answer.status_code for answer in answers] == [200, 401]
        problem(me(answers[0].json()["access_token"]), 401)
