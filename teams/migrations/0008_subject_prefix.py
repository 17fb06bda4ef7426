from django.db import migrations, models

import teamreminders.text


class Migration(migrations.Migration):
    dependencies = [
        ("teams", "0007_audience"),
    ]

    operations = [
        migrations.AddField(
            model_name="team",
            name="subject_prefix",
            field=models.CharField(
                blank=True,
                help_text="Mails of its reminders begin with it, so that they are told apart, and sorted by a filter.",
                max_length=20,
                validators=[teamreminders.text.validate_one_line],
                verbose_name="prefix of subjects",
            ),
        ),
    ]
