import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("reminders", "0012_no_key_from_deliveries_to_teams"),
        ("teams", "0007_audience"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="delivery",
            name="outside",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="teams.outsideaddress",
            ),
        ),
        migrations.AddField(
            model_name="reminder",
            name="muted_by",
            field=models.ManyToManyField(blank=True, related_name="muted_reminders", to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name="reminder",
            name="outside",
            field=models.ManyToManyField(
                blank=True, related_name="reminders", to="teams.outsideaddress", verbose_name="outside addresses"
            ),
        ),
        migrations.AddField(
            model_name="reminder",
            name="roles",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(
                    choices=[("owner", "owner"), ("admin", "admin"), ("member", "member"), ("viewer", "viewer")],
                    max_length=6,
                ),
                blank=True,
                default=list,
                size=None,
                verbose_name="roles",
            ),
        ),
        migrations.AlterField(
            model_name="delivery",
            name="reason",
            field=models.CharField(
                choices=[
                    ("team", "member of the team"),
                    ("chosen", "chosen for this reminder"),
                    ("role", "by their role"),
                    ("outside", "outside address that agreed"),
                ],
                max_length=8,
            ),
        ),
        migrations.AlterField(
            model_name="reminder",
            name="audience",
            field=models.CharField(
                choices=[
                    ("team", "everybody in the team"),
                    ("roles", "those with certain roles"),
                    ("people", "chosen people"),
                ],
                default="team",
                max_length=6,
                verbose_name="who gets it",
            ),
        ),
    ]
