"""The mail that accounts need."""

import logging
import uuid
from collections.abc import Collection
from datetime import datetime

import django_rq
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import models, transaction
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from teamreminders.outbox import OutboxQuerySet, OutboxRow, OutboxState

from .user import User

log = logging.getLogger(__name__)

# Why a mail was not sent.
NOT_WANTED = "what it was about has ended"
ERASED = "erased"  # somebody has left, and nothing is to say who


class AccountMailQuerySet(OutboxQuerySet["AccountMail"]):
    def write(self, *, to: str, subject: str, text: str, html: str = "", about: str = "") -> "AccountMail":
        """Put a message into the outbox; the workers hear of it after the commit.

        Never fails for Redis: what could not be enqueued is handed over by the scheduler.
        """
        mail = self.create(to=to, subject=subject, text=text, html=html, about=about, next_try_at=timezone.now())
        transaction.on_commit(lambda: self.hand_over([mail.pk], timezone.now()), robust=True)
        return mail

    def give_up(self, *about: str) -> int:
        """Do not send what waits about these; what they are about has ended. `take_up` undoes it."""
        return self.filter(about__in=about, next_try_at__isnull=False).withdraw(NOT_WANTED)

    def take_up(self, about: str, now: datetime) -> int:
        """Send what was given up about it after all."""
        given_up = self.filter(about=about, state=OutboxState.SUPPRESSED, why_not=NOT_WANTED)
        return given_up.update(state=OutboxState.QUEUED, why_not="", next_try_at=now, created_at=now)

    def forget_about(self, *about: str) -> None:
        """Give up what waits about these, and erase addresses and words, also of what was sent."""
        self.give_up(*about)
        self.filter(about__in=about).update(to="", subject="", text="", html="")

    def hand_over(self, ids: list[int], now: datetime) -> int:
        """Enqueue those of `ids` that are due for the workers. Raises RedisError."""
        queue = django_rq.get_queue("account")
        queue.connection.ping()  # before the rows are marked: an outage must not cost them half a minute
        taken = self.take(ids, now)
        if taken:
            queue.enqueue("accounts.jobs.send_account_mail", taken, result_ttl=0, failure_ttl=86400)
        return len(taken)

    def hand_over_due(self, now: datetime) -> int:
        """Enqueue what is due and was lost or put off. Raises RedisError."""
        due = list(self.due(now).order_by("next_try_at").values_list("pk", flat=True)[:200])
        return self.hand_over(due, now) if due else 0

    def forget(self, addresses: Collection[str]) -> None:
        """Give up what waits for these addresses (in lower case), and say no more what went there.

        What a worker is just sending goes out.
        """
        found = self.annotate(address=Lower("to")).filter(address__in=addresses).values_list("pk", flat=True)
        theirs = AccountMail.objects.filter(pk__in=list(found))
        theirs.withdraw(ERASED)
        not_out = theirs.exclude(state__in=[OutboxState.SENT, OutboxState.BOUNCED])
        not_out.update(state=OutboxState.SUPPRESSED, why_not=ERASED, next_try_at=None)  # nor is it taken up again
        theirs.without(addresses, to="", subject="", text="", html="")

    def forget_strangers(self) -> None:
        """Of those that were sent: not where to, if nobody with an account has that address."""
        account = User.objects.annotate(address=Lower("email")).filter(address=Lower(models.OuterRef("to")))
        self.filter(~models.Exists(account), state=OutboxState.SENT).update(to="")


class AccountMail(OutboxRow):
    """A mail that an account needs (confirm, reset, …), rendered; its words are erased once it was accepted."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    to = models.EmailField(editable=False)
    subject = models.CharField(max_length=250, editable=False)
    text = models.TextField(editable=False)
    html = models.TextField(blank=True, editable=False)
    # What it goes out for, such as "invitation:" and a UUID, so that it does not once that has ended.
    about = models.CharField(max_length=60, blank=True, editable=False)

    objects = AccountMailQuerySet.as_manager()

    class Meta:
        verbose_name = _("account mail")
        verbose_name_plural = _("account mails")
        indexes = [
            # AccountMailQuerySet.due, once a second
            models.Index(fields=["about"], name="account_mail_about", condition=~models.Q(about="")),
            models.Index(
                fields=["next_try_at"], name="account_mail_due", condition=models.Q(next_try_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"account mail {self.uuid}"

    def compose(self) -> EmailMultiAlternatives:
        """The message, with the same Message-ID at every try."""
        domain = settings.SITE.hostname
        headers = {"Message-ID": f"<account-{self.uuid}@{domain}>", "Auto-Submitted": "auto-generated"}
        message = EmailMultiAlternatives(self.subject, self.text, to=[self.to], headers=headers)
        if self.html:
            message.attach_alternative(self.html, "text/html")
        return message
