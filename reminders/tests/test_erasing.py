"""After an account was deleted nothing in the database says whose it was."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.jobs import send_account_mail
from accounts.models import AccessToken, AccountMail, User
from accounts.tests.factories import PASSWORD, UserFactory
from reminders.goodbye import delete_account, forget_outside
from reminders.models import Delivery
from teams.models import Invitation, JoinRequest, OutsideAddress, Role
from teams.tests.factories import InvitationFactory, MembershipFactory, OutsideAddressFactory, TeamFactory

from .factories import DeliveryFactory, OccurrenceFactory, ReminderFactory

pytestmark = pytest.mark.django_db

NAME, ADDRESS, FORMER = "Zebulon Quagmire", "zebulon+ops@example.org", "z.quagmire@former.example"
SPELT = "Zebulon+Ops@Example.ORG"
TEXTS = {"text", "character varying", "character", "json", "jsonb", "ARRAY", "USER-DEFINED", "name"}


def found(*words: str) -> list[str]:
    """Every table and column that holds one of these, however it is spelt."""
    values: list[str] = []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns JOIN information_schema.tables"
            " USING (table_schema, table_name) WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
            " AND data_type = ANY(%s) ORDER BY 1, 2",
            [sorted(TEXTS)],
        )
        columns = cursor.fetchall()
        assert ("accounts_user", "email") in columns and ("teams_change", "changes") in columns
        for table, column in columns:
            holds = " OR ".join([f'position(%s IN lower("{column}"::text)) > 0'] * len(words))
            cursor.execute(f'SELECT "{column}"::text FROM "{table}" WHERE {holds}', [word.lower() for word in words])
            values += [f"{table}.{column}: {value}" for (value,) in cursor.fetchall()]
    return values


@pytest.fixture
def zeb() -> User:
    """Somebody who has left traces wherever one can."""
    zeb = UserFactory(name=NAME, email=ADDRESS)
    team = TeamFactory(name="Ops")
    MembershipFactory(team=team, role=Role.OWNER)
    MembershipFactory(team=team, user=zeb, role=Role.OWNER)
    occurrence = OccurrenceFactory(reminder=ReminderFactory(team=team, author=zeb))
    refused = f"550 <{SPELT}> unknown, was {FORMER.upper()}"
    DeliveryFactory(occurrence=occurrence, user=zeb, address=ADDRESS, sent=True, reply=f"250 {SPELT} ok", error=refused)
    DeliveryFactory(occurrence=occurrence, user=zeb, address=FORMER, step="advance-1d", failed=True, error=refused)
    DeliveryFactory(occurrence=occurrence, user=zeb, address=ADDRESS, step="advance-1h")
    now = timezone.now()
    ended: list[dict[str, Any]] = [{"accepted_at": now}, {"withdrawn_at": now}, {"expires_at": now - timedelta(days=9)}]
    for fields in [*ended, {}]:
        InvitationFactory(email=ADDRESS, **fields)
    InvitationFactory(email=FORMER, accepted_at=now)
    OutsideAddressFactory(team=TeamFactory(), email=ADDRESS)
    JoinRequest.objects.create(team=TeamFactory(), user=zeb, asked_at=now)
    team.access_tokens.add(AccessToken.objects.make(zeb, name=f"script of {NAME}", all_teams=False)[0])
    for state in AccountMail.State:
        waits = now if state in {"queued", "sending"} else None
        words = {} if state == "sent" else {"text": f"Hello {NAME}", "html": f"Hello {NAME}"}
        AccountMail.objects.create(
            to=SPELT, subject=f"For {NAME}", state=state, next_try_at=waits, error=refused, reply=refused, **words
        )
    AccountMail.objects.create(to=FORMER, subject="Confirm", state="sent")
    kind = ContentType.objects.get_for_model(User)
    LogEntry.objects.create(
        user=UserFactory(superuser=True), content_type=kind, object_id=str(zeb.pk), object_repr=NAME, action_flag=CHANGE
    )
    return zeb


def test_nothing_says_whose_it_was(zeb: User, smtp: Any) -> None:
    assert len(found(ADDRESS, FORMER, NAME)) > 20
    client = Client()
    client.post(reverse("account_login"), {"login": ADDRESS, "password": PASSWORD})
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    assert client.post("/me/delete/", {"email": ADDRESS}).status_code == 302
    notice = AccountMail.objects.get(state="queued")
    assert found(ADDRESS, FORMER, NAME) == [
        f"accounts_accountmail.html: {notice.html}",
        f"accounts_accountmail.text: {notice.text}",
        f"accounts_accountmail.to: {ADDRESS}",
    ]
    send_account_mail([notice.pk])
    assert [caught.message["Subject"] for caught in smtp.to(ADDRESS)] == ["Your account is deleted"]
    assert found(ADDRESS, FORMER, NAME) == []


def test_what_teams_need_to_prove_stays(zeb: User) -> None:
    delete_account(zeb)
    assert sorted(Delivery.objects.values_list("state", "reply", "error")) == [
        ("failed", "", "550 <…> unknown, was …"),
        ("queued", "", ""),
        ("sent", "250 … ok", "550 <…> unknown, was …"),
    ]


def test_what_waited_for_the_account_is_given_up(zeb: User, smtp: Any) -> None:
    delete_account(zeb)
    assert set(AccountMail.objects.values_list("state", flat=True)) == {"sent", "bounced", "suppressed"}
    send_account_mail(list(AccountMail.objects.values_list("pk", flat=True)))
    assert not smtp.to(ADDRESS) and not smtp.to(FORMER)


def test_what_was_given_up_before_is_not_taken_up_again_without_an_address(zeb: User) -> None:
    """What an offer that ended and is made again would do."""
    AccountMail.objects.create(to=ADDRESS, subject="Offer", text="words", about="offer:1", next_try_at=timezone.now())
    AccountMail.objects.give_up("offer:1")
    delete_account(zeb)
    assert AccountMail.objects.take_up("offer:1", timezone.now()) == 0


def test_others_keep_theirs(zeb: User) -> None:
    """Also who has got an address since that the person had before; and dots and plusses are no wildcards."""
    heir = UserFactory(email=FORMER)
    InvitationFactory(email="zebulonnops@example.org")
    OutsideAddressFactory(team=TeamFactory(), email=FORMER)
    mail = AccountMail.objects.create(to=FORMER, subject="Confirm", text="words", next_try_at=timezone.now())
    delivery = DeliveryFactory(user=heir, address=FORMER, sent=True, reply=f"250 {FORMER}")
    DeliveryFactory(user=zeb, address=ADDRESS, sent=True, reply="250 zebulonnops@example.org, zebulon+ops@exampleXorg")
    delete_account(zeb)
    mail.refresh_from_db()
    delivery.refresh_from_db()
    assert (mail.to, mail.state, mail.text) == (FORMER, "queued", "words")
    assert (delivery.address, delivery.reply) == (FORMER, f"250 {FORMER}")
    assert {*Invitation.objects.values_list("email", flat=True)} == {FORMER, "zebulonnops@example.org"}
    assert OutsideAddress.objects.filter(email=FORMER, state="agreed").exists()
    assert Delivery.objects.filter(reply="250 zebulonnops@example.org, zebulon+ops@exampleXorg").exists()


def test_an_address_that_was_never_confirmed_ends_nothing_of_whose_it_is(zeb: User) -> None:
    zeb.emailaddress_set.create(email="victim@example.org", verified=False, primary=False)
    InvitationFactory(email="victim@example.org")
    OutsideAddressFactory(team=TeamFactory(), email="victim@example.org")
    delete_account(zeb)
    assert Invitation.objects.get().email == OutsideAddress.objects.exclude(state="erased").get().email


def test_an_outside_address_is_erased_however_it_is_spelt(smtp: Any) -> None:
    address = OutsideAddressFactory(team=TeamFactory(), email=ADDRESS)
    occurrence = OccurrenceFactory(reminder=ReminderFactory(team=address.team))
    named = {"user": None, "outside": address, "recipient_key": f"mail:{address.uuid}", "address": ADDRESS}
    DeliveryFactory(occurrence=occurrence, sent=True, reply=f"250 <{SPELT}> ok", **named)
    question = AccountMail.objects.create(to=ADDRESS, subject="Do you?", text="words", next_try_at=timezone.now())
    forget_outside(address)
    assert found(ADDRESS) == []
    assert Delivery.objects.get().reply == "250 <…> ok"
    send_account_mail([question.pk])
    assert not smtp.to(ADDRESS)


def test_who_has_an_account_keeps_its_mail_where_a_team_erases_the_address(zeb: User) -> None:
    forget_outside(OutsideAddress.objects.get(email=ADDRESS))
    assert AccountMail.objects.filter(to=SPELT, state="queued").exists()
