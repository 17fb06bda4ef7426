from django.db import migrations, models

import teamreminders.text


class Migration(migrations.Migration):
    dependencies = [
        ("teams", "0010_open_teams_only"),
    ]

    operations = [
        migrations.AlterField(
            model_name="team",
            name="name",
            field=models.CharField(
                max_length=80, validators=[teamreminders.text.validate_one_line], verbose_name="name"
            ),
        ),
    ]
