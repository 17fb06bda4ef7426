"""The unique key of a delivery begins with its occurrence. Dropped concurrently; the foreign key stays as it is."""

import django.db.models.deletion
from django.db import migrations, models

INDEX = "reminders_delivery_occurrence_id_7ce88273"


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("reminders", "0010_indexes_for_pages_and_clocks")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    f"DROP INDEX CONCURRENTLY IF EXISTS {INDEX}",
                    f"CREATE INDEX CONCURRENTLY {INDEX} ON reminders_delivery (occurrence_id)",
                )
            ],
            state_operations=[
                migrations.AlterField(
                    model_name="delivery",
                    name="occurrence",
                    field=models.ForeignKey(
                        "reminders.occurrence",
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deliveries",
                        db_index=False,
                    ),
                )
            ],
        ),
    ]
