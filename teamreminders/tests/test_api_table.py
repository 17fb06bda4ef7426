"""Every operation of the API, asked by everybody in every way.

A new one without a line fails; so does one without a scope.

The document itself is held against the OpenAPI specification.
"""

import json
from collections.abc import Callable, Iterator, Set
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from importlib import import_module
from typing import Any
from urllib.parse import urlencode

import pytest
from allauth.headless.tokens.strategies.jwt import internal as jwt
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import transaction
from django.test import Client
from django.utils import timezone
from openapi_spec_validator import OpenAPIV31SpecValidator

from accounts.models import AccessToken, Scope, User
from reminders.tests.factories import ReminderFactory
from teamreminders.api import api
from teams.models import Offer

from .test_permissions import ROLES, SIGNED_IN, TEAM, Scene, bulk_act, scene

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("redis")]
assert scene  # a fixture

EDITORS, MANAGERS, WRITERS = {"author", "admin", "owner"}, {"admin", "owner"}, TEAM - {"viewer"}
NOBODY: Set[str] = frozenset()
WAYS = ("jwt", "write", "read", "session")


@dataclass(frozen=True)
class Row:
    """Who may, and who may know that it exists (403, else 404). `done`: statuses of who may."""

    may: Set[str]
    exists_for: Set[str] = SIGNED_IN
    body: Any = None
    done: Set[int] = frozenset({200, 201, 204})
    arguments: Callable[[Scene], dict[str, Any]] = lambda scene: {}
    query: Callable[[Scene], dict[str, str]] = lambda scene: {}
    only_reads: bool = False  # a POST that changes nothing, so that a token for reading will do


def of_team(scene: Scene) -> dict[str, Any]:
    return {"team_id": scene.team.uuid}


def of_person(scene: Scene) -> dict[str, Any]:
    return of_team(scene) | {"person_id": scene.other.uuid}


def of_invitation(scene: Scene) -> dict[str, Any]:
    return {"invitation_id": scene.invitation.uuid}


def of_request(scene: Scene) -> dict[str, Any]:
    return {"request_id": scene.request.uuid}


def of_outside(scene: Scene) -> dict[str, Any]:
    return {"address_id": scene.outside.uuid}


def of_offer(scene: Scene) -> dict[str, Any]:
    """Which is made here, by the owner to somebody who is none of these."""
    owner, heir = scene.owner.memberships.get(), scene.other.memberships.get()
    assert Offer.objects.make(owner, heir, timezone.now())
    return of_team(scene)


def of_slots(scene: Scene) -> dict[str, Any]:
    """Of a reminder with something at the slot of `SLOT`."""
    reminder = ReminderFactory(team=scene.team, author=scene.author, daily=True, due=LONG_AGO, zone="UTC")
    return {"reminder_id": reminder.uuid}


def of_reminder(scene: Scene) -> dict[str, Any]:
    return {"reminder_id": scene.reminder.uuid}


def of_paused(scene: Scene) -> dict[str, Any]:
    return {"reminder_id": scene.paused.uuid}


def of_deleted(scene: Scene) -> dict[str, Any]:
    return {"reminder_id": scene.deleted.uuid}


def of_label(scene: Scene) -> dict[str, Any]:
    return {"label_id": scene.label.uuid}


def of_bulk_act(scene: Scene) -> dict[str, Any]:
    return of_team(scene) | {"act_id": bulk_act(scene)[0]}


def of_occurrence(scene: Scene) -> dict[str, Any]:
    return {"occurrence_id": scene.occurrence.uuid}


def of_done(scene: Scene) -> dict[str, Any]:
    return {"occurrence_id": scene.done.uuid}


def of_message(scene: Scene) -> dict[str, Any]:
    return {"message_id": scene.delivery.uuid}


ONCE = {"title": "x", "schedule": {"start": "2099-01-05", "times": ["09:00"]}}
LONG_AGO, SLOT = datetime(2026, 1, 1, 9, tzinfo=UTC), {"slot": "2030-01-07T09:00"}
TABLE = {
    "readMe": Row(SIGNED_IN),
    "updateMe": Row(SIGNED_IN, body={"name": "New"}),
    "listTeams": Row(SIGNED_IN),
    "createTeam": Row(SIGNED_IN, body={"name": "New", "zone": "UTC"}),
    "readTeam": Row(TEAM, TEAM, arguments=of_team),
    "updateTeam": Row(MANAGERS, TEAM, {"name": "New"}, arguments=of_team),
    "listPeople": Row(SIGNED_IN),
    "listMembers": Row(TEAM, TEAM, arguments=of_team),
    "changeRole": Row(MANAGERS, TEAM, {"role": "viewer"}, arguments=of_person),
    "removeMember": Row(MANAGERS, TEAM, arguments=of_person),
    "listInvitations": Row(MANAGERS, TEAM, arguments=of_team),
    "invite": Row(MANAGERS, TEAM, {"email": "new@example.org"}, arguments=of_team),
    # Just sent: too soon, for who may.
    "sendInvitationAgain": Row(MANAGERS, TEAM, done={409}, arguments=of_invitation),
    "withdrawInvitation": Row(MANAGERS, TEAM, arguments=of_invitation),
    # For another address than any of these.
    "acceptInvitation": Row(NOBODY, NOBODY, {"token": "of-the-invitation"}),
    "readTeamMail": Row(TEAM, TEAM, arguments=of_team),
    "setTeamMail": Row(TEAM, TEAM, {"wanted": []}, arguments=of_team),
    # Of another domain than all of these.
    "joinByLink": Row(NOBODY, NOBODY, lambda scene: {"token": scene.link.token}, arguments=of_team),
    "readJoinLink": Row(MANAGERS, TEAM, arguments=of_team),
    "setJoinLink": Row(MANAGERS, TEAM, {"role": "viewer"}, arguments=of_team),
    "renewJoinLink": Row(MANAGERS, TEAM, arguments=of_team),
    "endJoinLink": Row(MANAGERS, TEAM, arguments=of_team),
    "listJoinRequests": Row(MANAGERS, TEAM, arguments=of_team),
    "approveRequest": Row(MANAGERS, TEAM, {}, arguments=of_request),
    "declineRequest": Row(MANAGERS, TEAM, arguments=of_request),
    "listOutsideAddresses": Row(TEAM, TEAM, arguments=of_team),
    "askOutsideAddresses": Row(WRITERS, TEAM, {"emails": ["new@example.com"]}, arguments=of_team),
    "removeOutsideAddress": Row(MANAGERS, TEAM, arguments=of_outside),
    "readOffer": Row(TEAM, TEAM, arguments=of_offer),
    "offerTeam": Row({"owner"}, TEAM, lambda scene: {"person": str(scene.other.uuid)}, arguments=of_team),
    # There is none for anybody but the two of it: teams/tests/test_api_people.py.
    "acceptOffer": Row(TEAM, TEAM, done={409}, arguments=of_offer),
    "endOffer": Row(TEAM, TEAM, done={204, 409}, arguments=of_offer),
    "setWorkingDays": Row(MANAGERS, TEAM, {"working_days": [0]}, arguments=of_team),
    "deleteTeam": Row({"owner"}, TEAM, lambda scene: {"confirm": scene.team.name}, arguments=of_team),
    "exportJson": Row(TEAM, TEAM, arguments=of_team),
    "exportCalendar": Row(TEAM, TEAM, arguments=of_team),
    "importReminders": Row(WRITERS, TEAM, {"format": "team-reminders/1", "reminders": []}, arguments=of_team),
    "exportMe": Row(SIGNED_IN, done={202}),
    # Of the scene's, the owner has asked for one.
    "readExport": Row({"owner"}, NOBODY),
    "downloadExport": Row({"owner"}, NOBODY),
    "listReminders": Row(SIGNED_IN),
    "createReminder": Row(WRITERS, TEAM, ONCE, arguments=of_team),
    "previewReminder": Row(WRITERS, TEAM, ONCE, arguments=of_team, only_reads=True),
    "readReminder": Row(TEAM, TEAM, arguments=of_reminder),
    "updateReminder": Row(EDITORS, TEAM, {"title": "New"}, arguments=of_reminder),
    "deleteReminder": Row(EDITORS, TEAM, arguments=of_reminder),
    "restoreReminder": Row(EDITORS, EDITORS, arguments=of_deleted),
    "pauseReminder": Row(EDITORS, TEAM, {}, arguments=of_reminder),
    "resumeReminder": Row(EDITORS, TEAM, arguments=of_paused),
    "listLabels": Row(TEAM, TEAM, arguments=of_team),
    "createLabel": Row(WRITERS, TEAM, {"name": "new"}, arguments=of_team),
    "updateLabel": Row(MANAGERS, TEAM, {"hue": 2}, arguments=of_label),
    "deleteLabel": Row(MANAGERS, TEAM, arguments=of_label),
    "changeReminders": Row(
        WRITERS, TEAM, lambda scene: {"act": "pause", "reminders": [str(scene.reminder.uuid)]}, arguments=of_team
    ),
    # Only whoever did it knows of it.
    "undoChangeOfReminders": Row({"admin"}, {"viewer"}, arguments=of_bulk_act),
    "skipSlot": Row(EDITORS, TEAM, SLOT, arguments=of_slots),
    # It was not left out, for who may.
    "unskipSlot": Row(EDITORS, TEAM, SLOT, done={409}, arguments=of_slots),
    "moveSlot": Row(EDITORS, TEAM, SLOT | {"to": "2030-01-07T12:00"}, arguments=of_slots),
    "endReminder": Row(EDITORS, TEAM, arguments=of_slots),
    "muteReminder": Row(TEAM, TEAM, arguments=of_reminder),
    "unmuteReminder": Row(TEAM, TEAM, arguments=of_reminder),
    "listOccurrences": Row(SIGNED_IN),
    "listCalendar": Row(SIGNED_IN, query=lambda scene: {"from": "2030-01-01T00:00Z", "until": "2030-02-01T00:00Z"}),
    "listHistory": Row(TEAM, TEAM, arguments=of_reminder),
    "readOccurrence": Row(TEAM, TEAM, arguments=of_occurrence),
    "listMessages": Row(TEAM, TEAM, arguments=of_occurrence),
    "finishOccurrence": Row(TEAM, TEAM, arguments=of_occurrence),
    "skipOccurrence": Row(TEAM, TEAM, arguments=of_occurrence),
    "snoozeOccurrence": Row(TEAM, TEAM, {"for": "hour"}, arguments=of_occurrence),
    "wakeOccurrence": Row(TEAM, TEAM, done={409}, arguments=of_occurrence),
    "acknowledgeOccurrence": Row(TEAM, TEAM, arguments=of_occurrence),
    # Nobody has got it, for who may.
    "releaseOccurrence": Row(TEAM, TEAM, done={409}, arguments=of_occurrence),
    "undoOccurrence": Row(TEAM, TEAM, arguments=of_done),
    "sendTest": Row(TEAM, TEAM, done={202}, arguments=of_reminder),
    "retryMessages": Row(EDITORS, TEAM, arguments=of_occurrence),
    "retryMessage": Row(EDITORS, TEAM, arguments=of_message),
}
# Without a session or a token; what they refuse they refuse for what was sent.
OPEN = {"signUp", "verifyEmail", "signIn", "refreshToken", "requestPasswordReset", "resetPassword"}
# Ends the session of its own access token, and takes nothing else: accounts/tests/test_api_signing.py.
# Takes no personal token either: reminders/tests/test_api_endings.py.
OF_A_SESSION = {"signOut", "deleteMe"}


@lru_cache(maxsize=1)
def document() -> dict[str, Any]:
    return json.loads(json.dumps(api.get_openapi_schema(), default=str))


def operations() -> Iterator[tuple[str, str, str]]:
    for path, methods in document()["paths"].items():
        for method, operation in methods.items():
            yield operation["operationId"], method.upper(), path


def test_every_operation_is_in_the_table_once() -> None:
    names = [name for name, _method, _path in operations()]
    assert len(names) == len(set(names))
    assert set(names) == set(TABLE) | OPEN | OF_A_SESSION


def test_the_document_is_openapi() -> None:
    assert document()["openapi"] == "3.1.0"
    OpenAPIV31SpecValidator(document()).validate()


def test_an_instant_that_is_told_has_its_zone_beside_it() -> None:
    """Schemas that are sent to us take any offset: those allow no other fields. Records are of the export's format."""
    bare = {
        f"{name}.{field}"
        for name, schema in document()["components"]["schemas"].items()
        for field, of in schema.get("properties", {}).items()
        if '"date-time"' in json.dumps(of) and schema.get("additionalProperties", True)
        if not name.endswith("Record")
    }
    assert bare - {"Span.from", "Span.until"} == {"Moment.at"}  # a span is asked for


def test_every_operation_but_those_of_signing_in_asks_who_it_is() -> None:
    asks = {
        operation["operationId"]
        for methods in document()["paths"].values()
        for operation in methods.values()
        if operation.get("security")
    }
    assert asks == set(TABLE) | OF_A_SESSION


def asked_in(way: str, person: User) -> Client:
    """A client that says in this way who it is."""
    client = Client(raise_request_exception=False)
    if way == "session":
        client.force_login(person)
        return client
    if way == "jwt":
        session = import_module(settings.SESSION_ENGINE).SessionStore()
        session[SESSION_KEY], session[HASH_SESSION_KEY] = str(person.pk), person.get_session_auth_hash()
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session.save()
        secret = jwt.create_access_token(person, session, {})
    else:
        secret = AccessToken.objects.make(person, name=way, scope=Scope(way))[1]
    client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {secret}"
    return client


def ask(client: Client, method: str, url: str, body: Any) -> int:
    """The status; whatever was changed is taken back."""
    sent = [] if body is None else [json.dumps(body), "application/json"]
    with transaction.atomic():
        status = client.generic(method, url, *sent).status_code
        transaction.set_rollback(True)
    return status


def expected(row: Row, role: str, way: str, method: str) -> Set[int]:
    if way == "read" and method != "GET" and not row.only_reads:
        return {403}
    if role in row.may:
        return row.done
    return {403} if role in row.exists_for else {404}


@pytest.mark.parametrize(("name", "method", "path"), [each for each in operations() if each[0] in TABLE])
def test_an_operation_lets_in_whom_it_should(scene: Scene, name: str, method: str, path: str) -> None:
    row = TABLE[name]
    body = row.body(scene) if callable(row.body) else row.body
    url = f"{path.format(**row.arguments(scene))}?{urlencode(row.query(scene))}"
    surprises = {}
    for role in ROLES:
        person = getattr(scene, role)
        for way in WAYS if person else ["none"]:
            status = ask(asked_in(way, person) if person else Client(), method, url, body)
            wanted = expected(row, role, way, method) if person else {401}
            if status not in wanted:
                surprises[role, way] = status
    assert surprises == {}
