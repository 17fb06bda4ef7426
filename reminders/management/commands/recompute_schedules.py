"""`manage.py recompute_schedules`: bring upcoming occurrences in line after new tz data or holidays."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from reminders.models import Reminder


class Command(BaseCommand):
    help = (
        "Recompute when upcoming reminders come due: after an update of tz data or of the holidays package. "
        "Safe while everything runs, and a second time; part of the release step."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        changed = Reminder.objects.recompute(timezone.now())
        self.stdout.write(f"Upcoming occurrences that changed: {changed}")
