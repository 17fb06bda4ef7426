from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0007_tokens"),
        ("teams", "0011_names_in_one_line"),
    ]

    operations = [
        migrations.AddField(
            model_name="team",
            name="access_tokens",
            field=models.ManyToManyField(editable=False, related_name="teams", to="accounts.accesstoken"),
        ),
        migrations.AlterField(
            model_name="change",
            name="channel",
            field=models.CharField(
                choices=[("page", "page"), ("admin", "admin"), ("command", "command"), ("api", "API")], max_length=7
            ),
        ),
    ]
