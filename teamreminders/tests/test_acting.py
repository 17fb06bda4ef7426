"""Who acts, as PostgreSQL hears it."""

from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.tests.factories import UserFactory
from teamreminders.acting import PARAMETER, Channel, acting
from teams.models import Change, Membership, Team
from teams.tests.factories import MembershipFactory, TeamFactory

pytestmark = pytest.mark.django_db


def said() -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT current_setting('{PARAMETER}', true)")
        return cursor.fetchone()[0] or ""


def test_what_a_statement_returns_is_what_it_returned_without() -> None:
    with acting(Channel.COMMAND):
        team = Team.objects.create(name="Ops")
        assert Team.objects.filter(pk=team.pk).update(name="Night") == 1
        assert Team.objects.filter(name="Nobody").update(name="Day") == 0
        members = Membership.objects.bulk_create(Membership(team=team, user=UserFactory()) for _n in range(3))
        assert [each.pk for each in members] == sorted(team.memberships.values_list("pk", flat=True))
        assert team.memberships.all().delete()[0] == 3


def test_it_holds_after_a_savepoint_was_rolled_back() -> None:
    with acting(Channel.PAGE, 7):
        team = TeamFactory()
        with transaction.atomic():
            Team.objects.filter(pk=team.pk).update(name="x")
            transaction.set_rollback(True)
        Team.objects.filter(pk=team.pk).update(name="y")
    assert list(Change.objects.values_list("action", "who_id", "channel")) == [
        ("added", 7, "page"),
        ("changed", 7, "page"),
    ]
    assert Change.objects.values("act").distinct().count() == 1


def test_an_act_within_another_is_its_own() -> None:
    with acting(Channel.PAGE, 7):
        with acting(Channel.COMMAND):
            TeamFactory()
        TeamFactory()
    assert list(Change.objects.order_by("pk").values_list("who_id", "channel")) == [(None, "command"), (7, "page")]


@pytest.mark.django_db(transaction=True)
def test_it_ends_with_the_transaction() -> None:
    with acting(Channel.PAGE, 7):
        TeamFactory()  # without a transaction of its own
        assert said() == ""
        with transaction.atomic():
            TeamFactory()
            assert " 7 page" in said()
    assert said() == ""
    assert set(Change.objects.values_list("who_id", flat=True)) == {7}


def test_an_act_costs_no_round_trip_and_looking_says_nothing(django_assert_num_queries: Any) -> None:
    team = TeamFactory()
    with acting(Channel.PAGE, 7), CaptureQueriesContext(connection) as queries:
        Team.objects.filter(pk=team.pk).update(name="x")
        assert Team.objects.get(pk=team.pk).name == "x"
    assert [PARAMETER in query["sql"] for query in queries] == [True, False]


def test_who_only_looks_does_not_act() -> None:
    client = Client()
    client.force_login(MembershipFactory().user)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(reverse("today")).status_code == 200
    assert [query["sql"] for query in queries if PARAMETER in query["sql"]] == []


def test_a_statement_that_is_refused_is_refused_with_its_words() -> None:
    with (
        acting(Channel.PAGE, 7),
        pytest.raises(Exception, match="one_membership_per_team_and_person"),
        transaction.atomic(),
    ):
        first = MembershipFactory()
        MembershipFactory(team=first.team, user=first.user)
