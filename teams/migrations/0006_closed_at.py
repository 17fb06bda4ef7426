from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("teams", "0005_join_links"),
    ]

    operations = [
        migrations.AddField(
            model_name="team",
            name="closed_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
    ]
