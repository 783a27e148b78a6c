import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("units", "0011_robots_rooms_and_preferences")]

    operations = [
        migrations.CreateModel(
            name="BeatJob",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("task", models.CharField(max_length=60, unique=True, verbose_name="job")),
                ("started_at", models.DateTimeField(blank=True, null=True, verbose_name="begun at")),
                ("finished_at", models.DateTimeField(blank=True, null=True, verbose_name="finished at")),
                ("seconds", models.FloatField(blank=True, null=True, verbose_name="seconds")),
                ("counts", models.JSONField(default=dict, verbose_name="what it did")),
                ("error", models.CharField(blank=True, max_length=300, verbose_name="error")),
                ("failed_at", models.DateTimeField(blank=True, null=True, verbose_name="failed last at")),
                ("runs", models.PositiveBigIntegerField(default=0, verbose_name="runs")),
                ("failures", models.PositiveBigIntegerField(default=0, verbose_name="failures")),
            ],
            options={
                "verbose_name": "job of the beat",
                "verbose_name_plural": "jobs of the beat",
                "ordering": ["task"],
            },
        ),
        migrations.CreateModel(
            name="BeatRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("started_at", models.DateTimeField(verbose_name="begun at")),
                ("seconds", models.FloatField(verbose_name="seconds")),
                ("counts", models.JSONField(default=dict, verbose_name="what it did")),
                ("error", models.CharField(blank=True, max_length=300, verbose_name="error")),
            ],
            options={
                "verbose_name": "run of a job",
                "verbose_name_plural": "runs of jobs",
                "ordering": ["-id"],
            },
        ),
        migrations.AddField(
            model_name="beatrun",
            name="job",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="history",
                to="units.beatjob",
                verbose_name="job",
            ),
        ),
        migrations.AddIndex(
            model_name="beatrun",
            index=models.Index(fields=["job", "-id"], name="beat_run_newest"),
        ),
    ]
