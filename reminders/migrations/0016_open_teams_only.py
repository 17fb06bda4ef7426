import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations

import teamreminders.triggers


class Migration(migrations.Migration):
    dependencies = [
        ("reminders", "0015_data_export"),
    ]

    operations = [
        pgtrigger.migrations.AddTrigger(
            model_name="reminder",
            trigger=pgtrigger.compiler.Trigger(
                name="team_is_open",
                sql=teamreminders.triggers.PlainTriggerSql(
                    func="PERFORM FROM teams_team WHERE id = NEW.team_id AND closed_at IS NULL FOR KEY SHARE; IF NOT FOUND THEN RAISE foreign_key_violation USING MESSAGE = 'the team is closed'; END IF; RETURN NEW;",
                    hash="70699f753a8341764ffce99e14785869ce2b2069",
                    operation="INSERT",
                    pgid="pgtrigger_team_is_open_51485",
                    table="reminders_reminder",
                    when="BEFORE",
                ),
            ),
        ),
    ]
