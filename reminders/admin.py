"""Reminders and their history, for operators: to find, to understand, to retry. Teams edit on their own pages."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import User
from teamreminders.history import HistoryAdmin, OutboxAdmin, shortened
from teams.models import OutsideAddress

from .goodbye import forget_outside
from .models import DataExport, Delivery, Occurrence, Reminder
from .models.occurrence import OccurrenceQuerySet
from .models.reminder import ReminderQuerySet

# People whose deliveries a search finds; who has so many namesakes gives the whole address.
PEOPLE_FOUND = 100


class StateFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("active", _("active")), ("paused", _("paused")), ("deleted", _("deleted"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> ReminderQuerySet:
        match self.value():
            case "active":
                return queryset.active()
            case "paused":
                return queryset.paused(timezone.now())
            case "deleted":
                return queryset.filter(deleted_at__isnull=False)
        return queryset


class KindFilter(admin.SimpleListFilter):
    title = _("schedule")
    parameter_name = "schedule"
    kinds = {"once": Q(rule="", cron=""), "rule": ~Q(rule=""), "cron": ~Q(cron="")}

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("once", _("once")), ("rule", _("by a rule")), ("cron", _("by cron"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> ReminderQuerySet:
        kind = self.value()
        return queryset.filter(self.kinds[kind]) if kind in self.kinds else queryset


@admin.register(Reminder)
class ReminderAdmin(HistoryAdmin):
    list_display = ["title", "state", "next_due", "team", "author", "in_words", "zone"]
    list_select_related = ["team", "author"]
    list_filter = [StateFilter, KindFilter, "audience", "completion"]
    search_fields = ["title", "team__name", "author__email", "author__name"]
    search_help_text = _("UUID, title, team or author")
    actions = ["pause", "resume"]
    fields = [
        *(
            "uuid",
            "team",
            "author",
            "continues",
            "title",
            "notes",
            "state",
            "in_words",
            "zone",
            "start",
            "times",
            "rule",
            "cron",
        ),
        *("until", "count", "month_end", "day_off", "holidays_only", "skipped", "moved", "zone_mode"),
        *("lead_times", "lateness", "late_hours", "audience", "people", "completion"),
        *("paused_at", "paused_until", "deleted_at", "created_at", "changed_at"),
        "history",
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Reminder]:
        return super().get_queryset(request).with_next_due()  # type: ignore[attr-defined]

    @admin.display(description=_("schedule"))
    def in_words(self, reminder: Reminder) -> str:
        return reminder.in_words

    @admin.display(description=_("history"))
    def history(self, reminder: Reminder) -> str:
        return _link("occurrence", _("Occurrences"), reminder=reminder.pk)

    @admin.display(description=_("next due"), ordering="next_due")
    def next_due(self, reminder: Reminder) -> Any:
        return reminder.next_due  # type: ignore[attr-defined]

    @admin.action(description=_("Pause"), permissions=["operate"])
    def pause(self, request: HttpRequest, queryset: ReminderQuerySet) -> None:
        count = _how_many(queryset, Reminder.pause)
        words = ngettext("%(count)d reminder paused.", "%(count)d reminders paused.", count)
        _say(self, request, words, count)

    @admin.action(description=_("Resume"), permissions=["operate"])
    def resume(self, request: HttpRequest, queryset: ReminderQuerySet) -> None:
        count = _how_many(queryset, Reminder.resume)
        words = ngettext("%(count)d reminder resumed.", "%(count)d reminders resumed.", count)
        _say(self, request, words, count)


class SetAsideFilter(admin.SimpleListFilter):
    title = _("trouble")
    parameter_name = "trouble"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("set-aside", _("dispatch failed"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> OccurrenceQuerySet:
        return queryset.in_trouble() if self.value() else queryset


@admin.register(Occurrence)
class OccurrenceAdmin(HistoryAdmin):
    list_display = [
        "due_at",
        "state",
        "reminder",
        "team",
        "round",
        "next_step_at",
        "settled_by",
        "settled_at",
        "trouble",
    ]
    list_select_related = ["reminder__team", "settled_by"]
    list_filter = ["state", SetAsideFilter, "due_at"]
    search_fields = ["reminder__title", "reminder__team__name"]
    search_help_text = _("UUID, reminder or team")
    actions = ["try_again"]
    fields = [
        *("uuid", "reminder", "slot", "zone", "due_at", "state", "round", "next_step", "next_step_at", "missed_before"),
        *("settled_from", "settled_by", "settled_at", "snoozed_by", "acknowledged_by", "acknowledged_at"),
        *("error", "messages"),
    ]

    @admin.display(description=_("team"))
    def team(self, occurrence: Occurrence) -> str:
        return occurrence.reminder.team.name

    @admin.display(description=_("messages"))
    def messages(self, occurrence: Occurrence) -> str:
        return _link("delivery", _("Deliveries"), occurrence=occurrence.pk)

    @admin.display(description=_("error"))
    def trouble(self, occurrence: Occurrence) -> str:
        return shortened(occurrence.error)

    @admin.action(description=_("Try the dispatch again now"), permissions=["operate"])
    def try_again(self, request: HttpRequest, queryset: OccurrenceQuerySet) -> None:
        count = queryset.try_again(timezone.now())
        words = ngettext("%(count)d dispatch is tried again.", "%(count)d dispatches are tried again.", count)
        _say(self, request, words, count)


@admin.register(Delivery)
class DeliveryAdmin(OutboxAdmin):
    list_display = ["planned_for", "state", "late", "address", "reminder", "team", "tries", "said", "channel"]
    list_select_related = ["occurrence__reminder", "team"]
    list_filter = ["state", "channel", "planned_for"]
    search_fields = ["address"]  # shows the search box; see `search`
    search_help_text = _("UUID, or a person's name or address")

    def search(self, request: HttpRequest, queryset: QuerySet, words: str) -> tuple[QuerySet, bool]:
        """By person, so that the deliveries are found through an index, however many there are.

        The people are found first: PostgreSQL cannot tell how many will match, and would read all deliveries instead.
        """
        if not words:
            return queryset, False
        people = User.objects.filter(Q(email__icontains=words) | Q(name__icontains=words)).order_by("pk")
        return queryset.filter(user__in=list(people.values_list("pk", flat=True)[:PEOPLE_FOUND])), False

    @admin.display(description=_("reminder"))
    def reminder(self, delivery: Delivery) -> str:
        return delivery.occurrence.reminder.title

    @admin.display(description=_("lateness"))
    def late(self, delivery: Delivery) -> str:
        return "" if delivery.lateness is None else f"{delivery.lateness.total_seconds():.1f} s"


@admin.register(DataExport)
class DataExportAdmin(HistoryAdmin):
    """That there is one and how far it is; what is in it is the person's alone."""

    list_display = ["created_at", "user", "state", "done", "total", "size", "progressed_at", "expires_at"]
    list_select_related = ["user"]
    list_filter = ["state", "created_at"]
    search_fields = ["user__email", "user__name"]
    search_help_text = _("UUID, or a person's name or address")
    fields = [
        *("uuid", "user", "state", "why_failed", "done", "total", "part", "size", "created_at", "progressed_at"),
        *("ready_at", "expires_at", "claimed_until", "next_try_at", "tries"),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[DataExport]:
        return super().get_queryset(request).defer("content")


def _how_many(queryset: ReminderQuerySet, verb: Callable[[Reminder, Any], bool]) -> int:
    """For how many of the reminders the verb changed something. In one order, since each stays locked to the end."""
    return sum(verb(reminder, timezone.now()) for reminder in queryset.order_by("pk"))


def _link(model: str, words: Any, **lookup: int) -> str:
    """A link to the rows that belong to this one."""
    return format_html(
        '<a href="{}?{}">{}</a>', reverse(f"admin:reminders_{model}_changelist"), urlencode(lookup), words
    )


def _say(page: HistoryAdmin, request: HttpRequest, words: str, count: int) -> None:
    page.message_user(request, words % {"count": count}, messages.SUCCESS if count else messages.WARNING)


@admin.register(OutsideAddress)
class OutsideAddressAdmin(HistoryAdmin):
    """Who outside a team gets some of its reminders; the team's own page asks them, and they answer by their link."""

    fields = ["uuid", "email", "team", "state", "asked_by", "asked_at", "agreed_at"]
    list_display = ["email", "team", "state", "asked_by", "asked_at", "agreed_at"]
    list_select_related = ["team", "asked_by"]
    list_filter = ["state"]
    search_fields = ["email__iexact"]
    search_help_text = _("UUID, or the whole address")
    actions = ["stop", "erase"]

    @admin.action(description=_("Stop mail to them, as if they had done so"), permissions=["operate"])
    def stop(self, request: HttpRequest, queryset: QuerySet[OutsideAddress]) -> None:
        self._say(request, sum(address.stop() for address in queryset))

    @admin.action(description=_("Erase the addresses, also from the history"), permissions=["operate"])
    def erase(self, request: HttpRequest, queryset: QuerySet[OutsideAddress]) -> None:
        for address in queryset:
            forget_outside(address)
        self._say(request, len(queryset))

    def _say(self, request: HttpRequest, count: int) -> None:
        words = ngettext("%(count)d address gets no more mail.", "%(count)d addresses get no more mail.", count)
        self.message_user(request, words % {"count": count}, messages.SUCCESS if count else messages.WARNING)
