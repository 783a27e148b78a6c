import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import campaigns.models.meetings


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0012_meetings_may_be_cancelled"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="agendaitem",
            name="handed_in_at",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="paper handed in at"),
        ),
        migrations.AddField(
            model_name="agendaitem",
            name="handed_in_by",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="paper handed in by",
            ),
        ),
        migrations.CreateModel(
            name="AgendaPaper",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "file",
                    models.FileField(
                        max_length=200, upload_to=campaigns.models.meetings.paper_path, verbose_name="file"
                    ),
                ),
                ("name", models.CharField(max_length=150, verbose_name="file name")),
                ("content_type", models.CharField(max_length=100, verbose_name="type")),
                ("size", models.PositiveIntegerField(verbose_name="size in bytes")),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                ("uploaded_at", models.DateTimeField(verbose_name="uploaded at")),
                (
                    "agenda_item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="papers",
                        to="campaigns.agendaitem",
                        verbose_name="agenda item",
                    ),
                ),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="uploaded by",
                    ),
                ),
            ],
            options={
                "verbose_name": "paper of a presenter",
                "verbose_name_plural": "papers of presenters",
                "ordering": ["agenda_item", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("agenda_item", "sha256"), name="paper_once_per_agenda_item")
                ],
            },
        ),
    ]
