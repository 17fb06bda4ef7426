"""A mail as it goes over the line."""

from email import message_from_bytes, policy
from email.message import EmailMessage
from unittest.mock import patch

import pytest
from django.core.mail import EmailMultiAlternatives
from hypothesis import example, given
from hypothesis import strategies as st

from teamreminders.letter import LONGEST_LINE, Letter, Unwritable, as_sent

HEADERS = {"Message-ID": "<delivery-1@localhost>", "Auto-Submitted": "auto-generated"}


def letter(
    subject: str = "Renew it",
    text: str = "Renew it\n",
    html: str = "<p>Renew it</p>\n",
    to: str = "ada@example.org",
) -> Letter:
    return Letter(subject=subject, text=text, html=html, to=to, headers=HEADERS)


def read(sent: bytes) -> EmailMessage:
    message = message_from_bytes(sent, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def parts(message: EmailMessage) -> list[str]:
    return [part.get_content().replace("\r\n", "\n") for part in message.iter_parts()]  # type: ignore[attr-defined]


def without_defects(message: EmailMessage) -> bool:
    return not any(part.defects for part in message.walk())


words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\0\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"))


@given(words, words)
@example("x" * 3000, "ünder " * 600)
@example(".\n..\nFrom here\n", "--=_0\n=20\n")
@example("trailing \t\n \n", "=\n==\n")
def test_what_was_written_is_what_is_read(text: str, html: str) -> None:
    sent = as_sent(letter(text=text, html=html))
    assert sent.isascii() and b"\n" not in sent.replace(b"\r\n", b"")
    assert max(len(line) for line in sent.split(b"\r\n")) <= LONGEST_LINE
    message = read(sent)
    assert message.get_content_type() == "multipart/alternative" and without_defects(message)
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    assert [part.rstrip("\n") for part in parts(message)] == [text.rstrip("\n"), html.rstrip("\n")]


@given(
    st.text(max_size=300).filter(lambda subject: "\n" not in subject and "\r" not in subject),
    st.one_of(st.emails(), st.just("ada@example.org")),
)
@example("Renew the certificate of a host with a very long name: db-17.frankfurt.example.org, before Friday", "a@b.org")
@example("ü" * 200, "ada@example.org")
@example("two  blanks, a tab\tand = signs: =?utf-8?q?=41?=", "ada@example.org")
@example(" ", "ada@example.org")
@example("x" * 69, "ada@example.org")
@example("x" * 70, "ada@example.org")
@example("Renew it", '"ada lovelace"@example.org')
@example("Renew it", "ada@bücher.example")
@example("Renew it", "a" * 60 + "@mail.a-rather-long-name.example.org")
def test_it_goes_out_as_the_generator_would_write_it(subject: str, to: str) -> None:
    mail = letter(subject=subject, to=to)
    with patch("teamreminders.letter._boundary", return_value="=_0"):  # else new in every message
        assert as_sent(mail) == mail.message().as_bytes(linesep="\r\n")


def test_its_headers_are_those_that_django_writes() -> None:
    ours = letter(subject="Grüße an alle")
    theirs = EmailMultiAlternatives("Grüße an alle", "", to=["ada@example.org"], headers=HEADERS)
    theirs.attach_alternative("", "text/html")
    different = {"content-type", "content-transfer-encoding", "date"}
    kept = [(name, value) for name, value in ours.message().items() if name.lower() not in different]
    assert kept == [(name, value) for name, value in theirs.message().items() if name.lower() not in different]


@pytest.mark.parametrize("where", ["subject", "to", "Message-ID"])
def test_a_line_break_in_a_header_is_refused(where: str) -> None:
    mail = letter()
    if where == "subject":
        mail.subject = "Renew it\nBcc: eve@example.org"
    elif where == "to":
        mail.to = ["ada@example.org\nBcc: eve@example.org"]
    else:
        mail.extra_headers = {"Message-ID": "<1>\r\nBcc: eve@example.org"}
    with pytest.raises(Unwritable, match="BadHeaderError"):
        as_sent(mail)


# A UUID and a host of an ordinary length: more than the 78 characters at which headers are folded.
IDS = {
    "Message-ID": "<delivery-1be97106-d8e2-4869-a419-d311739ef7e8@reminders.example.org>",
    "References": "<occurrence-0ef22aa4-5674-4c59-9075-1f2f62d3db53@reminders.example.org>",
}


@pytest.mark.parametrize("subject", ["Renew it", "Grüße"])
def test_an_id_is_never_folded(subject: str) -> None:
    """An id whose header begins with an empty line is none to some servers and mail programs."""
    sent = as_sent(Letter(subject=subject, text="", html="", to="ada@example.org", headers=IDS)).decode()
    for name, value in IDS.items():
        assert len(f"{name}: {value}") > 78
        assert f"\r\n{name}: {value}\r\n" in sent


def test_the_head_is_filled_in_where_the_service_has_a_name_of_an_ordinary_length() -> None:
    plain = Letter(subject="Renew it", text="", html="", to="ada@example.org", headers=IDS)
    with patch("teamreminders.letter._written", side_effect=AssertionError("Django writes the whole head")):
        as_sent(plain)


def test_with_an_attachment_it_is_composed_by_django() -> None:
    mail = letter()
    mail.attach("invite.ics", "BEGIN:VCALENDAR", "text/calendar")
    message = read(as_sent(mail))
    assert message.get_content_type() == "multipart/mixed"
    assert [part.get_filename() for part in message.iter_attachments()] == ["invite.ics"]
