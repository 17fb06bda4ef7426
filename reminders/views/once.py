"""Writing a reminder once, however often its form is sent."""

from collections.abc import Callable
from uuid import UUID, uuid5

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from reminders.models import Reminder


def written_with(token: UUID, draft: Reminder) -> QuerySet[Reminder]:
    """What an earlier sending of the same filling-in of a form wrote; `token` names the filling-in."""
    return Reminder.objects.filter(uuid=token, team=draft.team, author=draft.author)


def write_once(token: UUID, draft: Reminder, save: Callable[[], Reminder]) -> Reminder:
    """The new reminder, or that of the same form sent a moment ago, twice at once.

    The token is the reminder's UUID, so that the unique key decides; one that was deleted meanwhile keeps it, and the
    next is named after both.
    """
    deleted = written_with(token, draft).exclude(deleted_at=None).first()
    draft.uuid = uuid5(token, str(deleted.deleted_at)) if deleted else token
    try:
        with transaction.atomic():
            return save()
    except IntegrityError:
        return get_object_or_404(written_with(draft.uuid, draft), deleted_at=None)
