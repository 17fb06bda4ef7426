"""A reminder's page with its receipt, its verbs, answers to occurrences, and trying a message again."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from reminders.models import Completion, Delivery, Occurrence, OccurrenceState, Reminder
from reminders.tests.factories import DeliveryFactory, OccurrenceFactory, ReminderFactory
from reminders.tests.pages import HTMX, NOW, outsider, person_in, signed_in
from teams.models import Role, Team
from teams.tests.factories import MembershipFactory

pytestmark = pytest.mark.django_db

DUE = NOW - timedelta(hours=2)
SERVER_SAID = "550 5.1.1 User unknown"


@pytest.fixture
def occurrence(team: Team, ana: User) -> Occurrence:
    """Open since two hours; Ana wrote its reminder."""
    reminder = ReminderFactory(team=team, author=ana, title="Renew the certificate", due=DUE, now=NOW)
    return OccurrenceFactory(reminder=reminder, due_at=DUE)


def page_of(reminder: Reminder) -> str:
    return f"/reminders/{reminder.uuid}/"


def read(client: Client, path: str, **options: Any) -> str:
    """What one reads on a page."""
    html = client.get(path, **options).content.decode()
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def sent(occurrence: Occurrence, name: str, late: float, **fields: Any) -> Delivery:
    user = person_in(occurrence.reminder.team, name=name)
    return DeliveryFactory(occurrence=occurrence, user=user, sent=True, sent_at=DUE + timedelta(seconds=late), **fields)


def test_the_receipt_proves_what_was_sent_to_whom_when_and_how_late(client: Client, occurrence: Occurrence) -> None:
    sent(occurrence, "Bo", 0.24)
    sent(occurrence, "Chidi", 131, tries=2, error="451 try later")
    seen = read(client, page_of(occurrence.reminder))
    assert "Tue 24 Nov, 12:20 Berlin · 06:20 for you" in seen
    assert "2 of 2 messages sent, 131 s late at most" in seen
    assert "Bo 06:20:00 0.24 s 250 2.0.0 Ok: queued as 4XkT9q" in seen
    assert "Chidi 06:22:11 131 s 250 2.0.0 Ok: queued as 4XkT9q at try 2; before: 451 try later" in seen


def test_each_message_that_was_not_sent_says_why(client: Client, occurrence: Occurrence) -> None:
    queued = {"next_try_at": NOW + timedelta(minutes=10), "tries": 3, "error": "Connection refused"}
    DeliveryFactory(occurrence=occurrence, **queued)
    DeliveryFactory(occurrence=occurrence, failed=True, error=SERVER_SAID)
    DeliveryFactory(occurrence=occurrence, state=Delivery.State.SUPPRESSED, next_try_at=None, why_not="left")
    seen = read(client, page_of(occurrence.reminder))
    assert "trying again in 10 min Connection refused 3 tries" in seen
    assert "failed 550 5.1.1 User unknown Try again" in seen
    assert "not sent no longer in the team" in seen


def test_who_was_done_and_when_stands_on_the_receipt(client: Client, occurrence: Occurrence, team: Team) -> None:
    occurrence.finish(person_in(team, name="Bo"), NOW - timedelta(minutes=39))
    assert "Bo was done 07:41" in read(client, page_of(occurrence.reminder))


def test_what_was_missed_in_an_outage_is_said(client: Client, occurrence: Occurrence) -> None:
    missed = {"state": OccurrenceState.MISSED, "due_at": DUE - timedelta(days=1), "settled_at": DUE}
    OccurrenceFactory(reminder=occurrence.reminder, **missed)
    Occurrence.objects.filter(pk=occurrence.pk).update(missed_before=1)
    seen = read(client, page_of(occurrence.reminder))
    assert "Nothing was sent: its time passed while our service was down." in seen
    assert "1 time before it passed while our service was down." in seen


def test_a_dispatch_that_failed_is_shown_with_its_error(client: Client, occurrence: Occurrence) -> None:
    undispatched = OccurrenceFactory(reminder=occurrence.reminder, due_at=NOW - timedelta(minutes=1), undispatched=True)
    undispatched.set_aside(NOW, "ValueError: no such thing")
    assert "It could not be sent out. We try again in 5 min : ValueError" in read(client, page_of(occurrence.reminder))


def test_what_was_taken_off_the_schedule_is_no_history(client: Client, occurrence: Occurrence) -> None:
    OccurrenceFactory(reminder=occurrence.reminder, due_at=DUE - timedelta(days=1), state=OccurrenceState.CANCELLED)
    assert "What happened 1" in read(client, page_of(occurrence.reminder))


def test_the_next_five_times_stand_in_both_zones(client: Client, team: Team) -> None:
    reminder = ReminderFactory(team=team, daily=True, now=NOW)
    shown, more = read(client, page_of(reminder)).split("Show more")
    assert (shown.count("for you"), more.count("for you")) == (5, 15)


def test_a_thousand_messages_are_shown_in_part_those_in_trouble_first(
    client: Client, occurrence: Occurrence, team: Team, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    members = MembershipFactory.create_batch(60, team=team)
    for member in members:
        DeliveryFactory(occurrence=occurrence, user=member.user, sent=True)
    DeliveryFactory(occurrence=occurrence, failed=True, error=SERVER_SAID)
    with django_assert_num_queries(19):
        seen = read(client, page_of(occurrence.reminder))
    assert SERVER_SAID in seen and "60 of 61 messages sent" in seen and "Show 41 more" in seen
    assert seen.count("queued as") == 19
    assert read(client, f"{page_of(occurrence.reminder)}?whole={occurrence.uuid}").count("queued as") == 60


def test_a_long_history_has_pages_and_costs_no_more_queries(
    client: Client, occurrence: Occurrence, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for day in range(1, 25):
        past = OccurrenceFactory(
            reminder=occurrence.reminder, due_at=DUE - timedelta(days=day), state=OccurrenceState.DONE
        )
        DeliveryFactory(occurrence=past, sent=True)
    with django_assert_num_queries(19):
        seen = read(client, page_of(occurrence.reminder))
    assert "What happened 25" in seen and "Page 1 of 2" in seen
    assert "Page 2 of 2" in read(client, f"{page_of(occurrence.reminder)}?page=2")
    assert "Page 2 of 2" in read(client, f"{page_of(occurrence.reminder)}?page=77")


def test_the_page_looks_again_only_while_something_is_about_to_happen(client: Client, occurrence: Occurrence) -> None:
    def polls() -> list[str]:
        return re.findall(r'data-live="([1-9]\d*)"', client.get(page_of(occurrence.reminder)).content.decode())

    assert polls() == []
    delivery = DeliveryFactory(occurrence=occurrence, next_try_at=NOW)
    assert polls() == ["2"]
    Delivery.objects.update(next_try_at=NOW + timedelta(hours=1))
    assert polls() == ["30"]
    Delivery.objects.filter(pk=delivery.pk).update(state=Delivery.State.SENT, next_try_at=None, sent_at=NOW)
    assert polls() == []


def test_looking_again_leaves_the_page_alone_until_something_changed(client: Client, occurrence: Occurrence) -> None:
    def seen_in(html: str) -> str:
        return re.search(r'"seen": "([^"]+)"', html)[1]  # type: ignore[index]

    path = page_of(occurrence.reminder)
    seen = seen_in(client.get(path).content.decode())
    assert client.get(path, {"seen": seen}, headers=HTMX).status_code == 204
    DeliveryFactory(occurrence=occurrence, sent=True)
    piece = client.get(path, {"seen": seen}, headers=HTMX)
    assert piece.status_code == 200 and "<html" not in piece.content.decode()
    assert f'hx-get="{path}' in piece.content.decode() and "seen=" not in piece.content.decode()


def test_a_reminder_soon_due_is_watched(client: Client, team: Team) -> None:
    soon = ReminderFactory(team=team, now=NOW, due=NOW + timedelta(seconds=10))
    assert 'data-live="2"' in client.get(page_of(soon)).content.decode()


def test_a_reminder_that_reaches_nobody_any_more_says_so(client: Client, team: Team) -> None:
    gone = MembershipFactory(team=team)
    reminder = ReminderFactory(team=team, people=[gone.user], now=NOW)
    gone.delete()
    assert "nobody: choose people who are in the team" in read(client, page_of(reminder))


def test_an_outsider_finds_nothing_and_a_viewer_changes_nothing(team: Team, occurrence: Occurrence) -> None:
    reminder = occurrence.reminder
    assert signed_in(outsider()).get(page_of(reminder)).status_code == 404
    viewer = signed_in(person_in(team, Role.VIEWER))
    assert "Pause" not in read(viewer, page_of(reminder))
    for verb in ("pause", "resume", "delete"):
        assert viewer.post(f"{page_of(reminder)}{verb}/").status_code == 403
        assert signed_in(outsider()).post(f"{page_of(reminder)}{verb}/").status_code == 404
        assert viewer.get(f"{page_of(reminder)}{verb}/").status_code == 405


def test_pause_and_resume(client: Client, team: Team, ana: User) -> None:
    reminder = ReminderFactory(team=team, author=ana, daily=True, now=NOW)
    answer = client.post(f"{page_of(reminder)}pause/")
    assert answer["Location"] == page_of(reminder)
    assert "Nothing while it is paused" in read(client, page_of(reminder))
    answer = client.post(f"{page_of(reminder)}resume/", headers=HTMX)
    assert (answer.status_code, answer["HX-Trigger"]) == (200, '{"reminder:changed": {}}')
    assert "Resumed." in answer.content.decode() and 'hx-swap-oob="innerHTML:#messages"' in answer.content.decode()
    assert not Reminder.objects.paused(NOW).exists()


def test_deleting_is_immediate_and_can_be_undone(client: Client, team: Team, ana: User) -> None:
    reminder = ReminderFactory(team=team, author=ana, now=NOW)
    answer = client.post(f"{page_of(reminder)}delete/")
    assert answer["Location"] == f"/teams/{team.uuid}/"
    assert f'action="{page_of(reminder)}restore/"' in client.get(answer["Location"]).content.decode()
    assert client.get(page_of(reminder)).status_code == 404
    assert signed_in(outsider()).post(f"{page_of(reminder)}restore/").status_code == 404
    assert client.post(f"{page_of(reminder)}restore/")["Location"] == page_of(reminder)
    assert reminder.occurrences.unsettled().count() == 1


def done(occurrence: Occurrence) -> str:
    return f"/occurrences/{occurrence.uuid}/done/"


def test_following_the_link_of_a_mail_changes_nothing(client: Client, occurrence: Occurrence) -> None:
    page = client.get(done(occurrence)).content.decode()
    assert f'<form method="post" action="{done(occurrence)}">' in page
    assert client.head(done(occurrence)).status_code == 200
    occurrence.refresh_from_db()
    assert occurrence.state == OccurrenceState.OPEN


def test_the_link_of_a_mail_leads_back_after_signing_in(occurrence: Occurrence) -> None:
    assert Client().get(done(occurrence))["Location"].endswith(f"?next={done(occurrence)}")


def test_done_without_scripts_comes_back_to_where_it_was_pressed(client: Client, occurrence: Occurrence) -> None:
    answer = client.post(done(occurrence), headers={"Referer": "http://testserver/today/?all"})
    assert answer["Location"] == "/today/?all"
    answer = client.post(done(occurrence), headers={"Referer": "https://elsewhere.example/"})
    assert answer["Location"] == done(occurrence)
    answer = client.post(done(occurrence), headers={"Referer": "http://testserver//evil.example/"})
    assert answer["Location"] == done(occurrence)
    assert "Ana Lopez was done" in read(client, done(occurrence))


def test_done_with_htmx_answers_the_row_and_offers_undo(client: Client, occurrence: Occurrence) -> None:
    answer = client.post(done(occurrence), headers=HTMX)
    piece = answer.content.decode()
    assert f'<li class="row" id="occurrence-{occurrence.uuid}" data-state="done">' in piece
    assert f'<form method="post" action="/occurrences/{occurrence.uuid}/undo/">' in piece
    assert answer["HX-Trigger"] == '{"reminder:changed": {}}'
    assert f'<span class="num" id="waiting-{occurrence.reminder.team.uuid}" hx-swap-oob="true"></span>' in piece


def test_of_two_who_are_done_the_second_hears_who_was_first(
    client: Client, occurrence: Occurrence, team: Team, ana: User
) -> None:
    signed_in(person_in(team, name="Bo")).post(done(occurrence))
    assert "Bo was first" in client.post(done(occurrence), headers=HTMX).content.decode()
    occurrence.refresh_from_db()
    assert occurrence.settled_by != ana


def test_undo_opens_it_again(client: Client, occurrence: Occurrence) -> None:
    client.post(done(occurrence))
    answer = client.post(f"/occurrences/{occurrence.uuid}/undo/", headers=HTMX)
    assert done(occurrence) in answer.content.decode()
    occurrence.refresh_from_db()
    assert (occurrence.state, occurrence.settled_by) == (OccurrenceState.OPEN, None)


def test_done_before_it_is_due_goes_on_with_the_next_one(client: Client, team: Team) -> None:
    reminder = ReminderFactory(team=team, daily=True, now=NOW)
    first = reminder.occurrences.get()
    client.post(done(first))
    assert reminder.occurrences.get(state=OccurrenceState.UPCOMING).due_at == first.due_at + timedelta(days=1)


def test_who_may_answer(team: Team, occurrence: Occurrence) -> None:
    chosen = person_in(team, Role.VIEWER)
    theirs = OccurrenceFactory(reminder=ReminderFactory(team=team, people=[chosen], now=NOW, due=DUE), due_at=DUE)
    viewer = signed_in(person_in(team, Role.VIEWER))
    assert viewer.post(done(theirs)).status_code == 403
    assert "others have to settle it" in read(viewer, done(theirs))
    assert signed_in(outsider()).get(done(theirs)).status_code == 404
    assert signed_in(outsider()).post(done(theirs)).status_code == 404
    assert signed_in(outsider()).post(f"/occurrences/{theirs.uuid}/undo/").status_code == 404
    assert signed_in(person_in(team)).post(done(occurrence)).status_code == 302
    assert signed_in(chosen).post(done(theirs)).status_code == 302


def test_a_reminder_that_only_tells_has_no_done(client: Client, team: Team) -> None:
    reminder = ReminderFactory(team=team, due=DUE, now=NOW, completion=Completion.NOBODY)
    occurrence = OccurrenceFactory(reminder=reminder, due_at=DUE)
    assert done(occurrence) not in client.get(page_of(reminder)).content.decode()


def test_a_failed_message_is_tried_again_by_who_may_edit(client: Client, team: Team, occurrence: Occurrence) -> None:
    failed = DeliveryFactory(occurrence=occurrence, failed=True)
    url = f"/deliveries/{failed.uuid}/retry/"
    assert signed_in(outsider()).post(url).status_code == 404
    assert signed_in(person_in(team)).post(url).status_code == 403
    assert client.get(url).status_code == 405
    assert client.post(url)["Location"] == page_of(occurrence.reminder)
    failed.refresh_from_db()
    assert (failed.state, failed.tries, failed.next_try_at) == (Delivery.State.QUEUED, 0, NOW)


def test_a_message_that_was_sent_is_not_sent_again_by_pressing_twice(client: Client, occurrence: Occurrence) -> None:
    delivery = DeliveryFactory(occurrence=occurrence, sent=True)
    client.post(f"/deliveries/{delivery.uuid}/retry/")
    delivery.refresh_from_db()
    assert delivery.state == Delivery.State.SENT
