from django.db import migrations, models

import accounts.addresses


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
    ]

    operations = [
        migrations.AlterField(
            model_name="user",
            name="email",
            field=models.EmailField(
                error_messages={"unique": "Somebody uses this address already."},
                max_length=254,
                unique=True,
                validators=[accounts.addresses.validate_printable],
                verbose_name="e-mail",
            ),
        ),
    ]
