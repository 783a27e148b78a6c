"""Make the site ready to serve: words compiled, tables there, static files collected, first data loaded.

Safe to run again and again; a second run keeps every row.
"""

from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand

from jiaxing import translations

FIRST_DATA = "load_jiaxing_2022"


class Command(BaseCommand):
    help = "Compile translations, migrate, collect static files with DEBUG off, load the Jiaxing data with DEBUG on."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        translations.compile_catalogues()
        call_command("migrate", interactive=False, verbosity=0)
        # Only now are the tables there that some of the checks look into.
        self.check(databases=["default"])
        if not settings.DEBUG:
            call_command("collectstatic", interactive=False, verbosity=0)
        if not get_user_model().objects.exists():
            self.fill()

    def fill(self) -> None:
        """The first start on an empty database."""
        if settings.DEBUG and FIRST_DATA in get_commands():
            self.stdout.write("→ Loading the Jiaxing 2022 data")
            call_command(FIRST_DATA)
        else:
            self.stdout.write("→ The database is empty. The first administrator: python manage.py createsuperuser")
