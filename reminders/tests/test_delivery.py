"""Sending over a real socket: what the server says, and the checks of the last moment."""

import time
from datetime import datetime, timedelta
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.utils import timezone

from reminders.channels.email import Drafts
from reminders.delivery import DeliveryRound, deliver
from reminders.dispatch import dispatch_due
from reminders.facts import with_facts
from reminders.models import Delivery, Occurrence, Reminder
from reminders.schedule.words import clock_face
from teamreminders import heartbeat
from teamreminders.answers import Verdict
from teamreminders.claims import Claim, accepted, postponed
from teamreminders.line import LOOK_EVERY, SECONDS_FOR_ONE, Line, take_line
from teamreminders.outbox import LEASE, MAX_TRIES, SECOND_LOOK
from teamreminders.sending import FRESH
from teamreminders.testing.stack import database_url
from teams.models import Membership

from .connections import connections, held_open
from .scenes import opened, reminder_due, rounded, team_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def now() -> datetime:
    return rounded(timezone.now())


def ids() -> list[int]:
    return list(Delivery.objects.order_by("pk").values_list("pk", flat=True))


def test_every_recipient_gets_the_mail_and_the_row_says_when_the_server_took_it(smtp: Any, now: datetime) -> None:
    opened(team_of(2), now)
    deliver(ids())
    assert len(smtp.messages) == 2
    for delivery in Delivery.objects.all():
        assert (delivery.state, delivery.tries, delivery.next_try_at) == ("sent", 1, None)
        assert delivery.reply.startswith("250")
        assert timedelta(0) <= delivery.lateness < timedelta(seconds=10)


def test_a_job_that_runs_twice_sends_once(smtp: Any, now: datetime) -> None:
    opened(team_of(1), now)
    deliver(ids())
    deliver(ids())
    assert len(smtp.messages) == 1


def test_a_refused_recipient_fails_with_the_servers_words_and_the_others_are_sent(smtp: Any, now: datetime) -> None:
    team = team_of(3)
    refused = team.memberships.first().user
    smtp.refuse(refused.email, "550 5.1.1 no such user here")
    opened(team, now)
    deliver(ids())
    failed = Delivery.objects.get(user=refused)
    assert (failed.state, failed.error) == ("failed", "550 5.1.1 no such user here")
    assert Delivery.objects.filter(state="sent").count() == 2


def test_try_later_is_tried_later_and_the_answer_is_kept(smtp: Any, now: datetime) -> None:
    """The same exception class carries 4xx and 5xx: the code decides."""
    team = team_of(1)
    smtp.defer(team.memberships.get().user.email, "451 4.3.0 try later", times=1)
    opened(team, now)
    deliver(ids())
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.tries, delivery.error) == ("queued", 1, "451 4.3.0 try later")
    assert timezone.now() < delivery.next_try_at < timezone.now() + timedelta(seconds=6)
    deliver(ids())
    delivery.refresh_from_db()
    assert (delivery.state, delivery.tries) == ("sent", 2)
    assert len(smtp.messages) == 1


def test_without_a_connection_the_whole_batch_waits_and_no_try_is_counted(smtp: Any, now: datetime) -> None:
    opened(team_of(3), now)
    smtp.down()
    deliver(ids())
    smtp.up()
    assert set(Delivery.objects.values_list("state", "tries")) == {("queued", 0)}
    assert "No connection to the mail server" in Delivery.objects.first().error
    assert timezone.now() < Delivery.objects.first().next_try_at < timezone.now() + timedelta(seconds=31)
    deliver(ids())
    assert len(smtp.messages) == 3


def test_the_receipt_keeps_the_address_that_the_mail_went_to(smtp: Any, now: datetime) -> None:
    delivery = opened(team_of(1), now).deliveries.get()
    delivery.user.email = "new@example.org"
    delivery.user.save()
    deliver(ids())
    assert smtp.to("new@example.org")
    assert Delivery.objects.get().address == "new@example.org"


def test_a_recipient_whose_mail_breaks_the_line_does_not_hold_up_the_others(smtp: Any, now: datetime) -> None:
    team = team_of(6)
    bad = [membership.user for membership in team.memberships.order_by("pk")[:2]]
    for user in bad:
        smtp.drop(user.email)
    opened(team, now)
    deliver(ids())
    assert list(Delivery.objects.filter(user__in=bad).values_list("state", "tries")) == [("queued", 1)] * 2
    assert list(Delivery.objects.exclude(user__in=bad).values_list("state", "tries")) == [("sent", 1)] * 4


def test_lines_that_break_before_anything_gets_through_put_the_rest_off(smtp: Any, now: datetime) -> None:
    team = team_of(5)
    for membership in team.memberships.all():
        smtp.drop(membership.user.email)
    opened(team, now)
    deliver(ids())
    # Three broke a line each, the fourth was claimed meanwhile and given back, the fifth was not touched.
    assert sorted(Delivery.objects.values_list("state", "tries")) == [("queued", 0)] * 2 + [("queued", 1)] * 3
    assert Delivery.objects.filter(next_try_at__lte=timezone.now()).count() == 0


def test_an_answer_that_drips_in_is_hung_up_on_before_the_claim_lapses(
    smtp: Any, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("teamreminders.line.SECONDS_FOR_ONE", 0.5)
    monkeypatch.setattr("teamreminders.line.LOOK_EVERY", 0.1)
    smtp.drip()
    opened(team_of(1), now)
    deliver(ids())
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.tries) == ("queued", 1)
    assert delivery.next_try_at > timezone.now()
    assert timedelta(seconds=SECONDS_FOR_ONE + LOOK_EVERY) < LEASE


def test_the_tries_end_and_a_person_can_start_them_again(smtp: Any, now: datetime) -> None:
    team = team_of(1)
    smtp.defer(team.memberships.get().user.email, "451 4.3.0 try later", times=1)
    opened(team, now)
    Delivery.objects.update(tries=MAX_TRIES - 1)
    deliver(ids())
    assert Delivery.objects.get().state == "failed"
    assert Delivery.objects.all().retry(timezone.now()) == 1
    deliver(ids())
    assert Delivery.objects.get().state == "sent"


def test_a_message_whose_worker_dies_every_time_is_given_up_in_the_end(now: datetime) -> None:
    opened(team_of(1), now)
    Delivery.objects.update(state="sending", tries=MAX_TRIES, next_try_at=now)
    Delivery.objects.all().take(ids(), now)
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.next_try_at) == ("failed", None)


def test_a_lapsed_claim_is_handed_over_again_and_says_why(smtp: Any, now: datetime) -> None:
    """Healthchecks #212: a crash in mid-send meant no retry and no trace."""
    occurrence = opened(team_of(1), now)
    delivery = occurrence.deliveries.get()
    assert DeliveryRound.claims.begin(delivery, now).won()
    assert Delivery.objects.all().take(ids(), now + LEASE - timedelta(seconds=1)) == []
    assert Delivery.objects.all().take(ids(), now + LEASE) == []
    delivery.refresh_from_db()
    assert delivery.state == "queued"
    assert "stopped without an answer" in delivery.error
    assert Delivery.objects.all().take(ids(), now + LEASE + SECOND_LOOK) == ids()


def test_a_scheduler_whose_clock_is_far_ahead_has_nothing_sent_twice(smtp: Any, now: datetime) -> None:
    """What a worker is just sending looks lapsed to it, and another worker is idle."""
    delivery = opened(team_of(1), now).deliveries.get()
    assert DeliveryRound.claims.begin(delivery, now).won()
    by_the_schedulers_clock = now + timedelta(minutes=10)
    for _ in range(3):
        deliver(Delivery.objects.all().take(ids(), by_the_schedulers_clock))
    assert smtp.messages == []
    assert DeliveryRound.claims.settle(accepted(delivery, now, "250 ok"))
    by_the_schedulers_clock += timedelta(minutes=1)
    deliver(Delivery.objects.all().take(ids(), by_the_schedulers_clock))
    assert smtp.messages == []
    assert Delivery.objects.get().state == "sent"


@pytest.mark.parametrize(("behind", "state"), [(-45, "sent"), (29, "sent"), (31, "queued")])
def test_a_worker_takes_what_a_scheduler_handed_over_whose_clock_is_up_to_half_a_minute_ahead(
    smtp: Any, now: datetime, behind: int, state: str
) -> None:
    opened(team_of(1), now)
    by_the_schedulers_clock = timezone.now() + timedelta(seconds=behind)
    Delivery.objects.update(next_try_at=by_the_schedulers_clock)
    assert Delivery.objects.all().take(ids(), by_the_schedulers_clock) == ids()
    deliver(ids())
    assert Delivery.objects.get().state == state


def test_a_claim_outlasts_one_message_by_more_than_clocks_may_differ() -> None:
    longest = FRESH + timedelta(seconds=SECONDS_FOR_ONE + LOOK_EVERY)
    assert LEASE - longest > timedelta(seconds=heartbeat.CLOCKS_DIFFER_BY)


def test_a_slow_worker_whose_claim_lapsed_still_records_that_the_message_is_out(now: datetime) -> None:
    delivery = opened(team_of(1), now).deliveries.get()
    claims = DeliveryRound.claims
    assert claims.begin(delivery, now).won()
    other = Delivery.objects.get()
    Delivery.objects.all().take(ids(), now + LEASE)
    assert other.refresh_from_db() is None and claims.begin(other, now + LEASE).won()
    assert not claims.settle(postponed(delivery, now, "too late to say this"))  # the claim is not ours any more
    assert Delivery.objects.get().state == "sending"
    assert claims.settle(accepted(delivery, now, "250 ok"))
    assert not claims.settle(postponed(other, now, "nor this"))
    assert Delivery.objects.get().state == "sent"


def test_an_answer_is_written_down_with_the_next_claim_and_also_where_that_is_lost(now: datetime) -> None:
    claims = DeliveryRound.claims
    opened(team_of(3), now)
    first, second, third = Delivery.objects.order_by("pk")
    assert claims.begin(first, now).won()
    assert claims.begin(second, now, accepted(first, now, "250 first")).won()
    Delivery.objects.filter(pk=third.pk).update(state="suppressed", next_try_at=None)
    assert not claims.begin(third, now, accepted(second, now, "250 second")).won()
    states = list(Delivery.objects.order_by("pk").values_list("state", "reply"))
    assert states == [("sent", "250 first"), ("sent", "250 second"), ("suppressed", "")]


@pytest.mark.parametrize(
    ("meanwhile", "reason"), [("done", "done"), ("pause", "paused"), ("discard", "deleted"), ("leave", "left")]
)
def test_what_changed_after_dispatch_is_looked_at_again_just_before_sending(
    smtp: Any, now: datetime, meanwhile: str, reason: str
) -> None:
    """Vikunja #3166, Donetick #761: reminders fired for things that were done or cancelled."""
    occurrence = opened(team_of(1), now)
    user = occurrence.deliveries.get().user
    match meanwhile:
        case "done":
            Occurrence.objects.update(state="done")
        case "pause":
            occurrence.reminder.pause(now)
        case "discard":
            occurrence.reminder.discard(now)
        case "leave":
            Membership.objects.filter(user=user).delete()
    deliver(ids())
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.why_not, delivery.next_try_at) == ("suppressed", reason, None)
    assert not smtp.messages


def test_what_is_erased_in_the_middle_of_a_round_does_not_hold_up_the_rest(smtp: Any, now: datetime) -> None:
    erased, kept = (opened(team_of(1), now) for _ in range(2))
    first, second = erased.deliveries.get(), kept.deliveries.get()
    to_send = DeliveryRound([first.pk, second.pk])
    erased.reminder.team.delete()
    to_send.run()
    assert [message.recipients for message in smtp.messages] == [[second.address]]


def test_delivered_is_not_said_of_what_was_not_sent(smtp: Any, now: datetime) -> None:
    """Zulip #25440: "delivered" recorded although nothing was sent."""
    occurrence = opened(team_of(1), now)
    occurrence.finish(occurrence.deliveries.get().user, now)
    deliver(ids())
    assert Delivery.objects.get().sent_at is None


def test_the_mail_says_what_when_and_why_and_keeps_its_message_id_at_every_try(smtp: Any, now: datetime) -> None:
    team = team_of(1, name="Operations")
    user = team.memberships.get().user
    user.__class__.objects.filter(pk=user.pk).update(zone="Asia/Tokyo")
    smtp.defer(user.email, "451 4.3.0 try later", times=1)
    occurrence = opened(team, now)
    deliver(ids())
    deliver(ids())
    message = smtp.messages[0].message
    delivery = Delivery.objects.get()
    assert message["Subject"] == "Renew the certificate"
    assert message["To"] == user.email
    assert message["Message-ID"].startswith(f"<delivery-{delivery.uuid}@")
    text = message.get_body(("plain",)).get_content()
    assert f"at {clock_face(now)} in UTC" in text
    assert "for you" in text and "member of the team Operations" in text
    assert f"/occurrences/{occurrence.uuid}/done/" in text
    assert "Renew the certificate" in message.get_body(("html",)).get_content()


def test_a_title_with_line_breaks_or_markup_makes_no_header_and_no_element(smtp: Any, now: datetime) -> None:
    reminder = reminder_due(team_of(1), now)
    title = "Pay\r\nBcc: everybody@example.org <script>alert(1)</script>"
    reminder.__class__.objects.filter(pk=reminder.pk).update(title=title)
    dispatch_due(now)
    deliver(ids())
    message = smtp.messages[0].message
    assert message["Bcc"] is None
    assert smtp.messages[0].recipients == [Delivery.objects.get().address]
    assert "<script>" not in message.get_body(("html",)).get_content()


def test_one_message_that_cannot_be_composed_does_not_hold_up_the_others(
    smtp: Any, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    good, bad = opened(team_of(1), now), opened(team_of(1), now)
    letter = Drafts.letter

    def stumbling(drafts: Drafts, delivery: Delivery, now: datetime) -> Any:
        if delivery.occurrence_id == bad.pk:
            raise KeyError("a fault of ours")
        return letter(drafts, delivery, now)

    monkeypatch.setattr(Drafts, "letter", stumbling)
    deliver(ids())
    assert good.deliveries.get().state == "sent"
    broken = bad.deliveries.get()
    assert broken.state == "queued" and "could not be composed" in broken.error


def test_a_claim_that_grew_old_while_the_message_before_was_sent_is_given_back(
    smtp: Any, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("teamreminders.sending.FRESH", timedelta(seconds=0.2))
    monkeypatch.setattr("teamreminders.sending.BATCH_TIME", timedelta(seconds=0.8))
    opened(team_of(5), now)
    smtp.hang(0.5)
    deliver(ids())
    rows = list(Delivery.objects.order_by("pk"))
    # From the first one on it is known that the server takes long, and nothing is claimed ahead.
    assert [row.state for row in rows] == ["sent", "queued", "sent", "queued", "queued"]
    assert len(smtp.messages) == 2
    assert all(row.next_try_at <= timezone.now() for row in rows if row.state == "queued")


def test_a_line_that_takes_long_to_come_back_leaves_no_time_for_a_message(
    smtp: Any, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The claim would lapse while it is sent."""
    opened(team_of(1), now)
    message = Drafts().letter(with_facts(ids())[0], now)
    line = take_line()
    monkeypatch.setattr("teamreminders.line.SECONDS_FOR_ONE", 0.2)
    monkeypatch.setattr("teamreminders.line.SURELY_ALIVE", -1.0)
    monkeypatch.setattr(Line, "is_alive", False)
    opens = Line.open
    monkeypatch.setattr(Line, "open", lambda line: (time.sleep(0.3), opens(line)))
    answer = line.send(message)
    line.close()
    assert (answer.verdict, answer.line_lost, smtp.messages) == (Verdict.LATER, True, [])


def snoozed_in_flight(now: datetime, until: datetime) -> Delivery:
    """Claimed when somebody snoozes, then put off by the server: queued again."""
    occurrence = opened(team_of(1), now)
    row = occurrence.deliveries.get()
    assert DeliveryRound.claims.begin(row, now).won()
    assert occurrence.snooze(until, row.user, now)
    assert DeliveryRound.claims.settle(postponed(row, now - timedelta(minutes=1), "451 greylisted"))
    return row


def test_a_message_in_flight_that_comes_back_is_not_sent_during_a_snooze(smtp: Any, now: datetime) -> None:
    row = snoozed_in_flight(now, until=timezone.now() + timedelta(hours=1))
    deliver(ids())
    row.refresh_from_db()
    assert (row.state, row.why_not, smtp.messages) == ("suppressed", "snoozed", [])
    assert row.occurrence.wake(timezone.now())
    deliver(ids())
    assert len(smtp.messages) == 1


def test_a_message_in_flight_gives_way_to_the_one_after_the_snooze(smtp: Any, now: datetime) -> None:
    snoozed_in_flight(now, until=now + timedelta(seconds=1))
    dispatch_due(now + timedelta(seconds=1))
    deliver(ids())
    assert len(smtp.messages) == 1
    assert list(Delivery.objects.order_by("round").values_list("state", "why_not")) == [
        ("suppressed", "snoozed"),
        ("sent", ""),
    ]


@pytest.mark.parametrize(
    ("fields", "late", "state"),
    [
        ({"lateness": "skip"}, timedelta(minutes=4), "sent"),
        ({"lateness": "skip"}, timedelta(minutes=6), "suppressed"),
        ({"late_hours": 2}, timedelta(hours=1, minutes=59), "sent"),
        ({"late_hours": 2}, timedelta(hours=2, minutes=1), "suppressed"),
    ],
)
def test_after_a_long_outage_of_the_mail_server_nothing_goes_out_later_than_its_reminder_allows(
    smtp: Any, now: datetime, fields: dict, late: timedelta, state: str
) -> None:
    opened(team_of(1), now - late, **fields)
    Delivery.objects.update(created_at=now - late)
    deliver(ids())
    row = Delivery.objects.get()
    assert (row.state, row.why_not) == (state, "too-late" if state == "suppressed" else "")


def test_what_somebody_tries_again_goes_out_however_late(smtp: Any, now: datetime) -> None:
    opened(team_of(1), now - timedelta(days=3))
    Delivery.objects.update(created_at=now - timedelta(days=3), state="failed", next_try_at=None)
    assert Delivery.objects.all().retry(now) == 1
    deliver(ids())
    assert Delivery.objects.get().state == "sent"


@pytest.mark.django_db(transaction=True)
def test_a_reminder_that_somebody_holds_does_not_hold_up_the_mail_of_others(smtp: Any, now: datetime) -> None:
    """Why one is not sent is looked up under its reminder's lock."""
    held = opened(team_of(1), now)
    gone = held.deliveries.get()
    Membership.objects.filter(user=gone.user).delete()
    opened(team_of(3), now)
    with connections() as elsewhere, held_open(elsewhere, lambda: Reminder.objects.lock(held.reminder_id)):
        begun = time.monotonic()
        deliver(ids())
        assert time.monotonic() - begun < 5
        assert len(smtp.messages) == 3
        gone.refresh_from_db()
        assert gone.state == "queued"
    deliver(ids())
    gone.refresh_from_db()
    assert (gone.state, gone.why_not) == ("suppressed", "left")


@pytest.mark.django_db(transaction=True)
def test_done_does_not_wait_for_a_worker(now: datetime) -> None:
    """A worker locks rows in the order of its round; somebody who waited for them could deadlock with it."""
    occurrence = opened(team_of(3), now)
    claimed = occurrence.deliveries.first()
    with connections() as elsewhere, held_open(elsewhere, lambda: DeliveryRound.claims.begin(claimed, now).won()):
        begun = time.monotonic()
        assert occurrence.finish(claimed.user, now)
        assert time.monotonic() - begun < 5
    assert (
        list(occurrence.deliveries.order_by("pk").values_list("state", flat=True)) == ["sending"] + ["suppressed"] * 2
    )


@pytest.mark.django_db(transaction=True)
def test_what_was_sent_is_written_down_when_postgresql_hangs_up_in_the_middle(
    smtp: Any, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened(team_of(6), now)
    letter, address, composed = Drafts.letter, database_url(), []

    def hung_up_on(drafts: Drafts, delivery: Delivery, now: datetime) -> Any:
        composed.append(delivery.pk)
        if len(composed) == 3:
            with psycopg.connect(address, autocommit=True) as other:
                other.execute("SELECT pg_terminate_backend(%s)", [connection.connection.info.backend_pid])
        return letter(drafts, delivery, now)

    monkeypatch.setattr(Drafts, "letter", hung_up_on)
    deliver(ids())
    assert len(composed) == len(smtp.messages) == len({caught.recipients[0] for caught in smtp.messages}) == 5
    # The claim that was under way may have been lost or not; its row comes round again.
    states = sorted(Delivery.objects.values_list("state", flat=True))
    assert states in (["queued", *["sent"] * 5], ["sending", *["sent"] * 5])


@pytest.mark.django_db(transaction=True)
def test_a_round_that_is_stopped_while_postgresql_claims_leaves_the_connection_fit_for_use(
    smtp: Any, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """rq's time-out comes by a signal, at any line."""
    opened(team_of(4), now)
    won, asked = Claim.won, []

    def timed_out(claim: Any) -> bool:
        asked.append(claim)
        if len(asked) == 3:
            raise TimeoutError
        return won(claim)

    monkeypatch.setattr(Claim, "won", timed_out)
    with pytest.raises(TimeoutError):
        deliver(ids())
    states = sorted(Delivery.objects.values_list("state", flat=True))
    assert states.count("sent") == len(smtp.messages) == 2
    assert states.count("sending") <= 1


def test_an_old_mail_says_how_late_it_is_and_what_was_missed(smtp: Any, now: datetime) -> None:
    reminder_due(team_of(1), now - timedelta(hours=3), cron="0 * * * *")
    while dispatch_due(now):
        pass
    Occurrence.objects.filter(state="open").update(missed_before=2)
    Delivery.objects.update(planned_for=now - timedelta(minutes=40))
    deliver(ids())
    text = smtp.messages[0].message.get_body(("plain",)).get_content()
    assert "comes 40 min" in text
    assert "2 earlier ones were missed" in text


def test_ids_of_rows_that_are_gone_are_left_out_quietly(smtp: Any) -> None:
    deliver([987654321])
    assert not smtp.messages
