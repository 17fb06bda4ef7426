"""Deleting a team: what ends at once, what is removed later, and who may."""

from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from accounts.models import AccountMail
from reminders.closing import close, remove_closed
from reminders.delivery import deliver
from reminders.dispatch import dispatch_due
from reminders.models import Delivery, Occurrence, Reminder
from teams.models import Change, Invitation, JoinLink, JoinRequest, Membership, Role, Team
from teams.notes import note_of
from teams.tests.factories import InvitationFactory, MembershipFactory, TeamFactory

from .connections import connections, held_open, waits
from .pages import filled_in, person_in, signed_in
from .scenes import opened, reminder_due, rounded, team_of

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


@pytest.fixture
def team() -> Team:
    return team_of(2, name="Operations")


def test_an_owner_is_told_what_goes_and_types_the_name(team: Team) -> None:
    owner, url = signed_in(person_in(team, Role.OWNER)), reverse("reminders:close-team", args=[team.uuid])
    reminder_due(team, NOON)
    InvitationFactory(team=team)
    page = owner.get(url).content.decode()
    assert "1 reminder, with its history" in page and "3 people" in page and "1 open invitation" in page
    refused = owner.post(url, {"name": "Operation"})
    assert refused.status_code == 422 and "That is not its name." in refused.content.decode()
    assert "is deleted" in owner.post(url, {"name": " operations "}, follow=True).content.decode()
    assert owner.get(reverse("team", args=[team.uuid])).status_code == 404
    assert not Membership.objects.filter(team=team).exists()


def test_what_is_due_or_waits_goes_to_nobody_any_more(smtp: Any) -> None:
    now = rounded(timezone.now())
    team = team_of(2)
    opened(team, now)
    reminder_due(team, now + timedelta(seconds=5), rule="FREQ=DAILY")
    assert close(team, now)
    assert dispatch_due(now + timedelta(seconds=10)) == 0
    deliver(list(Delivery.objects.values_list("pk", flat=True)))
    assert smtp.messages == []
    assert set(Delivery.objects.values_list("state", "why_not")) == {("suppressed", "deleted")}
    assert not Reminder.objects.filter(deleted_at=None).exists()


def test_nobody_joins_a_team_that_was_deleted(team: Team) -> None:
    bo = MembershipFactory(user__email="bo@example.org").user
    invitation = InvitationFactory(team=team, email=bo.email, token="token")
    link = JoinLink.objects.create(team=team, needs_approval=False)
    close(team, NOON)
    assert not Invitation.objects.exists() and not JoinLink.objects.exists()
    assert not invitation.accept(bo, NOON)
    assert link.follow(bo, NOON) is None
    assert team.role_of(bo) is None


def test_pruning_removes_it_with_all_that_was_its_and_nothing_of_others(team: Team) -> None:
    other = opened(team_of(1), NOON)
    for n in range(3):
        opened(team, NOON + timedelta(minutes=n))
    close(team, NOON)
    out = StringIO()
    call_command("prune", dry_run=True, stdout=out)
    assert "3 occurrences of deleted teams" in out.getvalue() and Team.objects.filter(pk=team.pk).exists()
    call_command("prune", stdout=out)
    assert list(Team.objects.all()) == [other.reminder.team]
    assert list(Occurrence.objects.all()) == [other]
    assert Delivery.objects.count() == 1
    assert list(remove_closed()) == []


def test_only_one_of_two_owners_deletes_it(team: Team) -> None:
    assert close(team, NOON)
    assert not close(team, NOON)


@pytest.mark.django_db(transaction=True)
def test_a_dispatch_at_the_same_moment_comes_before_or_after() -> None:
    team = team_of(2)
    reminder = reminder_due(team, NOON, rule="FREQ=DAILY")
    with connections() as elsewhere:
        with held_open(elsewhere, lambda: dispatch_due(NOON)):
            closing = elsewhere(lambda: close(team, NOON))
            assert waits(closing)
        assert closing.result(10)
    assert set(Delivery.objects.values_list("state", flat=True)) == {"suppressed"}
    assert not reminder.occurrences.filter(next_step_at__isnull=False).exists()


@pytest.mark.django_db(transaction=True)
def test_who_is_just_joining_goes_with_it() -> None:
    team = team_of(1)
    link, bo = JoinLink.objects.create(team=team, needs_approval=False), MembershipFactory().user
    with connections() as elsewhere:
        with held_open(elsewhere, lambda: link.follow(bo, NOON)):
            closing = elsewhere(lambda: close(team, NOON))
            assert waits(closing)
        assert closing.result(10)
    assert not team.memberships.exists()


def test_what_was_changed_goes_with_the_team_and_what_ends_with_it_is_not_told(team: Team) -> None:
    reminder_due(team, NOON)
    before = Change.objects.filter(team=team).count()
    assert close(team, NOON)
    assert [(each.kind, list(each.changes)) for each in Change.objects.filter(team=team).order_by("pk")[before:]] == [
        ("team", ["closed_at"])
    ]
    other = TeamFactory()
    list(remove_closed(dry_run=True))
    assert Change.objects.filter(team=team).exists()
    list(remove_closed())
    assert not Change.objects.filter(team=team.pk).exists()
    assert Change.objects.filter(team=other).count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("view", "form"),
    [
        ("teams:invite", {"emails": "new@example.org", "role": "member"}),
        ("teams:add-outside", {"emails": "out@example.net"}),
        ("teams:set-link", {"role": "member"}),
        ("teams:bring-back", {}),
        ("reminders:new", lambda team: filled_in(team, start="2099-01-05")),
    ],
)
def test_nothing_is_added_to_a_team_that_is_just_being_deleted(view: str, form: Any) -> None:
    team, now = team_of(1), rounded(timezone.now())
    owner = signed_in(person_in(team, Role.OWNER))
    gone = MembershipFactory(team=team)
    Membership.objects.filter(pk=gone.pk).put_out()
    JoinRequest.objects.bar(team, gone.user_id, now)
    note = note_of(f"teams.bring-back.{team.uuid}", [gone.user_id, "member", str(now)])
    url = f"{reverse(view, args=[team.uuid])}?note={note}"
    with connections() as elsewhere:
        with held_open(elsewhere, lambda: close(team, NOON)):
            posted = elsewhere(lambda: owner.post(url, form(team) if callable(form) else form))
            assert waits(posted)
        assert posted.result(10).status_code in {404, 302}  # what a removal is taken back by is gone as well
    assert not any(model.objects.filter(team=team).exists() for model in (Membership, Invitation, JoinLink, Reminder))
    assert not AccountMail.objects.exists()


def test_what_waits_to_be_sent_for_a_deleted_team_is_given_up_with_its_words(team: Team) -> None:
    owner = signed_in(person_in(team, Role.OWNER))
    owner.post(reverse("teams:invite", args=[team.uuid]), {"emails": "new@example.org", "role": "member"})
    owner.post(reverse("teams:add-outside", args=[team.uuid]), {"emails": "out@example.net"})
    close(team, NOON)
    assert set(AccountMail.objects.values_list("state", "to", "subject", "text", "html")) == {
        ("suppressed", "", "", "", "")
    }
