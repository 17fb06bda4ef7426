"""Accounts' forms: allauth's own, without placeholders (they vanish while one types) and second passwords."""

from typing import Any

from allauth.account import forms as allauth
from allauth.account.fields import PasswordField
from django import forms
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .fields import ZoneField
from .languages import languages
from .models import User

PASSWORD_HINT = _("At least 10 characters. Several words are easier to remember than signs.")


class WithoutPlaceholders(forms.Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)


class LoginForm(WithoutPlaceholders, allauth.LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("E-mail")


class TellsNobody(forms.Form):
    """Of a form of allauth's by which people sign up: who has an account already cannot be learned from its time."""

    account_already_exists: bool
    password_name = "password1"  # noqa: S105  (of the field)

    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        """As allauth does; when the same address came in twice at once, the second is told what a later one is told.

        An address that has an account takes as long as a new one, whose password is hashed.
        """
        if self.account_already_exists:
            make_password(self.cleaned_data[self.password_name])
        try:
            with transaction.atomic():
                return super().try_save(request)  # type: ignore[misc]
        except IntegrityError:
            self.account_already_exists = True
            return super().try_save(request)  # type: ignore[misc]


class SignupForm(TellsNobody, WithoutPlaceholders, allauth.SignupForm):
    """With the fields of `joining.NameAndZone`, which settings name."""

    field_order = ["name", "email", "password1", "zone"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("E-mail")
        self.fields["password1"].help_text = PASSWORD_HINT


class AddEmailForm(WithoutPlaceholders, allauth.AddEmailForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("New e-mail address")


class ResetPasswordForm(WithoutPlaceholders, allauth.ResetPasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("E-mail")


class NewPassword(WithoutPlaceholders):
    """Asks once: who mistypes resets it, and password keepers fill one field more reliably than two."""

    password2 = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].label = _("New password")
        self.fields["password1"].help_text = PASSWORD_HINT


class ResetPasswordKeyForm(NewPassword, allauth.ResetPasswordKeyForm):
    pass


class SetPasswordForm(NewPassword, allauth.SetPasswordForm):
    pass


class ChangePasswordForm(NewPassword, allauth.ChangePasswordForm):
    oldpassword = PasswordField(label=_("Present password"), autocomplete="current-password", show_reset_help=True)


class ReauthenticateForm(WithoutPlaceholders, allauth.ReauthenticateForm):
    pass


class DeleteAccountForm(forms.Form):
    """Asks for the address, since nothing brings an account back."""

    email = forms.CharField(label=_("Your e-mail address"), widget=forms.TextInput(attrs={"autocomplete": "off"}))

    def __init__(self, *args: Any, person: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self._person = person
        self.fields["email"].help_text = gettext("Type %(email)s to say that you mean it.") % {"email": person.email}

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        if email.strip().lower() != self._person.email:
            raise forms.ValidationError(_("That is not the address of your account."))
        return email


class ProfileForm(forms.ModelForm):
    """What a person says about themselves. The language is asked for where there is a choice."""

    zone = ZoneField(help_text=_("Pages and mails show times in this zone. It changes only when you say so."))

    class Meta:
        model = User
        fields = ["name", "zone", "language"]
        widgets = {"name": forms.TextInput(attrs={"autocomplete": "name"})}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if len(languages()) > 1:
            self.fields["language"].choices = [("", _("As the browser says")), *languages()]  # type: ignore[attr-defined]
        else:
            del self.fields["language"]
