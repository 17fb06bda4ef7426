"""The local inbox: an SMTP server that keeps what it gets in the Maildir LOCAL_INBOX."""

import logging
import signal
import sys
import threading
from typing import Any

from aiosmtpd.controller import Controller
from django.conf import settings
from django.core.management.base import BaseCommand

from teamreminders.inbox.maildir import Keeper, open_maildir


class Command(BaseCommand):
    help = "Take the mail that this machine's own Team Reminders sends, for /inbox/."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.LOCAL_INBOX:
            sys.exit("LOCAL_INBOX is not set: `make run` starts the local inbox.")
        logging.getLogger("mail.log").setLevel(logging.WARNING)  # aiosmtpd tells of every command
        stop = threading.Event()
        for sign in (signal.SIGINT, signal.SIGTERM):
            signal.signal(sign, lambda *_: stop.set())
        keeper = Keeper(open_maildir(settings.LOCAL_INBOX))
        controller = Controller(keeper, hostname=settings.EMAIL_HOST, port=settings.EMAIL_PORT)
        controller.start()
        self.stdout.write(f"taking mail on {settings.EMAIL_HOST}:{settings.EMAIL_PORT}")
        stop.wait()
        controller.stop()
