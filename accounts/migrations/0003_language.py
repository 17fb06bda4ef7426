from django.db import migrations, models

import accounts.languages


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_printable_addresses"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="language",
            field=models.CharField(
                blank=True,
                choices=accounts.languages.languages,
                help_text="Of pages and mails. Without a choice, pages are in the browser's.",
                max_length=10,
                verbose_name="language",
            ),
        ),
    ]
