"""Print the demo sign-ins that are in the database, and their password."""

from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand

from jiaxing.demo import DEMO_PASSWORD, SIGN_INS


class Command(BaseCommand):
    help = "Print the demo sign-ins; nothing where there are none."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        demo = get_user_model().objects.filter(username__in=SIGN_INS, is_demo=True, is_active=True)
        present = set(demo.values_list("username", flat=True))
        for username, who in SIGN_INS.items():
            if username in present:
                self.stdout.write(f"  {username:<16}{who}")
        if present:
            self.stdout.write(f"password: {DEMO_PASSWORD}")
