"""Who gets a reminder, and why; who does not, and why not."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from reminders.models import Audience, Delivery, Reminder
from reminders.pulse import pulse
from reminders.reach import reach
from teamreminders.clock import zone_or_utc
from teams.models import Membership, OutsideAddress, OutsideState, Role, Team
from teams.tests.factories import MembershipFactory, OutsideAddressFactory, TeamFactory

from .scenes import on_own_clocks, opened, reminder_due, send_all, team_of

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def told(**where: Any) -> dict[str, str]:
    """To whom messages were written, and why, or why they are not sent."""
    rows = Delivery.objects.filter(**where)
    return {row.address: row.why_not or row.reason for row in rows}


def test_a_role_reaches_who_has_it_when_it_comes_due() -> None:
    team = TeamFactory()
    admin, _member, viewer = (MembershipFactory(team=team, role=role) for role in ("admin", "member", "viewer"))
    reminder_due(team, NOW, audience=Audience.ROLES, roles=[Role.ADMIN, Role.VIEWER])
    Membership.objects.filter(pk=viewer.pk).update(role=Role.MEMBER)
    send_all(NOW)
    assert told() == {admin.user.email: "role"}


def test_whom_a_reminder_is_for_by_role_finds_it_on_today() -> None:
    team = TeamFactory()
    admin, viewer, other = (MembershipFactory(team=team, role=role) for role in ("admin", "viewer", "viewer"))
    Membership.objects.filter(pk=other.pk).update(role="member")
    opened(team, NOW, audience=Audience.ROLES, roles=[Role.VIEWER])
    utc = zone_or_utc("UTC")
    assert pulse(viewer.user, NOW, utc).needs_me_count == 1
    assert pulse(admin.user, NOW, utc).needs_me_count == pulse(other.user, NOW, utc).needs_me_count == 0
    assert Reminder.objects.with_rights_of(viewer.user).get().may_answer


def outside_of(reminder: Reminder, **fields: Any) -> OutsideAddress:
    address = OutsideAddressFactory(team=reminder.team, **fields)
    reminder.outside.add(address)
    return address


@pytest.mark.parametrize("state", OutsideState)
def test_only_an_outside_address_that_has_agreed_gets_anything(state: OutsideState) -> None:
    reminder = reminder_due(team_of(1), NOW)
    address = outside_of(reminder, state=state)
    send_all(NOW)
    assert told(user=None) == ({address.email: "outside"} if state == OutsideState.AGREED else {})


def test_a_member_who_is_also_an_outside_address_gets_one_message() -> None:
    reminder = reminder_due(team_of(1), NOW)
    member = Membership.objects.get().user
    outside_of(reminder, email=member.email)
    send_all(NOW)
    assert told() == {member.email: "team"}


def test_a_member_whom_it_is_not_for_gets_it_at_their_outside_address() -> None:
    team = team_of(2)
    chosen, other = [membership.user for membership in Membership.objects.order_by("pk")]
    reminder = reminder_due(team, NOW, audience=Audience.PEOPLE)
    reminder.people.add(chosen)
    outside_of(reminder, email=other.email)
    send_all(NOW)
    assert told() == {chosen.email: "chosen", other.email: "outside"}


def test_an_outside_address_is_told_once_however_often_it_is_dispatched() -> None:
    reminder = reminder_due(team_of(0), NOW)
    outside_of(reminder)
    send_all(NOW)
    occurrence = reminder.occurrences.get()
    occurrence.__class__.objects.filter(pk=occurrence.pk).update(state="upcoming", next_step="due", next_step_at=NOW)
    send_all(NOW)
    assert Delivery.objects.count() == 1


def test_with_own_clocks_an_outside_address_goes_by_the_clock_of_the_reminder() -> None:
    team = TeamFactory()
    MembershipFactory(team=team, user__zone="America/New_York")
    reminder = on_own_clocks(team, NOW, planned_at=NOW - HOUR)
    assert reminder.planned_zones == ["America/New_York"]
    address = outside_of(reminder)
    Reminder.objects.with_new_zones().recompute(NOW - HOUR)
    reminder.refresh_from_db()
    assert reminder.planned_zones == ["America/New_York", "UTC"]
    send_all(NOW)
    assert told() == {address.email: "outside"}
    send_all(NOW + 4 * HOUR)
    assert Delivery.objects.count() == 2


@pytest.mark.parametrize(("audience", "role"), [("team", "member"), ("roles", "admin"), ("people", "member")])
def test_with_own_clocks_the_outside_address_of_a_member_who_gets_it_brings_no_clock(audience: str, role: str) -> None:
    team = TeamFactory()
    member = MembershipFactory(team=team, role=role, user__zone="America/New_York").user
    reminder = on_own_clocks(team, NOW, planned_at=NOW - HOUR, audience=audience, roles=["admin"])
    reminder.people.add(member)
    outside_of(reminder, email=member.email)
    Reminder.objects.filter(pk=reminder.pk).update(planned_zones=["Asia/Tokyo"])
    assert list(Reminder.objects.with_new_zones()) == [reminder]
    Reminder.objects.with_new_zones().recompute(NOW - HOUR)
    reminder.refresh_from_db()
    assert reminder.planned_zones == ["America/New_York"]
    assert not Reminder.objects.with_new_zones().exists(), "it is settled, and not found at every pass"


@pytest.mark.parametrize("audience", ["roles", "people"])
@pytest.mark.parametrize("has_left", [False, True])
def test_with_own_clocks_the_outside_address_of_whom_it_is_not_for_brings_the_reminders(
    audience: str, has_left: bool
) -> None:
    team = TeamFactory()
    chosen = MembershipFactory(team=team, role="admin", user__zone="America/New_York").user
    other = MembershipFactory(team=team, user__zone="Asia/Tokyo")
    reminder = on_own_clocks(team, NOW, planned_at=NOW - HOUR, audience=audience, roles=["admin"])
    reminder.people.add(chosen, *([other.user] if has_left else []))
    if has_left:
        Membership.objects.filter(pk=other.pk).delete()
    Reminder.objects.recompute(NOW - HOUR)
    assert not Reminder.objects.with_new_zones().exists()
    outside_of(reminder, email=other.user.email)
    assert list(Reminder.objects.with_new_zones()) == [reminder]
    Reminder.objects.with_new_zones().recompute(NOW - HOUR)
    reminder.refresh_from_db()
    assert reminder.planned_zones == ["America/New_York", "UTC"]
    assert not Reminder.objects.with_new_zones().exists()


def test_with_own_clocks_a_role_that_is_given_brings_its_clock() -> None:
    team = TeamFactory()
    MembershipFactory(team=team, role="admin")
    member = MembershipFactory(team=team, user__zone="Asia/Tokyo")
    reminder = on_own_clocks(team, NOW, planned_at=NOW - HOUR, audience=Audience.ROLES, roles=[Role.ADMIN])
    assert reminder.planned_zones == ["UTC"]
    assert not Reminder.objects.with_new_zones().exists()
    Membership.objects.filter(pk=member.pk).update(role="admin")
    Reminder.objects.with_new_zones().recompute(NOW - HOUR)
    reminder.refresh_from_db()
    assert reminder.planned_zones == ["Asia/Tokyo", "UTC"]


def test_who_mutes_a_reminder_gets_no_mail_and_the_receipt_says_so() -> None:
    team = team_of(2)
    one, other = [membership.user for membership in Membership.objects.order_by("pk")]
    reminder = reminder_due(team, NOW)
    assert reminder.mute(one)
    assert not reminder.mute(one)
    send_all(NOW)
    assert told() == {one.email: "muted", other.email: "team"}


def test_who_unmutes_it_in_time_gets_what_was_left_out() -> None:
    reminder = reminder_due(team_of(1), NOW)
    person = Membership.objects.get().user
    reminder.mute(person)
    send_all(NOW)
    assert reminder.unmute(person, NOW + HOUR)
    assert not reminder.unmute(person, NOW + HOUR)
    assert Delivery.objects.get().state == "queued"


def test_who_unmutes_it_when_it_is_done_gets_nothing() -> None:
    reminder = reminder_due(team_of(2), NOW)
    person, other = [membership.user for membership in Membership.objects.order_by("pk")]
    reminder.mute(person)
    send_all(NOW)
    reminder.occurrences.get().finish(other, NOW)
    reminder.unmute(person, NOW + HOUR)
    assert told(user=person) == {person.email: "muted"}


@pytest.mark.parametrize(("kind", "left_out"), [("reminder", ["due"]), ("notice", ["advance-1h"]), ("request", [])])
def test_a_kind_of_mail_that_is_turned_off_for_the_team_is_left_out(kind: str, left_out: list[str]) -> None:
    team = team_of(1)
    Membership.objects.update(muted=[kind])
    reminder_due(team, NOW, planned_at=NOW - 2 * HOUR, lead_times=[60])
    send_all(NOW - HOUR)
    send_all(NOW)
    assert list(Delivery.objects.filter(why_not="turned-off").values_list("step", flat=True)) == left_out
    assert Delivery.objects.count() == 2


def reached(reminder: Reminder) -> tuple[dict[str, str], dict[str, str]]:
    found = reach(reminder)
    return {str(each.who): each.why for each in found.gets}, {str(each.who): each.why for each in found.misses}


def team_of_four() -> tuple[Team, Any, Any, Any, Any]:
    team = TeamFactory()
    named = {"Ada": "admin", "Bob": "member", "Cleo": "viewer", "Dan": "member"}
    people = [MembershipFactory(team=team, role=role, user__name=name).user for name, role in named.items()]
    return team, *people  # type: ignore[return-value]


def test_the_page_names_everybody_with_the_reason() -> None:
    team, _ada, bob, cleo, dan = team_of_four()
    reminder = reminder_due(team, NOW)
    reminder.mute(bob)
    cleo.memberships.update(muted=["reminder"])
    dan.is_active = False
    dan.save()
    outside_of(reminder, email="in@example.net")
    outside_of(reminder, email="asked@example.net", state="asked")
    outside_of(reminder, email="gone@example.net", state="removed")
    gets, misses = reached(reminder)
    assert gets == {"Ada": "member of the team", "in@example.net": "has agreed"}
    assert misses == {
        "Bob": "muted this reminder",
        "Cleo": "turned reminders off for this team",
        "Dan": "account switched off",
        "asked@example.net": "has not agreed yet",
    }


def test_the_page_says_why_somebody_is_not_in_the_audience() -> None:
    team, ada, *_others = team_of_four()
    chosen = reminder_due(team, NOW, audience=Audience.PEOPLE)
    chosen.people.add(ada)
    assert reached(chosen)[1]["Bob"] == "not chosen"
    by_role = reminder_due(team, NOW, audience=Audience.ROLES, roles=["member"])
    gets, misses = reached(by_role)
    assert gets == {"Bob": "member", "Dan": "member"}
    assert misses == {"Ada": "admin, not among the roles", "Cleo": "viewer, not among the roles"}


@pytest.mark.parametrize("audience", Audience)
def test_the_page_and_the_dispatch_agree_on_who_gets_it(audience: Audience) -> None:
    """They are asked in two ways, and must not drift apart."""
    team, ada, bob, cleo, dan = team_of_four()
    reminder = reminder_due(team, NOW, audience=audience, roles=["member"])
    reminder.people.set([ada, bob, cleo])
    reminder.mute(bob)
    cleo.memberships.update(muted=["reminder"])
    for state in OutsideState:
        outside_of(reminder, state=state)
    outside_of(reminder, email=ada.email)
    outside_of(reminder, email=dan.email)
    shown = {each.who.email for each in reach(reminder).gets}
    send_all(NOW)
    sent = set(Delivery.objects.filter(state="sent").values_list("address", flat=True))
    assert shown == sent


def test_reaching_many_reminders_takes_four_queries(django_assert_num_queries: Any) -> None:
    team = team_of(3)
    reminders = [reminder_due(team, NOW) for _ in range(5)]
    for reminder in reminders:
        outside_of(reminder)
    with django_assert_num_queries(4):
        found = Reminder.objects.reached(reminders)
    assert {len(recipients) for recipients in found.values()} == {4}
