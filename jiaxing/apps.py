"""Django's entry to the project package: its commands, checks and the one row that says the beat is alive."""

from django.apps import AppConfig


class JiaxingConfig(AppConfig):
    name = "jiaxing"
    verbose_name = "Jiaxing"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from jiaxing import checks  # noqa: F401  (registers the system checks)
