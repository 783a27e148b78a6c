"""Client systems act through an account of their own, so that every change has somebody who made it."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("units", "0003_when_rows_changed")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="is_service",
            field=models.BooleanField(default=False, editable=False, verbose_name="account of a client system"),
        ),
        migrations.AddField(
            model_name="apitoken",
            name="account",
            field=models.OneToOneField(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="token",
                to=settings.AUTH_USER_MODEL,
                verbose_name="account that it acts as",
            ),
        ),
    ]
