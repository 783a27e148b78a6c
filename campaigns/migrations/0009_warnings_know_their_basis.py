from django.db import migrations, models

VERBS = [
    ("explain", "explained"),
    ("measure", "measures agreed"),
    ("accept_reason", "reason accepted"),
    ("clear", "cleared"),
    ("escalate", "escalated"),
    ("raise", "raised"),
    ("regrade", "computed anew"),
    ("cause_gone", "cause gone"),
    ("cause_back", "cause is back"),
]


class Migration(migrations.Migration):
    """A warning knows the fact that it stands on and since when its cause is gone; an event which step it was."""

    dependencies = [("campaigns", "0008_campaigns_and_indicators_follow_earlier_ones")]

    operations = [
        migrations.AddField(
            model_name="earlywarning",
            name="basis",
            field=models.CharField(blank=True, default="", editable=False, max_length=150, verbose_name="basis"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="earlywarning",
            name="cause_gone_on",
            field=models.DateField(blank=True, editable=False, null=True, verbose_name="cause gone since"),
        ),
        migrations.AddField(
            model_name="warningevent",
            name="verb",
            field=models.CharField(blank=True, choices=VERBS, default="", max_length=13, verbose_name="step"),
            preserve_default=False,
        ),
    ]
