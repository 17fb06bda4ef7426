"""What was done today, and dispatches that failed, without looking through all that lies ahead or behind.

Built concurrently, as in 0008.
"""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("reminders", "0008_fewer_indexes_of_occurrences"),
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
    ]
