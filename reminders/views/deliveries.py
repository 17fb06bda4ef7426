"""Messages that somebody asks for: again, or as a test."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.http import SignedInRequest
from reminders.access import editable_reminder, visible_occurrence, visible_reminder
from reminders.models import Delivery
from reminders.trial import send_test
from teamreminders.http import tell

from .answer import acted


@require_POST
@login_required
def retry(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Queue a failed message again."""
    found = Delivery.objects.visible_to(request.user).select_related("occurrence__reminder")
    delivery = get_object_or_404(found, uuid=uuid)
    reminder = editable_reminder(request, delivery.occurrence.reminder.uuid)
    if Delivery.objects.filter(pk=delivery.pk).retry(timezone.now()):
        tell(request, _("It is tried again."))
    return acted(request, "reminders:detail", reminder.uuid)


@require_POST
@login_required
def retry_all(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Queue all failed messages of an occurrence again."""
    occurrence = visible_occurrence(request, uuid)
    reminder = editable_reminder(request, occurrence.reminder.uuid)
    if count := Delivery.objects.promised().filter(occurrence=occurrence).retry(timezone.now()):
        said = ngettext("%(n)d message is tried again.", "%(n)d messages are tried again.", count)
        tell(request, said % {"n": count})
    return acted(request, "reminders:detail", reminder.uuid)


@require_POST
@login_required
def test(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Send it to the person who asks, marked as a test."""
    reminder = visible_reminder(request, uuid)
    if send_test(reminder, request.user, timezone.now()):
        tell(request, _("A test is on its way to %(address)s, and to nobody else.") % {"address": request.user.email})
    else:
        said = _("No test was sent: the last one is on its way still, or there is no date.")
        tell(request, said, level=messages.INFO)
    return acted(request, "reminders:detail", reminder.uuid)
