"""A delivery's team is its reminder's, and goes with it: neither an index nor a foreign key has to say so."""

import django.db.models.deletion
from django.db import migrations, models

INDEX = "reminders_delivery_team_id_ca94b49d"
KEY = f"{INDEX}_fk_teams_team_id"


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("reminders", "0011_one_index_less_of_deliveries"), ("teams", "0002_working_days")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    f"ALTER TABLE reminders_delivery DROP CONSTRAINT IF EXISTS {KEY}",
                    f"ALTER TABLE reminders_delivery ADD CONSTRAINT {KEY} FOREIGN KEY (team_id)"
                    " REFERENCES teams_team (id) DEFERRABLE INITIALLY DEFERRED",
                ),
                migrations.RunSQL(
                    f"DROP INDEX CONCURRENTLY IF EXISTS {INDEX}",
                    f"CREATE INDEX CONCURRENTLY {INDEX} ON reminders_delivery (team_id)",
                ),
            ],
            state_operations=[
                migrations.AlterField(
                    model_name="delivery",
                    name="team",
                    field=models.ForeignKey(
                        "teams.team",
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        db_constraint=False,
                        db_index=False,
                    ),
                )
            ],
        ),
    ]
