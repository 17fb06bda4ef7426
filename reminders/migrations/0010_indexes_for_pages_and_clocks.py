"""What was done today, dispatches that failed, people whose clock is new: without looking through everything.

Built concurrently, as in 0008.
"""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("reminders", "0009_fewer_indexes_of_occurrences"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="occurrence",
            index=models.Index(
                fields=["reminder", "settled_at"], name="occurrence_answered", condition=Q(settled_by__isnull=False)
            ),
        ),
        AddIndexConcurrently(
            model_name="occurrence",
            index=models.Index(fields=["id"], name="occurrence_in_trouble", condition=~Q(error="")),
        ),
        AddIndexConcurrently(
            model_name="reminder",
            index=models.Index(fields=["id"], name="reminder_by_own_clocks", condition=Q(zone_mode="recipient")),
        ),
        RemoveIndexConcurrently("reminder", "reminder_on_own_clocks"),
    ]
