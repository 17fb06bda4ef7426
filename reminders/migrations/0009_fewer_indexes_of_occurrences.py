"""No index that another one begins with, and none over columns that are nearly always null.

Everything goes on meanwhile: indexes are built and dropped concurrently, and the foreign keys stay as they are (Django
would drop them and check the whole table again). An interrupted build leaves an invalid index, to be dropped before the
next try.
"""

import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import Q

USER = settings.AUTH_USER_MODEL


def without_index(name: str, index: str, to: str, **options: object) -> migrations.SeparateDatabaseAndState:
    """The foreign key `name` of Occurrence loses the index that Django made for it."""
    key = models.ForeignKey(to, db_index=False, **options)  # type: ignore[arg-type]
    return migrations.SeparateDatabaseAndState(
        database_operations=[
            migrations.RunSQL(
                f"DROP INDEX CONCURRENTLY IF EXISTS {index}",
                f"CREATE INDEX CONCURRENTLY {index} ON reminders_occurrence ({name}_id)",
            )
        ],
        state_operations=[migrations.AlterField(model_name="occurrence", name=name, field=key)],
    )


def not_null(name: str) -> AddIndexConcurrently:
    condition = Q(**{f"{name}__isnull": False})
    return AddIndexConcurrently(
        "occurrence", models.Index(fields=[name], name=f"occurrence_{name}", condition=condition)
    )


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("reminders", "0008_occurrence_created_at"),
        migrations.swappable_dependency(USER),
    ]

    operations = [
        not_null("settled_by"),
        not_null("snoozed_by"),
        without_index(
            "reminder",
            "reminders_occurrence_reminder_id_2cfe7f1a",
            "reminders.reminder",
            on_delete=django.db.models.deletion.CASCADE,
            related_name="occurrences",
        ),
        without_index(
            "settled_by",
            "reminders_occurrence_settled_by_id_4e296cca",
            USER,
            on_delete=django.db.models.deletion.SET_NULL,
            null=True,
            blank=True,
            related_name="settled_occurrences",
        ),
        without_index(
            "snoozed_by",
            "reminders_occurrence_snoozed_by_id_a5475652",
            USER,
            on_delete=django.db.models.deletion.SET_NULL,
            null=True,
            blank=True,
            related_name="+",
        ),
    ]
