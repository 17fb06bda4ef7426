"""What workers do for accounts."""

from datetime import datetime

from django.core.mail import EmailMessage

from teamreminders.claims import Claims
from teamreminders.sending import Round

from .models import AccountMail


class AccountRound(Round[AccountMail]):
    claims = Claims(AccountMail, erasing=("subject", "text", "html"))

    def compose(self, row: AccountMail, now: datetime) -> EmailMessage:
        return row.compose()


def send_account_mail(ids: list[int]) -> None:
    """Send these account mails. May run twice; a mail that was claimed already is left alone."""
    mails = AccountMail.objects.filter(pk__in=ids, state=AccountMail.State.QUEUED).order_by("pk")
    AccountRound(list(mails), AccountMail.objects.all()).run()
    AccountMail.objects.filter(pk__in=ids).forget_strangers()
