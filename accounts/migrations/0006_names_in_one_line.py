from django.db import migrations, models

import teamreminders.text


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_what_mail_is_about"),
    ]

    operations = [
        migrations.AlterField(
            model_name="user",
            name="name",
            field=models.CharField(
                max_length=80, validators=[teamreminders.text.validate_one_line], verbose_name="name"
            ),
        ),
    ]
