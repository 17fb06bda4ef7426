from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_language"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="zone_kept",
            field=models.CharField(blank=True, editable=False, max_length=64),
        ),
    ]
