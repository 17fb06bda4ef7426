"""What a reminder may say of itself."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Audience(models.TextChoices):
    """Who gets it; resolved when it comes due."""

    TEAM = "team", _("everybody in the team")
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
