"""What a person asked to have of all that we know of them."""

import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

import django_rq
from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.db.models import F, Q
from django.db.models.functions import Substr
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from accounts.models import User

# Whoever made a slice of it and has said nothing for so long is gone; longer than rq gives the job.
LEASE = timedelta(seconds=40)
JOB_SECONDS = 30
# A job that was lost in Redis comes again after this.
HAND_OVER_AGAIN = timedelta(seconds=30)
# Claims in a row of which nothing came: whatever it is, it takes the worker down each time.
MAX_TRIES = 4
# Nothing got done for so long: the person may begin again.
STALE_AFTER = timedelta(minutes=2)
KEPT_FOR = timedelta(days=7)
# Read last by workers: mail does not wait for it.
QUEUE = "background"
# Bytes that a download reads at a time.
PIECE = 1_000_000


class ExportState(models.TextChoices):
    """asked -> working -> ready | failed, each slice claimed and settled by one conditional UPDATE."""

    ASKED = "asked", _("asked for")
    WORKING = "working", _("being made")
    READY = "ready", _("ready")
    FAILED = "failed", _("failed")


OPEN = (ExportState.ASKED, ExportState.WORKING)


class WhyFailed(models.TextChoices):
    TOO_LARGE = "too-large", _("it is larger than this site can make in one file")
    GAVE_UP = "gave-up", _("something in it could not be read, again and again")


class DataExportQuerySet(models.QuerySet["DataExport"]):
    def visible_to(self, person: "User") -> Self:
        """The person's own, without the bytes."""
        return self.filter(user=person.pk).defer("content")

    def ask(self, person: "User", now: datetime) -> None:
        """Begin one, in place of those that are settled or stuck; one that is being made goes on."""
        mine = self.filter(user=person.pk)
        mine.exclude(state__in=OPEN, progressed_at__gt=now - STALE_AFTER).delete()
        try:
            with transaction.atomic():
                export = self.create(
                    user=person, created_at=now, progressed_at=now, next_try_at=now, expires_at=now + KEPT_FOR
                )
        except IntegrityError:  # asked twice, or at the same moment from another window
            return
        transaction.on_commit(lambda: self.hand_over([export.pk], timezone.now()), robust=True)

    def due(self, now: datetime) -> Self:
        return self.filter(next_try_at__lte=now)

    def hand_over_due(self, now: datetime) -> int:
        """Enqueue those whose job was lost or whose worker is gone. Raises RedisError. Idle: one query."""
        due = list(self.due(now).order_by("next_try_at").values_list("pk", flat=True)[:100])
        return self.hand_over(due, now) if due else 0

    def hand_over(self, ids: list[int], now: datetime) -> int:
        """Enqueue those of `ids` that are due; those that were tried in vain too often fail. Raises RedisError."""
        queue = django_rq.get_queue(QUEUE)
        queue.connection.ping()  # before the rows are marked: an outage must not cost them half a minute
        due = self.filter(pk__in=ids).due(now)
        due.filter(tries__gte=MAX_TRIES).update(**_failed(WhyFailed.GAVE_UP))
        taken = [pk for pk in ids if due.filter(pk=pk).update(next_try_at=now + HAND_OVER_AGAIN)]
        for pk in taken:
            queue.enqueue("reminders.jobs.make_export", pk, job_timeout=JOB_SECONDS, result_ttl=0, failure_ttl=86400)
        return len(taken)

    def claim(self, pk: int, now: datetime) -> "DataExport | None":
        """Take it for one slice. None: it is settled or gone, or somebody else has it."""
        free, until = Q(claimed_until=None) | Q(claimed_until__lte=now), now + LEASE
        won = self.filter(free, pk=pk, state__in=OPEN).update(
            state=ExportState.WORKING, claimed_until=until, next_try_at=until, tries=F("tries") + 1
        )
        return self.filter(pk=pk, claimed_until=until).first() if won else None

    def expired(self, now: datetime) -> Self:
        return self.filter(expires_at__lte=now)


class DataExport(models.Model):
    """A ZIP file that grows by a slice at a time; it can be opened at any moment, and lacks what is still to come."""

    State = ExportState

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="data_exports")
    state = models.CharField(max_length=7, choices=ExportState, default=ExportState.ASKED, editable=False)
    why_failed = models.CharField(max_length=9, choices=WhyFailed, blank=True, editable=False)
    # Rows that are in it, and that there were when it began.
    done = models.PositiveIntegerField(default=0, editable=False)
    total = models.PositiveIntegerField(default=0, editable=False)
    # Where the next slice begins: the file that is being written, and the id of its last row.
    part = models.CharField(max_length=20, blank=True, editable=False)
    after = models.BigIntegerField(default=0, editable=False)
    content = models.BinaryField(default=b"", editable=False)
    size = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(editable=False)
    progressed_at = models.DateTimeField(editable=False)  # when it was begun, or a slice was last done
    ready_at = models.DateTimeField(null=True, editable=False)
    expires_at = models.DateTimeField(editable=False)
    claimed_until = models.DateTimeField(null=True, editable=False)  # also what tells one claim from the next
    next_try_at = models.DateTimeField(null=True, editable=False)  # when the scheduler hands it over; null: settled
    tries = models.PositiveSmallIntegerField(default=0, editable=False)  # claims since the last slice that was done

    objects = DataExportQuerySet.as_manager()

    class Meta:
        verbose_name = _("data export")
        verbose_name_plural = _("data exports")
        constraints = [
            models.UniqueConstraint(
                fields=["user"], name="one_open_data_export_per_person", condition=Q(state__in=["asked", "working"])
            ),
        ]
        indexes = [
            # DataExportQuerySet.due, once a second
            models.Index(fields=["next_try_at"], name="data_export_due", condition=Q(next_try_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"data export {self.uuid}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    def is_stuck(self, now: datetime) -> bool:
        return self.is_open and self.progressed_at <= now - STALE_AFTER

    def is_ready(self, now: datetime) -> bool:
        return self.state == ExportState.READY and now < self.expires_at

    def keep(self, now: datetime, **progress: Any) -> bool:
        """Write down a slice, and give it back for the next. False: the claim has lapsed, or it is gone."""
        progress |= {"claimed_until": None, "next_try_at": now, "progressed_at": now, "tries": 0}
        return self._settle(progress)

    def finish(self, now: datetime, **progress: Any) -> bool:
        ready = {"state": ExportState.READY, "ready_at": now, "expires_at": now + KEPT_FOR, "next_try_at": None}
        return self._settle(progress | ready | {"claimed_until": None, "progressed_at": now})

    def fail(self, why: WhyFailed) -> bool:
        return self._settle(_failed(why))

    def _settle(self, columns: dict[str, Any]) -> bool:
        """By whoever holds the claim: no two end at the same microsecond, since one begins after the other."""
        mine = DataExport.objects.filter(pk=self.pk, state=ExportState.WORKING, claimed_until=self.claimed_until)
        return bool(mine.update(**columns))

    def pieces(self) -> Iterator[bytes]:
        """The bytes, a piece at a time, so that no process holds all of a large one. Breaks off when it is deleted."""
        for start in range(0, self.size, PIECE):
            piece = Substr("content", start + 1, PIECE, output_field=models.BinaryField())
            yield bytes(DataExport.objects.values_list(piece, flat=True).get(pk=self.pk))


def _failed(why: WhyFailed) -> dict[str, Any]:
    nothing = {"content": b"", "size": 0, "claimed_until": None, "next_try_at": None}
    return {"state": ExportState.FAILED, "why_failed": why, **nothing}
