"""When an occurrence was booked, for pruning. Two steps, so that rows of before keep null instead of this day."""

from django.db import migrations, models
from django.db.models.functions import Now


class Migration(migrations.Migration):
    dependencies = [
        ("reminders", "0007_what_nothing_accounts_for"),
    ]

    operations = [
        migrations.AddField(
            model_name="occurrence",
            name="created_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AlterField(
            model_name="occurrence",
            name="created_at",
            field=models.DateTimeField(db_default=Now(), editable=False, null=True),
        ),
    ]
