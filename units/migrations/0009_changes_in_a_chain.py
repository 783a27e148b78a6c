from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("units", "0008_uploads_and_jobs"),
    ]

    operations = [
        migrations.AddField(
            model_name="change",
            name="sequence",
            field=models.PositiveBigIntegerField(editable=False, null=True, unique=True, verbose_name="sequence"),
        ),
        migrations.AddField(
            model_name="change",
            name="digest",
            field=models.CharField(
                blank=True, default="", editable=False, max_length=64, verbose_name="SHA-256 digest"
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="changeitem",
            name="key",
            field=models.JSONField(default=dict, verbose_name="natural key"),
        ),
        migrations.AddField(
            model_name="changeitem",
            name="unit",
            field=models.CharField(blank=True, default="", max_length=50, verbose_name="unit"),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            model_name="change",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("digest", ""), ("sequence", None)),
                    models.Q(("sequence__gte", 1), models.Q(("digest", ""), _negated=True)),
                    _connector="OR",
                ),
                name="change_sealed_has_digest",
            ),
        ),
        migrations.AddIndex(
            model_name="change",
            index=models.Index(condition=models.Q(("sequence", None)), fields=["id"], name="change_unsealed"),
        ),
        migrations.AddIndex(
            model_name="changeitem",
            index=models.Index(fields=["unit", "change"], name="change_item_unit"),
        ),
        migrations.CreateModel(
            name="ChainHead",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sequence", models.PositiveBigIntegerField(default=0, verbose_name="sequence")),
                ("digest", models.CharField(blank=True, max_length=64, verbose_name="SHA-256 digest")),
                ("sealed_at", models.DateTimeField(null=True, verbose_name="sealed at")),
            ],
            options={
                "verbose_name": "end of the chain of changes",
                "verbose_name_plural": "end of the chain of changes",
                "constraints": [models.CheckConstraint(condition=models.Q(("id", 1)), name="chain_head_only_one")],
            },
        ),
    ]
