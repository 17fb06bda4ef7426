"""What the triggers write down, and what they never do."""

import pytest
from django.db import connection

from accounts.tests.factories import UserFactory
from teams.models import Change, Invitation, JoinLink, Membership, Role, Team
from teams.tests.factories import InvitationFactory, MembershipFactory, TeamFactory

pytestmark = pytest.mark.django_db

SECRET = ("token_hash", "nonce", "email", "address", "password")


def recorded(team: Team) -> list[tuple[str, str, dict]]:
    return list(Change.objects.filter(team=team).order_by("pk").values_list("kind", "action", "changes"))


def test_no_trigger_ever_copies_a_secret_or_an_address() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT prosrc FROM pg_proc WHERE prosrc LIKE '%teams_change%'")
        functions = [source.replace("outsideaddress_id", "") for (source,) in cursor.fetchall()]
    assert len(functions) > 15
    assert [name for name in SECRET for source in functions if name in source] == []
    assert {field.name for field in Change._meta.fields} == {
        *("id", "created_at", "team", "kind", "subject", "action", "changes", "who", "channel", "act"),
    }


def test_a_renewed_link_and_an_invitation_sent_again_are_told_without_their_secret() -> None:
    link = JoinLink.objects.create(team=TeamFactory())
    JoinLink.objects.renew(link.team)
    assert recorded(link.team)[-1] == ("link", "renewed", {})
    invitation = InvitationFactory()
    Invitation.objects.filter(pk=invitation.pk).update(token_hash="x" * 64)
    assert [action for _kind, action, _changes in recorded(invitation.team)] == ["added", "added"]


def test_only_what_was_changed_is_kept_before_and_after() -> None:
    membership = MembershipFactory()
    Membership.objects.filter(pk=membership.pk).update(role=Role.ADMIN)
    membership.role = Role.ADMIN
    membership.save()  # as it is
    changes = recorded(membership.team)
    assert changes[2:] == [("member", "changed", {"role": ["member", "admin"]})]


def test_a_change_in_plain_sql_is_kept_as_well() -> None:
    team = TeamFactory(name="Day")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE teams_team SET name = 'Night' WHERE id = %s", [team.pk])
    assert recorded(team)[-1] == ("team", "changed", {"name": ["Day", "Night"]})


def test_a_country_is_kept_with_its_region() -> None:
    team = TeamFactory(country="DE", region="BY")
    Team.objects.filter(pk=team.pk).update(region="BE")
    assert recorded(team)[-1][2] == {"country": ["DE", "DE"], "region": ["BY", "BE"]}


def test_a_team_takes_its_changes_along() -> None:
    team, other = TeamFactory(owner=UserFactory()), TeamFactory()
    team.delete()
    assert set(Change.objects.values_list("team", flat=True)) == {other.pk}
