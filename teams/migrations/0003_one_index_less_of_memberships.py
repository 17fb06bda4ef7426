"""The unique key of a membership begins with its team. Dropped concurrently; the foreign key stays as it is."""

import django.db.models.deletion
from django.db import migrations, models

INDEX = "teams_membership_team_id_d18da3f9"


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("teams", "0002_working_days")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    f"DROP INDEX CONCURRENTLY IF EXISTS {INDEX}",
                    f"CREATE INDEX CONCURRENTLY {INDEX} ON teams_membership (team_id)",
                )
            ],
            state_operations=[
                migrations.AlterField(
                    model_name="membership",
                    name="team",
                    field=models.ForeignKey(
                        "teams.team",
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        db_index=False,
                    ),
                )
            ],
        ),
    ]
