"""Deliveries belong to a change. Nothing was ever delivered before this, so their table is simply made anew."""

import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("units", "0009_changes_in_a_chain"),
    ]

    operations = [
        migrations.AddField(
            model_name="webhook",
            name="updated_at",
            field=models.DateTimeField(auto_now=True, verbose_name="changed at"),
        ),
        migrations.AddField(
            model_name="webhook",
            name="version",
            field=models.PositiveIntegerField(default=1, editable=False, verbose_name="version"),
        ),
        migrations.AddConstraint(
            model_name="webhook",
            constraint=models.CheckConstraint(condition=models.Q(("version__gte", 1)), name="webhook_version_from_one"),
        ),
        migrations.AddIndex(
            model_name="webhook",
            index=models.Index(fields=["updated_at"], name="webhook_changed"),
        ),
        migrations.DeleteModel(name="WebhookDelivery"),
        migrations.CreateModel(
            name="WebhookDelivery",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "message_id",
                    models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="message id"),
                ),
                ("event", models.CharField(max_length=60, verbose_name="event")),
                (
                    "status",
                    models.CharField(
                        choices=[("pending", "pending"), ("sent", "sent"), ("dead", "given up")],
                        default="pending",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="attempts")),
                ("next_attempt_at", models.DateTimeField(verbose_name="next attempt at")),
                ("lease_until", models.DateTimeField(blank=True, null=True, verbose_name="leased until")),
                ("response_status", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="answer")),
                ("error", models.CharField(blank=True, max_length=300, verbose_name="error")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="made at")),
                ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="sent at")),
                (
                    "change",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deliveries",
                        to="units.change",
                        verbose_name="change",
                    ),
                ),
                (
                    "webhook",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deliveries",
                        to="units.webhook",
                        verbose_name="webhook",
                    ),
                ),
            ],
            options={
                "verbose_name": "webhook delivery",
                "verbose_name_plural": "webhook deliveries",
                "ordering": ["-created_at", "-id"],
                "indexes": [models.Index(fields=["status", "next_attempt_at"], name="webhook_delivery_due")],
                "constraints": [
                    models.UniqueConstraint(fields=("webhook", "change"), name="webhook_change_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("sent_at__isnull", False), ("status", "sent")),
                            models.Q(models.Q(("status", "sent"), _negated=True), ("sent_at", None)),
                            _connector="OR",
                        ),
                        name="webhook_sent_has_time",
                    ),
                ],
            },
        ),
    ]
