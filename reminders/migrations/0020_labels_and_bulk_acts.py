import uuid

import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import teamreminders.text
import teamreminders.triggers


class Migration(migrations.Migration):
    dependencies = [
        ("reminders", "0019_search"),
        ("teams", "0013_handed_over"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="BulkAct",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "verb",
                    models.CharField(
                        choices=[
                            ("pause", "paused"),
                            ("resume", "resumed"),
                            ("label", "labelled"),
                            ("unlabel", "label taken off"),
                            ("hand-over", "handed over"),
                            ("delete", "deleted"),
                        ],
                        max_length=9,
                    ),
                ),
                ("at", models.DateTimeField(db_index=True)),
                ("before", models.JSONField(default=dict)),
                ("undone_at", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name": "bulk act",
                "verbose_name_plural": "bulk acts",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Label",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "name",
                    models.CharField(
                        max_length=40, validators=[teamreminders.text.validate_one_line], verbose_name="name"
                    ),
                ),
                (
                    "hue",
                    models.PositiveSmallIntegerField(
                        default=1,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(6),
                        ],
                        verbose_name="colour",
                    ),
                ),
                ("deleted_at", models.DateTimeField(editable=False, null=True)),
            ],
            options={
                "verbose_name": "label",
                "verbose_name_plural": "labels",
            },
        ),
        migrations.AlterField(
            model_name="reminder",
            name="author",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="written_reminders",
                to=settings.AUTH_USER_MODEL,
                verbose_name="author",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="reminder",
            trigger=pgtrigger.compiler.Trigger(
                name="record_handed",
                sql=teamreminders.triggers.PlainTriggerSql(
                    condition="WHEN (OLD.author_id IS DISTINCT FROM NEW.author_id AND NEW.author_id IS NOT NULL)",
                    func="INSERT INTO teams_change (created_at, team_id, kind, subject, action, changes, who_id, channel, act) SELECT now(), team.id, 'reminder', NEW.id, 'handed', jsonb_build_object('author_id', jsonb_build_array(OLD.author_id, NEW.author_id)), nullif(split_part(act.said, ' ', 2), '')::bigint, split_part(act.said, ' ', 3), nullif(split_part(act.said, ' ', 1), '')::uuid FROM teams_team AS team, (SELECT coalesce(current_setting('teamreminders.act', true), '')) AS act(said) WHERE team.id = NEW.team_id AND team.closed_at IS NULL; RETURN NULL;",
                    hash="8f8d29c6ecb4034632e1d87d459187ceca0f91a9",
                    operation='UPDATE OF "author_id"',
                    pgid="pgtrigger_record_handed_86acf",
                    table="reminders_reminder",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddField(
            model_name="bulkact",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="bulkact",
            name="person",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="bulkact",
            name="team",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="teams.team"),
        ),
        migrations.AddField(
            model_name="label",
            name="team",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="labels", to="teams.team"
            ),
        ),
        migrations.AddField(
            model_name="bulkact",
            name="label",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="reminders.label"
            ),
        ),
        migrations.AddField(
            model_name="reminder",
            name="labels",
            field=models.ManyToManyField(
                blank=True, related_name="reminders", to="reminders.label", verbose_name="labels"
            ),
        ),
        migrations.AddConstraint(
            model_name="label",
            constraint=models.UniqueConstraint(
                models.F("team"),
                django.db.models.functions.text.Lower("name"),
                condition=models.Q(("deleted_at", None)),
                name="one_label_of_a_name",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="label",
            trigger=pgtrigger.compiler.Trigger(
                name="team_is_open",
                sql=teamreminders.triggers.PlainTriggerSql(
                    func="PERFORM FROM teams_team WHERE id = NEW.team_id AND closed_at IS NULL FOR KEY SHARE; IF NOT FOUND THEN RAISE foreign_key_violation USING MESSAGE = 'the team is closed'; END IF; RETURN NEW;",
                    hash="5f254321c6ead32d8b0401595a533e41720802bd",
                    operation="INSERT",
                    pgid="pgtrigger_team_is_open_06cc0",
                    table="reminders_label",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.CreateModel(
            name="ChosenLabel",
            fields=[],
            options={
                "proxy": True,
                "default_permissions": (),
                "indexes": [],
                "constraints": [],
            },
            bases=("reminders.reminder_labels",),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="chosenlabel",
            trigger=pgtrigger.compiler.Trigger(
                name="record_chosen",
                sql=teamreminders.triggers.PlainTriggerSql(
                    func="INSERT INTO teams_change (created_at, team_id, kind, subject, action, changes, who_id, channel, act) SELECT now(), team.id, 'reminder', NEW.reminder_id, 'chosen', jsonb_build_object('label', NEW.label_id), nullif(split_part(act.said, ' ', 2), '')::bigint, split_part(act.said, ' ', 3), nullif(split_part(act.said, ' ', 1), '')::uuid FROM teams_team AS team, (SELECT coalesce(current_setting('teamreminders.act', true), '')) AS act(said) WHERE team.id = (SELECT team_id FROM reminders_reminder WHERE id = NEW.reminder_id) AND team.closed_at IS NULL; RETURN NULL;",
                    hash="cf68a7553916187aecf5e1d915602f152a1400a0",
                    operation="INSERT",
                    pgid="pgtrigger_record_chosen_dfaa4",
                    table="reminders_reminder_labels",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="chosenlabel",
            trigger=pgtrigger.compiler.Trigger(
                name="record_unchosen",
                sql=teamreminders.triggers.PlainTriggerSql(
                    func="INSERT INTO teams_change (created_at, team_id, kind, subject, action, changes, who_id, channel, act) SELECT now(), team.id, 'reminder', OLD.reminder_id, 'unchosen', jsonb_build_object('label', OLD.label_id), nullif(split_part(act.said, ' ', 2), '')::bigint, split_part(act.said, ' ', 3), nullif(split_part(act.said, ' ', 1), '')::uuid FROM teams_team AS team, (SELECT coalesce(current_setting('teamreminders.act', true), '')) AS act(said) WHERE team.id = (SELECT team_id FROM reminders_reminder WHERE id = OLD.reminder_id) AND team.closed_at IS NULL; RETURN NULL;",
                    hash="4654ddf208fee9b199065916a86c5b24b29d1282",
                    operation="DELETE",
                    pgid="pgtrigger_record_unchosen_8af5e",
                    table="reminders_reminder_labels",
                    when="AFTER",
                ),
            ),
        ),
    ]
