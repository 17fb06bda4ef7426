"""Admin pages over tables that grow for ever: for reading, finding and a few verbs, never for editing or deleting."""

import uuid
from typing import Any

from django.contrib import admin, messages
from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from .outbox import OutboxQuerySet, OutboxRow, OutboxState

# Rows that a list counts and leafs through; what is older is reached by a filter, a search or a link.
MOST = 10_000


class CappedPaginator(Paginator):
    """Counts `MOST` rows at the most: counting millions would take longer than showing the page."""

    @cached_property
    def count(self) -> int:
        return self.object_list[:MOST].count()  # type: ignore[attr-defined]


class HistoryAdmin(admin.ModelAdmin):
    """Everything read-only, newest first. Actions ask for the permission `operate`: that to change such a row."""

    ordering = ["-pk"]
    list_per_page = 50
    list_max_show_all = 500
    show_full_result_count = False
    paginator = CappedPaginator

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_operate_permission(self, request: HttpRequest) -> bool:
        return super().has_change_permission(request)

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        """A UUID finds its row by the index; other words are looked for in `search_fields`, or by `search`."""
        try:
            return queryset.filter(uuid=uuid.UUID(search_term.strip())), False
        except ValueError:
            return self.search(request, queryset, search_term.strip())

    def search(self, request: HttpRequest, queryset: QuerySet, words: str) -> tuple[QuerySet, bool]:
        return super().get_search_results(request, queryset, words)

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        """All of the row; a model's own page leaves out what must not be read."""
        return self.fields or [field.name for field in self.opts.fields if field.name != "id"]


class OutboxAdmin(HistoryAdmin):
    """Messages, with the server's words and "Retry"."""

    actions = ["retry"]

    @admin.display(description=_("the server's words"))
    def said(self, row: OutboxRow) -> str:
        return shortened(row.reply if row.state == OutboxState.SENT else row.error)

    @admin.action(description=_("Retry those that failed"), permissions=["operate"])
    def retry(self, request: HttpRequest, queryset: OutboxQuerySet) -> None:
        count = queryset.retry(timezone.now())
        words = ngettext(
            "%(count)d message is tried again, if it is still wanted.",
            "%(count)d messages are tried again, if still wanted.",
            count,
        )
        self.message_user(request, words % {"count": count}, messages.SUCCESS if count else messages.WARNING)


def shortened(text: str, length: int = 80) -> str:
    """For a column of a list."""
    return text if len(text) <= length else text[: length - 1] + "…"
