import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("units", "0010_webhooks_tell_of_changes")]

    operations = [
        migrations.CreateModel(
            name="ChannelPace",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("channel", models.CharField(max_length=10, unique=True, verbose_name="channel")),
                ("sent", models.JSONField(default=list, verbose_name="sent last")),
                ("rests_until", models.DateTimeField(blank=True, null=True, verbose_name="rests until")),
            ],
            options={
                "verbose_name": "pace of a channel",
                "verbose_name_plural": "paces of channels",
            },
        ),
        migrations.CreateModel(
            name="MessagePreference",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "channel",
                    models.CharField(
                        choices=[("email", "email"), ("dingtalk", "DingTalk robot"), ("wecom", "WeCom robot")],
                        max_length=10,
                        verbose_name="channel",
                    ),
                ),
                ("kind", models.CharField(blank=True, max_length=40, verbose_name="kind")),
                ("is_on", models.BooleanField(default=True, verbose_name="switched on")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="changed at")),
            ],
            options={
                "verbose_name": "message preference",
                "verbose_name_plural": "message preferences",
                "ordering": ["user", "channel", "kind"],
            },
        ),
        migrations.AddField(
            model_name="delivery",
            name="room",
            field=models.CharField(blank=True, default="", max_length=180, verbose_name="told to a room"),
        ),
        migrations.AlterField(
            model_name="delivery",
            name="channel",
            field=models.CharField(
                choices=[("email", "email"), ("dingtalk", "DingTalk robot"), ("wecom", "WeCom robot")],
                max_length=10,
                verbose_name="channel",
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.UniqueConstraint(
                condition=models.Q(("room", ""), _negated=True),
                fields=("channel", "room"),
                name="delivery_once_per_room",
            ),
        ),
        migrations.AddField(
            model_name="messagepreference",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="message_preferences",
                to=settings.AUTH_USER_MODEL,
                verbose_name="person",
            ),
        ),
        migrations.AddConstraint(
            model_name="messagepreference",
            constraint=models.UniqueConstraint(fields=("user", "channel", "kind"), name="message_preference_once"),
        ),
    ]
