"""What the team wrote."""

import uuid
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from reminders.ladder import in_advance
from reminders.schedule import DayOff, MonthEnd
from teamreminders.text import validate_one_line
from teams.models import OutsideAddress, Role, Team

from .choices import Audience, Completion, Lateness, OccurrenceState, ZoneMode
from .delivery import Delivery, WhyNot
from .label import Label
from .many import ManyQuerySet
from .occurrence import Occurrence
from .recorded import OF_REMINDER
from .scheduled import known
from .search import searched
from .series import Series

if TYPE_CHECKING:
    from accounts.models import User


# With `Lateness.SKIP`: what is not later than this still counts as on time.
GRACE = timedelta(minutes=5)
LATE_HOURS = 24


class ReminderQuerySet(ManyQuerySet):
    def paused(self, now: datetime) -> Self:
        return self.filter(Q(paused_at__isnull=False) | Q(paused_until__gt=now), deleted_at=None)

    def lock(self, pk: int) -> "Reminder":
        """The row, locked as dispatch, edit and respond lock it: reminder first, then occurrence, then delivery."""
        return self.select_for_update(no_key=True).get(pk=pk)


class ReminderManager(models.Manager.from_queryset(ReminderQuerySet)):  # type: ignore[misc]
    def get_queryset(self) -> ReminderQuerySet:
        """Without the words for the search, which only PostgreSQL reads."""
        return super().get_queryset().defer("search")


class Reminder(Series):
    """A title, a schedule and an audience. The team owns it; its author may leave.

    Every verb takes the row lock first, so that a dispatch at the same moment sees the reminder before or after, never
    between.
    """

    Audience = Audience
    Completion = Completion
    Lateness = Lateness
    ZoneMode = ZoneMode

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    team = models.ForeignKey(Team, models.CASCADE, related_name="reminders")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name=_("author"),
        null=True,
        blank=True,
        related_name="written_reminders",
    )
    continues = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, editable=False, related_name="followers"
    )
    # What names it in the file that it came from, so that a second import finds it.
    import_key = models.CharField(max_length=255, null=True, blank=True, editable=False)  # noqa: DJ001  (unique)
    imported_by = models.ForeignKey(
        "Import", models.SET_NULL, null=True, blank=True, editable=False, db_index=False, related_name="reminders"
    )
    title = models.CharField(_("title"), max_length=200, validators=[validate_one_line])
    notes = models.TextField(_("notes"), max_length=10_000, blank=True)
    search = searched("title", "notes")

    lead_times = ArrayField(  # minutes, the longest first
        models.PositiveIntegerField(), verbose_name=_("advance notices"), default=list, blank=True
    )
    lateness = models.CharField(_("if we are late"), max_length=4, choices=Lateness, default=Lateness.LATE)
    late_hours = models.PositiveSmallIntegerField(_("hours late at most"), default=LATE_HOURS)

    audience = models.CharField(_("who gets it"), max_length=6, choices=Audience, default=Audience.TEAM)
    people = models.ManyToManyField(
        settings.AUTH_USER_MODEL, verbose_name=_("people"), blank=True, related_name="chosen_for"
    )
    roles = ArrayField(models.CharField(max_length=6, choices=Role), verbose_name=_("roles"), default=list, blank=True)
    outside = models.ManyToManyField(
        OutsideAddress, verbose_name=_("outside addresses"), blank=True, related_name="reminders"
    )
    labels = models.ManyToManyField(Label, verbose_name=_("labels"), blank=True, related_name="reminders")
    # People who get no mail of it; whom it is for does not change by that.
    muted_by = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="muted_reminders")
    completion = models.CharField(_("settled"), max_length=7, choices=Completion, default=Completion.ANYONE)

    paused_at = models.DateTimeField(null=True, blank=True, editable=False)
    paused_until = models.DateTimeField(null=True, blank=True, editable=False)  # by itself; `paused_at` is null then
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    objects = ReminderManager()

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        constraints = [
            models.CheckConstraint(condition=Q(rule="") | Q(cron=""), name="reminder_has_a_rule_or_cron_not_both"),
            known("month_end", MonthEnd),
            known("day_off", DayOff),
            models.UniqueConstraint(
                fields=["team", "import_key"],
                name="one_reminder_per_key_of_a_file",
                condition=Q(import_key__isnull=False),
            ),
        ]
        indexes = [
            # team pages
            models.Index(fields=["team", "title"], name="reminder_of_team", condition=Q(deleted_at=None)),
            # ListedQuerySet.matching
            GinIndex(fields=["search"], name="reminder_search"),
            # ClockQuerySet.some_by_own_clocks: the scheduler, every 30 seconds
            models.Index(fields=["id"], name="reminder_by_own_clocks", condition=Q(zone_mode="recipient")),
            models.Index(fields=["imported_by"], name="reminder_imported", condition=Q(imported_by__isnull=False)),
        ]
        triggers = OF_REMINDER

    def __str__(self) -> str:
        return self.title

    @property
    def is_active(self) -> bool:
        return self.paused_at is None and self.deleted_at is None

    @property
    def asks(self) -> bool:
        """Whether somebody has to say that it is done."""
        return self.completion != Completion.NOBODY

    @property
    def roles_in_words(self) -> str:
        return ", ".join(str(Role(role).label) for role in self.roles)

    @property
    def lead_times_in_words(self) -> str:
        """Such as "1 day and 1 hour before"; empty without advance notices."""
        return in_advance(self.lead_times)

    @property
    def late_limit(self) -> timedelta:
        """How late a message may still go out."""
        return timedelta(hours=self.late_hours) if self.lateness == Lateness.LATE else GRACE

    def arrange(self, now: datetime) -> None:
        """Bring the upcoming occurrences in line with the schedule, after creating or changing the reminder.

        An overdue occurrence that the schedule still yields stays and goes out; nothing else in the past fires.
        """
        with transaction.atomic():
            Reminder.objects.lock(self.pk)
            self.plan(now)

    def plan(self, now: datetime) -> None:
        """`arrange`, where the lock is held already."""
        Reminder.objects.plan_again([self], now)

    def pause(self, now: datetime, until: datetime | None = None) -> bool:
        """Stop until `resume`, or go on by itself with the first slot from an instant on.

        What was handed over but not claimed is not sent any more. False: was not active, or `until` has passed.
        """
        if until is None:
            return self._stop(WhyNot.PAUSED, now, paused_at=now)
        return until > now and self._stop(WhyNot.PAUSED, now, paused_until=until)

    def resume(self, now: datetime) -> bool:
        """Go on with the next slot after `now`; one that has none sends late what came due meanwhile.

        False: was not paused.
        """
        with transaction.atomic():
            self.lock_again()
            since = self.paused_at
            won = Reminder.objects.paused(now).filter(pk=self.pk).update(paused_at=None, paused_until=None)
            if won:
                self.paused_at = self.paused_until = None
                self._go_on(WhyNot.PAUSED, now)
            if won and since and not self.occurrences.filter(state=OccurrenceState.UPCOMING).exists():
                Occurrence.objects.take_up({self: since}, now)
        return bool(won)

    def is_paused(self, now: datetime) -> bool:
        return self.paused_at is not None or (self.paused_until is not None and self.paused_until > now)

    def discard(self, now: datetime) -> bool:
        """Delete it for everybody; `restore` undoes this. History stays. False: was deleted already."""
        return self._stop(WhyNot.DELETED, now, deleted_at=now)

    def restore(self, now: datetime) -> bool:
        """Undo `discard`, as if it had never been: what came due meanwhile goes out late. False: was not deleted."""
        with transaction.atomic():
            self.lock_again()
            since = self.deleted_at
            won = Reminder.objects.filter(pk=self.pk, deleted_at__isnull=False).update(deleted_at=None)
            if won and since:
                self.deleted_at = None
                self._go_on(WhyNot.DELETED, now)
                if self.is_active:
                    Occurrence.objects.take_up({self: since}, now)
        return bool(won)

    def mute(self, person: "User") -> bool:
        """Send the person nothing more of it; a message that waits is left out when its turn comes. False: was muted.

        One row: every claim looks for it.
        """
        through = Reminder.muted_by.through.objects
        return through.get_or_create(reminder_id=self.pk, user_id=person.pk)[1]

    def unmute(self, person: "User", now: datetime) -> bool:
        """Send the person mail of it again, also what was left out and is not too late yet. False: was not muted."""
        with transaction.atomic():
            self.lock_again()
            if not Reminder.muted_by.through.objects.filter(reminder=self.pk, user=person.pk).delete()[0]:
                return False
            if self.is_active and not self.is_paused(now):
                self._wanted_again(WhyNot.MUTED, now, user=person)
        return True

    def _go_on(self, reason: WhyNot, now: datetime) -> None:
        """Plan again, and want the messages again that were withdrawn when it stopped and are not too late yet."""
        self.plan(now)
        if self.is_active:
            self._wanted_again(reason, now)

    def _wanted_again(self, reason: WhyNot, now: datetime, **whose: "User") -> None:
        fresh = self.occurrences.filter(state=OccurrenceState.OPEN, due_at__gte=now - self.late_limit).values("pk")
        Delivery.objects.filter(occurrence__in=fresh, why_not=reason, **whose).wanted_again(now)

    def _stop(self, reason: WhyNot, now: datetime, **stopped: datetime) -> bool:
        """Set one of `paused_at`, `paused_until`, `deleted_at`; cancel what is upcoming, withdraw what waits."""
        with transaction.atomic():
            self.lock_again()
            going = Reminder.objects.filter(pk=self.pk, deleted_at=None)
            if "deleted_at" not in stopped:
                going = going.filter(paused_at=None)
            won = going.update(**stopped)
            if won:
                for field, at in stopped.items():
                    setattr(self, field, at)
                Occurrence.objects.cancel([self.pk])
                Delivery.objects.filter(occurrence__reminder=self).withdraw(reason)
                self.plan(now)
        return bool(won)

    def settled_ahead(self, now: datetime) -> models.QuerySet[Occurrence]:
        """Those that lie ahead and will not come: done already, or left out."""
        return self.occurrences.filter(
            due_at__gt=now, settled_by__isnull=False, state__in=[OccurrenceState.DONE, OccurrenceState.SKIPPED]
        )

    def lock_again(self) -> None:
        """Take the lock, and read again what another transaction may have changed before we got it."""
        Reminder.objects.lock(self.pk)
        self.refresh_from_db()

    @property
    def state(self) -> str:
        """For pages and the admin: "paused", "ended", "active" or "deleted". One query unless `with_next_due`."""
        if self.deleted_at:
            return "deleted"
        if self.paused_at:
            return "paused"
        if hasattr(self, "next_due"):
            ahead = self.next_due is not None
        else:
            ahead = self.occurrences.filter(state=OccurrenceState.UPCOMING).exists()
        return "active" if ahead else "ended"
