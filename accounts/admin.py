"""People and their account mail, for operators."""

from typing import Any

from allauth.account.admin import EmailAddress  # with what registers it, so that it can be taken away below
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from teamreminders.history import HistoryAdmin, OutboxAdmin

from .addresses import trust
from .models import AccessToken, AccountMail, User

HELP = {
    "email": _("The login. An address that an operator enters counts as verified: the person can sign in at once."),
    "zone": _("The IANA name, such as Europe/Berlin."),
}
HOW_TO_DELETE = _(
    "People delete their account in their own settings. On request: manage.py delete_account, with the address."
)
PRIVILEGES = ("is_staff", "is_superuser", "groups", "user_permissions")


class _PersonForm(forms.ModelForm):
    """What creating and changing a person share."""

    def clean_email(self) -> str:
        """Lower case, and not somebody else's second address either: one verified address, one person."""
        email = self.cleaned_data["email"].strip().lower()
        taken = EmailAddress.objects.filter(email__iexact=email, verified=True).exclude(user=self.instance.pk)
        if taken.exists():
            raise forms.ValidationError(_("Somebody uses this address already."))
        return email


class NewPersonForm(_PersonForm, AdminUserCreationForm):
    class Meta:
        model = User
        fields = ("email", "name", "zone")
        help_texts = HELP


class PersonForm(_PersonForm, UserChangeForm):
    class Meta:
        model = User
        fields = ("email", "password", "name", "zone", "language", "is_active", *PRIVILEGES)
        help_texts = HELP


@admin.register(User)
class PersonAdmin(UserAdmin):
    form = PersonForm
    add_form = NewPersonForm
    ordering = ["email"]
    list_display = ["email", "name", "zone", "is_active", "is_staff", "date_joined", "last_login"]
    list_filter = ["is_active", "is_staff", "is_superuser", "zone"]
    search_fields = ["email", "name"]
    search_help_text = _("E-mail or name")
    show_full_result_count = False
    readonly_fields = ["uuid", "date_joined", "last_login"]
    fieldsets = (
        (
            None,
            {"description": HOW_TO_DELETE, "fields": ("email", "password", "name", "zone", "language", "is_active")},
        ),
        (_("Operators"), {"fields": PRIVILEGES}),
        (_("History"), {"fields": ("uuid", "date_joined", "last_login")}),
    )
    add_fieldsets = ((None, {"fields": ("email", "name", "zone", "usable_password", "password1", "password2")}),)

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        """Only superusers give privileges: an operator who may edit people must not be able to promote anybody."""
        fields = list(super().get_readonly_fields(request, obj))
        return fields if request.user.is_superuser else [*fields, *PRIVILEGES]

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_change_permission(request, obj) and self._may_touch(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Deleting the row alone would leave teams without an owner, and the address where it was written down."""
        return False

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """An operator's word counts for an address."""
        super().save_model(request, obj, form, change)
        if not change or "email" in form.changed_data:
            trust(obj)

    @staticmethod
    def _may_touch(request: HttpRequest, person: User | None) -> bool:
        """Operators are changed (and given passwords and addresses) by superusers only, or one could become another."""
        return person is None or request.user.is_superuser or not (person.is_staff or person.is_superuser)


# An address is given on the person's own page: whoever adds one elsewhere could add it to a superuser.
admin.site.unregister(EmailAddress)
admin.site.unregister(Group)


@admin.register(Group)
class GroupOfOperatorsAdmin(GroupAdmin):
    """A group's permissions are its members': for superusers only."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_superuser)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_module_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.has_module_permission(request)

    has_change_permission = has_delete_permission = has_view_permission


@admin.register(AccountMail)
class AccountMailAdmin(OutboxAdmin):
    """Whom, when and how far, but no words: a link to reset a password is as good as the password."""

    list_display = ["created_at", "to", "state", "tries", "sent_at", "said"]
    list_filter = ["state", "created_at"]
    search_fields = ["to__iexact"]
    search_help_text = _("UUID, or the whole address")
    fields = ["uuid", "to", "state", "tries", "next_try_at", "created_at", "sent_at", "error", "reply"]


@admin.register(AccessToken)
class AccessTokenAdmin(HistoryAdmin):
    """Whose, what for and until when; neither a secret, of which we have none, nor its hash."""

    DATES = ("created_at", "last_used_at", "expires_at", "ended_at")
    fields = ["uuid", "user", "name", "hint", "scope", "all_teams", *DATES]
    list_display = ["name", "user", "hint", "scope", *DATES]
    list_select_related = ["user"]
    list_filter = ["scope", ("ended_at", admin.EmptyFieldListFilter)]
    search_fields = ["user__email__iexact"]
    search_help_text = _("UUID, or the whole address of its person")
    actions = ["end"]

    @admin.action(description=_("End them"), permissions=["operate"])
    def end(self, request: HttpRequest, queryset: QuerySet[AccessToken]) -> None:
        now = timezone.now()
        count = sum(token.end(now) for token in queryset)
        words = ngettext("%(count)d token is refused from now on.", "%(count)d tokens are refused from now on.", count)
        self.message_user(request, words % {"count": count}, messages.SUCCESS if count else messages.WARNING)
