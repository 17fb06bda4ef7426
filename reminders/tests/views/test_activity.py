"""The pages that tell who changed what."""

import re
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags
from django.utils.http import urlencode

from accounts.models import User
from accounts.tests.factories import UserFactory
from reminders.dispatch import dispatch_due
from reminders.goodbye import delete_account
from reminders.models import Reminder
from reminders.tests.factories import ReminderFactory
from reminders.tests.pages import HTMX, NOW, filled_in, outsider, person_in, signed_in
from teamreminders.acting import Channel, acting
from teams.models import Change, Invitation, JoinLink, JoinRequest, Membership, OutsideAddress, Role, Team
from teams.notes import note_of
from teams.tests.factories import InvitationFactory, MembershipFactory

pytestmark = pytest.mark.django_db


def told(client: Client, url: str) -> list[str]:
    """The lines of a page as one reads them, the newest first."""
    page = client.get(url).content.decode()
    lines = re.findall(r"<li>\s*<svg.*?</svg>\s*<div>(.*?)</div>\s*<time", page, re.DOTALL)
    return [" ".join(strip_tags(line.replace("</p>", " ")).replace("&quot;", '"').split()) for line in lines]


def activity(team: Team) -> str:
    return reverse("reminders:activity", args=[team.uuid])


def history(reminder: Reminder) -> str:
    return reverse("reminders:history", args=[reminder.uuid])


def forget() -> None:
    """What the factories wrote; and that the last request was somebody's, since a test is one transaction."""
    Change.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('teamreminders.act', '', true)")


@pytest.fixture
def ada(team: Team) -> User:
    return person_in(team, Role.OWNER, name="Ada", zone="Europe/Berlin")


@pytest.fixture
def bo(team: Team) -> User:
    return person_in(team, Role.MEMBER, name="Bo", email="bo@example.org")


@pytest.fixture
def viewer(team: Team) -> Client:
    return signed_in(person_in(team, Role.VIEWER, name="Vi"))


@pytest.fixture
def owner(ada: User, bo: User, viewer: Client) -> Client:
    client = signed_in(ada)
    forget()
    return client


def post(client: Client, view: str, *args: Any, **form: Any) -> None:
    answer = client.post(reverse(view, args=args), form)
    assert answer.status_code == 302, re.findall(r"(?s)<ul class=.error.*?</ul>", answer.content.decode())


def weekly(team: Team, **changes: Any) -> dict[str, Any]:
    said = {"repeat": "weekly", "weekdays": ["4"], "start": "2026-11-27", "at": "16:00"}
    return filled_in(team, **(said | changes))


def written(client: Client, team: Team, **changes: Any) -> Reminder:
    post(client, "reminders:new", team.uuid, **weekly(team, **changes))
    return Reminder.objects.latest("pk")


def edit(client: Client, reminder: Reminder, **changes: Any) -> None:
    reminder.refresh_from_db()
    form = weekly(reminder.team, stored_at=reminder.changed_at.isoformat(), **changes)
    post(client, "reminders:edit", reminder.uuid, **form)


# --- Reminders ------------------------------------------------------------------------------------------------------


def test_who_writes_a_reminder_is_told_with_its_schedule(owner: Client, team: Team) -> None:
    written(owner, team)
    assert told(owner, activity(team)) == ["Ada wrote “Renew the certificate” When: every Friday at 16:00"]


def test_a_change_shows_what_was_before(owner: Client, team: Team) -> None:
    reminder = written(owner, team)
    edit(owner, reminder, weekdays=["0"], at="09:00", start="2026-11-30")
    said = "Ada changed “Renew the certificate” When: every Friday at 16:00 now every Monday at 09:00"
    assert told(owner, activity(team))[0] == said


def test_fields_and_people_of_one_save_are_one_line(owner: Client, team: Team, bo: User) -> None:
    reminder = written(owner, team)
    edit(owner, reminder, title="Renew it", audience="people", people=[bo.pk], completion="nobody")
    assert len(told(owner, activity(team))) == 2
    assert told(owner, history(reminder))[0] == (
        "Ada changed “Renew it” Title: Renew the certificate now Renew it "
        "Who gets it: everybody in the team now chosen people "
        "Settled: when the first person says it is done now it only tells; nobody has to answer Also reaches: Bo"
    )


def test_who_is_no_longer_reached_is_named(owner: Client, team: Team, bo: User, ada: User) -> None:
    reminder = written(owner, team, audience="people", people=[bo.pk, ada.pk])
    edit(owner, reminder, audience="people", people=[ada.pk])
    assert told(owner, history(reminder))[0] == "Ada changed “Renew the certificate” No longer reaches: Bo"


def test_who_is_reached_in_another_way_is_not_told_to_be_left_out(owner: Client, team: Team, ada: User) -> None:
    reminder = written(owner, team, audience="people", people=[ada.pk])
    edit(owner, reminder, audience="roles", roles=["owner"])
    line = told(owner, activity(team))[0]
    assert "No longer reaches" not in line
    assert "Chosen people: Ada now none" in line


def test_a_line_keeps_the_title_that_the_reminder_had(owner: Client, team: Team) -> None:
    reminder = written(owner, team)
    edit(owner, reminder, title="Another title")
    assert "wrote “Renew the certificate”" in told(owner, activity(team))[-1]


def test_nothing_changed_is_nothing_told(owner: Client, team: Team) -> None:
    reminder = written(owner, team)
    edit(owner, reminder)
    assert len(told(owner, activity(team))) == 1


def test_long_notes_are_a_difference(owner: Client, team: Team) -> None:
    reminder = written(owner, team, notes="First\nsecond\nthird")
    edit(owner, reminder, notes="First\nSECOND\nthird")
    page = owner.get(activity(team)).content.decode()
    assert "<summary>" in page and "<del>second</del>" in page and "<ins>SECOND</ins>" in page


def test_each_verb_of_a_reminder_is_told(owner: Client, team: Team) -> None:
    reminder = written(owner, team)
    for verb in ("pause", "resume", "delete", "restore"):
        post(owner, f"reminders:{verb}", reminder.uuid)
    post(owner, "reminders:pause", reminder.uuid, until="2026-12-24")
    post(owner, "reminders:resume", reminder.uuid)
    what = "“Renew the certificate”"
    assert told(owner, history(reminder))[:-1] == [
        f"Ada resumed {what}",
        f"Ada paused {what} until Thu 24 December 2026",
        f"Ada restored {what}",
        f"Ada deleted {what}",
        f"Ada resumed {what}",
        f"Ada paused {what}",
    ]


def test_single_dates_that_were_moved_and_left_out_are_told(owner: Client, team: Team) -> None:
    reminder = written(owner, team)
    post(owner, "reminders:move-slot", reminder.uuid, slot="2026-11-27T16:00", to="2026-11-28T10:00")
    post(owner, "reminders:skip-slot", reminder.uuid, slot="2026-12-11T16:00")
    assert told(owner, history(reminder))[:2] == [
        "Ada changed “Renew the certificate” Left out: Fri 11 December 2026, 16:00",
        "Ada changed “Renew the certificate” Moved: Fri 27 November 2026, 16:00 now Sat 28 November 2026, 10:00",
    ]


def test_a_series_that_ended_says_until_when(owner: Client, team: Team, clock: Any) -> None:
    reminder = written(owner, team)
    clock.shift(timedelta(days=8))
    owner = signed_in(User.objects.get(name="Ada"))
    post(owner, "reminders:end", reminder.uuid)
    assert "every Friday at 16:00 now every Friday at 16:00, until " in told(owner, history(reminder))[0]


def test_a_deleted_reminder_keeps_its_title_and_offers_to_come_back_to_who_may(
    owner: Client, viewer: Client, team: Team
) -> None:
    reminder = written(owner, team)
    post(owner, "reminders:delete", reminder.uuid)
    restore = reverse("reminders:restore", args=[reminder.uuid])
    assert told(viewer, activity(team))[0] == "Ada deleted “Renew the certificate”"
    assert restore in owner.get(activity(team)).content.decode()
    assert restore not in viewer.get(activity(team)).content.decode()
    post(owner, "reminders:restore", reminder.uuid)
    assert restore not in owner.get(activity(team)).content.decode()


def test_a_history_that_began_before_changes_were_recorded_says_who_wrote_it(owner: Client, team: Team) -> None:
    reminder = ReminderFactory(team=team, author=User.objects.get(name="Ada"), title="Old")
    forget()
    assert told(owner, history(reminder)) == ["Ada wrote “Old”"]


def test_a_history_is_of_one_reminder(owner: Client, team: Team) -> None:
    first = written(owner, team)
    ReminderFactory(team=team, title="Another")
    assert [line for line in told(owner, history(first)) if "Another" in line] == []


# --- People and the team --------------------------------------------------------------------------------------------


def test_each_verb_about_people_is_told(owner: Client, team: Team, bo: User) -> None:
    post(owner, "teams:change-role", team.uuid, bo.uuid, role="admin", was="member")
    post(owner, "teams:remove", team.uuid, bo.uuid)
    assert told(owner, activity(team)) == ["Ada removed Bo", "Ada made Bo an admin Role: member now admin"]


def test_who_leaves_is_told(owner: Client, team: Team, bo: User) -> None:
    post(signed_in(bo), "teams:leave", team.uuid)
    assert told(owner, activity(team)) == ["Bo left"]


def test_who_founds_a_team_is_one_line(client: Client, ana: User) -> None:
    post(client, "teams:new", name="Night shift", zone="UTC")
    assert told(client, activity(Team.objects.get(name="Night shift"))) == ["Ana Lopez founded the team"]


def test_an_invitation_shows_its_address_to_managers_only(owner: Client, viewer: Client, team: Team) -> None:
    post(owner, "teams:invite", team.uuid, emails="new@example.org", role="member")
    invitation = Invitation.objects.get()
    post(owner, "teams:withdraw", invitation.uuid)
    post(owner, "teams:restore-invitation", invitation.uuid)
    assert told(owner, activity(team)) == [
        "Ada let new@example.org be invited after all",
        "Ada withdrew the invitation of new@example.org",
        "Ada invited new@example.org as member",
    ]
    assert told(viewer, activity(team))[-1] == "Ada invited somebody as member"
    assert "new@example.org" not in viewer.get(activity(team)).content.decode()
    assert not [change for change in Change.objects.all() if "@" in str(change.changes)]


def test_who_accepts_an_invitation_joined(owner: Client, team: Team) -> None:
    newcomer = UserFactory(name="Noor")
    InvitationFactory(team=team, email=newcomer.email, token="the-token")
    forget()
    post(signed_in(newcomer), "teams:join", "the-token")
    assert told(owner, activity(team)) == ["Noor joined as member"]


def test_who_is_let_in_was_added_by_a_manager(owner: Client, team: Team) -> None:
    asked = JoinRequest.objects.create(team=team, user=UserFactory(name="Noor"), asked_at=NOW)
    post(owner, "teams:answer-request", asked.uuid, role="viewer")
    assert told(owner, activity(team)) == ["Ada added Noor as viewer"]


def test_the_join_link_is_told_without_its_secret(owner: Client, team: Team) -> None:
    post(owner, "teams:set-link", team.uuid, role="member", domains="", needs_approval="on")
    post(owner, "teams:set-link", team.uuid, role="viewer", domains="example.org")
    secrets = [JoinLink.objects.get().nonce]
    post(owner, "teams:renew-link", team.uuid)
    secrets.append(JoinLink.objects.get().nonce)
    post(owner, "teams:end-link", team.uuid)
    assert told(owner, activity(team)) == [
        "Ada turned the join link off",
        "Ada replaced the join link; the one before ended",
        "Ada changed to whom the join link is open They become: member now viewer "
        "Only addresses at: none now example.org An admin has to agree: yes now no",
        "Ada turned the join link on",
    ]
    recorded = str(list(Change.objects.values()))
    assert not [secret for secret in secrets if secret in recorded]


def test_handing_a_team_over_is_told_once_for_each_step(owner: Client, team: Team, bo: User) -> None:
    post(owner, "teams:offer", team.uuid, bo.uuid)
    post(owner, "teams:end-offer", team.uuid)
    post(owner, "teams:offer", team.uuid, bo.uuid)
    post(signed_in(bo), "teams:accept-offer", team.uuid)
    assert told(owner, activity(team)) == [
        "Bo took the team over",
        "Ada offered Bo to own the team",
        "Ada took the offer to Bo back",
        "Ada offered Bo to own the team",
    ]


def test_an_offer_that_is_declined(owner: Client, team: Team, bo: User) -> None:
    post(owner, "teams:offer", team.uuid, bo.uuid)
    post(signed_in(bo), "teams:end-offer", team.uuid)
    assert told(owner, activity(team))[0] == "Bo declined to own the team"


def test_outside_addresses_are_told_from_the_question_to_the_end(owner: Client, viewer: Client, team: Team) -> None:
    post(owner, "teams:add-outside", team.uuid, emails="caretaker@example.net")
    address = OutsideAddress.objects.get()
    reminder = written(owner, team)
    edit(owner, reminder, outside=[address.pk], audience="roles", roles=["admin", "member"])
    for verb in ("agree", "stop", "agree"):
        post(Client(), f"teams:{verb}-outside", address.token)
    post(owner, "teams:remove-outside", address.uuid)
    note = urlencode({"note": note_of(f"teams.restore-outside.{address.uuid}")})
    assert owner.post(f"{reverse('teams:restore-outside', args=[address.uuid])}?{note}").status_code == 302
    assert told(viewer, activity(team)) == [
        "Ada put caretaker@example.net back among the outside addresses",
        "Ada took caretaker@example.net off the outside addresses",
        "caretaker@example.net agreed to get reminders",
        "caretaker@example.net wants no more mail",
        "caretaker@example.net agreed to get reminders",
        "Ada changed “Renew the certificate” Who gets it: everybody in the team now those with certain roles "
        "Roles: none now admin and member Also reaches: caretaker@example.net",
        "Ada wrote “Renew the certificate” When: every Friday at 16:00",
        "Ada asked caretaker@example.net to get reminders",
    ]


def test_changes_of_the_team_itself_are_told(owner: Client, team: Team) -> None:
    post(owner, "teams:settings", team.uuid, name="Ops", zone="Europe/Berlin")
    post(owner, "reminders:working-days", team.uuid, working_days=["0", "1"], country="DE", region="BY")
    assert told(owner, activity(team)) == [
        "Ada changed the team Working days: Monday to Friday now Monday and Tuesday "
        "Public holidays of: none now Germany (Bayern)",
        "Ada renamed the team Name: Operations now Ops",
    ]


# --- Who ------------------------------------------------------------------------------------------------------------


def test_a_change_in_the_admin_is_an_operators(owner: Client, team: Team, bo: User) -> None:
    operator = signed_in(UserFactory(name="Root", superuser=True))
    membership = Membership.objects.get(team=team, user=bo)
    form = {
        "name": "Operations",
        "zone": "UTC",
        "memberships-TOTAL_FORMS": "1",
        "memberships-INITIAL_FORMS": "1",
        "memberships-0-id": membership.pk,
        "memberships-0-team": team.pk,
        "memberships-0-role": "viewer",
        "join_link-TOTAL_FORMS": "0",
        "join_link-INITIAL_FORMS": "0",
    }
    post(operator, "admin:teams_team_change", team.pk, **form)
    assert sorted(told(owner, activity(team))) == [
        "An operator changed the team Time zone: Berlin now UTC",
        "An operator made Bo a viewer Role: member now viewer",
    ]
    assert Change.objects.filter(who__name="Root", channel="admin").count() == 2


def test_a_conditional_update_without_anybody_is_the_systems(owner: Client, team: Team, bo: User) -> None:
    assert Membership.objects.filter(team=team, user=bo).give_role(Role.VIEWER, was=Role.MEMBER)
    assert told(owner, activity(team)) == ["The system made Bo a viewer Role: member now viewer"]


def test_who_deleted_their_account_is_named_no_more(owner: Client, team: Team, bo: User) -> None:
    reminder = written(signed_in(bo), team, audience="people", people=[bo.pk])
    with acting(Channel.PAGE, bo.pk):
        delete_account(User.objects.get(pk=bo.pk))
    lines = told(owner, activity(team))
    assert lines[0] == "Somebody who deleted their account left"
    assert lines[1].startswith("Somebody who deleted their account wrote “Renew the certificate” When: every Friday")
    assert len(lines) == 2
    page = owner.get(history(reminder)).content.decode()
    assert "Bo" not in strip_tags(page) and bo.email not in page
    assert bo.email not in str(list(Change.objects.values()))


@pytest.mark.django_db(transaction=True)
def test_a_request_that_fails_leaves_nothing(owner: Client, team: Team, bo: User, monkeypatch: Any) -> None:
    def broken(*args: Any, **options: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr("teams.views.people.tell", broken)
    url = reverse("teams:change-role", args=[team.uuid, bo.uuid])
    owner.raise_request_exception = False
    assert owner.post(url, {"role": "admin", "was": "member"}).status_code == 500
    assert told(owner, activity(team)) == []


@pytest.mark.django_db(transaction=True)
def test_nobody_acts_after_the_request(owner: Client, team: Team, bo: User) -> None:
    post(owner, "teams:change-role", team.uuid, bo.uuid, role="admin", was="member")
    Membership.objects.filter(team=team, user=bo).update(role=Role.VIEWER)
    assert told(owner, activity(team)) == [
        "The system made Bo a viewer Role: admin now viewer",
        "Ada made Bo an admin Role: member now admin",
    ]


# --- The pages ------------------------------------------------------------------------------------------------------


def test_everybody_in_the_team_may_look_and_nobody_else(owner: Client, viewer: Client, team: Team, bo: User) -> None:
    reminder = written(owner, team)
    removed = person_in(team)
    Membership.objects.filter(user=removed).delete()
    for url in (activity(team), history(reminder)):
        assert viewer.get(url).status_code == 200
        assert signed_in(outsider()).get(url).status_code == 404
        assert signed_in(removed).get(url).status_code == 404
        assert Client().get(url).headers["Location"].startswith(reverse("account_login"))


def test_a_hostile_title_is_only_text(owner: Client, team: Team) -> None:
    reminder = written(owner, team, title="<script>alert(1)</script>{who}")
    edit(owner, reminder, title="<b>x</b>", notes="<i>y</i>")
    page = owner.get(activity(team)).content.decode()
    assert "<script>alert" not in page and "<b>x" not in page and "<i>y" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;{who}" in page


@pytest.mark.parametrize(
    "changes",
    [
        {"start": ["nonsense", "2026-13-45"], "times": [["25:00"], [None]]},
        {"start": ["2026-11-27", "2026-11-27"], "rule": ["FREQ=NEVER", "?"], "times": [["09:00"], ["10:00"]]},
        {"start": [None, None], "month_end": ["of old", 5]},
        {"skipped": [["?"], None], "moved": [[], {"a": "b"}]},
        {"a_column_of_old": [1, {"x": 2}], "lead_times": ["?", None], "audience": [{}, 0]},
        {"title": "no pair", "paused_until": [None, "?"]},
        {"paused_until": [None, "never"]},
    ],
)
def test_what_cannot_be_read_any_more_does_not_break_the_page(owner: Client, team: Team, changes: Any) -> None:
    reminder = written(owner, team)
    Change.objects.filter(subject=reminder.pk).update(changes=changes, action="changed")
    assert len(told(owner, activity(team))) == 1


def test_it_is_filtered_by_person_and_by_kind(owner: Client, team: Team, bo: User) -> None:
    written(owner, team)
    post(owner, "teams:settings", team.uuid, name="Ops", zone="Europe/Berlin")
    post(signed_in(bo), "teams:leave", team.uuid)
    url = activity(team)
    assert told(owner, f"{url}?by={bo.uuid}") == ["Bo left"]  # who has left can still be asked for
    assert told(owner, f"{url}?kind=people") == ["Bo left"]
    assert told(owner, f"{url}?kind=team") == ["Ada renamed the team Name: Operations now Ops"]
    assert [line[:9] for line in told(owner, f"{url}?kind=reminders")] == ["Ada wrote"]
    assert "Nothing fits." in owner.get(f"{url}?kind=reminders&by={bo.uuid}").content.decode()
    assert len(told(owner, f"{url}?kind=nonsense&by={uuid4()}&before=x")) == 3


def test_days_are_the_readers(owner: Client, client: Client, team: Team) -> None:
    """Half past midnight in Berlin is the day before in New York."""
    written(owner, team)
    Change.objects.update(created_at=datetime(2026, 11, 23, 23, 30, tzinfo=NOW.tzinfo))
    assert "Tuesday 24 November 2026" in owner.get(activity(team)).content.decode()
    assert "Monday 23 November 2026" in client.get(activity(team)).content.decode()


def test_pages_follow_one_another_and_cut_no_transaction_in_two(owner: Client, team: Team) -> None:
    rows = [
        Change(
            team=team,
            kind="member",
            action="changed",
            subject=n,
            channel="",
            changes={"role": ["member", "admin"]},
            created_at=NOW - timedelta(minutes=n // 7),
        )
        for n in range(150)
    ]
    Change.objects.bulk_create(rows)
    seen, url = [], activity(team)
    while url:
        page = owner.get(url)
        seen.append(len(told(owner, url)))
        older = page.context["activity"].older
        url = older and f"{activity(team)}?before={older.isoformat().replace('+', '%2B')}"
    assert seen == [56, 56, 38]


def test_nothing_yet_says_what_will_stand_there(owner: Client, team: Team) -> None:
    assert "Nothing yet." in owner.get(activity(team)).content.decode()


def test_htmx_gets_the_lines_only(owner: Client, team: Team) -> None:
    written(owner, team)
    piece = owner.get(activity(team), headers=HTMX).content.decode()
    assert "Renew the certificate" in piece and "<html" not in piece


def test_it_costs_the_same_however_much_there_is(
    owner: Client, team: Team, bo: User, django_assert_max_num_queries: Any
) -> None:
    def changes() -> None:
        reminder = written(owner, team, token=str(uuid4()), audience="people", people=[bo.pk])
        edit(owner, reminder, title="Other")
        post(owner, "teams:invite", team.uuid, emails=f"{uuid4()}@example.org", role="member")

    def cost() -> int:
        with django_assert_max_num_queries(30) as queries:
            owner.get(activity(team))
        return len(queries)

    changes()
    cost()
    before = cost()
    for _n in range(4):
        changes()
    assert cost() == before


@pytest.mark.parametrize(
    "before",
    [
        "2099-12-31T23:59:59-23:59",  # a year later in UTC
        "2000-01-01T00:00:00+18:00",
        "9999-12-31T23:59:59-12:00",  # none at all in UTC
        "0001-01-01T00:00:00+12:00",
        "2030-01-01T00:00:00+18:00",  # further than any zone is, and than PostgreSQL reads
        "2030-01-01T00:00:00-23:59",
    ],
)
def test_an_instant_at_the_edge_of_time_is_no_error(owner: Client, team: Team, before: str) -> None:
    for url in (activity(team), history(ReminderFactory(team=team))):
        assert owner.get(url, {"before": before}).status_code == 200


# --- The engine -----------------------------------------------------------------------------------------------------


def test_what_the_engine_does_is_no_change(owner: Client, team: Team) -> None:
    reminder = ReminderFactory(team=team, daily=True, zone_mode="recipient", lead_times=[60])
    ReminderFactory(team=team)
    forget()
    with time_machine.travel(NOW + timedelta(hours=2), tick=False):
        assert dispatch_due(NOW + timedelta(hours=2)) > 0
    person = MembershipFactory(team=team, user__zone="Asia/Tokyo").user
    forget()
    assert Reminder.objects.filter(pk=reminder.pk).with_new_zones().recompute(NOW + timedelta(hours=2)) > 0
    person.zone = "Asia/Kolkata"
    person.save()
    assert dispatch_due(NOW + timedelta(hours=3)) >= 0
    assert Change.objects.count() == 0
