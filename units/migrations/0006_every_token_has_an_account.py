"""From here on a token without an account cannot be."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("units", "0005_tokens_get_their_accounts")]

    operations = [
        migrations.AlterField(
            model_name="apitoken",
            name="account",
            field=models.OneToOneField(
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="token",
                to=settings.AUTH_USER_MODEL,
                verbose_name="account that it acts as",
            ),
        ),
    ]
