"""What a reminder may say of itself."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Audience(models.TextChoices):
    """Who gets it; resolved when it comes due."""

    TEAM = "team", _("everybody in the team")
    ROLES = "roles", _("those with certain roles")
    PEOPLE = "people", _("chosen people")


class Completion(models.TextChoices):
    """When an occurrence counts as dealt with."""

    ANYONE = "anyone", _("when the first person says it is done")
    NOBODY = "nobody", _("it only tells; nobody has to answer")


class Lateness(models.TextChoices):
    """What becomes of an occurrence that could not go out on time."""

    LATE = "late", _("send it late")
    SKIP = "skip", _("leave it out")


class ZoneMode(models.TextChoices):
    """On whose clock the times are."""

    FIXED = "fixed", _("at one moment for everybody")
    RECIPIENT = "recipient", _("at each person's own local time")


class OccurrenceState(models.TextChoices):
    """upcoming -> open -> done | skipped | missed | cancelled; upcoming -> the same.

    cancelled -> upcoming when the slot returns; done, skipped -> the state before, by undo. Snoozed is open, with a
    step ahead.
    """

    UPCOMING = "upcoming", _("upcoming")
    OPEN = "open", _("open")
    DONE = "done", _("done")
    SKIPPED = "skipped", _("skipped")
    MISSED = "missed", _("missed")
    CANCELLED = "cancelled", _("cancelled")


UNSETTLED = (OccurrenceState.UPCOMING, OccurrenceState.OPEN)
