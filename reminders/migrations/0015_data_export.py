"""What people ask to have of all that we know of them."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("reminders", "0014_changes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="DataExport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "asked for"),
                            ("working", "being made"),
                            ("ready", "ready"),
                            ("failed", "failed"),
                        ],
                        default="asked",
                        editable=False,
                        max_length=7,
                    ),
                ),
                (
                    "why_failed",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("too-large", "it is larger than this site can make in one file"),
                            ("gave-up", "something in it could not be read, again and again"),
                        ],
                        editable=False,
                        max_length=9,
                    ),
                ),
                ("done", models.PositiveIntegerField(default=0, editable=False)),
                ("total", models.PositiveIntegerField(default=0, editable=False)),
                ("part", models.CharField(blank=True, editable=False, max_length=20)),
                ("after", models.BigIntegerField(default=0, editable=False)),
                ("content", models.BinaryField(default=b"")),
                ("size", models.PositiveIntegerField(default=0, editable=False)),
                ("created_at", models.DateTimeField(editable=False)),
                ("progressed_at", models.DateTimeField(editable=False)),
                ("ready_at", models.DateTimeField(editable=False, null=True)),
                ("expires_at", models.DateTimeField(editable=False)),
                ("claimed_until", models.DateTimeField(editable=False, null=True)),
                ("next_try_at", models.DateTimeField(editable=False, null=True)),
                ("tries", models.PositiveSmallIntegerField(default=0, editable=False)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="data_exports",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "data export",
                "verbose_name_plural": "data exports",
                "indexes": [
                    models.Index(
                        condition=models.Q(("next_try_at__isnull", False)),
                        fields=["next_try_at"],
                        name="data_export_due",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["asked", "working"])),
                        fields=("user",),
                        name="one_open_data_export_per_person",
                    )
                ],
            },
        ),
    ]
