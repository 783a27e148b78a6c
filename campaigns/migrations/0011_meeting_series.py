import django.core.validators
import django.db.models.deletion
from django.db import migrations, models

import units.models.naming


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0010_follow_ups_have_evidence")]

    operations = [
        migrations.CreateModel(
            name="MeetingSeries",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("mutual_learning", "mutual learning and competition"),
                            ("standing_committee", "enlarged Standing Committee meeting"),
                            ("monthly_analysis", "monthly analysis meeting"),
                        ],
                        default="monthly_analysis",
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                ("name_en", models.CharField(max_length=200, verbose_name="name in English")),
                ("name_zh", models.CharField(max_length=100, verbose_name="name in Chinese")),
                (
                    "day_of_month",
                    models.PositiveSmallIntegerField(
                        default=26,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(31),
                        ],
                        verbose_name="day of the month",
                    ),
                ),
                ("starts_at", models.TimeField(blank=True, null=True, verbose_name="starts at")),
                ("place", models.CharField(blank=True, max_length=160, verbose_name="place")),
                ("video_url", models.URLField(blank=True, max_length=300, verbose_name="video link")),
                ("chair_en", models.CharField(blank=True, max_length=160, verbose_name="chair in English")),
                ("chair_zh", models.CharField(blank=True, max_length=80, verbose_name="chair in Chinese")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="changed at")),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("article", "article"),
                            ("research", "research"),
                            ("sample", "sample"),
                            ("entered", "entered"),
                        ],
                        default="entered",
                        max_length=10,
                        verbose_name="source",
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="meeting_series",
                        to="campaigns.campaign",
                        verbose_name="campaign",
                    ),
                ),
            ],
            options={
                "verbose_name": "series of meetings",
                "verbose_name_plural": "series of meetings",
                "ordering": ["campaign", "kind"],
            },
            bases=(units.models.naming.Named, models.Model),
        ),
        migrations.AddField(
            model_name="meeting",
            name="series",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="meetings",
                to="campaigns.meetingseries",
                verbose_name="series",
            ),
        ),
        migrations.CreateModel(
            name="SeriesItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("order", models.PositiveSmallIntegerField(verbose_name="order")),
                (
                    "session",
                    models.CharField(
                        choices=[("morning", "morning session"), ("main", "main session")],
                        default="main",
                        max_length=10,
                        verbose_name="session",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("study", "study"),
                            ("assessment", "assessment"),
                            ("project_video", "major projects by video link"),
                            ("warning_video", "video of the early-warning projects"),
                            ("locality_report", "report of a locality"),
                            ("department_report", "report of a department"),
                            ("award", "award"),
                            ("requirements", "requirements"),
                            ("follow_ups", "follow-ups"),
                            ("other", "other"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                (
                    "title_en",
                    models.CharField(
                        help_text="{unit} stands for the presenter, {action} for the action.",
                        max_length=200,
                        verbose_name="title in English",
                    ),
                ),
                ("title_zh", models.CharField(max_length=100, verbose_name="title in Chinese")),
                (
                    "presenters",
                    models.CharField(
                        choices=[
                            ("none", "nobody in particular"),
                            ("localities", "each locality, an item each"),
                            ("departments", "each department, an item each"),
                            ("leads", "the lead of each action, an item each"),
                        ],
                        default="none",
                        max_length=12,
                        verbose_name="presenters",
                    ),
                ),
                (
                    "minutes_allotted",
                    models.PositiveSmallIntegerField(
                        default=10,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(480),
                        ],
                        verbose_name="minutes allotted",
                    ),
                ),
                (
                    "form",
                    models.CharField(
                        choices=[("oral", "oral"), ("written", "written"), ("video", "video")],
                        default="oral",
                        max_length=8,
                        verbose_name="form",
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("article", "article"),
                            ("research", "research"),
                            ("sample", "sample"),
                            ("entered", "entered"),
                        ],
                        default="entered",
                        max_length=10,
                        verbose_name="source",
                    ),
                ),
                (
                    "series",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="template",
                        to="campaigns.meetingseries",
                        verbose_name="series of meetings",
                    ),
                ),
            ],
            options={
                "verbose_name": "row of an agenda template",
                "verbose_name_plural": "rows of agenda templates",
                "ordering": ["series", "order"],
            },
        ),
        migrations.AddConstraint(
            model_name="meetingseries",
            constraint=models.UniqueConstraint(
                fields=("campaign", "kind"),
                name="meeting_series_once",
                violation_error_message="This campaign has a series of this kind already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="meetingseries",
            constraint=models.CheckConstraint(
                condition=models.Q(("day_of_month__gte", 1), ("day_of_month__lte", 31)),
                name="meeting_series_day_of_a_month",
            ),
        ),
        migrations.AddConstraint(
            model_name="seriesitem",
            constraint=models.UniqueConstraint(fields=("series", "order"), name="series_item_order_once"),
        ),
        migrations.AddConstraint(
            model_name="seriesitem",
            constraint=models.CheckConstraint(
                condition=models.Q(("minutes_allotted__gte", 1)), name="series_item_takes_time"
            ),
        ),
    ]
