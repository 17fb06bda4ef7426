"""Which reminders a list shows, on a team's page and by the API."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User

from .models.reminder import ReminderQuerySet


class Which(models.TextChoices):
    PAUSED = "paused", _("Paused")
    ENDED = "ended", _("Ended")


class Sort(models.TextChoices):
    NEXT = "next", _("What comes next first")
    TITLE = "title", _("By title")
    NEWEST = "newest", _("Newest first")
    CHANGED = "changed", _("Changed last first")


ORDERS = {Sort.TITLE: ("title", "pk"), Sort.NEWEST: ("-created_at", "-pk"), Sort.CHANGED: ("-changed_at", "-pk")}


@dataclass(frozen=True)
class Wanted:
    """`mine`: written by the reader; `for_me`: addressed to the reader."""

    q: str = ""
    mine: bool = False
    for_me: bool = False
    state: str = ""
    label: UUID | None = None

    @property
    def is_everything(self) -> bool:
        return self == Wanted()

    def of(self, rows: ReminderQuerySet, reader: User, now: datetime) -> ReminderQuerySet:
        """Of what the reader sees."""
        if self.q:
            rows = rows.matching(self.q)
        if self.mine:
            rows = rows.filter(author=reader)
        if self.for_me:
            rows = rows.addressed_to(reader)
        if self.label:
            rows = rows.filter(labels__uuid=self.label, labels__deleted_at=None)
        if self.state:
            rows = rows.paused(now) if self.state == Which.PAUSED else rows.ended(now)
        return rows


def sorted_by(rows: ReminderQuerySet, sort: str) -> ReminderQuerySet:
    return rows.order_by(*ORDERS[Sort(sort)]) if sort in ORDERS else rows.in_order_of_coming()


def with_what_a_row_shows(rows: ReminderQuerySet, reader: User) -> Any:
    """One query; `may_edit` says whether the reader may choose it."""
    return (
        rows.select_related("team")
        .defer("search", "notes", "team__days_off")
        .with_next_due()
        .with_open_since()
        .with_chosen_count()
        .with_label_ids()
        .with_rights_of(reader)
    )
