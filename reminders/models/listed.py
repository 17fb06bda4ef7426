"""What lists of reminders say about each of them, without a query a row."""

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, CharField, Count, Exists, ExpressionWrapper, F, OuterRef, Q, Subquery, When
from django.db.models.functions import Coalesce

from .choices import Completion, OccurrenceState
from .occurrence import Occurrence
from .rights import RightsQuerySet
from .search import words_query

if TYPE_CHECKING:
    from accounts.models import User


class ListedQuerySet(RightsQuerySet):
    def matching(self, text: str) -> Self:
        """With each of these words, or how it begins, in the title or the notes."""
        words = words_query(text)
        return self.filter(search=words) if words else self.none()

    def ended(self, now: datetime) -> Self:
        """Not paused, and nothing more comes."""
        ahead = Occurrence.objects.filter(reminder=OuterRef("pk"), state=OccurrenceState.UPCOMING)
        return self.filter(~Exists(ahead), Q(paused_until=None) | Q(paused_until__lte=now), paused_at=None)

    def in_order_of_coming(self) -> Self:
        """What waits for an answer first, then what comes next; one look at an index for each reminder."""
        completion = ExpressionWrapper(OuterRef("completion"), output_field=CharField())
        rows = Occurrence.objects.unsettled().filter(reminder=OuterRef("pk")).alias(of=completion)
        waiting = rows.filter(Q(state=OccurrenceState.UPCOMING) | ~Q(of=Completion.NOBODY)).order_by("due_at")
        found = self.alias(comes_at=Subquery(waiting.values("due_at")[:1]))
        return found.order_by(F("comes_at").asc(nulls_last=True), "title", "pk")

    def with_label_ids(self) -> Self:
        """Annotates `label_ids`; also of labels that were deleted."""
        having = self.model.labels.through.objects.filter(reminder=OuterRef("pk"))
        return self.annotate(label_ids=ArraySubquery(having.values("label")))

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
