"""The local inbox: what arrives by SMTP is shown, and a mail can do nothing to the page that shows it."""

import mailbox
import os
import smtplib
import time
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from teamreminders.embedded.programs import free_port
from teamreminders.inbox.maildir import Box, open_maildir

pytestmark = pytest.mark.django_db

EVIL = "<script>alert(1)</script><p style='color: red'>See <a href='https://example.org/'>this</a></p>"


def written(subject: str = "Renew the certificate", html: str = "") -> EmailMessage:
    message = EmailMessage()
    message["From"] = "Team Reminders <reminders@localhost>"
    message["To"] = "ada@example.org"
    message["Subject"] = subject
    message.set_content("Confirm: http://localhost:8000/accounts/confirm/abc/?a=1&b=2\n<b>not bold</b>\n")
    if html:
        message.add_alternative(html, subtype="html")
    return message


@pytest.fixture
def maildir(settings: Any, tmp_path: Path) -> mailbox.Maildir:
    settings.LOCAL_INBOX = str(tmp_path / "mail")
    return open_maildir(settings.LOCAL_INBOX)


@pytest.fixture
def box(maildir: mailbox.Maildir, settings: Any) -> Box:
    return Box(settings.LOCAL_INBOX)


def test_an_empty_inbox_says_what_will_appear(client: Any, maildir: mailbox.Maildir) -> None:
    assert "Nothing has been sent yet" in client.get(reverse("inbox:mails")).content.decode()


def test_newest_first_and_paged(client: Any, maildir: mailbox.Maildir, settings: Any) -> None:
    for number in range(27):
        key = maildir.add(bytes(written(f"Mail {number}")))
        os.utime(Path(settings.LOCAL_INBOX, "new", key), (number, number))
    first = client.get(reverse("inbox:mails")).content.decode()
    assert first.index("Mail 26") < first.index("Mail 25") < first.index("Mail 2<")
    assert "Page 1 of 2" in first and "Mail 1<" not in first
    assert "Mail 1<" in client.get(reverse("inbox:mails"), {"page": 2}).content.decode()


def test_htmx_gets_the_list_alone(client: Any, maildir: mailbox.Maildir) -> None:
    piece = client.get(reverse("inbox:mails"), headers={"HX-Request": "true"}).content.decode().strip()
    assert piece.startswith('<section id="mails"') and "every 2s" in piece and "<html" not in piece


def test_a_mail_shows_its_text_with_links_and_nothing_of_its_markup(
    client: Any, maildir: mailbox.Maildir, box: Box
) -> None:
    maildir.add(bytes(written(subject="<i>Subject</i>")))
    page = client.get(reverse("inbox:mail", args=box.keys())).content.decode()
    assert 'href="http://localhost:8000/accounts/confirm/abc/?a=1&amp;b=2" rel="noopener" target="_blank"' in page
    assert "&lt;b&gt;not bold&lt;/b&gt;" in page and "&lt;i&gt;Subject&lt;/i&gt;" in page
    assert "ada@example.org" in page and "iframe" not in page


def test_its_html_is_framed_in_a_sandbox_with_a_policy_of_its_own(
    client: Any, maildir: mailbox.Maildir, box: Box
) -> None:
    maildir.add(bytes(written(html=EVIL)))
    page = client.get(reverse("inbox:mail", args=box.keys()))
    frame = reverse("inbox:html", args=box.keys())
    assert f'src="{frame}"' in page.content.decode() and 'sandbox="' in page.content.decode()
    assert "allow-scripts" not in page.content.decode() and "allow-same-origin" not in page.content.decode()
    response = client.get(frame)
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "sandbox" in policy and "script" not in policy
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    assert EVIL in response.content.decode()
    # Its links open beside the inbox; inside the frame our own pages would refuse to be shown.
    assert response.content.decode().startswith('<base target="_blank">')
    assert policy.endswith("allow-popups-to-escape-sandbox")


def test_its_source_is_plain_text(client: Any, maildir: mailbox.Maildir, box: Box) -> None:
    maildir.add(bytes(written(html=EVIL)))
    response = client.get(reverse("inbox:source", args=box.keys()))
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert b"Subject: Renew the certificate" in response.content


def test_emptying_takes_a_post(client: Any, maildir: mailbox.Maildir, box: Box) -> None:
    maildir.add(bytes(written()))
    assert client.get(reverse("inbox:empty")).status_code == 405
    assert len(box.keys()) == 1
    client.post(reverse("inbox:empty"))
    assert box.keys() == []


@pytest.mark.parametrize("key", ["..", "..%2f..%2fmanage.py", "no-such-mail"])
def test_an_address_reaches_nothing_but_mail(client: Any, maildir: mailbox.Maildir, key: str) -> None:
    assert client.get(f"/inbox/{key}/source/").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_what_is_sent_to_the_inbox_process_is_kept(stack: Any, box: Box, settings: Any) -> None:
    port = free_port()
    process = stack.start("inbox", EMAIL_URL=f"smtp://127.0.0.1:{port}", LOCAL_INBOX=settings.LOCAL_INBOX)
    deadline = time.monotonic() + 20
    while "taking mail on" not in process.log.read_text():
        assert time.monotonic() < deadline, process.log.read_text()
        time.sleep(0.05)
    with smtplib.SMTP("127.0.0.1", port, timeout=5) as line:
        line.send_message(written(subject="Ünïcode"))
    [mail] = box.mails(box.keys())
    assert (mail.subject, mail.recipient) == ("Ünïcode", "ada@example.org")
    assert mail.text.startswith("Confirm: ")
    assert process.stop() == 0


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_in_a_browser_the_list_fills_itself_and_a_framed_mail_runs_no_script(page: Any) -> None:
    maildir = open_maildir(os.environ["LOCAL_INBOX"])  # the one that the real web process shows
    maildir.clear()
    page.goto("/inbox/")
    maildir.add(bytes(written(html=EVIL)))
    alerts: list[str] = []
    page.on("dialog", lambda dialog: (alerts.append(dialog.message), dialog.dismiss()))
    page.get_by_role("link", name="Renew the certificate").click(timeout=10_000)
    frame = page.frame_locator("iframe.mail-frame")
    assert frame.get_by_role("link", name="this").is_visible()
    assert frame.locator("p").evaluate("node => getComputedStyle(node).color") == "rgb(255, 0, 0)"
    assert alerts == []
