"""What operators see and may do in the admin."""

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import AccessToken, AccountMail, User
from accounts.tests.factories import PASSWORD, UserFactory
from reminders.models import Delivery, Occurrence, Reminder
from reminders.tests.factories import DeliveryFactory, OccurrenceFactory, ReminderFactory
from teamreminders.testing.texts import NOT_ONE_LINE
from teams.models import Change, Role
from teams.tests.factories import MembershipFactory, OutsideAddressFactory, TeamFactory

pytestmark = pytest.mark.django_db

HISTORY = {"accounts_accountmail", "reminders_reminder", "reminders_occurrence", "reminders_delivery"}
HISTORY |= {"teams_outsideaddress", "teams_change", "accounts_accesstoken"}
MODELS = ["accounts_user", "teams_team", *sorted(HISTORY)]


@pytest.fixture
def admin(client: Client) -> Client:
    client.force_login(UserFactory(superuser=True, name="Olga Operator"))
    return client


def rows(count: int) -> None:
    for _ in range(count):
        DeliveryFactory(failed=True)
        OutsideAddressFactory()
        AccessToken.objects.make(UserFactory(), name="backup script")
        AccountMail.objects.create(
            to="ada@example.org", subject="Reset", text="secret link", state=AccountMail.State.FAILED
        )


def act(client: Client, model: str, action: str, *objects: Any) -> str:
    """Choose the rows in the list, then the action; the page that follows."""
    url = reverse(f"admin:{model}_changelist")
    answer = client.post(url, {"action": action, "_selected_action": [each.pk for each in objects]}, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("model", MODELS)
def test_a_list_takes_the_same_number_of_queries_however_many_rows(admin: Client, model: str) -> None:
    url = reverse(f"admin:{model}_changelist")
    rows(2)
    admin.get(url)
    with CaptureQueriesContext(
        connection,
    ) as few:
        admin.get(url)
    rows(18)
    with CaptureQueriesContext(connection) as many:
        answer = admin.get(url)
    assert len(answer.context["cl"].result_list) >= 20
    assert len(many) == len(few)


@pytest.mark.parametrize("model", MODELS)
def test_every_page_of_a_row_opens(admin: Client, model: str) -> None:
    rows(1)
    answer = admin.get(reverse(f"admin:{model}_changelist"))
    row = answer.context["cl"].result_list[0]
    assert admin.get(reverse(f"admin:{model}_change", args=[row.pk])).status_code == 200


@pytest.mark.parametrize("model", sorted(HISTORY))
def test_history_can_neither_be_added_to_nor_changed_nor_deleted(admin: Client, model: str) -> None:
    rows(1)
    row = admin.get(reverse(f"admin:{model}_changelist")).context["cl"].result_list[0]
    assert admin.get(reverse(f"admin:{model}_add")).status_code == 403
    assert admin.post(reverse(f"admin:{model}_change", args=[row.pk]), {}).status_code == 403
    assert admin.post(reverse(f"admin:{model}_delete", args=[row.pk]), {"post": "yes"}).status_code == 403


def test_a_list_counts_no_further_than_it_leafs(admin: Client) -> None:
    with CaptureQueriesContext(connection) as queries:
        admin.get(reverse("admin:reminders_delivery_changelist"))
    counting = [each["sql"] for each in queries if "COUNT(" in each["sql"]]
    assert len(counting) == 1
    assert "LIMIT 10000" in counting[0]


@pytest.mark.parametrize(
    ("words", "found"), [("ada@example.org", True), ("Lovelace", True), ("bob", False), ("", True)]
)
def test_deliveries_are_found_by_person(admin: Client, words: str, found: bool) -> None:
    delivery = DeliveryFactory(user=UserFactory(email="ada@example.org", name="Ada Lovelace"))
    answer = admin.get(reverse("admin:reminders_delivery_changelist"), {"q": words})
    assert (delivery in answer.context["cl"].result_list) == found


@pytest.mark.parametrize("factory", [DeliveryFactory, OccurrenceFactory, ReminderFactory])
def test_a_row_is_found_by_its_uuid(admin: Client, factory: Any) -> None:
    row, _other = factory(), factory()
    answer = admin.get(reverse(f"admin:{row._meta.label_lower.replace('.', '_')}_changelist"), {"q": str(row.uuid)})
    assert list(answer.context["cl"].result_list) == [row]


def test_retry_queues_failed_deliveries_and_leaves_the_others(admin: Client) -> None:
    failed, sent = DeliveryFactory(failed=True), DeliveryFactory(sent=True)
    assert "1 message is tried again, if it is still wanted." in act(admin, "reminders_delivery", "retry", failed, sent)
    failed.refresh_from_db()
    sent.refresh_from_db()
    assert (failed.state, failed.tries) == (Delivery.State.QUEUED, 0)
    assert failed.next_try_at is not None
    assert sent.state == Delivery.State.SENT


def test_retry_queues_failed_account_mail(admin: Client) -> None:
    mail = AccountMail.objects.create(to="ada@example.org", subject="Reset", text="x", state=AccountMail.State.FAILED)
    assert "1 message is tried again, if it is still wanted." in act(admin, "accounts_accountmail", "retry", mail)
    mail.refresh_from_db()
    assert mail.state == AccountMail.State.QUEUED


def test_account_mail_never_shows_its_words(admin: Client) -> None:
    mail = AccountMail.objects.create(
        to="ada@example.org", subject="Reset", text="https://secret", html="<p>secret</p>"
    )
    for url in (
        reverse("admin:accounts_accountmail_changelist"),
        reverse("admin:accounts_accountmail_change", args=[mail.pk]),
    ):
        assert "secret" not in admin.get(url).content.decode()


def test_changes_are_found_by_their_team_and_name_the_operator(admin: Client) -> None:
    team = ReminderFactory(title="Of Ops", team__name="Ops").team
    ReminderFactory(team__name="Other")
    TeamFactory(name="Ops, closed long ago").delete()
    url = reverse("admin:teams_change_changelist")
    admin.post(reverse("admin:teams_team_change", args=[team.pk]), {"name": "Ops"})  # refused: no zone
    for words in ("ops", str(team.uuid)):
        assert {change.team for change in admin.get(url, {"q": words}).context["cl"].result_list} == {team}
    change = Change.objects.filter(team=team).first()
    Change.objects.filter(pk=change.pk).update(who=User.objects.get(name="Olga Operator"), channel="admin")
    assert "Olga Operator" in admin.get(url).content.decode()


def test_a_change_whose_person_is_gone_still_opens(admin: Client) -> None:
    TeamFactory()
    Change.objects.update(who=4711)
    assert admin.get(reverse("admin:teams_change_changelist")).status_code == 200
    assert admin.get(reverse("admin:teams_change_change", args=[Change.objects.latest("pk").pk])).status_code == 200


def test_pause_and_resume_go_through_the_reminders_own_verbs(admin: Client) -> None:
    reminder = ReminderFactory(daily=True)
    assert "1 reminder paused." in act(admin, "reminders_reminder", "pause", reminder)
    assert Reminder.objects.get().state == "paused"
    assert set(reminder.occurrences.values_list("state", flat=True)) == {Occurrence.State.CANCELLED}
    assert "1 reminder resumed." in act(admin, "reminders_reminder", "resume", reminder)
    assert Reminder.objects.get().state == "active"
    assert reminder.occurrences.get().state == Occurrence.State.UPCOMING


@pytest.mark.parametrize("state", ["active", "paused", "deleted"])
def test_reminders_are_filtered_by_state(admin: Client, state: str) -> None:
    ReminderFactory()
    ReminderFactory(paused=True)
    ReminderFactory().discard(timezone.now())
    answer = admin.get(reverse("admin:reminders_reminder_changelist"), {"state": state})
    assert [reminder.state for reminder in answer.context["cl"].result_list] == [state]


@pytest.mark.parametrize(("kind", "made"), [("once", {}), ("rule", {"daily": True}), ("cron", {"cron": "0 9 * * 1"})])
def test_reminders_are_filtered_by_schedule(admin: Client, kind: str, made: dict[str, Any]) -> None:
    wanted = ReminderFactory(**made)
    for other in ({}, {"daily": True}, {"cron": "0 9 * * 1"}):
        ReminderFactory(**other)
    answer = admin.get(reverse("admin:reminders_reminder_changelist"), {"schedule": kind})
    found = list(answer.context["cl"].result_list)
    assert len(found) == 2
    assert wanted in found


def test_a_dispatch_in_trouble_is_found_and_tried_again(admin: Client) -> None:
    now = timezone.now()
    occurrence, _fine = OccurrenceFactory(undispatched=True), OccurrenceFactory(undispatched=True)
    occurrence.set_aside(now, "KeyError: 12")
    answer = admin.get(reverse("admin:reminders_occurrence_changelist"), {"trouble": "set-aside"})
    assert list(answer.context["cl"].result_list) == [occurrence]
    assert "1 dispatch is tried again." in act(admin, "reminders_occurrence", "try_again", occurrence, _fine)
    occurrence.refresh_from_db()
    assert now <= occurrence.next_step_at <= timezone.now()


def test_a_person_made_by_an_operator_can_sign_in_at_once(admin: Client) -> None:
    answer = admin.post(
        reverse("admin:accounts_user_add"),
        {
            "email": "Grace@Example.org",
            "name": "Grace",
            "zone": "Europe/Berlin",
            "usable_password": "true",
            "password1": PASSWORD,
            "password2": PASSWORD,
        },
    )
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    grace = User.objects.get(name="Grace")
    assert (grace.email, grace.zone) == ("grace@example.org", "Europe/Berlin")
    visitor = Client()
    visitor.post(reverse("account_login"), {"login": "grace@example.org", "password": PASSWORD})
    assert visitor.session["_auth_user_id"] == str(grace.pk)


def test_the_first_operator_can_sign_in_at_once(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)
    call_command("createsuperuser", interactive=False, email="olga@example.org", name="Olga", verbosity=0)
    client.post(reverse("account_login"), {"login": "olga@example.org", "password": PASSWORD})
    assert client.get(reverse("admin:index")).status_code == 200


def test_an_address_changed_by_an_operator_replaces_the_old_one(admin: Client) -> None:
    ada = UserFactory(email="ada@example.org")
    page = reverse("admin:accounts_user_change", args=[ada.pk])
    form = {"email": "ada@example.com", "name": ada.name, "zone": ada.zone, "is_active": "on"}
    assert admin.post(page, form).status_code == 302
    address = EmailAddress.objects.get(user=ada)
    assert (address.email, address.verified, address.primary) == ("ada@example.com", True, True)


@pytest.mark.parametrize("taken", ["Bob@example.org", "bobs-second@example.org"])
def test_an_address_that_somebody_has_is_refused(admin: Client, taken: str) -> None:
    bob, ada = UserFactory(email="bob@example.org"), UserFactory()
    EmailAddress.objects.create(user=bob, email="bobs-second@example.org", verified=True)
    form = {"email": taken, "name": ada.name, "zone": ada.zone, "is_active": "on"}
    answer = admin.post(reverse("admin:accounts_user_change", args=[ada.pk]), form)
    assert answer.context["adminform"].form.errors["email"] == ["Somebody uses this address already."]


def test_a_password_is_changed_on_its_own_page(admin: Client) -> None:
    ada = UserFactory()
    page = reverse("admin:auth_user_password_change", args=[ada.pk])
    assert (
        admin.post(page, {"password1": "another long password", "password2": "another long password"}).status_code
        == 302
    )
    ada.refresh_from_db()
    assert ada.check_password("another long password")


def test_an_operator_with_the_right_to_edit_people_promotes_nobody_and_touches_no_operator(client: Client) -> None:
    operator, person = UserFactory(operator=True), UserFactory(name="Ada")
    operator.user_permissions.set(Permission.objects.all())
    client.force_login(operator)
    form = {"email": person.email, "name": "Ada King", "zone": "UTC", "is_active": "on"}
    promoted = form | {"is_superuser": "on", "is_staff": "on"}
    client.post(reverse("admin:accounts_user_change", args=[person.pk]), promoted)
    person.refresh_from_db()
    assert (person.name, person.is_superuser, person.is_staff) == ("Ada King", False, False)

    password = {"password1": "another long password", "password2": "another long password"}
    for other in (UserFactory(superuser=True), UserFactory(operator=True), operator):
        change = client.post(reverse("admin:accounts_user_change", args=[other.pk]), form | {"email": "x@example.org"})
        given = client.post(reverse("admin:auth_user_password_change", args=[other.pk]), password)
        assert (change.status_code, given.status_code) == (403, 403)


def test_no_other_page_of_the_admin_leads_around_that(client: Client) -> None:
    """A verified address for a superuser, or permissions for one's own group, would."""
    operator = UserFactory(operator=True)
    operator.user_permissions.set(Permission.objects.all())
    client.force_login(operator)
    assert client.get(reverse("admin:auth_group_changelist")).status_code == 403
    assert client.get(reverse("admin:auth_group_add")).status_code == 403
    assert client.get("/admin/account/emailaddress/").status_code == 404


def test_an_operator_who_may_only_look_gets_no_actions(client: Client) -> None:
    operator = UserFactory(operator=True)
    operator.user_permissions.set(_permissions("view_delivery"))
    client.force_login(operator)
    failed = DeliveryFactory(failed=True)
    act(client, "reminders_delivery", "retry", failed)
    failed.refresh_from_db()
    assert failed.state == Delivery.State.FAILED


NO_LINK = {"join_link-TOTAL_FORMS": "0", "join_link-INITIAL_FORMS": "0"}


def test_somebody_joins_a_team_through_its_page(admin: Client) -> None:
    team, ada = TeamFactory(), UserFactory()
    form = {
        "name": team.name,
        "zone": "Europe/Paris",
        "memberships-TOTAL_FORMS": "1",
        "memberships-INITIAL_FORMS": "0",
        "memberships-0-user": ada.pk,
        "memberships-0-role": Role.VIEWER,
        **NO_LINK,
    }
    assert admin.post(reverse("admin:teams_team_change", args=[team.pk]), form).status_code == 302
    assert team.role_of(ada) == Role.VIEWER


def test_a_page_of_a_team_takes_the_same_number_of_queries_however_many_members(admin: Client) -> None:
    small, large = TeamFactory(), TeamFactory()
    MembershipFactory.create_batch(2, team=small)
    MembershipFactory.create_batch(20, team=large)
    admin.get(reverse("admin:teams_team_change", args=[small.pk]))
    with CaptureQueriesContext(connection) as few:
        admin.get(reverse("admin:teams_team_change", args=[small.pk]))
    with CaptureQueriesContext(connection) as many:
        admin.get(reverse("admin:teams_team_change", args=[large.pk]))
    assert len(many) == len(few)


def test_days_off_are_shown_and_not_changed_since_reminders_would_not_follow(admin: Client) -> None:
    team = TeamFactory(country="DE", region="BY")
    url = reverse("admin:teams_team_change", args=[team.pk])
    assert '<div class="readonly">BY</div>' in admin.get(url).content.decode()
    members = {"memberships-TOTAL_FORMS": "0", "memberships-INITIAL_FORMS": "0"}
    form = {"name": "Choir", "zone": "UTC", "working_days": "6", "country": "US", "region": "", "days_off": ""}
    assert admin.post(url, {**form, **members, **NO_LINK}).status_code == 302
    team.refresh_from_db()
    assert (team.name, team.country, team.region, team.working_days) == ("Choir", "DE", "BY", [0, 1, 2, 3, 4])


@pytest.mark.parametrize(("typed", "kept"), [("Choir", "Choir"), ("Choir\r\nBcc: a@b.ex", "")])
def test_an_operator_sees_and_changes_the_prefix_of_subjects(admin: Client, typed: str, kept: str) -> None:
    team = TeamFactory()
    url = reverse("admin:teams_team_change", args=[team.pk])
    assert 'name="subject_prefix"' in admin.get(url).content.decode()
    members = {"memberships-TOTAL_FORMS": "0", "memberships-INITIAL_FORMS": "0"}
    admin.post(url, {"name": "Choir", "zone": "UTC", "subject_prefix": typed, **members, **NO_LINK})
    team.refresh_from_db()
    assert team.subject_prefix == kept


@pytest.mark.parametrize("name", NOT_ONE_LINE)
def test_names_are_one_line_also_for_operators(admin: Client, name: str) -> None:
    team, ada = TeamFactory(name="Choir"), UserFactory(name="Ada")
    members = {"memberships-TOTAL_FORMS": "0", "memberships-INITIAL_FORMS": "0"}
    forms = {
        reverse("admin:teams_team_change", args=[team.pk]): {"name": name, "zone": "UTC", **members, **NO_LINK},
        reverse("admin:accounts_user_change", args=[ada.pk]): {"email": ada.email, "name": name, "zone": "UTC"},
    }
    for url, form in forms.items():
        assert "in one line" in admin.post(url, form).content.decode()
    team.refresh_from_db()
    ada.refresh_from_db()
    assert (team.name, ada.name) == ("Choir", "Ada")


def test_a_reminder_shows_all_that_decides_when_and_whether_it_comes(admin: Client) -> None:
    reminder = ReminderFactory(
        count=7, day_off="skip", holidays_only=True, lead_times=[2880, 45], lateness="skip", late_hours=6,
        zone_mode="recipient", moved={"2031-05-06T09:00:00": "2031-05-07T10:00:00"},
    )  # fmt: skip
    page = admin.get(reverse("admin:reminders_reminder_change", args=[reminder.pk])).content.decode()
    for name in ("count", "day_off", "holidays_only", "skipped", "moved", "zone_mode", "lead_times", "lateness",
                 "late_hours", "paused_until"):  # fmt: skip
        assert f"field-{name}" in page
    assert "2031-05-07T10:00:00" in page and "2880" in page


def test_a_team_with_history_is_not_deleted(admin: Client) -> None:
    delivery = DeliveryFactory()
    answer = admin.post(reverse("admin:teams_team_delete", args=[delivery.team_id]), {"post": "yes"})
    assert answer.status_code == 403
    assert Delivery.objects.filter(pk=delivery.pk).exists()


def test_signed_out_the_admin_leads_to_the_same_door_as_everywhere(client: Client) -> None:
    answer = client.get(reverse("admin:index"), follow=True)
    assert answer.redirect_chain[-1][0].startswith(reverse("account_login"))


@pytest.mark.parametrize(("who", "status"), [("superuser", 200), ("operator", 403), ("nobody", 403)])
@pytest.mark.parametrize("page", ["django_rq_home", "django_rq_home_json", "django_rq_dashboard_changelist"])
def test_the_queues_are_for_superusers(client: Client, who: str, status: int, page: str) -> None:
    client.force_login(UserFactory(**({who: True} if who != "nobody" else {})))
    assert client.get(reverse(f"admin:{page}"), follow=True).status_code == status


def test_an_operators_first_page_does_not_mention_the_queues(client: Client) -> None:
    client.force_login(UserFactory(operator=True))
    assert "Django-RQ" not in client.get(reverse("admin:index")).content.decode()


def test_an_operator_ends_a_token_and_sees_no_hash(admin: Client) -> None:
    token, secret = AccessToken.objects.make(UserFactory(), name="backup script")
    row = reverse("admin:accounts_accesstoken_change", args=[token.pk])
    for url in (reverse("admin:accounts_accesstoken_changelist"), row):
        page = admin.get(url).content.decode()
        assert "backup script" in page
        assert token.token_hash not in page and secret not in page
    assert "1 token is refused from now on." in act(admin, "accounts_accesstoken", "end", token)
    assert AccessToken.objects.with_secret(secret, timezone.now()) is None


def _permissions(*names: str) -> Any:
    return Permission.objects.filter(codename__in=names)


def test_an_operator_stops_mail_to_an_outside_address(admin: Client) -> None:
    address = OutsideAddressFactory()
    assert "1 address gets no more mail." in act(admin, "teams_outsideaddress", "stop", address)
    address.refresh_from_db()
    assert address.state == "stopped"


def test_an_operator_erases_an_outside_address_also_from_the_history(admin: Client) -> None:
    address = OutsideAddressFactory(email="ana@example.net")
    occurrence = OccurrenceFactory(reminder__team=address.team)
    occurrence.reminder.outside.add(address)
    named = {"user": None, "outside": address, "recipient_key": "mail:ana@example.net", "address": "ana@example.net"}
    sent = DeliveryFactory(occurrence=occurrence, sent=True, reply="250 <ana@example.net> ok", **named)
    DeliveryFactory(occurrence=occurrence, step="advance-1h", **named)
    act(admin, "teams_outsideaddress", "erase", address)
    for row in Delivery.objects.all():
        assert "ana@example.net" not in f"{row.address} {row.recipient_key} {row.reply}"
    sent.refresh_from_db()
    address.refresh_from_db()
    assert (sent.state, address.state) == ("sent", "erased")
    assert "ana" not in address.email
    assert not Delivery.objects.filter(state="queued").exists()
    assert not occurrence.reminder.outside.exists()


def test_people_are_not_deleted_in_the_admin_which_says_how_they_are(admin: Client) -> None:
    """That would pass by what keeps an owner in every team and leaves no address behind."""
    person = MembershipFactory(role=Role.OWNER).user
    assert admin.post(reverse("admin:accounts_user_delete", args=[person.pk]), {"post": "yes"}).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": [person.pk], "post": "yes"}
    admin.post(reverse("admin:accounts_user_changelist"), chosen)
    assert User.objects.filter(pk=person.pk).exists()
    assert "delete_account" in admin.get(reverse("admin:accounts_user_change", args=[person.pk])).content.decode()
