"""What a mail server's answers mean: the code decides, not the exception's class."""

import smtplib
from email.errors import HeaderParseError

import pytest

from teamreminders.answers import Verdict, sort

REFUSED, LATER = Verdict.REFUSED, Verdict.LATER


@pytest.mark.parametrize(
    ("error", "verdict", "line_lost"),
    [
        pytest.param(smtplib.SMTPRecipientsRefused({"a": (550, b"no such user")}), REFUSED, False, id="no such user"),
        pytest.param(smtplib.SMTPRecipientsRefused({"a": (450, b"greylisted")}), LATER, False, id="greylisted"),
        pytest.param(smtplib.SMTPRecipientsRefused({"a": (421, b"closing")}), LATER, True, id="closing at RCPT"),
        pytest.param(smtplib.SMTPDataError(554, b"spam"), REFUSED, False, id="refused after DATA"),
        pytest.param(smtplib.SMTPDataError(452, b"disk full"), LATER, False, id="the server has no room"),
        pytest.param(smtplib.SMTPDataError(421, b"too many"), LATER, True, id="too many on one line"),
        pytest.param(
            smtplib.SMTPSenderRefused(550, b"not you", "me@example.org"),
            LATER,
            True,
            id="a no to us, not to the recipient",
        ),
        pytest.param(smtplib.SMTPRecipientsRefused({"a": (530, b"sign in")}), LATER, True, id="it wants us to sign in"),
        pytest.param(
            smtplib.SMTPResponseException(500, "Line too long."), LATER, True, id="smtplib could not read the answer"
        ),
        pytest.param(smtplib.SMTPServerDisconnected("gone"), LATER, True, id="the line is gone"),
        pytest.param(TimeoutError("timed out"), LATER, True, id="no answer in time"),
        pytest.param(ConnectionResetError(104, "reset"), LATER, True, id="reset"),
        pytest.param(ValueError("a line break in a header"), LATER, False, id="it cannot be written"),
        pytest.param(HeaderParseError("a colon in a folded line"), LATER, False, id="Python cannot write it"),
        pytest.param(RuntimeError("a backend of another make"), LATER, True, id="an unknown failure is tried again"),
    ],
)
def test_the_answer_is(error: Exception, verdict: Verdict, line_lost: bool) -> None:
    answer = sort(error)
    assert (answer.verdict, answer.line_lost) == (verdict, line_lost)


def test_the_servers_words_are_kept_on_one_line_without_what_postgresql_refuses() -> None:
    error = smtplib.SMTPDataError(554, b"5.7.1 no\r\n\x00 thanks \xff" + b"x" * 2000)
    answer = sort(error)
    assert answer.words.startswith("554 5.7.1 no thanks \N{REPLACEMENT CHARACTER}")
    assert "\x00" not in answer.words and "\n" not in answer.words
    assert len(answer.words) == 500
