"""Every row that other systems read says when it changed; older rows say when this migration ran."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("units", "0002_where_every_row_comes_from")]

    operations = [
        migrations.AddField(
            model_name=model,
            name="updated_at",
            field=models.DateTimeField(auto_now=True, verbose_name="changed at"),
        )
        for model in ("rankinggroup", "unit")
    ]
