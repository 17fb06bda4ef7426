import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import teamreminders.triggers


class Migration(migrations.Migration):
    dependencies = [
        ("teams", "0009_changes"),
    ]

    operations = [
        migrations.AddField(
            model_name="outsideaddress",
            name="times_asked",
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.AlterField(
            model_name="outsideaddress",
            name="state",
            field=models.CharField(
                choices=[
                    ("asked", "has not agreed yet"),
                    ("agreed", "has agreed"),
                    ("stopped", "wants no mail from this team"),
                    ("removed", "taken off the list"),
                    ("erased", "an erased address"),
                ],
                default="asked",
                max_length=8,
                verbose_name="state",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="invitation",
            trigger=pgtrigger.compiler.Trigger(
                name="team_is_open",
                sql=teamreminders.triggers.PlainTriggerSql(
                    func="PERFORM FROM teams_team WHERE id = NEW.team_id AND closed_at IS NULL FOR KEY SHARE; IF NOT FOUND THEN RAISE foreign_key_violation USING MESSAGE = 'the team is closed'; END IF; RETURN NEW;",
                    hash="419267a0b5ebe2519d94a0345709fb9558ceabbb",
                    operation="INSERT",
                    pgid="pgtrigger_team_is_open_e1e1c",
                    table="teams_invitation",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="joinlink",
            trigger=pgtrigger.compiler.Trigger(
                name="team_is_open",
                sql=teamreminders.triggers.PlainTriggerSql(
                    func="PERFORM FROM teams_team WHERE id = NEW.team_id AND closed_at IS NULL FOR KEY SHARE; IF NOT FOUND THEN RAISE foreign_key_violation USING MESSAGE = 'the team is closed'; END IF; RETURN NEW;",
                    hash="718c749b5e89772415a1689c6828378bba0dd400",
                    operation="INSERT",
                    pgid="pgtrigger_team_is_open_f4310",
                    table="teams_joinlink",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="joinrequest",
            trigger=pgtrigger.compiler.Trigger(
                name="team_is_open",
                sql=teamreminders.triggers.PlainTriggerSql(
                    func="PERFORM FROM teams_team WHERE id = NEW.team_id AND closed_at IS NULL FOR KEY SHARE; IF NOT FOUND THEN RAISE foreign_key_violation USING MESSAGE = 'the team is closed'; END IF; RETURN NEW;",
                    hash="8993b75689103632308b4b1a6b5b8e08834b124b",
                    operation="INSERT",
                    pgid="pgtrigger_team_is_open_f0006",
                    table="teams_joinrequest",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="membership",
            trigger=pgtrigger.compiler.Trigger(
                name="team_is_open",
                sql=teamreminders.triggers.PlainTriggerSql(
                    func="PERFORM FROM teams_team WHERE id = NEW.team_id AND closed_at IS NULL FOR KEY SHARE; IF NOT FOUND THEN RAISE foreign_key_violation USING MESSAGE = 'the team is closed'; END IF; RETURN NEW;",
                    hash="7fbcc418b35aa3f3ced3d312fb2a56e653251f84",
                    operation="INSERT",
                    pgid="pgtrigger_team_is_open_11eac",
                    table="teams_membership",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="outsideaddress",
            trigger=pgtrigger.compiler.Trigger(
                name="team_is_open",
                sql=teamreminders.triggers.PlainTriggerSql(
                    func="PERFORM FROM teams_team WHERE id = NEW.team_id AND closed_at IS NULL FOR KEY SHARE; IF NOT FOUND THEN RAISE foreign_key_violation USING MESSAGE = 'the team is closed'; END IF; RETURN NEW;",
                    hash="fe01ff88d82c6c2ccfd801faec5881e7c6ccce4f",
                    operation="INSERT",
                    pgid="pgtrigger_team_is_open_f4a03",
                    table="teams_outsideaddress",
                    when="BEFORE",
                ),
            ),
        ),
    ]
