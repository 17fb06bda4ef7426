"""What messages say: read for many at once, since nothing can be asked while one of them is composed."""

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from django.db.models import F, Model, QuerySet

from accounts.models import User
from teamreminders.outbox import OutboxState
from teams.models import OutsideAddress, Team

from .models import Delivery, Occurrence, Reminder

M = TypeVar("M", bound=Model)

# What a message says, and what its lines in the log name.
OF_DELIVERY = ("uuid", "occurrence", "outside", "address", "step", "round", "reason", "planned_for", "tries")
OF_OCCURRENCE = ("uuid", "reminder", "slot", "zone", "due_at", "missed_before", "snoozed_by")
NOT_OF_REMINDER = (
    *("author", "continues", "lead_times", "lateness", "late_hours", "audience", "roles", "zone_mode", "planned_zones"),
    *("paused_at", "paused_until", "deleted_at", "created_at", "changed_at"),
)


def with_facts(ids: Sequence[int]) -> list[Delivery]:
    """Queued rows with all that their messages say, in the given order; those of one occurrence share it.

    Six queries at most. Annotates `reader_zone` and `reader_language`, null where there is no user; `address` is where
    the person gets mail now, and a claim stores it.
    """
    queued = Delivery.objects.filter(pk__in=ids, state=OutboxState.QUEUED).only(*OF_DELIVERY)
    facts = queued.annotate(  # type: ignore[no-redef]
        reader_zone=F("user__zone"), reader_language=F("user__language"), reader_address=F("user__email")
    )
    found = {delivery.pk: delivery for delivery in facts}
    for delivery in found.values():
        delivery.address = delivery.reader_address or delivery.address
    _attach("outside", found.values(), OutsideAddress.objects.only("uuid"))
    occurrences = _attach("occurrence", found.values(), Occurrence.objects.only(*OF_OCCURRENCE))
    _attach("snoozed_by", occurrences, User.objects.all())
    reminders = _attach("reminder", occurrences, Reminder.objects.defer(*NOT_OF_REMINDER))
    _attach("team", reminders, Team.objects.all())
    return [found[pk] for pk in ids if pk in found]


def _attach(name: str, rows: Iterable[Any], others: QuerySet[M]) -> list[M]:
    """Give each row the one of `others` that its foreign key names, and return those.

    What `prefetch_related` does, which takes longer over it than PostgreSQL and the models together.
    """
    key = f"{name}_id"
    found = others.in_bulk({getattr(row, key) for row in rows} - {None})
    for row in rows:
        if other := found.get(getattr(row, key)):
            setattr(row, name, other)
    return list(found.values())
