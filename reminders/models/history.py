"""Which occurrences are history that nothing asks for any more."""

from datetime import datetime, timezone
from typing import Any, Self

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from .choices import UNSETTLED
from .delivery import Delivery
from .planning import FARTHEST, PlanningQuerySet


class HistoryQuerySet(PlanningQuerySet):
    def old(self, before: datetime) -> Self:
        """Settled, and due, settled and named by a slot before that instant.

        Not while a message of it waits, and not what planning looks back at: the neighbours of an occurrence of the
        same reminder that has not been settled, however old that is (after an outage, planning begins there).
        """
        unsettled = Q(state__in=UNSETTLED)
        open_before = self.model._default_manager.filter(
            unsettled, reminder=OuterRef("reminder"), due_at__lt=OuterRef("due_at") + FARTHEST
        )
        waiting = Delivery.objects.filter(occurrence=OuterRef("pk"), next_try_at__isnull=False)
        return self.filter(
            ~unsettled,
            ~Exists(open_before),
            ~Exists(waiting),
            Q(settled_at=None) | Q(settled_at__lt=before),
            due_at__lt=before,
            slot__lt=before.astimezone(timezone.utc).replace(tzinfo=None),
        )

    def with_weight(self) -> QuerySet[Any]:
        """Annotates `weight`, how many deliveries there are of each."""
        of_one = Delivery.objects.filter(occurrence=OuterRef("pk")).order_by().values("occurrence")
        return self.annotate(weight=Coalesce(Subquery(of_one.values(n=Count("pk"))), 0))
