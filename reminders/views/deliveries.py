"""One message."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.http import SignedInRequest
from reminders.access import editable_reminder
from reminders.models import Delivery
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
