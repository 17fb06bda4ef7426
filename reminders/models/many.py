"""The verbs of a reminder for many of them: as many statements for a thousand as for one."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from .choices import OccurrenceState
from .clocks import AT_ONCE
from .delivery import Delivery, WhyNot
from .label import Label
from .listed import ListedQuerySet
from .occurrence import Occurrence

if TYPE_CHECKING:
    from accounts.models import User

    from .reminder import Reminder

# Reminder id -> what of it was another before, as JSON may keep it.
Before = dict[int, Any]


class ManyQuerySet(ListedQuerySet):
    """Each verb needs a transaction, locks the rows in the order of their ids, and says which it changed."""

    def lock_all(self) -> list["Reminder"]:
        """The rows as they are now, locked as `lock` does it."""
        rows = self.select_for_update(of=("self",), no_key=True).select_related("team").order_by("pk")
        return list(rows)

    def pause_all(self, now: datetime) -> Before:
        """As `Reminder.pause`. Before: until when it was paused, or None."""
        rows = [row for row in self.lock_all() if row.is_active]
        self._of(rows).update(paused_at=now)
        _stop(rows, WhyNot.PAUSED)
        return {row.pk: _text(row.paused_until if row.is_paused(now) else None) for row in rows}

    def resume_all(self, now: datetime) -> Before:
        """As `Reminder.resume`. Before: since when and until when it was paused, one of them None."""
        rows = [row for row in self.lock_all() if row.is_paused(now) and row.deleted_at is None]
        return self._unpause(dict.fromkeys(rows), now)

    def unpause_all(self, since: datetime, until: Before, now: datetime) -> int:
        """Undo `pause_all` where it is still as that left it; what was paused until an instant is so again."""
        rows = [row for row in self.lock_all() if row.paused_at == since and row.deleted_at is None]
        self._unpause({row: _instant(until[row.pk]) for row in rows}, now)
        return len(rows)

    def pause_again_all(self, before: Before, now: datetime) -> int:
        """Undo `resume_all` where nobody has paused it since."""
        rows = [row for row in self.lock_all() if row.is_active and not row.is_paused(now)]
        for row in rows:
            row.paused_at, row.paused_until = map(_instant, before[row.pk])
        self._of(rows).bulk_update(rows, ["paused_at", "paused_until"])
        _stop(rows, WhyNot.PAUSED)
        self._plan_all([row for row in rows if row.paused_until], now)
        return len(rows)

    def discard_all(self, now: datetime) -> Before:
        """As `Reminder.discard`."""
        rows = [row for row in self.lock_all() if row.deleted_at is None]
        self._of(rows).update(deleted_at=now)
        _stop(rows, WhyNot.DELETED)
        return {row.pk: None for row in rows}

    def restore_all(self, since: datetime, now: datetime) -> int:
        """Undo `discard_all`: as `Reminder.restore`."""
        rows = [row for row in self.lock_all() if row.deleted_at == since]
        self._of(rows).update(deleted_at=None)
        for row in rows:
            row.deleted_at = None
        self._go_on_all(rows, WhyNot.DELETED, now)
        Occurrence.objects.take_up({row: since for row in rows if row.is_active}, now)
        return len(rows)

    def label_all(self, label: Label, now: datetime) -> Before:
        """Those that did not have it."""
        through = self.model.labels.through.objects
        rows = self.lock_all()
        having = set(through.filter(label=label, reminder__in=rows).values_list("reminder", flat=True))
        new = [row for row in rows if row.pk not in having]
        through.bulk_create(through.model(reminder_id=row.pk, label_id=label.pk) for row in new)
        return self._changed(new, now)

    def unlabel_all(self, label: Label, now: datetime) -> Before:
        """Those that had it."""
        rows = self.filter(labels=label).lock_all()
        self.model.labels.through.objects.filter(label=label, reminder__in=rows).delete()
        return self._changed(rows, now)

    def hand_over_all(self, person: "User", now: datetime) -> Before:
        """Make the person its author. Before: the id of who was it, or None."""
        rows = [row for row in self.lock_all() if row.author_id != person.pk]
        self._of(rows).update(author=person, changed_at=now)
        return {row.pk: row.author_id for row in rows}

    def hand_back_all(self, person: "User", before: Before, now: datetime) -> int:
        """Undo `hand_over_all` where the person has it still."""
        rows = [row for row in self.lock_all() if row.author_id == person.pk]
        by_author = defaultdict(list)
        for row in rows:
            by_author[before[row.pk]].append(row)
        for author, theirs in by_author.items():
            self._of(theirs).update(author=author, changed_at=now)
        return len(rows)

    def _unpause(self, until: dict["Reminder", datetime | None], now: datetime) -> Before:
        rows = list(until)
        before = {row.pk: [_text(row.paused_at), _text(row.paused_until)] for row in rows}
        since = {row: row.paused_at for row in rows if row.paused_at}
        for row in rows:
            row.paused_at, row.paused_until = None, until[row]
        self._of(rows).bulk_update(rows, ["paused_at", "paused_until"])
        self._go_on_all(rows, WhyNot.PAUSED, now)
        upcoming = Occurrence.objects.filter(reminder__in=rows, state=OccurrenceState.UPCOMING)
        going = set(upcoming.values_list("reminder", flat=True))
        Occurrence.objects.take_up({row: at for row, at in since.items() if row.pk not in going}, now)
        return before

    def _go_on_all(self, rows: Sequence["Reminder"], reason: WhyNot, now: datetime) -> None:
        """As `Reminder._go_on`."""
        self._plan_all(rows, now)
        by_limit: dict[timedelta, list[int]] = defaultdict(list)
        for row in rows:
            if row.is_active:
                by_limit[row.late_limit].append(row.pk)
        for limit, ids in by_limit.items():
            fresh = Occurrence.objects.unsettled().filter(reminder__in=ids, state=OccurrenceState.OPEN)
            of_fresh = list(fresh.filter(due_at__gte=now - limit).values_list("pk", flat=True))
            Delivery.objects.filter(occurrence__in=of_fresh, why_not=reason).wanted_again(now)

    def _plan_all(self, rows: Sequence["Reminder"], now: datetime) -> None:
        for start in range(0, len(rows), AT_ONCE):
            some = rows[start : start + AT_ONCE]
            self._of(some).plan_again([row for row in some if row.is_readable(now)], now)

    def _changed(self, rows: Sequence["Reminder"], now: datetime) -> Before:
        self._of(rows).update(changed_at=now)
        return {row.pk: None for row in rows}

    def _of(self, rows: Sequence["Reminder"]) -> Any:
        """These rows, however they were found."""
        return self.model.objects.filter(pk__in=[row.pk for row in rows])


def _stop(rows: Sequence["Reminder"], reason: WhyNot) -> None:
    """Cancel what is upcoming, withdraw what waits.

    Messages by the ids of their occurrences: asked for by those of many reminders, PostgreSQL reads them all.
    """
    ids = [row.pk for row in rows]
    unsettled = list(Occurrence.objects.unsettled().filter(reminder__in=ids).values_list("pk", flat=True))
    Occurrence.objects.cancel(ids)
    Delivery.objects.filter(occurrence__in=unsettled).withdraw(reason)


def _text(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
