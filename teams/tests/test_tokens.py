"""The pages on which a person makes, sees and revokes access tokens."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import AccessToken, AccountMail, Scope, User
from accounts.models.token import AT_MOST
from accounts.tests.factories import PASSWORD, UserFactory
from reminders.goodbye import delete_account
from teamreminders.testing.texts import NOT_ONE_LINE
from teams.models import Team

from .factories import MembershipFactory, TeamFactory

pytestmark = pytest.mark.django_db

ALL, NEW = "/me/tokens/", "/me/tokens/new/"


@pytest.fixture
def ada() -> User:
    return UserFactory(name="Ada", email="ada@example.org", zone="Europe/Berlin")


@pytest.fixture
def team(ada: User) -> Team:
    return TeamFactory(name="Operations", owner=ada)


@pytest.fixture
def client(ada: User) -> Client:
    return signed_in(ada)


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return client


def form(**fields: Any) -> dict[str, Any]:
    return {"token": uuid4(), "name": "backup script", "scope": "read", "where": "all", "lasts": "90", **fields}


def made(client: Client, **fields: Any) -> tuple[AccessToken, str]:
    answer = client.post(NEW, form(**fields))
    assert answer.status_code == 200, answer.content.decode()
    return AccessToken.objects.latest("pk"), re.findall(r"tr_[\w-]{43}", answer.content.decode())[0]


def refused(client: Client, words: str, **fields: Any) -> None:
    before = AccessToken.objects.count()
    answer = client.post(NEW, form(**fields))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert AccessToken.objects.count() == before


def api(secret: str, path: str = "me", method: str = "get", **options: Any) -> Any:
    headers = {"Authorization": f"Bearer {secret}"}
    return getattr(Client(), method)(f"/api/v1/{path}", headers=headers, **options)


@pytest.mark.usefixtures("redis")
def test_a_token_made_on_the_page_works_until_it_is_revoked(client: Client, ada: User, team: Team) -> None:
    token, secret = made(client)
    assert api(secret).json()["email"] == "ada@example.org"
    assert api(secret, method="patch", data={"name": "Eve"}, content_type="application/json").status_code == 403
    page = client.get(ALL).content.decode()
    assert "backup script" in page and f"…{secret[-4:]}" in page and "last used" in page
    revoke = f"/me/tokens/{token.uuid}/revoke/"
    assert "Revoke “backup script”?" in client.get(revoke).content.decode()
    assert api(secret).status_code == 200  # looking at the question ends nothing
    assert "is revoked." in client.post(revoke, follow=True).content.decode()
    assert api(secret).status_code == 401
    assert "was revoked already" in client.post(revoke, follow=True).content.decode()


def test_the_secret_is_shown_once_and_kept_nowhere(client: Client, team: Team, caplog: Any) -> None:
    caplog.set_level(0)
    sent = form()
    answer = client.post(NEW, sent)
    secret = re.findall(r"tr_[\w-]{43}", answer.content.decode())[0]
    assert "no-store" in answer["Cache-Control"]
    again = client.post(NEW, sent, follow=True)  # a reload
    assert again.redirect_chain == [(ALL, 302)]
    assert "its secret is shown only once" in again.content.decode()
    assert "tr_" not in again.content.decode() + client.get(NEW).content.decode()
    assert secret not in caplog.text and secret not in str(dict(client.session))
    assert secret not in str(AccessToken.objects.values()) + str(AccountMail.objects.values())
    assert AccessToken.objects.count() == 1


@pytest.mark.usefixtures("redis")
def test_a_token_for_some_teams_reaches_those_only(client: Client, ada: User, team: Team) -> None:
    MembershipFactory(user=ada, team__name="Private")
    token, secret = made(client, where="some", teams=[team.uuid], scope="write")
    assert (token.scope, token.all_teams, [*token.teams.all()]) == (Scope.WRITE, False, [team])
    assert "Private" not in api(secret, "teams").content.decode()
    assert "Operations" in api(secret, "teams").content.decode()
    team.memberships.all().delete()
    page = client.get(ALL).content.decode()
    assert "no team any more" in page and "Operations" not in page


def test_teams_that_were_ticked_and_then_not_meant_do_not_narrow(client: Client, team: Team) -> None:
    token, _secret = made(client, where="all", teams=[team.uuid])
    assert token.all_teams and not token.teams.exists()


def test_a_strangers_team_cannot_be_chosen(client: Client, team: Team) -> None:
    other = TeamFactory(name="Theirs")
    refused(client, "Select a valid choice", where="some", teams=[other.uuid])
    refused(client, "is not a valid", where="some", teams=["x"])
    refused(client, "Choose at least one team.", where="some")


def test_who_has_no_team_is_not_asked_for_one(client: Client) -> None:
    assert 'name="where"' not in client.get(NEW).content.decode()
    assert made(client)[0].all_teams


@pytest.mark.parametrize(("lasts", "days"), [("30", 30), ("90", 90), ("365", 365)])
def test_it_lasts_as_chosen(client: Client, lasts: str, days: int) -> None:
    expires_at = made(client, lasts=lasts)[0].expires_at
    assert expires_at
    assert abs(expires_at - timezone.now() - timedelta(days=days)) < timedelta(minutes=1)


def test_ninety_days_are_chosen_and_for_ever_is_warned_of(client: Client) -> None:
    page = client.get(NEW).content.decode()
    assert re.search(r'name="lasts" value="90"[^>]*checked', page)
    assert "Whoever finds it may use it until somebody notices." in page
    assert made(client, lasts="never")[0].expires_at is None
    assert "without end" in client.get(ALL).content.decode()


def test_a_date_holds_to_its_end_where_the_person_lives(client: Client, time_machine: Any) -> None:
    time_machine.move_to(datetime(2026, 11, 27, 12, tzinfo=UTC), tick=False)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    token, _secret = made(client, lasts="date", until="2026-11-27")
    assert token.expires_at == datetime(2026, 11, 27, 22, 59, 59, tzinfo=UTC)
    refused(client, "That day is over.", lasts="date", until="2026-11-26")
    refused(client, "Ten years ahead at most.", lasts="date", until="9999-12-31")
    refused(client, "Which day?", lasts="date")
    refused(client, "Enter a valid date.", lasts="date", until="tomorrow")


@pytest.mark.parametrize("name", ["", " ", "x" * 81, *NOT_ONE_LINE])
def test_a_name_is_one_line(client: Client, name: str) -> None:
    assert client.post(NEW, form(name=name)).status_code == 422
    assert not AccessToken.objects.exists()


@pytest.mark.parametrize("field", ["token", "scope", "lasts", "where"])
def test_what_no_form_offers_is_refused_and_nothing_typed_is_lost(client: Client, team: Team, field: str) -> None:
    refused(client, 'value="backup script"', **{field: "nonsense"})


def test_there_are_so_many_and_no_more(client: Client, ada: User) -> None:
    tokens = [AccessToken.objects.make(ada, name=f"script {n}")[0] for n in range(AT_MOST)]
    AccessToken.objects.make(UserFactory(), name="of somebody else")
    refused(client, "You have 100 tokens. Revoke one first.")
    assert NEW not in client.get(ALL).content.decode()
    tokens[0].end(timezone.now())
    made(client)


def test_a_stranger_neither_sees_nor_revokes_it(ada: User, team: Team) -> None:
    token, _secret = AccessToken.objects.make(ada, name="backup script")
    colleague = signed_in(MembershipFactory(team=team).user)
    assert "backup script" not in colleague.get(ALL).content.decode()
    assert colleague.get(f"/me/tokens/{token.uuid}/revoke/").status_code == 404
    assert colleague.post(f"/me/tokens/{token.uuid}/revoke/").status_code == 404
    # Nor does naming one's own filling-in like it overwrite it.
    assert colleague.post(NEW, form(token=token.uuid)).status_code == 302
    token.refresh_from_db()
    assert token.ended_at is None and token.user == ada


def test_making_one_asks_for_the_password_again_after_a_while(ada: User) -> None:
    """The form that waited meanwhile is carried out then."""
    client = Client()
    client.force_login(ada)
    assert client.get(ALL).status_code == 200
    answer = client.post(NEW, form())
    assert answer["Location"].startswith(reverse("account_reauthenticate"))
    assert not AccessToken.objects.exists()
    answer = client.post(answer["Location"], {"password": PASSWORD, "next": NEW})
    assert AccessToken.objects.get().name == "backup script"
    assert re.search(r"tr_[\w-]{43}", answer.content.decode())
    assert "no-store" in answer["Cache-Control"]


def test_its_person_is_told_by_mail(client: Client) -> None:
    _token, secret = made(client)
    mail = AccountMail.objects.get()
    assert (mail.to, mail.subject) == ("ada@example.org", "An access token was made")
    assert f"“backup script”, which ends in {secret[-4:]}," in mail.text
    assert "/me/tokens/" in mail.text and secret not in mail.text + mail.html


def test_the_list_says_what_there_is(client: Client, ada: User) -> None:
    page = client.get(ALL).content.decode()
    assert "None yet." in page and "/api/v1/docs/" in page
    now = timezone.now()
    AccessToken.objects.make(ada, name="old one", expires_at=now - timedelta(days=1))
    ended, _secret = AccessToken.objects.make(ada, name="ended one")
    ended.end(now)
    page = client.get(ALL).content.decode()
    assert "old one" in page and "expired" in page and "never used" in page
    assert "ended one" not in page
    assert ALL in client.get("/me/").content.decode()


def test_a_list_takes_the_same_number_of_queries_however_many(
    client: Client, ada: User, team: Team, django_assert_num_queries: Any
) -> None:
    def more(count: int) -> None:
        for n in range(count):
            team.access_tokens.add(AccessToken.objects.make(ada, name=f"script {n}", all_teams=False)[0])

    more(1)
    with CaptureQueriesContext(connection) as few:
        client.get(ALL)
    more(20)
    with django_assert_num_queries(len(few)):
        client.get(ALL)


@pytest.mark.usefixtures("redis")
def test_tokens_end_with_the_account(client: Client, ada: User) -> None:
    _token, secret = made(client)
    delete_account(ada)
    assert api(secret).status_code == 401
    assert not AccessToken.objects.exists()
