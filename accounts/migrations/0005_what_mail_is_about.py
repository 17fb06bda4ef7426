from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_zone_kept"),
    ]

    operations = [
        migrations.AddField(
            model_name="accountmail",
            name="about",
            field=models.CharField(blank=True, editable=False, max_length=60),
        ),
        migrations.AddIndex(
            model_name="accountmail",
            index=models.Index(
                condition=models.Q(("about", ""), _negated=True), fields=["about"], name="account_mail_about"
            ),
        ),
    ]
