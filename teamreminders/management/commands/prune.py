"""`manage.py prune [--days] [--dry-run]`: remove old history, while everything runs."""

import signal
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import datetime, timedelta
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from reminders.closing import remove_closed
from reminders.pruning import (
    Pruned,
    prune_account_mail,
    prune_answers,
    prune_bulk_acts,
    prune_changes,
    prune_data_exports,
    prune_history,
    prune_imports,
    prune_labels,
    prune_sessions,
    prune_tokens,
)

DAYS = 400
# Exceptions of a series and the agenda look back up to two months; nothing younger than this is history.
LEAST_DAYS = 90
# Who changed what is little, and asked about later than what was sent.
DAYS_OF_CHANGES = 730
SAY_EVERY = 5.0


class Command(BaseCommand):
    help = (
        "Remove settled occurrences with their messages, and account mail, that are older than some days, all of teams "
        "that were deleted, what people changed more than two years ago, sessions that have ended, answers kept for "
        "programs that ask twice, access tokens that were revoked, labels that were deleted, and exports that have "
        "expired. Safe while "
        "everything runs: small transactions that wait for nobody. SIGTERM or Ctrl-C ends it between two of them; run "
        "it again to go on. Other reminders stay, and what of them is open or to come."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--days", type=int, default=DAYS, help=f"keep this many, {LEAST_DAYS} at least ({DAYS})")
        parser.add_argument("--dry-run", action="store_true", help="only count")

    def handle(self, *args: Any, days: int, dry_run: bool, **options: Any) -> None:
        if days < LEAST_DAYS:
            raise CommandError(f"--days must be {LEAST_DAYS} or more: pages and planning look back at what is younger.")
        self._stopped = False
        before = {sign: signal.signal(sign, self._stop) for sign in (signal.SIGTERM, signal.SIGINT)}
        try:
            self._prune(days, dry_run)
        finally:
            for sign, handler in before.items():
                signal.signal(sign, handler)

    def _prune(self, days: int, dry_run: bool) -> None:
        now = timezone.now()
        before = now - timedelta(days=days)
        self.stdout.write(f"{'Would remove' if dry_run else 'Removing'} history of before {before:%Y-%m-%d %H:%M} UTC.")
        self._prune_history(before, dry_run)
        for name, counts in (
            ("occurrences of deleted teams", remove_closed(dry_run=dry_run)),
            ("account mails", prune_account_mail(before, dry_run=dry_run)),
            ("changes", prune_changes(now - timedelta(days=max(days, DAYS_OF_CHANGES)), dry_run=dry_run)),
            ("ended sessions", prune_sessions(now, dry_run=dry_run)),
            ("answers kept for programs", prune_answers(now, dry_run=dry_run)),
            ("revoked access tokens", prune_tokens(before, dry_run=dry_run)),
            ("bulk acts beyond undoing", prune_bulk_acts(now, dry_run=dry_run)),
            ("deleted labels", prune_labels(before, dry_run=dry_run)),
            ("expired exports", prune_data_exports(now, dry_run=dry_run)),
            ("files for import", prune_imports(now, dry_run=dry_run)),
        ):
            self.stdout.write(f"{self._sum(counts)} {name}.")
        if self._stopped:
            self.stdout.write("Stopped before the end: run it again to go on.")

    def _prune_history(self, before: datetime, dry_run: bool) -> None:
        total, said_at = Pruned(), time.monotonic()
        for pruned in prune_history(before, dry_run=dry_run):
            total = Pruned(*map(sum, zip(total, pruned, strict=True)))
            if time.monotonic() - said_at > SAY_EVERY:
                said_at = time.monotonic()
                self._say(total)
            if self._stopped:
                break
        self._say(total)

    def _sum(self, counts: Iterator[int]) -> int:
        """How many rows each small transaction removed, all together; none begins once we are to stop."""
        removed = 0
        while not self._stopped and (count := next(counts, None)) is not None:
            removed += count
        return removed

    def _say(self, total: Pruned) -> None:
        words = f"{total.occurrences} occurrences, {total.deliveries} messages"
        self.stdout.write(words + (f"; {total.left} in use, left for the next time." if total.left else "."))
        self.stdout.flush()

    def _stop(self, signum: int, frame: FrameType | None) -> None:
        self._stopped = True
