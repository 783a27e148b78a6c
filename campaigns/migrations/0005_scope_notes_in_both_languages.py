"""The scope note of a target has a text for each language, as that of an indicator has."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0004_when_rows_changed")]

    operations = [
        migrations.RenameField("target", "scope_note", "scope_note_en"),
        migrations.AlterField(
            "target",
            "scope_note_en",
            models.CharField(blank=True, max_length=300, verbose_name="scope note in English"),
        ),
        migrations.AddField(
            "target",
            "scope_note_zh",
            models.CharField(blank=True, default="", max_length=200, verbose_name="scope note in Chinese"),
            preserve_default=False,
        ),
    ]
