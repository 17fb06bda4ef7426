"""What people may do in a team."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """owner > admin > member > viewer."""

    OWNER = "owner", _("owner")
    ADMIN = "admin", _("admin")
    MEMBER = "member", _("member")
    VIEWER = "viewer", _("viewer")


# Who may manage people, settings and everybody's reminders; who may write reminders.
MANAGERS = (Role.OWNER, Role.ADMIN)
WRITERS = (Role.OWNER, Role.ADMIN, Role.MEMBER)
# What managers may make others. Ownership is handed over, with the new owner's consent.
GIVEN = (Role.ADMIN, Role.MEMBER, Role.VIEWER)
