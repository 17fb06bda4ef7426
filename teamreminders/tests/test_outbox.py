"""The outbox by itself, with account mail as its rows."""

from datetime import timedelta
from typing import Any

import django_rq
import pytest
from django.utils import timezone

from accounts.jobs import send_account_mail
from accounts.models import AccountMail
from teamreminders import breaker
from teamreminders.outbox import HAND_OVER_AGAIN, MAX_TRIES, backoff


def test_the_pauses_double_up_to_an_hour_and_never_all_end_at_once() -> None:
    assert timedelta(seconds=4) <= backoff(1) <= timedelta(seconds=5)
    assert timedelta(seconds=32) <= backoff(4) <= timedelta(seconds=40)
    assert backoff(MAX_TRIES) <= timedelta(hours=1)
    assert len({backoff(10) for _ in range(10)}) > 1


def test_the_tries_last_about_a_day() -> None:
    total = sum((backoff(tries) for tries in range(1, MAX_TRIES)), timedelta())
    assert timedelta(hours=14) < total < timedelta(hours=24)


def write(to: str = "ada@example.org") -> AccountMail:
    return AccountMail.objects.write(to=to, subject="Confirm", text="https://example.org/secret", html="<p>secret</p>")


@pytest.mark.django_db(transaction=True)
def test_account_mail_reaches_the_queue_that_workers_read_first(redis: Any) -> None:
    mail = write()
    assert redis.lrange("rq:queue:account", 0, -1)
    mail.refresh_from_db()
    assert mail.next_try_at > timezone.now() + HAND_OVER_AGAIN / 2


@pytest.mark.django_db(transaction=True)
def test_a_redis_outage_breaks_no_page_and_loses_no_mail(redis: Any, settings: Any) -> None:
    queues = settings.RQ_QUEUES
    nowhere = {**queues["account"], "URL": "redis://127.0.0.1:1/0"}
    settings.RQ_QUEUES = dict.fromkeys(queues, nowhere)
    mail = write()
    settings.RQ_QUEUES = queues
    assert AccountMail.objects.hand_over_due(timezone.now()) == 1
    assert AccountMail.objects.get(pk=mail.pk).state == "queued"


@pytest.mark.django_db
def test_its_words_are_erased_once_it_was_accepted(smtp: Any) -> None:
    mail = write()
    send_account_mail([mail.pk])
    mail.refresh_from_db()
    assert (mail.state, mail.subject, mail.text, mail.html) == ("sent", "", "", "")
    assert smtp.messages[0].message["Subject"] == "Confirm"


@pytest.mark.django_db
def test_it_is_sent_once_although_the_job_runs_twice(smtp: Any) -> None:
    mail = write()
    send_account_mail([mail.pk])
    send_account_mail([mail.pk])
    assert len(smtp.messages) == 1


@pytest.mark.django_db
def test_a_mail_that_is_put_off_keeps_its_words(smtp: Any) -> None:
    smtp.down()
    mail = write()
    send_account_mail([mail.pk])
    smtp.up()
    mail.refresh_from_db()
    assert (mail.state, mail.tries) == ("queued", 0)
    assert mail.text


@pytest.mark.django_db
def test_after_a_broken_line_the_round_goes_on_over_a_new_one(smtp: Any) -> None:
    first, second, third = write("ada@example.org"), write("bob@example.org"), write("cy@example.org")
    smtp.defer("bob@example.org", "421 4.7.0 too many, closing", times=1)
    send_account_mail([first.pk, second.pk, third.pk])
    assert outcome(first) == ("sent", 1)
    assert outcome(second) == ("queued", 1)
    assert outcome(third) == ("sent", 1)


@pytest.mark.django_db
def test_lines_that_break_before_anything_got_through_are_not_tried_once_a_message(smtp: Any) -> None:
    mails = [write(f"{name}@example.org") for name in ("ada", "bob", "cy", "dan")]
    for mail in mails:
        smtp.defer(mail.to, "421 4.7.0 go away", times=1)
    send_account_mail([mail.pk for mail in mails])
    assert [outcome(mail) for mail in mails] == [("queued", 1)] * 3 + [("queued", 0)]
    assert smtp.deferred == 3
    assert AccountMail.objects.get(pk=mails[-1].pk).next_try_at > timezone.now()


@pytest.mark.django_db
def test_whatever_keeps_the_line_from_opening_is_written_into_the_rows(smtp: Any, settings: Any) -> None:
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "user", "pässword"  # smtplib: UnicodeEncodeError
    mail = write()
    send_account_mail([mail.pk])
    assert outcome(mail) == ("queued", 0)
    assert "No connection to the mail server" in AccountMail.objects.get(pk=mail.pk).error


@pytest.mark.django_db
def test_a_second_job_does_not_try_again_what_was_put_off_for_long(smtp: Any) -> None:
    mail = write()
    AccountMail.objects.filter(pk=mail.pk).update(next_try_at=timezone.now() + timedelta(minutes=10), tries=8)
    send_account_mail([mail.pk])
    assert outcome(mail) == ("queued", 8)
    assert not smtp.messages


def outcome(mail: AccountMail) -> tuple[str, int]:
    mail.refresh_from_db()
    return mail.state, mail.tries


@pytest.mark.django_db
def test_mails_that_cannot_be_written_say_nothing_of_the_mail_server(smtp: Any) -> None:
    """Else whoever gets such addresses into the outbox stops the mail of all."""
    hostile = ['"\x0bBcc:v@y.org\x0b1"@z.org', '"a\x0bb"@z.org', "a@b@c", "ada@example.org\nBcc: eve@example.org"]
    bad = [AccountMail.objects.write(to=address, subject="Confirm", text="words") for address in hostile]
    good = AccountMail.objects.write(to="ada@example.org", subject="Confirm", text="words")
    send_account_mail([mail.pk for mail in [*bad, good]])
    assert [mail.recipients for mail in smtp.messages] == [["ada@example.org"]]
    assert breaker.circuit(django_rq.get_connection("default"), timezone.now()) == breaker.Circuit.CLOSED
    for mail in bad:
        mail.refresh_from_db()
        assert (mail.state, mail.tries) == ("queued", 1)
        assert mail.error.startswith("could not be composed")
