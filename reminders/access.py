"""What a person may not see does not exist (404); what they see but may not do is refused (403)."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.http import SignedInRequest
from reminders.agenda import ANSWERED_BY, with_rights
from reminders.models import Label, Occurrence, Reminder
from reminders.models.reminder import ReminderQuerySet
from teams.access import manages, narrowed


def reminders_of(request: SignedInRequest) -> ReminderQuerySet:
    return narrowed(request, Reminder.objects.visible_to(request.user))


def visible_reminder(request: SignedInRequest, uuid: UUID) -> Reminder:
    """With `next_due`, `open_since`, `may_edit`, `may_answer` and `may_write`."""
    reminders = reminders_of(request).with_rights_of(request.user).with_open_since().with_next_due()
    return get_object_or_404(reminders.select_related("team", "author", "continues"), uuid=uuid)


def editable_reminder(request: SignedInRequest, uuid: UUID) -> Reminder:
    reminder = visible_reminder(request, uuid)
    if not reminder.may_edit:  # type: ignore[attr-defined]
        raise PermissionDenied
    return reminder


def locked(reminder: Reminder) -> Reminder:
    """The row as it is now, locked until the answer: a dispatch sees it before the change or after."""
    row = Reminder.objects.lock(reminder.pk)
    if row.deleted_at:
        raise Http404
    return row


def managed_label(request: SignedInRequest, uuid: UUID, *, deleted: bool = False) -> Label:
    """A label of a team that the person manages."""
    labels = Label.objects.also_deleted_visible_to(request.user) if deleted else Label.objects.visible_to(request.user)
    label = get_object_or_404(narrowed(request, labels).select_related("team"), uuid=uuid)
    if not manages(request, label.team):
        raise PermissionDenied
    return label


def visible_occurrence(request: SignedInRequest, uuid: UUID) -> Occurrence:
    """With `mine` and `may_answer`."""
    visible = narrowed(request, Occurrence.objects.visible_to(request.user), team="reminder__team__")
    rows = with_rights(visible, request.user)
    return get_object_or_404(rows.select_related("reminder__team", *ANSWERED_BY), uuid=uuid)


def answerable_occurrence(request: SignedInRequest, uuid: UUID) -> Occurrence:
    occurrence = visible_occurrence(request, uuid)
    if not occurrence.may_answer:  # type: ignore[attr-defined]
        raise PermissionDenied
    return occurrence


def uuid_or_404(text: str) -> UUID:
    """A row's name out of a form."""
    try:
        return UUID(text)
    except ValueError as error:
        raise Http404 from error
