"""Where allauth asks us: what a new person is made of, what it says, and how its mail leaves."""

from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.forms import BaseForm
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _

from teamreminders.text import one_line

from .addresses import validate_printable
from .languages import chosen_or_present, languages
from .models import AccountMail, User


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("This account is switched off. Ask whoever runs this service."),
        "duplicate_email": _("That is your address already."),
        "email_password_mismatch": _("E-mail and password do not belong together. Check both, or reset the password."),
        "email_taken": _("Somebody uses this address already."),
        "enter_current_password": _("That is not your present password."),
        "incorrect_password": _("That is not your password."),
        "invalid_password_reset": _("This link was used already or is too old."),
        "too_many_login_attempts": _("Too many tries. Wait five minutes, then try again or reset the password."),
        "rate_limited": _("That was too often. Wait a minute, then try again."),
    }

    def save_user(self, request: HttpRequest, user: User, form: BaseForm, commit: bool = True) -> User:
        user.name = form.cleaned_data["name"]
        user.zone = form.cleaned_data["zone"]
        # Reminders come without a browser to ask, so they speak as the page did on which the person signed up.
        user.language = get_language() or "" if len(languages()) > 1 else ""
        return super().save_user(request, user, form, commit)

    def clean_email(self, email: str) -> str:
        validate_printable(email)
        return super().clean_email(email)

    def unstash_verified_email(self, request: HttpRequest) -> str | None:
        """None: an invitation spares confirming its own address (`is_email_verified`), and replaces no other one."""
        return None

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("accounts:settings")

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Put the mail into the outbox, in the language of the person whose address it is; else in the request's.

        Its links lead to SITE_URL, whatever host the request named. `about` in the context is what it goes out for.
        """
        context = {name: _on_site(value) if name.endswith("_url") else value for name, value in context.items()}
        context |= {"email": email, "site_url": settings.SITE_URL}
        with override(_language_at(email)):
            message = self.render_mail(template_prefix, email, context)
        html = message.alternatives[0][0]
        about, subject = context.get("about", ""), one_line(message.subject)
        AccountMail.objects.write(to=email, subject=subject, text=message.body, html=html, about=about)


def _language_at(email: str) -> str:
    return chosen_or_present(User.objects.filter(email=email.lower()).values_list("language", flat=True).first())


def _on_site(url: str) -> str:
    address = urlsplit(url)
    return settings.SITE_URL + address.path + (f"?{address.query}" if address.query else "")
