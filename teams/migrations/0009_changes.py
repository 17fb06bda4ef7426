import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import teamreminders.triggers


class Migration(migrations.Migration):
    dependencies = [
        ("teams", "0008_subject_prefix"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Change",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("team", "team"),
                            ("member", "member"),
                            ("invitation", "invitation"),
                            ("link", "join link"),
                            ("outside", "outside address"),
                            ("offer", "offer of the team"),
                            ("reminder", "reminder"),
                        ],
                        max_length=10,
                    ),
                ),
                ("subject", models.BigIntegerField()),
                (
                    "action",
                    models.CharField(
                        choices=[
                            ("added", "added"),
                            ("changed", "changed"),
                            ("removed", "removed"),
                            ("renewed", "renewed"),
                            ("chosen", "chosen"),
                            ("unchosen", "no longer chosen"),
                        ],
                        max_length=8,
                    ),
                ),
                ("changes", models.JSONField()),
                (
                    "channel",
                    models.CharField(
                        choices=[("page", "page"), ("admin", "admin"), ("command", "command")], max_length=7
                    ),
                ),
                ("act", models.UUIDField(null=True)),
            ],
            options={
                "verbose_name": "change",
                "verbose_name_plural": "changes",
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="invitation",
            trigger=pgtrigger.compiler.Trigger(
                name="record_added",
                sql=teamreminders.triggers.PlainTriggerSql(
                    func="INSERT INTO teams_change (created_at, team_id, kind, subject, action, changes, who_id, channel, act) SELECT now(), team.id, 'invitation', NEW.id, 'added', jsonb_build_object('role', jsonb_build_array(NULL, NEW.role)), nullif(split_part(act.said, ' ', 2), '')::bigint, split_part(act.said, ' ', 3), nullif(split_part(act.said, ' ', 1), '')::uuid FROM teams_team AS team, (SELECT coalesce(current_setting('teamreminders.act', true), '')) AS act(said) WHERE team.id = NEW.team_id AND team.closed_at IS NULL; RETURN NULL;",
                    hash="bad1bcd9663749b371a81c46466a4845f1bac6c1",
                    operation="INSERT",
                    pgid="pgtrigger_record_added_dbf6c",
                    table="teams_invitation",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="invitation",
            trigger=pgtrigger.compiler.Trigger(
                name="record_changed",
                sql=teamreminders.triggers.PlainTriggerSql(
                    condition="WHEN (OLD.sent_at IS DISTINCT FROM NEW.sent_at OR OLD.accepted_at IS DISTINCT FROM NEW.accepted_at OR OLD.withdrawn_at IS DISTINCT FROM NEW.withdrawn_at)",
                    func="INSERT INTO teams_change (created_at, team_id, kind, subject, action, changes, who_id, channel, act) SELECT now(), team.id, 'invitation', NEW.id, 'changed', (SELECT jsonb_object_agg(name, jsonb_build_array(before, after)) FROM (VALUES ('sent_at', to_jsonb(OLD.sent_at), to_jsonb(NEW.sent_at), OLD.sent_at IS DISTINCT FROM NEW.sent_at), ('accepted_at', to_jsonb(OLD.accepted_at), to_jsonb(NEW.accepted_at), OLD.accepted_at IS DISTINCT FROM NEW.accepted_at), ('withdrawn_at', to_jsonb(OLD.withdrawn_at), to_jsonb(NEW.withdrawn_at), OLD.withdrawn_at IS DISTINCT FROM NEW.withdrawn_at)) AS compared(name, before, after, differs) WHERE differs), nullif(split_part(act.said, ' ', 2), '')::bigint, split_part(act.said, ' ', 3), nullif(split_part(act.said, ' ', 1), '')::uuid FROM teams_team AS team, (SELECT coalesce(current_setting('teamreminders.act', true), '')) AS act(said) WHERE team.id = NEW.team_id AND team.closed_at IS NULL; RETURN NULL;",
                    hash="74735510e6f988b027393ef2ea31d2b7ba48ecad",
                    operation='UPDATE OF "sent_at", "accepted_at", "withdrawn_at"',
                    pgid="pgtrigger_record_changed_7951f",
                    table="teams_invitation",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="joinlink",
            trigger=pgtrigger.compiler.Trigger(
                name="record_added",
                sql=teamreminders.triggers.PlainTriggerSql(
                    func="INSERT INTO teams_change (created_at, team_id, kind, subject, action, changes, who_id, channel, act) SELECT now(), team.id, 'link', NEW.id, 'added', jsonb_build_object('role', jsonb_build_array(NULL, NEW.role), 'needs_approval', jsonb_build_array(NULL, NEW.needs_approval), 'domains', jsonb_build_array(NULL, NEW.domains)), nullif(split_part(act.said, ' ', 2), '')::bigint, split_part(act.said, ' ', 3), nullif(split_part(act.said, ' ', 1), '')::uuid FROM teams_team AS team, (SELECT coalesce(current_setting('teamreminders.act', true), '')) AS act(said) WHERE team.id = NEW.team_id AND team.closed_at IS NULL; RETURN NULL;",
                    hash="248e0e0dfe10cfee77c48073203a291de70dafce",
                    operation="INSERT",
                    pgid="pgtrigger_record_added_279c4",
                    table="teams_joinlink",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="joinlink",
            trigger=pgtrigger.compiler.Trigger(
                name="record_changed",
                sql=teamreminders.triggers.PlainTriggerSql(
                    condition="WHEN (OLD.role IS DISTINCT FROM NEW.role OR OLD.needs_approval IS DISTINCT FROM NEW.needs_approval OR OLD.domains IS DISTINCT FROM NEW.domains)",
                    func="INSERT INTO teams_change (created_at, team_id, kind, subject, action, changes, who_id, channel, act) SELECT now(), team.id, 'link', NEW.id, 'changed', (SELECT jsonb_object_agg(name, jsonb_build_array(before, after)) FROM (VALUES ('role', to_jsonb(OLD.role), to_jsonb(NEW.role), OLD.role IS DISTINCT FROM NEW.role), ('needs_approval', to_jsonb(OLD.needs_approval), to_jsonb(NEW.needs_approval), OLD.needs_approval IS DISTINCT FROM NEW.needs_approval), ('domains', to_jsonb(OLD.domains), to_jsonb(NEW.domains), OLD.domains IS DISTINCT FROM NEW.domains)) AS compared(name, before, after, differs) WHERE differs), nullif(split_part(act.said, ' ', 2), '')::bigint, split_part(act.said, ' ', 3), nullif(split_part(act.said, ' ', 1), '')::uuid FROM teams_team AS team, (SELECT coalesce(current_setting('teamreminders.act', true), '')) AS act(said) WHERE team.id = NEW.team_id AND team.closed_at IS NULL; RETURN NULL;",
                    hash="f71842532f0f6c4ac35ed7d910a9920b4f1b0d3c",
                    operation='UPDATE OF "role", "needs_approval", "domains"',
                    pgid="pgtrigger_record_changed_c8195",
                    table="teams_joinlink",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="joinlink",
            trigger=pgtrigger.compiler.Trigger(
                name="record_renewed",
                sql=teamreminders.triggers.PlainTriggerSql(
                    condition="WHEN (OLD.nonce IS DISTINCT FROM NEW.nonce)",
                    func="INSERT INTO teams_change (created_at, team_id, kind, subject, action, changes, who_id, channel, act) SELECT now(), team.id, 'link', NEW.id, 'renewed', '{}'::jsonb, nullif(split_part(act.said, ' ', 2), '')::bigint, split_part(act.said, ' ', 3), nullif(split_part(act.said, ' ', 1), '')::uuid FROM teams_team AS team, (SELECT coalesce(current_setting('teamreminders.act', true), '')) AS act(said) WHERE team.id = NEW.team_id AND team.closed_at IS NULL; RETURN NULL;",
                    hash="a58a93c4447924b45139e882b889ec9671ac7eb4",
                    operation='UPDATE OF "nonce"',
                    pgid="pgtrigger_record_renewed_4088f",
                    table="teams_joinlink",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="joinlink",
            trigger=pgtrigger.compiler.Trigger(
                name="record_removed",
                sql=teamreminders.triggers.PlainTriggerSql(
                    func="INSERT INTO teams_change (created_at, team_id, kind, subject, action, changes, who_id, channel, act) SELECT now(), team.id, 'link', OLD.id, 'removed', '{}'::jsonb, nullif(split_part(act.said, ' ', 2), '')::bigint, split_part(act.said, ' ', 3), nullif(split_part(act.said, ' ', 1), '')::uuid FROM teams_team AS team, (SELECT coalesce(current_setting('teamreminders.act', true), '')) AS act(said) WHERE team.id = OLD.team_id AND team.closed_at IS NULL; RETURN NULL;",
                    hash="847b809c0fa77a14dd7d81bb2c24600c9e58a76a",
                    operation="DELETE",
                    pgid="pgtrigger_record_removed_276fe",
                    table="teams_joinlink",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="membership",
            trigger=pgtrigger.compiler.Trigger(
                name="record_added",
                sql=teamreminders.triggers.PlainTriggerSql(
                    func="INSERT INTO teams_change (created_at, team_id, kind, subject, action, changes, who_id, channel, act) SELECT now(), team.id, 'member', NEW.user_id, 'added', jsonb_build_object('role', jsonb_build_array(NULL, NEW.role)), nullif(split_part(act.said, ' ', 2), '')::bigint, split_part(act.said, ' ', 3), nullif(split_part(act.said, ' ', 1), '')::uuid FROM teams_team AS team, (SELECT coalesce(current_setting('teamreminders.act', true), '')) AS act(said) WHERE team.id = NEW.team_id AND team.closed_at IS NULL; RETURN NULL;",
                    hash="eac4129aa31f24a972940a9f168bc10f46a09cb4",
                    operation="INSERT",
                    pgid="pgtrigger_record_added_2176b",
                    table="teams_membership",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="membership",
            trigger=pgtrigger.compiler.Trigger(
                name="record_changed",
                sql=teamreminders.triggers.PlainTriggerSql(
                    condition="WHEN (OLD.role IS DISTINCT FROM NEW.role)",
                    func="INSERT INTO teams_change (created_at, team_id, kind, subject, action, changes, who_id, channel, act) SELECT now(), team.id, 'member', NEW.user_id, 'changed', (SELECT jsonb_object_agg(name, jsonb_build_array(before, after)) FROM (VALUES ('role', to_jsonb(OLD.role), to_jsonb(NEW.role), OLD.role IS DISTINCT FROM NEW.role)) AS compared(name, before, after, differs) WHERE differs), nullif(split_part(act.said, ' ', 2), '')::bigint, split_part(act.said, ' ', 3), nullif(split_part(act.said, ' ', 1), '')::uuid FROM teams_team AS team, (SELECT coalesce(current_setting('teamreminders.act', true), '')) AS act(said) WHERE team.id = NEW.team_id AND team.closed_at IS NULL; RETURN NULL;",
                    hash="0ca5a646d2125761449c04e67d2e85de1607abc0",
                    operation='UPDATE OF "role"',
                    pgid="pgtrigger_record_changed_3e85b",
                    table="teams_membership",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="membership",
            trigger=pgtrigger.compiler.Trigger(
                name="record_removed",
                sql=teamreminders.triggers.PlainTriggerSql(
                    func="INSERT INTO teams_change (created_at, team_id, kind, subject, action, changes, who_id, channel, act) SELECT now(), team.id, 'member', OLD.user_id, 'removed', '{}'::jsonb, nullif(split_part(act.said, ' ', 2), '')::bigint, split_part(act.said, ' ', 3), nullif(split_part(act.said, ' ', 1), '')::uuid FROM teams_team AS team, (SELECT coalesce(current_setting('teamreminders.act', true), '')) AS act(said) WHERE team.id = OLD.team_id AND team.closed_at IS NULL; RETURN NULL;",
                    hash="c47af027a8ebadfbfb007352b36942cf869cc6fe",
                    operation="DELETE",
                    pgid="pgtrigger_record_removed_502e2",
                    table="teams_membership",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="offer",
            trigger=pgtrigger.compiler.Trigger(
                name="record_added",
                sql=teamreminders.triggers.PlainTriggerSql(
                    func="INSERT INTO teams_change (created_at, team_id, kind, subject, action, changes, who_id, channel, act) SELECT now(), team.id, 'offer', (SELECT user_id FROM teams_membership WHERE id = NEW.made_to_id), 'added', jsonb_build_object(), nullif(split_part(act.said, ' ', 2), '')::bigint, split_part(act.said, ' ', 3), nullif(split_part(act.said, ' ', 1), '')::uuid FROM teams_team AS team, (SELECT coalesce(current_setting('teamreminders.act', true), '')) AS act(said) WHERE team.id = NEW.team_id AND team.closed_at IS NULL; RETURN NULL;",
                    hash="433459e525cdc1277eb5c6e5ba0ab32ad4a67e0c",
                    operation="INSERT",
                    pgid="pgtrigger_record_added_78de4",
                    table="teams_offer",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="offer",
            trigger=pgtrigger.compiler.Trigger(
                name="record_changed",
                sql=teamreminders.triggers.PlainTriggerSql(
                    condition="WHEN (OLD.made_by_id IS DISTINCT FROM NEW.made_by_id OR OLD.made_to_id IS DISTINCT FROM NEW.made_to_id)",
                    func="INSERT INTO teams_change (created_at, team_id, kind, subject, action, changes, who_id, channel, act) SELECT now(), team.id, 'offer', (SELECT user_id FROM teams_membership WHERE id = NEW.made_to_id), 'changed', (SELECT jsonb_object_agg(name, jsonb_build_array(before, after)) FROM (VALUES ('made_by_id', to_jsonb(OLD.made_by_id), to_jsonb(NEW.made_by_id), OLD.made_by_id IS DISTINCT FROM NEW.made_by_id), ('made_to_id', to_jsonb(OLD.made_to_id), to_jsonb(NEW.made_to_id), OLD.made_to_id IS DISTINCT FROM NEW.made_to_id)) AS compared(name, before, after, differs) WHERE differs), nullif(split_part(act.said, ' ', 2), '')::bigint, split_part(act.said, ' ', 3), nullif(split_part(act.said, ' ', 1), '')::uuid FROM teams_team AS team, (SELECT coalesce(current_setting('teamreminders.act', true), '')) AS act(said) WHERE team.id = NEW.team_id AND team.closed_at IS NULL; RETURN NULL;",
                    hash="9b4a52c5ed9256755344e9e3c6da260985819ecb",
                    operation='UPDATE OF "made_by_id", "made_to_id"',
                    pgid="pgtrigger_record_changed_e5aed",
                    table="teams_offer",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="offer",
            trigger=pgtrigger.compiler.Trigger(
                name="record_removed",
                sql=teamreminders.triggers.PlainTriggerSql(
                    func="INSERT INTO teams_change (created_at, team_id, kind, subject, action, changes, who_id, channel, act) SELECT now(), team.id, 'offer', (SELECT user_id FROM teams_membership WHERE id = OLD.made_to_id), 'removed', '{}'::jsonb, nullif(split_part(act.said, ' ', 2), '')::bigint, split_part(act.said, ' ', 3), nullif(split_part(act.said, ' ', 1), '')::uuid FROM teams_team AS team, (SELECT coalesce(current_setting('teamreminders.act', true), '')) AS act(said) WHERE team.id = OLD.team_id AND team.closed_at IS NULL; RETURN NULL;",
                    hash="50d1292ad65e306b3119cc01b49530cc23055571",
                    operation="DELETE",
                    pgid="pgtrigger_record_removed_0d6fa",
                    table="teams_offer",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="outsideaddress",
            trigger=pgtrigger.compiler.Trigger(
                name="record_added",
                sql=teamreminders.triggers.PlainTriggerSql(
                    func="INSERT INTO teams_change (created_at, team_id, kind, subject, action, changes, who_id, channel, act) SELECT now(), team.id, 'outside', NEW.id, 'added', jsonb_build_object(), nullif(split_part(act.said, ' ', 2), '')::bigint, split_part(act.said, ' ', 3), nullif(split_part(act.said, ' ', 1), '')::uuid FROM teams_team AS team, (SELECT coalesce(current_setting('teamreminders.act', true), '')) AS act(said) WHERE team.id = NEW.team_id AND team.closed_at IS NULL; RETURN NULL;",
                    hash="3a1f0dbb28ed649c03bb1c4c1dbdc0d54dd89fda",
                    operation="INSERT",
                    pgid="pgtrigger_record_added_fbbbe",
                    table="teams_outsideaddress",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="outsideaddress",
            trigger=pgtrigger.compiler.Trigger(
                name="record_changed",
                sql=teamreminders.triggers.PlainTriggerSql(
                    condition="WHEN (OLD.state IS DISTINCT FROM NEW.state)",
                    func="INSERT INTO teams_change (created_at, team_id, kind, subject, action, changes, who_id, channel, act) SELECT now(), team.id, 'outside', NEW.id, 'changed', (SELECT jsonb_object_agg(name, jsonb_build_array(before, after)) FROM (VALUES ('state', to_jsonb(OLD.state), to_jsonb(NEW.state), OLD.state IS DISTINCT FROM NEW.state)) AS compared(name, before, after, differs) WHERE differs), nullif(split_part(act.said, ' ', 2), '')::bigint, split_part(act.said, ' ', 3), nullif(split_part(act.said, ' ', 1), '')::uuid FROM teams_team AS team, (SELECT coalesce(current_setting('teamreminders.act', true), '')) AS act(said) WHERE team.id = NEW.team_id AND team.closed_at IS NULL; RETURN NULL;",
                    hash="12d539b27d54454aeddec259b454526da154ba72",
                    operation='UPDATE OF "state"',
                    pgid="pgtrigger_record_changed_3495e",
                    table="teams_outsideaddress",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="team",
            trigger=pgtrigger.compiler.Trigger(
                name="record_added",
                sql=teamreminders.triggers.PlainTriggerSql(
                    func="INSERT INTO teams_change (created_at, team_id, kind, subject, action, changes, who_id, channel, act) SELECT now(), team.id, 'team', NEW.id, 'added', jsonb_build_object(), nullif(split_part(act.said, ' ', 2), '')::bigint, split_part(act.said, ' ', 3), nullif(split_part(act.said, ' ', 1), '')::uuid FROM teams_team AS team, (SELECT coalesce(current_setting('teamreminders.act', true), '')) AS act(said) WHERE team.id = NEW.id AND team.closed_at IS NULL; RETURN NULL;",
                    hash="146d37e973b131ec75c0ff7a10c3a181b09567da",
                    operation="INSERT",
                    pgid="pgtrigger_record_added_4d062",
                    table="teams_team",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="team",
            trigger=pgtrigger.compiler.Trigger(
                name="record_changed",
                sql=teamreminders.triggers.PlainTriggerSql(
                    condition="WHEN (OLD.name IS DISTINCT FROM NEW.name OR OLD.zone IS DISTINCT FROM NEW.zone OR OLD.subject_prefix IS DISTINCT FROM NEW.subject_prefix OR OLD.working_days IS DISTINCT FROM NEW.working_days OR OLD.days_off IS DISTINCT FROM NEW.days_off OR OLD.closed_at IS DISTINCT FROM NEW.closed_at OR OLD.country IS DISTINCT FROM NEW.country OR OLD.region IS DISTINCT FROM NEW.region)",
                    func="INSERT INTO teams_change (created_at, team_id, kind, subject, action, changes, who_id, channel, act) SELECT now(), team.id, 'team', NEW.id, 'changed', (SELECT jsonb_object_agg(name, jsonb_build_array(before, after)) FROM (VALUES ('name', to_jsonb(OLD.name), to_jsonb(NEW.name), OLD.name IS DISTINCT FROM NEW.name), ('zone', to_jsonb(OLD.zone), to_jsonb(NEW.zone), OLD.zone IS DISTINCT FROM NEW.zone), ('subject_prefix', to_jsonb(OLD.subject_prefix), to_jsonb(NEW.subject_prefix), OLD.subject_prefix IS DISTINCT FROM NEW.subject_prefix), ('working_days', to_jsonb(OLD.working_days), to_jsonb(NEW.working_days), OLD.working_days IS DISTINCT FROM NEW.working_days), ('days_off', to_jsonb(OLD.days_off), to_jsonb(NEW.days_off), OLD.days_off IS DISTINCT FROM NEW.days_off), ('closed_at', to_jsonb(OLD.closed_at), to_jsonb(NEW.closed_at), OLD.closed_at IS DISTINCT FROM NEW.closed_at), ('country', to_jsonb(OLD.country), to_jsonb(NEW.country), OLD.country IS DISTINCT FROM NEW.country OR OLD.region IS DISTINCT FROM NEW.region), ('region', to_jsonb(OLD.region), to_jsonb(NEW.region), OLD.country IS DISTINCT FROM NEW.country OR OLD.region IS DISTINCT FROM NEW.region)) AS compared(name, before, after, differs) WHERE differs), nullif(split_part(act.said, ' ', 2), '')::bigint, split_part(act.said, ' ', 3), nullif(split_part(act.said, ' ', 1), '')::uuid FROM teams_team AS team, (SELECT coalesce(current_setting('teamreminders.act', true), '')) AS act(said) WHERE team.id = NEW.id AND true; RETURN NULL;",
                    hash="5f858ab5b775487b7acd59c06b35ec00d4287407",
                    operation='UPDATE OF "name", "zone", "subject_prefix", "working_days", "days_off", "closed_at", "country", "region"',
                    pgid="pgtrigger_record_changed_0267f",
                    table="teams_team",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="team",
            trigger=pgtrigger.compiler.Trigger(
                name="forget_changes",
                sql=teamreminders.triggers.PlainTriggerSql(
                    func="DELETE FROM teams_change WHERE team_id = OLD.id; RETURN NULL;",
                    hash="f2b7b3fe175e5f5237e160b95c50e7f7e79ea18a",
                    operation="DELETE",
                    pgid="pgtrigger_forget_changes_421e2",
                    table="teams_team",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddField(
            model_name="change",
            name="team",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="changes",
                to="teams.team",
            ),
        ),
        migrations.AddField(
            model_name="change",
            name="who",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddIndex(
            model_name="change",
            index=models.Index(fields=["team", "-created_at", "-id"], name="change_of_team"),
        ),
        migrations.AddIndex(
            model_name="change",
            index=models.Index(fields=["team", "who", "-created_at", "-id"], name="change_by_person"),
        ),
        migrations.AddIndex(
            model_name="change",
            index=models.Index(
                condition=models.Q(("kind", "reminder")),
                fields=["subject", "-created_at", "-id"],
                name="change_of_reminder",
            ),
        ),
    ]
