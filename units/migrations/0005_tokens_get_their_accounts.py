"""Opens an account for each token that was made before tokens had one; that of a revoked token is closed."""

import secrets

from django.contrib.auth.hashers import make_password
from django.db import migrations


def open_accounts(apps, schema_editor):
    User, ApiToken = apps.get_model("units", "User"), apps.get_model("units", "ApiToken")
    for token in ApiToken.objects.filter(account=None):
        token.account = User.objects.create(
            username=f"client-{secrets.token_hex(8)}",
            name=token.client,
            is_service=True,
            is_active=token.revoked_at is None,
            password=make_password(None),
        )
        token.save(update_fields=["account"])


class Migration(migrations.Migration):
    dependencies = [("units", "0004_accounts_of_client_systems")]

    operations = [migrations.RunPython(open_accounts, migrations.RunPython.noop)]
