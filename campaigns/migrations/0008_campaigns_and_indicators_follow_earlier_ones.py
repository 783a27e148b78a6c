import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0007_meeting_packs"),
        ("units", "0010_webhooks_tell_of_changes"),
    ]

    operations = [
        migrations.AddField(
            model_name="campaign",
            name="follows",
            field=models.ForeignKey(
                blank=True,
                help_text="The campaign of an earlier year with which this one is compared.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="followed_by",
                to="campaigns.campaign",
                verbose_name="follows",
            ),
        ),
        migrations.AddField(
            model_name="indicator",
            name="follows",
            field=models.ForeignKey(
                blank=True,
                help_text="The indicator of an earlier year with which this one is compared.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="followed_by",
                to="campaigns.indicator",
                verbose_name="follows",
            ),
        ),
        migrations.AddConstraint(
            model_name="campaign",
            constraint=models.CheckConstraint(
                condition=models.Q(("follows", models.F("id")), _negated=True),
                name="campaign_does_not_follow_itself",
                violation_error_message="A campaign cannot follow itself.",
            ),
        ),
        migrations.AddConstraint(
            model_name="indicator",
            constraint=models.CheckConstraint(
                condition=models.Q(("follows", models.F("id")), _negated=True),
                name="indicator_does_not_follow_itself",
                violation_error_message="An indicator cannot follow itself.",
            ),
        ),
    ]
