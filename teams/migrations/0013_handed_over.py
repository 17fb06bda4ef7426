from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("teams", "0012_access_tokens"),
    ]

    operations = [
        migrations.AlterField(
            model_name="change",
            name="action",
            field=models.CharField(
                choices=[
                    ("added", "added"),
                    ("changed", "changed"),
                    ("removed", "removed"),
                    ("renewed", "renewed"),
                    ("handed", "handed over"),
                    ("chosen", "chosen"),
                    ("unchosen", "no longer chosen"),
                ],
                max_length=8,
            ),
        ),
    ]
