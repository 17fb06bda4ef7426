import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations

import teamreminders.triggers


class Migration(migrations.Migration):
    dependencies = [
        ("reminders", "0013_audience"),
        ("teams", "0009_changes"),  # whose table the triggers write to
    ]

    operations = [
        migrations.CreateModel(
            name="Chosen",
            fields=[],
            options={
                "proxy": True,
                "default_permissions": (),
                "indexes": [],
                "constraints": [],
            },
            bases=("reminders.reminder_people",),
        ),
        migrations.CreateModel(
            name="ChosenOutside",
            fields=[],
            options={
                "proxy": True,
                "default_permissions": (),
                "indexes": [],
                "constraints": [],
            },
            bases=("reminders.reminder_outside",),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="reminder",
            trigger=pgtrigger.compiler.Trigger(
                name="record_added",
                sql=teamreminders.triggers.PlainTriggerSql(
                    func="INSERT INTO teams_change (created_at, team_id, kind, subject, action, changes, who_id, channel, act) SELECT now(), team.id, 'reminder', NEW.id, 'added', jsonb_build_object('title', jsonb_build_array(NULL, NEW.title), 'start', jsonb_build_array(NULL, NEW.start), 'times', jsonb_build_array(NULL, NEW.times), 'rule', jsonb_build_array(NULL, NEW.rule), 'cron', jsonb_build_array(NULL, NEW.cron), 'until', jsonb_build_array(NULL, NEW.until), 'count', jsonb_build_array(NULL, NEW.count), 'last', jsonb_build_array(NULL, NEW.last), 'month_end', jsonb_build_array(NULL, NEW.month_end), 'day_off', jsonb_build_array(NULL, NEW.day_off), 'holidays_only', jsonb_build_array(NULL, NEW.holidays_only)), nullif(split_part(act.said, ' ', 2), '')::bigint, split_part(act.said, ' ', 3), nullif(split_part(act.said, ' ', 1), '')::uuid FROM teams_team AS team, (SELECT coalesce(current_setting('teamreminders.act', true), '')) AS act(said) WHERE team.id = NEW.team_id AND team.closed_at IS NULL; RETURN NULL;",
                    hash="b347221fe7b7906c621468d981143a8077f4a965",
                    operation="INSERT",
                    pgid="pgtrigger_record_added_ee000",
                    table="reminders_reminder",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="reminder",
            trigger=pgtrigger.compiler.Trigger(
                name="record_changed",
                sql=teamreminders.triggers.PlainTriggerSql(
                    condition="WHEN (OLD.title IS DISTINCT FROM NEW.title OR OLD.notes IS DISTINCT FROM NEW.notes OR OLD.zone IS DISTINCT FROM NEW.zone OR OLD.zone_mode IS DISTINCT FROM NEW.zone_mode OR OLD.skipped IS DISTINCT FROM NEW.skipped OR OLD.moved IS DISTINCT FROM NEW.moved OR OLD.lead_times IS DISTINCT FROM NEW.lead_times OR OLD.lateness IS DISTINCT FROM NEW.lateness OR OLD.late_hours IS DISTINCT FROM NEW.late_hours OR OLD.audience IS DISTINCT FROM NEW.audience OR OLD.roles IS DISTINCT FROM NEW.roles OR OLD.completion IS DISTINCT FROM NEW.completion OR OLD.paused_at IS DISTINCT FROM NEW.paused_at OR OLD.paused_until IS DISTINCT FROM NEW.paused_until OR OLD.deleted_at IS DISTINCT FROM NEW.deleted_at OR OLD.start IS DISTINCT FROM NEW.start OR OLD.times IS DISTINCT FROM NEW.times OR OLD.rule IS DISTINCT FROM NEW.rule OR OLD.cron IS DISTINCT FROM NEW.cron OR OLD.until IS DISTINCT FROM NEW.until OR OLD.count IS DISTINCT FROM NEW.count OR OLD.last IS DISTINCT FROM NEW.last OR OLD.month_end IS DISTINCT FROM NEW.month_end OR OLD.day_off IS DISTINCT FROM NEW.day_off OR OLD.holidays_only IS DISTINCT FROM NEW.holidays_only)",
                    func="INSERT INTO teams_change (created_at, team_id, kind, subject, action, changes, who_id, channel, act) SELECT now(), team.id, 'reminder', NEW.id, 'changed', (SELECT jsonb_object_agg(name, jsonb_build_array(before, after)) FROM (VALUES ('title', to_jsonb(OLD.title), to_jsonb(NEW.title), OLD.title IS DISTINCT FROM NEW.title), ('notes', to_jsonb(OLD.notes), to_jsonb(NEW.notes), OLD.notes IS DISTINCT FROM NEW.notes), ('zone', to_jsonb(OLD.zone), to_jsonb(NEW.zone), OLD.zone IS DISTINCT FROM NEW.zone), ('zone_mode', to_jsonb(OLD.zone_mode), to_jsonb(NEW.zone_mode), OLD.zone_mode IS DISTINCT FROM NEW.zone_mode), ('skipped', to_jsonb(OLD.skipped), to_jsonb(NEW.skipped), OLD.skipped IS DISTINCT FROM NEW.skipped), ('moved', to_jsonb(OLD.moved), to_jsonb(NEW.moved), OLD.moved IS DISTINCT FROM NEW.moved), ('lead_times', to_jsonb(OLD.lead_times), to_jsonb(NEW.lead_times), OLD.lead_times IS DISTINCT FROM NEW.lead_times), ('lateness', to_jsonb(OLD.lateness), to_jsonb(NEW.lateness), OLD.lateness IS DISTINCT FROM NEW.lateness), ('late_hours', to_jsonb(OLD.late_hours), to_jsonb(NEW.late_hours), OLD.late_hours IS DISTINCT FROM NEW.late_hours), ('audience', to_jsonb(OLD.audience), to_jsonb(NEW.audience), OLD.audience IS DISTINCT FROM NEW.audience), ('roles', to_jsonb(OLD.roles), to_jsonb(NEW.roles), OLD.roles IS DISTINCT FROM NEW.roles), ('completion', to_jsonb(OLD.completion), to_jsonb(NEW.completion), OLD.completion IS DISTINCT FROM NEW.completion), ('paused_at', to_jsonb(OLD.paused_at), to_jsonb(NEW.paused_at), OLD.paused_at IS DISTINCT FROM NEW.paused_at), ('paused_until', to_jsonb(OLD.paused_until), to_jsonb(NEW.paused_until), OLD.paused_until IS DISTINCT FROM NEW.paused_until), ('deleted_at', to_jsonb(OLD.deleted_at), to_jsonb(NEW.deleted_at), OLD.deleted_at IS DISTINCT FROM NEW.deleted_at), ('start', to_jsonb(OLD.start), to_jsonb(NEW.start), OLD.start IS DISTINCT FROM NEW.start OR OLD.times IS DISTINCT FROM NEW.times OR OLD.rule IS DISTINCT FROM NEW.rule OR OLD.cron IS DISTINCT FROM NEW.cron OR OLD.until IS DISTINCT FROM NEW.until OR OLD.count IS DISTINCT FROM NEW.count OR OLD.last IS DISTINCT FROM NEW.last OR OLD.month_end IS DISTINCT FROM NEW.month_end OR OLD.day_off IS DISTINCT FROM NEW.day_off OR OLD.holidays_only IS DISTINCT FROM NEW.holidays_only), ('times', to_jsonb(OLD.times), to_jsonb(NEW.times), OLD.start IS DISTINCT FROM NEW.start OR OLD.times IS DISTINCT FROM NEW.times OR OLD.rule IS DISTINCT FROM NEW.rule OR OLD.cron IS DISTINCT FROM NEW.cron OR OLD.until IS DISTINCT FROM NEW.until OR OLD.count IS DISTINCT FROM NEW.count OR OLD.last IS DISTINCT FROM NEW.last OR OLD.month_end IS DISTINCT FROM NEW.month_end OR OLD.day_off IS DISTINCT FROM NEW.day_off OR OLD.holidays_only IS DISTINCT FROM NEW.holidays_only), ('rule', to_jsonb(OLD.rule), to_jsonb(NEW.rule), OLD.start IS DISTINCT FROM NEW.start OR OLD.times IS DISTINCT FROM NEW.times OR OLD.rule IS DISTINCT FROM NEW.rule OR OLD.cron IS DISTINCT FROM NEW.cron OR OLD.until IS DISTINCT FROM NEW.until OR OLD.count IS DISTINCT FROM NEW.count OR OLD.last IS DISTINCT FROM NEW.last OR OLD.month_end IS DISTINCT FROM NEW.month_end OR OLD.day_off IS DISTINCT FROM NEW.day_off OR OLD.holidays_only IS DISTINCT FROM NEW.holidays_only), ('cron', to_jsonb(OLD.cron), to_jsonb(NEW.cron), OLD.start IS DISTINCT FROM NEW.start OR OLD.times IS DISTINCT FROM NEW.times OR OLD.rule IS DISTINCT FROM NEW.rule OR OLD.cron IS DISTINCT FROM NEW.cron OR OLD.until IS DISTINCT FROM NEW.until OR OLD.count IS DISTINCT FROM NEW.count OR OLD.last IS DISTINCT FROM NEW.last OR OLD.month_end IS DISTINCT FROM NEW.month_end OR OLD.day_off IS DISTINCT FROM NEW.day_off OR OLD.holidays_only IS DISTINCT FROM NEW.holidays_only), ('until', to_jsonb(OLD.until), to_jsonb(NEW.until), OLD.start IS DISTINCT FROM NEW.start OR OLD.times IS DISTINCT FROM NEW.times OR OLD.rule IS DISTINCT FROM NEW.rule OR OLD.cron IS DISTINCT FROM NEW.cron OR OLD.until IS DISTINCT FROM NEW.until OR OLD.count IS DISTINCT FROM NEW.count OR OLD.last IS DISTINCT FROM NEW.last OR OLD.month_end IS DISTINCT FROM NEW.month_end OR OLD.day_off IS DISTINCT FROM NEW.day_off OR OLD.holidays_only IS DISTINCT FROM NEW.holidays_only), ('count', to_jsonb(OLD.count), to_jsonb(NEW.count), OLD.start IS DISTINCT FROM NEW.start OR OLD.times IS DISTINCT FROM NEW.times OR OLD.rule IS DISTINCT FROM NEW.rule OR OLD.cron IS DISTINCT FROM NEW.cron OR OLD.until IS DISTINCT FROM NEW.until OR OLD.count IS DISTINCT FROM NEW.count OR OLD.last IS DISTINCT FROM NEW.last OR OLD.month_end IS DISTINCT FROM NEW.month_end OR OLD.day_off IS DISTINCT FROM NEW.day_off OR OLD.holidays_only IS DISTINCT FROM NEW.holidays_only), ('last', to_jsonb(OLD.last), to_jsonb(NEW.last), OLD.start IS DISTINCT FROM NEW.start OR OLD.times IS DISTINCT FROM NEW.times OR OLD.rule IS DISTINCT FROM NEW.rule OR OLD.cron IS DISTINCT FROM NEW.cron OR OLD.until IS DISTINCT FROM NEW.until OR OLD.count IS DISTINCT FROM NEW.count OR OLD.last IS DISTINCT FROM NEW.last OR OLD.month_end IS DISTINCT FROM NEW.month_end OR OLD.day_off IS DISTINCT FROM NEW.day_off OR OLD.holidays_only IS DISTINCT FROM NEW.holidays_only), ('month_end', to_jsonb(OLD.month_end), to_jsonb(NEW.month_end), OLD.start IS DISTINCT FROM NEW.start OR OLD.times IS DISTINCT FROM NEW.times OR OLD.rule IS DISTINCT FROM NEW.rule OR OLD.cron IS DISTINCT FROM NEW.cron OR OLD.until IS DISTINCT FROM NEW.until OR OLD.count IS DISTINCT FROM NEW.count OR OLD.last IS DISTINCT FROM NEW.last OR OLD.month_end IS DISTINCT FROM NEW.month_end OR OLD.day_off IS DISTINCT FROM NEW.day_off OR OLD.holidays_only IS DISTINCT FROM NEW.holidays_only), ('day_off', to_jsonb(OLD.day_off), to_jsonb(NEW.day_off), OLD.start IS DISTINCT FROM NEW.start OR OLD.times IS DISTINCT FROM NEW.times OR OLD.rule IS DISTINCT FROM NEW.rule OR OLD.cron IS DISTINCT FROM NEW.cron OR OLD.until IS DISTINCT FROM NEW.until OR OLD.count IS DISTINCT FROM NEW.count OR OLD.last IS DISTINCT FROM NEW.last OR OLD.month_end IS DISTINCT FROM NEW.month_end OR OLD.day_off IS DISTINCT FROM NEW.day_off OR OLD.holidays_only IS DISTINCT FROM NEW.holidays_only), ('holidays_only', to_jsonb(OLD.holidays_only), to_jsonb(NEW.holidays_only), OLD.start IS DISTINCT FROM NEW.start OR OLD.times IS DISTINCT FROM NEW.times OR OLD.rule IS DISTINCT FROM NEW.rule OR OLD.cron IS DISTINCT FROM NEW.cron OR OLD.until IS DISTINCT FROM NEW.until OR OLD.count IS DISTINCT FROM NEW.count OR OLD.last IS DISTINCT FROM NEW.last OR OLD.month_end IS DISTINCT FROM NEW.month_end OR OLD.day_off IS DISTINCT FROM NEW.day_off OR OLD.holidays_only IS DISTINCT FROM NEW.holidays_only)) AS compared(name, before, after, differs) WHERE differs), nullif(split_part(act.said, ' ', 2), '')::bigint, split_part(act.said, ' ', 3), nullif(split_part(act.said, ' ', 1), '')::uuid FROM teams_team AS team, (SELECT coalesce(current_setting('teamreminders.act', true), '')) AS act(said) WHERE team.id = NEW.team_id AND team.closed_at IS NULL; RETURN NULL;",
                    hash="ad48f515553102d7e4433f1f5f1e9184b3b786e4",
                    operation='UPDATE OF "title", "notes", "zone", "zone_mode", "skipped", "moved", "lead_times", "lateness", "late_hours", "audience", "roles", "completion", "paused_at", "paused_until", "deleted_at", "start", "times", "rule", "cron", "until", "count", "last", "month_end", "day_off", "holidays_only"',
                    pgid="pgtrigger_record_changed_7fdff",
                    table="reminders_reminder",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="chosen",
            trigger=pgtrigger.compiler.Trigger(
                name="record_chosen",
                sql=teamreminders.triggers.PlainTriggerSql(
                    func="INSERT INTO teams_change (created_at, team_id, kind, subject, action, changes, who_id, channel, act) SELECT now(), team.id, 'reminder', NEW.reminder_id, 'chosen', jsonb_build_object('person', NEW.user_id), nullif(split_part(act.said, ' ', 2), '')::bigint, split_part(act.said, ' ', 3), nullif(split_part(act.said, ' ', 1), '')::uuid FROM teams_team AS team, (SELECT coalesce(current_setting('teamreminders.act', true), '')) AS act(said) WHERE team.id = (SELECT team_id FROM reminders_reminder WHERE id = NEW.reminder_id) AND team.closed_at IS NULL AND EXISTS (SELECT FROM teams_membership WHERE team_id = team.id AND user_id = NEW.user_id); RETURN NULL;",
                    hash="5d346b62d2c12f29453d9cfc97716ab9b2ceaf60",
                    operation="INSERT",
                    pgid="pgtrigger_record_chosen_4977d",
                    table="reminders_reminder_people",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="chosen",
            trigger=pgtrigger.compiler.Trigger(
                name="record_unchosen",
                sql=teamreminders.triggers.PlainTriggerSql(
                    func="INSERT INTO teams_change (created_at, team_id, kind, subject, action, changes, who_id, channel, act) SELECT now(), team.id, 'reminder', OLD.reminder_id, 'unchosen', jsonb_build_object('person', OLD.user_id), nullif(split_part(act.said, ' ', 2), '')::bigint, split_part(act.said, ' ', 3), nullif(split_part(act.said, ' ', 1), '')::uuid FROM teams_team AS team, (SELECT coalesce(current_setting('teamreminders.act', true), '')) AS act(said) WHERE team.id = (SELECT team_id FROM reminders_reminder WHERE id = OLD.reminder_id) AND team.closed_at IS NULL AND EXISTS (SELECT FROM teams_membership WHERE team_id = team.id AND user_id = OLD.user_id); RETURN NULL;",
                    hash="639ec8fc5a8c47e9dcc8f453c539a3f367f18268",
                    operation="DELETE",
                    pgid="pgtrigger_record_unchosen_d451e",
                    table="reminders_reminder_people",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="chosenoutside",
            trigger=pgtrigger.compiler.Trigger(
                name="record_chosen",
                sql=teamreminders.triggers.PlainTriggerSql(
                    func="INSERT INTO teams_change (created_at, team_id, kind, subject, action, changes, who_id, channel, act) SELECT now(), team.id, 'reminder', NEW.reminder_id, 'chosen', jsonb_build_object('outside', NEW.outsideaddress_id), nullif(split_part(act.said, ' ', 2), '')::bigint, split_part(act.said, ' ', 3), nullif(split_part(act.said, ' ', 1), '')::uuid FROM teams_team AS team, (SELECT coalesce(current_setting('teamreminders.act', true), '')) AS act(said) WHERE team.id = (SELECT team_id FROM reminders_reminder WHERE id = NEW.reminder_id) AND team.closed_at IS NULL; RETURN NULL;",
                    hash="45bf0ac00a2367559a7b01451a4bd3c34805740a",
                    operation="INSERT",
                    pgid="pgtrigger_record_chosen_1e2ff",
                    table="reminders_reminder_outside",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="chosenoutside",
            trigger=pgtrigger.compiler.Trigger(
                name="record_unchosen",
                sql=teamreminders.triggers.PlainTriggerSql(
                    func="INSERT INTO teams_change (created_at, team_id, kind, subject, action, changes, who_id, channel, act) SELECT now(), team.id, 'reminder', OLD.reminder_id, 'unchosen', jsonb_build_object('outside', OLD.outsideaddress_id), nullif(split_part(act.said, ' ', 2), '')::bigint, split_part(act.said, ' ', 3), nullif(split_part(act.said, ' ', 1), '')::uuid FROM teams_team AS team, (SELECT coalesce(current_setting('teamreminders.act', true), '')) AS act(said) WHERE team.id = (SELECT team_id FROM reminders_reminder WHERE id = OLD.reminder_id) AND team.closed_at IS NULL; RETURN NULL;",
                    hash="87ab315e31aee016693cd8080abbd66e0440da26",
                    operation="DELETE",
                    pgid="pgtrigger_record_unchosen_870d3",
                    table="reminders_reminder_outside",
                    when="AFTER",
                ),
            ),
        ),
    ]
