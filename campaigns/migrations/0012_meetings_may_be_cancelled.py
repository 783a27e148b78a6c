from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0011_meeting_series")]

    operations = [
        migrations.AddField(
            model_name="meeting",
            name="cancelled_at",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="cancelled at"),
        ),
        migrations.AddField(
            model_name="meeting",
            name="cancelled_reason",
            field=models.CharField(blank=True, editable=False, max_length=500, verbose_name="why it was cancelled"),
        ),
    ]
