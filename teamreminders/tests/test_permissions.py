"""Every address of the site, asked by everybody. A new one without a line in the table fails."""

from collections.abc import Callable, Iterator, Set
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import django_rq
import pytest
from allauth.account.models import EmailConfirmationHMAC
from django.conf import settings
from django.core import signing
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone
from django.utils.http import urlencode

from accounts.models import AccessToken
from accounts.tests.factories import UserFactory
from reminders.models import BulkAct, Label, Reminder
from reminders.tests.factories import (
    DataExportFactory,
    DeliveryFactory,
    ImportFactory,
    OccurrenceFactory,
    ReminderFactory,
)
from teamreminders import heartbeat
from teams.models import JoinLink, JoinRequest, Offer, OutsideState, Role
from teams.notes import note_of
from teams.tests.factories import InvitationFactory, MembershipFactory, OutsideAddressFactory, TeamFactory

pytestmark = pytest.mark.django_db

# Who asks. The stranger has a team, but another one; so has the superuser, who is nobody special outside the admin.
# Who was removed was an admin, wrote a reminder and was offered the team.
ROLES = ["anonymous", "stranger", "removed", "superuser", "viewer", "member", "author", "admin", "owner"]
TEAM = {"viewer", "member", "author", "admin", "owner"}
EVERYBODY = frozenset(ROLES)
SIGNED_IN = EVERYBODY - {"anonymous"}
WRITERS = TEAM - {"viewer"}
EDITORS = {"author", "admin", "owner"}
MANAGERS = {"admin", "owner"}

Scene = SimpleNamespace
Arguments = Callable[[Scene], list[Any]]


def nothing(scene: Scene) -> list[Any]:
    return []


def team(scene: Scene) -> list[Any]:
    return [scene.team.uuid]


def reminder(scene: Scene) -> list[Any]:
    return [scene.reminder.uuid]


def paused(scene: Scene) -> list[Any]:
    return [scene.paused.uuid]


def deleted(scene: Scene) -> list[Any]:
    return [scene.deleted.uuid]


def occurrence(scene: Scene) -> list[Any]:
    return [scene.occurrence.uuid]


def done(scene: Scene) -> list[Any]:
    return [scene.done.uuid]


def delivery(scene: Scene) -> list[Any]:
    return [scene.delivery.uuid]


def one_of_team(scene: Scene) -> list[Any]:
    return [scene.team.uuid, scene.other.uuid]


def invitation(scene: Scene) -> list[Any]:
    return [scene.invitation.uuid]


def join_request(scene: Scene) -> list[Any]:
    return [scene.request.uuid]


def outside(scene: Scene) -> list[Any]:
    return [scene.outside.uuid]


def access_token(scene: Scene) -> list[Any]:
    return [scene.access_token.uuid]


def upload(scene: Scene) -> list[Any]:
    return [scene.upload.uuid]


def label(scene: Scene) -> list[Any]:
    return [scene.label.uuid]


def deleted_label(scene: Scene) -> list[Any]:
    return [scene.deleted_label.uuid]


def bulk_act(scene: Scene) -> list[Any]:
    """Done by the admin."""
    act = BulkAct(team=scene.team, by=scene.admin, verb=BulkAct.Verb.PAUSE, at=timezone.now())
    act.carry_out(Reminder.objects.filter(pk=scene.reminder.pk))
    return [act.uuid]


def outside_token(scene: Scene) -> list[Any]:
    return [scene.outside.token]


def of_removal(scene: Scene) -> str:
    now = timezone.now()
    JoinRequest.objects.bar(scene.team, scene.removed.pk, now)
    return urlencode({"note": note_of(f"teams.bring-back.{scene.team.uuid}", [scene.removed.pk, "member", str(now)])})


def of_address(scene: Scene) -> str:
    return urlencode({"note": note_of(f"teams.restore-outside.{scene.outside.uuid}")})


def of_bulk(scene: Scene) -> dict[str, str]:
    of_all = {"label": str(scene.label.uuid), "person": str(scene.other.uuid)}
    return {"reminder": str(scene.reminder.uuid), **of_all}


def of_team(scene: Scene) -> dict[str, str]:
    return {"team": str(scene.team.uuid)}


def of_device(scene: Scene) -> dict[str, str]:
    return {"zone": "Europe/Lisbon"}


def of_slot(scene: Scene) -> dict[str, str]:
    slot = scene.reminder.occurrences.filter(state="upcoming").latest("due_at").slot
    return {"slot": slot.isoformat(), "to": "2099-01-01T09:00"}


def of_end(scene: Scene) -> str:
    limits = {"until": None, "last": None, "count": None}
    return urlencode({"ends": signing.dumps({"was": limits, "is": limits}, salt=str(scene.reminder.uuid))})


@dataclass(frozen=True)
class Line:
    """Who may (200, 302 elsewhere, or 422 for a form without words), and who may know that it exists (403, not 404)."""

    arguments: Arguments = nothing
    get: Set[str] = frozenset()
    post: Set[str] = frozenset()
    exists_for: Set[str] = EVERYBODY
    form: Callable[[Scene], dict[str, str]] | None = None
    query: Callable[[Scene], str] | None = None
    done: str = "come in"  # the verdict on a POST that was accepted
    signed_out: str = "sign in"  # the verdict on somebody who may not come in and is not signed in


TABLE = {
    "front": Line(get=EVERYBODY),
    "healthz": Line(get=EVERYBODY),
    "readyz": Line(get=EVERYBODY),
    "healthz-scheduler": Line(get=EVERYBODY),
    "metrics": Line(get={"superuser"}, exists_for=frozenset(), signed_out="404"),
    "status": Line(get={"superuser"}, exists_for=frozenset()),
    "styleguide": Line(get={"superuser"}, exists_for=frozenset(), signed_out="404"),
    "styleguide-card": Line(get={"superuser"}, exists_for=frozenset(), signed_out="404"),
    "scheme": Line(post=EVERYBODY),
    "offline": Line(get=EVERYBODY),
    "manifest": Line(get=EVERYBODY),
    "service-worker": Line(get=EVERYBODY),
    "favicon": Line(get=EVERYBODY),
    "search": Line(get=SIGNED_IN),
    "today": Line(get=SIGNED_IN),
    "team": Line(team, get=TEAM, exists_for=TEAM),
    "teams:new": Line(get=SIGNED_IN, post=SIGNED_IN),
    "teams:settings": Line(team, get=MANAGERS, post=MANAGERS, exists_for=TEAM),
    "teams:members": Line(team, get=TEAM, exists_for=TEAM),
    "teams:change-role": Line(one_of_team, post=MANAGERS, exists_for=TEAM, form=lambda scene: {"role": "admin"}),
    "teams:remove": Line(one_of_team, post=MANAGERS, exists_for=TEAM),
    "teams:bring-back": Line(team, post=MANAGERS, exists_for=TEAM, query=of_removal),
    "teams:leave": Line(team, post=TEAM, exists_for=TEAM),
    "teams:offer": Line(one_of_team, post={"owner"}, exists_for=TEAM),
    "teams:accept-offer": Line(team, post=TEAM, exists_for=TEAM),
    "teams:end-offer": Line(team, post=TEAM, exists_for=TEAM),
    "teams:invite": Line(team, post=MANAGERS, exists_for=TEAM),
    "teams:send-again": Line(invitation, post=MANAGERS, exists_for=TEAM),
    "teams:withdraw": Line(invitation, post=MANAGERS, exists_for=TEAM),
    "teams:restore-invitation": Line(invitation, post=MANAGERS, exists_for=TEAM),
    "teams:set-link": Line(team, post=MANAGERS, exists_for=TEAM),
    "teams:renew-link": Line(team, post=MANAGERS, exists_for=TEAM),
    "teams:end-link": Line(team, post=MANAGERS, exists_for=TEAM),
    "teams:answer-request": Line(join_request, post=MANAGERS, exists_for=TEAM),
    # Of another domain: who is signed in may look, and not join; members are led to the team.
    "teams:join-link": Line(
        lambda scene: [scene.team.uuid, scene.link.token], get=EVERYBODY, post={"anonymous", *TEAM}
    ),
    # For another address than any of these: who is signed in may look, and not join.
    "teams:join": Line(lambda scene: [scene.token], get=EVERYBODY, post={"anonymous"}),
    "teams:add-outside": Line(team, post=WRITERS, exists_for=TEAM),
    "teams:remove-outside": Line(outside, post=MANAGERS, exists_for=TEAM),
    "teams:restore-outside": Line(outside, post=MANAGERS, exists_for=TEAM, query=of_address),
    # Whoever has the link has the mail.
    "teams:outside": Line(outside_token, get=EVERYBODY),
    "teams:agree-outside": Line(outside_token, post=EVERYBODY),
    "teams:stop-outside": Line(outside_token, get=EVERYBODY, post=EVERYBODY),
    "reminders:mail": Line(get=SIGNED_IN, post=SIGNED_IN),
    "reminders:mute": Line(reminder, post=TEAM, exists_for=TEAM),
    "reminders:unmute": Line(reminder, post=TEAM, exists_for=TEAM),
    # Each row by the rights on it: reminders/tests/views/test_bulk.py.
    **{
        f"reminders:bulk-{verb}": Line(team, post=WRITERS, exists_for=TEAM, form=of_bulk)
        for verb in BulkAct.Verb.values
    },
    "reminders:bulk-undo": Line(bulk_act, post={"admin"}, exists_for={"admin"}),
    "reminders:labels": Line(team, get=TEAM, post=WRITERS, exists_for=TEAM),
    "reminders:edit-label": Line(label, get=MANAGERS, post=MANAGERS, exists_for=TEAM),
    "reminders:delete-label": Line(label, post=MANAGERS, exists_for=TEAM),
    "reminders:restore-label": Line(deleted_label, post=MANAGERS, exists_for=TEAM),
    "reminders:working-days": Line(team, get=MANAGERS, post=MANAGERS, exists_for=TEAM),
    "reminders:working-days-preview": Line(team, post=MANAGERS, exists_for=TEAM),
    "reminders:calendar": Line(get=SIGNED_IN),
    "reminders:calendar-of-team": Line(team, get=TEAM, exists_for=TEAM),
    "reminders:export-team": Line(team, get=TEAM, exists_for=TEAM),
    "reminders:team-json": Line(team, get=TEAM, exists_for=TEAM),
    "reminders:team-calendar": Line(team, get=TEAM, exists_for=TEAM),
    "reminders:export-me": Line(get=SIGNED_IN, post=SIGNED_IN),
    "reminders:download-export": Line(lambda scene: [scene.export.uuid], get={"owner"}, exists_for={"owner"}),
    "reminders:import-team": Line(team, get=WRITERS, post=WRITERS, exists_for=TEAM),
    "reminders:import": Line(upload, get={"owner"}, exists_for={"owner"}),
    "reminders:run-import": Line(upload, post={"owner"}, exists_for={"owner"}),
    "reminders:undo-import": Line(upload, post={"owner"}, exists_for={"owner"}),
    "reminders:activity": Line(team, get=TEAM, exists_for=TEAM),
    "reminders:history": Line(reminder, get=TEAM, exists_for=TEAM),
    "reminders:delete-account": Line(get=SIGNED_IN, post=SIGNED_IN),
    "reminders:close-team": Line(team, get={"owner"}, post={"owner"}, exists_for=TEAM),
    "reminders:new": Line(team, get=WRITERS, post=WRITERS, exists_for=TEAM),
    "reminders:quick": Line(post=WRITERS, exists_for=TEAM, form=of_team),
    "reminders:heard": Line(post=WRITERS, exists_for=TEAM, form=of_team),
    "reminders:preview": Line(post=WRITERS, exists_for=TEAM, form=of_team),
    "reminders:detail": Line(reminder, get=TEAM, exists_for=TEAM),
    "reminders:edit": Line(reminder, get=EDITORS, post=EDITORS, exists_for=TEAM),
    "reminders:pause": Line(reminder, post=EDITORS, exists_for=TEAM),
    "reminders:resume": Line(paused, post=EDITORS, exists_for=TEAM),
    "reminders:skip-slot": Line(reminder, post=EDITORS, exists_for=TEAM, form=of_slot),
    "reminders:unskip-slot": Line(reminder, post=EDITORS, exists_for=TEAM, form=of_slot),
    "reminders:move-slot": Line(reminder, post=EDITORS, exists_for=TEAM, form=of_slot),
    "reminders:end": Line(reminder, post=EDITORS, exists_for=TEAM),
    "reminders:reopen": Line(reminder, post=EDITORS, exists_for=TEAM, query=of_end),
    "reminders:delete": Line(reminder, post=EDITORS, exists_for=TEAM),
    "reminders:restore": Line(deleted, post=EDITORS, exists_for=EDITORS),
    "reminders:done": Line(occurrence, get=TEAM, post=TEAM, exists_for=TEAM),
    "reminders:skip": Line(occurrence, post=TEAM, exists_for=TEAM),
    "reminders:snooze": Line(occurrence, post=TEAM, exists_for=TEAM),
    "reminders:wake": Line(occurrence, post=TEAM, exists_for=TEAM),
    "reminders:acknowledge": Line(occurrence, post=TEAM, exists_for=TEAM),
    "reminders:release": Line(occurrence, post=TEAM, exists_for=TEAM),
    "reminders:undo": Line(done, post=TEAM, exists_for=TEAM),
    "reminders:test": Line(reminder, post=TEAM, exists_for=TEAM),
    "reminders:retry-all": Line(occurrence, post=EDITORS, exists_for=TEAM),
    "reminders:retry": Line(delivery, post=EDITORS, exists_for=TEAM),
    "tokens:all": Line(get=SIGNED_IN),
    "tokens:new": Line(get=SIGNED_IN, post=SIGNED_IN),
    "tokens:revoke": Line(access_token, get={"owner"}, post={"owner"}, exists_for={"owner"}),
    "accounts:settings": Line(get=SIGNED_IN, post=SIGNED_IN),
    "accounts:use-zone": Line(post=SIGNED_IN, form=of_device),
    "accounts:keep-zone": Line(post=SIGNED_IN, form=of_device),
    "demo": Line(post=SIGNED_IN),
    # allauth's; who is signed in already is led on
    "account_login": Line(get=EVERYBODY, post=EVERYBODY),
    "account_logout": Line(get=EVERYBODY, post=EVERYBODY),
    "account_signup": Line(get=EVERYBODY, post=EVERYBODY),
    "account_inactive": Line(get=EVERYBODY),
    "account_email_verification_sent": Line(get=EVERYBODY),
    "account_confirm_email": Line(lambda scene: [scene.key], get=EVERYBODY, post=EVERYBODY, done="sign in"),
    "account_confirm_login_code": Line(get=SIGNED_IN, post=SIGNED_IN),
    "account_reset_password": Line(get=EVERYBODY, post=EVERYBODY),
    "account_reset_password_done": Line(get=EVERYBODY),
    "account_reset_password_from_key": Line(lambda scene: ["x", "no-such-key"], get=EVERYBODY, post=EVERYBODY),
    "account_reset_password_from_key_done": Line(get=EVERYBODY),
    "account_reauthenticate": Line(get=SIGNED_IN, post=SIGNED_IN),
    "account_email": Line(get=SIGNED_IN, post=SIGNED_IN),
    "account_change_password": Line(get=SIGNED_IN, post=SIGNED_IN),
    "account_set_password": Line(get=SIGNED_IN, post=SIGNED_IN),
}

# On a local install only (LOCAL_INBOX), where whoever can reach the address may look: see teamreminders/inbox/.
OPEN_TO_THE_MACHINE = {"inbox:mails", "inbox:empty", "inbox:mail", "inbox:html", "inbox:source"}


def addresses(
    resolver: URLResolver, spaces: tuple[str, ...] = (), names: tuple[str, ...] = ()
) -> Iterator[tuple[str, Any]]:
    """Every named address below the resolver, such as "reminders:edit", and the names of its parameters."""
    for pattern in resolver.url_patterns:
        found = (*names, *pattern.pattern.converters, *getattr(pattern.pattern.regex, "groupindex", {}))
        if isinstance(pattern, URLPattern):
            if pattern.name:
                yield ":".join((*spaces, pattern.name)), set(found)
        else:
            deeper = (*spaces, pattern.namespace) if pattern.namespace else spaces
            yield from addresses(pattern, deeper, found)


def all_addresses(admin: bool) -> dict[str, set[str]]:
    return {name: found for name, found in addresses(get_resolver()) if name.startswith("admin:") == admin}


@pytest.fixture
def scene() -> Scene:
    """A team with one of each role, and a reminder in every state."""
    now = timezone.now()
    heartbeat.beat(django_rq.get_connection("default"), now)
    scene = Scene(clients={}, anonymous=None, team=TeamFactory())
    scene.stranger, scene.superuser = UserFactory(), UserFactory(superuser=True)
    MembershipFactory(user=scene.stranger, role=Role.OWNER)
    for name in ("viewer", "member", "author", "admin", "owner"):
        role = Role.MEMBER if name == "author" else Role(name)
        setattr(scene, name, MembershipFactory(team=scene.team, role=role).user)
    scene.access_token, _secret = AccessToken.objects.make(scene.owner, name="backup script")
    scene.export = DataExportFactory(user=scene.owner, ready=True)
    scene.upload = ImportFactory(team=scene.team, user=scene.owner)
    scene.other = MembershipFactory(team=scene.team).user
    scene.token = "of-the-invitation"
    scene.invitation = InvitationFactory(team=scene.team, token=scene.token)
    scene.link = JoinLink.objects.create(team=scene.team, domains=["elsewhere.example"])
    scene.request = JoinRequest.objects.create(team=scene.team, user=UserFactory(), asked_at=now)
    scene.outside = OutsideAddressFactory(team=scene.team, asked_by=scene.admin, state=OutsideState.ASKED)
    theirs = {"team": scene.team, "author": scene.author}
    scene.reminder, scene.paused = ReminderFactory(**theirs, daily=True), ReminderFactory(**theirs, paused=True)
    scene.label = Label.objects.create(team=scene.team, name="ops")
    scene.deleted_label = Label.objects.create(team=scene.team, name="old", deleted_at=now)
    scene.deleted = ReminderFactory(**theirs)
    scene.deleted.discard(now)
    scene.occurrence = OccurrenceFactory(reminder=scene.reminder)
    scene.done = OccurrenceFactory(reminder=ReminderFactory(**theirs))
    scene.done.finish(scene.owner, now)
    scene.delivery = DeliveryFactory(occurrence=scene.occurrence, failed=True, user=scene.owner)
    gone = MembershipFactory(team=scene.team, role=Role.ADMIN)
    scene.removed = gone.user
    ReminderFactory(team=scene.team, author=scene.removed)
    assert Offer.objects.make(scene.owner.memberships.get(), gone, now)
    gone.delete()
    newcomer = UserFactory(address__verified=False)
    scene.key = EmailConfirmationHMAC.create(newcomer.emailaddress_set.get()).key
    return scene


def ask(scene: Scene, role: str, method: str, url: str, form: dict[str, str] | None = None) -> HttpResponse:
    """The answer; whatever was changed is taken back."""
    if role not in scene.clients:
        client = scene.clients[role] = Client(raise_request_exception=False)
        if person := getattr(scene, role):
            client.force_login(person)
    with transaction.atomic():
        answer = getattr(scene.clients[role], method)(url, form or {})
        transaction.set_rollback(True)
    return answer


def verdict(answer: HttpResponse) -> str:
    """What an answer comes down to."""
    if answer.status_code == 302 and answer["Location"].startswith(
        (reverse(settings.LOGIN_URL), reverse("admin:login"))
    ):
        return "sign in"
    if answer.status_code in {200, 302, 303, 422}:
        return "come in"
    return str(answer.status_code)


def expected(line: Line, role: str, method: str) -> set[str]:
    may = getattr(line, method)
    if role in may:
        return {line.done if method == "post" else "come in"}
    refusal = "403" if role in line.exists_for else "404"
    refusal = line.signed_out if role == "anonymous" else refusal
    return {refusal} if may else {refusal, "405"}


def test_every_address_is_in_the_table() -> None:
    pages = {name for name in all_addresses(admin=False) if not name.startswith("api-1:")}  # test_api_table.py
    assert pages - OPEN_TO_THE_MACHINE == set(TABLE)


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("name", sorted(TABLE))
def test_an_address_lets_in_whom_it_should(scene: Scene, name: str, method: str) -> None:
    line = TABLE[name]
    url = reverse(name, args=line.arguments(scene))
    url += f"?{line.query(scene)}" if line.query else ""
    form = line.form(scene) if line.form else {}
    answers = {role: verdict(ask(scene, role, method, url, form)) for role in ROLES}
    surprises = {role: answer for role, answer in answers.items() if answer not in expected(line, role, method)}
    assert surprises == {}


@pytest.mark.parametrize("method", ["get", "post"])
def test_the_admin_lets_in_operators_only(scene: Scene, method: str) -> None:
    answers = ask_admin(scene, method, ["anonymous", "stranger", "owner"])
    assert set(answers.values()) == {"sign in", "403"}


@pytest.mark.parametrize("method", ["get", "post"])
def test_the_queues_let_in_superusers_only(scene: Scene, method: str) -> None:
    scene.operator = UserFactory(operator=True)
    answers = ask_admin(scene, method, ["operator"])
    queues = {name: answer for (name, _role), answer in answers.items() if "django_rq" in name}
    assert len(queues) > 20
    assert set(queues.values()) == {"403"}


VALUES = {"app_label": "accounts"}


def ask_admin(scene: Scene, method: str, roles: list[str]) -> dict[tuple[str, str], str]:
    """What each page of the admin but its sign-out answers. Rows need not exist: who may not come in is told before."""
    return {
        (name, role): verdict(
            ask(scene, role, method, reverse(name, kwargs={each: VALUES.get(each, "1") for each in parameters}))
        )
        for name, parameters in all_addresses(admin=True).items()
        for role in roles
        if name != "admin:logout"
    }
