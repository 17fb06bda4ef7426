"""What lists of reminders say about each of them, without a query a row."""

from typing import TYPE_CHECKING, Self

from django.db.models import Case, Count, Exists, OuterRef, Q, Subquery, When
from django.db.models.functions import Coalesce

from .choices import Completion, OccurrenceState
from .occurrence import Occurrence
from .rights import RightsQuerySet

if TYPE_CHECKING:
    from accounts.models import User


class ListedQuerySet(RightsQuerySet):
    def with_next_due(self) -> Self:
        """Annotates `next_due`, the instant of the first upcoming occurrence; `state` needs no query then."""
        ahead = Occurrence.objects.filter(reminder=OuterRef("pk"), state=OccurrenceState.UPCOMING)
        return self.annotate(next_due=Subquery(ahead.order_by("due_at").values("due_at")[:1]))

    def with_open_since(self) -> Self:
        """Annotates `open_since`, when the occurrence was due that waits for an answer; null where none does."""
        waiting = Occurrence.objects.filter(reminder=OuterRef("pk"), state=OccurrenceState.OPEN)
        since = Subquery(waiting.order_by("due_at").values("due_at")[:1])
        return self.annotate(open_since=Case(When(~Q(completion=Completion.NOBODY), then=since)))

    def with_muted_by(self, user: "User") -> Self:
        """Annotates `is_muted`: whether the person gets no mail of it."""
        muting = self.model.muted_by.through.objects.filter(reminder=OuterRef("pk"), user=user.pk)
        return self.annotate(is_muted=Exists(muting))

    def with_chosen_count(self) -> Self:
        """Annotates `chosen_count`, how many people are chosen; says nothing where everybody in the team gets it."""
        chosen = self.model.people.through.objects.filter(reminder=OuterRef("pk")).order_by().values("reminder")
        return self.annotate(chosen_count=Coalesce(Subquery(chosen.values(n=Count("pk"))), 0))
