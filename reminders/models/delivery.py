"""One message of one step to one recipient: the outbox row, the ledger and the receipt."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from django.conf import settings
from django.db import connection, models
from django.db.models import Case, Exists, F, OuterRef, Q, When, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext_lazy as _

from reminders.ladder import TEST, lead_in_words, lead_time
from teamreminders.outbox import OutboxQuerySet, OutboxRow, OutboxState
from teams.models import Membership, OutsideAddress, Team

if TYPE_CHECKING:
    from accounts.models import User


# Rows that do not say what became of the message, or that nobody would look at again: there are none.
UNACCOUNTED = (
    Q(state__in=[OutboxState.QUEUED, OutboxState.SENDING], next_try_at=None)
    | Q(state__in=[OutboxState.HELD, OutboxState.SUPPRESSED], why_not="")
    | Q(state=OutboxState.FAILED, error="")
    | Q(state=OutboxState.SENT, sent_at=None)
)


class WhyNot(models.TextChoices):
    """Why a message was not sent."""

    DONE = "done", _("somebody was done before it went out")
    OVERTAKEN = "overtaken", _("the next one came before it could be sent")
    PAUSED = "paused", _("the reminder was paused")
    DELETED = "deleted", _("the reminder was deleted")
    LEFT = "left", _("no longer in the team")
    CANCELLED = "cancelled", _("the date was taken off the schedule")
    SKIPPED = "skipped", _("somebody left this one out before it went out")
    SNOOZED = "snoozed", _("somebody put it off before it went out")
    TOO_LATE = "too-late", _("it would have come too late")
    MUTED = "muted", _("muted this reminder")
    TURNED_OFF = "turned-off", _("turned this kind of mail off for the team")
    STOPPED = "stopped", _("wants no mail from the team any more")
    REMOVED = "removed", _("taken off the team's outside addresses")


class NewDelivery(NamedTuple):
    """What is not the same for every new row."""

    occurrence_id: int
    team_id: int
    user_id: int | None
    outside_id: int | None
    recipient_key: str
    address: str
    reason: str
    step: str
    round: int
    planned_for: datetime
    state: str
    next_try_at: datetime | None
    why_not: str


BOOK = """
INSERT INTO reminders_delivery (uuid, channel, tries, error, reply, created_at, occurrence_id, team_id,
                                user_id, outside_id, recipient_key, address, reason, step, round, planned_for, state,
                                next_try_at, why_not)
SELECT gen_random_uuid(), 'email', 0, '', '', booking.now, new.*
  FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[],
              %s::smallint[], %s::timestamptz[], %s::text[], %s::timestamptz[], %s::text[])
       AS new (occurrence_id, team_id, user_id, outside_id, recipient_key, address, reason, step, round, planned_for,
               state, next_try_at, why_not),
       (SELECT %s::timestamptz AS now) AS booking
    ON CONFLICT DO NOTHING
"""


class DeliveryQuerySet(OutboxQuerySet["Delivery"]):
    def visible_to(self, user: "User") -> Self:
        """Of a team the person belongs to and a reminder that is not deleted."""
        if not user.is_authenticated:
            return self.none()
        mine = Membership.objects.filter(team=OuterRef("team"), user=user)
        return self.filter(Exists(mine), occurrence__reminder__deleted_at=None)

    def promised(self) -> Self:
        """Without tests: what a reminder sent by itself, or should have."""
        return self.exclude(step__startswith=TEST)

    def due_in_turn(self, now: datetime, limit: int, after: int = 0) -> list[int]:
        """Ids of due rows, the teams taking turns, so that one team's thousands do not hold up another's one.

        `after`: the id of the team that had the last turn; where few go at a time it must not be the next as well.
        Sorts all that is due, which the scheduler keeps short.
        """
        turn = Window(RowNumber(), partition_by=F("team_id"), order_by=[F("next_try_at"), F("pk")])
        due = (
            self.due(now)
            .annotate(turn=turn)
            .order_by("turn", Case(When(team_id__gt=after, then=0), default=1), "team_id")
        )
        return list(due.values_list("pk", flat=True)[:limit])

    def book(self, rows: Sequence["NewDelivery"], now: datetime) -> None:
        """Insert these, leaving out those that exist. One query; a tenth of what `bulk_create` takes for a burst."""
        if rows:
            with connection.cursor() as cursor:
                cursor.execute(BOOK, [*map(list, zip(*rows, strict=True)), now])

    def wanted_again(self, now: datetime) -> int:
        """Queue withdrawn rows again; their wait starts afresh."""
        withdrawn = self.filter(state=OutboxState.SUPPRESSED)
        return withdrawn.update(state=OutboxState.QUEUED, why_not="", next_try_at=now, created_at=now)


class Delivery(OutboxRow):
    """Its states are those of every outbox row; "once" is its unique key."""

    WhyNot = WhyNot

    class Reason(models.TextChoices):
        """Why this person gets it."""

        TEAM = "team", _("member of the team")
        CHOSEN = "chosen", _("chosen for this reminder")
        ROLE = "role", _("by their role")
        OUTSIDE = "outside", _("outside address that agreed")
        TEST = "test", _("asked for a test")

    class Channel(models.TextChoices):
        EMAIL = "email", _("e-mail")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # No index of its own: `one_delivery_per_step_and_recipient` begins with it.
    occurrence = models.ForeignKey("reminders.Occurrence", models.CASCADE, related_name="deliveries", db_index=False)
    # The reminder's, for taking turns. It goes with its occurrence: a key and an index here would cost every message.
    team = models.ForeignKey(Team, models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="deliveries")
    # Instead of a person. As with the team, a key and an index would cost every message.
    outside = models.ForeignKey(
        OutsideAddress, models.DO_NOTHING, null=True, related_name="+", db_constraint=False, db_index=False
    )
    # "user:12", "mail:ana@example.org"; never null, so that the unique key holds
    recipient_key = models.CharField(max_length=320)
    address = models.EmailField()  # as it was when the row was written, or sent
    channel = models.CharField(max_length=8, choices=Channel, default=Channel.EMAIL)
    step = models.CharField(max_length=16)
    round = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=8, choices=Reason)
    planned_for = models.DateTimeField()  # when the step was due: lateness counts from here

    reader_zone: str | None  # by `facts.with_facts`
    reader_language: str | None  # the same
    reader_address: str | None

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints = [
            models.UniqueConstraint(
                fields=["occurrence", "round", "step", "recipient_key", "channel"],
                name="one_delivery_per_step_and_recipient",
            ),
        ]
        indexes = [
            # OutboxQuerySet.due: the scheduler, five times a second
            models.Index(fields=["next_try_at"], name="delivery_due", condition=Q(next_try_at__isnull=False)),
            # dead letters: the admin, and the reconciler once a minute
            models.Index(fields=["-id"], name="delivery_failed", condition=Q(state=OutboxState.FAILED)),
            # the reconciler; always empty
            models.Index(fields=["id"], name="delivery_unaccounted", condition=UNACCOUNTED),
        ]

    def __str__(self) -> str:
        return f"delivery {self.uuid}"

    @property
    def ids(self) -> dict[str, Any]:
        return super().ids | self.occurrence.ids

    @property
    def is_test(self) -> bool:
        return self.step.startswith(TEST)

    def late_by(self, now: datetime) -> timedelta | None:
        return now - self.planned_for

    @property
    def reason_why_not(self) -> str:
        """`why_not` in words."""
        return str(WhyNot(self.why_not).label) if self.why_not in WhyNot.values else self.why_not

    @property
    def notice(self) -> str:
        """What an advance notice is called on the receipt; empty for the reminder itself."""
        minutes = lead_time(self.step)
        return _("%(time)s before") % {"time": lead_in_words(minutes)} if minutes else ""

    @property
    def lateness(self) -> timedelta | None:
        """Accepted by the mail server minus due."""
        return self.sent_at - self.planned_for if self.sent_at else None
