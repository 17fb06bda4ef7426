"""MAIL, RCPT and DATA at once, to a server that offers it (RFC 2920), and the message with them (RFC 3030)."""

import smtplib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest

from teamreminders.smtp import _SMTP

MESSAGE = b"Subject: one\r\n\r\nfirst\r\n.\r\n..two\r\nlast\r\n"
STUFFED = b"Subject: one\r\n\r\nfirst\r\n..\r\n...two\r\nlast\r\n.\r\n"
OFFER = "250-server.example\r\n250-PIPELINING\r\n250 SIZE 1000000\r\n"
CHUNKING = OFFER.replace("250-PIPELINING", "250-PIPELINING\r\n250-CHUNKING")
TOGETHER = f"MAIL FROM:<us@x.example> size={len(MESSAGE)}\r\nRCPT TO:<ada@x.example>\r\nDATA\r\n".encode()


@contextmanager
def server(*answers: str) -> Iterator[tuple[_SMTP, list[bytes]]]:
    """A line to a server that gives one of these answers to whatever comes at once, and what came."""
    got: list[bytes] = []
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        line, _ = listening.accept()
        with line:
            line.sendall(b"220 server.example\r\n")
            for answer in answers:
                came = line.recv(100_000)
                if not came:
                    break
                got.append(came)
                line.sendall(answer.encode())

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    line = _SMTP("127.0.0.1", listening.getsockname()[1], timeout=5)
    line.ehlo()
    try:
        yield line, got
    finally:
        line.close()
        thread.join(5)
        listening.close()


def send(line: _SMTP) -> None:
    line.transact("us@x.example", "ada@x.example", MESSAGE)


def test_a_message_takes_two_round_trips() -> None:
    with server(OFFER, "250 ok\r\n250 ok\r\n354 go on\r\n", "250 2.0.0 queued as 4711\r\n") as (line, got):
        send(line)
    assert got[1:] == [TOGETHER, STUFFED]
    assert line.last_reply == "250 2.0.0 queued as 4711"


def test_a_message_in_a_chunk_takes_one_round_trip() -> None:
    with server(CHUNKING, "250 ok\r\n250 ok\r\n250 2.0.0 queued as 4711\r\n") as (line, got):
        send(line)
    assert got[1:] == [TOGETHER.replace(b"DATA", f"BDAT {len(MESSAGE)} LAST".encode()) + MESSAGE]  # nothing is doubled
    assert line.last_reply == "250 2.0.0 queued as 4711"


def test_what_a_server_gets_wrong_can_be_left_unused(settings: Any) -> None:
    settings.EMAIL_DISCARD_EHLO = ["chunking"]
    with server(CHUNKING, "250 ok\r\n250 ok\r\n354 go on\r\n", "250 2.0.0 queued as 4711\r\n") as (line, got):
        send(line)
    assert got[1:] == [TOGETHER, STUFFED]


@pytest.mark.parametrize(
    ("answers", "error"),
    [
        pytest.param("250 ok\r\n550 nobody\r\n554 no\r\n", smtplib.SMTPRecipientsRefused, id="nobody"),
        pytest.param("250 ok\r\n451 later\r\n503 no\r\n", smtplib.SMTPRecipientsRefused, id="later"),
        pytest.param("250 ok\r\n250 ok\r\n554 spam\r\n", smtplib.SMTPDataError, id="no to the message"),
        pytest.param("552 too big\r\n503 no\r\n503 no\r\n", smtplib.SMTPSenderRefused, id="too big"),
    ],
)
def test_a_no_to_a_chunk_is_what_smtplib_would_have_raised(answers: str, error: type[Exception]) -> None:
    with server(CHUNKING, answers, "250 ok\r\n") as (line, got), pytest.raises(error):
        send(line)
    assert len(got) == 3 and got[2].lower() == b"rset\r\n"


def test_a_message_without_a_last_line_end_gets_one() -> None:
    for offer, answers in ((CHUNKING, "250 ok\r\n" * 3), (OFFER, "250 ok\r\n250 ok\r\n354 go on\r\n")):
        with server(offer, answers, "250 ok\r\n") as (line, got):
            line.transact("us@x.example", "ada@x.example", b"Subject: one\r\n\r\nfirst")
        assert b"".join(got).removesuffix(b".\r\n").endswith(b"\r\n\r\nfirst\r\n")


def test_answers_may_arrive_in_pieces() -> None:
    with server(OFFER, "250-ok\r\n250 ok\r\n250 o", "") as (line, _), pytest.raises(smtplib.SMTPServerDisconnected):
        send(line)


@pytest.mark.parametrize(
    ("answers", "error", "then"),
    [
        pytest.param("250 ok\r\n550 nobody\r\n503 no\r\n", smtplib.SMTPRecipientsRefused, b"rset\r\n", id="nobody"),
        pytest.param("250 ok\r\n451 later\r\n503 no\r\n", smtplib.SMTPRecipientsRefused, b"rset\r\n", id="later"),
        pytest.param("250 ok\r\n250 ok\r\n451 no room\r\n", smtplib.SMTPDataError, b"rset\r\n", id="no to DATA"),
        pytest.param("550 not you\r\n503 no\r\n503 no\r\n", smtplib.SMTPSenderRefused, b"rset\r\n", id="not you"),
        pytest.param("250 ok\r\n550 nobody\r\n354 go on\r\n", smtplib.SMTPRecipientsRefused, b".\r\n", id="yet DATA"),
        pytest.param(
            "550 not you\r\n503 no\r\n354 go on\r\n", smtplib.SMTPSenderRefused, b".\r\n", id="not you, yet DATA"
        ),
    ],
)
def test_a_no_is_what_smtplib_would_have_raised_and_no_message_follows(
    answers: str, error: type[Exception], then: bytes
) -> None:
    more = ["250 ok\r\n"] if then == b"rset\r\n" else ["554 nobody to send it to\r\n", "250 ok\r\n"]
    with server(OFFER, answers, *more) as (line, got), pytest.raises(error):
        send(line)
    assert got[2].lower() == then
    assert not any(b"first" in piece for piece in got)


def test_a_good_bye_is_understood_though_nothing_follows_it() -> None:
    with server(OFFER, "421 4.3.2 too busy\r\n") as (line, _), pytest.raises(smtplib.SMTPSenderRefused) as refused:
        send(line)
    assert refused.value.smtp_code == 421


def test_a_no_to_the_message_itself() -> None:
    answers = [OFFER, "250 ok\r\n250 ok\r\n354 go on\r\n", "554 spam\r\n", "250 ok\r\n"]
    with server(*answers) as (line, got), pytest.raises(smtplib.SMTPDataError):
        send(line)
    assert got[3].lower() == b"rset\r\n" and line.last_reply == "554 spam"


def test_to_a_server_that_does_not_offer_it_each_command_waits_for_its_answer() -> None:
    answers = ["250 server.example\r\n", "250 ok\r\n", "250 ok\r\n", "354 go on\r\n", "250 queued\r\n"]
    with server(*answers) as (line, got):
        send(line)
    assert [piece.split()[0].lower() for piece in got[1:4]] == [b"mail", b"rcpt", b"data"] and got[4] == STUFFED


@pytest.mark.parametrize(
    "address", ["ada@x.example>\r\nRCPT TO:<eve@x.example", '"a\r\nRCPT TO:<eve>"@x.example', "a\nb"]
)
def test_an_address_with_a_line_break_is_no_second_command(address: str) -> None:
    with server(OFFER, "421 enough\r\n") as (line, got), suppress(ValueError, smtplib.SMTPSenderRefused):
        line.transact("us@x.example", address, MESSAGE)
    assert len(got) == 1 or got[1].count(b"\n") == 3
