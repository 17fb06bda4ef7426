import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("reminders", "0018_imports"),
        ("teams", "0012_access_tokens"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="reminder",
            name="search",
            field=models.GeneratedField(
                db_persist=True,
                expression=django.contrib.postgres.search.SearchVector(
                    models.Func(
                        django.db.models.functions.text.Concat(
                            models.F("title"), models.Value(" "), models.F("notes"), output_field=models.TextField()
                        ),
                        models.Value("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~„“”‚‘’«»‹›–—…·•"),
                        models.Value("                                               "),
                        function="translate",
                        output_field=models.TextField(),
                    ),
                    config="simple",
                ),
                output_field=django.contrib.postgres.search.SearchVectorField(),
            ),
        ),
        migrations.AddIndex(
            model_name="reminder",
            index=django.contrib.postgres.indexes.GinIndex(fields=["search"], name="reminder_search"),
        ),
    ]
