"""Which occurrences are history that nothing asks for any more."""

from datetime import datetime, timezone
from typing import NamedTuple, Self

from django.db.models import Count, Min, Q

from .choices import UNSETTLED
from .delivery import Delivery
from .planning import FARTHEST, PlanningQuerySet


class Old(NamedTuple):
    """By their ids; `deliveries`: how many there are of it."""

    occurrence: int
    reminder: int
    deliveries: int


class HistoryQuerySet(PlanningQuerySet):
    def settled_before(self, before: datetime) -> Self:
        """Settled, and due, settled and named by a slot before that instant."""
        return self.filter(
            ~Q(state__in=UNSETTLED),
            Q(settled_at=None) | Q(settled_at__lt=before),
            due_at__lt=before,
            slot__lt=before.astimezone(timezone.utc).replace(tzinfo=None),
        )

    def old(self, before: datetime) -> list[Old]:
        """Those settled before that instant that nothing asks for any more, in order of id; for a thousand or so.

        Not while a message of it waits, and not what planning looks back at: the neighbours of an occurrence of the
        same reminder that has not been settled, however old that is (after an outage, planning begins there).
        """
        # Lists instead of NOT EXISTS, by which PostgreSQL looks at a reminder once for each of its occurrences, on an
        # index chosen for the average reminder: where most have one occurrence, at all that the others ever had.
        rows = list(self.settled_before(before).order_by("pk").values_list("pk", "reminder_id", "due_at"))
        unsettled = self.model._default_manager.filter(state__in=UNSETTLED, reminder__in={row[1] for row in rows})
        asked_since = dict(unsettled.values_list("reminder_id").annotate(Min("due_at")))
        deliveries = Delivery.objects.filter(occurrence__in=[row[0] for row in rows]).values_list("occurrence_id")
        messages = {pk: counts for pk, *counts in deliveries.annotate(Count("pk"), waiting=Count("next_try_at"))}
        found = []
        for pk, reminder, due_at in rows:
            since, (count, waiting) = asked_since.get(reminder), messages.get(pk, (0, 0))
            if not waiting and (since is None or due_at + FARTHEST <= since):
                found.append(Old(pk, reminder, count))
        return found
