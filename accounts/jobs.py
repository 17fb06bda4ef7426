"""What workers do for accounts."""

from datetime import datetime

from django.core.mail import EmailMessage

from teamreminders.sending import Round

from .models import AccountMail, AccountMailQuerySet


class AccountRound(Round[AccountMail]):
    def sendable(self) -> AccountMailQuerySet:
        return AccountMail.objects.all()

    def compose(self, row: AccountMail, now: datetime) -> EmailMessage:
        return row.compose()


def send_account_mail(ids: list[int]) -> None:
    """Send these account mails. May run twice; a mail that was claimed already is left alone."""
    mails = AccountMail.objects.filter(pk__in=ids, state=AccountMail.State.QUEUED).order_by("pk")
    AccountRound(list(mails)).run()
