from django.db import migrations, models

import teamreminders.text


class Migration(migrations.Migration):
    dependencies = [
        ("reminders", "0016_open_teams_only"),
    ]

    operations = [
        migrations.AlterField(
            model_name="reminder",
            name="title",
            field=models.CharField(
                max_length=200, validators=[teamreminders.text.validate_one_line], verbose_name="title"
            ),
        ),
    ]
