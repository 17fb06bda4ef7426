"""Teams and who belongs to them, for operators."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from teamreminders.history import HistoryAdmin

from .models import Change, Invitation, JoinLink, JoinRequest, Membership, Offer, Role, Team


class MembershipForm(forms.ModelForm):
    """The person of a membership stays; without a choice to make, its row needs no query for the choices."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.instance.pk:
            person = self.fields["user"]
            person.widget, person.disabled = forms.Select(), True
            person.choices = [(self.instance.user_id, self.instance.user)]  # type: ignore[attr-defined]


class OwnedFormSet(forms.BaseInlineFormSet):
    """A team has somebody who can hand it over or delete it."""

    def clean(self) -> None:
        super().clean()
        had = any(form.initial.get("role") == Role.OWNER for form in self.initial_forms)
        left = [form.cleaned_data for form in self.forms if getattr(form, "cleaned_data", None)]
        if had and not any(each.get("role") == Role.OWNER and not each.get("DELETE") for each in left):
            raise ValidationError(_("Somebody has to own the team."))


class MembershipInline(admin.TabularInline):
    model = Membership
    form = MembershipForm
    formset = OwnedFormSet
    autocomplete_fields = ["user"]
    readonly_fields = ["joined_at"]
    extra = 0

    def get_queryset(self, request: HttpRequest) -> QuerySet[Membership]:
        return super().get_queryset(request).select_related("user")


class JoinLinkInline(admin.TabularInline):
    """To see whether there is one, and to turn it off; the link itself is shown to the team's managers only."""

    model = JoinLink
    readonly_fields = ["role", "needs_approval", "domains", "created_at"]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Team)
class TeamAdmin(admin.ModelAdmin):
    inlines = [MembershipInline, JoinLinkInline]
    ordering = ["name", "pk"]
    list_display = ["name", "zone", "people", "created_at", "closed_at"]
    list_filter = [("closed_at", admin.EmptyFieldListFilter)]
    search_fields = ["name"]
    show_full_result_count = False
    # What counts as a day off moves reminders: the team's own page does that.
    readonly_fields = ["uuid", "working_days", "country", "region", "days_off", "created_at", "closed_at"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Its owner deletes it, on its own page: what is to come has to be called off first."""
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Team]:
        return super().get_queryset(request).annotate(people=Count("memberships"))

    @admin.display(description=_("people"), ordering="people")
    def people(self, team: Team) -> int:
        return team.people  # type: ignore[attr-defined]


TEAMS_FOUND = 200
ENDED = ("accepted_at", "withdrawn_at")


@admin.register(Invitation)
class InvitationAdmin(HistoryAdmin):
    """Who invited whom; the team's own page invites."""

    fields = ["uuid", "email", "team", "role", "invited_by", "created_at", "sent_at", "expires_at", *ENDED]
    list_display = ["email", "team", "role", "invited_by", "sent_at", "expires_at", *ENDED]
    list_select_related = ["team", "invited_by"]
    list_filter = ENDED
    search_fields = ["email__iexact"]
    search_help_text = _("UUID, or the whole address")
    actions = ["withdraw"]

    @admin.action(description=_("Withdraw those that are open"), permissions=["operate"])
    def withdraw(self, request: HttpRequest, queryset: QuerySet[Invitation]) -> None:
        count = sum(invitation.withdraw(timezone.now()) for invitation in queryset)
        words = ngettext("%(count)d invitation is withdrawn.", "%(count)d invitations are withdrawn.", count)
        self.message_user(request, words % {"count": count}, messages.SUCCESS if count else messages.WARNING)


@admin.register(JoinRequest)
class JoinRequestAdmin(HistoryAdmin):
    """Who waits to be let in, or was declined; the team's managers answer."""

    list_display = ["user", "team", "asked_at", "declined_at"]
    list_select_related = ["team", "user"]


@admin.register(Offer)
class OfferAdmin(HistoryAdmin):
    """Teams that wait for a new owner to agree. Deleting a membership ends its offers."""

    list_display = ["team", "made_by", "made_to", "made_at"]
    list_select_related = ["team", "made_by", "made_to"]


@admin.register(Change)
class ChangeAdmin(HistoryAdmin):
    """Who changed what, with its place: operators are named here, where the team's page says "An operator"."""

    fields = ["created_at", "team", "kind", "subject", "action", "changes", "who", "channel", "act"]
    list_display = ["created_at", "team", "kind", "action", "columns", "who", "channel"]
    list_select_related = ["team", "who"]
    list_filter = ["kind", "action", "channel"]
    search_fields = ["team__name"]
    search_help_text = _("UUID of a team, or its name")

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        """By the team, found first, so that its changes are found through an index."""
        words = search_term.strip()
        if not words:
            return queryset, False
        try:
            teams = Team.objects.filter(uuid=UUID(words))
        except ValueError:
            teams = Team.objects.filter(name__icontains=words)
        return queryset.filter(team__in=list(teams.values_list("pk", flat=True)[:TEAMS_FOUND])), False

    @admin.display(description=_("what"))
    def columns(self, change: Change) -> str:
        return ", ".join(change.changes)
